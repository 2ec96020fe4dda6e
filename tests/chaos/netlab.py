"""A company on a network of cables: broker, hub and every agent have a network namespace of their own, and each program
one cable to the broker, which can be pulled, made slow, or lose what goes one way. The broker speaks TLS.

The company is set up on this machine's own network and moved then.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from island import Island
from lab.api import Answer, Api
from lab.company import Agent, Company, Site
from lab.processes import Service
from shop import toml_file


class IslandApi(Api):
    """The API of a program in a namespace."""

    def __init__(self, url: str, island: Island, *, patience_seconds: float = 60.0):
        super().__init__(url, patience_seconds=patience_seconds)
        self._island = island

    def ask(
        self, method: str, path: str, content: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        with self._island.entered():
            return super().ask(method, path, content, headers)


class Cable:
    """Between a program's namespace and the broker's: interface `broker` there, the program's name here."""

    def __init__(self, number: int, name: str, program: Island, broker: Island):
        self.name = name
        self.broker_address = f"10.77.{number}.1"
        self.address = f"10.77.{number}.2"
        self._program, self._broker = program, broker
        self._far = f"to-{number}"
        _in(program, "ip", "link", "add", "broker", "type", "veth", "peer", "name", self._far, "netns", broker.path.split("/")[2])
        for island, device, address in ((program, "broker", self.address), (broker, self._far, self.broker_address)):
            _in(island, "ip", "address", "add", f"{address}/30", "dev", device)
            _in(island, "ip", "link", "set", device, "up")

    def pull(self) -> None:
        _in(self._program, "ip", "link", "set", "broker", "down")

    def plug(self) -> None:
        _in(self._program, "ip", "link", "set", "broker", "up")

    def lose(self, *, up: bool = False, down: bool = False) -> None:
        """What goes that way vanishes, without a word to whoever sent it."""
        for island, address, lost in ((self._program, self.broker_address, up), (self._broker, self.address, down)):
            _in(island, "ip", "route", "replace" if lost else "del", "blackhole", f"{address}/32", check=lost)

    def slow(self, bits_per_second: int) -> None:
        """Both ways, with a queue of two seconds."""
        for island, device in ((self._program, "broker"), (self._broker, self._far)):
            _in(
                island, "tc", "qdisc", "replace", "dev", device, "root", "tbf",
                "rate", f"{bits_per_second}bit", "burst", "3000", "latency", "2s",
            )  # fmt: skip

    def fast(self) -> None:
        for island, device in ((self._program, "broker"), (self._broker, self._far)):
            _in(island, "tc", "qdisc", "del", "dev", device, "root", check=False)


class CabledCompany(Company):
    def __init__(self, directory: Path, binaries: Path, sites: tuple[Site, ...]):
        super().__init__(directory, binaries, sites)
        self.islands: dict[str, Island] = {}
        self.cables: dict[str, Cable] = {}
        self.certificates = Certificates(directory / "tls")

    def move(self) -> None:
        """From this machine's network to the cables."""
        programs = {"hub": self.hub} | {agent.name: agent.service for agent in self.agents}
        for service in (*programs.values(), self.broker):
            service.stop()
            self.islands[service.name] = Island()
            self._put(service)
        for number, name in enumerate(programs, start=1):
            self.cables[name] = Cable(number, name, self.islands[name], self.islands["broker"])
        addresses = [cable.broker_address for cable in self.cables.values()]
        self.certificates.make(addresses)
        conf = self.directory / "broker.conf"
        conf.write_text(
            conf.read_text().replace(
                f"listener {self.broker_port} 127.0.0.1",
                f"listener {self.broker_port}\ncertfile {self.certificates.broker}\nkeyfile {self.certificates.key}",
            )
        )
        self.broker.start()
        for name, file in ((name, self.file(name)) for name in programs):
            url = f'url = "ssl://{self.cables[name].broker_address}:{self.broker_port}"\nca_file = "{self.certificates.authority}"'
            file.write_text(file.read_text().replace(f'url = "tcp://127.0.0.1:{self.broker_port}"', url))
        for service in programs.values():
            service.start()

    def file(self, name: str) -> Path:
        if name == "hub":
            return self.directory / "hub.toml"
        return toml_file(next(agent for agent in self.agents if agent.name == name))

    def _put(self, service: Service) -> None:
        service.command = ["nsenter", f"--net={self.islands[service.name].path}", "--", *service.command]

    def hub_api(self) -> Api:
        if not self.islands:
            return super().hub_api()
        api = IslandApi(self.hub_url, self.islands["hub"])
        api.sign_in(self.admin, self.admin_pin)
        return api

    def agent_api(self, agent: Agent) -> Api:
        if not self.islands:
            return super().agent_api(agent)
        api = self.open_api(agent)
        api.sign_in("manager", self.manager_pins[agent.site.site], "office")
        return api

    def open_api(self, agent: Agent) -> Api:
        return IslandApi(agent.url, self.islands[agent.name])

    def stop(self) -> None:
        super().stop()
        for island in self.islands.values():
            island.close()


class Certificates:
    """An authority made for a test, and what it signs."""

    def __init__(self, directory: Path):
        self._directory = directory
        self.authority, self.other_authority = directory / "ca.pem", directory / "other-ca.pem"
        self.broker, self.key = directory / "broker.pem", directory / "broker.key"

    def make(self, addresses: list[str]) -> None:
        self._directory.mkdir()
        self.addresses = addresses
        for authority in (self.authority, self.other_authority):
            _openssl(
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", "/CN=an authority of a test", "-keyout", authority.with_suffix(".key"), "-out", authority,
            )  # fmt: skip
        self.sign(addresses)

    def sign(self, addresses: list[str], *, expired: bool = False) -> None:
        """The broker's certificate, anew."""
        request, extensions = self._directory / "request", self._directory / "extensions"
        extensions.write_text("subjectAltName=" + ",".join(f"IP:{address}" for address in addresses) + "\n")
        _openssl(
            "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=broker",
            "-keyout", self.key, "-out", request,
        )  # fmt: skip
        _openssl(
            "x509", "-req", "-in", request, "-CA", self.authority, "-CAkey", self.authority.with_suffix(".key"),
            "-CAcreateserial", "-days", "-1" if expired else "2", "-extfile", extensions, "-out", self.broker,
        )  # fmt: skip


def _openssl(*arguments: str | Path) -> None:
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _in(island: Island, *command: str, check: bool = True) -> None:
    done = subprocess.run(["nsenter", f"--net={island.path}", "--", *command], capture_output=True, text=True, check=False)
    assert done.returncode == 0 or not check, f"{' '.join(command)}: {done.stderr}"
