"""A hub that knows a hundred thousand articles."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from lab.api import Api
from lab.company import Agent
from suites import Bench
from suites.shop import Shop

ARTICLES = 100_000


def gtin13(number: int) -> str:
    digits = f"{952_000_000_000 + number:012}"
    odd, even = sum(map(int, digits[::2])), sum(map(int, digits[1::2]))
    return digits + str(-(odd + 3 * even) % 10)


def write_articles(file: Path) -> None:
    words = ("Shirt", "Trousers", "Lamp", "Kettle", "Chair", "Pencil", "Notebook", "Charger", "Bottle", "Jacket")
    colours = ("red", "blue", "green", "black", "white", "grey", "yellow", "brown")
    with file.open("w") as out:
        out.write("sku,name,gtin,unit_weight_g,price_gbp\n")
        for i in range(ARTICLES):
            name = f"{words[i % 10]} {colours[i // 10 % 8]} {i % 97 + 3} cm"
            out.write(f"{i:07},{name},{gtin13(i)},{i % 900 + 20},{i % 90 + 1}.99\n")


def fill(bench: Bench, shop: Shop) -> None:
    bench.tell(f"the hub takes {ARTICLES} articles")
    file = shop.directory / "articles.csv"
    write_articles(file)
    shop.cairn("import", "products", file)


def positions(api: Api) -> int:
    """How far the device has come in the catalogue's feed."""
    return next(at["fseq"] for at in api.get("/api/v1/sync")["cursors"] if at["feed"] == "cat")


def wait_for_catalogue(shop: Shop, agent: Agent, seconds: float = 120) -> None:
    with contextlib.closing(shop.manager(agent, seconds)) as api:
        end = time.monotonic() + seconds
        while (here := positions(api)) < ARTICLES:
            if time.monotonic() > end:
                raise RuntimeError(f"{agent.name} has {here} of {ARTICLES} articles")
            time.sleep(0.02)
