"""What the hub promises of the stock: every figure adds up, a site that is cut off is left out, and the last units are
promised once, whoever asks at the same time and whatever happens to the hub. docs/promise.md says what is expected."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from lab.api import Api, Json, Problem
from lab.company import Company, Site
from shop import SHOP, open_shop, wait_for

FAR = Site("store-far", "Store Far", "STORE", 50.0, -5.0, (1,))
CUP, PAN = "CUP-1", "PAN-2"
EACH = 10_000_000  # what every site has of every article, in thousandths
ASKERS, LAST = 64, 10
SILENCE_SECONDS = 60.0  # a broker's notice that a device is gone, and what the hub needs to see it


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Company]:
    company = open_shop(
        tmp_path_factory.mktemp("promises"), binaries, [CUP, PAN], {"1001": [(CUP, 3)], "1002": [(CUP, 2)]}, others=(FAR,)
    )
    yield company
    company.stop()


@pytest.fixture
def hub(shop: Company) -> Iterator[Api]:
    api = shop.hub_api()
    yield api
    api.close()


def atp(hub: Api, sku: str = CUP, channel: str = "web") -> Json:
    answer: Json = hub.get(f"/api/v1/atp?sku={sku}&channel={channel}")
    return answer


def at(stock: Json, site: str) -> Json:
    return next(row for row in stock["sites"] if row["site"] == site)


def check_sums(stock: Json) -> None:
    for row in stock["sites"]:
        assert row["atp_milli"] == row["on_hand_milli"] - row["unavailable_milli"] - row["reserved_milli"] - row["leased_milli"]
        if not row["withheld"]:
            assert row["sellable_milli"] == max(0, row["atp_milli"] - row["safety_milli"]) * row["kept_percent"] // 100
    sellable = sum(row["sellable_milli"] for row in stock["sites"])
    assert stock["sellable_milli"] == sellable
    taken = stock["threshold_milli"] + stock["unbrokered_milli"] + stock["soft_milli"]
    assert stock["online_milli"] == max(0, sellable - taken) + stock["future_milli"]


def test_every_figure_adds_up_and_is_the_database_s(hub: Api) -> None:
    stock = atp(hub)
    check_sums(stock)
    assert stock["online_milli"] == 2 * EACH - 5000
    assert at(stock, SHOP.site)["reserved_milli"] == 5000
    by_site = {row["site"]: row for row in hub.get(f"/api/v1/availability?sku={CUP}")["sites"]}
    for row in stock["sites"]:
        database = by_site[row["site"]]
        assert (row["on_hand_milli"], row["unavailable_milli"], row["reserved_milli"], row["atp_milli"]) == (
            database["on_hand_milli"],
            database["held_milli"],
            database["reserved_milli"],
            database["available_milli"],
        )


def test_channel_threshold_sites_and_safety_stock(hub: Api) -> None:
    hub.put("/api/v1/channels/phone", {"threshold_milli": 7000, "sites": [{"site": FAR.site, "mode": "PICKUP_ONLY"}]})
    hub.put("/api/v1/safety-stock/pans", {"sku": PAN, "milli": 4000})
    hub.put("/api/v1/safety-stock/pans-far", {"sku": PAN, "site": FAR.site, "milli": 9000})
    stock = atp(hub, PAN, "phone")
    check_sums(stock)
    assert (at(stock, SHOP.site)["safety_rule"], at(stock, FAR.site)["safety_rule"]) == ("pans", "pans-far")
    assert at(stock, FAR.site)["withheld"] == "PICKUP_ONLY"
    assert at(stock, FAR.site)["pickup_milli"] == EACH - 9000
    assert stock["online_milli"] == EACH - 4000 - 7000
    hub.put("/api/v1/safety-stock/pans", {"sku": PAN, "milli": 4000, "active": False})
    hub.put("/api/v1/safety-stock/pans-far", {"sku": PAN, "milli": 9000, "active": False})
    hub.put("/api/v1/channels/phone", {"active": False})
    assert atp(hub, PAN, "phone")["online_milli"] == 2 * EACH


def test_site_that_is_cut_off_is_left_out_until_it_is_back(shop: Company, hub: Api) -> None:
    wait_for("all sites are fresh", lambda: all(row["age_s"] == 0 and row["devices"] for row in atp(hub, PAN)["sites"]), SILENCE_SECONDS)
    devices = at(atp(hub, PAN), FAR.site)["devices"]
    assert [(device["online"], device["hwm"] == device["head"]) for device in devices] == [(True, True)]
    hub.put("/api/v1/channels/fresh", {"stale_after_s": 1})
    far = next(agent for agent in shop.agents if agent.site.site == FAR.site)
    far.service.stop()
    stock = wait_for(
        "the far store is stale", lambda: (lambda now: now if at(now, FAR.site)["withheld"] == "STALE" else None)(atp(hub, PAN, "fresh")),
        SILENCE_SECONDS,
    )  # fmt: skip
    check_sums(stock)
    assert at(stock, FAR.site)["age_s"] > 1
    assert stock["online_milli"] == EACH
    # Who does not mind its age still sells it.
    assert atp(hub, PAN, "web")["online_milli"] == 2 * EACH
    hub.put("/api/v1/channels/fresh", {"stale_after_s": 1, "kept_percent": 25})
    assert at(atp(hub, PAN, "fresh"), FAR.site)["sellable_milli"] == EACH // 4
    far.service.start()
    wait_for("the far store is heard", lambda: atp(hub, PAN, "fresh")["online_milli"] == 2 * EACH, SILENCE_SECONDS)


def ask(url: str, token: str | None, sku: str) -> str:
    """A checkout that wants one, and asks again with the same key while the hub is away; empty: it was refused."""
    api = Api(url)
    api.token = token
    try:
        kept: Json = api.post("/api/v1/reservations", {"channel": "web", "sku": sku, "milli": 1000, "seconds": 3600})
        return str(kept["reservation"])
    except Problem as problem:
        assert problem.reason == "not_enough_stock", problem
        return ""
    finally:
        api.close()


@pytest.mark.parametrize("round_", range(3))
def test_last_units_are_promised_once(shop: Company, hub: Api, round_: int) -> None:
    sku = (CUP, PAN, CUP)[round_]
    before = atp(hub, sku)["online_milli"]
    hub.put("/api/v1/channels/web", {"threshold_milli": before - LAST * 1000})
    assert atp(hub, sku)["online_milli"] == LAST * 1000
    with ThreadPoolExecutor(ASKERS) as pool:
        asked = [pool.submit(ask, shop.hub_url, hub.token, sku) for _ in range(ASKERS)]
        if round_ > 0:
            shop.hub.kill()
            wait_for("the hub is started again", shop.hub.running)
        answers = [each.result() for each in asked]
    mine = {reservation for reservation in answers if reservation}
    assert (len(mine), answers.count("")) == (LAST, ASKERS - LAST)
    again = shop.hub_api()
    assert atp(again, sku)["online_milli"] == 0
    for reservation in mine:
        assert again.get(f"/api/v1/reservations/{reservation}")["status"] == "OPEN"
        again.post(f"/api/v1/reservations/{reservation}/release")
    assert atp(again, sku)["online_milli"] == LAST * 1000
    again.put("/api/v1/channels/web", {"active": False})
    assert atp(again, sku)["online_milli"] == before
    again.close()


def test_reservation_runs_out_by_itself(hub: Api) -> None:
    before = atp(hub)["online_milli"]
    kept = hub.post("/api/v1/reservations", {"channel": "web", "sku": CUP, "milli": 2000, "seconds": 1, "reference": "cart-1"})
    assert (kept["status"], kept["reference"]) == ("OPEN", "cart-1")
    wait_for("it runs out", lambda: hub.get(f"/api/v1/reservations/{kept['reservation']}")["status"] == "EXPIRED")
    assert atp(hub)["online_milli"] == before


def test_hub_that_is_started_anew_promises_the_same(shop: Company, hub: Api) -> None:
    wait_for("the far store is back", lambda: at(atp(hub), FAR.site)["age_s"] == 0, SILENCE_SECONDS)
    before = {row["site"]: (row["on_hand_milli"], row["reserved_milli"], row["atp_milli"]) for row in atp(hub)["sites"]}
    shop.hub.kill()
    wait_for("the hub is started again", shop.hub.running)
    again = shop.hub_api()
    after = {row["site"]: (row["on_hand_milli"], row["reserved_milli"], row["atp_milli"]) for row in atp(again)["sites"]}
    assert after == before
    again.close()


def test_what_is_sold_out_is_promised_for_the_day_it_comes(shop: Company, hub: Api, tmp_path: Path) -> None:
    def stock(milli: int) -> Json:
        answer: Json = hub.get(f"/api/v1/atp?sku=NEW-1&channel=ahead&milli={milli}")
        check_sums(answer)
        return answer

    article = tmp_path / "new.csv"
    article.write_text("sku,name\nNEW-1,New\n")
    shop.cairn("import", "products", article)
    supply = {"source": "PURCHASE_ORDER", "sku": "NEW-1", "site": FAR.site, "due": "2027-03-01T06:00:00.000Z", "milli": 12_000}
    said = hub.put("/api/v1/expected-supply/PO-1", supply)
    assert said == {"reference": "PO-1", **supply}
    hub.put("/api/v1/expected-supply/PO-2", {**supply, "due": "2027-02-01T06:00:00.000Z", "milli": 5_000})
    assert (stock(1000)["online_milli"], stock(1000)["promise"]["from"]) == (0, "NOTHING")
    hub.put("/api/v1/channels/ahead", {"sells_ahead": True})
    ahead = stock(1000)
    assert (ahead["online_milli"], ahead["future_milli"], ahead["sold_ahead"]) == (17_000, 17_000, "PREORDER")
    assert ahead["promise"] == {"milli": 1000, "from": "EXPECTED", "due": "2027-02-01T06:00:00.000Z"}
    hub.post("/api/v1/reservations", {"channel": "ahead", "sku": "NEW-1", "milli": 5000})
    assert stock(1000)["promise"]["due"] == "2027-03-01T06:00:00.000Z"
    with pytest.raises(Problem) as refused:
        hub.post("/api/v1/reservations", {"channel": "ahead", "sku": "NEW-1", "milli": 12_001})
    assert refused.value.reason == "not_enough_stock"
    hub.put("/api/v1/expected-supply/PO-1", {**supply, "milli": 0})
    assert [one["reference"] for one in stock(1000)["expected"]] == ["PO-2"]
    assert stock(1000)["promise"] == {"milli": 1000, "from": "NOTHING", "due": None}


def test_what_somebody_says_of_the_stock_reaches_the_promise_and_the_site(shop: Company, hub: Api, tmp_path: Path) -> None:
    article, stock = tmp_path / "vase.csv", tmp_path / "vases.csv"
    article.write_text("sku,name\nVASE-1,Vase\n")
    stock.write_text(f"site,location,sku,quantity\n{SHOP.site},V-01,VASE-1,10\n")
    shop.cairn("import", "products", article)
    shop.cairn("import", "stock", stock)

    def adjust(units: int, reason: str) -> str:
        return shop.cairn("stock", "adjust", SHOP.site, "VASE-1", "V-01", "--reason", reason, "--", str(units))

    assert adjust(-2, "VAR_STOLEN") == f"VASE-1 at {SHOP.site}: 8 on hand, 0 of them unavailable, 8 can be promised\n"
    assert adjust(-3, "DAMAGED") == f"VASE-1 at {SHOP.site}: 8 on hand, 3 of them unavailable, 5 can be promised\n"
    assert adjust(1, "DAMAGED") == f"VASE-1 at {SHOP.site}: 8 on hand, 2 of them unavailable, 6 can be promised\n"
    promised = atp(hub, "VASE-1")
    check_sums(promised)
    assert promised["online_milli"] == 6000
    with pytest.raises(Problem) as refused:
        lost = {"site": SHOP.site, "sku": "VASE-1", "location": "V-01", "milli": -7000, "reason": "VAR_LOST"}
        hub.post("/api/v1/stock/adjustments", lost)
    assert refused.value.reason == "not_there"
    site = shop.agent_api(next(agent for agent in shop.agents if agent.site.site == SHOP.site))

    def at_the_site() -> bool:
        cells = site.get("/api/v1/stock?sku=VASE-1")["items"]
        return {row["location"]: row["on_hand_milli"] for row in cells} == {"V-01": 6000, "HOLD-DAMAGED": 2000}

    wait_for("the site has heard of it", at_the_site)
    site.close()
