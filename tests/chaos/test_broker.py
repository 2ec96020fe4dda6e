"""The broker itself: killed again and again, and with a queue for one message only."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hands import EVERYTHING, TWO, Person, open_plain, settled
from lab.company import Company
from rogue import Rogue
from shop import wait_for, wait_quiet

KILLS = 40 if EVERYTHING else 3
PAUSE_SECONDS = 2.5
BALLAST_MESSAGES = 48
BALLAST_OCTETS = 500_000


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Company]:
    company = open_plain(tmp_path_factory.mktemp("broker"), binaries, TWO)
    try:
        yield company
    finally:
        company.stop()


@pytest.fixture(scope="module")
def people(company: Company) -> list[Person]:
    return [Person(company, agent) for agent in company.agents]


def pick_together(people: list[Person], units: int) -> None:
    threads = [threading.Thread(target=person.pick, args=(units,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_broker_killed_again_and_again(company: Company, people: list[Person]) -> None:
    """SIGKILL of a broker that keeps nothing, every few seconds: sites do not notice, all agree afterwards (I6, I11)."""
    for _ in range(KILLS):
        company.broker.kill()
        until = time.monotonic() + PAUSE_SECONDS
        while time.monotonic() < until:
            pick_together(people, 1)
            time.sleep(0.1)
    assert company.broker.restarts >= KILLS
    settled(company, people)


def test_broker_that_queues_one_message(company: Company, people: list[Person]) -> None:
    """max_queued_messages 1, and a hub that reads nothing for a while: the broker drops without a word; nothing is lost."""
    file = company.directory / "broker.conf"
    as_it_was = file.read_text()
    company.broker.stop()
    file.write_text(
        as_it_was.replace("max_queued_messages 200", "max_queued_messages 1").replace("max_inflight_messages 20", "max_inflight_messages 1")
        + "\nlog_type all\n"
    )
    seen = company.broker.log.stat().st_size
    try:
        # What gathers while nobody is connected comes as a burst.
        pick_together(people, 60)
        company.broker.start()
        pick_together(people, 10)
        stop_reading_for_a_while(company, people)
        settled(company, people)
        assert "messages are being dropped" in company.broker.log.read_text(errors="replace")[seen:], "it dropped nothing"
    finally:
        file.write_text(as_it_was)
        company.broker.stop()
        company.broker.start()
        wait_for("the broker", company.broker.running)


def stop_reading_for_a_while(company: Company, people: list[Person]) -> None:
    """More waits for the hub than sockets hold, and the records behind it find no place."""
    for person in people:
        wait_quiet(person.api)
    node = company.agents[0].node
    rogue = Rogue(company.broker_port, node, (company.directory / f"{node}.password").read_text().strip())
    os.kill(company.hub.pid, signal.SIGSTOP)
    try:
        for _ in range(BALLAST_MESSAGES):
            rogue.publish(f"cairn/1/n/{node}/req", bytes(BALLAST_OCTETS))
        pick_together(people, 20)
    finally:
        os.kill(company.hub.pid, signal.SIGCONT)
        rogue.close()
