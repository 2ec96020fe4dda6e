"""A company: one hub, its broker, sites with their agents, each agent with stations whose devices cairn-sim plays."""

from __future__ import annotations

import json
import random
import shutil
import socket
import threading
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from lab.api import Api, Json
from lab.broker import write_broker_files
from lab.processes import Service, run


@dataclass(frozen=True)
class Site:
    site: str
    name: str
    kind: str
    latitude: float
    longitude: float
    # One agent for each entry, with as many stations (each with a scanner) as it says.
    devices: tuple[int, ...]


SITES = (
    Site("warehouse", "Warehouse Coventry", "WAREHOUSE", 52.4068, -1.5197, (2,)),
    Site("store-london", "Store London", "STORE", 51.5074, -0.1278, (1,)),
    Site("store-leeds", "Store Leeds", "STORE", 53.8008, -1.5491, (1, 1)),
)


GS1_COMPANY_PREFIX = "9521234"  # 952: GS1's range for examples

# A company of many programs on one disk, often a RAM disk: none of them keeps back much.
BALLAST_MB = 1

# Debian keeps it where only root looks by default.
MOSQUITTO = shutil.which("mosquitto") or "/usr/sbin/mosquitto"


LOWEST_PORT = 10_000
_given: set[int] = set()


def free_port() -> int:
    """A port that nobody has, below those that outgoing connections get: nobody takes it while its program is down."""
    outgoing = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    chance = random.SystemRandom()
    while True:
        port = chance.randrange(LOWEST_PORT, max(outgoing, LOWEST_PORT + 10_000))
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port in _given:
            continue
        _given.add(port)
        return port


@dataclass
class Station:
    """A working place: where its devices are found, and the person who works there."""

    name: str
    scanner: Path
    scale: Path
    printer_port: int
    person: str
    pin: str


@dataclass
class Agent:
    name: str
    site: Site
    node: str
    url: str
    service: Service
    stations: list[Station] = field(default_factory=list)


