"""Units that a store sells while it is cut off are nobody else's: leases over the real broker, with the store away, its agent
killed and leases asked back meanwhile. docs/promise.md says what is expected."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from lab.api import Api, Json, Problem
from lab.company import Company
from shop import SHOP, gtin, open_shop, wait_for, wait_quiet

CUP, PAN, JAR, POT = "CUP-1", "PAN-2", "JAR-3", "POT-4"
UNIT = 1000  # thousandths
HERE = 10  # of each article


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Company]:
    company = open_shop(tmp_path_factory.mktemp("leases"), binaries, [CUP, PAN, JAR, POT], {"1001": [(POT, 1)]})
    try:
        stock = company.directory / "ten.csv"
        with stock.open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(["site", "sku", "location", "quantity"])
            rows.writerows([SHOP.site, sku, f"A-{place:02}", HERE] for place, sku in enumerate((CUP, PAN, JAR), start=1))
        company.cairn("import", "stock", stock)
        hub = company.hub_api()
        articles = {"articles": [{"sku": CUP}, {"sku": PAN}]}
        hub.put("/api/v1/stock/lease-policies/cups", articles | {"beyond": "REFUSE"})
        hub.close()
        yield company
    finally:
        company.stop()


@pytest.fixture
def hub(shop: Company) -> Iterator[Api]:
    api = shop.hub_api()
    yield api
    api.close()


@pytest.fixture
def till(shop: Company) -> Iterator[Api]:
    agent = shop.agents[0]
    api = Api(agent.url)
    api.sign_in(agent.stations[0].person, agent.stations[0].pin, agent.stations[0].name)
    yield api
    api.close()


def figures(hub: Api, sku: str) -> tuple[int, int, int]:
    """On hand, leased and what the web can sell, in units: as memory and rows have it, which agree but for an instant."""

    def both() -> tuple[int, int, int] | None:
        stock = hub.get(f"/api/v1/atp?sku={sku}&channel=web")
        row = next(each for each in stock["sites"] if each["site"] == SHOP.site)
        assert row["atp_milli"] == row["on_hand_milli"] - row["unavailable_milli"] - row["reserved_milli"] - row["leased_milli"]
        database = next(each for each in hub.get(f"/api/v1/availability?sku={sku}")["sites"] if each["site"] == SHOP.site)
        if (database["leased_milli"], database["available_milli"]) != (row["leased_milli"], row["atp_milli"]):
            return None
        return row["on_hand_milli"] // UNIT, row["leased_milli"] // UNIT, stock["online_milli"] // UNIT

    return wait_for("memory and rows agree", both)


def lease(hub: Api, sku: str, units: int, **more: object) -> Json:
    granted: Json = hub.post("/api/v1/stock/leases", {"site": SHOP.site, "sku": sku, "milli": units * UNIT} | more)
    return granted


def sell(till: Api, sku: str, units: int = 1) -> Json:
    sold: Json = till.post("/api/v1/counter-sales", {"code": gtin(sku), "quantity_milli": units * UNIT})
    return sold


def reserve(hub: Api, sku: str, units: int) -> str:
    return str(hub.post("/api/v1/reservations", {"channel": "web", "sku": sku, "milli": units * UNIT})["reservation"])


def known_at(till: Api, lease_: str) -> Json | None:
    return next((each for each in till.pages("/api/v1/stock/leases") if each["lease"] == lease_), None)


def cut_off(shop: Company, till: Api) -> None:
    shop.broker.stop()
    wait_for("the store is cut off", lambda: till.get("/api/v1/sync")["link"] == "down")


def reach_again(shop: Company) -> None:
    shop.broker.start()
    manager = shop.agent_api(shop.agents[0])
    wait_quiet(manager)
    manager.close()


def test_store_that_is_cut_off_sells_its_lease_and_the_web_the_rest(shop: Company, hub: Api, till: Api) -> None:
    wait_for("the goods are counted", lambda: figures(hub, CUP) == (HERE, 0, HERE))
    granted = lease(hub, CUP, 5)
    assert (granted["state"], granted["outstanding_milli"]) == ("GRANTED", 5 * UNIT)
    assert figures(hub, CUP) == (HERE, 5, 5)
    basket = reserve(hub, CUP, 5)
    with pytest.raises(Problem) as none_left:
        reserve(hub, CUP, 1)
    assert none_left.value.reason == "not_enough_stock"
    with pytest.raises(Problem) as taken:
        lease(hub, CUP, 1)
    assert taken.value.reason == "not_enough_stock"
    wait_for("the lease is at the till", lambda: known_at(till, granted["lease"]))

    cut_off(shop, till)
    assert sell(till, CUP, 2)["left_milli"] == 3 * UNIT
    shop.agents[0].service.kill()  # what was saved is known, and so is what is left
    wait_for("the till is back", lambda: known_at(till, granted["lease"]))
    for left in (2, 1, 0):
        sold = sell(till, CUP)
        assert (sold["leased_milli"], sold["beyond_milli"], sold["left_milli"]) == (UNIT, 0, left * UNIT)
    with pytest.raises(Problem) as sixth:
        sell(till, CUP)
    assert sixth.value.reason == "beyond_lease"
    assert figures(hub, CUP) == (HERE, 5, 0)

    reach_again(shop)
    wait_for("what was sold is at the hub", lambda: figures(hub, CUP) == (5, 0, 0))
    hub.post(f"/api/v1/reservations/{basket}/release")
    assert figures(hub, CUP) == (5, 0, 5)
    row = next(each for each in hub.pages("/api/v1/stock/leases") if each["lease"] == granted["lease"])
    assert (row["state"], row["sold_milli"], row["outstanding_milli"]) == ("GRANTED", 5 * UNIT, 0)


def test_lease_that_is_asked_back_is_promised_after_the_answer(shop: Company, hub: Api, till: Api) -> None:
    granted = lease(hub, PAN, 6)
    wait_for("the lease is at the till", lambda: known_at(till, granted["lease"]))
    cut_off(shop, till)
    hub.delete(f"/api/v1/stock/leases/{granted['lease']}")
    assert figures(hub, PAN) == (HERE, 6, 4)
    assert sell(till, PAN, 2)["left_milli"] == 4 * UNIT  # it has not heard
    shop.agents[0].service.kill()
    wait_for("the till is back", lambda: known_at(till, granted["lease"]))
    assert figures(hub, PAN) == (HERE, 6, 4)

    reach_again(shop)
    wait_for("the lease is given back", lambda: figures(hub, PAN) == (8, 0, 8))
    row = next(each for each in hub.pages("/api/v1/stock/leases") if each["lease"] == granted["lease"])
    assert (row["state"], row["sold_milli"], row["returned_milli"]) == ("RETURNED", 2 * UNIT, 4 * UNIT)
    with pytest.raises(Problem) as refused:
        sell(till, PAN)
    assert refused.value.reason == "beyond_lease"


def test_lease_that_is_over_is_given_back_by_the_till_itself(hub: Api, till: Api) -> None:
    before = figures(hub, PAN)
    granted = lease(hub, PAN, 3, seconds=2)
    assert figures(hub, PAN) == (before[0], 3, before[2] - 3)
    wait_for("the lease is given back", lambda: figures(hub, PAN) == before)
    row = next(each for each in hub.pages("/api/v1/stock/leases") if each["lease"] == granted["lease"])
    assert (row["state"], row["returned_milli"]) == ("RETURNED", 3 * UNIT)


def test_article_without_a_policy_is_sold_as_ever_and_not_leased(hub: Api, till: Api) -> None:
    with pytest.raises(Problem) as refused:
        lease(hub, JAR, 1)
    assert refused.value.reason == "not_leasable"
    sold = sell(till, JAR)
    assert (sold["beyond_milli"], sold["beyond_lease"]) == (UNIT, False)
    wait_for("the sale is at the hub", lambda: figures(hub, JAR) == (HERE - 1, 0, HERE - 1))


def test_till_warns_or_asks_as_the_policy_says(shop: Company, hub: Api, till: Api) -> None:
    hub.put("/api/v1/stock/lease-policies/jars", {"articles": [{"sku": JAR}], "beyond": "APPROVE"})

    def refused() -> str:
        try:
            sell(till, JAR)
        except Problem as problem:
            return problem.reason
        return ""

    wait_for("the till knows", lambda: refused() == "needs_approval")
    approval = {"name": "manager", "pin": shop.manager_pins[SHOP.site], "reason": "regular customer"}
    sold = till.post("/api/v1/counter-sales", {"code": JAR, "quantity_milli": UNIT, "approval": approval})
    assert sold["beyond_lease"] is True
    hub.put("/api/v1/stock/lease-policies/jars", {"articles": [{"sku": JAR}], "beyond": "WARN"})
    wait_for("the till knows", lambda: refused() == "")
    assert sell(till, JAR)["beyond_lease"] is True


def test_operator_s_tool_leases_and_asks_back(shop: Company, hub: Api) -> None:
    before = figures(hub, PAN)
    printed = shop.cairn("stock", "leases", "grant", SHOP.site, PAN, "2")
    lease_ = printed.partition(":")[0]
    assert printed == f"{lease_}: GRANTED, 2 outstanding\n"
    listed = shop.cairn("stock", "leases", "list", "--sku", PAN)
    assert lease_ in listed and "GRANTED" in listed
    assert shop.cairn("stock", "leases", "recall", lease_).startswith(f"{lease_}: ENDING")
    wait_for("the lease is given back", lambda: figures(hub, PAN) == before)
    assert lease_ not in shop.cairn("stock", "leases", "list")
    assert lease_ in shop.cairn("stock", "leases", "list", "--all")
    written = [entry["verb"] for entry in hub.pages("/api/v1/audit")]
    assert "stock.lease" in written
