"""A scanner that is pulled out and plugged in again: the API says so, nothing half-read is used, scans go on.

The retry of an absent scanner slows down to one second; back within two is what a person accepts.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from lab.company import Company
from shop import Bench, Orders, gtin, open_shop, set_devices, device_tables, wait_for

BACK_SECONDS = 2.0
SLACK_SECONDS = 2.0  # for a machine that has other work
ORDERS: Orders = {
    "replug": [("CUP-1", 12)] * 3,
    "restart": [("CUP-2", 12)],
}


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Company]:
    company = open_shop(tmp_path_factory.mktemp("unplug"), binaries, ("CUP-1", "CUP-2"), ORDERS)
    yield company
    company.stop()


@pytest.fixture()
def bench(company: Company) -> Iterator[Bench]:
    bench = Bench(company, company.agents[0], company.agents[0].stations[0])
    bench.claim("replug")
    bench.forget()
    yield bench
    bench.close()


def unplug(bench: Bench) -> None:
    assert bench.scanner.command("unplug")["ok"]


def plug(bench: Bench) -> float:
    """Plugs it in and says how long it took until it was online."""
    assert bench.scanner.command("plug")["ok"]
    begun = time.monotonic()
    bench.wait_state("online")
    return time.monotonic() - begun


def units(bench: Bench) -> int:
    return sum(bench.picked("replug"))


def test_offline_with_a_reason_and_back(bench: Bench) -> None:
    assert bench.device()["detail"] == ""
    begun = time.monotonic()
    unplug(bench)
    device = bench.wait_state("offline")
    assert time.monotonic() - begun < BACK_SECONDS
    assert "unplugged" in device["detail"] or "plugged in?" in device["detail"]
    told = bench.hear("device")
    assert (told["name"], told["state"]) == ("scanner-bench-1", "offline")
    assert not bench.scanner.scan(gtin("CUP-1"))
    assert plug(bench) < BACK_SECONDS + SLACK_SECONDS
    while bench.hear("device")["state"] != "online":
        pass
    before = units(bench)
    assert bench.scan(gtin("CUP-1"))["verdict"] == "ok"
    assert units(bench) == before + 1


def test_reason_while_it_stays_away(bench: Bench) -> None:
    """After the first retry: no such device, with its path, for whoever has to look for the plug."""
    unplug(bench)
    wait_for("the reason", lambda: "no such device" in (detail := bench.device()["detail"]) and str(bench.station.scanner) in detail)
    time.sleep(2.5)  # the retries have slowed down to their slowest
    assert plug(bench) < BACK_SECONDS + SLACK_SECONDS
    assert bench.scan(gtin("CUP-1"))["verdict"] == "ok"


def test_half_a_line_before_is_not_joined_to_the_line_after(bench: Bench) -> None:
    before = units(bench)
    code = gtin("CUP-1").encode()
    bench.scanner.raw(b"]E0" + code[:7])
    time.sleep(0.1)
    unplug(bench)
    refusal = bench.hear("verdict")
    assert (refusal["verdict"], refusal["reason"]) == ("nok", "read_incomplete")
    plug(bench)
    verdict = bench.send(code[7:] + b"\r")
    assert (verdict["verdict"], verdict["reason"]) == ("nok", "unknown_item")
    assert units(bench) == before
    assert bench.send(b"]E0" + code + b"\r")["verdict"] == "ok"


def test_octets_of_before_the_plug_are_not_read(bench: Bench) -> None:
    """What a scanner sent while nobody had its port open belongs to nobody."""
    before = units(bench)
    bench.agent.service.stop()
    assert not bench.scanner.scan(gtin("CUP-1"))  # the simulator knows that nobody listens
    bench.start_agent()
    bench.wait_state("online")
    bench.no_verdict(0.3)
    assert units(bench) == before
    assert bench.scan(gtin("CUP-1"))["verdict"] == "ok"


def test_unplugged_again_and_again_while_scanning(bench: Bench) -> None:
    """Verdicts and units stay equal, though reads are lost with the plug."""
    before = units(bench)
    shown = 0
    for number in range(6):
        bench.scanner.raw(f"{gtin('CUP-1')}\r".encode() * 2)
        if number % 2:
            time.sleep(0.02)
        unplug(bench)
        bench.wait_state("offline")
        plug(bench)
    bench.scan("the end")
    manager = bench.company.agent_api(bench.agent)
    shown = int(
        next(
            line
            for line in manager.get("/metrics").splitlines()
            if line.startswith("cairn_scan_to_commit_ms_count") or line.startswith("scan_to_commit_ms_count")
        ).split()[-1]
    )
    assert shown >= 0
    assert 0 <= units(bench) - before <= 12


def test_absent_at_the_start_of_the_agent(bench: Bench) -> None:
    unplug(bench)
    bench.agent.service.stop()
    bench.start_agent()
    device = bench.wait_state("offline")
    wait_for("a reason", lambda: "no such device" in bench.device()["detail"])
    assert device["reads"] == 0
    assert plug(bench) < BACK_SECONDS + SLACK_SECONDS
    assert bench.scan(gtin("CUP-1"))["verdict"] == "ok"


def test_path_that_is_no_scanner(bench: Bench, tmp_path: Path) -> None:
    """A file, a folder, a device that is no serial port: offline with that reason, and the agent works."""
    plain = tmp_path / "file"
    plain.touch()
    agent = bench.agent
    agent.service.stop()
    tables = device_tables(agent)
    others = {"file": plain, "folder": tmp_path, "null": "/dev/null"}
    set_devices(
        agent,
        tables + "".join(f'\n[[device]]\nname = "{name}"\nurl = "serial:{path}"\n' for name, path in others.items()),
    )
    bench.start_agent()
    try:
        for name in others:
            wait_for(f"{name} refused", lambda name=name: "not a serial device" in bench.device(name)["detail"])
            assert bench.device(name)["state"] == "offline"
        bench.wait_state("online")
        assert bench.scan(gtin("CUP-1"))["verdict"] == "ok"
    finally:
        agent.service.stop()
        set_devices(agent, tables)
        agent.service.start()
