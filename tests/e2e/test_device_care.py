"""Looking after devices while people work: tests, release to another program, claim, and what is counted."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from lab.api import Api, Json, Problem
from lab.company import Agent, Company, Site
from places import Place, packing_place, unharmed
from shop import Orders, gtin, open_shop, wait_for

STORE = Site("store", "Store York", "STORE", 53.9583, -1.0803, (2,))
ORDERS: Orders = {name: [("CUP-1", 1)] for name in ("scanned", "labelled", "weighed")}


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Company]:
    company = open_shop(tmp_path_factory.mktemp("care"), binaries, ("CUP-1",), ORDERS, STORE)
    yield company
    company.stop()


@pytest.fixture()
def agent(company: Company) -> Iterator[Agent]:
    with unharmed(company.agents[0]):
        yield company.agents[0]


@pytest.fixture()
def place(company: Company, agent: Agent) -> Iterator[Place]:
    with packing_place(company, agent, agent.stations[0], ORDERS) as place:
        yield place


@pytest.fixture()
def manager(company: Company, agent: Agent) -> Iterator[Api]:
    with closing(company.agent_api(agent)) as api:
        yield api


def path(place: Place, kind: str) -> str:
    return f"/api/v1/devices/{kind}-{place.station.name}"


class Test(threading.Thread):
    """A device's test under way, by somebody who waits for it."""

    __test__ = False

    def __init__(self, place: Place, kind: str):
        super().__init__()
        self.answer: Json = {}
        self._api = Api(place.bench.agent.url)
        self._api.sign_in(place.station.person, place.station.pin, "elsewhere")
        self._path = path(place, kind)
        self.start()
        wait_for("the test to begin", lambda: place.device(kind)["control_state"] == "busy")

    def run(self) -> None:
        self.answer = self._api.post(f"{self._path}/test")

    def end(self) -> Json:
        self.join(60)
        self._api.close()
        return self.answer


def test_scanner_tested_in_the_middle_of_a_pick(place: Place) -> None:
    """The read of a test is given back and picks nothing; the next one picks as ever."""
    assert place.hardware
    place.bench.claim("scanned")
    before = place.device("scanner")["reads"]
    test = Test(place, "scanner")
    assert place.hardware.scan(gtin("CUP-1"))
    answer = test.end()
    assert answer["passed"] and answer["read"] == {"code": gtin("CUP-1"), "aim": "]E0"}
    assert answer["said"] == "the read was taken by the test and changed nothing"
    place.bench.no_verdict()
    assert place.bench.picked("scanned") == [0]
    assert place.hardware.scan(gtin("CUP-1"))
    assert place.bench.hear("verdict")["verdict"] == "ok"
    device = place.device("scanner")
    assert (device["reads"], device["control_state"]) == (before + 2, "idle")
    assert device["last_data_at"] == device["last_read_at"]


def test_scanner_that_reads_nothing_does_not_pass(place: Place) -> None:
    answer = Test(place, "scanner").end()
    assert (answer["passed"], answer["read"]) == (False, None)
    assert answer["said"] == f"scanner-{place.station.name} read nothing within 15 s"


def test_scanner_released_while_it_is_tested(place: Place, manager: Api) -> None:
    test = Test(place, "scanner")
    manager.post(f"{path(place, 'scanner')}/release")
    answer = test.end()
    assert not answer["passed"] and "was closed before it read anything" in answer["said"]
    manager.post(f"{path(place, 'scanner')}/claim")
    place.wait_device("scanner", "online")


def test_scale_tested(place: Place, manager: Api) -> None:
    place.put_on_scale(0)
    answer = manager.post(f"{path(place, 'scale')}/test")
    assert answer["passed"] and answer["said"] == "it rests at zero"
    place.put_on_scale(1_250_000)
    answer = manager.post(f"{path(place, 'scale')}/test")
    assert answer["weight"]["weight_mg"] == 1_250_000
    assert "if nothing lies on it, zero it" in answer["said"]
    place.do("move")
    answer = manager.post(f"{path(place, 'scale')}/test")
    assert (answer["passed"], answer["weight"]) == (False, None)
    place.put_on_scale(0)


def test_printer_tested_with_a_label_that_is_nobodys(place: Place, manager: Api) -> None:
    assert place.hardware
    before = place.device("printer")["labels"]
    answer = manager.post(f"{path(place, 'printer')}/test")
    assert answer["passed"], answer
    assert place.hardware.command("labels")["labels"]
    after = place.device("printer")["labels"]
    assert (after["done"], after["under_way"]) == (before["done"] + 1, 0)
    place.do("unplug @printer")
    answer = manager.post(f"{path(place, 'printer')}/test")
    assert not answer["passed"] and "nothing was printed" in answer["said"]
    device = place.device("printer")
    assert device["labels"]["failed"] == before["failed"] + 1
    assert (device["last_error"]["locus"], device["last_error"]["response"]) == ("output", "clear")
    place.do("plug @printer")
    place.wait_device("printer", "online")


