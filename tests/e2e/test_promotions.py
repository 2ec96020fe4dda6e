"""Promotions and coupons over HTTP: defined, shown, previewed, ended; a limited coupon under many buyers at once; a contact
that comes with its order. docs/orders.md says what is expected."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from lab.api import Answer, Api, Json, Problem
from lab.company import Company, Site
from selling import an_order, gbp
from shop import open_shop

FAR = Site("store-far", "Store Far", "STORE", 50.0, -5.0, ())
CUP, PAN = "CUP-1", "PAN-2"
BUYERS, USES, EACH = 64, 10, 3
SPRING = {"title": "Spring sale", "kind": "PERCENTAGE", "basis_points": 1000, "channels": ["web"], "priority": 5}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Company]:
    company = open_shop(tmp_path_factory.mktemp("promotions"), binaries, [CUP, PAN], {"1001": [(CUP, 3)]}, others=(FAR,))
    yield company
    company.stop()


@pytest.fixture
def hub(shop: Company) -> Iterator[Api]:
    api = shop.hub_api()
    yield api
    api.close()


def capture(hub: Api, wanted: Json, headers: dict[str, str] | None = None) -> Answer:
    return hub.ask("POST", "/api/v1/orders", json.dumps(wanted).encode(), {"Content-Type": "application/json"} | (headers or {}))


def refused(hub: Api, body: Json) -> tuple[str, str]:
    with pytest.raises(Problem) as problem:
        hub.post("/api/v1/orders", body)
    return problem.value.reason, str(problem.value)


def uses(hub: Api, promotion: str) -> dict[str, int]:
    return {row["code"]: row["uses"] for row in hub.get(f"/api/v1/promotions/{promotion}")["coupon_uses"]}


def test_promotion_is_defined_applied_and_ended(hub: Api) -> None:
    defined = hub.put("/api/v1/promotions/spring", SPRING)
    assert (defined["promotion"], defined["active"], defined["coupons"], defined["skus"]) == ("spring", True, [], [])
    hub.put(
        "/api/v1/promotions/pans",
        {"title": "A pan for two cups", "kind": "BUY_X_GET_Y", "basis_points": 5000, "buy_units": 2, "get_units": 1, "skus": [CUP],
         "get_skus": [PAN], "coupons": [{"code": "pan-2"}]},
    )  # fmt: skip
    assert [row["promotion"] for row in hub.get("/api/v1/promotions")["items"]] == ["pans", "spring"]
    lines = an_order("x", CUP, 2)["lines"] + an_order("x", PAN)["lines"]
    basket = {"channel": "web", "currency": "GBP", "lines": lines, "apply_promotions": True, "coupons": ["Pan-2", "NONE"]}
    priced = hub.post("/api/v1/promotions/preview", basket)
    assert [(row["promotion"], row["coupon"], row["outcome"], row["amount_minor"]) for row in priced["promotions"]] == [
        ("pans", "PAN-2", "APPLIED", 125), ("spring", None, "APPLIED", 63), (None, "NONE", "UNKNOWN_COUPON", 0),
    ]  # fmt: skip
    assert priced["total"] == gbp(750 - 125 - 63)
    wanted = an_order("spring-1", CUP, 2, lines=lines, apply_promotions=True, coupons=["PAN-2"], total=gbp(562))
    first = capture(hub, wanted)
    assert first.status == 201, first.body
    order = first.json()
    assert order["total"] == gbp(562)
    assert order["discounts"] == priced["discounts"]
    assert order["discounts"][0]["title"] == "A pan for two cups"
    assert sum(line["order_discount_minor"] for line in order["lines"]) == 188
    assert uses(hub, "pans") == {"PAN-2": 1}
    # The same again is the same, even when the promotion has ended; a new order has it no more.
    ended = hub.ask("DELETE", "/api/v1/promotions/spring")
    assert (ended.status, ended.json()["active"]) == (200, False)
    assert capture(hub, wanted).status == 200
    assert hub.post("/api/v1/orders", an_order("spring-2", CUP, apply_promotions=True))["discounts"] == []
    reason, why = refused(hub, an_order("spring-3", CUP, coupons=["NONE"]))
    assert (reason, "NONE cannot be used (UNKNOWN_COUPON)" in why) == ("coupon_refused", True)


def test_coupon_holds_its_limits_under_many_buyers_at_once(shop: Company, hub: Api) -> None:
    hub.put(
        "/api/v1/promotions/few",
        {"title": "The first ten", "kind": "AMOUNT", "amount": gbp(100), "coupons": [{"code": "FEW", "uses_most": USES, "uses_of_customer_most": EACH}]},
    )

    def buy(number: int) -> Answer:
        api = Api(shop.hub_url)
        api.token = hub.token
        try:
            return capture(api, an_order(f"few-{number}", CUP, customer=f"c-{number % 16}", coupons=["FEW"]))
        finally:
            api.close()

    with ThreadPoolExecutor(BUYERS) as pool:
        answers = list(pool.map(buy, range(BUYERS)))
    statuses = Counter(answer.status for answer in answers)
    assert statuses == {201: USES, 422: BUYERS - USES}, [answer.body for answer in answers][:5]
    assert {answer.reason for answer in answers if answer.status == 422} == {"coupon_refused"}
    taken = [answer.json() for answer in answers if answer.status == 201]
    assert max(Counter(order["customer"] for order in taken).values()) <= EACH
    assert uses(hub, "few") == {"FEW": USES}
    # One is cancelled whole: somebody else can have it, once.
    hub.post(f"/api/v1/orders/{taken[0]['id']}/cancel")
    assert uses(hub, "few") == {"FEW": USES - 1}
    assert hub.post("/api/v1/orders", an_order("few-more", CUP, customer="late", coupons=["FEW"]))["total"] == gbp(150)
    assert refused(hub, an_order("few-too-many", CUP, customer="later", coupons=["FEW"]))[0] == "coupon_refused"
    timeline = json.dumps(hub.get(f"/api/v1/orders/{taken[0]['id']}/timeline"))
    assert "its coupons can be used again" in timeline


def test_contact_comes_with_its_order_and_is_in_no_record(shop: Company, hub: Api) -> None:
    address = "told.at.once@example.com"
    contact = {"channel": "EMAIL", "email": address, "language": "de"}
    wanted = an_order("told", CUP, contact=contact)
    answer = capture(hub, wanted, {"Idempotency-Key": "told-once"})
    assert answer.status == 201, answer.body
    order = answer.json()["id"]
    assert address not in answer.body.decode()
    assert hub.get(f"/api/v1/orders/{order}/contact") == {"order": order, **contact}
    # Erased, it does not come back with a repetition.
    hub.ask("DELETE", f"/api/v1/orders/{order}/contact")
    assert capture(hub, wanted, {"Idempotency-Key": "told-once"}).status == 200
    with pytest.raises(Problem, match="nobody is told"):
        hub.get(f"/api/v1/orders/{order}/contact")
    assert refused(hub, an_order("told-2", CUP, contact={**contact, "email": "no address"}))[0] == "bad_request"
    with closing(sqlite3.connect(f"file:{shop.directory / 'hub' / 'cairn.sqlite'}?mode=ro", uri=True)) as database:
        for table in ("event_log", "processed_command", "audit_entry"):
            for row in database.execute(f"SELECT * FROM {table}"):
                for value in row:
                    octets = value if isinstance(value, bytes) else str(value).encode()
                    assert address.encode() not in octets, table


def test_tool_sets_lists_shows_and_ends(shop: Company, tmp_path: Path) -> None:
    file = tmp_path / "promotion.json"
    file.write_text(json.dumps(SPRING | {"coupons": [{"code": "TOOL", "uses_most": 5}]}))
    assert shop.cairn("promotions", "set", "by tool", str(file)) == "by tool: PERCENTAGE, active\n"
    line = next(line for line in shop.cairn("promotions", "list").splitlines() if line.startswith("by tool"))
    assert line.split()[2:] == ["PERCENTAGE", "5", "1", "yes"]
    shown = json.loads(shop.cairn("promotions", "show", "by tool"))
    assert (shown["basis_points"], shown["coupon_uses"]) == (1000, [{"code": "TOOL", "uses": 0}])
    assert shop.cairn("promotions", "end", "by tool") == "by tool: PERCENTAGE, ended\n"
    assert json.loads(shop.cairn("promotions", "show", "by tool"))["active"] is False
