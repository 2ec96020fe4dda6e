"""A pick with a scanner that is a keyboard: the real agent takes it by the real libevdev from cairn-sim under umockdev, keys
are lost on the way, it is pulled out in the middle of a code, and each good code is one unit.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lab.bench import Hardware
from lab.company import Company, Site
from places import unharmed
from shop import Bench, Orders, gtin, open_shop, set_devices
from test_usb import preload

STORE = Site("store", "Store York", "STORE", 53.9583, -1.0803, (1,))
ORDERS: Orders = {"keyboard": [("CUP-1", 2), ("CUP-2", 1)]}
SCANNER, LAYOUT = "evdev:05e0:1200", "fr"  # digits are typed with Shift there


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Company]:
    company = open_shop(tmp_path_factory.mktemp("keyboard"), binaries, ("CUP-1", "CUP-2"), ORDERS, STORE)
    yield company
    company.stop()


@pytest.fixture()
def scanner(company: Company) -> Iterator[Hardware]:
    agent = company.agents[0]
    station = agent.stations[0]
    agent.service.stop()
    simulator = str(company.binaries / "cairn-sim")
    spec = f"scanner={SCANNER},layout={LAYOUT},aim"
    hardware = Hardware(Path("umockdev-wrapper"), (simulator, "--scanner", spec), 1)
    bed = hardware.command("devices")["devices"][0]["bed"]
    set_devices(
        agent,
        f'[[device]]\nname = "scanner-{station.name}"\nurl = "{SCANNER}"\nlayout = "{LAYOUT}"\naim = true\n'
        f'station = "{station.name}"\n',
    )
    libraries = preload(company.binaries / "cairn-agent")
    agent.service.command = ["env", f"LD_PRELOAD={libraries}", f"UMOCKDEV_DIR={bed}", *agent.service.command]
    agent.service.start()
    yield hardware
    hardware.close()


def test_what_is_typed_is_picked_once(company: Company, scanner: Hardware) -> None:
    agent = company.agents[0]
    station = agent.stations[0]
    bench = Bench(company, agent, station, scanner=False)

    def do(command: str) -> None:
        answer = scanner.command(command)
        assert answer["ok"], answer

    def wait(state: str) -> None:
        bench.wait_state(state, f"scanner-{station.name}")

    wait("online")
    with unharmed(agent):
        bench.claim("keyboard")
        for article in ("CUP-1", "CUP-2", "CUP-1"):
            do("keys drop")
            do(f"scan {gtin(article)}")
            assert bench.hear("verdict")["reason"] == "read_incomplete"
            do("keys unplug_after=9")
            do(f"scan {gtin(article)}")
            assert bench.hear("verdict")["reason"] == "read_incomplete"
            wait("offline")
            do("plug")
            wait("online")
            do(f"scan {gtin(article)}")
            verdict = bench.hear("verdict")
            assert (verdict["verdict"], verdict["sku"]) == ("ok", article)
        assert bench.picked("keyboard") == [2, 1]
    bench.close()
