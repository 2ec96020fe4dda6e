"""The main job, unattended: trade comes in at the hub in two halves; every site picks, packs, labels, ships, hands
over and takes back; and everybody must agree on the figures afterwards."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from lab.api import Json
from lab.chaos import Chaos
from lab.company import Agent, Company
from lab.counter import PickupClerk, PutBackClerk, ReturnClerk, comes_back
from lab.customers import HeadOffice
from lab.picker import Picked, Picker, Worker
from lab.plan import Plan, moment, worker
from lab.trade import CHANNEL, Trade

Say = Callable[[str], None]

STALL_SECONDS = 120.0
AGREE_SECONDS = 120.0
TOOL_SECONDS = 120.0  # how long the operator tries again when the hub is away


@dataclass
class Outcome:
    """What the hub and each agent say at the end, and what people were told."""

    hub: Json
    agents: dict[str, Json]
    picked: list[Picked]
    labels: list[str]  # SSCCs of all packages, as the hub knows them
    unfinished: list[str]  # ship groups that have not come to an end
    seconds: float
    kills: Counter[str] = field(default_factory=Counter)
    handed_over: int = 0
    refused_hand_overs: int = 0
    undone_hand_overs: int = 0
    returns: int = 0
    approved_returns: int = 0

    def scans(self) -> int:
        return sum(picked.scans + picked.keyed for picked in self.picked)


def load_trade(company: Company, trade: Trade, say: Say) -> None:
    """Imports catalogue, stock and all orders with the operator's tool, then routes."""
    load_goods(company, trade, say)
    load_orders(company, trade.orders, say)
    route(company, say)


def load_goods(company: Company, trade: Trade, say: Say) -> None:
    for kind, file in (("products", trade.products), ("stock", trade.stock)):
        _import(company, kind, file, say)


def load_orders(company: Company, file: Path, say: Say) -> None:
    _import(company, "orders", file, say)


def _import(company: Company, kind: str, file: Path, say: Say) -> None:
    printed = _tool(company, "import", kind, file, "--channel", CHANNEL).splitlines()
    say(f"  {kind}: {printed[-1]}")
    for problem in printed[:-1][:5]:
        say(f"    {problem.replace(str(file.parent) + '/', '')}")
    if len(printed) > 6:
        say(f"    ... and {len(printed) - 6} more rows to look at")


def route(company: Company, say: Say) -> None:
    say(f"  routing: {_tool(company, 'route').strip()}")


def _tool(company: Company, *arguments: str | Path) -> str:
    """The operator's tool; done again when the hub went away meanwhile, which is safe."""
    deadline = time.monotonic() + TOOL_SECONDS
    while True:
        try:
            return company.cairn(*arguments)
        except RuntimeError:
            if time.monotonic() > deadline or company.hub.restarts == 0:
                raise
            time.sleep(0.3)


