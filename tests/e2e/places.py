"""A packing place and the person who works there, for tests of scales and printers; scans come from the page."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import contextmanager

from lab.api import Json
from lab.bench import Bench as PackingBench
from lab.company import Agent, Company, Station
from shop import Bench, Orders, gtin, wait_for

PRINTING_SECONDS = 35.0  # a label is PRINTING at most about so long (docs/COMMON_ERRORS.md)


def alive(agent: Agent) -> bool:
    connection = http.client.HTTPConnection(agent.url.removeprefix("http://"), timeout=5)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status == 200
    finally:
        connection.close()


@contextmanager
def unharmed(agent: Agent) -> Iterator[None]:
    """Whatever is done to the agent's devices meanwhile, it is the same process afterwards."""
    pid, restarts = agent.service.pid, agent.service.restarts
    yield
    assert (agent.service.pid, agent.service.restarts) == (pid, restarts), "the agent ended"
    assert alive(agent)


class Place:
    """A person at a station, who works without a scanner; what cairn-sim plays there is `hardware`."""

    def __init__(
        self, company: Company, agent: Agent, station: Station, orders: Orders, hardware: PackingBench | None = None
    ):
        self.bench = Bench(company, agent, station, scanner=False)
        self.api = self.bench.api
        self.station = station
        self.hardware = hardware
        self._orders = orders

    def close(self) -> None:
        self.bench.close()
        if self.hardware:
            self.hardware.close()

    def device(self, kind: str) -> Json:
        return self.bench.device(f"{kind}-{self.station.name}")

    def wait_plugged_in(self) -> None:
        for kind in ("scanner", "scale", "printer"):
            self.wait_device(kind, "online")

    def wait_device(self, kind: str, state: str) -> Json:
        return self.bench.wait_state(state, f"{kind}-{self.station.name}")

    def do(self, command: str) -> None:
        assert self.hardware
        answer = self.hardware.command(command)
        assert answer["ok"], answer

    def pick(self, order: str) -> str:
        """All of it; the path of the ship group."""
        self.bench.claim(order)
        for article, units in self._orders[order]:
            for _ in range(units):
                assert self.api.post("/api/v1/scans", {"code": gtin(article)})["verdict"] == "ok"
        return f"/api/v1/ship-groups/{self.bench.group(order)['id']}"

    def pack(self, order: str) -> str:
        """Picked, weighed and packed; the path of the ship group."""
        path = self.pick(order)
        self.put_on_scale(self.api.get(f"{path}/next-package")["expected_mg"])
        self.api.post(f"{path}/packages", {})
        return path

    def put_on_scale(self, weight_mg: int) -> None:
        assert self.hardware
        self.hardware.put_on_scale(weight_mg)

    def package(self, path: str) -> Json:
        (package,) = self.api.get(path)["packages"]
        return package

    def print_label(self, path: str) -> None:
        self.api.post(f"{path}/labels", {"package": self.package(path)["package"]})

    def check_label(self, path: str, came_out: bool) -> None:
        self.api.post(f"{path}/label-checks", {"package": self.package(path)["package"], "came_out": came_out})

    def wait_label(self, path: str, seconds: float = PRINTING_SECONDS) -> Json:
        """The package when its label is no longer on its way."""
        return wait_for("the end of a label", lambda: (p := self.package(path))["label"] != "PRINTING" and p, seconds)

    def wait_in_printer(self) -> None:
        """Until the printer has a label that has not come out yet; only a slow one has it for long enough to see."""
        assert self.hardware
        hardware = self.hardware
        wait_for("a label in the printer", lambda: hardware.command("labels")["waiting"] > 0)

    def printed(self, path: str) -> int:
        """How often the package's label came out of the printer of cairn-sim."""
        assert self.hardware
        self.hardware.look_at_labels()
        return self.hardware.printed[self.package(path)["sscc"]]


@contextmanager
def packing_place(company: Company, agent: Agent, station: Station, orders: Orders) -> Iterator[Place]:
    """A place with the devices of cairn-sim, all plugged in."""
    place = Place(company, agent, station, orders, PackingBench(company.binaries / "cairn-sim", station))
    try:
        place.wait_plugged_in()
        yield place
    finally:
        place.close()
