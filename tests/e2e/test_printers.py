"""A label comes out once, whatever happens to the printer, and people are told in plain words what to do.

What the printer surely has not got is FAILED and can be printed again; of what it may have got a person says first
whether it came out. The numbers of a package stay.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import lab.bench
import pytest
from lab.api import Api, Problem
from lab.company import Company, Site, Station
from places import PRINTING_SECONDS, Place, packing_place, unharmed
from shop import Orders, open_shop, wait_for

STORE = Site("store", "Store York", "STORE", 53.9583, -1.0803, (2,))
OBSTACLES = {
    "paper": ("paper out", "paper in", "it is out of labels: put a new roll in"),
    "lid": ("lid open", "lid closed", "its lid is open: close it"),
    "ribbon": ("ribbon out", "ribbon in", "its ribbon is used up: put a new one in"),
    "pause": ("pause on", "pause off", "it is paused: press its pause button"),
}
# What the network side of a printer does; what is known of the label then; whether it comes out.
FAULTS = {
    "close": ("FAILED", False),
    "deaf": ("UNKNOWN", False),
    "mute": ("UNKNOWN", True),
    "reset_after=200": ("UNKNOWN", False),
    "slow": ("PRINTED", True),
}
SINGLE = ("eight clicks", "never reads", "no paper for long", "agent killed", "agent stopped", "first", "second", "third", "waits", "printed then", "behind it", "held back")
ORDERS: Orders = {
    order: [("CUP-1", 1)]
    for order in (*SINGLE, *OBSTACLES, *(f"{what} later" for what in OBSTACLES), *FAULTS)
}


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Company]:
    company = open_shop(tmp_path_factory.mktemp("printers"), binaries, ("CUP-1",), ORDERS, STORE)
    yield company
    company.stop()


@pytest.fixture()
def place(company: Company) -> Iterator[Place]:
    agent = company.agents[0]
    with unharmed(agent), packing_place(company, agent, agent.stations[0], ORDERS) as place:
        yield place


class NeverReads:
    """A printer's port that takes connections and reads nothing until the end."""

    def __init__(self, station: Station):
        self._listener = socket.create_server(("127.0.0.1", station.printer_port))
        self._connections: list[socket.socket] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            try:
                self._connections.append(self._listener.accept()[0])
            except OSError:
                return

    def close(self) -> bytes:
        """All octets that were sent to it, by whatever connection."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()
        octets = b""
        for connection in self._connections:
            connection.setblocking(False)
            try:
                while part := connection.recv(65536):
                    octets += part
            except (BlockingIOError, ConnectionError):
                pass
            connection.close()
        return octets


def test_printer_that_never_reads(place: Place) -> None:
    """Nobody knows what became of the label, so a person has to look; nothing is sent again before that."""
    path = place.pack("never reads")
    place.do("unplug @printer")
    printer = NeverReads(place.station)
    begun = time.monotonic()
    place.print_label(path)
    package = place.wait_label(path)
    assert package["label"] == "UNKNOWN"
    assert package["print_detail"] == "it does not say how it is"
    assert time.monotonic() - begun < PRINTING_SECONDS
    for _ in range(3):
        with pytest.raises(Problem) as refusal:
            place.print_label(path)
        assert refusal.value.reason == "label_unknown"
    with pytest.raises(Problem) as refusal:
        place.api.post(f"{path}/ship")
    assert refusal.value.reason == "not_labelled"
    time.sleep(6)  # longer than between two looks of the agent at its printer
    assert place.package(path)["label"] == "UNKNOWN"
    octets = printer.close()
    assert octets.count(b"^XA") == 1, "the label was sent again"
    place.do("plug @printer")
    place.wait_device("printer", "online")
    assert (place.package(path)["label"], place.printed(path)) == ("UNKNOWN", 0)
    place.check_label(path, came_out=False)
    assert place.package(path)["label"] == "FAILED"
    place.print_label(path)
    again = place.wait_label(path)
    assert (again["label"], again["sscc"], again["print_detail"]) == ("PRINTED", package["sscc"], "")
    assert place.printed(path) == 1
    assert place.api.post(f"{path}/ship")["status"] == "SHIPPED"


@pytest.mark.parametrize("what", OBSTACLES)
def test_obstacle_before_the_label(place: Place, what: str) -> None:
    """Not an octet is sent; people are told why in plain words, and print again when it is mended."""
    prevent, mend, words = OBSTACLES[what]
    path = place.pack(what)
    place.do(prevent)
    place.print_label(path)
    package = place.wait_label(path)
    assert (package["label"], package["print_detail"]) == ("FAILED", f"{words}; nothing was printed")
    device = place.device("printer")
    assert (device["state"], device["detail"]) == ("offline", words)
    place.do(mend)
    assert place.printed(path) == 0
    place.print_label(path)
    assert place.wait_label(path)["label"] == "PRINTED"
    assert place.device("printer")["state"] == "online"
    assert place.printed(path) == 1


@pytest.fixture()
def slow_printer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the benches that are opened from now on: there is a while in which a label is half out."""
    monkeypatch.setattr(lab.bench, "PRINT_MS", 400)