class Company:
    """Everything lives in `directory`; nothing of it is left after stop() but the files."""

    def __init__(self, directory: Path, binaries: Path, sites: tuple[Site, ...] = SITES, *, partial_orders: str = "split_lines", full_site_hours: int = 0):
        self.directory = directory
        self.binaries = binaries
        self.sites = sites
        self.partial_orders = partial_orders
        self.full_site_hours = full_site_hours  # 0: what is tried here is not whether a site is asked again
        self.hub_node = str(uuid.uuid4())
        self.hub_url = f"http://127.0.0.1:{free_port()}"
        self.broker_port = free_port()
        self.admin = "admin"
        self.admin_pin = ""
        self.manager_pins: dict[str, str] = {}
        self.agents: list[Agent] = []
        self._description_lock = threading.Lock()
        self._described = False  # demo.json is there and kept up to date
        self.broker = Service(
            "broker", [MOSQUITTO, "-c", directory / "broker.conf"], directory / "broker.log"
        )
        self.hub = Service(
            "hub", [binaries / "cairn-hub", "-c", directory / "hub.toml"], directory / "hub.log"
        )

    # ---- life ----

    def start(self) -> None:
        """Broker, hub, then every site with its staff and devices."""
        self.check_unused()
        self.directory.mkdir(parents=True, exist_ok=True)
        passwords = write_broker_files(self.directory, self.broker_port, "hub", [])
        self._write_hub_file(passwords["hub"])
        self.admin_pin = self._create_admin()
        self.hub.start()
        hub = self.hub_api()
        nodes: list[tuple[str, str]] = []
        for site in self.sites:
            self._set_up_site(hub, site)
            nodes += [(agent.node, site.site) for agent in self.agents if agent.site is site]
        passwords = write_broker_files(self.directory, self.broker_port, "hub", nodes)
        self.broker.start()
        for agent in self.agents:
            self._write_agent_file(agent, passwords[agent.node])
            agent.service.start()
        for agent in self.agents:
            self._wait_ready(agent)
        self._describe()

    def check_unused(self, *names: str) -> None:
        """A company begins from nothing: what another one left is neither used nor overwritten."""
        for name in ("demo.json", "hub.toml", "hub", "broker.conf", *names):
            if (self.directory / name).exists():
                raise RuntimeError(
                    f"{self.directory} is in use or was kept: {name} is there; nothing was changed, name another folder or empty it"
                )

    def stop(self) -> None:
        with self._description_lock:
            self._described = False
        for agent in self.agents:
            agent.service.stop()
        self.hub.stop()
        self.broker.stop()

    def services(self) -> list[Service]:
        return [self.broker, self.hub, *(agent.service for agent in self.agents)]

    # ---- ways in ----

    def hub_api(self) -> Api:
        api = Api(self.hub_url)
        api.sign_in(self.admin, self.admin_pin)
        return api

    def agent_api(self, agent: Agent) -> Api:
        """Signed in as the site's manager, who has no station to take from anybody."""
        api = Api(agent.url)
        api.sign_in("manager", self.manager_pins[agent.site.site], "office")
        return api

    def cairn(self, *arguments: str | Path) -> str:
        """Runs the operator's tool against the hub; 0 and 3 (rows rejected) are fine."""
        done = run(
            [self.binaries / "cairn", "--url", self.hub_url, "--user", self.admin, *arguments],
            CAIRN_PIN=self.admin_pin,
        )
        if done.returncode not in (0, 3):
            raise RuntimeError(f"cairn {' '.join(map(str, arguments))}: {done.stderr.strip()}")
        return done.stdout

    # ---- setting up ----

    def broker_url(self, program: str) -> str:
        """Where a program, the hub or an agent by its name, finds the broker."""
        return f"tcp://127.0.0.1:{self.broker_port}"

    def _create_admin(self) -> str:
        done = run(
            [self.binaries / "cairn-hub", "-c", self.directory / "hub.toml", "--create-admin", self.admin]
        )
        if done.returncode != 0:
            raise RuntimeError(f"cairn-hub --create-admin: {done.stderr.strip()}")
        return done.stdout.strip()

    def _set_up_site(self, hub: Api, site: Site) -> None:
        hub.put(
            f"/api/v1/sites/{site.site}",
            {"name": site.name, "kind": site.kind, "latitude": site.latitude, "longitude": site.longitude},
        )
        self.manager_pins[site.site] = hub.post(
            "/api/v1/staff", {"site": site.site, "name": "manager", "role": "STORE_MANAGER"}
        )["pin"]
        picker = 0
        for number, stations in enumerate(site.devices, start=1):
            name = f"{site.site}-{number}" if len(site.devices) > 1 else site.site
            node = hub.post("/api/v1/nodes", {"site": site.site, "name": name})["node"]
            service = Service(
                name,
                [self.binaries / "cairn-agent", "-c", self.directory / f"{name}.toml"],
                self.directory / f"{name}.log",
            )
            agent = Agent(name, site, node, f"http://127.0.0.1:{free_port()}", service)
            for station in range(1, stations + 1):
                picker += 1
                person = f"picker-{picker}"
                pin = hub.post(
                    "/api/v1/staff", {"site": site.site, "name": person, "role": "PICKER"}
                )["pin"]
                bench = f"bench-{station}"
                place = self.directory / "devices" / f"{name}-{bench}"
                scale = place.with_name(f"{place.name}-scale")
                agent.stations.append(Station(bench, place, scale, free_port(), person, pin))
            self.agents.append(agent)

    def _write_hub_file(self, password_file: str) -> None:
        (self.directory / "hub.toml").write_text(
            f"""data_dir = "{self.directory}/hub"

[node]
id = "{self.hub_node}"

[http]
listen = "{self.hub_url.removeprefix('http://')}"

[mqtt]
url = "{self.broker_url('hub')}"
user = "hub"
password_file = "{password_file}"

[routing]
partial_orders = "{self.partial_orders}"
full_site_hours = {self.full_site_hours}

[labels]
gs1_company_prefix = "{GS1_COMPANY_PREFIX}"

[storage]
ballast_mb = {BALLAST_MB}

[backup]
dir = "{self.directory}/backups"
"""
        )

    def _write_agent_file(self, agent: Agent, password_file: str) -> None:
        (self.directory / "devices").mkdir(exist_ok=True)
        devices = "".join(
            f"""
[[device]]
name = "scanner-{station.name}"
kind = "scanner"
url = "serial:{station.scanner}"
protocol = "lines"
baud = 9600
aim = true
station = "{station.name}"

[[device]]
name = "scale-{station.name}"
kind = "scale"
url = "serial:{station.scale}"
protocol = "toledo"
baud = 9600
station = "{station.name}"

[[device]]
name = "printer-{station.name}"
kind = "printer"
url = "tcp://127.0.0.1:{station.printer_port}"
protocol = "zpl"
station = "{station.name}"
"""
            for station in agent.stations
        )
        (self.directory / f"{agent.name}.toml").write_text(
            f"""data_dir = "{self.directory}/{agent.name}"

[node]
id = "{agent.node}"
site = "{agent.site.site}"

[http]
listen = "{agent.url.removeprefix('http://')}"

[mqtt]
url = "{self.broker_url(agent.name)}"
user = "{agent.node}"
password_file = "{password_file}"

[storage]
ballast_mb = {BALLAST_MB}
{devices}"""
        )

    def _wait_ready(self, agent: Agent) -> None:
        """Until the site's people can sign in, which they can once the hub's feed has arrived."""
        try:
            self.agent_api(agent).close()
        except Exception as error:
            raise RuntimeError(f"{agent.name} does not get ready: {error} (see {agent.service.log})") from error

    def _describe(self) -> None:
        """Writes demo.json, now and whenever a program has been started again and has another pid."""
        with self._description_lock:
            self._described = True
        for service in self.services():
            service.on_start = self._write_description
        self._write_description()

    def _write_description(self) -> None:
        with self._description_lock:
            if not self._described:
                return
            file = self.directory / "demo.json"
            new = self.directory / "demo.json.new"
            new.touch(mode=0o600)
            new.write_text(json.dumps(self._description(), indent=2) + "\n")
            new.replace(file)  # whoever reads it meanwhile gets all of the old or all of the new

    def _description(self) -> Json:
        """All that a script needs to take part."""
        return {
            "directory": str(self.directory),
            "binaries": str(self.binaries),
            "broker": {"port": self.broker_port, "pid": self.broker.pid},
            "hub": {
                "url": self.hub_url,
                "node": self.hub_node,
                "config": str(self.directory / "hub.toml"),
                "pid": self.hub.pid,
                "staff": [{"name": self.admin, "role": "ADMIN", "pin": self.admin_pin}],
            },
            "agents": [
                {
                    "name": agent.name,
                    "site": agent.site.site,
                    "node": agent.node,
                    "url": agent.url,
                    "config": str(self.directory / f"{agent.name}.toml"),
                    "pid": agent.service.pid,
                    "staff": [
                        {"name": "manager", "role": "STORE_MANAGER", "pin": self.manager_pins[agent.site.site]},
                        *({"name": s.person, "role": "PICKER", "pin": s.pin} for s in agent.stations),
                    ],
                    "stations": [
                        {
                            "station": s.name,
                            "scanner": str(s.scanner),
                            "scale": str(s.scale),
                            "printer": f"127.0.0.1:{s.printer_port}",
                            "picker": s.person,
                        }
                        for s in agent.stations
                    ],
                }
                for agent in self.agents
            ],
        }
