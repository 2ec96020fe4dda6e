"""The disk fails a program: it is killed at a write, the end of a file is missing, a sync fails."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hands import EVERYTHING, ONE, Person, open_plain, settled
from inject import WRITES, Injection, injected
from wal import FRAME, frames_of
from lab.company import Company
from lab.processes import Service
from shop import wait_for, wait_quiet



class Shop:
    def __init__(self, company: Company):
        self.company = company
        self.agent = company.agents[0]
        self.person = Person(company, self.agent)
        self.repaired: set[str] = set()

    @property
    def data(self) -> Path:
        return self.company.directory / self.agent.name

    def log(self, service: Service) -> list[dict[str, str]]:
        return [json.loads(line) for line in service.log.read_text(errors="replace").splitlines() if line.startswith("{")]

    def settled(self) -> None:
        settled(self.company, [self.person], repaired=self.repaired)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Shop]:
    company = open_plain(tmp_path_factory.mktemp("storage"), binaries, ONE)
    try:
        yield Shop(company)
    finally:
        company.stop()


def boundaries(of_one_scan: int) -> list[int]:
    """Which writes a program is killed at, counted from a moment at rest."""
    if EVERYTHING:
        return list(range(1, 4 * of_one_scan + 1))
    chance = random.Random(7)
    first = sorted(chance.sample(range(1, of_one_scan + 1), 4))
    return [*first, of_one_scan + chance.randint(1, of_one_scan)]


def writes_of_a_scan(shop: Shop, service: Service) -> int:
    """How often a program writes or syncs for one scan of a person."""
    wait_quiet(shop.person.api)
    with injected(service, f"{WRITES}:delay_enter=1") as watch:
        shop.person.pick(1)
        wait_quiet(shop.person.api)
        return max(watch.calls(), 2)


def kill_at_writes(shop: Shop, service: Service) -> None:
    calls = writes_of_a_scan(shop, service)
    places = boundaries(calls)
    killed = 0
    for place in places:
        wait_for("the program", service.running)
        wait_quiet(shop.person.api)
        before = service.restarts
        injection = Injection(service.pid, f"{WRITES}:signal=KILL:when={place}")
        try:
            # The person's request carries one key until it is answered, however often the program dies.
            for _ in range(1 + 2 * place // calls):
                if service.restarts > before or not service.running():
                    break
                shop.person.pick(1)
                settle = time.monotonic() + 1.0
                while time.monotonic() < settle and service.restarts == before and not idle(shop):
                    time.sleep(0.01)
        finally:
            injection.close()
        killed += service.restarts > before or not service.running()
    print(f"{calls} writes for one scan; killed at {killed} of the writes {places}")
    assert killed >= len(places) - 1
    shop.settled()


def idle(shop: Shop) -> bool:
    """The hub has taken, and the agent applied, all there is."""
    state = shop.person.api.get("/api/v1/sync")
    return state["unacked"] == 0 and state["behind"] == 0


def test_agent_killed_at_a_write(shop: Shop) -> None:
    """SIGKILL at the n-th write, sync, truncate or rename of the agent: what was shown is there, once (I1, I2, I3)."""
    kill_at_writes(shop, shop.agent.service)


def test_hub_killed_at_a_write(shop: Shop) -> None:
    """SIGKILL at the n-th write, sync, truncate or rename of the hub: no record lost, no effect doubled (I5, I6)."""
    kill_at_writes(shop, shop.company.hub)


@pytest.mark.parametrize("which", ["1", "1+"], ids=["once", "again and again"])
def test_failed_sync_of_the_agent(shop: Shop, which: str) -> None:
    """fdatasync: EIO: told "not saved" and not saved, then or later; the process ends and opens its files anew."""
    wait_quiet(shop.person.api)
    service = shop.agent.service
    code = shop.person.next_code()
    before, head = service.restarts, shop.person.api.get("/api/v1/sync")["head"]
    with injected(service, f"fdatasync,fsync:error=EIO:when={which}") as injection:
        answer = shop.person.api.ask(
            "POST", "/api/v1/scans", json.dumps({"code": code}).encode(),
            {"Content-Type": "application/json", "Idempotency-Key": f"not-saved-{len(which)}"},
        )  # fmt: skip
        assert injection.injected() >= 1
        wait_for("another process", lambda: service.restarts > before and service.running())
    assert answer.status == 503, answer.body
    told = answer.json()["detail"]
    # The fault may strike a commit of the program's own: then the scan comes when it is stopping.
    assert "not saved" in told or "nothing was changed" in told, told
    # Believed and scanned again: it is one unit.
    assert shop.person.api.get("/api/v1/sync")["head"] == head
    shop.person.pick(2)
    assert [line for line in shop.log(service) if line["event"] == "fatal"], "it says why it ended"
    shop.settled()


def test_failed_sync_of_the_hub(shop: Shop) -> None:
    """fdatasync: EIO at the hub: nothing is acknowledged that could be gone; it ends, opens anew, all is sent again."""
    wait_quiet(shop.person.api)
    before = shop.company.hub.restarts
    with injected(shop.company.hub, "fdatasync,fsync:error=EIO:when=1") as injection:
        shop.person.pick(2)
        wait_for("the fault", lambda: injection.injected() >= 1)
    wait_for("another process", lambda: shop.company.hub.restarts > before and shop.company.hub.running())
    shop.person.pick(1)
    shop.settled()


def test_wal_cut_anywhere(shop: Shop, tmp_path: Path) -> None:
    """The WAL ends at any octet of its last frames: a whole database with a prefix of the log, and the agent mends itself."""
    wal = shop.data / "cairn.sqlite-wal"
    for _ in range(3):  # a checkpoint may just have begun it anew
        wait_quiet(shop.person.api)
        shop.person.begin_order()
        shop.person.pick(4)
        wait_quiet(shop.person.api)
        if frames_of(wal) > 10:
            break
    shop.agent.service.crash()
    frames = frames_of(wal)
    assert frames > 10, "there is no WAL to cut"
    size = 32 + frames * FRAME
    last = list(range(size - 3 * FRAME, size)) if EVERYTHING else cut_places(frames)
    whole = own_records(copy_with_wal(shop.data, tmp_path / "whole", size))
    assert len(whole) > 8
    for place in last:
        rows = own_records(copy_with_wal(shop.data, tmp_path / "cut", place))
        assert rows == whole[: len(rows)], f"cut at octet {place}"
    # The real program on one of them. What it lost it had sent before: the hub gives it back under a new incarnation.
    # Its last commit may be news of the hub only: as far back as two own records.
    place = next(
        place
        for place in range(size - FRAME, 32, -FRAME)
        if len(own_records(copy_with_wal(shop.data, tmp_path / "started", place + 1000))) <= len(whole) - 2
    )
    os.truncate(wal, place + 1000)
    (shop.data / "cairn.sqlite-shm").unlink(missing_ok=True)
    shop.agent.service.start()
    shop.repaired.add(shop.agent.name)
    shop.person.pick(2)
    shop.settled()


def cut_places(frames: int) -> list[int]:
    """Around each boundary of the last frames, and some in between."""
    chance = random.Random(11)
    begins = [32 + frame * FRAME for frame in range(frames - 3, frames)]
    around = [begin + step for begin in begins for step in (0, 1, 8, 23, 24, 25, 24 + 2048, FRAME - 1)]
    return sorted({*around, *(chance.randrange(begins[0], begins[-1] + FRAME) for _ in range(100))})


def copy_with_wal(data: Path, to: Path, wal_octets: int) -> Path:
    to.mkdir(exist_ok=True)
    for old in to.iterdir():
        old.unlink()
    shutil.copyfile(data / "cairn.sqlite", to / "cairn.sqlite")
    with (data / "cairn.sqlite-wal").open("rb") as file:
        (to / "cairn.sqlite-wal").write_bytes(file.read(wal_octets))
    return to / "cairn.sqlite"


def own_records(database: Path) -> list[tuple[int, bytes]]:
    """The records of the device's own, from a sound database."""
    connection = sqlite3.connect(database)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return connection.execute(
            "SELECT seq, record FROM event_log JOIN author ON author.id = author"
            " JOIN own_incarnation USING (inc) ORDER BY place, seq"
        ).fetchall()
    finally:
        connection.close()
