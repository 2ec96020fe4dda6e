"""The bus misbehaves between hub, agents and broker: whatever it does to messages and connections, all agree afterwards.

Two agents of one site work on while it happens.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import mqtt_packets as mqtt
import pytest
from hands import EVERYTHING, TWO, DisturbedCompany, Person, open_disturbed, settled
from lab.api import Json
from shop import wait_for, wait_quiet

DETECT_SECONDS = 30.0
SLACK_SECONDS = 5.0  # a loaded machine
UNITS = 40 if EVERYTHING else 12  # each person picks while a fault is on


class World:
    def __init__(self, company: DisturbedCompany):
        self.company = company
        self.people = [Person(company, agent) for agent in company.agents]

    def all_pick(self, units: int = UNITS, meanwhile: Callable[[], None] = lambda: None) -> None:
        errors: list[BaseException] = []

        def work(person: Person) -> None:
            try:
                person.pick(units)
            except BaseException as error:  # noqa: BLE001: told below
                errors.append(error)

        threads = [threading.Thread(target=work, args=(person,)) for person in self.people]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            meanwhile()
            time.sleep(0.05)
        assert errors == []

    def sync(self, agent: int = 0) -> Json:
        return dict(self.people[agent].api.get("/api/v1/sync"))

    def wait_quiet(self) -> None:
        for person in self.people:
            wait_quiet(person.api)

    def settled(self) -> None:
        self.company.heal()
        settled(self.company, self.people)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[World]:
    company = open_disturbed(tmp_path_factory.mktemp("bus"), binaries, TWO)
    try:
        yield World(company)
    finally:
        company.stop()


@pytest.fixture
def world(opened: World) -> Iterator[World]:
    """At rest, links whole and counted from here on."""
    opened.company.heal()
    opened.wait_quiet()
    for link in opened.company.links.values():
        link.forget()
    yield opened
    opened.company.heal()


def test_duplicated_and_overtaken_messages(world: World) -> None:
    """30 % delivered twice, 30 % held behind the next 1 to 200, both ways on every link: effects once, in order (I6, I7)."""
    for link in world.company.links.values():
        for rules in (link.up, link.down):
            rules.duplicate, rules.hold = 0.3, 0.3
    world.all_pick(2 * UNITS)
    world.wait_quiet()  # it goes on under the faults, not only after them
    links = world.company.links.values()

    def least() -> int:
        duplicated = sum(link.seen_up.duplicated + link.seen_down.duplicated for link in links)
        return min(duplicated, sum(link.seen_up.held + link.seen_down.held for link in links))

    for _ in range(60):
        if least() > 3:
            break
        world.all_pick(1)
        time.sleep(0.15)
    assert least() > 3
    world.settled()


def test_lost_messages(world: World) -> None:
    """20 % of all messages vanish behind a PUBACK, as in a broker: nothing is lost (I1, I6)."""
    for link in world.company.links.values():
        link.up.drop = link.down.drop = 0.2
    links = world.company.links.values()
    for _ in range(60):
        world.all_pick(1)
        time.sleep(0.15)
        if sum(link.seen_up.dropped + link.seen_down.dropped for link in links) > 8:
            break
    assert sum(link.seen_up.dropped + link.seen_down.dropped for link in links) > 8
    world.settled()


def test_lost_acknowledgements(world: World) -> None:
    """Half of the hub's acks vanish: only retransmissions, at most twice the useful octets wasted."""
    link = world.company.links[world.company.agents[0].name]
    link.down.drop, link.down.topics = 0.5, "/ack"
    before = world.sync()["head"]
    for number in range(20):
        if number >= 4 and link.seen_down.dropped >= 3:
            break
        world.people[0].pick(UNITS)
        wait_quiet(world.people[0].api)
    manager = world.company.agent_api(world.people[0].agent)
    useful = sum(
        len(bytes.fromhex(record["record"])) + 2
        for record in manager.pages("/api/v1/log")
        if record["node"] == world.people[0].agent.node and record["seq"] > before
    )
    manager.close()
    sent = sum(octets for topic, octets in link.seen_up.octets.items() if "/up/" in topic)
    frames = sum(count for topic, count in link.seen_up.publishes.items() if "/up/" in topic)
    assert link.seen_down.dropped >= 3
    # A frame's header is not waste of a lost ack; a frame that is sent again with all its octets is.
    assert sent <= 3 * (useful + 88 * frames), f"{sent} octets sent for {useful} of records"
    world.settled()


