"""A device's database is an older one, or two devices have the same one. tests/sim has many more of these."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hands import TWO, Person, open_plain, settled
from lab.api import Api
from lab.company import Agent, Company, free_port
from lab.processes import Service
from shop import toml_file, wait_for, wait_quiet

ALARM_SECONDS = 75.0  # a minute, and how often people look


class Shop:
    def __init__(self, company: Company):
        self.company = company
        self.people = [Person(company, agent) for agent in company.agents]
        self.repaired: set[str] = set()

    def settled(self) -> None:
        settled(self.company, self.people, repaired=self.repaired)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Shop]:
    company = open_plain(tmp_path_factory.mktemp("identity"), binaries, TWO)
    try:
        yield Shop(company)
    finally:
        company.stop()


@pytest.mark.parametrize("guarded", [True, False], ids=["guard file", "no guard file"])
def test_a_restored_database(shop: Shop, guarded: bool) -> None:
    """An older backup is put back: no number is used twice, the lost tail comes back from the hub (I21)."""
    agent = shop.company.agents[0 if guarded else 1]
    person = shop.people[shop.company.agents.index(agent)]
    data = shop.company.directory / agent.name
    backup = shop.company.directory / f"{agent.name}.backup"
    guard = data.with_name(f"{agent.name}.guard")
    agent.service.stop()
    shutil.copytree(data, backup)
    agent.service.start()
    person.begin_order()
    person.pick(5)
    wait_quiet(person.api)
    if guarded:
        marked = guard.stat().st_mtime if guard.exists() else 0.0
        person.pick(1)
        wait_for("the guard file", lambda: guard.exists() and guard.stat().st_mtime > marked, 40)
        wait_quiet(person.api)
    agent.service.stop()
    shutil.rmtree(data)
    backup.rename(data)
    if not guarded:
        guard.unlink(missing_ok=True)
    agent.service.start()
    person.sign_in()  # the backup knows nothing of the session
    person.begin_order()  # which may be the same one, as far as this device knows
    person.pick(4)
    shop.repaired.add(agent.name)
    shop.settled()


@pytest.mark.long
def test_two_devices_with_one_identity(shop: Shop) -> None:
    """A copied disk: both go on picking, both keep all they did, head office is told within a minute (I19)."""
    original = shop.company.agents[0]
    person = shop.people[0]
    original.service.stop()
    data = shop.company.directory / original.name
    copied = shop.company.directory / "copy"
    shutil.copytree(data, copied)
    (copied / "lock").unlink(missing_ok=True)
    copy = the_copy(shop.company, original, copied)
    original.service.start()
    copy.service.start()
    other = Person(shop.company, original, Api(copy.url, patience_seconds=60))
    hub = shop.company.hub_api()
    try:
        begun = time.monotonic()
        told = False
        while not told:
            assert time.monotonic() - begun < ALARM_SECONDS, "head office is not told"
            person.pick(1)
            other.pick(1)
            time.sleep(1.0)
            told = any(node["node"] == original.node and node["problem"] for node in hub.get("/api/v1/nodes")["items"])
    finally:
        hub.close()
    # One after the other has the connection to itself and sends all it did; then one is taken away.
    original.service.stop()
    wait_for("all that the copy did", lambda: (s := other.api.get("/api/v1/sync"))["link"] == "live" and s["unacked"] == 0, 120)
    copy.service.stop()
    original.service.start()
    person.pick(2)
    # What the copy did is known here by the site's feed; its units count for the same groups.
    person.units += other.units
    shop.repaired.add(original.name)
    shop.settled()


def the_copy(company: Company, agent: Agent, data: Path) -> Agent:
    url = f"http://127.0.0.1:{free_port()}"
    text = toml_file(agent).read_text().replace(f'data_dir = "{company.directory}/{agent.name}"', f'data_dir = "{data}"')
    text = text.replace(agent.url.removeprefix("http://"), url.removeprefix("http://")).partition("[[device]]")[0]
    file = company.directory / "copy.toml"
    file.write_text(text)
    service = Service("copy", [company.binaries / "cairn-agent", "-c", file], company.directory / "copy.log")
    return Agent("copy", agent.site, agent.node, url, service, agent.stations)