@pytest.mark.parametrize("what", OBSTACLES)
def test_obstacle_in_the_middle_of_the_label(slow_printer: None, place: Place, what: str) -> None:
    """The printer has the label and prints it when it can; the agent waits for that and sends nothing again."""
    prevent, mend, _ = OBSTACLES[what]
    path = place.pack(f"{what} later")
    place.print_label(path)
    place.wait_in_printer()
    place.do(prevent)
    time.sleep(1.0)
    assert place.package(path)["label"] == "PRINTING"
    assert place.printed(path) == 0
    place.do(mend)
    assert place.wait_label(path)["label"] == "PRINTED"
    assert place.printed(path) == 1


def test_paper_that_is_out_for_long(slow_printer: None, place: Place) -> None:
    """Nobody can know whether it will come out; it does, a person says so, and there is no second one."""
    path = place.pack("no paper for long")
    place.print_label(path)
    place.wait_in_printer()
    place.do("paper out")
    package = place.wait_label(path)
    assert (package["label"], package["print_detail"]) == ("UNKNOWN", OBSTACLES["paper"][2])
    with pytest.raises(Problem) as refusal:
        place.print_label(path)
    assert refusal.value.reason == "label_unknown"
    place.do("paper in")
    wait_for("the label", lambda: place.printed(path))
    place.check_label(path, came_out=True)
    assert place.package(path)["label"] == "PRINTED"
    with pytest.raises(Problem) as refusal:
        place.print_label(path)
    assert refusal.value.reason == "label_printed"
    assert place.api.post(f"{path}/ship")["status"] == "SHIPPED"
    assert place.printed(path) == 1


def test_eight_clicks_at_once(place: Place) -> None:
    """One prints, seven are told that it is printing or printed."""
    path = place.pack("eight clicks")
    package = place.package(path)["package"]

    def click() -> str:
        api = Api(place.api.url)
        api.token = place.api.token
        try:
            api.post(f"{path}/labels", {"package": package})
        except Problem as problem:
            return problem.reason
        finally:
            api.close()
        return "taken"

    with ThreadPoolExecutor(8) as people:
        told = sorted(one.result() for one in [people.submit(click) for _ in range(8)])
    assert told.count("taken") == 1
    assert set(told) <= {"taken", "label_printing", "label_printed"}
    assert place.wait_label(path)["label"] == "PRINTED"
    assert place.printed(path) == 1


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_of_the_network_side(place: Place, fault: str) -> None:
    """However it misbehaves: what is said of the label is true, and at the end there is one."""
    outcome, comes_out = FAULTS[fault]
    path = place.pack(fault)
    place.do(f"fault {fault}")
    place.print_label(path)
    package = place.wait_label(path)
    assert (package["label"], place.printed(path)) == (outcome, int(comes_out))
    assert bool(package["print_detail"]) == (outcome != "PRINTED")
    place.do("fault none")
    if outcome == "UNKNOWN":
        place.check_label(path, came_out=comes_out)
    if not comes_out:
        place.print_label(path)
        assert place.wait_label(path)["sscc"] == package["sscc"]
    assert place.package(path)["label"] == "PRINTED"
    assert place.api.post(f"{path}/ship")["status"] == "SHIPPED"
    assert place.printed(path) == 1


@pytest.mark.parametrize("how", ["killed", "stopped"])
def test_agent_that_ends_in_the_middle_of_the_label(slow_printer: None, company: Company, how: str) -> None:
    """After the start nobody knows whether it came out: nothing is sent again before a person has looked."""
    agent = company.agents[0]
    with packing_place(company, agent, agent.stations[0], ORDERS) as place:
        path = place.pack(f"agent {how}")
        place.print_label(path)
        place.wait_in_printer()
        if how == "killed":
            agent.service.kill()
        else:
            agent.service.stop()
            agent.service.start()
        package = place.wait_label(path)
        assert package["label"] == "UNKNOWN"
        assert package["print_detail"] in ("the service stopped while the label was on its way", "closed here: the service stops, or the device was released")
        place.wait_plugged_in()
        with pytest.raises(Problem) as refusal:
            place.print_label(path)
        assert refusal.value.reason == "label_unknown"
        wait_for("the label", lambda: place.printed(path))
        place.check_label(path, came_out=True)
        assert place.api.post(f"{path}/ship")["status"] == "SHIPPED"
        time.sleep(1)
        assert place.printed(path) == 1


