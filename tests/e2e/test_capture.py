"""Orders over HTTP: once each, never more than there is, held and cancelled; webhooks of a shop that come twice, late and
wrong. docs/orders.md says what is expected. CAIRN_ROUNDS: how often the last units are sold (2)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from lab.api import Answer, Api, Json, Problem
from lab.company import Company, Site
from selling import SHOPIFY_CHANNEL, add_shopify, an_order, gbp, run_import, shopify_order, signed
from shop import SHOP, open_shop, wait_for

FAR = Site("store-far", "Store Far", "STORE", 50.0, -5.0, ())
CUP, PAN = "CUP-1", "PAN-2"
EACH = 10_000_000  # what every site has of every article, in thousandths
BUYERS, LAST = 64, 10
ROUNDS = int(os.environ.get("CAIRN_ROUNDS", "2"))
HELD_ABOVE_MINOR = 100_000
CANCELLED = "2026-11-24T09:00:00+01:00"


class WebCompany(Company):
    def _write_hub_file(self, password_file: str) -> None:
        super()._write_hub_file(password_file)
        add_shopify(self.directory, f"\n[orders]\nhold_above_minor = {HELD_ABOVE_MINOR}\nhold_without_position = true\n")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Company]:
    company = open_shop(
        tmp_path_factory.mktemp("capture"), binaries, [CUP, PAN], {"1001": [(CUP, 3)]}, others=(FAR,), kind=WebCompany
    )
    yield company
    company.stop()


@pytest.fixture
def hub(shop: Company) -> Iterator[Api]:
    api = shop.hub_api()
    yield api
    api.close()


def online(hub: Api, sku: str, channel: str = "web") -> int:
    return int(hub.get(f"/api/v1/atp?sku={sku}&channel={channel}")["online_milli"])


def capture(hub: Api, wanted: Json) -> Answer:
    return hub.ask("POST", "/api/v1/orders", json.dumps(wanted).encode(), {"Content-Type": "application/json"})


def refused(hub: Api, body: Json, path: str = "/api/v1/orders") -> tuple[str, str]:
    with pytest.raises(Problem) as problem:
        hub.post(path, body)
    return problem.value.reason, str(problem.value)


def test_order_is_captured_once(hub: Api) -> None:
    before = online(hub, CUP)
    wanted = an_order("once", CUP, 2, shipping={"amount_minor": 399}, discounts=[{"code": "SPRING", "amount_minor": 101}], total=gbp(798))
    first = capture(hub, wanted)
    assert first.status == 201, first.body
    order = first.json()
    assert (order["status"], order["sale"], order["total"], order["hold"]) == ("APPROVED", "WEB", gbp(798), None)
    assert [(line["sku"], line["order_discount_minor"], line["service"]) for line in order["lines"]] == [
        (CUP, 101, False), ("SHIPPING", 0, True),
    ]  # fmt: skip
    assert order["lines"][0]["name"] == f"Article {CUP}"
    again = capture(hub, wanted)
    assert (again.status, again.json()) == (200, order)
    assert online(hub, CUP) == before - 2000
    assert refused(hub, an_order("once", CUP, 3))[0] == "order_differs"
    assert online(hub, CUP) == before - 2000


@pytest.mark.parametrize(
    ("changed", "reason", "says"),
    [
        ({"lines": [{"sku": "NONE", "quantity_milli": 1000, "unit_price": gbp(1)}]}, "unknown_sku", "/lines/0/sku"),
        ({"lines": [{"sku": CUP, "quantity_milli": 0, "unit_price": gbp(1)}]}, "bad_request", "/lines/0/quantity_milli"),
        ({"lines": [{"sku": CUP, "quantity_milli": 1500, "unit_price": gbp(1)}]}, "bad_order", "line 1"),
        ({"lines": [{"sku": CUP, "quantity_milli": 1000, "unit_price": {"minor": 1, "currency": "EUR"}}]}, "bad_request", "one currency"),
        ({"lines": []}, "bad_request", "/lines"),
        ({"method": "PICKUP"}, "bad_request", "/pickup_site"),
        ({"method": "PICKUP", "pickup_site": "nowhere"}, "unknown_site", "/pickup_site"),
        ({"total": gbp(249)}, "wrong_total", "2.49 GBP, its lines come to 2.50 GBP"),
        ({"discounts": [{"code": "ALL", "amount_minor": 251}]}, "bad_order", "discounts"),
        ({"lines": [{"sku": CUP, "quantity_milli": 10**11, "unit_price": gbp(1)}]}, "not_available", f"{CUP}: wanted 100000000, available"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_changes_nothing(hub: Api, changed: Json, reason: str, says: str) -> None:
    before = online(hub, CUP)
    found, text = refused(hub, an_order("wrong", CUP) | changed)
    assert (found, says in text) == (reason, True), text
    assert hub.get("/api/v1/orders?channel=web&external_id=wrong")["items"] == []
    assert online(hub, CUP) == before


def test_basket_becomes_an_order(hub: Api) -> None:
    before = online(hub, PAN)
    kept = hub.post("/api/v1/reservations", {"channel": "web", "sku": PAN, "milli": before, "seconds": 600})["reservation"]
    assert refused(hub, an_order("basket", PAN))[0] == "not_available"
    order = hub.post("/api/v1/orders", an_order("basket", PAN, reservations=[kept]))
    assert hub.get(f"/api/v1/reservations/{kept}")["status"] == "ORDERED"
    assert online(hub, PAN) == before - 1000
    hub.post(f"/api/v1/orders/{order['id']}/cancel")
    assert online(hub, PAN) == before


def test_pickup_is_of_its_site(hub: Api) -> None:
    wanted = an_order("pickup", PAN, EACH // 1000 + 1, method="PICKUP", pickup_site=FAR.site) | {"destination": None}
    wanted["lines"][0]["unit_price"] = gbp(0)
    assert refused(hub, wanted)[0] == "not_available"
    order = hub.post("/api/v1/orders", wanted | {"allow_backorder": True})
    assert order["waiting_milli"] == EACH + 1000
    hub.post(f"/api/v1/orders/{order['id']}/cancel")


def test_held_order_waits_until_it_is_released(hub: Api) -> None:
    before = online(hub, CUP)
    order = hub.post("/api/v1/orders", an_order("held", CUP, 2))["id"]
    path = f"/api/v1/orders/{order}"
    held = hub.post(f"{path}/holds", {"reason": "FRAUD", "note": "card and address differ"})
    assert (held["status"], held["hold"], held["note"]) == ("HOLD", "FRAUD", "card and address differ")
    assert refused(hub, {"reason": "MANUAL"}, f"{path}/holds")[0] == "already_held"
    hub.post("/api/v1/routing/runs")
    assert hub.get(path)["ship_groups"] == []
    assert order in {each["id"] for each in hub.pages("/api/v1/orders?status=HOLD")}
    assert order not in {each["id"] for each in hub.pages("/api/v1/orders?waiting=true")}
    assert online(hub, CUP) == before - 2000
    assert hub.post(f"{path}/holds/release", {"note": "called back"})["status"] == "APPROVED"
    assert refused(hub, {}, f"{path}/holds/release")[0] == "not_held"
    hub.post("/api/v1/routing/runs")
    assert [group["site"] for group in hub.get(path)["ship_groups"]] == [SHOP.site]
    assert refused(hub, {"reason": "MANUAL"}, f"{path}/holds")[0] == "too_late"
    assert refused(hub, {}, f"{path}/rejection")[0] == "too_late"
    done = hub.post(f"{path}/cancel")
    assert done["lines"] == [{"line": 1, "cancelled_milli": 2000, "too_late_milli": 0}]
    assert done["order"]["status"] == "CANCELLED"
    assert refused(hub, {"reason": "MANUAL"}, f"{path}/holds")[0] == "order_ended"
    sentences = [entry["sentence"] for entry in hub.get(f"{path}/timeline")["items"]]
    assert "Held (FRAUD): card and address differ" in sentences
    assert "Released from its hold: called back" in sentences


def test_rules_hold_and_head_office_rejects(hub: Api) -> None:
    before = online(hub, CUP)
    dear = an_order("dear", CUP, HELD_ABOVE_MINOR // 250 + 1)
    order = hub.post("/api/v1/orders", dear)
    assert (order["status"], order["hold"]) == ("HOLD", "FRAUD")
    rejected = hub.post(f"/api/v1/orders/{order['id']}/rejection", {"note": "stolen card"})
    assert (rejected["status"], rejected["waiting_milli"], rejected["note"]) == ("REJECTED", 0, "stolen card")
    assert online(hub, CUP) == before
    nowhere = an_order("nowhere", CUP)
    del nowhere["destination"]
    order = hub.post("/api/v1/orders", nowhere)
    assert (order["status"], order["hold"]) == ("HOLD", "ADDRESS")
    assert hub.post(f"/api/v1/orders/{order['id']}/cancel")["order"]["status"] == "CANCELLED"


# ---- a shop's webhooks ----


def test_operator_takes_holds_and_cancels_by_hand(shop: Company, hub: Api, tmp_path: Path) -> None:
    file = tmp_path / "order.json"
    file.write_text(json.dumps(an_order("by-hand", CUP, 2)))
    said = shop.cairn("orders", "capture", file)
    order, _, status = said.strip().partition(": ")
    assert status == "APPROVED"
    assert shop.cairn("orders", "capture", file) == said  # once
    assert shop.cairn("orders", "hold", order, "--reason", "FRAUD", "--note", "look") == f"{order}: HOLD, look\n"
    assert shop.cairn("orders", "release", order) == f"{order}: APPROVED\n"
    assert shop.cairn("orders", "cancel", order) == "line 1: 2 cancelled\n"
    assert hub.get(f"/api/v1/orders/{order}")["status"] == "CANCELLED"


def send(hub: Api, body: bytes, topic: str = "orders/create", **more: str) -> Answer:
    nobody = Api(f"http://{hub.host}:{hub.port}")
    try:
        headers = {"Content-Type": "application/json"} | signed(body, topic, **more)
        return nobody.ask("POST", f"/api/v1/channels/{SHOPIFY_CHANNEL}/shopify", body, headers)
    finally:
        nobody.close()


def outcome(answer: Answer) -> str:
    assert answer.status == 200, answer.body
    return str(answer.json()["outcome"])


def shopify(hub: Api, number: int) -> Json:
    found: Json = hub.get(f"/api/v1/orders?channel={SHOPIFY_CHANNEL}&external_id={number}")["items"][0]
    return found


def test_webhooks_come_twice_and_in_any_order(hub: Api) -> None:
    before = online(hub, CUP)
    for _ in range(2):
        assert outcome(send(hub, shopify_order(1, CUP, 2))) == "TAKEN"
    assert (shopify(hub, 1)["status"], shopify(hub, 1)["total"]) == ("APPROVED", gbp(2400))
    assert online(hub, CUP) == before - 2000
    assert outcome(send(hub, shopify_order(2, CUP, 1, cancelled_at=CANCELLED), "orders/cancelled")) == "TAKEN"
    assert outcome(send(hub, shopify_order(2, CUP, 1))) == "TAKEN"
    for _ in range(2):
        assert outcome(send(hub, shopify_order(1, CUP, 2, cancelled_at=CANCELLED), "orders/cancelled")) == "TAKEN"
    assert {shopify(hub, number)["status"] for number in (1, 2)} == {"CANCELLED"}
    assert online(hub, CUP) == before
    assert outcome(send(hub, shopify_order(3, CUP, 1), "products/update")) == "IGNORED"


def test_nobody_else_can_send_one(hub: Api) -> None:
    body = shopify_order(4, CUP, 1)
    answer = send(hub, body, secret="of somebody else")
    assert (answer.status, answer.reason) == (401, "bad_signature")
    answer = hub.ask("POST", "/api/v1/channels/web/shopify", body, {"Content-Type": "application/json"} | signed(body, "orders/create"))
    assert (answer.status, answer.reason) == (404, "no_such_channel")
    assert hub.get(f"/api/v1/orders?channel={SHOPIFY_CHANNEL}&external_id=4")["items"] == []


def test_what_cannot_become_an_order_is_not_lost(hub: Api) -> None:
    assert outcome(send(hub, shopify_order(5, "NEW-5", 1))) == "KEPT_ASIDE"
    assert outcome(send(hub, shopify_order(6, CUP, 1, total_price="0.01"))) == "KEPT_ASIDE"
    kept = hub.pages("/api/v1/orders/problems")
    assert [(each["external_id"], each["reason"]) for each in kept] == [("5", "unknown_sku"), ("6", "wrong_total")]
    path = f"/api/v1/orders/problems/{kept[0]['id']}/retry"
    assert hub.post(path)["order"] is None
    begun = hub.ask("POST", "/api/v1/imports/products", b"sku,name\nNEW-5,New\n", {"Content-Type": "text/csv"}).json()
    wait_for("the import", lambda: hub.get(f"/api/v1/imports/{begun['import']}")["state"] != "running")
    assert hub.post(path)["reason"] == "not_available"
    message = f"/api/v1/orders/problems/{kept[0]['id']}"
    assert "somebody@example.org" in hub.get(message)["payload"]
    solved = hub.post(f"{path}?allow_backorder=true")
    assert solved["order"] == shopify(hub, 5)["id"]
    assert [each["external_id"] for each in hub.pages("/api/v1/orders/problems")] == ["6"]
    assert len(hub.pages("/api/v1/orders/problems?all=true")) == 2
    assert hub.get(message)["payload"] == ""  # what it said of people is gone
    assert hub.ask("DELETE", f"/api/v1/orders/problems/{kept[1]['id']}").status == 200
    assert [each["external_id"] for each in hub.pages("/api/v1/orders/problems?all=true")] == ["5"]


# ---- many at once ----


def buy(url: str, token: str | None, number: str, sku: str) -> bool:
    """A checkout that wants one, and asks again while the hub is away."""
    api = Api(url)
    api.token = token
    try:
        api.post("/api/v1/orders", an_order(number, sku))
        return True
    except Problem as problem:
        assert problem.reason == "not_available", problem
        return False
    finally:
        api.close()


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_last_units_are_sold_once(shop: Company, hub: Api, round_: int) -> None:
    sku = (CUP, PAN)[round_ % 2]
    before = online(hub, sku)
    hub.put("/api/v1/channels/web", {"threshold_milli": before - LAST * 1000})
    with ThreadPoolExecutor(BUYERS) as pool:
        asked = [pool.submit(buy, shop.hub_url, hub.token, f"last-{round_}-{buyer}", sku) for buyer in range(BUYERS)]
        shop.hub.kill()
        wait_for("the hub is started again", shop.hub.running)
        bought = [each.result() for each in asked]
    again = shop.hub_api()
    sold = again.pages(f"/api/v1/orders?text=last-{round_}-")
    assert (bought.count(True), len(sold), online(again, sku)) == (LAST, LAST, 0)
    for order in sold:
        again.post(f"/api/v1/orders/{order['id']}/cancel")
    assert online(again, sku) == LAST * 1000
    again.put("/api/v1/channels/web", {"active": False})
    assert online(again, sku) == before
    again.close()


# ---- changes ----


def test_kit_is_sold_as_its_parts(hub: Api) -> None:
    run_import(hub, "products", f"sku,name,parts\nTEA-SET,Tea set,{CUP}=2|{PAN}\n")
    assert hub.get("/api/v1/products/TEA-SET")["parts"] == [{"sku": CUP, "units": 2}, {"sku": PAN, "units": 1}]
    before = {article: online(hub, article) for article in (CUP, PAN)}
    enough = min(before[CUP] // 2000, before[PAN] // 1000)  # were all of it at one place
    most = hub.get("/api/v1/atp?sku=TEA-SET&channel=web")["online_milli"] // 1000
    assert enough - 1 <= most <= enough
    answer = hub.get(f"/api/v1/atp?sku=TEA-SET&channel=web&milli={most * 1000}")
    assert (answer["online_milli"], answer["promise"]["from"]) == (most * 1000, "STOCK")
    assert {row["site"] for row in answer["kit"]["sites"]} == {SHOP.site, FAR.site}
    assert [part["online_milli"] for part in answer["kit"]["parts"]] == [before[CUP], before[PAN]]
    assert hub.get(f"/api/v1/atp?sku=TEA-SET&channel=web&milli={(most + 1) * 1000}")["promise"]["from"] == "NOTHING"
    assert refused(hub, an_order("set-2", "TEA-SET", enough + 1))[0] == "not_available"
    wanted = an_order("set-1", "TEA-SET", 1, total=gbp(250))
    order = hub.post("/api/v1/orders", wanted)
    assert order["total"] == gbp(250)
    assert [(line["line"], line["sku"], line["ordered_milli"]) for line in order["lines"]] == [(2, CUP, 2000), (3, PAN, 1000)]
    assert {line["kit"]["sku"] for line in order["lines"]} == {"TEA-SET"}
    assert {line["together"] for line in order["lines"]} == {1}
    assert (online(hub, CUP), online(hub, PAN)) == (before[CUP] - 2000, before[PAN] - 1000)
    basket = {"channel": "web", "currency": "GBP", "lines": wanted["lines"], "apply_promotions": True}
    priced = hub.post("/api/v1/promotions/preview", basket)
    assert [(line["kit"]["line"], line["kit"]["sku"]) for line in priced["lines"]] == [(1, "TEA-SET")] * 2
    # The kit is another one now; the order is the one it was.
    run_import(hub, "products", f"sku,name,parts\nTEA-SET,Tea set,{PAN}=3\n")
    assert hub.post("/api/v1/orders", wanted)["id"] == order["id"]
    assert refused(hub, an_order("set-1", "TEA-SET", 2))[0] == "order_differs"
    with pytest.raises(Problem) as kept:
        hub.post("/api/v1/reservations", {"channel": "web", "sku": "TEA-SET", "milli": 1000})
    assert kept.value.reason == "is_kit"


def test_order_is_changed_until_a_site_has_it(hub: Api) -> None:
    order = hub.post("/api/v1/orders", an_order("changed", CUP, 2))
    address, before = f"/api/v1/orders/{order['id']}", online(hub, CUP)
    added = {"sku": PAN, "quantity_milli": 1000, "unit_price": gbp(1000)}
    now = hub.post(f"{address}/changes", {"quantities": [{"line": 1, "quantity_milli": 3000}], "add": [added], "note": "called"})
    assert [(line["line"], line["sku"], line["waiting_milli"]) for line in now["lines"]] == [(1, CUP, 2000), (2, CUP, 1000), (3, PAN, 1000)]
    assert now["total"] == gbp(3 * 250 + 1000)
    assert online(hub, CUP) == before - 1000
    now = hub.post(f"{address}/changes", {"quantities": [{"line": 1, "quantity_milli": 1000}], "method": "PICKUP", "pickup_site": FAR.site})
    assert (now["method"], now["pickup_site"], now["cancelled_milli"]) == ("PICKUP", FAR.site, 1000)
    assert online(hub, CUP) == before
    assert refused(hub, {"quantities": [{"line": 3, "quantity_milli": EACH * 2}]}, f"{address}/changes")[0] == "not_available"
    assert refused(hub, {}, f"{address}/changes")[0] == "bad_request"
    nothing = [{"line": line, "quantity_milli": 0} for line in (1, 2, 3)]
    assert refused(hub, {"quantities": nothing}, f"{address}/changes")[0] == "nothing_left"
    told = [(entry["type"], entry["person"], entry["sentence"]) for entry in hub.get(f"{address}/timeline")["items"]]
    assert [kind for kind, _, _ in told] == [
        "OrderPlaced", "OrderLineAdded", "OrderLineAdded", "OrderUnitsCancelled", "OrderDeliveryChanged",
    ]  # fmt: skip
    assert all(person for _, person, _ in told)
    assert told[-1][2] == f"Now to be picked up at {FAR.site}, before to be shipped"
    # The order that was placed is still that order.
    assert capture(hub, an_order("changed", CUP, 2)).status == 200
    hub.post("/api/v1/routing/runs")
    assert wait_for("the order is with a site", lambda: hub.get(address)["ship_groups"])
    assert refused(hub, {"quantities": [{"line": 1, "quantity_milli": 0}]}, f"{address}/changes")[0] == "too_late"