class Day:
    """Everything that happens between the first order and the last return."""

    def __init__(self, company: Company, trade: Trade, say: Say):
        self.company = company
        self.trade = trade
        self.say = say
        self.chaos: Chaos | None = None
        self.workers: list[Worker] = []
        self._codes: dict[str, str] = {}  # ship group -> what its customer was told
        self._returned: set[str] = set()  # ship groups of which something came back

    def run(self, chaos: bool = False) -> Outcome:
        begun = time.monotonic()
        load_goods(self.company, self.trade, self.say)
        if chaos:
            self.chaos = Chaos(self.company)
            self.chaos.start()
        try:
            for number, half in enumerate(used_halves(self.trade)):
                self._half(half, first=number == 0)
        finally:
            for one in self.workers:
                one.stop()
            if self.chaos:
                self.chaos.end()
        return self._outcome(begun)

    # ---- one half ----

    def _half(self, orders: Path, *, first: bool) -> None:
        """From the orders that come in to the goods that come back. Nothing begins before everybody knows all."""
        office = HeadOffice(self.company)
        try:
            if not first:
                self._convert(office)
            load_orders(self.company, orders, self.say)
            self._cancel(office, "unrouted")
            route(self.company, self.say)
            plan = self._plan(office, shorts=first)
            self._pick(plan)
            self._cancel_late(office)
            self._put_back()
            self._hand_over()
            self._take_back(office)
        finally:
            office.close()

    def _moments(self, office: HeadOffice) -> dict[str, Json]:
        """The orders that are cancelled, with the moment."""
        chosen = {}
        for place, order in enumerate(office.orders()):
            if when := moment(place, order["external_id"]):
                chosen[order["external_id"]] = order | {"moment": when}
        return chosen

    def _cancel(self, office: HeadOffice, when: str) -> None:
        outcomes: Counter[str] = Counter()
        for order in self._moments(office).values():
            if order["moment"] == when and order["status"] == "APPROVED":
                outcomes += office.cancel(order["id"])
        self.say(f"  cancelled before routing: {_units(outcomes['CANCELLED'])} units")

    def _convert(self, office: HeadOffice) -> None:
        converted = sum(office.convert_parked(order["id"]) for order in office.orders() if order["parked_milli"])
        self.say(f"  to be shipped instead of picked up: {_units(converted)} units")

    def _plan(self, office: HeadOffice, *, shorts: bool) -> Plan:
        """Codes for the customers who will come, and what will not go smoothly."""
        groups = office.groups(status="ALLOCATED")
        for group in groups:
            if group["method"] == "PICKUP":
                self._codes[group["id"]] = office.pickup_code(group["id"])
        moments = {number: order["moment"] for number, order in self._moments(office).items()}
        return Plan(groups, moments, shorts=shorts)

    def _pick(self, plan: Plan) -> None:
        wait_delivery(self.company)
        finish = threading.Event()
        finish.set()  # all orders are there already: who finds nothing to do may go home
        pickers = []
        for agent in self.company.agents:
            others = [one for one in self.company.agents if one.site is agent.site]
            for station in agent.stations:
                pickers.append(
                    Picker(
                        agent,
                        station,
                        self.company.binaries,
                        finish,
                        plan=plan,
                        takes=lambda task, agent=agent, others=others: worker(others, task["order_reference"]) is agent,
                        cancel=self._cancel_one,
                        manager_pin=self.company.manager_pins[agent.site.site],
                    )
                )
        self._work(pickers, "picking")

    def _cancel_one(self, order: str, group: str) -> tuple[Counter[str], int]:
        office = HeadOffice(self.company)
        try:
            return office.cancel_group(order, group)
        finally:
            office.close()

    def _cancel_late(self, office: HeadOffice) -> None:
        """What is left of the orders that are cancelled: it waits for stock, or has left already."""
        outcomes = sum((one.picked.cancelled for one in self.workers), Counter())
        self.say(f"  cancelled so far at work: {_units(outcomes['CANCELLED'])} units; too late for {_units(outcomes['too_late'])}")
        outcomes = Counter()
        for order in self._moments(office).values():
            if order["moment"] != "unrouted" and order["status"] == "APPROVED":
                outcomes += office.cancel(order["id"])
        self.say(f"  cancelled afterwards: {_units(outcomes['CANCELLED'])} units; too late for {_units(outcomes['too_late'])}")
        wait_agreement(self.company)

    def _put_back(self) -> None:
        """At one device of each site."""
        self._work([PutBackClerk(*place, self.company.binaries) for place in self._counters()], "putting back")

    def _hand_over(self) -> None:
        self._work(
            [PickupClerk(*place, self.company.binaries, self._codes) for place in self._counters()], "handing over"
        )

    def _take_back(self, office: HeadOffice) -> None:
        left = [group for status in ("SHIPPED", "HANDED_OVER") for group in office.groups(status=status)]
        ways = Counter((group["order_reference"], group["site"]) for group in left)
        coming = []
        for group in sorted(left, key=lambda group: (group["order_reference"], group["allocated_at"], group["id"])):
            group["alone"] = ways[group["order_reference"], group["site"]] == 1
            if group["id"] not in self._returned and group["returned_milli"] == 0 and comes_back(group):
                coming.append(group)
                self._returned.add(group["id"])
        clerks = []
        for agent, station in self._counters():
            own = [group for group in coming if group["site"] == agent.site.site]
            pin = self.company.manager_pins[agent.site.site]
            clerks.append(ReturnClerk(agent, station, self.company.binaries, own, pin))
        self._work(clerks, "taking back")

    def _counters(self) -> list[tuple[Agent, object]]:
        """One station of each site: the first one of its last device."""
        last = {agent.site.site: agent for agent in self.company.agents}
        return [(agent, agent.stations[0]) for agent in last.values()]

    def _work(self, workers: Iterable[Worker], what: str) -> None:
        workers = list(workers)
        self.workers += workers
        self.say(f"{what}:")
        for one in workers:
            one.start()
        watch(self.company, workers, self.say)
        wait_agreement(self.company)

    # ---- the end ----

    def _outcome(self, begun: float) -> Outcome:
        hub, agents = wait_agreement(self.company)
        office = HeadOffice(self.company)
        groups = office.groups()
        office.close()
        outcome = Outcome(
            hub,
            agents,
            [one.picked for one in self.workers],
            [package["sscc"] for group in groups for package in group["packages"] if package["lines"]],
            [
                f"order {group['order_reference']} at {group['site']} is {group['status']}"
                for group in groups
                if group["open_milli"] or group["picked_milli"] or group["packed_milli"]
            ],
            time.monotonic() - begun,
            self.chaos.kills if self.chaos else Counter(),
        )
        for one in self.workers:
            if isinstance(one, PickupClerk):
                outcome.handed_over += one.handed_over
                outcome.refused_hand_overs += one.refused
                outcome.undone_hand_overs += one.undone
            elif isinstance(one, ReturnClerk):
                outcome.returns += one.taken
                outcome.approved_returns += one.approved
        return outcome