def test_released_devices_are_others_until_they_are_claimed(place: Place, manager: Api) -> None:
    """Another program opens the port; here work is refused, plainly; claimed, it goes on."""
    way = place.pack("labelled")
    for kind in ("scale", "printer"):
        released = manager.post(f"{path(place, kind)}/release")
        assert (released["state"], released["control_state"]) == ("released", "closed")
        assert released == manager.post(f"{path(place, kind)}/release")  # again: nothing changes
    port = os.open(place.station.scale, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    os.set_blocking(port, True)
    os.write(port, b"W")  # the port is this program's now
    os.close(port)
    assert place.device("scale")["state"] == "released"
    with pytest.raises(Problem) as refusal:
        place.print_label(way)
    assert refusal.value.reason == "device_released"
    assert place.package(way)["label"] == "NONE"
    for kind in ("scale", "printer"):
        manager.post(f"{path(place, kind)}/claim")
        place.wait_device(kind, "online")
    place.print_label(way)
    assert place.wait_label(way)["label"] == "PRINTED"
    person = manager.get("/api/v1/sessions/current")["user"]
    told = [line for line in map(json.loads, place.bench.agent.service.log.read_text().splitlines()) if line.get("by") == person]
    done = [(line["event"], line["device"]) for line in told if line["device"] == f"scale-{place.station.name}"]
    assert done[-2:] == [("device_released", done[-2][1]), ("device_claimed", done[-1][1])]


def test_label_in_hand_ends_before_its_printer_is_released(place: Place, manager: Api) -> None:
    """It is never lost: printed, or somebody is asked to look."""
    way = place.pack("weighed")
    place.print_label(way)
    manager.post(f"{path(place, 'printer')}/release")
    assert place.wait_label(way)["label"] in ("PRINTED", "UNKNOWN", "FAILED", "NONE")
    assert place.device("printer")["labels"]["under_way"] == 0
    manager.post(f"{path(place, 'printer')}/claim")
    place.wait_device("printer", "online")


def test_scale_that_goes_away_is_counted(place: Place) -> None:
    before = place.device("scale")
    place.do("unplug @scale")
    away = place.wait_device("scale", "offline")
    assert away["went_offline"] == before["went_offline"] + 1
    assert away["last_error"]["locus"] == "device" and away["since"] > before["since"]
    place.do("plug @scale")
    back = place.wait_device("scale", "online")
    assert back["opened"] == before["opened"] + 1


# ---- the operator's tool ----


@pytest.fixture()
def tool(company: Company, agent: Agent) -> Callable[..., subprocess.CompletedProcess[str]]:
    environment = {"CAIRN_URL": agent.url, "CAIRN_USER": "manager", "CAIRN_PIN": company.manager_pins["store"]}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [str(company.binaries / "cairn"), "device", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)

    return run


def test_tool_lists_and_tests(place: Place, tool: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    printer = f"printer-{place.station.name}"
    done = tool("list")
    assert done.returncode == 0, done
    head, *rows = done.stdout.splitlines()
    assert head.split()[:4] == ["device", "kind", "state", "since"]
    assert next(row for row in rows if row.startswith(printer)).split()[1:3] == ["printer", "online"]
    assert {device["name"] for device in json.loads(tool("list", "--json").stdout)["items"]} >= {printer}
    done = tool("test", printer)
    assert (done.returncode, done.stdout) == (0, f"{printer} passed: the printer says that it has printed a test label\n")
    assert tool("release", printer).stdout.startswith(f"{printer} is released: ")
    done = tool("test", printer)
    assert done.returncode == 1 and f"{printer} is released" in done.stderr
    assert tool("claim", printer).stdout.startswith(f"{printer} is offline: not tried yet")
    place.wait_device("printer", "online")
    place.do("unplug @printer")
    assert tool("test", printer).returncode == 3
    place.do("plug @printer")
    assert "there is no device" in tool("test", "nobody").stderr


def test_tool_needs_an_agent(company: Company) -> None:
    environment = {"CAIRN_URL": company.hub_url, "CAIRN_USER": company.admin, "CAIRN_PIN": company.admin_pin}
    command = [str(company.binaries / "cairn"), "device", "list"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1 and "this is a hub" in done.stderr


def test_tool_monitors(company: Company, place: Place) -> None:
    """Changes and reads come as they happen; it ends when it is interrupted."""
    assert place.hardware
    environment = {"CAIRN_URL": place.bench.agent.url, "CAIRN_USER": "manager", "CAIRN_PIN": company.manager_pins["store"]}
    command = [str(company.binaries / "cairn"), "device", "monitor"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as monitor:
        lines: queue.Queue[str] = queue.Queue()
        assert monitor.stdout
        reader = threading.Thread(target=lambda out: [lines.put(line) for line in out], args=(monitor.stdout,), daemon=True)
        reader.start()
        seen: list[str] = []

        def told(*words: str) -> bool:
            """It may not listen yet when something is done for the first time."""
            place.do("unplug @scale")
            place.wait_device("scale", "offline")
            place.do("plug @scale")
            place.wait_device("scale", "online")
            assert place.hardware and place.hardware.scan("4006381333931")
            while not lines.empty():
                seen.append(lines.get())
            return all(any(one in line for line in seen) for one in words)

        try:
            read, back = f"scanner-{place.station.name} read 4006381333931: ", f"scale-{place.station.name} online"
            wait_for("a read and a scale that is back", lambda: told(read, back), 40)
            monitor.terminate()  # SIGINT is ignored by what a shell starts in the background
            monitor.wait(10)
        finally:
            monitor.kill()


def test_release_is_forgotten_by_a_new_start(company: Company) -> None:
    agent = company.agents[0]
    with closing(company.agent_api(agent)) as manager:
        name = manager.get("/api/v1/devices")["items"][0]["name"]
        manager.post(f"/api/v1/devices/{name}/release")
    agent.service.stop()
    agent.service.start()
    with closing(company.agent_api(agent)) as manager:
        devices = {device["name"]: device["state"] for device in manager.get("/api/v1/devices")["items"]}
    assert devices[name] != "released"

