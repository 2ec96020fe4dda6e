"""Orders by a rule set: a real hub, orders by CSV, runs, traces that are replayed, simulation, queues and auto-cancel; runs at
the same time promise nothing twice. docs/routing.md says what is expected."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lab.api import Api, Json
from lab.company import Company, Site
from selling import run_import
from shop import SHOP, open_shop, wait_for

FAR = Site("store-far", "Store Far", "STORE", 50.0, -5.0, (1,))
CUP, PAN = "CUP-1", "PAN-2"  # 10,000 of each at each site
LAMP, VASE = "LAMP-3", "VASE-4"  # only what a test counts in
LABEL = {"zones": [{"reach_m": 20_000_000, "label_micro": 3_000_000}]}
NEAREST = {"name": "nearest", "sorts": ["DISTANCE"], "assignment": {"mode": "ORA_MULTI"}}


def rules(*steps: Json, queues: tuple[str, ...] = ("BROKERING",), **more: object) -> Json:
    return {"routings": [{"name": "standard", "queues": list(queues), "sorts": ["ORDER_DATE"], "rules": list(steps)}]} | more


class BusyCompany(Company):
    """Its sites stay full for a day."""

    def __init__(self, directory: Path, binaries: Path, sites: tuple[Site, ...]):
        super().__init__(directory, binaries, sites, full_site_hours=24)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Company]:
    folder = tmp_path_factory.mktemp("rules")
    shop = open_shop(folder, binaries, [CUP, PAN], {"1001": [(CUP, 1)]}, others=(FAR,), kind=BusyCompany)
    yield shop
    shop.stop()


@pytest.fixture
def hub(company: Company) -> Iterator[Api]:
    api = company.hub_api()
    yield api
    api.close()


def put_rules(hub: Api, what: Json, name: str = "week", active: bool = True) -> Json:
    return dict(hub.put(f"/api/v1/routing/rule-sets/{name}", {"active": active, "rules": what}))


def place(hub: Api, orders: dict[str, tuple[str, int]]) -> dict[str, str]:
    """Orders of one line each, near the shop. Their ids."""
    rows = "".join(f"{name},1,{sku},{units},2.50,2026-11-02T09:15:00Z,c,53.9,-1.0\n" for name, (sku, units) in orders.items())
    head = "order_id,line_no,sku,quantity,unit_price_gbp,ordered_at,customer_id,latitude,longitude\n"
    run_import(hub, "orders", head + rows)
    found = {name: hub.get(f"/api/v1/orders?channel=import&external_id={name}")["items"] for name in orders}
    return {name: str(items[0]["id"]) for name, items in found.items()}


def count(hub: Api, site: str, sku: str, units: int) -> None:
    run_import(hub, "products", f"sku,name\n{sku},Article {sku}\n")
    run_import(hub, "stock", f"site,sku,quantity\n{site},{sku},{units}\n")


def order(hub: Api, number: str) -> Json:
    return dict(hub.get(f"/api/v1/orders/{number}"))


def sites_of(hub: Api, number: str) -> list[str]:
    return [group["site"] for group in order(hub, number)["ship_groups"]]


def decisions(hub: Api, number: str) -> list[Json]:
    return list(hub.get(f"/api/v1/orders/{number}/routing-decisions")["items"])


def run(hub: Api) -> Json:
    return dict(hub.post("/api/v1/routing/runs"))


def cairn(company: Company, *arguments: str) -> tuple[int, str]:
    command = [company.binaries / "cairn", "--url", company.hub_url, "--user", company.admin, *arguments]
    environment = os.environ | {"CAIRN_PIN": company.admin_pin}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


def test_rules_decide_and_every_decision_can_be_made_again(company: Company, hub: Api) -> None:
    far_only = rules(NEAREST | {"filters": {"facility_group": {"none_of": ["near"]}}}, sites=[{"site": SHOP.site, "groups": ["near"]}])
    first = put_rules(hub, far_only)
    assert (first["version"], first["in_use"], first["rules"]) == (1, True, far_only)
    assert put_rules(hub, far_only)["version"] == 1
    placed = place(hub, {"r-1": (CUP, 2), "r-2": (PAN, 3)})
    assert run(hub) == {"orders_seen": 2, "orders_routed": 2, "orders_partly": 0, "orders_waiting": 0, "groups_opened": 2}
    for number in placed.values():
        assert sites_of(hub, number) == [FAR.site]
        (decision,) = decisions(hub, number)
        assert (decision["rule_set"], decision["version"], decision["outcome"]) == ("week", 1, "ROUTED")
        (asked,) = decision["rules"]
        assert asked["left_out"] == [{"site": SHOP.site, "why": "EXCLUDED_GROUP"}]
        assert [candidate["site"] for candidate in asked["candidates"]] == [FAR.site]
        assert hub.post(f"/api/v1/routing/decisions/{decision['id']}/replay") == {
            "id": decision["id"],
            "equal": True,
            "rules": [{"rule": "nearest", "equal": True, "why": ""}],
        }
    status, said = cairn(company, "routing", "replay", placed["r-1"])
    assert (status, "equal" in said) == (0, True), said
    second = put_rules(hub, rules(NEAREST))
    assert (second["version"], hub.get("/api/v1/routing/rule-sets/week?version=1")["rules"]) == (2, far_only)


def test_what_a_channel_says_of_a_delivery_is_filtered_and_sorted_by(company: Company, hub: Api) -> None:
    run_import(hub, "products", "sku,name,hazmat,category\nSPIRIT,Spirit,yes,solvents\n")
    run_import(hub, "stock", f"site,sku,quantity\n{SHOP.site},SPIRIT,5\n{FAR.site},SPIRIT,5\n")
    head = {"channel": "web", "placed_at": "2026-11-02T09:15:00Z", "currency": "GBP", "destination": {"latitude": 53.9, "longitude": -1.0}}
    line = {"sku": "SPIRIT", "quantity_milli": 1000, "unit_price": {"minor": 100, "currency": "GBP"}, "together": 2}
    told = {"priority": 5, "shipping_method": "EXPRESS", "delivery_days": 1, "country": "FR", "promised_at": "2099-01-01T00:00:00Z"}
    wrong = hub.ask("POST", "/api/v1/orders", json.dumps(head | {"external_id": "d-0", "lines": [line], "delivery": told | {"country": "fr"}}).encode(),
                    {"Content-Type": "application/json"})  # fmt: skip
    assert (wrong.status, wrong.reason) == (400, "bad_order")
    body = head | {"external_id": "d-1", "lines": [line], "delivery": told}
    number = str(hub.post("/api/v1/orders", body)["id"])
    assert str(hub.post("/api/v1/orders", body)["id"]) == number
    assert order(hub, number)["delivery"] == told | {"promised_at": "2099-01-01T00:00:00.000Z", "ship_after": None, "ship_by": None}
    assert order(hub, number)["lines"][0]["together"] == 2
    plain = place(hub, {"d-2": (CUP, 1)})["d-2"]
    put_rules(hub, {"routings": [{"name": "express", "queues": ["BROKERING"], "filters": {"priority": {"any_of": ["5"]}}, "rules": [NEAREST]}]}
              | {"sites": [{"site": SHOP.site, "takes_hazmat": False}, {"site": FAR.site, "countries": {"any_of": ["FR"]}}]})  # fmt: skip
    assert run(hub)["orders_seen"] == 1
    assert (sites_of(hub, number), sites_of(hub, plain)) == ([FAR.site], [])
    (decision,) = decisions(hub, number)
    assert decision["rules"][0]["left_out"] == [{"site": SHOP.site, "why": "HAZMAT"}]
    assert hub.post(f"/api/v1/routing/decisions/{decision['id']}/replay")["equal"] is True
    put_rules(hub, rules(NEAREST))
    assert run(hub)["orders_routed"] == 1


def test_other_rules_on_the_same_past(company: Company, hub: Api, tmp_path: Path) -> None:
    put_rules(hub, rules(NEAREST))
    placed = place(hub, {"s-1": (CUP, 1), "s-2": (CUP, 1)})
    run(hub)
    times = sorted(decisions(hub, number)[0]["decided_at"] for number in placed.values())
    span = {"from": times[0], "to": now_and_a_bit()}
    heads = hub.get("/api/v1/log/verify")["authors"]
    same = hub.post("/api/v1/routing/simulations", span | {"rules": rules(NEAREST)})
    assert (same["orders"], same["differing"], same["before"] == same["after"]) == (2, 0, True)
    farthest = rules({"name": "far", "filters": {"facility_group": {"any_of": ["far"]}}, "assignment": {"mode": "COST"}},
                     sites=[{"site": FAR.site, "groups": ["far"], "handling_micro": 500_000}], rates=LABEL)  # fmt: skip
    other = hub.post("/api/v1/routing/simulations", span | {"rules": farthest})
    assert (other["orders"], other["decisions"], other["left_out"], other["differing"]) == (2, 2, 0, 2)
    assert (other["before"]["cost_micro"], other["after"]["cost_micro"]) == (6_000_000, 7_000_000)
    assert other["before"]["distance_m"] < other["after"]["distance_m"]
    assert {each["after"][0]["site"] for each in other["differences"]} == {FAR.site}
    assert hub.get("/api/v1/log/verify")["authors"] == heads, "a simulation reads only"
    assert all(sites_of(hub, number) == [SHOP.site] for number in placed.values())
    file = tmp_path / "rules.json"
    file.write_text(json.dumps(farthest), encoding="utf-8")
    status, said = cairn(company, "routing", "simulate", str(file), "--since", span["from"], "--until", span["to"])
    assert (status, "2 would differ" in said) == (0, True), said


def now_and_a_bit() -> str:
    return f"{datetime.now(UTC) + timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}"


def test_what_nobody_has_is_parked_and_cancelled_when_its_time_is_up(hub: Api) -> None:
    count(hub, SHOP.site, LAMP, 1)
    parks = NEAREST | {"action": {"move_to": "UNFILLABLE_PARKING", "add_auto_cancel_days": 1}}
    put_rules(hub, rules(parks, queues=("BROKERING", "UNFILLABLE_PARKING")))
    placed = place(hub, {"p-1": (LAMP, 3), "p-2": (LAMP, 2)})
    assert run(hub)["orders_partly"] == 1
    seen = {number: order(hub, number) for number in placed.values()}
    assert {each["queue"] for each in seen.values()} == {"UNFILLABLE_PARKING"}
    assert all(each["auto_cancel_at"] for each in seen.values())
    listed = {each["id"] for each in hub.pages("/api/v1/orders?queue=UNFILLABLE_PARKING")}
    assert set(placed.values()) <= listed
    due, held = sorted(placed.values(), key=lambda number: not seen[number]["ship_groups"])  # the first has the one lamp
    moved = hub.post(f"/api/v1/orders/{held}/queue", {"queue": "UNFILLABLE_HOLD"})
    assert (moved["queue"], moved["auto_cancel_at"]) == ("UNFILLABLE_HOLD", None)
    hub.post(f"/api/v1/orders/{due}/queue", {"queue": "UNFILLABLE_PARKING", "auto_cancel_at": "2026-01-01T00:00:00Z"})
    wait_for("the auto-cancel", lambda: order(hub, due)["waiting_milli"] == 0)
    after = order(hub, due)
    assert (after["cancelled_milli"], after["queue"], after["auto_cancel_at"]) == (seen[due]["waiting_milli"], None, None)
    cancelled = [one for one in hub.get(f"/api/v1/orders/{due}/timeline")["items"] if one["type"] == "OrderUnitsCancelled"]
    assert ["waited too long" in one["sentence"] for one in cancelled] == [True]
    assert order(hub, held)["queue"] == "UNFILLABLE_HOLD"
    # Stock came: the hold waits for people.
    count(hub, SHOP.site, LAMP, 9)
    run(hub)
    assert sites_of(hub, held) == []
    hub.post(f"/api/v1/orders/{held}/queue", {"queue": "BROKERING"})
    run(hub)
    assert (sites_of(hub, held), order(hub, held)["queue"]) == ([SHOP.site], None)


def test_runs_at_the_same_time_promise_nothing_twice(company: Company, hub: Api) -> None:
    count(hub, SHOP.site, VASE, 25)
    count(hub, FAR.site, VASE, 12)
    put_rules(hub, rules(NEAREST))
    placed = place(hub, {f"c-{i}": (VASE, 2) for i in range(60)})

    def other_run(_: int) -> None:
        api = Api(company.hub_url)
        api.token = hub.token
        run(api)
        api.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(other_run, range(6)))
    seen = [order(hub, number) for number in placed.values()]
    assert sum(each["ordered_milli"] - each["waiting_milli"] for each in seen) == 37_000
    for row in hub.get(f"/api/v1/availability?sku={VASE}")["sites"]:
        assert row["available_milli"] == 0, row
    for number in placed.values():
        for decision in decisions(hub, number):
            assert hub.post(f"/api/v1/routing/decisions/{decision['id']}/replay")["equal"]


def test_without_a_rule_set_orders_go_to_the_nearest(hub: Api) -> None:
    put_rules(hub, rules(NEAREST), active=False)
    assert not any(each["in_use"] for each in hub.get("/api/v1/routing/rule-sets")["items"])
    placed = place(hub, {"n-1": (PAN, 1)})
    run(hub)
    assert (sites_of(hub, placed["n-1"]), decisions(hub, placed["n-1"])) == ([SHOP.site], [])


@pytest.mark.parametrize(("ruled", "reason"), [(True, "STORE_BUSY"), (False, "NO_CAPACITY")])
def test_a_site_that_says_it_is_full_is_given_nothing_until_it_is_reset(company: Company, hub: Api, ruled: bool, reason: str) -> None:
    all_that_waits = rules(NEAREST, queues=("BROKERING", "REJECTED_ITEM_PARKING"))
    put_rules(hub, all_that_waits, name="full", active=ruled)

    def site() -> Json:
        return dict(next(one for one in hub.get("/api/v1/sites")["items"] if one["site"] == SHOP.site))

    first = place(hub, {f"full-{reason}-1": (CUP, 1)})[f"full-{reason}-1"]
    run(hub)
    assert sites_of(hub, first) == [SHOP.site]
    assert (site()["full_since"], site()["full_reason"]) == (None, None)
    (group,) = order(hub, first)["ship_groups"]
    floor = company.agent_api(company.agents[0])
    wait_for("the group at the site", lambda: [one for one in floor.pages("/api/v1/tasks") if one["id"] == group["id"]])
    floor.post(f"/api/v1/tasks/{group['id']}/claim")
    floor.post(f"/api/v1/ship-groups/{group['id']}/shorts", {"line": 1, "quantity_milli": 1000, "reason": reason})
    floor.close()
    wait_for("the site to be full", lambda: site()["full_reason"] == reason)
    assert site()["full_since"] is not None
    status, said = cairn(company, "site", "list")
    assert (status, site()["full_since"] in said) == (0, True), said
    # Neither this order nor another that it could fill.
    second = place(hub, {f"full-{reason}-2": (CUP, 1)})[f"full-{reason}-2"]
    run(hub)
    assert sites_of(hub, first) == [SHOP.site, FAR.site]
    assert sites_of(hub, second) == [FAR.site]
    if ruled:
        trace = decisions(hub, second)[0]["rules"][0]
        assert {"site": SHOP.site, "why": "NO_CAPACITY"} in trace["left_out"]
    status, said = cairn(company, "site", "reset-capacity", SHOP.site)
    assert (status, said) == (0, f"site {SHOP.site} takes orders again\n")
    assert (site()["full_since"], site()["full_reason"]) == (None, None)
    third = place(hub, {f"full-{reason}-3": (CUP, 1)})[f"full-{reason}-3"]
    run(hub)
    assert sites_of(hub, third) == [SHOP.site]
    (entry,) = hub.get("/api/v1/audit?verb=sites.manage&limit=1")["items"]
    assert entry["route"] == "POST /api/v1/sites/{site}/capacity-reset" and SHOP.site in entry["subject"]
    put_rules(hub, all_that_waits, name="full", active=False)


def test_runs_begin_by_schedule_unless_paused(company: Company, hub: Api) -> None:
    scheduled = rules(NEAREST, schedule={"every_s": 60})
    put_rules(hub, scheduled, name="clock")
    seen = hub.get("/api/v1/routing/schedule")
    assert (seen["paused"], seen["rule_set"], seen["every_s"], seen["at"]) == (False, "clock", 60, [])
    assert seen["next_due_at"] is not None
    number = place(hub, {"clock-1": (CUP, 1)})["clock-1"]

    def due() -> list[Json]:
        return [row for row in hub.get("/api/v1/routing/runs?limit=50")["items"] if row["due_at"]]

    first = wait_for("a run by schedule", lambda: [row for row in due() if row["state"] == "DONE"], 75)[-1]
    assert (first["rule_set"], first["begun_by"], first["tries"], first["message"]) == ("clock", None, 1, "")
    assert sites_of(hub, number) == [SHOP.site]
    status, said = cairn(company, "routing", "pause")
    assert (status, "paused" in said) == (0, True), said
    assert hub.get("/api/v1/routing/schedule")["next_due_at"] is None
    before = due()
    company.hub.stop()
    company.hub.start()
    time.sleep(2)
    assert due() == before, "a restart runs nothing twice"
    status, said = cairn(company, "routing", "runs")
    assert (status, "paused" in said, "DONE" in said) == (0, True, True), said
    status, said = cairn(company, "routing", "resume")
    assert (status, "clock: every 60 s (UTC); next " in said) == (0, True), said
    by_hand = run(hub)
    newest = hub.get("/api/v1/routing/runs?limit=1")["items"][0]
    assert (newest["due_at"], newest["state"]) == (None, "DONE")
    assert {name: newest[name] for name in by_hand} == by_hand
    put_rules(hub, scheduled, name="clock", active=False)
    assert hub.get("/api/v1/routing/schedule")["rule_set"] != "clock"