def used_halves(trade: Trade) -> list[Path]:
    """Of a trade with a single order one is empty."""
    return [half for half in trade.halves if len(half.read_text(encoding="utf-8").splitlines()) > 1]


def used_files(trade: Trade) -> list[str]:
    """What run_main_job() imports, one after the other."""
    return [half.name for half in used_halves(trade)]


def run_main_job(company: Company, trade: Trade, say: Say, *, chaos: bool = False) -> Outcome:
    return Day(company, trade, say).run(chaos)


def watch(company: Company, workers: list[Worker], say: Say, disturb: Callable[[], None] | None = None) -> None:
    """Until everybody has finished. `disturb` is called again and again meanwhile."""

    def progress() -> tuple[int, int, int, int]:
        told = [one.picked for one in workers]
        done = sum(getattr(one, "handed_over", 0) + getattr(one, "taken", 0) for one in workers)
        return sum(p.scans + p.keyed for p in told), sum(p.packages for p in told), sum(p.shipped for p in told), done

    last, last_change, last_said = progress(), time.monotonic(), time.monotonic()
    while any(one.is_alive() for one in workers):
        if disturb:
            disturb()
        time.sleep(0.05)
        failed = next((one for one in workers if one.error), None)
        now = time.monotonic()
        if (current := progress()) != last:
            last, last_change = current, now
        if now - last_said > 10:
            say(f"  {current[0]} scans saved, {current[1]} parcels packed, {current[2]} ship groups sent off")
            last_said = now
        if failed or now - last_change > STALL_SECONDS:
            for one in workers:
                one.stop()
            why = f"{failed.name}: {failed.error!r}" if failed else "nothing happens any more"
            raise RuntimeError(f"people stopped working: {why} (logs: {company.directory}/*.log)")
    failed = next((one for one in workers if one.error), None)
    if failed:
        raise RuntimeError(f"{failed.name}: {failed.error!r} (logs: {company.directory}/*.log)")


def wait_delivery(company: Company) -> None:
    """Until every agent knows all ship groups of its site, and their customers' codes."""
    sent = {site["site"]: site["groups"] for site in company.hub_api().get("/api/v1/totals")["sites"]}
    deadline = time.monotonic() + AGREE_SECONDS
    for agent in company.agents:
        api = company.agent_api(agent)
        while api.get("/api/v1/totals")["groups"] != sent.get(agent.site.site, 0):
            if time.monotonic() > deadline:
                raise RuntimeError(f"{agent.name} does not get its orders (see {agent.service.log})")
            time.sleep(0.05)
        api.close()


def wait_agreement(company: Company) -> tuple[Json, dict[str, Json]]:
    """Until every record is at the hub and every feed applied, then everybody's figures."""
    hub = company.hub_api()
    apis = {agent.name: company.agent_api(agent) for agent in company.agents}
    deadline = time.monotonic() + AGREE_SECONDS
    while True:
        states = {name: api.get("/api/v1/sync") for name, api in apis.items()}
        if all(s["link"] == "live" and s["unacked"] == 0 and s["behind"] == 0 for s in states.values()):
            totals = hub.get("/api/v1/totals"), {name: api.get("/api/v1/totals") for name, api in apis.items()}
            at_hub = {site["site"]: site for site in totals[0]["sites"]}
            if all(totals[1][agent.name] == at_hub[agent.site.site] for agent in company.agents):
                break
        if time.monotonic() > deadline:
            raise RuntimeError(f"sites and hub do not come together: {states}")
        time.sleep(0.1)
    for api in (hub, *apis.values()):
        api.close()
    return totals


COLUMNS = (
    ("ordered", "ordered_milli"),
    ("picked", "scanned_milli"),
    ("shorted", "short_milli"),
    ("packed", "in_packages_milli"),
    ("weighed", "weighed"),
    ("labelled", "labelled"),
    ("shipped", "shipped_milli"),
    ("handed over", "handed_over_milli"),
    ("cancelled", "cancelled_milli"),
    ("put back", "put_back_done_milli"),
    ("returned", "returned_here_milli"),
    ("in stock", "on_hand_milli"),
)  # weighed and labelled are parcels, all others units


def _cell(figures: Json, key: str) -> str:
    return _units(figures[key]) if key.endswith("_milli") else f"{figures[key]:,}"


