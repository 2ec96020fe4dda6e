"""An empty device hears of a hundred thousand articles.

From its start until it has applied them all, which it takes as a snapshot; and of that, the installation alone. The baseline writes the same rows into the same tables by prepared
statements.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

from lab.company import Agent
from suites import Bench, Row, Suite, median
from suites.catalogue import fill, wait_for_catalogue
from suites.probe import probe
from suites.shop import open_shop


def run(bench: Bench) -> Iterator[Row]:
    with bench.folder() as folder:
        raw = median(probe(bench, "catalogue", folder, "--rounds", "3"), "raw_seconds")
    with open_shop(bench) as shop:
        fill(bench, shop)
        bench.tell("bootstrap: an empty device")
        agent = shop.device("till-1")
        begin = time.monotonic()
        shop.start_device(agent)
        wait_for_catalogue(shop, agent)
        yield Row("bootstrap.catalogue", time.monotonic() - begin, "s", raw, 5)
        yield Row("bootstrap.install", install_seconds(agent), "s", raw, 4)


def install_seconds(agent: Agent) -> float:
    for line in agent.service.log.read_text().splitlines():
        if '"snapshot_installed"' in line:
            return int(json.loads(line)["install_ms"]) / 1000
    raise RuntimeError(f"{agent.name} read the feeds instead of a snapshot")


SUITE = Suite("bootstrap", "an empty device until it knows 100,000 articles", run)
