"""A whole order at a bench whose scanner, scale and printer hang on the USB: the real agent, the real libusb, and devices of
cairn-sim under umockdev that are pulled out in the middle.
"""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
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
    agent.service.command = ["env", f"LD_PRELOAD={libraries}", f"UMOCKDEV_DIR={hardware.bed}", *agent.service.command]
    agent.service.start()
    place = Place(company, agent, station, ORDERS, hardware)
    place.wait_plugged_in()
    yield place
    place.close()


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