def table(company: Company, outcome: Outcome) -> str:
    """The figures of hub and sites under each other."""
    orders = outcome.hub["orders"]
    rows = [["site", "seen from", *(label for label, _ in COLUMNS)]]
    for site in outcome.hub["sites"]:
        rows.append([site["site"], "hub", *(_cell(site, key) for _, key in COLUMNS)])
        for agent in company.agents:
            if agent.site.site == site["site"]:
                seen = outcome.agents[agent.name]
                rows.append(["", f"agent {agent.name}", *(_cell(seen, key) for _, key in COLUMNS)])
    total = {key: sum(site[key] for site in outcome.hub["sites"]) for _, key in COLUMNS}
    rows.append(["all", "hub", *(_cell(total, key) for _, key in COLUMNS)])
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        f"{orders['orders']} orders at the hub: {_units(orders['ordered_milli'])} units ordered, "
        f"{_units(orders['cancelled_milli'])} cancelled, {_units(orders['waiting_milli'])} waiting, "
        f"{_units(orders['parked_milli'])} parked, {_units(orders['routed_milli'])} routed",
        "",
    ]
    for row in rows:
        cells = [cell.ljust(w) if i < 2 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))]
        lines.append("  ".join(cells).rstrip())
    told = outcome.picked
    lines += [
        "weighed and labelled are parcels, all others units",
        "",
        f"{outcome.scans():,} scans for {_units(sum(p.units_milli for p in told))} units in {outcome.seconds:.0f} s; "
        f"{sum(p.repeated for p in told)} made again",
        f"{sum(p.weighed_again for p in told)} parcels weighed wrong at first, "
        f"{sum(p.looked_for_labels for p in told)} labels looked for, "
        f"{sum(sum(p.printed.values()) for p in told):,} came out",
        f"{outcome.handed_over} pickups handed over, {outcome.undone_hand_overs} of them undone once, "
        f"{outcome.refused_hand_overs} attempts refused",
        f"{outcome.returns} returns at counters, {outcome.approved_returns} of them with a second person",
    ]
    if outcome.kills:
        lines.append(f"{sum(outcome.kills.values())} kills: " + ", ".join(f"{n} {name}" for name, n in sorted(outcome.kills.items())))
    return "\n".join(lines)


def disagreements(company: Company, outcome: Outcome) -> list[str]:
    """What does not fit together, in words; nothing if all is well."""
    wrong = list(outcome.unfinished)
    orders, sites = outcome.hub["orders"], outcome.hub["sites"]
    parts = sum(orders[part] for part in ("cancelled_milli", "waiting_milli", "parked_milli", "routed_milli"))
    if orders["ordered_milli"] != parts:
        wrong.append("ordered is not cancelled + waiting + parked + routed")
    if orders["routed_milli"] != sum(s["ordered_milli"] - s["short_milli"] - s["cancelled_milli"] for s in sites):
        wrong.append("routed is not what the sites' ship groups hold")
    at_hub = {site["site"]: site for site in sites}
    for agent in company.agents:
        if outcome.agents[agent.name] != at_hub[agent.site.site]:
            wrong.append(f"agent {agent.name} and the hub see site {agent.site.site} differently")
    for site in sites:
        where = f"site {site['site']}"
        if site["put_back_milli"] != site["put_back_done_milli"]:
            wrong.append(f"{where}: something is still to be put back")
        if site["packages"] != site["labelled"]:
            wrong.append(f"{where}: {site['packages']} packages, {site['labelled']} labelled")
    untold = sum(site["scanned_milli"] + site["put_back_milli"] for site in sites)
    untold -= sum(picked.units_milli for picked in outcome.picked)
    # A scan can be saved and its verdict lost with the power; then it was made again, as far as units were left.
    if not 0 <= untold <= 1000 * sum(picked.repeated for picked in outcome.picked):
        wrong.append("the pickers were told of other units than the hub knows")
    printed = sum((picked.printed for picked in outcome.picked), Counter())
    wrong += [f"the label {sscc} came out {n} times" for sscc, n in printed.items() if n != 1]
    if sorted(printed) != sorted(outcome.labels):
        wrong.append("the labels that came out are not those of the packages")
    return wrong


def write_log(company: Company, directory: Path) -> None:
    """Every program's event records as JSON lines, for whoever wants to recompute the figures."""
    apis = {"hub": company.hub_api(), **{a.name: company.agent_api(a) for a in company.agents}}
    for name, api in apis.items():
        with (directory / f"{name}.records.jsonl").open("w", encoding="utf-8") as file:
            for record in api.pages("/api/v1/log"):
                file.write(json.dumps(record) + "\n")


def _units(milli: int) -> str:
    whole, rest = divmod(milli, 1000)
    return f"{whole:,}" if rest == 0 else f"{milli / 1000:,.3f}"
