"""Real orders of a real shop through the hub's own API: captured, paid, routed, cancelled as their customers did. Then every
figure of every article is recomputed from the event log, with none of the product's code, and compared to the unit.

CAIRN_RETAIL_ORDERS: how many of them (default 60; `all`: some minutes).
"""

from __future__ import annotations

import csv
import itertools
import os
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from lab.api import Api, Json, Problem
from lab.company import SITES, Site
from lab.main_job import write_log
from lab.trade import coordinates
from paying import PaidCompany, Till, gbp

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "oracle"))

import facts as happened
import records as wire

DATA = Path(__file__).resolve().parents[3] / "shared" / "samples" / "retail_orders"
CHANNEL = "web"
DECLINED_CENTS = "51"  # what cairn-sim plays: docs/payments.md
DAYS_OF_STOCK = 0.6  # of what is ordered: some orders must wait, some are refused
WITHOUT_DEVICES = tuple(Site(site.site, site.name, site.kind, site.latitude, site.longitude, ()) for site in SITES)

Row = dict[str, str]


@dataclass
class Sold:
    """An order as it was captured, and what of it is not cancelled."""

    id: str
    customer: str
    minor: int
    lines: dict[int, tuple[str, int]]  # number -> article, units
    left: dict[int, int] = field(default_factory=dict)
    payment: Json = field(default_factory=dict)


def wanted_orders() -> int:
    number = os.environ.get("CAIRN_RETAIL_ORDERS", "60")
    return sys.maxsize if number == "all" else int(number)


def rows() -> list[list[Row]]:
    """Orders and cancellations in the order in which they came, each with its rows."""
    with (DATA / "order_lines.csv").open(newline="", encoding="utf-8") as file:
        goods = [row for row in csv.DictReader(file) if row["is_product"] == "1" and row["kind"] in ("order", "cancellation")]
    groups = [list(group) for _, group in itertools.groupby(goods, key=lambda row: row["order_id"])]
    some, orders = [], 0
    for group in groups:
        orders += group[0]["kind"] == "order"
        if orders > wanted_orders():
            break
        some.append(group)
    return some


def minor(price: str) -> int:
    return round(float(price) * 100)


def captured(hub: Api, group: list[Row]) -> Json:
    first = group[0]
    latitude, longitude = coordinates(first["customer_id"], first["country"])
    order = {
        "channel": CHANNEL,
        "external_id": first["order_id"],
        "sale": "WEB",
        "placed_at": first["ordered_at"],
        "customer": first["customer_id"],
        "destination": {"latitude": latitude, "longitude": longitude},
        "currency": "GBP",
        "lines": [
            {"sku": row["sku"], "quantity_milli": int(row["quantity"]) * 1000, "unit_price": gbp(minor(row["unit_price_gbp"]))}
            for row in group
        ],
    }
    try:
        return dict(hub.post("/api/v1/orders", order))
    except Problem as problem:
        if problem.reason != "not_available":
            raise
    return dict(hub.post("/api/v1/orders", order | {"allow_backorder": True}))


class Shop:
    def __init__(self, company: PaidCompany):
        self.company = company
        self.hub = company.hub_api()
        self.till = Till(self.hub)
        self.sold: list[Sold] = []
        self.cancelled = Counter[str]()

    def sell(self, group: list[Row]) -> None:
        order = captured(self.hub, group)
        total = sum(minor(row["unit_price_gbp"]) * int(row["quantity"]) for row in group)
        lines = {number: (row["sku"], int(row["quantity"])) for number, row in enumerate(group, start=1)}
        sold = Sold(order["id"], group[0]["customer_id"], total, lines, {number: units for number, (_, units) in lines.items()})
        if total:
            sold.payment = self.till.open(sold.id, minor=total)
        self.sold.append(sold)

    def cancel(self, group: list[Row]) -> None:
        """What a customer gives back of what they ordered last; what they never ordered here is nobody's."""
        for row in group:
            units = abs(int(row["quantity"]))
            for sold in reversed(self.sold):
                if sold.customer != row["customer_id"] or not units:
                    continue
                for number, (sku, _) in sold.lines.items():
                    some = min(units, sold.left[number]) if sku == row["sku"] else 0
                    if some:
                        body = {"line": number, "quantity_milli": some * 1000}
                        self.hub.post(f"/api/v1/orders/{sold.id}/cancellations", body)
                        sold.left[number] -= some
                        units -= some
                        self.cancelled[sku] += some

    def route(self) -> Json:
        return dict(self.hub.post("/api/v1/routing/runs"))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Shop]:
    if not DATA.is_dir():
        pytest.skip(f"no real orders here: {DATA} is absent")
    company = PaidCompany(tmp_path_factory.mktemp("retail"), binaries, WITHOUT_DEVICES)
    try:
        company.start()
        yield Shop(company)
    finally:
        company.stop()


