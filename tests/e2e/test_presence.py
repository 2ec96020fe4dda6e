"""Whether head office sees which devices are there: one that was stopped, one that lost its power, one that is back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lab.company import Company
from shop import open_shop, wait_for

BROKEN_SECONDS = 60.0  # 1.5 times the keep-alive, after which a broker gives a silent connection up


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Company]:
    company = open_shop(tmp_path_factory.mktemp("presence"), binaries, ["CUP-1"], {"1001": [("CUP-1", 1)]})
    yield company
    company.stop()


def online(shop: Company) -> bool:
    api = shop.hub_api()
    try:
        return bool(api.get("/api/v1/nodes")["items"][0]["online"])
    finally:
        api.close()


def wait_online(shop: Company, wanted: bool) -> None:
    wait_for(f"the hub shows online: {wanted}", lambda: online(shop) is wanted, BROKEN_SECONDS)


def test_a_device_that_is_stopped_in_order_says_goodbye(shop: Company) -> None:
    wait_online(shop, True)
    agent = shop.agents[0].service
    agent.stop()
    wait_online(shop, False)
    agent.start()
    wait_online(shop, True)


def test_a_device_that_loses_its_power_is_missed_and_seen_again(shop: Company) -> None:
    wait_online(shop, True)
    agent = shop.agents[0].service
    agent.kill()  # and started again at once: whatever the old connection's end says, the new one counts
    wait_for("the agent is started again", lambda: agent.restarts > 0 and agent.running())
    wait_for("the hub hears the new one", lambda: heard_since(shop) and online(shop))
    shop.hub.stop()
    shop.hub.start()
    wait_online(shop, True)


def heard_since(shop: Company) -> bool:
    api = shop.agent_api(shop.agents[0])
    try:
        return bool(api.get("/api/v1/sync")["link"] == "live")
    finally:
        api.close()
