"""Recomputes the demo's table from the CSV files and the exported event records, with none of the product's
code, and compares it with what the APIs of the hub and of every agent say.

    oracle.py --demo demo.json --trade DIR --records DIR      exit status 0 only if everything is equal
"""

from __future__ import annotations

import argparse
import json
import sys
import urllib.request
from collections import defaultdict
from pathlib import Path
from typing import Any

import records as wire
import trade_rules

STOCK_MOVED, STOCK_COUNTED = 50, 51
ISSUE = 2
ALLOCATED, PICKED, SHIPPED = 200, 203, 204

Figures = dict[str, int]


class Findings:
    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.compared = 0

    def equal(self, what: str, found: Any, expected: Any) -> None:
        self.compared += 1
        if found != expected:
            self.wrong.append(f"{what}: the product says {found}, it must be {expected}")


def fold(log: list[wire.Record]) -> tuple[dict[str, Figures], dict[tuple[str, str], dict[int, int]]]:
    """Figures by site, and allocations (order reference, site) -> {line: milli}, from one log's events."""
    sites: dict[str, Figures] = defaultdict(lambda: defaultdict(int))
    allocations: dict[tuple[str, str], dict[int, int]] = {}
    groups: dict[bytes, list[wire.Record]] = defaultdict(list)
    for record in log:
        if record.key[:1] == b"\x07":
            groups[record.key].append(record)
    for own in groups.values():
        _fold_group(sorted(own, key=lambda r: (r.fseq == 0, r.fseq, r.position)), sites, allocations)
    for (site, _, _), on_hand in _stock(log).items():
        sites[site]["on_hand_milli"] += on_hand
    return sites, allocations


def _fold_group(own, sites, allocations) -> None:
    """A pick counts while units are open, in view order; the rest has to be put back."""
    open_, picked, shipped = {}, defaultdict(int), defaultdict(int)
    site, put_back = "", 0
    for record in own:
        if record.type == ALLOCATED:
            site = record.site
            for number, line in wire.fields(record.payload):
                if number == 5:
                    open_[wire.one(line, 1, 0)] = wire.one(line, 7, 0)
            allocations[wire.one(record.payload, 3, ""), site] = dict(open_)
        elif record.type == PICKED:
            line, milli = wire.one(record.payload, 1, 0), wire.one(record.payload, 2, 0)
            credited = min(milli, open_.get(line, 0))
            open_[line] = open_.get(line, 0) - credited
            picked[line] += credited
            put_back += milli - credited
        elif record.type == SHIPPED:
            for _, out in wire.fields(record.payload):
                line = wire.one(out, 1, 0)
                known = min(wire.one(out, 2, 0), picked[line])
                picked[line] -= known
                shipped[line] += known
    figures = sites[site]
    figures["groups"] += 1
    figures["open_milli"] += sum(open_.values())
    figures["picked_milli"] += sum(picked.values())
    figures["shipped_milli"] += sum(shipped.values())
    figures["put_back_milli"] += put_back


def _stock(log) -> dict[tuple[str, str, str], int]:
    """on_hand = the last count + the movements after it, by (hlc, node, inc, seq)."""
    counts: dict[tuple[str, str, str], tuple] = {}
    moves = defaultdict(list)
    for record in log:
        if record.type == STOCK_COUNTED:
            cell = (record.site, wire.one(record.payload, 1, ""), wire.one(record.payload, 2, ""))
            milli = wire.zigzag(wire.one(record.payload, 3, 0))
            counts[cell] = max(counts.get(cell, ((), 0)), (record.position, milli))
        elif record.type == STOCK_MOVED:
            sku, milli = wire.one(record.payload, 1, ""), wire.one(record.payload, 4, 0)
            for number, sign in ((2, -1), (3, 1)):
                if location := wire.one(record.payload, number, ""):
                    moves[record.site, sku, location].append((record.position, sign * milli))
    return {
        cell: counts.get(cell, ((), 0))[1]
        + sum(milli for position, milli in moves[cell] if position > counts.get(cell, ((), 0))[0])
        for cell in set(counts) | set(moves)
    }


