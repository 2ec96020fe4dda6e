"""A whole order at a bench whose scanner, scale and printer hang on the USB: the real agent, the real libusb, and devices of
cairn-sim under umockdev that are pulled out in the middle.
"""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from lab.api import Json
from lab.bench import PRINT_MS, SETTLE_MS, Hardware
from lab.bench import Bench as PackingBench
from lab.company import Company, Site
from places import Place, unharmed
from shop import Orders, gtin, open_shop, set_devices

STORE = Site("store", "Store York", "STORE", 53.9583, -1.0803, (1,))
ORDERS: Orders = {"usb": [("CUP-1", 2), ("CUP-2", 1)]}
SCANNER, SCALE, PRINTER = "usb:0c2e:0b61", "usb:0922:8003", "usb:0a5f:0166:SN1"


class UsbBench(PackingBench):
    """The same bench as on ptys and TCP, on the USB."""

    def __init__(self, simulator: Path):
        self.printed = Counter()
        self._seen = 0
        Hardware.__init__(
            self,
            Path("umockdev-wrapper"),
            (
                str(simulator),
                "--scanner", f"scanner={SCANNER},aim",
                "--scale", f"scale={SCALE},settle={SETTLE_MS}",
                "--printer", f"printer={PRINTER},print_ms={PRINT_MS}",
            ),
            3,
        )  # fmt: skip
        self.bed = str(self.command("devices")["devices"][0]["bed"])


def preload(program: Path) -> str:
    """umockdev's library; the address sanitizer's, of a program that has it, wants to be the first."""
    libraries = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout.split()
    return ":".join([*(one for one in libraries if one.startswith("/") and "libasan" in one), "libumockdev-preload.so.0"])


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Company]:
    company = open_shop(tmp_path_factory.mktemp("usb"), binaries, ("CUP-1", "CUP-2"), ORDERS, STORE)
    yield company
    company.stop()


@pytest.fixture()
def place(company: Company) -> Iterator[Place]:
    agent = company.agents[0]
    station = agent.stations[0]
    agent.service.stop()
    hardware = UsbBench(company.binaries / "cairn-sim")
    tables = [
        f'[[device]]\nname = "{kind}-{station.name}"\nkind = "{kind}"\nurl = "{url}"\nstation = "{station.name}"\n'
        for kind, url in (("scanner", SCANNER), ("scale", SCALE), ("printer", PRINTER))
    ]
    set_devices(agent, "\n".join(tables))
    libraries = preload(company.binaries / "cairn-agent")
    command = agent.service.command
    agent.service.command = ["env", f"LD_PRELOAD={libraries}", f"UMOCKDEV_DIR={hardware.bed}", *command]
    agent.service.start()
    place = Place(company, agent, station, ORDERS, hardware)
    place.wait_plugged_in()
    yield place
    place.close()
    agent.service.command = command


def test_identify_names_what_is_plugged_in(company: Company, place: Place) -> None:
    """While the agent works with all of it, it takes nothing from it; nor from the drivers of the kernel."""
    assert isinstance(place.hardware, UsbBench)
    tool = company.binaries / "cairn"
    environment = {"LD_PRELOAD": preload(tool), "UMOCKDEV_DIR": place.hardware.bed}

    def identify(*words: str) -> str:
        done = subprocess.run(
            [str(tool), "device", "identify", *words], env=environment, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, done
        return done.stdout

    def found() -> list[Json]:
        """Scanner, scale and printer, in the order of their ports."""
        return [one for one in map(json.loads, identify("--json").splitlines()) if one["url"].startswith("usb:")]

    scanner, scale, printer = found()
    assert all("in use" in one["place"] for one in (scanner, scale, printer))
    assert (printer["url"], printer["kind"]) == (PRINTER, "printer")
    assert f'url = "{PRINTER}"' in printer["toml"] and 'kind = "printer"' in printer["toml"]
    assert "another program has it" in scanner["problem"] and scanner["toml"] == ""
    assert identify(PRINTER).startswith(f"{PRINTER}: ")
    with closing(company.agent_api(company.agents[0])) as manager:
        for kind in ("scanner", "scale", "printer"):
            assert place.device(kind)["state"] == "online"
            manager.post(f"/api/v1/devices/{kind}-{place.station.name}/release")
        released = found()  # the drivers of the kernel have them again
        assert [one["url"] for one in released] == [one["url"] for one in (scanner, scale, printer)], released
        for kind in ("scanner", "scale", "printer"):
            manager.post(f"/api/v1/devices/{kind}-{place.station.name}/claim")
            place.wait_device(kind, "online")


def test_whole_order_over_the_usb(company: Company, place: Place) -> None:
    with unharmed(company.agents[0]):
        path = f"/api/v1/ship-groups/{place.bench.claim('usb')['id']}"
        for article in ("CUP-1", "CUP-2", "CUP-1"):
            # In the middle of a code; it is back before the next.
            place.do("usb @scanner unplug_after=1")
            place.do(f"scan {'7' * 100}")
            place.wait_device("scanner", "offline")
            place.do("plug @scanner")
            place.wait_device("scanner", "online")
            place.do(f"scan {gtin(article)}")
            verdict = place.bench.hear("verdict")
            while verdict["verdict"] != "ok":  # the code that broke off
                verdict = place.bench.hear("verdict")
            assert verdict["sku"] == article
        place.put_on_scale(place.api.get(f"{path}/next-package")["expected_mg"])
        place.api.post(f"{path}/packages", {})
        place.print_label(path)
        assert place.wait_label(path)["label"] == "PRINTED"
        assert place.printed(path) == 1
