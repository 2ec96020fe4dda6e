"""With payments.capture = "on_shipment" what a customer takes along is paid by itself."""

from __future__ import annotations

from pathlib import Path

from lab.api import Json
from paying import CapturingCompany, Till
from shop import gtin, open_shop, wait_for

WORTH = 500  # two of CUP-1


def test_what_leaves_is_paid_and_the_rest_given_up(tmp_path: Path, binaries: Path) -> None:
    orders = {"taken": [("CUP-1", 2)], "cancelled": [("CUP-1", 2)]}
    company = open_shop(tmp_path, binaries, ("CUP-1",), orders, pickups=list(orders), kind=CapturingCompany)
    try:
        hub, floor = company.hub_api(), company.agent_api(company.agents[0])
        till = Till(hub)
        groups = {group["order_reference"]: group for group in floor.pages("/api/v1/ship-groups?method=PICKUP")}
        taken, cancelled = groups["taken"], groups["cancelled"]
        payment = till.paid(taken["order_id"], WORTH + 300)
        given_up = till.paid(cancelled["order_id"], WORTH)
        code = hub.post(f"/api/v1/ship-groups/{taken['id']}/pickup-code")["code"]
        wait_for("the code at the site", lambda: floor.get(f"/api/v1/ship-groups/{taken['id']}")["pickup"]["code_minted"])
        floor.post(f"/api/v1/tasks/{taken['id']}/claim")
        for _ in range(2):
            floor.post("/api/v1/scans", {"code": gtin("CUP-1")})
        company.provider.fail_next("answer_lost", 2)
        floor.post(f"/api/v1/ship-groups/{taken['id']}/hand-over", {"code": code})

        def settled() -> Json | None:
            found = till.get(payment["id"])
            return found if found["status"] == "SETTLED" and not found["question_open"] else None

        found = wait_for("the money for it", settled, 60)
        assert (found["captured_minor"], found["held_minor"]) == (WORTH, 0)
        assert [question["action"] for question in found["questions"]] == ["AUTHORIZE", "CAPTURE", "VOID"]
        assert found["questions"][1]["ship_group"] == taken["id"]
        hub.post(f"/api/v1/orders/{cancelled['order_id']}/cancellations", {"line": 1, "quantity_milli": 2000})
        wait_for("the rest to be given up", lambda: till.get(given_up["id"])["status"] == "CANCELLED", 60)
        sums = company.provider.sums()
        assert (sums["captured_minor"], sums["voided_minor"], sums["refunded_minor"]) == (WORTH, 300 + WORTH, 0)
    finally:
        company.stop()
