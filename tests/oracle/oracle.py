"""Recomputes the demo's table from the CSV files and the exported event records, with none of the product's
code, and compares it with what the APIs of the hub and of every agent say.

    oracle.py --demo demo.json --trade DIR --records DIR [--orders FILE...]

Exit status 0 only if everything is equal. --orders: the files of orders as they came in one after the other (their
names in --trade; default orders.csv), each followed by a routing run.
"""

from __future__ import annotations

import argparse
import json
import sys
import urllib.request
from collections import defaultdict
from pathlib import Path
from typing import Any

import facts as happened
import records as wire
import trade_rules

CUSTOMER = 1  # why units were cancelled: by a file's row


class Findings:
    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.compared = 0

    def equal(self, what: str, found: Any, expected: Any) -> None:
        self.compared += 1
        if found != expected:
            self.wrong.append(f"{what}: the product says {found}, it must be {expected}")


def ask(url: str, person: dict[str, str], path: str) -> Any:
    body = json.dumps({"name": person["name"], "pin": person["pin"]}).encode()
    with urllib.request.urlopen(f"{url}/api/v1/sessions", body) as answer:
        token = json.load(answer)["token"]
    request = urllib.request.Request(f"{url}{path}", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def check_trade(findings: Findings, trade: Path, files: list[str], log: list[wire.Record], hub_node: bytes, sites, warehouse: str) -> trade_rules.Books:
    """File by file: which units its rows cancelled or brought back, and where the run after it sent the rest."""
    books = trade_rules.open_books(trade, warehouse)
    numbers = happened.order_numbers(log)
    placed = {number: record.hlc for record in log if (number := numbers.get(record.key)) and record.type == 100}
    begins = []
    for name in files:
        rows = trade_rules.read_rows(trade / name)
        mine = [placed[row["order_id"]] for row in rows if row["kind"] == "order" and row["order_id"] in placed]
        begins.append(min(mine, default=0))
    ends = [*begins[1:], None]
    for place, (name, begin, end) in enumerate(zip(files, begins, ends, strict=True)):
        span = [record for record in log if record.hlc >= begin and (end is None or record.hlc < end)]
        trade_rules.remember(books, happened.gather(log, begin))
        trade_rules.take_file(books, trade / name)
        _check_rows(findings, name, books, [record for record in span if record.node == hub_node], numbers)
        opened = [record.hlc for record in span if record.type == happened.ALLOCATED]
        run = happened.gather(log, min(opened, default=end))
        trade_rules.remember(books, run)
        left = books.stock if place == 0 else happened.available(run)
        if place == 0:  # from the files alone, so that the records are not their own judges
            findings.equal("hub: promised before anything was routed", _nonzero(happened.available(run)), _nonzero(left))
        short = {
            (group.order, group.site, group.lines[line].sku) for group in run.groups.values() for line, _, _ in group.shorts
        }
        expected = trade_rules.route(books, sites, left, short)
        found: trade_rules.Allocations = {}
        for record in span:
            if record.type == happened.ALLOCATED:
                group = happened.fold_group([record])
                lines = found.setdefault((group.order, group.site), {})
                lines.update({number: line.ordered for number, line in group.lines.items()})
        for key in sorted(set(expected) | set(found)):
            findings.equal(f"{name}: order {key[0]} at {key[1]}", found.get(key), expected.get(key))
    trade_rules.remember(books, happened.gather(log))
    return books


def _nonzero(cells: dict[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    return {cell: milli for cell, milli in cells.items() if milli}


def _check_rows(findings: Findings, name: str, books: trade_rules.Books, span: list[wire.Record], numbers: dict[bytes, str]) -> None:
    """Cancellations and returns by the file's rows, by order and line: all of them are the hub's records."""
    groups = {r.key: wire.one(r.payload, 3, "") for r in span if r.type == happened.ALLOCATED}
    cancelled: dict[tuple[str, int], int] = defaultdict(int)
    returned: dict[tuple[str, int], int] = defaultdict(int)
    for record in span:
        by_customer = wire.one(record.payload, 3, 0) == CUSTOMER if record.type in (happened.UNITS_CANCELLED, happened.GROUP_CANCELLED) else False
        if by_customer:
            order = numbers.get(record.key) or groups.get(record.key, "an earlier group")
            cancelled[order, wire.one(record.payload, 1, 0)] += wire.one(record.payload, 2, 0)
        elif record.type == happened.RETURN_TAKEN:
            order = wire.one(record.payload, 4, "")
            for number, part in wire.fields(record.payload):
                if number == 5:
                    returned[order, wire.one(part, 1, 0)] += wire.one(part, 4, 0)
    for what, found, expected in (
        ("cancelled", cancelled, {(o.order_id, line.number): line.cancelled for o in books.orders.values() for line in o.lines}),
        ("came back", returned, {(o.order_id, line.number): line.returned for o in books.orders.values() for line in o.lines}),
    ):
        for key in sorted({k for k, v in expected.items() if v} | set(found)):
            findings.equal(f"{name}: order {key[0]} line {key[1]} {what}", found.get(key, 0), expected.get(key, 0))


def check_orders(findings: Findings, books: trade_rules.Books, hub_orders: dict[str, int]) -> None:
    lines = books.lines()
    findings.equal("hub: orders", hub_orders["orders"], len(books.orders))
    findings.equal("hub: lines", hub_orders["lines"], len(lines))
    findings.equal("hub: ordered", hub_orders["ordered_milli"], sum(line.milli for line in lines))
    findings.equal("hub: cancelled", hub_orders["cancelled_milli"], sum(line.before["cancelled"] for line in lines))
    findings.equal("hub: routed", hub_orders["routed_milli"], sum(line.before["routed"] for line in lines))
    findings.equal("hub: parked", hub_orders["parked_milli"], sum(line.parked() for line in lines))
    findings.equal("hub: waiting", hub_orders["waiting_milli"], sum(line.waiting() for line in lines))


LOST = (2, 3)  # reasons of shorts: the units are gone
COUNTED_ZERO = 1


def check_stock(findings: Findings, books: trade_rules.Books, facts: happened.Facts) -> None:
    """What came in by the files, less what left and what is lost, and what came back, is there."""
    expected: dict[tuple[str, str], int] = defaultdict(int, books.stock)
    unknown = set()  # bins that were counted: what was in them nobody knows but who counted
    for group_id, group in facts.groups.items():
        for number, line in group.lines.items():
            gone = line.of["shipped"] + line.of["handed_over"] + line.of["returned"] + group.too_many[number]
            expected[group.site, line.sku] -= gone
        for number, milli, reason in group.shorts:
            cell = group.site, group.lines[number].sku
            if reason == COUNTED_ZERO:
                unknown.add(cell)
            elif reason in LOST:
                expected[cell] -= milli
        for (returned_group, site), lines in facts.returned.items():
            if returned_group == group_id:
                for number, milli in lines.items():
                    expected[site, group.lines[number].sku] += milli
    found: dict[tuple[str, str], int] = defaultdict(int)
    for (site, sku, _), milli in facts.on_hand.items():
        found[site, sku] += milli
    for cell in sorted((set(expected) | set(found)) - unknown):
        findings.equal(f"{cell[0]}: {cell[1]} in stock by the CSV files", found[cell], expected[cell])


def check_labels(findings: Findings, facts: happened.Facts) -> None:
    """No number is on two packages."""
    for what in ("sscc", "tracking"):
        numbers = [getattr(p, what) for g in facts.groups.values() for p in g.packages.values() if p.sscc]
        findings.equal(f"hub: labels with a {what} of their own", len(set(numbers)), len(numbers))


Positions = dict[str, list[tuple[int, bytes, int, int]]]  # feed -> (fseq, node, inc, seq), by fseq


def positions(log: list[wire.Record]) -> Positions:
    feeds: Positions = defaultdict(list)
    for record in log:
        if record.feed:
            feeds[record.feed].append((record.fseq, record.node, record.inc, record.seq))
    return {feed: sorted(own) for feed, own in feeds.items()}


def check_hub_feeds(findings: Findings, at_hub: Positions) -> None:
    for feed, own in at_hub.items():
        wrong = next((place for place, (fseq, *_) in enumerate(own, start=1) if fseq != place), 0)
        findings.equal(f"hub: first position of feed {feed} that is missing or there twice (0: none)", wrong, 0)


def check_agent_feeds(findings: Findings, agent: dict[str, Any], at_hub: Positions, at_site: Positions) -> None:
    """A site has all that the hub published for it, at the hub's positions, and of others' nothing."""
    for feed in sorted({"cat", f"site:{agent['site']}", f"n:{agent['node']}", *at_site}):
        own, published = at_site.get(feed, []), at_hub.get(feed, [])
        findings.equal(f"{agent['name']}: records of feed {feed}", len(own), len(published))
        if other := set(own) ^ set(published):
            findings.wrong.append(f"{agent['name']}: feed {feed} is not the hub's from position {min(other)[0]}")
        if feed not in ("cat", f"site:{agent['site']}", f"n:{agent['node']}"):
            findings.wrong.append(f"{agent['name']}: it has records of feed {feed}, which is not for it")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--demo", type=Path, required=True)
    parser.add_argument("--trade", type=Path, required=True)
    parser.add_argument("--records", type=Path, required=True)
    parser.add_argument("--orders", nargs="+", default=["orders.csv"])
    args = parser.parse_args()
    demo = json.loads(args.demo.read_text())
    findings = Findings()

    hub = demo["hub"]
    hub_log = wire.read(args.records / "hub.records.jsonl")
    findings.wrong += [f"hub: {wrong}" for wrong in wire.broken_chains(hub_log)]
    at_hub = happened.gather(hub_log)
    hub_totals = ask(hub["url"], hub["staff"][0], "/api/v1/totals")
    site_list = ask(hub["url"], hub["staff"][0], "/api/v1/sites")["items"]
    sites = {site["site"]: (site["latitude"], site["longitude"]) for site in site_list}
    warehouse = next(site["site"] for site in site_list if site["kind"] == "WAREHOUSE")
    books = check_trade(findings, args.trade, args.orders, hub_log, bytes.fromhex(hub["node"].replace("-", "")), sites, warehouse)
    check_orders(findings, books, hub_totals["orders"])
    check_stock(findings, books, at_hub)
    check_labels(findings, at_hub)
    for site in hub_totals["sites"]:
        for name, value in happened.site_totals(at_hub, site["site"]).items():
            findings.equal(f"hub: {site['site']} {name}", site[name], value)

    published = positions(hub_log)
    check_hub_feeds(findings, published)
    held = {(r.node, r.inc, r.seq): r.octets for r in hub_log}
    for agent in demo["agents"]:
        log = wire.read(args.records / f"{agent['name']}.records.jsonl")
        findings.wrong += [f"{agent['name']}: {wrong}" for wrong in wire.broken_chains(log)]
        for record in log:
            same = held.get((record.node, record.inc, record.seq)) == record.octets
            if not same:
                findings.wrong.append(f"{agent['name']}: the hub has another record {record.seq}")
        check_agent_feeds(findings, agent, published, positions(log))
        seen = happened.gather(log)
        shown = ask(agent["url"], agent["staff"][0], "/api/v1/totals")
        for name, value in happened.site_totals(seen, agent["site"]).items():
            findings.equal(f"{agent['name']}: {name}", shown[name], value)

    for wrong in findings.wrong[:20]:
        print(f"oracle: {wrong}")
    print(f"oracle: {len(hub_log)} records at the hub, {findings.compared} figures compared, {len(findings.wrong)} wrong")
    return 1 if findings.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
