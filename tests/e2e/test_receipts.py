"""A receipt of a hand-over or a return comes out once; what comes out again says that it is a copy. Nothing of it is needed
to hand over or to take back, and a printer that fails is told in plain words."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from lab.api import Api, Json, Problem
from lab.bench import Hardware
from lab.company import Company, free_port
from places import unharmed
from shop import SHOP, Bench, Orders, device_tables, gtin, open_shop, set_devices, wait_for

ORDERS: Orders = {
    order: [("CUP-1", 2)]
    for order in (
        *("once", "copies", "paper", "half open", "back", "busy", "lost answer", "in hand", "released"),
        *(f"{what}, {how}" for how in ("stopped", "killed") for what in ("begun", "untouched")),
    )
}
LONG_SECONDS = 60.0  # connecting, sending and printing of a receipt take no longer


class Counter:
    """A person at a counter with a receipt printer, played by cairn-sim, and a drawer on it."""

    def __init__(self, company: Company, port: int):
        self.company = company
        self.port = port
        self.agent = company.agents[0]
        self.bench = Bench(company, self.agent, self.agent.stations[0], scanner=False)
        self.api = self.bench.api
        self.plug()

    def plug(self, print_ms: int = 5) -> None:
        simulator = self.company.binaries / "cairn-sim"
        self.hardware = Hardware(
            simulator, ("--printer", f"receipts=127.0.0.1:{self.port},language=escpos,print_ms={print_ms}"), 1
        )
        self.bench.wait_state("online", "receipts")

    def close(self) -> None:
        self.hardware.close()
        self.bench.close()

    def hand_over(self, order: str) -> str:
        """Picked, ready and given to its customer; the path of the ship group."""
        self.bench.claim(order)
        for article, units in ORDERS[order]:
            for _ in range(units):
                assert self.api.post("/api/v1/scans", {"code": gtin(article)})["verdict"] == "ok"
        group = self.bench.group(order)["id"]
        path = f"/api/v1/ship-groups/{group}"
        hub = self.company.hub_api()
        code = hub.post(f"{path}/pickup-code")["code"]
        hub.close()
        wait_for("the code at the site", lambda: self.api.get(path)["pickup"]["code_minted"])
        assert self.api.post(f"{path}/hand-over", {"code": code})["outcome"] == "HANDED_OVER"
        return path

    def print(self, path: str) -> Json:
        return self.ended(self.api.post(f"{path}/receipt", {}))

    def ended(self, job: Json) -> Json:
        """The job at its end; its event if the answer came before that."""
        deadline = time.monotonic() + LONG_SECONDS
        while job["state"] == "printing":
            assert time.monotonic() < deadline
            told = self.bench.hear("counter_job", LONG_SECONDS)
            job = told if told["job"] == job["job"] else job
        return job

    def receipts(self) -> list[str]:
        """What has come out, oldest first."""
        return [
            self.hardware.command(f"label {one['label']}")["zpl"] for one in self.hardware.command("labels")["labels"]
        ]

    def do(self, command: str) -> Json:
        answer = self.hardware.command(command)
        assert answer["ok"], answer
        return answer


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Company]:
    company = open_shop(tmp_path_factory.mktemp("receipts"), binaries, ("CUP-1",), ORDERS, SHOP, pickups=tuple(ORDERS))
    yield company
    company.stop()


@pytest.fixture(scope="module")
def port(company: Company) -> int:
    """Of the receipt printer, which the agent knows from now on."""
    port = free_port()
    agent = company.agents[0]
    agent.service.stop()
    table = f'[[device]]\nname = "receipts"\nkind = "receipt_printer"\nurl = "tcp://127.0.0.1:{port}"\ndrawer = true\n'
    set_devices(agent, f"{device_tables(agent)}\n{table}")
    agent.service.start()
    return port


@pytest.fixture()
def counter(company: Company, port: int) -> Iterator[Counter]:
    counter = Counter(company, port)
    try:
        with unharmed(company.agents[0]):
            yield counter
    finally:
        counter.close()


def test_receipt_of_a_hand_over_comes_out_once(counter: Counter) -> None:
    path = counter.hand_over("once")
    counter.bench.forget()
    job = counter.print(path)
    assert (job["state"], job["copy"], job["what"], job["detail"]) == ("done", False, "HAND_OVER", "")
    assert counter.bench.hear("counter_job") == job
    (receipt,) = counter.receipts()
    for said in ("Order once", "Article CUP-1", "2 x 2.50", "5.00", f"Served by {counter.bench.station.person}", "once"):
        assert said in receipt, receipt
    assert "COPY" not in receipt


def test_what_is_printed_again_is_a_copy(counter: Counter) -> None:
    path = counter.hand_over("copies")
    assert [counter.print(path)["copy"] for _ in range(3)] == [False, True, True]
    assert ["COPY" in receipt for receipt in counter.receipts()] == [False, True, True]


def test_repetition_prints_nothing(counter: Counter) -> None:
    path = counter.hand_over("lost answer")
    keyed = {"Idempotency-Key": "a receipt", "Content-Type": "application/json"}
    first, again = (counter.api.ask("POST", f"{path}/receipt", b"{}", keyed).json() for _ in range(2))
    assert first["state"] == "done"
    assert first == again
    assert len(counter.receipts()) == 1


def test_out_of_paper(counter: Counter) -> None:
    """Nothing is sent and it does not count as printed; the hand-over is done all the same."""
    counter.do("paper out")
    path = counter.hand_over("paper")
    job = counter.print(path)
    assert (job["state"], job["detail"]) == ("failed", "it is out of paper; nothing was printed")
    assert counter.receipts() == []
    counter.do("paper in")
    job = counter.print(path)
    assert (job["state"], job["copy"]) == ("done", False)
    assert len(counter.receipts()) == 1


def test_half_open_socket(counter: Counter) -> None:
    """Whoever takes octets and says nothing may have printed them: unknown, then only copies, and never sent again."""
    path = counter.hand_over("half open")
    counter.hardware.close()
    listener = socket.create_server(("127.0.0.1", counter.port))
    job = counter.print(path)
    assert (job["state"], job["detail"]) == ("unknown", "it does not say how it is")
    listener.close()
    counter.plug()
    assert counter.receipts() == []
    assert counter.print(path)["copy"] is True


def test_receipt_in_hand_ends_before_its_printer_is_released(counter: Counter) -> None:
    """It is never lost: somebody is asked to look. Until the printer is claimed, receipts are refused and stay originals."""
    in_hand, refused = counter.hand_over("in hand"), counter.hand_over("released")
    counter.hardware.close()
    counter.plug(print_ms=60_000)  # longer than anybody waits
    device = "/api/v1/devices/receipts"
    with closing(counter.company.agent_api(counter.agent)) as manager, ThreadPoolExecutor(1) as elsewhere:
        first = elsewhere.submit(counter.print, in_hand)
        wait_for("the receipt in hand", lambda: counter.do("devices")["devices"][0]["received"] == 1)
        released = manager.post(f"{device}/release")
        assert (released["state"], released["control_state"]) == ("released", "closed")
        ended = first.result(timeout=LONG_SECONDS)
        assert (ended["state"], ended["copy"]) == ("unknown", False)

        job = counter.print(refused)
        assert (job["state"], job["copy"]) == ("failed", False)
        assert "receipts is released, so that other programs can use it; nothing was done" in job["detail"]
        assert counter.do("devices")["devices"][0]["received"] == 1
        counter.hardware.close()
        assert manager.post(f"{device}/claim")["state"] != "released"
    counter.plug()
    assert [counter.print(path)["copy"] for path in (in_hand, refused)] == [True, False]
    assert len(counter.receipts()) == 2


def test_receipt_of_a_return(counter: Counter) -> None:
    counter.hand_over("back")
    counter.api.put("/api/v1/return-draft", {"code": "back"})
    counter.api.put("/api/v1/return-draft/units", {"line": 1, "condition": "RESTOCK", "quantity_milli": 1000})
    taken = counter.api.post("/api/v1/returns", {"reason": "it does not fit"})
    job = counter.print(f"/api/v1/returns/{taken['id']}")
    assert (job["state"], job["what"], job["copy"]) == ("done", "RETURN", False)
    (receipt,) = counter.receipts()
    for said in ("Return", "Order back", "Article CUP-1", "-2.50"):
        assert said in receipt, receipt


def test_drawer_opens_and_rests(counter: Counter) -> None:
    opened = counter.ended(counter.api.post("/api/v1/drawer/open", {"reason": "change"}))
    assert (opened["state"], opened["what"]) == ("done", "DRAWER")
    first = counter.api.post("/api/v1/drawer/open", {"reason": "change"})
    again = counter.api.post("/api/v1/drawer/open", {"reason": "change"})
    resting = [one for one in (counter.ended(first), counter.ended(again)) if one["state"] == "failed"]
    assert all("the drawer was opened just now" in one["detail"] for one in resting)
    assert counter.do("labels")["drawer"] == 3 - len(resting)


@pytest.mark.parametrize("how", ["stopped", "killed"])
def test_after_a_restart_there_is_an_original_if_none_was_begun(company: Company, port: int, how: str) -> None:
    counter = Counter(company, port)
    begun, untouched = counter.hand_over(f"begun, {how}"), counter.hand_over(f"untouched, {how}")
    assert counter.print(begun)["copy"] is False
    if how == "killed":
        counter.agent.service.crash()
    else:
        counter.agent.service.stop()
    counter.bench.start_agent()
    counter.bench.wait_state("online", "receipts")
    assert counter.print(begun)["copy"] is True
    assert counter.print(untouched)["copy"] is False
    assert counter.print(untouched)["copy"] is True
    counter.close()


def test_without_what_is_needed(counter: Counter) -> None:
    group = counter.bench.group("busy")["id"]
    api: Api = counter.api
    for path, body, reason in (
        (f"ship-groups/{group}/receipt", {}, "nothing_handed_over"),
        (f"ship-groups/{group}/receipt", {"printer": "nobody"}, "no_printer"),
        ("returns/01920000-0000-7000-8000-000000000001/receipt", {}, "no_such_return"),
        ("ship-groups/01920000-0000-7000-8000-000000000001/receipt", {}, "no_such_group"),
    ):
        with pytest.raises(Problem) as refusal:
            api.post(f"/api/v1/{path}", body)
        assert refusal.value.reason == reason


def test_receipt_printer_is_tested(counter: Counter) -> None:
    """The test waits for the printer, also the first time, and prints one receipt."""
    for n in range(1, 4):
        test = counter.api.post("/api/v1/devices/receipts/test")
        assert (test["passed"], test["said"]) == (True, "the printer says that it has printed a test receipt")
        assert ["TEST" in receipt for receipt in counter.receipts()] == [True] * n
