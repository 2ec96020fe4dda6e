"""What the trade files mean, worked out from docs/imports.md and docs/routing.md without the product's code:
which orders stand, which units are cancelled or come back, where each line is filled from."""

from __future__ import annotations

import csv
import itertools
import math
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import facts as happened


@dataclass
class Line:
    number: int
    sku: str
    milli: int
    service: bool
    # By the files alone, on top of what had happened before the file came in:
    cancelled: int = 0
    returned: int = 0
    # As it was when the file came in:
    before: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def unrouted(self) -> int:
        gone = self.before["cancelled"] + self.before["routed"]
        return max(0, self.milli - gone - self.cancelled)

    def parked(self) -> int:
        """Short at the pickup store, neither to be shipped instead nor cancelled. A cancellation takes first what no
        pickup group was given."""
        cancelled = self.before["own_cancelled"] + self.cancelled
        cancelled -= max(0, self.milli - self.before["pickup_ordered"])
        parked = self.before["pickup_short"] - self.before["converted"] - max(0, cancelled)
        return min(max(0, parked), self.unrouted())

    def waiting(self) -> int:
        return self.unrouted() - self.parked()

    def waiting_to_ship(self) -> int:
        return min(max(0, self.before["converted"] - self.before["to_ship"]), self.waiting())


@dataclass
class Order:
    order_id: str
    placed_at: str
    customer: str
    place: tuple[float, float]
    rank: int
    pickup_site: str
    lines: list[Line] = field(default_factory=list)


@dataclass
class Books:
    """Orders in the order they were placed; stock by (site, SKU) after opening counts and adjustments."""

    known: set[str]
    warehouse: str
    stock: dict[tuple[str, str], int]
    orders: dict[str, Order] = field(default_factory=dict)

    def lines(self) -> list[Line]:
        return [line for order in self.orders.values() for line in order.lines if not line.service]


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def open_books(directory: Path, warehouse: str) -> Books:
    stock: dict[tuple[str, str], int] = defaultdict(int)
    for row in read_rows(directory / "stock.csv"):
        stock[row["site"], row["sku"]] += int(row["quantity"]) * 1000
    return Books({row["sku"] for row in read_rows(directory / "products.csv")}, warehouse, stock)


