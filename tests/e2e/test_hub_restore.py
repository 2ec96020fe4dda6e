"""A hub whose database is put back from a backup loses nothing that the stores know.

The database is copied while the hub is down. Then more orders come, and both devices of a store pick, pack, label and
ship everything. The old copy is put back: the devices give back what the hub had told them, and send again what they
did. The orders that came after the backup are known to nobody but their channel; it sends them once more.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from lab.api import Json
from lab.company import Company, Site
from lab.main_job import load_orders, route, wait_agreement, wait_delivery, watch
from lab.picker import Picker
from shop import Orders, open_shop, wait_for, write_trade

STORE = Site("store", "Store York", "STORE", 53.9583, -1.0803, (1, 1))
ARTICLES = [f"CUP-{number}" for number in range(1, 6)]


def orders(name: str, count: int) -> Orders:
    return {
        f"{name}-{number:02}": [(ARTICLES[(number + line) % 5], 1 + (number + line) % 2) for line in range(1 + number % 2)]
        for number in range(count)
    }


EARLY, LATE = orders("early", 6), orders("late", 6)


@dataclass
class Story:
    company: Company
    status_before: Json = field(default_factory=dict)
    before: Json = field(default_factory=dict)  # the hub's figures when all was done
    put_back: Json = field(default_factory=dict)  # as soon as everybody agreed again
    exceptions: list[Json] = field(default_factory=list)
    status: Json = field(default_factory=dict)
    after: Json = field(default_factory=dict)  # when the orders had come once more


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Story]:
    directory = tmp_path_factory.mktemp("hub-restore")
    company = open_shop(directory, binaries, ARTICLES, EARLY, STORE)
    story = Story(company)
    try:
        company.hub.stop()
        shutil.copytree(directory / "hub", directory / "backup")
        company.hub.start()
        company.hub_api().close()  # it answers
        late = write_trade(directory / "late", ARTICLES, LATE, [STORE]).orders
        load_orders(company, late, lambda _: None)
        route(company, lambda _: None)
        wait_delivery(company)
        fulfil(company)
        story.before, _ = wait_agreement(company)
        story.status_before = company.hub_api().get("/api/v1/status")
        company.hub.stop()
        shutil.rmtree(directory / "hub")
        shutil.copytree(directory / "backup", directory / "hub")
        company.hub.start()
        company.hub_api().close()
        story.put_back, _ = wait_agreement(company)
        hub = company.hub_api()
        story.exceptions = hub.get("/api/v1/exceptions")["items"]
        story.status = wait_for("what was given back", lambda: told_of_loss(hub.get("/api/v1/status")))
        load_orders(company, late, lambda _: None)
        route(company, lambda _: None)
        story.after, _ = wait_agreement(company)
        yield story
    finally:
        company.stop()


def told_of_loss(status: Json) -> Json | None:
    return status if status["put_back"] else None


def fulfil(company: Company) -> None:
    finish = threading.Event()
    finish.set()
    pickers = [
        Picker(agent, station, company.binaries, finish) for agent in company.agents for station in agent.stations
    ]
    for picker in pickers:
        picker.start()
    watch(company, list(pickers), lambda _: None)


def test_everything_was_done_before(story: Story) -> None:
    units = sum(1000 * units for lines in (*EARLY.values(), *LATE.values()) for _, units in lines)
    assert sum(site["shipped_milli"] for site in story.before["sites"]) == units
    assert story.status_before["put_back"] is None


def test_the_figures_of_the_stores_are_what_they_were(story: Story) -> None:
    assert story.put_back["sites"] == story.before["sites"]


def test_the_hub_says_that_it_was_put_back(story: Story) -> None:
    put_back = story.status["put_back"]
    assert put_back["hub_gen"] == story.status["hub_gen"] != story.status_before["hub_gen"]
    assert put_back["noticed_by"] in ("guard_file", "device")
    assert put_back["given_back"] > len(LATE)


def test_orders_that_only_the_channel_knows_are_asked_for(story: Story) -> None:
    kinds = {(row["kind"], row["order_reference"]) for row in story.exceptions}
    assert kinds == {("ORDER_UNKNOWN", order) for order in LATE}
    assert story.status["orders_unknown"] == len(LATE)


def test_sent_once_more_they_find_what_was_done_for_them(story: Story) -> None:
    assert story.after == story.before
    hub = story.company.hub_api()
    assert hub.get("/api/v1/exceptions")["items"] == []
    assert {order["status"] for order in hub.pages("/api/v1/orders")} == {"COMPLETED"}
    assert hub.get("/api/v1/quarantine")["items"] == []
    assert hub.get("/api/v1/log/verify")["ok"]


def test_every_device_follows_the_new_generation(story: Story) -> None:
    gen = story.company.hub_api().get("/api/v1/status")["hub_gen"]
    for agent in story.company.agents:
        sync = story.company.agent_api(agent).get("/api/v1/sync")
        assert {cursor["hub_gen"] for cursor in sync["cursors"]} == {gen}
        assert sync["detail"] == ""
