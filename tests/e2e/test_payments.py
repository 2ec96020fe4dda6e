"""Payments over the real programs: hub and played provider, with everything that can be lost between them."""

from __future__ import annotations

import contextlib
import http.client
import json
import time
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from lab.api import Json
from paying import HOLD_MS, PaidCompany, Till, gbp
from shop import open_shop, wait_for


class Office(Till):
    def __init__(self, company: PaidCompany):
        super().__init__(company.hub_api())
        self.company = company
        self.provider = company.provider
        self.orders = iter([order["id"] for order in self.hub.pages("/api/v1/orders")])

    def order(self) -> str:
        return str(next(self.orders))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Office]:
    orders = {f"order-{number}": [("CUP-1", 2)] for number in range(30)}
    company = open_shop(tmp_path_factory.mktemp("payments"), binaries, ("CUP-1",), orders, kind=PaidCompany)
    try:
        yield Office(company)
    finally:
        company.stop()


def moved(office: Office, before: dict[str, int]) -> dict[str, int]:
    after = office.provider.sums()
    return {name: after[name] - before[name] for name in ("held_minor", "captured_minor", "refunded_minor", "voided_minor")}


def asked(office: Office, path: str, body: Json) -> tuple[int, str]:
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
    answer = office.hub.ask("POST", path, json.dumps(body).encode(), headers)
    return answer.status, answer.reason


def test_held_taken_in_two_shipments_and_given_back(office: Office) -> None:
    before = office.provider.sums()
    order = office.order()
    group = wait_for("its ship group", lambda: office.hub.get(f"/api/v1/orders/{order}")["ship_groups"])[0]["id"]
    payment = office.paid(order, 5000)
    assert (payment["status"], payment["held_minor"]) == ("AUTHORIZED", 5000)
    payment = office.answered(office.capture(payment, 1999, ship_group=group))
    assert (payment["status"], payment["captured_minor"], payment["held_minor"]) == ("PARTIALLY_CAPTURED", 1999, 3001)
    again = asked(office, f"/api/v1/payments/{payment['id']}/captures", {"amount": gbp(1), "ship_group": group})
    assert again == (422, "already_captured")
    stranger = {"amount": gbp(1), "ship_group": str(uuid.uuid4())}
    assert asked(office, f"/api/v1/payments/{payment['id']}/captures", stranger) == (404, "no_such_group")
    payment = office.answered(office.capture(payment, 3001))
    assert payment["status"] == "SETTLED"
    payment = office.answered(office.refund(payment, 1999))
    assert (payment["status"], payment["refunded_minor"]) == ("SETTLED", 1999)
    payment = office.answered(office.refund(payment, 3001))
    assert payment["status"] == "REFUNDED"
    assert [each["action"] for each in payment["questions"]] == ["AUTHORIZE", "CAPTURE", "CAPTURE", "REFUND", "REFUND"]
    assert moved(office, before) == {"held_minor": 5000, "captured_minor": 5000, "refunded_minor": 5000, "voided_minor": 0}


def test_declined_and_given_up(office: Office) -> None:
    order = office.order()
    declined = office.paid(order, 1000, token="tok_decline_1")
    assert (declined["status"], declined["questions"][0]["detail"]) == ("DECLINED", "insufficient_funds")
    before = office.provider.sums()
    other = office.paid(order, 1000)
    assert office.answered(office.void(other))["status"] == "CANCELLED"
    assert moved(office, before) == {"held_minor": 1000, "captured_minor": 0, "refunded_minor": 0, "voided_minor": 1000}
    listed = office.hub.get(f"/api/v1/orders/{order}/payments")["items"]
    assert [payment["status"] for payment in listed] == ["DECLINED", "CANCELLED"]


@pytest.mark.parametrize("fault", ["answer_lost", "not_done", "garbage", "busy"])
def test_whatever_is_lost_it_is_done_once(office: Office, fault: str) -> None:
    before = office.provider.sums()
    office.provider.fail_next(fault, 2)
    payment = office.open(office.order(), minor=3000)
    wait_for("an unknown outcome", lambda: office.get(payment["id"])["questions"][0]["outcome"] == "UNKNOWN")
    assert [each["id"] for each in office.hub.pages("/api/v1/payments?question_open=true")] == [payment["id"]]
    payment = office.answered(payment)
    assert payment["status"] == "AUTHORIZED"
    office.provider.fail_next(fault)
    payment = office.answered(office.capture(payment, 3000))
    assert payment["status"] == "SETTLED"
    office.provider.fail_next(fault)
    payment = office.answered(office.refund(payment, 1000))
    assert payment["refunded_minor"] == 1000
    assert moved(office, before) == {"held_minor": 3000, "captured_minor": 3000, "refunded_minor": 1000, "voided_minor": 0}