def test_reset_connections(world: World) -> None:
    """Every connection ends by a TCP reset again and again: all comes back, nothing is lost."""
    last = time.monotonic()
    resets = 0

    def meanwhile() -> None:
        nonlocal last, resets
        if time.monotonic() - last > 0.7:
            last, resets = time.monotonic(), resets + 1
            for link in world.company.links.values():
                link.reset()

    begun = time.monotonic()
    while time.monotonic() - begun < (30 if EVERYTHING else 4):
        world.all_pick(3, meanwhile)
    assert resets >= 2
    world.settled()


def test_connections_cut_at_an_octet(world: World) -> None:
    """A connection breaks in the middle of a packet, wherever: half a packet has no effect."""
    link = world.company.links[world.company.agents[0].name]
    places = [13, 150, 420] if not EVERYTHING else list(range(1, 900, 9))
    for number, place in enumerate(places):
        link.down.cut_after, link.up.cut_after = (place, -1) if number % 2 else (-1, place)
        accepted = link.accepted
        link.reset()
        world.people[0].pick(1)
        wait_for("a connection that is cut", lambda accepted=accepted: link.accepted > accepted and link.connections == 0, 40)
    link.heal()
    wait_for("a whole connection", lambda: world.sync()["link"] == "live", 60)
    world.settled()


def test_half_open_connections(world: World) -> None:
    """The peer is gone and TCP does not know: noticed within 30 s, by agents and hub; work goes on."""
    for link in world.company.links.values():
        link.up.deaf = link.down.deaf = True
    begun = time.monotonic()
    world.people[0].pick(3)
    noticed = {}

    def all_noticed() -> bool:
        for name, link in world.company.links.items():
            if name not in noticed and link.accepted > accepted[name]:
                noticed[name] = time.monotonic() - begun
        return len(noticed) == len(accepted)

    accepted = {name: link.accepted for name, link in world.company.links.items()}
    wait_for("everybody tries another connection", all_noticed, 2 * DETECT_SECONDS)
    assert world.sync(0)["link"] == world.sync(1)["link"] == "down"
    assert max(noticed.values()) <= DETECT_SECONDS + SLACK_SECONDS, noticed
    world.people[1].pick(3)
    world.settled()


@pytest.mark.parametrize("which", ["CONNACK", "PUBACK", "SUBACK"])
def test_a_client_that_hangs(world: World, which: str) -> None:
    """The broker accepts and never answers: the watchdog makes another client within 30 s, no thread or file is left."""
    name = world.company.agents[0].name
    link = world.company.links[name]
    before = resources(world, name)
    link.down.stall_kinds = {getattr(mqtt, which)}
    if which != "PUBACK":
        link.reset()
    accepted = link.accepted
    rounds = 12 if EVERYTHING and which == "CONNACK" else 1
    begun = time.monotonic()
    world.people[0].pick(1)
    wait_for(
        "another client", lambda: link.accepted >= accepted + rounds + (which != "PUBACK"), rounds * DETECT_SECONDS + SLACK_SECONDS
    )
    assert time.monotonic() - begun <= rounds * DETECT_SECONDS + SLACK_SECONDS
    link.heal()
    link.reset()
    wait_for("the link", lambda: world.sync()["link"] == "live", 60)
    wait_for("nothing is left over", lambda: all(now <= then + 1 for now, then in zip(resources(world, name), before, strict=True)), 30)
    world.settled()


def resources(world: World, name: str) -> tuple[int, int]:
    """Open files and threads of an agent."""
    pid = next(agent.service.pid for agent in world.company.agents if agent.name == name)
    proc = next(path for path in (Path(f"/proc/{pid}"),) if path.exists())
    return len(list((proc / "fd").iterdir())), len(list((proc / "task").iterdir()))


@pytest.mark.long
def test_two_hundred_lost_connections_leave_nothing(world: World) -> None:
    """No thread and no file is left over after many connections."""
    name = world.company.agents[0].name
    link = world.company.links[name]
    before = resources(world, name)
    for _ in range(200):
        wait_for("the link", lambda: link.connections > 0, 60)
        link.reset()
    link.reset()
    wait_for("the link", lambda: world.sync()["link"] == "live", 60)
    wait_for("nothing is left over", lambda: all(now <= then + 1 for now, then in zip(resources(world, name), before, strict=True)), 30)
    world.settled()
