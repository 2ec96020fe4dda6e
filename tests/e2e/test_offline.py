"""A store without any network works on as if nothing had happened, from the bin to the customer.

The agent got fifty orders, and the codes of those that are picked up, while it was connected. Then its process is
started again in a network namespace that has nothing but its own loopback: no broker and no hub can be reached from
there. People, scanners, scales and label printers are in there with it. Everything is picked, packed, weighed, labelled,
shipped and handed over; then the agent is back on the network, and everybody agrees.
"""

from __future__ import annotations

import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from island import Island
from lab.api import Json
from lab.company import Agent, Company, Site
from lab.counter import PickupClerk
from lab.main_job import wait_agreement, watch
from lab.picker import Picker, Worker
from shop import Orders, open_shop, wait_for

STORE = Site("store", "Store York", "STORE", 53.9583, -1.0803, (2,))
ARTICLES = [f"CUP-{number}" for number in range(1, 8)]
ORDERS: Orders = {
    f"order-{number:02}": [(ARTICLES[(number + line) % 7], 1 + (number + line) % 3) for line in range(1 + number % 3)]
    for number in range(50)
}
PICKUPS = [order for number, order in enumerate(ORDERS) if number % 3 == 0]
UNITS_MILLI = sum(1000 * units for lines in ORDERS.values() for _, units in lines)


class OnTheIsland(Worker):
    """A person who was cut off with the agent."""

    island: Island

    def run(self) -> None:
        with self.island.entered():
            super().run()


class IslandPicker(OnTheIsland, Picker):
    pass


class IslandClerk(OnTheIsland, PickupClerk):
    pass


@dataclass
class Day:
    """What was seen of the day without a network, and after it."""

    company: Company
    agent: Agent
    codes: dict[str, str]
    before: Json  # the hub's figures
    interfaces: list[str] = field(default_factory=list)
    unreachable: list[str] = field(default_factory=list)  # of broker and hub
    links: set[str] = field(default_factory=set)
    unacked: int = 0
    at_hub_meanwhile: Json = field(default_factory=dict)
    offline: Json = field(default_factory=dict)  # the agent's figures at the end of the day
    printed: Counter[str] = field(default_factory=Counter)
    handed_over: int = 0
    at_hub: Json = field(default_factory=dict)
    at_agent: Json = field(default_factory=dict)


@pytest.fixture(scope="module")
def island() -> Iterator[Island]:
    try:
        made = Island()
        with made.entered():
            pass
    except OSError as error:
        pytest.skip(f"this machine makes no network namespaces: {error}")
    yield made
    made.close()


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory, binaries: Path, island: Island) -> Iterator[Day]:
    company = open_shop(tmp_path_factory.mktemp("offline"), binaries, ARTICLES, ORDERS, STORE, pickups=PICKUPS)
    try:
        agent = company.agents[0]
        day = Day(company, agent, mint_codes(company, agent), company.hub_api().get("/api/v1/totals"))
        command = agent.service.command
        agent.service.stop()
        agent.service.command = ["nsenter", f"--net={island.path}", "--", *command]
        agent.service.start()
        with island.entered():
            look_around(day)
        work(day, island)
        day.at_hub_meanwhile = company.hub_api().get("/api/v1/totals")
        agent.service.stop()
        agent.service.command = command
        agent.service.start()
        day.at_hub, at_agents = wait_agreement(company)
        day.at_agent = at_agents[agent.name]
        yield day
    finally:
        company.stop()


def mint_codes(company: Company, agent: Agent) -> dict[str, str]:
    """Ship group -> code of its customer; the agent has heard of all of them, and of what they are hashed to."""
    hub, manager = company.hub_api(), company.agent_api(agent)
    groups = [group["id"] for group in hub.pages("/api/v1/ship-groups?method=PICKUP")]
    codes = {group: hub.post(f"/api/v1/ship-groups/{group}/pickup-code")["code"] for group in groups}
    wait_for(
        "the codes at the agent",
        lambda: all(g["pickup"]["code_minted"] for g in manager.pages("/api/v1/ship-groups?method=PICKUP")),
    )
    return codes