def remember(books: Books, facts: happened.Facts) -> None:
    """What has become of the orders until now; the files' own effects are among it."""
    by_line: dict[tuple[str, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for key, milli in facts.order_cancelled.items():
        by_line[key]["cancelled"] += milli
        by_line[key]["own_cancelled"] += milli
    for key, milli in facts.converted.items():
        by_line[key]["converted"] += milli
    for group in facts.groups.values():
        for number, line in group.lines.items():
            sums, of = by_line[group.order, number], line.of
            routed = line.ordered - of["short"] - of["cancelled"]
            sums["cancelled"] += of["cancelled"]
            sums["routed"] += routed
            sums["gone"] += of["shipped"] + of["handed_over"]
            packed = not (of["open"] or of["picked"])
            sums["at_site"] += 0 if packed else of["open"] + of["picked"] + of["packed"]
            if group.method == happened.PICKUP:
                sums["pickup_short"] += of["short"]
                sums["pickup_ordered"] += line.ordered
            else:
                sums["to_ship"] += routed
    for order in books.orders.values():
        for line in order.lines:
            line.cancelled = line.returned = 0
            line.before = by_line[order.order_id, line.number]


def take_file(books: Books, path: Path) -> None:
    """Orders, cancellations and adjustments in the order of their rows."""
    rows = read_rows(path)
    whole: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        if row["kind"] == "order":
            whole[row["order_id"]].append(row)
    for row in rows:
        service = row["is_product"] == "0"
        if not service and row["sku"] not in books.known:
            continue  # a bad row
        milli = int(row["quantity"]) * 1000
        if row["kind"] == "order" and row["order_id"] not in books.orders:
            order = _order(whole[row["order_id"]], books.known, len(books.orders))
            books.orders[order.order_id] = order
        elif row["kind"] == "cancellation" and row["customer_id"]:
            _cancel(list(books.orders.values()), row["customer_id"], row["sku"], abs(milli))
        elif row["kind"] == "adjustment" and not service:
            books.stock[books.warehouse, row["sku"]] += milli


def _order(rows: list[dict[str, str]], known: set[str], rank: int) -> Order:
    good = [row for row in rows if row["is_product"] == "0" or row["sku"] in known]
    first = good[0]
    order = Order(
        first["order_id"],
        first["ordered_at"],
        first["customer_id"],
        (float(first["latitude"]), float(first["longitude"])),
        rank,
        first["pickup_site"] if first["method"] == "PICKUP" else "",
    )
    for row in good:
        order.lines.append(
            Line(int(row["line_no"]), row["sku"], int(row["quantity"]) * 1000, row["is_product"] == "0")
        )
    return order


def _cancel(orders: list[Order], customer: str, sku: str, milli: int) -> None:
    """Newest units first: those that can still be cancelled, then those that have left and so come back."""
    mine = [
        (order.placed_at, order.rank, line.number, line)
        for order in orders
        if order.customer == customer
        for line in order.lines
        if line.sku == sku
    ]
    mine.sort(key=lambda entry: entry[:3], reverse=True)
    for *_, line in mine:
        taken = min(milli, line.unrouted() + max(0, line.before["at_site"] - _beyond_unrouted(line)))
        line.cancelled += taken
        milli -= taken
    for *_, line in mine:
        taken = min(milli, line.before["gone"] - line.returned)
        line.returned += taken
        milli -= taken


def _beyond_unrouted(line: Line) -> int:
    """Units at a site that the file has cancelled already."""
    return max(0, line.cancelled - (line.milli - line.before["cancelled"] - line.before["routed"]))


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> int:
    """Haversine on a sphere of radius 6,371,000 m."""
    north_a, north_b = math.radians(a[0]), math.radians(b[0])
    h = (
        math.sin((north_b - north_a) / 2) ** 2
        + math.cos(north_a) * math.cos(north_b) * math.sin(math.radians(b[1] - a[1]) / 2) ** 2
    )
    return math.floor(2 * 6_371_000 * math.asin(math.sqrt(min(1.0, h))) + 0.5)


Need = tuple[int, str, int]  # line, SKU, units
Allocations = dict[tuple[str, str], dict[int, int]]  # (order, site) -> line -> units


def route(
    books: Books,
    sites: dict[str, tuple[float, float]],
    left: dict[tuple[str, str], int],
    was_short: set[tuple[str, str, str]] = frozenset(),
) -> Allocations:
    """One routing run: pickups at their store, the rest from the nearest site that has all, else the fewest sites,
    else the lines that can be filled whole; what is left waits. Who could not give an article to an order is not
    asked for it again."""
    left = defaultdict(int, left)
    groups: Allocations = {}
    for order in books.orders.values():
        ship: list[Need] = []
        pickup: list[Need] = []
        for line in order.lines:
            if line.service:
                continue
            to_ship = line.waiting_to_ship() if order.pickup_site else line.waiting()
            ship.append((line.number, line.sku, to_ship))
            pickup.append((line.number, line.sku, line.waiting() - to_ship))
        for needs, where in ((pickup, [order.pickup_site]), (ship, list(sites))):
            needs = [need for need in needs if need[2] > 0]
            _allocate(order, needs, {site: sites[site] for site in where if site}, left, was_short, groups)
    return groups


def _allocate(order, needs, sites, left, was_short, groups) -> None:
    skus = {sku for _, sku, _ in needs}
    offered = {
        (site, sku): 0 if (order.order_id, site, sku) in was_short else max(0, left[site, sku])
        for site in sites
        for sku in skus
    }
    near = sorted(sites, key=lambda site: (distance_m(sites[site], order.place), site))
    near = [site for site in near if any(offered[site, sku] for sku in skus)]
    chosen = _choose(needs, near, sites, order, offered)
    if chosen is None:
        needs = _fillable(needs, near, offered)
        chosen = _choose(needs, near, sites, order, offered) if needs else None
    for number, sku, milli in needs if chosen else []:
        whole = next((site for site in chosen if offered[site, sku] >= milli), None)
        for site in [whole] if whole else chosen:
            share = min(milli, offered[site, sku])
            if share > 0:
                offered[site, sku] -= share
                left[site, sku] -= share
                milli -= share
                groups.setdefault((order.order_id, site), {})[number] = share


def _choose(needs, near, sites, order, offered):
    wanted: dict[str, int] = defaultdict(int)
    for _, sku, milli in needs:
        wanted[sku] += milli
    for size in range(1, len(near) + 1):
        fitting = [
            combination
            for combination in itertools.combinations(near, size)
            if all(sum(offered[site, sku] for site in combination) >= milli for sku, milli in wanted.items())
        ]
        if fitting:
            return min(fitting, key=lambda c: sum(distance_m(sites[s], order.place) for s in c))
    return None


def _fillable(needs, near, offered):
    rest: dict[str, int] = {}
    possible = []
    for number, sku, milli in needs:
        rest.setdefault(sku, sum(offered[site, sku] for site in near))
        if rest[sku] >= milli:
            rest[sku] -= milli
            possible.append((number, sku, milli))
    return possible