def write(path: Path, rows: list[Row]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def stock_up(shop: Shop, ordered: Counter[str]) -> None:
    """Not enough of anything, spread over the sites."""
    chance = random.Random("retail")
    with (DATA / "product_catalogue.csv").open(newline="", encoding="utf-8") as file:
        products = [
            {"sku": row["sku"], "gtin": row["gtin13_synthetic"], "name": row["description"], "price_gbp": row["list_price_gbp"]}
            for row in csv.DictReader(file)
            if row["sku"] in ordered
        ]
    counts = []
    for sku, units in sorted(ordered.items()):
        have = max(1, round(units * DAYS_OF_STOCK * 2 * chance.random()))
        for site in SITES:
            some = chance.randint(0, have)
            counts.append({"site": site.site, "sku": sku, "location": "A-01", "quantity": str(some)})
            have -= some
    shop.company.cairn("import", "products", write(shop.company.directory / "products.csv", products))
    shop.company.cairn("import", "stock", write(shop.company.directory / "stock.csv", counts))


def test_real_orders_end_to_the_unit_and_the_cent(shop: Shop) -> None:
    came = rows()
    ordered = Counter[str]()
    for group in came:
        for row in group:
            ordered[row["sku"]] += abs(int(row["quantity"]))
    stock_up(shop, ordered)
    for number, group in enumerate(came, start=1):
        if group[0]["kind"] == "order":
            shop.sell(group)
        else:
            shop.cancel(group)
        if number % 20 == 0:
            shop.route()
    outcome = shop.route()
    assert outcome["orders_seen"] < len(shop.sold)

    # Whole orders are given up, too: what is held for them is let go.
    chance = random.Random("given up")
    for sold in chance.sample(shop.sold, max(1, len(shop.sold) // 10)):
        shop.hub.post(f"/api/v1/orders/{sold.id}/cancel")
        sold.left = dict.fromkeys(sold.left, 0)
        if sold.payment and shop.till.answered(sold.payment)["status"] == "AUTHORIZED":
            shop.till.void(sold.payment)
    shop.route()
    check_money(shop)
    check_stock(shop, ordered)


def check_money(shop: Shop) -> None:
    held = 0
    for sold in shop.sold:
        if not sold.payment:
            continue
        payment = shop.till.answered(sold.payment)
        given_up = payment["status"] == "CANCELLED" and not any(sold.left.values())
        declined = payment["status"] == "DECLINED" and str(sold.minor).endswith(DECLINED_CENTS)
        assert given_up or declined or payment["status"] == "AUTHORIZED", payment
        assert payment["held_minor"] == (0 if given_up or declined else sold.minor), payment
        assert payment["captured_minor"] == 0, payment
        held += payment["held_minor"]
    sums = shop.company.provider.sums()
    assert sums["held_minor"] - sums["voided_minor"] == held


def check_stock(shop: Shop, ordered: Counter[str]) -> None:
    """Everything again, from the records alone."""
    write_log(shop.company, shop.company.directory)
    log = wire.read(shop.company.directory / "hub.records.jsonl")
    assert wire.broken_chains(log) == []
    known = happened.gather(log)
    available = happened.available(known)
    waiting: dict[str, int] = defaultdict(int)
    lines: dict[tuple[str, int], str] = {}
    for record in log:
        if record.type == 100:
            for number, part in wire.fields(record.payload):
                if number == 7 and not wire.one(part, 7, 0):
                    lines[wire.one(record.payload, 3, ""), wire.one(part, 1, 0)] = wire.one(part, 2, "")
                    waiting[wire.one(part, 2, "")] += wire.one(part, 4, 0)
    for key, milli in known.order_cancelled.items():
        waiting[lines[key]] -= milli
    for group in known.groups.values():
        for line in group.lines.values():
            waiting[line.sku] -= line.ordered
    left = Counter[str]()
    for sold in shop.sold:
        for number, (sku, _) in sold.lines.items():
            left[sku] += sold.left[number]
    reserved = Counter[str]()
    for sku in ordered:
        stock = shop.hub.get(f"/api/v1/atp?sku={sku}&channel={CHANNEL}")
        for site in stock["sites"]:
            assert site["atp_milli"] == available[site["site"], sku], (sku, site)
            assert site["atp_milli"] >= 0, f"{sku} is sold twice at {site['site']}"
            reserved[sku] += site["reserved_milli"]
        assert stock["unbrokered_milli"] == waiting[sku], sku
        sellable = sum(max(0, available[site.site, sku]) for site in SITES)
        assert stock["online_milli"] == max(0, sellable - waiting[sku]), sku
        # Every unit that was sold and not cancelled is in one place: a site has it to fill, or it waits.
        assert reserved[sku] + waiting[sku] == left[sku] * 1000, sku
