"""Two truths that clash: what devices did without hearing of each other, or of head office, comes together.

A store with two devices and another store far away lose the broker. Each story below is played while nobody hears
anything; then the devices come back one after the other, in both orders, because the first whom the hub hears stands.
Those that come later were frozen meanwhile in one of the orders, and switched off in the other.
A story is a generator: what happens while everybody is connected; yield; what happens while nobody hears anything;
yield; what is so afterwards. After each story hub and devices must show the same: group, put-backs, exceptions, stock.
"""

from __future__ import annotations

import csv
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from lab.api import Api, Json, Problem, Stream
from lab.bench import PRINT_MS, SSCC, Hardware
from lab.company import Agent, Company, Site
from lab.main_job import wait_agreement
from shop import Orders, open_shop, set_devices, wait_for, wait_quiet

STORE = Site("store", "Store York", "STORE", 53.9583, -1.0803, (1, 1))
FAR = Site("far", "Store Exeter", "STORE", 50.7184, -3.5339, (1,))
OPENING = 10_000

ORDERS: Orders = {
    "same line": [("CUP-1", 3)],
    "halves": [("CUP-2", 2), ("CUP-3", 2), ("CUP-4", 4)],
    "cancel some, pick": [("CUP-5", 3)],
    "cancel all, pick": [("CUP-6", 2)],
    "cancel, pack": [("CUP-7", 3)],
    "cancel, ship": [("CUP-8", 2)],
    "cancel, hand over": [("CUP-9", 2)],
    "two hand-overs": [("CUP-10", 2)],
    "hand-over undone": [("CUP-11", 2)],
    "back in two stores": [("CUP-12", 1)],
    "back at two devices": [("CUP-13", 1)],
    "two packers": [("CUP-14", 2)],
    "two labels": [("CUP-15", 1)],
    "short, pick": [("CUP-16", 2)],
    "count, pick": [("CUP-17", 3)],
    "packed, cancel": [("CUP-18", 2)],
    "handed over, cancel": [("CUP-19", 1)],
    "wrong codes": [("CUP-20", 1)],
    "new code": [("CUP-21", 1)],
    "all of it twice": [("CUP-22", 2)],
    "cancelled, brought back": [("CUP-23", 1)],
    "one in each store": [("CUP-24", 2)],
    "empty bin, pick": [("CUP-25", 2)],
    "goes on": [("CUP-26", 4)],
}
ARTICLES = [article for lines in ORDERS.values() for article, _ in lines]
PICKUPS = (
    "cancel, hand over",
    "two hand-overs",
    "hand-over undone",
    "handed over, cancel",
    "wrong codes",
    "new code",
    "cancelled, brought back",
)


class Desk:
    """A person at a place of their own, who works on one order."""

    def __init__(self, agent: Agent, group: str):
        self.node = agent.node
        self.path = f"/api/v1/ship-groups/{group}"
        self._group = group
        self.api = Api(agent.url)
        person = agent.stations[0]
        self.api.sign_in(person.person, person.pin, f"place of {group[-8:]}")

    def claim(self) -> None:
        self.api.post(f"/api/v1/tasks/{self._group}/claim")

    def pick(self, article: str, units: int) -> None:
        for _ in range(units):
            assert self.api.post("/api/v1/scans", {"code": article})["verdict"] == "ok"

    def short(self, line: int, units: int, reason: str) -> None:
        self.api.post(f"{self.path}/shorts", {"line": line, "quantity_milli": 1000 * units, "reason": reason})

    def pack(self) -> None:
        box = self.api.get(f"{self.path}/next-package")
        self.api.post(f"{self.path}/packages", {"lines": box["lines"], "weight_mg": box["expected_mg"]})

    def label(self) -> str:
        """Prints the label of the only package that is known here and says its SSCC."""
        package = self.api.get(self.path)["packages"][0]["package"]
        self.api.post(f"{self.path}/labels", {"package": package})
        printed = wait_for(
            "the label", lambda: (p := self.api.get(self.path)["packages"][0])["label"] == "PRINTED" and p
        )
        return str(printed["sscc"])

    def ship(self) -> None:
        self.api.post(f"{self.path}/ship")

    def put_back(self, article: str, units: int) -> None:
        """Of the first put-back of the article."""
        one = next(one for one in self.api.get("/api/v1/put-backs")["items"] if one["sku"] == article)
        body = {name: one[name] for name in ("group", "cause", "line")} | {"quantity_milli": 1000 * units}
        assert self.api.post("/api/v1/put-backs", body)["verdict"] == "ok"

    def hand_over(self, code: str) -> str:
        return str(self.api.post(f"{self.path}/hand-over", {"code": code})["outcome"])

    def find_sale(self, order: str) -> None:
        self.api.put("/api/v1/return-draft", {"code": order})
        self.api.put("/api/v1/return-draft/units", {"line": 1, "condition": "RESTOCK", "quantity_milli": 1000})

    def take_back(self) -> None:
        self.api.post("/api/v1/returns", {"reason": "it does not fit"})


