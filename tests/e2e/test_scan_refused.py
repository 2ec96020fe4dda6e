"""A read that does not fit changes nothing, and its verdict says why.

Every case compares the event logs of the agent and of the hub before and after: the same authors with the same
last sequence number and chain hash, so not one octet was added to either.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from lab.api import Problem
from lab.company import Company
from shop import Bench, Orders, SimScanner, device_tables, gtin, heads, open_shop, set_devices, wait_quiet

ARTICLES = ("CUP-1", "CUP-2", "PAN-3", "JAR-4", "CUP-6")
ORDERS: Orders = {
    "mine": [("CUP-1", 2), ("CUP-2", 1)],
    "theirs": [("PAN-3", 3)],
    "gone": [("JAR-4", 1)],
    "free": [("CUP-6", 1)],
}


class Floor:
    """The shop's agent with two busy benches, one bench without a person and one scanner without a bench."""

    def __init__(self, company: Company):
        self.company = company
        self.agent = company.agents[0]
        self.loose = company.directory / "devices" / "loose"
        self._add_loose_scanner()
        self.mine, self.theirs = (Bench(company, self.agent, station) for station in self.agent.stations[:2])
        self.manager = company.agent_api(self.agent)
        self.hub = company.hub_api()
        self.mine.claim("gone")
        assert self.mine.scan(gtin("JAR-4"))["verdict"] == "ok"
        self.mine.ship("gone")
        self.theirs.claim("theirs")
        self.mine.claim("mine")
        assert self.mine.scan(gtin("CUP-2"))["verdict"] == "ok"

    def _add_loose_scanner(self) -> None:
        self.agent.service.stop()
        tables = device_tables(self.agent)
        loose = f'[[device]]\nname = "loose"\nurl = "serial:{self.loose}"\naim = true\nstation = ""\n'
        set_devices(self.agent, f"{tables}\n{loose}")
        self.agent.service.start()

    def settle(self) -> None:
        wait_quiet(self.manager)
        self.mine.forget()
        self.theirs.forget()

    def logs(self) -> list[dict]:
        return [heads(self.manager), heads(self.hub)]

    @contextmanager
    def scanner(self, device: str, path: Path) -> Iterator[SimScanner]:
        """A scanner of a place where nobody is signed in."""
        scanner = SimScanner(self.company.binaries / "cairn-sim", path)
        try:
            self.mine.wait_state("online", device)
            yield scanner
        finally:
            scanner.close()

    def close(self) -> None:
        self.mine.close()
        self.theirs.close()


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Floor]:
    company = open_shop(tmp_path_factory.mktemp("refused"), binaries, ARTICLES, ORDERS)
    try:
        made = Floor(company)
        yield made
        made.close()
    finally:
        company.stop()


@pytest.fixture(autouse=True)
def unchanged(floor: Floor) -> Iterator[None]:
    """Around every test of this module: the logs are what they were."""
    floor.settle()
    before = floor.logs()
    assert all(before)
    yield
    wait_quiet(floor.manager)
    assert floor.logs() == before


CUP = gtin("CUP-1").encode()
BAD_DIGIT = CUP[:-1] + b"%d" % ((int(CUP[-1:]) + 1) % 10)
CONTROLS = bytes(octet for octet in range(1, 32) if octet not in b"\r\n")

