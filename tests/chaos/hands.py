"""People who pick, in a company whose links to the broker can be disturbed, and what must be so when all is well again."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import facts as happened
import records as wire
from agreement import compare_logs, differences, log_by_event, refused_records
from fault_proxy import FaultProxy
from lab.api import Api, Json, Problem
from lab.company import Agent, Company, Site, free_port
from lab.main_job import wait_agreement, write_log
from shop import Orders, gtin, open_shop

EVERYTHING = os.environ.get("CAIRN_CHAOS") == "all"
ARTICLES = tuple(f"CUP-{number}" for number in range(1, 6))
UNITS = 10  # of each line: below what is keyed instead of scanned
ORDER_COUNT = 60
ORDERS: Orders = {
    f"order-{number:03}": [(ARTICLES[(number + line) % len(ARTICLES)], UNITS) for line in range(2)]
    for number in range(ORDER_COUNT)
}
ONE = Site("shop", "Shop York", "STORE", 53.9583, -1.0803, (1,))
TWO = Site("shop", "Shop York", "STORE", 53.9583, -1.0803, (1, 1))


class DisturbedCompany(Company):
    """Each program reaches the broker through a proxy of its own: `links[name]`, `hub` for the hub's."""

    def __init__(self, directory: Path, binaries: Path, sites: tuple[Site, ...]):
        super().__init__(directory, binaries, sites)
        self.links: dict[str, FaultProxy] = {}

    def broker_url(self, program: str) -> str:
        if program not in self.links:
            self.links[program] = FaultProxy(free_port(), self.broker_port)
        return f"tcp://127.0.0.1:{self.links[program].port}"

    def heal(self) -> None:
        for link in self.links.values():
            link.heal()

    def stop(self) -> None:
        super().stop()
        for link in self.links.values():
            link.close()


def open_disturbed(directory: Path, binaries: Path, site: Site) -> DisturbedCompany:
    return open_shop(directory, binaries, ARTICLES, ORDERS, site, kind=DisturbedCompany)


def open_plain(directory: Path, binaries: Path, site: Site = ONE) -> Company:
    return open_shop(directory, binaries, ARTICLES, ORDERS, site)


class Person:
    """Picks at an agent's first station, by its page. What was shown as saved is remembered."""

    def __init__(self, company: Company, agent: Agent, api: Api | None = None):
        self.agent = agent
        self.api = api or Api(agent.url, patience_seconds=60)
        self.events: list[str] = []
        self.units: Counter[str] = Counter()  # ship group -> units shown as taken
        self._number = company.agents.index(agent)
        self._of = len(company.agents)
        self._group: Json | None = None
        self._untouched = False
        self.sign_in()

    def sign_in(self) -> None:
        station = self.agent.stations[0]
        self.api.sign_in(station.person, station.pin, station.name)

    def pick(self, units: int) -> None:
        for _ in range(units):
            self.take(self.api.post("/api/v1/scans", {"code": self.next_code()}))

    def begin_order(self) -> None:
        """The next scan is of an order that nobody has touched."""
        self._group = None
        self._untouched = True

    def take(self, verdict: Json) -> None:
        """A verdict that was shown."""
        assert verdict["verdict"] == "ok", verdict
        self.events.append(verdict["event"])
        self.units[verdict["group"]] += verdict["taken_milli"] // 1000

    def next_code(self) -> str:
        """What is to be scanned now; takes the next task when there is nothing left of this one."""
        while True:
            if self._group:
                group = self.api.get(f"/api/v1/ship-groups/{self._group['id']}")
                for line in group["lines"]:
                    if line["open_milli"] > 0:
                        return gtin(line["sku"])
            tasks = self.api.pages("/api/v1/tasks")
            own = [task for task in tasks if int(task["order_reference"][-3:]) % self._of == self._number]
            if self._untouched:
                own = [task for task in own if task["claim"] is None and task["picked_milli"] == 0]
                self._untouched = False
            assert own, "no order is left: ORDER_COUNT is too small"
            try:
                self._group = self.api.post(f"/api/v1/tasks/{own[0]['id']}/claim")
            except Problem as problem:
                if problem.status not in (409, 422):
                    raise

    def close(self) -> None:
        self.api.close()


def head(api: Api) -> int:
    """How many records an agent has written."""
    return int(api.get("/api/v1/sync")["head"])


def settled(company: Company, people: Iterable[Person] = (), *, repaired: Iterable[str] | None = ()) -> None:
    """Hub and agents come to agree on every figure, and on everything that people were shown.

    `repaired`: names of agents that have begun a new incarnation; None: each may have. `people`: all who picked, since the
    beginning.
    """
    people, names = list(people), set(repaired or ())
    at_hub, at_agents = wait_agreement(company)
    hub = company.hub_api()
    hub_log = log_by_event(hub)
    wrong = refused_records("hub", hub)
    for agent in company.agents:
        api = company.agent_api(agent)
        shown = [event for person in people if person.agent is agent for event in person.events]
        # A database that was put back numbers what it does until the hub is met as it did before.
        anew = None if repaired is None else agent.name in names
        if len(set(shown)) != len(shown) and anew is False:
            wrong.append(f"{agent.name}: two verdicts showed the same event")
        wrong += compare_logs(agent, set(shown), log_by_event(api), hub_log, repaired=anew)
        wrong += refused_records(agent.name, api)
        there = next(site for site in at_hub["sites"] if site["site"] == agent.site.site)
        wrong += differences(agent.name, at_agents[agent.name], there)
        api.close()
    wrong += doubled(hub, people)
    wrong += against_oracle(company, at_hub, at_agents)
    hub.close()
    assert not wrong, "\n".join(wrong[:20])


def doubled(hub: Api, people: list[Person]) -> list[str]:
    """Ship groups of which the hub counts other units than people were shown."""
    shown = sum((person.units for person in people), Counter())
    wrong = []
    for group in hub.pages("/api/v1/ship-groups"):
        taken = group["picked_milli"] // 1000
        if taken != shown[group["id"]]:
            wrong.append(f"order {group['order_reference']}: {taken} units are picked, {shown[group['id']]} were shown")
    return wrong


def against_oracle(company: Company, at_hub: Json, at_agents: dict[str, Json]) -> list[str]:
    """The figures, computed again from the exported records with none of the product's code (tests/oracle)."""
    wrong = []
    write_log(company, company.directory)
    shown = {"hub": at_hub["sites"]} | {name: [figures] for name, figures in at_agents.items()}
    for name, sites in shown.items():
        log = wire.read(company.directory / f"{name}.records.jsonl")
        wrong += [f"{name}: {line}" for line in wire.broken_chains(log)]
        facts = happened.gather(log)
        for site in sites:
            for key, value in happened.site_totals(facts, site["site"]).items():
                if site[key] != value:
                    wrong.append(f"{name}: {site['site']} {key} is {site[key]}, the records say {value}")
    return wrong
