"""What is traded: CSV files as `cairn import` takes them, seeded or made from real trade data.

Real trade has no weights, coordinates or opening stock; they are worked out from names and a fixed seed, so
that the same data always gives the same company.
"""

from __future__ import annotations

import csv
import math
import random
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lab.company import SITES, Site

CATALOGUE, ORDER_LINES = "product_catalogue.csv", "order_lines.csv"  # of real trade
CATALOGUE_COLUMNS = ("sku",)
ORDER_COLUMNS = ("order_id", "kind", "sku", "quantity", "customer_id", "country", "is_product")
CHANNEL = "web"
REAL_OPENING = 0.95  # of demand: some orders must wait
INVENTED_OPENING = 2.5
WAREHOUSE_SHARE = 0.6  # of the opening stock; the stores share the rest
PICKUP_PERCENT = 30  # of the orders that a store can fill


@dataclass
class Trade:
    """Files ready to be imported, and the figures that people are shown."""

    products: Path
    stock: Path
    orders: Path
    order_count: int
    halves: tuple[Path, Path]  # the orders again, as the two files that come in one after the other


def gtin13(body: str) -> str:
    """Twelve digits with their check digit (GS1 General Specifications 7.9)."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return f"{body}{-total % 10}"


def weight_g(sku: str) -> int:
    """20 to 2,000 g, the same for the same article; most are light."""
    return round(20 * 100 ** (zlib.crc32(sku.encode()) % 1000 / 999))


def coordinates(customer: str, country: str) -> tuple[float, float]:
    """Somewhere in Great Britain, or, for other countries, on the continent."""
    chance = random.Random(f"place {customer} {country}")
    if country in ("", "United Kingdom"):
        return round(chance.uniform(50.5, 55.5), 4), round(chance.uniform(-4.0, 0.5), 4)
    return round(chance.uniform(41.0, 55.0), 4), round(chance.uniform(-4.0, 20.0), 4)


def seeded_trade(directory: Path, orders: int = 24, sites: tuple[Site, ...] = SITES) -> Trade:
    """A small invented trade: household goods, a few long lines, one article that runs out."""
    chance = random.Random("cairn demo")
    materials = ("Enamel", "Oak", "Linen", "Glass", "Copper", "Wool", "Bamboo", "Slate")
    things = ("Mug", "Tray", "Lantern", "Bowl", "Blanket")
    catalogue = [
        {
            "sku": f"{material[:2].upper()}-{number:03}",
            "name": f"{material} {thing}",
            "gtin": gtin13(f"952000{number:06}"),
            "price_gbp": f"{chance.randrange(195, 4995, 50) / 100:.2f}",
        }
        for number, (material, thing) in enumerate(((m, t) for m in materials for t in things), start=1)
    ]
    rows = []
    for order in range(1, orders + 1):
        articles = chance.sample(catalogue, chance.randint(1, 5))
        for line, article in enumerate(articles, start=1):
            long = chance.random() < 0.08
            rows.append(
                {
                    "order_id": f"{1000 + order}",
                    "line_no": str(line),
                    "kind": "order",
                    "sku": article["sku"],
                    "quantity": str(chance.randint(13, 40) if long else chance.randint(1, 4)),
                    "unit_price_gbp": article["price_gbp"],
                    "ordered_at": f"2026-11-0{1 + order % 9}T{8 + order % 12:02}:15:00Z",
                    "customer_id": f"customer-{order % 9}",
                    "country": "United Kingdom",
                    "is_product": "1",
                }
            )
    return _write(directory, catalogue, rows, orders, sites, INVENTED_OPENING)


def real_trade(directory: Path, data: Path, orders: int, sites: tuple[Site, ...] = SITES) -> Trade:
    """The first `orders` orders of a trade file, and every other row before the next order."""
    catalogue = list(_read_csv(data / CATALOGUE, CATALOGUE_COLUMNS))
    seen: set[str] = set()
    rows = []
    for row in _read_csv(data / ORDER_LINES, ORDER_COLUMNS):
        if row["kind"] == "order" and row["order_id"] not in seen:
            if len(seen) == orders:
                break
            seen.add(row["order_id"])
        rows.append(row)
    for name, found in ((CATALOGUE, catalogue), (ORDER_LINES, rows)):
        if not found:
            raise RuntimeError(f"{data / name} has no rows")
    return _write(directory, catalogue, rows, len(seen), sites, REAL_OPENING)


def _write(
    directory: Path,
    catalogue: list[dict[str, str]],
    rows: list[dict[str, str]],
    orders: int,
    sites: tuple[Site, ...],
    opening: float,
) -> Trade:
    directory.mkdir(parents=True, exist_ok=True)
    orders_file = directory / "orders.csv"
    halves = (directory / "orders-1.csv", directory / "orders-2.csv")
    trade = Trade(directory / "products.csv", directory / "stock.csv", orders_file, orders, halves)
    _write_csv(
        trade.products,
        [{**article, "unit_weight_g": str(weight_g(article["sku"]))} for article in catalogue],
    )
    for row in rows:
        latitude, longitude = coordinates(row["customer_id"] or row["order_id"], row["country"])
        row["latitude"], row["longitude"] = str(latitude), str(longitude)
    known = {article["sku"] for article in catalogue}
    goods: dict[str, Counter[str]] = {}  # order -> SKU -> units
    for row in rows:
        if row["kind"] == "order":
            wanted = goods.setdefault(row["order_id"], Counter())
            if row["is_product"] == "1" and row["sku"] in known:
                wanted[row["sku"]] += int(row["quantity"])
    demand = sum(goods.values(), Counter())
    stock = _opening_stock(demand, sites, opening)
    _write_csv(trade.stock, stock)
    _choose_pickups(rows, goods, stock, sites)
    _write_csv(trade.orders, rows)
    for path, half in zip(halves, _halves(rows, list(goods)), strict=True):
        _write_csv(path, half)
    return trade


def _choose_pickups(
    rows: list[dict[str, str]],
    goods: dict[str, Counter[str]],
    stock: list[dict[str, str]],
    sites: tuple[Site, ...],
) -> None:
    """Says of every order how it goes to its customer: some come to the nearest store that has all of it."""
    left = {(row["site"], row["sku"]): int(row["quantity"]) for row in stock}
    place = {row["order_id"]: (float(row["latitude"]), float(row["longitude"])) for row in rows}
    stores: dict[str, str] = {}
    for order, wanted in goods.items():
        fitting = [
            site
            for site in sites
            if site.kind == "STORE" and all(left.get((site.site, sku), 0) >= n for sku, n in wanted.items())
        ]
        if not wanted or not fitting or zlib.crc32(f"pickup {order}".encode()) % 100 >= PICKUP_PERCENT:
            continue
        near = min(fitting, key=lambda site: math.dist((site.latitude, site.longitude), place[order]))
        stores[order] = near.site
        for sku, units in wanted.items():
            left[near.site, sku] -= units
    for row in rows:
        store = stores.get(row["order_id"], "") if row["kind"] == "order" else ""
        row["method"] = "PICKUP" if store else "SHIP"
        row["pickup_site"] = store


def _halves(
    rows: list[dict[str, str]], orders: list[str]
) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Cut in front of the order in the middle; no order is cut in two."""
    second = set(orders[(len(orders) + 1) // 2 :])
    cut = next((i for i, row in enumerate(rows) if row["order_id"] in second), len(rows))
    early = [row for row in rows[cut:] if row["kind"] == "order" and row["order_id"] not in second]
    late = [row for row in rows[cut:] if row["kind"] != "order" or row["order_id"] in second]
    return rows[:cut] + early, late


def _opening_stock(
    demand: Counter[str], sites: tuple[Site, ...], opening: float
) -> list[dict[str, str]]:
    counts = []
    for place, sku in enumerate(sorted(demand)):
        left = math.floor(opening * demand[sku] + 0.5)
        warehouse = math.ceil(left * WAREHOUSE_SHARE)
        shares = [warehouse]
        for store in range(1, len(sites)):
            shares.append((left - warehouse) // (len(sites) - 1) + (store <= (left - warehouse) % (len(sites) - 1)))
        for site, units in zip(sites, shares, strict=True):
            counts.append(
                {
                    "site": site.site,
                    "sku": sku,
                    "location": f"{chr(ord('A') + place // 400)}-{place // 20 % 20 + 1:02}-{place % 20 + 1:02}",
                    "pick_sequence": str(place),
                    "quantity": str(units),
                }
            )
    return counts


def _read_csv(path: Path, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """The rows of a file that has these columns, and whole numbers for quantities."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file, strict=True)
        try:
            if missing := [column for column in columns if column not in (reader.fieldnames or ())]:
                raise RuntimeError(f"{path} lacks the columns {', '.join(missing)}")
            for row in reader:
                if None in row or None in row.values():
                    raise RuntimeError(f"{path}, line {reader.line_num}: the row has not as many fields as there are columns")
                if "quantity" in columns and not re.fullmatch(r"-?[0-9]{1,9}", row["quantity"]):
                    raise RuntimeError(f"{path}, line {reader.line_num}: {row['quantity']!r} is no whole quantity")
                yield row
        except (csv.Error, UnicodeDecodeError) as error:
            raise RuntimeError(f"{path}, behind line {reader.line_num}: {error}") from error


def _write_csv(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]) if rows else ["order_id"])
        writer.writeheader()
        writer.writerows(rows)
