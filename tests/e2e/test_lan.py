"""Two devices of a store hear each other over the store's own broker, without the hub.

What one does the other shows at once; the store's broker is killed in between; when the hub is there, it and both
devices agree, whatever it hears of first.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lab.api import Api, Json, Problem
from lab.company import Company
from neighbours import STORE, Lan, lan_of, wait_together
from shop import Bench, gtin, open_shop, wait_for, wait_quiet

ORDERS = {"L-1": [("CUP-1", 3)], "L-2": [("CUP-2", 2)]}


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Company]:
    company = open_shop(tmp_path_factory.mktemp("lan"), binaries, ["CUP-1", "CUP-2"], ORDERS, STORE)
    yield company
    company.stop()


@pytest.fixture(scope="module")
def lan(company: Company) -> Iterator[Lan]:
    for agent in company.agents:
        wait_quiet(company.agent_api(agent))
    lan = Lan(company)
    yield lan
    lan.service.stop()


def test_a_store_goes_on_together_without_the_hub(company: Company, lan: Lan) -> None:
    one, other = company.agents
    benches = [Bench(company, agent, agent.stations[0]) for agent in (one, other)]
    first, second = benches
    apis = [bench.api for bench in benches]
    try:
        wait_together(company)
        company.hub.stop()
        company.broker.stop()

        # What one does the other shows; what one has claimed the other cannot.
        first.claim("L-1")
        for _ in range(2):
            assert first.scan(gtin("CUP-1"))["verdict"] == "ok"
        wait_for("the scans at the other device", lambda: second.picked("L-1") == [2])
        with pytest.raises(Problem) as refused:
            second.claim("L-1")
        assert refused.value.reason == "claimed_by_other"

        # The store's broker dies; both go on, and find each other again.
        lan.service.kill()
        assert first.scan(gtin("CUP-1"))["verdict"] == "ok"
        second.claim("L-2")
        for _ in range(2):
            assert second.scan(gtin("CUP-2"))["verdict"] == "ok"
        wait_for("the last scan at the other device", lambda: second.picked("L-1") == [3])
        wait_for("the other's at the first", lambda: first.picked("L-2") == [2])
        wait_together(company)

        # What was picked here is packed and sent there, while the hub knows of nothing.
        second.ship("L-1")
        wait_for("shipped, at the first device", lambda: first.group("L-1")["status"] == "SHIPPED")

        # The hub hears of the shipment first: it waits for what it followed from.
        one.service.stop()
        company.broker.start()
        company.hub.start()
        wait_quiet(second.api)
        hub = company.hub_api()
        assert hub.get("/api/v1/exceptions")["items"] == []
        assert at_hub(hub, "L-1")["status"] != "SHIPPED"
        first.start_agent()
        for api in apis:
            wait_quiet(api)
        wait_for("shipped, at the hub", lambda: at_hub(hub, "L-1")["status"] == "SHIPPED")
        assert hub.get("/api/v1/exceptions")["items"] == []
        assert at_hub(hub, "L-2")["status"] == "PICKED"
        for bench in benches:
            assert bench.group("L-1")["status"] == "SHIPPED"
            assert bench.picked("L-2") == [2]
        assert all(lan_of(api)["parted"] == [] for api in apis)
    finally:
        for bench in benches:
            bench.close()


def at_hub(hub: Api, order: str) -> Json:
    groups = hub.pages("/api/v1/ship-groups")
    return hub.get(f"/api/v1/ship-groups/{next(g for g in groups if g['order_reference'] == order)['id']}")