class World:
    """The company, and who of the devices is heard first after the broker was away."""

    def __init__(self, company: Company, heard_first: str):
        self.company = company
        self.left, self.right, self.far = company.agents
        self.hub = company.hub_api()
        self.groups = {g["order_reference"]: g for g in self.hub.pages("/api/v1/ship-groups")}
        left_first = heard_first == "left"
        self.early = [self.left] if left_first else [self.right, self.far]
        self.late = [self.right, self.far] if left_first else [self.left]
        self._freezes = left_first
        self._managers = {agent.name: self._manager(agent) for agent in company.agents}
        self._printers = {agent.name: _printer(company, agent) for agent in (self.left, self.right)}

    def close(self) -> None:
        for printer in self._printers.values():
            printer.close()

    def _manager(self, agent: Agent) -> Api:
        api = Api(agent.url)
        api.sign_in("manager", self.company.manager_pins[agent.site.site], "watch tower")
        return api

    # ---- who does what ----

    def at(self, agent: Agent, order: str) -> Desk:
        return Desk(agent, self.groups[order]["id"])

    def at_both(self, order: str) -> tuple[Desk, Desk]:
        return self.at(self.left, order), self.at(self.right, order)

    def second(self, *agents: Agent) -> str:
        """The node of the one of them that the hub hears later."""
        return next(agent.node for agent in agents if agent in self.late)

    def picked(self, agent: Agent, order: str) -> Desk:
        """All of an order is picked; everybody will know."""
        desk = self.at(agent, order)
        desk.claim()
        for article, units in ORDERS[order]:
            desk.pick(article, units)
        return desk

    def code(self, order: str) -> str:
        return str(self.hub.post(f"/api/v1/ship-groups/{self.groups[order]['id']}/pickup-code")["code"])

    def cancel(self, order: str, units: int) -> str:
        """Of line 1, at head office: "" or the reason why not."""
        path = f"/api/v1/orders/{self.groups[order]['order_id']}/cancellations"
        try:
            self.hub.post(path, {"line": 1, "quantity_milli": 1000 * units})
        except Problem as problem:
            return problem.reason
        return ""

    # ---- what is so, at the hub ----

    def group(self, order: str) -> Json:
        return self.hub.get(f"/api/v1/ship-groups/{self.groups[order]['id']}")

    def line(self, order: str, line: int = 1) -> dict[str, int]:
        """Bucket -> units, of the buckets that are not empty."""
        return _units_in(next(one for one in self.group(order)["lines"] if one["line"] == line))

    def order(self, order: str) -> Json:
        return self.hub.get(f"/api/v1/orders/{self.groups[order]['order_id']}")

    def put_backs(self, order: str) -> list[tuple[str, int, int]]:
        """Of what is not all done: node that caused it (of the hub: "hub"), units, of these done."""
        return sorted(
            (self._node(one["cause"]), one["milli"] // 1000, one["done_milli"] // 1000)
            for one in self.about(self.hub, order, "put-backs")
        )

    def exceptions(self, order: str) -> list[tuple[str, str, int, int]]:
        """Kind, node that caused it, line, units."""
        found = [one for site in self.company.sites for one in self.about(self.hub, order, "exceptions", site.site)]
        return sorted((one["kind"], self._node(one["cause"]), one["line"], one["milli"] // 1000) for one in found)

    def stock(self, article: str, site: Site = STORE) -> tuple[int, int]:
        """Units in the article's bin, and at the site."""
        cells = self.hub.get(f"/api/v1/stock?site={site.site}&sku={article}")["items"]
        units = {cell["location"]: cell["on_hand_milli"] // 1000 for cell in cells}
        return sum(n for location, n in units.items() if location.startswith("A-")), sum(units.values())

    def same_everywhere(self, order: str) -> None:
        """What the store's devices show of an order is what the hub shows; of returns, what each site's devices show."""
        path = f"/api/v1/ship-groups/{self.groups[order]['id']}"
        for agent in self.company.agents:
            api, site = self._managers[agent.name], agent.site.site
            if agent.site is STORE:
                assert api.get(path) == self.hub.get(path), agent.name
            for what in ("put-backs", "exceptions"):
                assert self.about(api, order, what) == self.about(self.hub, order, what, site), (agent.name, what)
            for article, _ in ORDERS[order]:
                here = api.get(f"/api/v1/stock?sku={article}")
                assert here == self.hub.get(f"/api/v1/stock?site={site}&sku={article}"), agent.name

    def about(self, api: Api, order: str, what: str, site: str = STORE.site) -> list[Json]:
        """The put-backs or exceptions of an order at a site, as a program shows them."""
        query = f"?site={site}" if api is self.hub else ""
        found = api.get(f"/api/v1/{what}{query}")["items"]
        own = [one for one in found if one["group"] == self.groups[order]["id"]]
        return sorted(own, key=lambda one: (one.get("kind", ""), one["cause"], one["line"]))

    def _node(self, event: str) -> str:
        node = event.partition("/")[0]
        return "hub" if node == self.company.hub_node else node

    # ---- the network ----

    def settle(self) -> None:
        wait_agreement(self.company)

    def cut(self) -> None:
        self.company.broker.stop()
        for agent in self.company.agents:
            api = self._managers[agent.name]
            wait_for("the link to go down", lambda api=api: api.get("/api/v1/sync")["link"] == "down")

    def mend(self) -> None:
        """The early ones are heard; only when all of theirs is everywhere, the late ones come back."""
        for agent in self.late:
            if self._freezes:
                os.kill(agent.service.pid, signal.SIGSTOP)
            else:
                agent.service.stop()
        try:
            self.company.broker.start()
            for agent in self.early:
                wait_quiet(self._managers[agent.name])
        finally:
            for agent in self.late:
                if self._freezes:
                    os.kill(agent.service.pid, signal.SIGCONT)
                else:
                    agent.service.start()
        self.settle()

    def labels(self) -> Counter[str]:
        """SSCC -> labels that came out of all printers."""
        found: Counter[str] = Counter()
        for printer in self._printers.values():
            for label in printer.command("labels")["labels"]:
                match = SSCC.search(printer.command(f"label {label['label']}")["zpl"])
                found[match.group(1) if match else "no SSCC"] += 1
        return found


def _printer(company: Company, agent: Agent) -> Hardware:
    port = agent.stations[0].printer_port
    return Hardware(company.binaries / "cairn-sim", ("--printer", f"printer=127.0.0.1:{port},print_ms={PRINT_MS}"), 1)


def _only_a_printer(agent: Agent) -> None:
    """For whatever place of the device; scans come from pages, weights are keyed."""
    agent.service.stop()
    port = agent.stations[0].printer_port
    set_devices(agent, f'[[device]]\nname = "printer"\nkind = "printer"\nurl = "tcp://127.0.0.1:{port}"\n')
    agent.service.start()


def _units_in(line: Json) -> dict[str, int]:
    buckets = ("open", "picked", "packed", "shipped", "handed_over", "short", "cancelled", "returned")
    return {bucket: line[f"{bucket}_milli"] // 1000 for bucket in buckets if line[f"{bucket}_milli"]}


# ---- the stories ----

Story = Generator[None, None, None]


def two_devices_pick_the_same_line(world: World) -> Story:
    """The first one's picks count; each unit of the second one goes back to its bin."""
    yield
    left, right = world.at_both("same line")
    for desk in (left, right):
        desk.claim()
        desk.pick("CUP-1", 3)
    yield
    second = world.second(world.left, world.right)
    assert world.group("same line")["status"] == "PICKED"
    assert world.group("same line")["claim"]["node"] != second
    assert world.line("same line") == {"picked": 3}
    assert world.put_backs("same line") == [(second, 1, 0)] * 3
    assert world.exceptions("same line") == [("LOST_CLAIM", second, 0, 0)]
    assert world.stock("CUP-1") == (OPENING - 6, OPENING)
    for _ in range(3):
        right.put_back("CUP-1", 1)
    world.settle()
    assert world.put_backs("same line") == []
    assert world.stock("CUP-1") == (OPENING - 3, OPENING)


def each_picks_half_of_an_order(world: World) -> Story:
    """Nothing is lost and nothing is too much: together they have picked what was ordered."""
    yield
    left, right = world.at_both("halves")
    left.claim()
    left.pick("CUP-2", 2)
    left.pick("CUP-4", 2)
    right.claim()
    right.pick("CUP-3", 2)
    right.pick("CUP-4", 2)
    yield
    assert world.group("halves")["status"] == "PICKED"
    assert [world.line("halves", line) for line in (1, 2, 3)] == [{"picked": 2}, {"picked": 2}, {"picked": 4}]
    assert world.put_backs("halves") == []
    assert world.exceptions("halves") == [("LOST_CLAIM", world.second(world.left, world.right), 0, 0)]
    assert [world.stock(article)[0] for article, _ in ORDERS["halves"]] == [OPENING - 2, OPENING - 2, OPENING - 4]


def head_office_cancels_some_while_the_store_picks(world: World) -> Story:
    """What is not cancelled counts; the other units go back."""
    yield
    left = world.at(world.left, "cancel some, pick")
    left.claim()
    left.pick("CUP-5", 3)
    assert world.cancel("cancel some, pick", 2) == ""
    yield
    assert world.group("cancel some, pick")["status"] == "PICKED"
    assert world.line("cancel some, pick") == {"picked": 1, "cancelled": 2}
    assert world.put_backs("cancel some, pick") == [(left.node, 1, 0)] * 2
    assert world.exceptions("cancel some, pick") == []
    assert world.stock("CUP-5") == (OPENING - 3, OPENING)
    assert world.order("cancel some, pick")["cancelled_milli"] == 2000


def head_office_cancels_all_while_the_store_picks(world: World) -> Story:
    yield
    right = world.at(world.right, "cancel all, pick")
    right.claim()
    right.pick("CUP-6", 2)
    assert world.cancel("cancel all, pick", 2) == ""
    yield
    assert world.group("cancel all, pick")["status"] == "CANCELLED"
    assert world.line("cancel all, pick") == {"cancelled": 2}
    assert world.put_backs("cancel all, pick") == [(right.node, 1, 0)] * 2
    assert world.exceptions("cancel all, pick") == []
    assert world.stock("CUP-6") == (OPENING - 2, OPENING)
    assert world.order("cancel all, pick")["status"] == "CANCELLED"


def head_office_cancels_while_the_store_packs(world: World) -> Story:
    """The hub has not heard of the package: the cancellation wins, and the package holds too much."""
    left = world.picked(world.left, "cancel, pack")
    yield
    left.pack()
    assert world.cancel("cancel, pack", 2) == ""
    yield
    group = world.group("cancel, pack")
    assert group["status"] == "PACKED"
    assert [package["lines"] for package in group["packages"]] == [[{"line": 1, "milli": 1000}]]
    assert world.line("cancel, pack") == {"packed": 1, "cancelled": 2}
    assert world.put_backs("cancel, pack") == [("hub", 2, 0)]
    assert world.exceptions("cancel, pack") == [("PACKED_UNPICKED", left.node, 1, 2)]
    assert world.stock("CUP-7") == (OPENING - 3, OPENING)
    left.put_back("CUP-7", 1)
    world.settle()
    assert world.put_backs("cancel, pack") == [("hub", 2, 1)]
    assert world.stock("CUP-7") == (OPENING - 2, OPENING)


def head_office_cancels_while_the_store_ships(world: World) -> Story:
    """What has left has left, and somebody is told that it was cancelled."""
    right = world.picked(world.right, "cancel, ship")
    yield
    right.pack()
    right.label()
    right.ship()
    assert world.cancel("cancel, ship", 2) == ""
    yield
    assert world.group("cancel, ship")["status"] == "CANCELLED"
    assert world.line("cancel, ship") == {"cancelled": 2}
    assert world.exceptions("cancel, ship") == [
        ("PACKED_UNPICKED", right.node, 1, 2),
        ("SHIPPED_AFTER_CANCEL", right.node, 1, 2),
    ]
    assert world.stock("CUP-8") == (OPENING - 2, OPENING - 2)


def head_office_cancels_while_the_customer_takes_it(world: World) -> Story:
    """Never silently both refunded and handed over."""
    left = world.picked(world.left, "cancel, hand over")
    code = world.code("cancel, hand over")
    yield
    assert left.hand_over(code) == "HANDED_OVER"
    assert world.cancel("cancel, hand over", 2) == ""
    yield
    assert world.group("cancel, hand over")["status"] == "CANCELLED"
    assert world.line("cancel, hand over") == {"cancelled": 2}
    assert world.exceptions("cancel, hand over") == [("HANDED_AFTER_CANCEL", left.node, 1, 2)]
    assert world.stock("CUP-9") == (OPENING - 2, OPENING - 2)


def one_order_is_handed_over_on_two_devices(world: World) -> Story:
    """The first stands; the second is a matter for a person. Stock believes that both left."""
    world.picked(world.left, "two hand-overs")
    code = world.code("two hand-overs")
    yield
    for desk in world.at_both("two hand-overs"):
        assert desk.hand_over(code) == "HANDED_OVER"
    yield
    assert world.group("two hand-overs")["status"] == "HANDED_OVER"
    assert world.line("two hand-overs") == {"handed_over": 2}
    assert world.put_backs("two hand-overs") == []
    assert world.exceptions("two hand-overs") == [
        ("DUPLICATE_HANDOVER", world.second(world.left, world.right), 1, 2)
    ]
    assert world.stock("CUP-10") == (OPENING - 2, OPENING - 4)


def second_hand_over_was_a_mistake_and_was_undone(world: World) -> Story:
    """Nothing left the second counter, so nothing clashes, whoever is heard first."""
    world.picked(world.left, "hand-over undone")
    code = world.code("hand-over undone")
    yield
    left, right = world.at_both("hand-over undone")
    for desk in (left, right):
        assert desk.hand_over(code) == "HANDED_OVER"
    right.api.post(f"{right.path}/hand-over/undo")
    yield
    assert world.group("hand-over undone")["status"] == "HANDED_OVER"
    assert world.line("hand-over undone") == {"handed_over": 2}
    assert world.exceptions("hand-over undone") == []
    assert world.stock("CUP-11") == (OPENING - 2, OPENING - 2)


def one_unit_is_returned_in_two_stores(world: World) -> Story:
    """The refund of which the hub hears later is contested, once; the unit counts as returned once."""
    order = "back in two stores"
    left = world.picked(world.left, order)
    left.pack()
    left.label()
    left.ship()
    world.settle()
    far = world.at(world.far, order)
    for desk in (left, far):
        desk.find_sale(order)
    yield
    left.take_back()
    far.take_back()
    yield
    second = world.second(world.left, world.far)
    assert world.line(order) == {"returned": 1}
    assert world.exceptions(order) == [("REFUNDED_ELSEWHERE", second, 1, 1)]
    site = FAR.site if second == far.node else STORE.site
    assert [one["site"] for one in world.about(world.hub, order, "exceptions", site)] == [site]
    assert world.order(order)["returned_milli"] == 1000
    taken = world.hub.get(f"/api/v1/returns?order_id={world.groups[order]['order_id']}")["items"]
    assert sorted((one["site"], one["refund"]["minor"]) for one in taken) == [(FAR.site, 250), (STORE.site, 250)]
    # Both say that it lies with them now: the ledger believes both, the exception says why.
    assert world.stock("CUP-12") == (OPENING, OPENING)
    assert world.stock("CUP-12", FAR) == (OPENING + 1, OPENING + 1)


def one_unit_is_returned_at_two_devices(world: World) -> Story:
    order = "back at two devices"
    left = world.picked(world.left, order)
    left.pack()
    left.label()
    left.ship()
    world.settle()
    right = world.at(world.right, order)
    yield
    for desk in (left, right):
        desk.find_sale(order)
        desk.take_back()
    yield
    assert world.line(order) == {"returned": 1}
    assert world.exceptions(order) == [("REFUNDED_TWICE", world.second(world.left, world.right), 1, 1)]
    assert world.stock("CUP-13") == (OPENING + 1, OPENING + 1)


def two_devices_pack_the_same_units(world: World) -> Story:
    """The first package holds them; of the second somebody has to find out what is in it."""
    world.picked(world.left, "two packers")
    yield
    for desk in world.at_both("two packers"):
        desk.pack()
    yield
    group = world.group("two packers")
    assert group["status"] == "PACKED"
    assert [package["lines"] for package in group["packages"]] == [[{"line": 1, "milli": 2000}], []]
    assert world.line("two packers") == {"packed": 2}
    assert world.exceptions("two packers") == [("PACKED_UNPICKED", world.second(world.left, world.right), 1, 2)]


def two_devices_label_the_same_package(world: World) -> Story:
    """The numbers of the first stand; people are told of the second label."""
    world.picked(world.left, "two labels").pack()
    yield
    left, right = world.at_both("two labels")
    numbers = {desk.node: desk.label() for desk in (left, right)}
    assert numbers[left.node] != numbers[right.node], "an SSCC was used twice"
    yield
    second = world.second(world.left, world.right)
    (package,) = world.group("two labels")["packages"]
    assert package["label"] == "PRINTED"
    assert package["sscc"] == numbers[left.node if second == right.node else right.node]
    assert {one[:2] for one in world.exceptions("two labels")} == {("DUPLICATE_LABEL", second)}
    assert [world.labels()[number] for number in numbers.values()] == [1, 1]


def one_finds_nothing_where_the_other_picks(world: World) -> Story:
    """What was picked is not short, if it is heard first; what was short first is looked for elsewhere."""
    yield
    left, right = world.at_both("short, pick")
    for desk in (left, right):
        desk.claim()
    left.short(1, 2, "NO_VARIANCE")
    right.pick("CUP-16", 2)
    yield
    second = world.second(world.left, world.right)
    picked_first = second == left.node
    assert world.line("short, pick") == {"picked" if picked_first else "short": 2}
    assert world.group("short, pick")["status"] == ("PICKED" if picked_first else "REJECTED")
    assert world.put_backs("short, pick") == ([] if picked_first else [(right.node, 1, 0)] * 2)
    assert world.exceptions("short, pick") == [("LOST_CLAIM", second, 0, 0)]
    assert world.order("short, pick")["waiting_milli"] == (0 if picked_first else 2000)
    assert world.stock("CUP-16") == (OPENING - 2, OPENING)


def head_office_counts_while_the_store_picks(world: World) -> Story:
    """A count is so at its instant: what was picked before it is in it, what is picked after it is not."""
    yield
    left = world.at(world.left, "count, pick")
    left.claim()
    left.pick("CUP-17", 1)
    file = world.company.directory / "count.csv"
    with file.open("w", newline="", encoding="utf-8") as rows:
        writer = csv.writer(rows)
        writer.writerow(["site", "sku", "location", "pick_sequence", "quantity"])
        place = ARTICLES.index("CUP-17") + 1
        writer.writerow([STORE.site, "CUP-17", f"A-{place:02}", place, 50])
    world.company.cairn("import", "stock", file, "--recount")
    left.pick("CUP-17", 2)
    yield
    assert world.line("count, pick") == {"picked": 3}
    assert world.stock("CUP-17") == (48, 51)


def cancellation_after_the_package_was_heard_of(world: World) -> Story:
    """Too late: it is refused with that reason, and nothing changes."""
    left = world.picked(world.left, "packed, cancel")
    yield
    left.pack()
    yield
    before = world.group("packed, cancel")
    assert before["status"] == "PACKED"
    assert world.cancel("packed, cancel", 1) == "too_late"
    assert world.group("packed, cancel") == before
    assert world.put_backs("packed, cancel") == []
    assert world.exceptions("packed, cancel") == []


def cancellation_after_the_hand_over_was_heard_of(world: World) -> Story:
    right = world.picked(world.right, "handed over, cancel")
    code = world.code("handed over, cancel")
    yield
    assert right.hand_over(code) == "HANDED_OVER"
    yield
    assert world.cancel("handed over, cancel", 1) == "too_late"
    assert world.line("handed over, cancel") == {"handed_over": 1}
    assert world.exceptions("handed over, cancel") == []


def wrong_codes_on_two_devices_lock_the_order(world: World) -> Story:
    """Three wrong codes here and three there are six: now nobody can go on guessing."""
    world.picked(world.left, "wrong codes")
    code = world.code("wrong codes")
    yield
    desks = world.at_both("wrong codes")
    for desk in desks:
        for guess in range(1, 4):
            assert desk.hand_over(f"{(int(code) + guess) % 1_000_000:06}") == "WRONG_CODE"
    yield
    pickup = world.group("wrong codes")["pickup"]
    assert (pickup["wrong_codes"], pickup["locked"]) == (6, True)
    for desk in desks:
        with pytest.raises(Problem) as refusal:
            desk.hand_over(code)
        assert refusal.value.reason == "code_locked"
    assert world.line("wrong codes") == {"picked": 1}


def new_code_while_the_customer_comes_with_the_old_one(world: World) -> Story:
    """What a customer has, a customer has."""
    left = world.picked(world.left, "new code")
    code = world.code("new code")
    yield
    assert world.code("new code") != code
    assert left.hand_over(code) == "HANDED_OVER"
    yield
    assert world.group("new code")["status"] == "HANDED_OVER"
    assert world.line("new code") == {"handed_over": 1}
    assert world.exceptions("new code") == []


def two_devices_send_off_the_same_order(world: World) -> Story:
    """From the bin to the door, each by itself: the customer gets it twice, and people are told so."""
    yield
    left, right = world.at_both("all of it twice")
    for desk in (left, right):
        desk.claim()
        desk.pick("CUP-22", 2)
        desk.pack()
        desk.label()
        desk.ship()
    yield
    second = world.second(world.left, world.right)
    group = world.group("all of it twice")
    assert group["status"] == "SHIPPED"
    assert len({package["sscc"] for package in group["packages"]}) == 2
    assert [package["lines"] for package in group["packages"]] == [[{"line": 1, "milli": 2000}], []]
    assert world.line("all of it twice") == {"shipped": 2}
    assert world.exceptions("all of it twice") == [
        ("LOST_CLAIM", second, 0, 0),
        ("PACKED_UNPICKED", second, 1, 2),
        ("SHIPPED_UNPICKED", second, 1, 2),
    ]
    assert world.stock("CUP-22") == (OPENING - 4, OPENING - 4)


def customer_brings_back_what_was_cancelled_meanwhile(world: World) -> Story:
    """Refunded by the cancellation and again at the counter: people are told."""
    order = "cancelled, brought back"
    left = world.picked(world.left, order)
    code = world.code(order)
    yield
    assert left.hand_over(code) == "HANDED_OVER"
    left.find_sale(order)
    left.take_back()
    assert world.cancel(order, 1) == ""
    yield
    assert world.line(order) == {"cancelled": 1}
    assert world.exceptions(order) == [
        ("HANDED_AFTER_CANCEL", left.node, 1, 1),
        ("REFUNDED_ELSEWHERE", left.node, 1, 1),
    ]
    assert world.stock("CUP-23") == (OPENING, OPENING)


def two_units_come_back_in_two_stores(world: World) -> Story:
    """One in each: that is all right."""
    order = "one in each store"
    left = world.picked(world.left, order)
    left.pack()
    left.label()
    left.ship()
    world.settle()
    far = world.at(world.far, order)
    for desk in (left, far):
        desk.find_sale(order)
    yield
    left.take_back()
    far.take_back()
    yield
    assert world.line(order) == {"returned": 2}
    assert world.exceptions(order) == []
    assert world.stock("CUP-24") == (OPENING - 1, OPENING - 1)
    assert world.stock("CUP-24", FAR) == (OPENING + 1, OPENING + 1)


def one_counts_an_empty_bin_from_which_the_other_picks(world: World) -> Story:
    """The bin's stock goes by when it happened, not by who is heard first: below nothing, for people to see."""
    yield
    left, right = world.at_both("empty bin, pick")
    for desk in (left, right):
        desk.claim()
    left.short(1, 2, "NOT_IN_STOCK")
    time.sleep(0.2)  # more than two devices' clocks are apart
    right.pick("CUP-25", 2)
    yield
    picked_first = world.second(world.left, world.right) == left.node
    assert world.line("empty bin, pick") == {"picked" if picked_first else "short": 2}
    assert world.stock("CUP-25") == (-2, 0)


def first_one_goes_on_and_the_other_is_told(world: World) -> Story:
    """Whose claim was lost hears of it on the live stream, or that something was missed, and picks nothing more; the
    other finishes the order."""
    yield
    desks = {desk.node: desk for desk in world.at_both("goes on")}
    streams = {node: Stream(desk.api) for node, desk in desks.items()}
    for desk in desks.values():
        desk.claim()
        desk.pick("CUP-26", 1)
    yield
    second = world.second(world.left, world.right)
    first = next(node for node in desks if node != second)
    group = world.groups["goes on"]["id"]
    heard = [data for event, data in _heard(streams[second]) if event == "ship_group" and data["id"] == group]
    for stream in streams.values():
        stream.stop()
    assert streams[second].connections > 1 or heard[-1]["picked_milli"] == 2000
    assert desks[second].api.get(desks[second].path)["claim"]["node"] == first
    with pytest.raises(Problem) as refusal:
        desks[second].pick("CUP-26", 1)
    assert refusal.value.reason == "no_task"
    desks[first].pick("CUP-26", 2)
    world.settle()
    assert world.group("goes on")["status"] == "PICKED"
    assert world.line("goes on") == {"picked": 4}
    assert world.put_backs("goes on") == []
    assert world.stock("CUP-26") == (OPENING - 4, OPENING)


def _heard(stream: Stream) -> list[tuple[str, Json]]:
    return [stream.events.get_nowait() for _ in range(stream.events.qsize())]


STORIES: dict[str, Callable[[World], Story]] = {
    "same line": two_devices_pick_the_same_line,
    "halves": each_picks_half_of_an_order,
    "cancel some, pick": head_office_cancels_some_while_the_store_picks,
    "cancel all, pick": head_office_cancels_all_while_the_store_picks,
    "cancel, pack": head_office_cancels_while_the_store_packs,
    "cancel, ship": head_office_cancels_while_the_store_ships,
    "cancel, hand over": head_office_cancels_while_the_customer_takes_it,
    "two hand-overs": one_order_is_handed_over_on_two_devices,
    "hand-over undone": second_hand_over_was_a_mistake_and_was_undone,
    "back in two stores": one_unit_is_returned_in_two_stores,
    "back at two devices": one_unit_is_returned_at_two_devices,
    "two packers": two_devices_pack_the_same_units,
    "two labels": two_devices_label_the_same_package,
    "short, pick": one_finds_nothing_where_the_other_picks,
    "count, pick": head_office_counts_while_the_store_picks,
    "packed, cancel": cancellation_after_the_package_was_heard_of,
    "handed over, cancel": cancellation_after_the_hand_over_was_heard_of,
    "wrong codes": wrong_codes_on_two_devices_lock_the_order,
    "new code": new_code_while_the_customer_comes_with_the_old_one,
    "all of it twice": two_devices_send_off_the_same_order,
    "cancelled, brought back": customer_brings_back_what_was_cancelled_meanwhile,
    "one in each store": two_units_come_back_in_two_stores,
    "empty bin, pick": one_counts_an_empty_bin_from_which_the_other_picks,
    "goes on": first_one_goes_on_and_the_other_is_told,
}


class Told:
    """All stories at once, up to where everybody hears everybody again. A story that fails on its way fails in its test."""

    def __init__(self, world: World):
        self.world = world
        self._running = {order: story(world) for order, story in STORIES.items()}
        self._failed: dict[str, BaseException] = {}
        self._go_on()
        world.settle()
        world.cut()
        self._go_on()
        world.mend()

    def _go_on(self) -> None:
        for order, story in self._running.items():
            if order in self._failed:
                continue
            try:
                next(story)
            except BaseException as error:  # noqa: BLE001: raised again by end()
                self._failed[order] = error

    def end(self, order: str) -> None:
        if order in self._failed:
            raise self._failed[order]
        for _ in self._running[order]:
            raise AssertionError("a story has two yields")


@pytest.fixture(scope="module", params=["left", "right"])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Told]:
    directory = tmp_path_factory.mktemp("conflicts")
    company = open_shop(directory, binaries, ARTICLES, ORDERS, STORE, others=(FAR,), pickups=PICKUPS)
    try:
        for agent in company.agents:
            _only_a_printer(agent)
        world = World(company, request.param)
        try:
            yield Told(world)
        finally:
            world.close()
    finally:
        company.stop()


@pytest.mark.parametrize("order", STORIES)
def test_outcome(told: Told, order: str) -> None:
    told.end(order)
    told.world.settle()
    told.world.same_everywhere(order)


def test_everything_is_the_same_everywhere(told: Told) -> None:
    """Of all stories together, and no record is without effect anywhere."""
    world = told.world
    world.settle()
    for order in ORDERS:
        world.same_everywhere(order)
    for api in (world.hub, *(world.company.agent_api(agent) for agent in world.company.agents)):
        assert api.get("/api/v1/quarantine")["items"] == []
        assert api.get("/api/v1/log/verify")["ok"]


@pytest.mark.parametrize("order", ["cancel, ship", "cancel, hand over", "all of it twice"])
def test_nobody_is_asked_to_put_back_what_has_left(told: Told, order: str) -> None:
    assert told.world.put_backs(order) == []