def look_around(day: Day) -> None:
    """What there is on the island: the agent, and nobody else."""
    links = subprocess.run(["ip", "-o", "link", "show", "up"], capture_output=True, text=True, check=True).stdout
    day.interfaces = [line.split(":")[1].strip() for line in links.splitlines()]
    hub_port = int(day.company.hub_url.rpartition(":")[2])
    for name, port in (("broker", day.company.broker_port), ("hub", hub_port)):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            day.unreachable.append(name)
    day.company.agent_api(day.agent).close()  # until it is ready


def work(day: Day, island: Island) -> None:
    """Two people pick, pack, weigh, label and ship; one of them hands over afterwards."""
    OnTheIsland.island = island
    finish = threading.Event()
    finish.set()
    binaries = day.company.binaries
    pickers = [IslandPicker(day.agent, station, binaries, finish) for station in day.agent.stations]
    clerk = IslandClerk(day.agent, day.agent.stations[0], binaries, day.codes)
    for workers in (pickers, [clerk]):
        for one in workers:
            one.start()
        watch(day.company, list(workers), lambda _: None, lambda: note_link(day, island))
    for picker in pickers:
        day.printed += picker.picked.printed
    day.handed_over = clerk.handed_over
    with island.entered():
        manager = day.company.agent_api(day.agent)
        day.offline = manager.get("/api/v1/totals")
        day.unacked = manager.get("/api/v1/sync")["unacked"]
        manager.close()


def note_link(day: Day, island: Island) -> None:
    with island.entered():
        manager = day.company.agent_api(day.agent)
        day.links.add(manager.get("/api/v1/sync")["link"])
        manager.close()
    time.sleep(0.5)


def test_nothing_but_the_agent_could_be_reached(day: Day) -> None:
    assert day.interfaces == ["lo"]
    assert day.unreachable == ["broker", "hub"]
    assert day.links == {"down"}
    assert day.unacked > len(ORDERS), "everything is still to be sent"
    assert day.at_hub_meanwhile == day.before, "the hub has heard of it"


def test_all_was_done_without_a_network(day: Day) -> None:
    totals = day.offline
    pickup_milli = sum(1000 * units for order in PICKUPS for _, units in ORDERS[order])
    assert totals["ordered_milli"] == UNITS_MILLI
    assert totals["handed_over_milli"] == pickup_milli
    assert totals["shipped_milli"] == UNITS_MILLI - pickup_milli
    assert totals["weighed"] == totals["labelled"] == totals["packages"] >= len(ORDERS) - len(PICKUPS)
    assert day.handed_over == len(PICKUPS)
    opening = next(site for site in day.before["sites"] if site["site"] == STORE.site)["on_hand_milli"]
    assert totals["on_hand_milli"] == opening - UNITS_MILLI


def test_hub_and_agent_agree_afterwards(day: Day) -> None:
    """Nothing changed at the agent by coming back; the hub has taken over all of it."""
    assert day.at_agent == day.offline
    assert next(site for site in day.at_hub["sites"] if site["site"] == STORE.site) == day.at_agent
    hub, manager = day.company.hub_api(), day.company.agent_api(day.agent)
    for api in (hub, manager):
        groups = api.pages("/api/v1/ship-groups")
        ends = Counter((group["method"], group["status"]) for group in groups)
        assert ends == {("SHIP", "SHIPPED"): len(ORDERS) - len(PICKUPS), ("PICKUP", "HANDED_OVER"): len(PICKUPS)}
        assert api.get("/api/v1/exceptions")["items"] == []
        assert api.get("/api/v1/put-backs")["items"] == []
        assert api.get("/api/v1/quarantine")["items"] == []
        assert api.get("/api/v1/log/verify")["ok"]
    for group in hub.pages("/api/v1/ship-groups"):
        path = f"/api/v1/ship-groups/{group['id']}"
        assert hub.get(path) == manager.get(path)
    assert {order["status"] for order in hub.pages("/api/v1/orders")} == {"COMPLETED"}


def test_each_label_came_out_once(day: Day) -> None:
    hub = day.company.hub_api()
    groups = [hub.get(f"/api/v1/ship-groups/{group['id']}") for group in hub.pages("/api/v1/ship-groups?method=SHIP")]
    packages = [package for group in groups for package in group["packages"]]
    assert {package["label"] for package in packages} == {"PRINTED"}
    assert day.printed == Counter({package["sscc"]: 1 for package in packages})
