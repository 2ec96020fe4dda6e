"""Thousands of devices at one hub: cairn-sim plays them, broker and hub are real.

Each writes records and waits for their acknowledgement; then all cables are cut at once. The baseline of the
acknowledgements is the broker's answer to a PING behind a frame.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

from lab.api import Api
from lab.broker import EVERY_NODE_RULES, HUB_RULES, NODE_RULES
from suites import Bench, Row, Suite
from suites.machine import cpu_seconds, wait_until
from suites.shop import Shop, open_shop

NODES = 5_000
SITES = 1_000
RATE = 2
SECONDS = 30
CALLERS = 8


def run(bench: Bench) -> Iterator[Row]:
    with open_shop(bench) as shop:
        bench.tell(f"fleet: {NODES} devices are registered")
        accounts = enrol(shop, NODES, SITES)
        found = play(bench, shop, accounts)
    trading, storm = found["trading"], found["storm"]
    yield Row("fleet.ack_p99", trading["p99_ms"], "ms", trading["broker_p99_ms"], 1000)
    yield Row("fleet.acks", trading["acks_per_second"], "/s", None, 0.98 * NODES * RATE, least=True)
    yield Row("fleet.storm", storm["seconds"], "s", None, 90)
    yield Row("fleet.simulator_rss", max(trading["rss_mib"], storm["rss_mib"]), "MiB", None, 64)


def play(bench: Bench, shop: Shop, accounts: Path) -> dict[str, dict[str, float]]:
    command = [bench.binaries / "cairn-sim", "fleet", "--broker", f"127.0.0.1:{shop.broker_port}"]
    command += ["--accounts", accounts, "--rate", str(RATE), "--seconds", str(SECONDS), "--storm"]
    found: dict[str, dict[str, float]] = {}
    bench.tell("fleet: they connect")
    with subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            said = json.loads(line)
            found[said["phase"]] = said
            used = {service.name: round(cpu_seconds(service.pid), 1) for service in (shop.broker, shop.hub)}
            bench.tell(f"fleet: {said}, CPU seconds so far: {used}, simulator {cpu_seconds(process.pid):.1f}")
    if process.returncode != 0:
        raise RuntimeError(f"cairn-sim fleet ended with status {process.returncode}")
    return found


def enrol(shop: Shop, nodes: int, sites: int) -> Path:
    """Registers devices at the hub, makes the broker know them; returns the file that cairn-sim wants."""
    registered = register(shop, nodes, sites)
    passwords = {node: secrets.token_urlsafe(12) for node, _ in registered}
    fresh = shop.directory / "fleet.accounts"
    fresh.touch(mode=0o600)
    fresh.write_text("".join(f"{node}:{password}\n" for node, password in passwords.items()))
    subprocess.run(["mosquitto_passwd", "-U", str(fresh)], check=True)
    with (shop.directory / "broker.accounts").open("a") as known:
        known.write(fresh.read_text())
    (shop.directory / "broker.rules").write_text(
        HUB_RULES.format(hub="hub")
        + "".join(NODE_RULES.format(node=node, site=site) for node, site in registered)
        + EVERY_NODE_RULES
    )
    widen_broker(shop)
    accounts = shop.directory / "fleet.nodes"
    accounts.touch(mode=0o600)
    accounts.write_text("".join(f"{node} {site} {passwords[node]}\n" for node, site in registered))
    return accounts


def widen_broker(shop: Shop) -> None:
    """The hub is one subscriber to everybody: what a store needs is too little for it (docs/benchmarks.md, fleet)."""
    file = shop.directory / "broker.conf"
    text = file.read_text().replace("max_inflight_messages 20\n", "max_inflight_messages 1000\n")
    file.write_text(text.replace("max_queued_messages 200\n", "max_queued_messages 20000\n"))
    first = shop.broker.pid
    shop.broker.kill()  # it is started again, as a service would be
    wait_until(lambda: shop.broker.pid != first and is_open(shop.broker_port), 30, "the broker is started again")


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def register(shop: Shop, nodes: int, sites: int) -> list[tuple[str, str]]:
    """(node, site) of each; several callers at a time, since each waits for a commit."""
    with contextlib.closing(shop.hub_api()) as first:
        token = first.token
    found: list[tuple[str, str]] = []
    failures: list[Exception] = []

    def call(part: int) -> None:
        api = Api(shop.hub_url)
        api.token = token
        try:
            for number in range(part, sites, CALLERS):
                site = f"fleet-{number:05}"
                place = {"name": site, "kind": "STORE", "latitude": 51.5, "longitude": 0.1}
                api.put(f"/api/v1/sites/{site}", place)
                for device in range(number, nodes, sites):
                    node = api.post("/api/v1/nodes", {"site": site, "name": f"device-{device}"})["node"]
                    found.append((node, site))
        except Exception as error:  # noqa: BLE001: told below, by the thread that can
            failures.append(error)
        finally:
            api.close()

    callers = [threading.Thread(target=call, args=(part,)) for part in range(CALLERS)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    if failures:
        raise failures[0]
    return found


SUITE = Suite("fleet", "5,000 devices at one hub, and all of them back after a cut", run)
