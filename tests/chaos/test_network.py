"""Cables between hub, agents and broker are pulled, lose what goes one way, or are slow; and TLS that does not fit.

Each program is in a network namespace of its own (netlab.py). The second site's agent is never disturbed.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hands import ARTICLES, EVERYTHING, ORDERS, TWO, Person, settled
from island import Island
from lab.api import Json
from netlab import CabledCompany
from shop import open_shop, wait_for, wait_quiet

DETECT_SECONDS = 30.0
SLACK_SECONDS = 5.0
CUT_SECONDS = 40.0 if EVERYTHING else 3.0
BACKLOG_UNITS = 250 if EVERYTHING else 120


class Net:
    def __init__(self, company: CabledCompany):
        self.company = company
        self.people = [Person(company, agent, company.open_api(agent)) for agent in company.agents]

    def sync(self, number: int) -> Json:
        return dict(self.people[number].api.get("/api/v1/sync"))

    def pick(self, units: int) -> None:
        for person in self.people:
            person.pick(units)

    def wait_quiet(self) -> None:
        for person in self.people:
            wait_for("agent and hub agree", lambda person=person: quiet(person), 90)

    def settled(self) -> None:
        settled(self.company, self.people)


def quiet(person: Person) -> bool:
    state = person.api.get("/api/v1/sync")
    return state["link"] == "live" and state["unacked"] == 0 and state["behind"] == 0


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Net]:
    if os.geteuid() != 0:
        pytest.skip("network namespaces with cables between them need root")
    try:
        Island().close()
    except OSError as error:
        pytest.skip(f"this machine makes no network namespaces: {error}")
    company = open_shop(tmp_path_factory.mktemp("net"), binaries, ARTICLES, ORDERS, TWO, kind=CabledCompany)
    try:
        company.move()
        yield Net(company)
    finally:
        company.stop()


@pytest.mark.parametrize("who", ["agent", "hub"])
def test_pulled_cable(net: Net, who: str) -> None:
    """An agent or the hub is cut off from the broker: all pick on, all agree when the cable is plugged again (I11, I25)."""
    net.wait_quiet()
    name = net.company.agents[0].name if who == "agent" else "hub"
    cable = net.company.cables[name]
    cable.pull()
    until = time.monotonic() + CUT_SECONDS
    while time.monotonic() < until:
        net.pick(1)
        time.sleep(CUT_SECONDS / 15)
    assert net.sync(0)["unacked"] > 0
    cable.plug()
    net.settled()


def test_one_way_cables(net: Net) -> None:
    """What an agent sends vanishes, what another is sent vanishes: both notice within 30 s."""
    net.wait_quiet()
    first, second = (net.company.cables[agent.name] for agent in net.company.agents)
    first.lose(up=True)
    second.lose(down=True)
    begun = time.monotonic()
    net.pick(2)
    noticed: dict[int, float] = {}

    def both() -> bool:
        for number in (0, 1):
            if number not in noticed and net.sync(number)["link"] == "down":
                noticed[number] = time.monotonic() - begun
        return len(noticed) == 2

    wait_for("both notice", both, 2 * DETECT_SECONDS)
    assert max(noticed.values()) <= DETECT_SECONDS + SLACK_SECONDS, noticed
    net.pick(2)
    for cable in (first, second):
        cable.lose()
    net.settled()


def test_slow_cable(net: Net) -> None:
    """64 kbit/s and a backlog: a question of the session is answered within 10 s all the same, everything goes up."""
    net.wait_quiet()
    cable = net.company.cables[net.company.agents[0].name]
    cable.pull()
    try:
        net.people[0].pick(BACKLOG_UNITS)
        cable.slow(64_000)
        cable.plug()
        wait_for("the link", lambda: net.sync(0)["link"] == "live", 60)
        assert net.sync(0)["unacked"] > 0, "there is no backlog any more: this proves little"
        wait_for("all of it went up", lambda: quiet(net.people[0]), 120)
    finally:
        cable.fast()
        cable.plug()
    net.settled()


@pytest.mark.parametrize("what", ["another authority", "another name", "expired"])
def test_a_certificate_that_does_not_fit(net: Net, what: str) -> None:
    """The broker's certificate is of another authority, another host or expired: no link, picking goes on, then all agree."""
    net.wait_quiet()
    company, agent = net.company, net.company.agents[0]
    certificates = company.certificates
    file = company.file(agent.name)
    as_it_was = file.read_text()
    if what == "another authority":
        file.write_text(as_it_was.replace(str(certificates.authority), str(certificates.other_authority)))
    else:
        company.broker.stop()
        names = ["192.0.2.1"] if what == "another name" else certificates.addresses
        certificates.sign(names, expired=what == "expired")
        company.broker.start()
    agent.service.stop()
    agent.service.start()
    seen = agent.service.log.stat().st_size
    net.people[0].pick(3)

    def refused() -> bool:
        said = agent.service.log.read_text(errors="replace")[seen:]
        return said.count("broker_unreachable") >= 2

    wait_for("two attempts", refused, 40)
    assert "broker_connected" not in agent.service.log.read_text(errors="replace")[seen:]
    assert net.sync(0)["link"] == "down"
    file.write_text(as_it_was)
    if what != "another authority":
        company.broker.stop()
        certificates.sign(certificates.addresses)
        company.broker.start()
    agent.service.stop()
    agent.service.start()
    net.settled()