def totals(figures: Figures) -> Figures:
    """The figures as GET /api/v1/totals names them."""
    ordered = figures["open_milli"] + figures["picked_milli"] + figures["shipped_milli"]
    return {
        "groups": figures["groups"],
        "ordered_milli": ordered,
        "open_milli": figures["open_milli"],
        "picked_milli": figures["picked_milli"],
        "shipped_milli": figures["shipped_milli"],
        "scanned_milli": figures["picked_milli"] + figures["shipped_milli"],
        "on_hand_milli": figures["on_hand_milli"],
        "put_back_milli": figures["put_back_milli"],
    }


def ask(url: str, person: dict[str, str], path: str) -> Any:
    body = json.dumps({"name": person["name"], "pin": person["pin"]}).encode()
    with urllib.request.urlopen(f"{url}/api/v1/sessions", body) as answer:
        token = json.load(answer)["token"]
    request = urllib.request.Request(f"{url}{path}", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def check_orders(findings: Findings, books, allocations, hub_orders: dict[str, int], sites) -> None:
    lines = [line for order in books.orders for line in order.lines if not line.service]
    routed = sum(sum(group.values()) for group in allocations.values())
    ordered = sum(line.milli for line in lines)
    cancelled = sum(line.cancelled for line in lines)
    findings.equal("hub: orders", hub_orders["orders"], len(books.orders))
    findings.equal("hub: lines", hub_orders["lines"], len(lines))
    findings.equal("hub: ordered", hub_orders["ordered_milli"], ordered)
    findings.equal("hub: cancelled", hub_orders["cancelled_milli"], cancelled)
    findings.equal("hub: routed", hub_orders["routed_milli"], routed)
    findings.equal("hub: waiting", hub_orders["waiting_milli"], ordered - cancelled - routed)
    expected = trade_rules.route(books, sites)
    for key in sorted(set(expected) | set(allocations)):
        findings.equal(f"order {key[0]} at {key[1]}", allocations.get(key), expected.get(key))


def check_stock(findings: Findings, books, log: list[wire.Record], figures: dict[str, Figures]) -> None:
    """What came in by the files and did not go out by an ISSUE is still there."""
    issued: dict[str, int] = defaultdict(int)
    for record in log:
        if record.type == STOCK_MOVED and wire.one(record.payload, 6, 0) == ISSUE:
            issued[record.site] += wire.one(record.payload, 4, 0)
    for site, seen in figures.items():
        opening = sum(milli for (where, _), milli in books.stock.items() if where == site)
        left = opening - issued[site]
        findings.equal(f"{site}: left in stock by the CSV files", seen["on_hand_milli"], left)


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
    args = parser.parse_args()
    demo = json.loads(args.demo.read_text())
    findings = Findings()

    hub = demo["hub"]
    hub_log = wire.read(args.records / "hub.records.jsonl")
    findings.wrong += [f"hub: {wrong}" for wrong in wire.broken_chains(hub_log)]
    at_hub, allocations = fold(hub_log)
    hub_totals = ask(hub["url"], hub["staff"][0], "/api/v1/totals")
    site_list = ask(hub["url"], hub["staff"][0], "/api/v1/sites")["items"]
    sites = {site["site"]: (site["latitude"], site["longitude"]) for site in site_list}
    warehouse = next(site["site"] for site in site_list if site["kind"] == "WAREHOUSE")
    books = trade_rules.read_books(args.trade, warehouse)
    check_orders(findings, books, allocations, hub_totals["orders"], sites)
    check_stock(findings, books, hub_log, at_hub)
    for site in hub_totals["sites"]:
        for name, value in totals(at_hub[site["site"]]).items():
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
        seen, _ = fold(log)
        shown = ask(agent["url"], agent["staff"][0], "/api/v1/totals")
        for name, value in totals(seen[agent["site"]]).items():
            findings.equal(f"{agent['name']}: {name}", shown[name], value)

    for wrong in findings.wrong[:20]:
        print(f"oracle: {wrong}")
    print(f"oracle: {len(hub_log)} records at the hub, {findings.compared} figures compared, {len(findings.wrong)} wrong")
    return 1 if findings.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