# What is sent, the reason of the verdict, words of its message.
REFUSED: dict[str, tuple[bytes, str, str]] = {
    "an article nobody knows": (b"9521009999990\r", "unknown_item", "no article has the code 9521009999990"),
    "an article of another order": (b"CUP-6\r", "wrong_item", "Article CUP-6 (CUP-6) is not on order mine"),
    "an article somebody else picks": (gtin("PAN-3").encode() + b"\n", "wrong_item", "is not on order mine"),
    "an article of an order that has left": (gtin("JAR-4").encode() + b"\r\n", "wrong_item", "is not on order mine"),
    "one more than ordered": (gtin("CUP-2").encode() + b"\r", "over_pick", "put this one back"),
    "a wrong check digit": (BAD_DIGIT + b"\r", "unknown_item", "no article"),
    "an AIM identifier only": (b"]E0\r", "unknown_item", "no article"),
    "lower case": (b"cup-1\r", "unknown_item", "no article"),
    "blanks around": (b" CUP-1 \r", "unknown_item", "no article"),
    "256 octets, as long as a code can be": (b"7" * 256 + b"\r", "unknown_item", "no article"),
    "257 octets": (b"7" * 257 + b"\r", "read_too_long", "longer than 256"),
    "a flood": (CUP * 500 + b"\r", "read_too_long", "longer than 256"),
    "a right code between control octets": (b"\x02" + CUP + b"\x03\r", "unknown_item", "no article"),
    "only control octets": (CONTROLS + b"\r", "unknown_item", "no article"),
    "a hole in the code": (CUP[:6] + b"\0" + CUP[6:] + b"\r", "read_incomplete", "scan again"),
    "no UTF-8": (b"\xff\xfe\xc3\x28\x80\r", "unknown_item", "no article"),
    "half a code, then silence": (CUP[:7], "read_incomplete", "scan again"),
    "words for a database": (b"'; DELETE FROM event_log; --\r", "unknown_item", "no article"),
    "words for a formatter": (b"{}%s%n{0}\r", "unknown_item", "no article"),
    "an element string without AI 01": (b"]C10019521000000010\r", "unknown_item", "no article"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_its_reason(floor: Floor, case: str) -> None:
    octets, reason, words = REFUSED[case]
    verdict = floor.mine.send(octets)
    assert (verdict["verdict"], verdict["reason"]) == ("nok", reason)
    assert words in verdict["message"]
    assert (verdict["station"], verdict["device"]) == ("bench-1", "scanner-bench-1")
    assert verdict["event"] is None
    assert verdict["taken_milli"] == 0
    floor.mine.no_verdict(0.05)


def test_empty_lines_and_noise_between_reads_are_no_reads(floor: Floor) -> None:
    before = floor.mine.device()
    floor.mine.scanner.raw(b"\r\n\r\n\n\n\r\r\0\0\r\n")
    floor.mine.no_verdict(0.3)
    after = floor.mine.device()
    assert (after["reads"], after["failed_reads"]) == (before["reads"], before["failed_reads"])


def test_scanner_that_belongs_to_no_station(floor: Floor) -> None:
    with floor.scanner("loose", floor.loose) as scanner:
        assert scanner.scan(CUP.decode())
        verdict = floor.mine.hear("verdict")
    assert (verdict["verdict"], verdict["reason"]) == ("nok", "unbound_scanner")
    assert (verdict["station"], verdict["device"]) == ("", "loose")
    assert "belongs to no station" in verdict["message"]


def test_nobody_signed_in_at_the_station(floor: Floor) -> None:
    with floor.scanner("scanner-bench-3", floor.agent.stations[2].scanner) as scanner:
        assert scanner.scan(CUP.decode())
        verdict = floor.mine.hear("verdict")
    assert (verdict["verdict"], verdict["reason"]) == ("nok", "nobody_signed_in")
    assert verdict["station"] == "bench-3"
    assert "nobody is signed in at station bench-3" in verdict["message"]


@pytest.fixture()
def third(floor: Floor) -> Iterator[Bench]:
    """Somebody at the bench where nobody was, without a task."""
    bench = Bench(floor.company, floor.agent, floor.agent.stations[2])
    yield bench
    bench.api.delete("/api/v1/sessions/current")
    bench.close()


def test_signed_in_but_no_task_claimed(third: Bench) -> None:
    verdict = third.scan(CUP.decode())
    assert (verdict["verdict"], verdict["reason"]) == ("nok", "no_task")
    assert "claim one first" in verdict["message"]
    # The read does not reach for somebody else's task either, nor for one that has left.
    for article in ("PAN-3", "JAR-4"):
        assert third.scan(gtin(article))["reason"] == "no_task"


def test_task_of_somebody_else_cannot_be_claimed(third: Bench) -> None:
    with pytest.raises(Problem) as refusal:
        third.claim("mine")
    assert (refusal.value.status, refusal.value.reason) == (409, "claimed_by_other")
    assert third.scan(CUP.decode())["reason"] == "no_task"


def test_order_that_has_left_cannot_be_claimed(third: Bench) -> None:
    with pytest.raises(Problem) as refusal:
        third.claim("gone")
    assert (refusal.value.status, refusal.value.reason) == (422, "already_shipped")
    assert third.scan(gtin("JAR-4"))["reason"] == "no_task"


def test_second_task_of_a_busy_station_cannot_be_claimed(floor: Floor) -> None:
    with pytest.raises(Problem) as refusal:
        floor.mine.claim("free")
    assert (refusal.value.status, refusal.value.reason) == (409, "station_busy")


def test_keyed_quantity_without_a_pending_read(floor: Floor) -> None:
    with pytest.raises(Problem) as refusal:
        floor.mine.api.post("/api/v1/quantities", {"quantity_milli": 1000})
    assert (refusal.value.status, refusal.value.reason) == (409, "nothing_pending")
