"""A hub with its broker and one store, whose devices are started by hand and timed."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from lab.api import Api, Problem
from lab.broker import write_broker_files
from lab.company import Agent, Company, Site, free_port
from lab.processes import Service
from suites import Bench

STORE = Site("store-1", "Store", "STORE", 51.5074, -0.1278, ())


class Shop(Company):
    def __init__(self, directory: Path, binaries: Path):
        super().__init__(directory, binaries, (STORE,))

    def device(self, name: str) -> Agent:
        """Known to hub and broker; its data directory may be filled before it is started."""
        with contextlib.closing(self.hub_api()) as hub:
            node = hub.post("/api/v1/nodes", {"site": STORE.site, "name": name})["node"]
        service = Service(
            name, [self.binaries / "cairn-agent", "-c", self.directory / f"{name}.toml"], self.directory / f"{name}.log"
        )
        agent = Agent(name, STORE, node, f"http://127.0.0.1:{free_port()}", service)
        self.agents.append(agent)
        nodes = [(known.node, STORE.site) for known in self.agents]
        passwords = write_broker_files(self.directory, self.broker_port, "hub", nodes)
        os.kill(self.broker.pid, signal.SIGHUP)
        self._write_agent_file(agent, passwords[node])
        return agent

    def start_device(self, agent: Agent) -> float:
        """Seconds until it says that it is ready."""
        begin = time.monotonic()
        agent.service.start()
        host, _, port = agent.url.removeprefix("http://").partition(":")
        while True:
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection(host, int(port), timeout=5)
                connection.request("GET", "/readyz")
                if connection.getresponse().status == 200:
                    return time.monotonic() - begin
            if time.monotonic() - begin > 60:
                raise RuntimeError(f"{agent.name} does not get ready")
            time.sleep(0.002)

    def manager(self, agent: Agent, seconds: float) -> Api:
        """Signed in, once the device has heard of its staff."""
        end = time.monotonic() + seconds
        api = Api(agent.url)
        while True:
            try:
                api.sign_in("manager", self.manager_pins[STORE.site], "office")
                return api
            except Problem:
                if time.monotonic() > end:
                    raise
                time.sleep(0.02)

    def held(self, hub: Api, agent: Agent) -> int:
        """How many of the device's records the hub has."""
        nodes = hub.get("/api/v1/nodes")["items"]
        return next(node["hwm"] for node in nodes if node["node"] == agent.node)


def metric(url: str, name: str) -> float:
    with urllib.request.urlopen(f"{url}/metrics", timeout=10) as answer:
        for line in answer.read().decode().splitlines():
            words = line.split()
            if len(words) == 2 and words[0] in (name, f"cairn_{name}"):
                return float(words[1])
    return 0.0


@contextlib.contextmanager
def open_shop(bench: Bench) -> Iterator[Shop]:
    with bench.folder() as folder:
        shop = Shop(folder, bench.binaries)
        try:
            shop.start()
            yield shop
        finally:
            shop.stop()