def wait_back(office: Office) -> None:
    def answers() -> bool:
        with contextlib.suppress(OSError, http.client.HTTPException):
            return bool(office.hub.ask("GET", "/readyz").status == 200)
        return False

    wait_for("the hub", answers, 60)


def test_hub_killed_between_question_and_answer(office: Office) -> None:
    before = office.provider.sums()
    office.provider.fail_next("answer_lost")
    payment = office.open(office.order(), minor=4000)
    wait_for("the question at the provider", lambda: office.provider.sums()["held_minor"] > before["held_minor"])
    office.company.hub.kill()
    wait_back(office)
    payment = office.answered(payment, 60)
    assert payment["status"] == "AUTHORIZED"
    assert payment["questions"][0]["number"] == 1 and len(payment["questions"]) == 1
    office.provider.fail_next("answer_lost")
    questions = office.provider.sums()["asked"]
    office.capture(payment, 4000)
    wait_for("the capture at the provider", lambda: office.provider.sums()["asked"] > questions)
    office.company.hub.kill()
    wait_back(office)
    assert office.answered(payment, 60)["status"] == "SETTLED"
    assert moved(office, before) == {"held_minor": 4000, "captured_minor": 4000, "refunded_minor": 0, "voided_minor": 0}


def test_gift_card_and_cash_pay_one_order(office: Office) -> None:
    card = office.hub.post("/api/v1/gift-cards", {"amount": gbp(700)})
    order = office.order()
    by_card = office.open(order, "GIFT_CARD", 700, card["code"].lower())
    by_cash = office.open(order, "CASH", 300, None)
    assert [by_card["status"], by_cash["status"]] == ["AUTHORIZED", "AUTHORIZED"]
    assert office.hub.post("/api/v1/gift-cards/lookup", {"code": card["code"]})["balance"] == gbp(0)
    assert office.open(order, "GIFT_CARD", 1, card["code"])["status"] == "DECLINED"
    assert office.capture(by_card, 500, last=True)["status"] == "SETTLED"
    assert office.hub.post("/api/v1/gift-cards/lookup", {"code": card["code"]})["balance"] == gbp(200)


def test_no_card_number_is_taken(office: Office) -> None:
    body = {"tender": "CARD", "amount": gbp(1), "token": "4111 1111 1111 1111"}
    assert asked(office, f"/api/v1/orders/{office.order()}/payments", body) == (400, "bad_token")


def test_settlement_file_is_compared(office: Office) -> None:
    office.answered(office.capture(office.paid(office.order(), 1234), 1234))

    def settlement(wrong: str = "") -> str:
        with urllib.request.urlopen(f"{office.provider.url}/settlement?wrong={wrong}", timeout=10) as answer:
            return str(answer.read().decode())

    def report(csv: str) -> Json:
        path = "/api/v1/settlement-reports?from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z"
        made = office.hub.ask("POST", path, csv.encode(), {"Content-Type": "text/csv"})
        assert made.status == 200, made.body
        return dict(made.json())

    file = settlement()
    whole = report(file)
    sums = office.provider.sums()
    assert (whole["differences"], whole["matched"]) == ([], file.count("\n") - 1)
    net = sums["captured_minor"] - sums["refunded_minor"]
    assert whole["sums"] == [{"currency": "GBP", "file_minor": net, "matched_minor": net}]
    wrong = report(settlement("amount,missing,twice,unknown"))
    verdicts = [each["verdict"] for each in wrong["differences"]]
    assert verdicts == ["WRONG_AMOUNT", "TWICE", "UNKNOWN", "MISSING"]
    assert wrong["matched"] == whole["matched"] - 2


def test_what_was_slow_is_not_asked_for_ever(office: Office) -> None:
    """After all of the above nothing is open, and nothing more is asked."""
    assert office.hub.pages("/api/v1/payments?question_open=true") == []
    questions = office.provider.sums()["asked"]
    time.sleep(HOLD_MS / 1000)
    assert office.provider.sums()["asked"] == questions
