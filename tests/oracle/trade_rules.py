"""What the trade files mean, worked out from docs/imports.md and docs/routing.md without the product's code:
which orders stand, which units are cancelled, where each line is filled from."""

from __future__ import annotations

import csv
import itertools
import math
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Line:
    number: int
    sku: str
    milli: int
    service: bool
    cancelled: int = 0


@dataclass
class Order:
    order_id: str
    placed_at: str
    customer: str
    place: tuple[float, float]
    rank: int
    lines: list[Line] = field(default_factory=list)


@dataclass
class Books:
    """Orders in the order they were placed; stock by (site, SKU) after opening counts and adjustments."""

    orders: list[Order]
    stock: dict[tuple[str, str], int]


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def read_books(directory: Path, warehouse: str) -> Books:
    known = {row["sku"] for row in read_rows(directory / "products.csv")}
    stock: dict[tuple[str, str], int] = defaultdict(int)
    for row in read_rows(directory / "stock.csv"):
        stock[row["site"], row["sku"]] += int(row["quantity"]) * 1000
    rows = read_rows(directory / "orders.csv")
    whole: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        if row["kind"] == "order":
            whole[row["order_id"]].append(row)
    orders: dict[str, Order] = {}
    for row in rows:
        service = row["is_product"] == "0"
        if not service and row["sku"] not in known:
            continue  # a bad row
        milli = int(row["quantity"]) * 1000
        if row["kind"] == "order" and row["order_id"] not in orders:
            order = _order(whole[row["order_id"]], known, len(orders))
            orders[order.order_id] = order
        elif row["kind"] == "cancellation" and row["customer_id"]:
            _cancel(list(orders.values()), row["customer_id"], row["sku"], abs(milli))
        elif row["kind"] == "adjustment" and not service:
            stock[warehouse, row["sku"]] += milli
    return Books(list(orders.values()), stock)


def _order(rows: list[dict[str, str]], known: set[str], rank: int) -> Order:
    good = [row for row in rows if row["is_product"] == "0" or row["sku"] in known]
    first = good[0]
    order = Order(
        first["order_id"],
        first["ordered_at"],
        first["customer_id"],
        (float(first["latitude"]), float(first["longitude"])),
        rank,
    )
    for row in good:
        order.lines.append(
            Line(int(row["line_no"]), row["sku"], int(row["quantity"]) * 1000, row["is_product"] == "0")
        )
    return order


def _cancel(orders: list[Order], customer: str, sku: str, milli: int) -> None:
    """Newest units first; nothing has been routed or shipped yet."""
    mine = [
        (order.placed_at, order.rank, line.number, line)
        for order in orders
        if order.customer == customer
        for line in order.lines
        if line.sku == sku
    ]
    for *_, line in sorted(mine, key=lambda entry: entry[:3], reverse=True):
        taken = min(milli, line.milli - line.cancelled)
        line.cancelled += taken
        milli -= taken


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> int:
    """Haversine on a sphere of radius 6,371,000 m."""
    north_a, north_b = math.radians(a[0]), math.radians(b[0])
    h = (
        math.sin((north_b - north_a) / 2) ** 2
        + math.cos(north_a) * math.cos(north_b) * math.sin(math.radians(b[1] - a[1]) / 2) ** 2
    )
    return math.floor(2 * 6_371_000 * math.asin(math.sqrt(min(1.0, h))) + 0.5)


def route(books: Books, sites: dict[str, tuple[float, float]]) -> dict[tuple[str, str], dict[int, int]]:
    """Allocations (order, site) -> {line: milli}: the nearest site that has all, else the fewest sites, else
    the lines that can be filled whole, and the rest waits."""
    left = dict(books.stock)
    groups: dict[tuple[str, str], dict[int, int]] = {}
    for order in books.orders:
        needs = [
            (line.number, line.sku, line.milli - line.cancelled)
            for line in order.lines
            if not line.service and line.milli > line.cancelled
        ]
        near = sorted(sites, key=lambda site: (distance_m(sites[site], order.place), site))
        skus = {sku for _, sku, _ in needs}
        near = [site for site in near if any(left.get((site, sku), 0) > 0 for sku in skus)]
        chosen = _choose(needs, near, sites, order, left)
        if chosen is None:
            needs = _fillable(needs, near, left)
            chosen = _choose(needs, near, sites, order, left) if needs else None
        for number, sku, milli in needs if chosen else []:
            whole = next((site for site in chosen if left.get((site, sku), 0) >= milli), None)
            for site in [whole] if whole else chosen:
                share = min(milli, max(0, left.get((site, sku), 0)))
                if share > 0:
                    left[site, sku] -= share
                    milli -= share
                    groups.setdefault((order.order_id, site), {})[number] = share
    return groups


def _choose(needs, near, sites, order, left):
    wanted: dict[str, int] = defaultdict(int)
    for _, sku, milli in needs:
        wanted[sku] += milli
    for size in range(1, len(near) + 1):
        fitting = [
            combination
            for combination in itertools.combinations(near, size)
            if all(
                sum(max(0, left.get((site, sku), 0)) for site in combination) >= milli
                for sku, milli in wanted.items()
            )
        ]
        if fitting:
            return min(fitting, key=lambda c: sum(distance_m(sites[s], order.place) for s in c))
    return None


def _fillable(needs, near, left):
    rest: dict[str, int] = {}
    possible = []
    for number, sku, milli in needs:
        rest.setdefault(sku, sum(max(0, left.get((site, sku), 0)) for site in near))
        if rest[sku] >= milli:
            rest[sku] -= milli
            possible.append((number, sku, milli))
    return possible