def test_queue_that_is_paused_moved_and_cancelled(slow_printer: None, company: Company) -> None:
    """What waits can go elsewhere or nowhere; what the printer has stays with it; each label comes out once."""
    agent = company.agents[0]
    with (
        packing_place(company, agent, agent.stations[0], ORDERS) as place,
        packing_place(company, agent, agent.stations[1], ORDERS) as other,
    ):
        here, there = (f"/api/v1/printers/printer-{station.name}" for station in agent.stations)
        first, second, third = (place.pack(order) for order in ("first", "second", "third"))
        place.print_label(first)
        place.wait_in_printer()
        assert place.api.post(f"{here}/pause")["paused"]
        place.print_label(second)
        place.print_label(third)
        queue = next(p for p in place.api.get("/api/v1/printers")["items"] if p["waiting"])
        assert (queue["paused"], [job["order_reference"] for job in queue["waiting"]]) == (True, ["second", "third"])
        assert place.wait_label(first)["label"] == "PRINTED"
        time.sleep(0.5)  # longer than a label takes
        assert place.package(second)["label"] == "PRINTING"

        with pytest.raises(Problem) as refusal:
            place.api.post(f"{here}/move", {"to": "nowhere"})
        assert refusal.value.reason == "no_printer"
        job = queue["waiting"][0]["job"]
        assert place.api.post(f"{here}/move", {"to": there.rpartition("/")[2], "job": job})["labels"] == 1
        with pytest.raises(Problem) as refusal:
            place.api.post(f"{here}/cancel", {"job": job})
        assert refusal.value.reason == "nothing_waits"
        assert place.wait_label(second)["label"] == "PRINTED"
        assert other.printed(second) == 1

        assert place.api.post(f"{here}/cancel", {})["labels"] == 1
        package = place.wait_label(third)
        assert (package["label"], package["print_detail"]) == ("FAILED", "it was taken out of the queue; nothing was printed")
        assert not place.api.post(f"{here}/resume")["paused"]
        place.print_label(third)
        assert place.wait_label(third)["label"] == "PRINTED"
        assert [place.printed(path) for path in (first, second, third)] == [1, 0, 1]


def test_what_waits_when_the_agent_is_stopped(company: Company) -> None:
    """Nothing of it was sent, and that is known after the start: it can be printed again without looking."""
    agent = company.agents[0]
    with packing_place(company, agent, agent.stations[0], ORDERS) as place:
        path = place.pack("waits")
        place.api.post(f"/api/v1/printers/printer-{place.station.name}/pause")
        place.print_label(path)
        agent.service.stop()
        agent.service.start()
        package = place.wait_label(path)
        assert (package["label"], package["print_detail"]) == (
            "FAILED",
            "the service was stopped before it; nothing was printed",
        )
        place.wait_plugged_in()
        place.print_label(path)
        assert place.wait_label(path)["label"] == "PRINTED"
        assert place.printed(path) == 1


def test_what_waits_when_the_agent_is_killed(monkeypatch: pytest.MonkeyPatch, company: Company) -> None:
    """What the printer had is for a person to look at; what waited, or was held back, is printed again at once."""
    agent = company.agents[0]
    with (
        packing_place(company, agent, agent.stations[1], ORDERS) as other,
        monkeypatch.context() as slow,
    ):
        slow.setattr(lab.bench, "PRINT_MS", 60_000)  # the first one is half out, however long the rest takes
        with packing_place(company, agent, agent.stations[0], ORDERS) as place:
            printed, behind = place.pack("printed then"), place.pack("behind it")
            held = other.pack("held back")
            other.api.post(f"/api/v1/printers/printer-{other.station.name}/pause")
            other.print_label(held)
            place.print_label(printed)
            place.wait_in_printer()
            place.print_label(behind)
            agent.service.kill()
            assert place.wait_label(printed)["label"] == "UNKNOWN"
            for where, path in ((place, behind), (other, held)):
                package = where.wait_label(path)
                assert (package["label"], package["print_detail"]) == (
                    "FAILED",
                    "the service stopped while it waited; nothing was printed",
                )
            other.wait_plugged_in()
            for path in (behind, held):
                other.print_label(path)
                assert other.wait_label(path)["label"] == "PRINTED"
                assert other.printed(path) == 1
            place.do("unplug @printer")  # what it had in its memory never comes out
            place.check_label(printed, came_out=False)
            assert place.package(printed)["label"] == "FAILED"
            assert place.printed(printed) == 0
