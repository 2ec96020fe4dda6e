"""Bits flip in the files of a program that is stopped: it is noticed, or it changes nothing. Never a wrong figure.

Where in the file is left to chance; tests/power/damage_test.cpp goes through a file systematically.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hands import ARTICLES, EVERYTHING, ONE, ORDERS, Person, head, settled
from lab.api import Json
from lab.company import Company
from lab.main_job import wait_agreement
from lab.processes import DIE_WITH_PARENT
from shop import open_shop, wait_for, wait_quiet
from wal import FRAME, HEADER, frames_of, pages_of

FLIPS = 1000 if EVERYTHING else 8
PAGE = 4096
# So many that the databases leave their WALs: else nobody would read what flips in them.
CATALOGUE = (*ARTICLES, *(f"CUP-{number}" for number in range(100, 4000)))


class Shop:
    def __init__(self, company: Company):
        self.company = company
        self.agent = company.agents[0]
        self.person = Person(company, self.agent)
        self.chance = random.Random(13)
        self.data = company.directory / self.agent.name
        self.said = 0  # octets of the agent's log that are of earlier tests

    def flip(self, file: Path, begin: int = 0, end: int = 0) -> str:
        """One bit, between two octets of a file."""
        octets = bytearray(file.read_bytes())
        at, bit = self.chance.randrange(begin, end or len(octets)), self.chance.randrange(8)
        octets[at] ^= 1 << bit
        file.write_bytes(octets)
        return f"bit {bit} of octet {at} ({file.name}, page {at // PAGE + 1})"

    def news(self) -> list[Json]:
        """What the agent said since the last time."""
        with self.agent.service.log.open("rb") as file:
            file.seek(self.said)
            text = file.read().decode(errors="replace")
        return [json.loads(line) for line in text.splitlines() if line.startswith("{")]

    def forget_news(self) -> None:
        self.said = self.agent.service.log.stat().st_size


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Shop]:
    company = open_shop(tmp_path_factory.mktemp("corruption"), binaries, CATALOGUE, ORDERS, ONE)
    try:
        shop = Shop(company)
        shop.person.pick(30)
        wait_quiet(shop.person.api)
        yield shop
    finally:
        company.stop()


def put_back(pristine: Path, data: Path) -> None:
    shutil.rmtree(data)
    shutil.copytree(pristine, data)


def test_flipped_bits_at_the_hub(shop: Shop, tmp_path: Path) -> None:
    """A bit of the hub's database flips while it is stopped: it refuses to start and says why, or all figures are as before."""
    hub, data = shop.company.hub, shop.company.directory / "hub"
    before = wait_agreement(shop.company)[0]
    hub.stop()
    pristine = tmp_path / "pristine"
    shutil.copytree(data, pristine)
    noticed = 0
    for _ in range(FLIPS):
        where = shop.flip(data / "cairn.sqlite")
        with (tmp_path / "hub.log").open("w+b") as log:
            process = subprocess.Popen([*DIE_WITH_PARENT, *hub.command], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            try:
                wait_for("an end or a hub", lambda: process.poll() is not None or b'"ready"' in (tmp_path / "hub.log").read_bytes())
                if process.poll() is not None:
                    noticed += 1
                    said = (tmp_path / "hub.log").read_text()
                    assert process.returncode == 78 and ("database_damaged" in said or "database_corrupt" in said), f"{where}: status {process.returncode}: {said[-600:]}"
                else:
                    api = shop.company.hub_api()
                    assert api.get("/api/v1/totals") == before, where
                    assert api.get("/api/v1/log/verify")["ok"], where
                    api.close()
            finally:
                process.terminate()
                process.wait()
        put_back(pristine, data)
    print(f"{noticed} of {FLIPS} flips noticed")
    assert noticed >= FLIPS // 4
    hub.start()
    settled(shop.company, [shop.person])


def test_flipped_bits_at_an_agent(shop: Shop, tmp_path: Path) -> None:
    """A bit of an agent's database flips while it is stopped: it is moved aside and all comes back from the hub, or nothing
    is changed."""
    wait_quiet(shop.person.api)
    service = shop.agent.service
    service.stop()
    pristine = tmp_path / "pristine"
    shutil.copytree(shop.data, pristine)
    aside = in_force = 0
    newer = pages_of(shop.data / "cairn.sqlite-wal")  # what the file has of these is read by nobody
    for _ in range(FLIPS):
        where = shop.flip(shop.data / "cairn.sqlite")
        in_force += int(where.split("page ")[1].rstrip(")")) not in newer
        shop.forget_news()
        service.start()
        try:
            at_hub, at_agents = wait_agreement(shop.company)
        except Exception as error:
            raise AssertionError(f"{where}: {error!r}: {shop.news()[-3:]}") from error
        assert at_agents[shop.agent.name] == at_hub["sites"][0], where
        aside += any(line["event"] == "database_damaged" for line in shop.news())
        service.stop()
        put_back(pristine, shop.data)
    print(f"{aside} of {FLIPS} databases moved aside, {in_force} pages were in force")
    assert aside >= in_force > 0
    service.start()
    settled(shop.company, [shop.person], repaired=None)


def test_flipped_bits_in_a_wal(shop: Shop) -> None:
    """A bit of the WAL of a killed agent flips: what follows it is gone here, and comes back from the hub that had it."""
    shop.person.sign_in()
    wait_quiet(shop.person.api)
    for _ in range(20 if EVERYTHING else 2):
        shop.person.begin_order()
        shop.person.pick(3)
        wait_quiet(shop.person.api)
        shop.agent.service.crash()
        wal = shop.data / "cairn.sqlite-wal"
        shop.flip(wal, HEADER, HEADER + frames_of(wal) * FRAME)
        (shop.data / "cairn.sqlite-shm").unlink(missing_ok=True)
        shop.agent.service.start()
        shop.person.sign_in()  # it may have forgotten that
        settled(shop.company, [shop.person], repaired=None)


def test_damage_with_records_that_were_never_sent(shop: Shop) -> None:
    """The database of an agent without a network is damaged: put aside, and of what was only there each record is
    salvaged or named as lost."""
    shop.person.sign_in()
    wait_quiet(shop.person.api)
    time.sleep(2.5)  # what was acknowledged is saved a second later
    shop.company.broker.stop()
    sent = head(shop.person.api)
    shop.person.begin_order()
    shop.person.pick(3)
    last = head(shop.person.api)
    guard = shop.data.with_name(f"{shop.agent.name}.guard")
    wait_for("the guard file to name the last number", lambda: guard.exists() and guard.read_text().splitlines()[3] == str(last))
    shop.agent.service.stop()
    shop.forget_news()
    database = shop.data / "cairn.sqlite"
    shop.flip(database, database.stat().st_size - 3 * PAGE, database.stat().st_size - 2 * PAGE - 8)
    shop.company.broker.start()
    shop.agent.service.start()
    wait_agreement(shop.company)
    told = [line for line in shop.news() if line["event"] == "database_damaged"]
    assert len(told) == 1
    kept = [line for line in shop.news() if line["event"] == "database_put_aside"]
    assert [Path(line["file"]).exists() for line in kept] == [True]
    shop.person.sign_in()
    done = wait_for("the salvage", lambda: [line for line in shop.news() if line["event"] == "records_salvaged"])
    lost = shop.person.api.get("/api/v1/sync")["lost"]
    assert int(done[0]["issued_again"]) + sum(run["last"] - run["first"] + 1 for run in lost) == last - sent
    wait_agreement(shop.company)
    # People sign in again and go on.
    shop.person.sign_in()
    shop.person.begin_order()
    shop.person.pick(2)
    wait_agreement(shop.company)
