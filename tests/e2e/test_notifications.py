"""Notices to shoppers: the real hub, a real mail server, a receiver of webhooks; never two of one message."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from callers import ORDER_COLUMNS
from lab.api import Json
from paying import Till
from shop import gtin, open_shop, wait_for
from telling import TellingCompany, certificate, html_of, text_of


class Office:
    def __init__(self, company: TellingCompany):
        self.company = company
        self.mail = company.mail
        self.receiver = company.receiver
        self.hub = company.hub_api()
        self.floor = company.agent_api(company.agents[0])
        orders = self.hub.pages("/api/v1/orders")
        self.resent: set[str] = set()  # orders of which a person wanted a second message
        self.late = next(order for order in orders if order["external_id"] == "late")
        self._ships = iter([order for order in orders if order["method"] == "SHIP" and order is not self.late])
        self._pickups = iter([order for order in orders if order["method"] == "PICKUP"])

    def ship(self) -> Json:
        return next(self._ships)

    def pickup(self) -> Json:
        return next(self._pickups)

    def tell(self, order: Json, language: str = "en", channel: str = "EMAIL", email: str | None = None) -> None:
        address = email or f"{order['external_id']}@example.com"
        self.hub.put(f"/api/v1/orders/{order['id']}/contact", {"channel": channel, "email": address, "language": language})

    def told(self, order: Json) -> dict[str, str]:
        return {each["kind"]: each["state"] for each in self.of(order)}

    def of(self, order: Json) -> list[Json]:
        return list(self.hub.pages(f"/api/v1/notifications?order={order['id']}"))

    def wait(self, order: Json, kind: str, state: str = "SENT") -> Json:
        def look() -> Json | None:
            found = [each for each in self.of(order) if each["kind"] == kind and each["state"] == state]
            return found[0] if found else None

        return dict(wait_for(f"{kind} to be {state}", look, 40))

    def mails_to(self, order: Json) -> list[str]:
        address = f"{order['external_id']}@example.com"
        return [str(mail["Subject"]) for mail in list(self.mail.mails) if mail["To"] == address]

    def cancel(self, order: Json, milli: int = 1000) -> None:
        self.hub.post(f"/api/v1/orders/{order['id']}/cancellations", {"line": 1, "quantity_milli": milli})


def waits_for_ever(company: TellingCompany) -> None:
    """An order of what no site has."""
    products, orders = company.directory / "jar.csv", company.directory / "late.csv"
    products.write_text("sku,name\nJAR-9,Jar\n")
    orders.write_text(f"{ORDER_COLUMNS}late,1,JAR-9,5,2.50,2026-11-02T09:15:00Z,c,53.9,-1.0\n")
    company.cairn("import", "products", products)
    company.cairn("import", "orders", orders)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Office]:
    orders = {f"order-{number}": [("CUP-1", 4)] for number in range(40)} | {f"pickup-{n}": [("CUP-1", 1)] for n in range(4)}
    pickups = [name for name in orders if name.startswith("pickup")]
    company = open_shop(
        tmp_path_factory.mktemp("notifications"), binaries, ("CUP-1",), orders, pickups=pickups, kind=TellingCompany
    )
    try:
        waits_for_ever(company)
        yield Office(company)
    finally:
        company.stop()


def test_confirmed_and_cancelled_come_once_in_the_shopper_s_language(office: Office) -> None:
    english, german = office.ship(), office.ship()
    office.tell(english, "en")
    office.tell(german, "de")
    for order in (english, german):
        sent = office.wait(order, "CONFIRMED")
        assert (sent["attempts"], sent["error"]) == (1, "")
        office.tell(order, "de" if order is german else "en")  # the same once more
        office.cancel(order)
        office.wait(order, "CANCELLED")
    number = english["external_id"]
    assert office.mails_to(english) == [f"Your order {number} is confirmed", f"Your order {number}: cancelled articles"]
    assert office.mails_to(german)[0] == f"Ihre Bestellung {german['external_id']} ist bestätigt"
    mail = office.mail.of(f"order {number} is confirmed")[0]
    assert mail["From"] == "Häfen & Co <orders@shop.example>"
    assert mail["Message-ID"] == f"<{office.of(english)[0]['id']}@shop.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "- 4 x Article CUP-1" in text_of(mail) and f"https://shop.example/o/{number}" in text_of(mail)
    assert "<p>Häfen &amp; Co</p>" in html_of(mail)
    assert "- 1 x Article CUP-1" in text_of(office.mail.of(f"order {number}: cancelled")[0])


def test_pickup_that_is_ready_or_short(office: Office) -> None:
    ready, short = office.pickup(), office.pickup()
    office.tell(ready)
    office.tell(short, "de")
    office.wait(ready, "CONFIRMED")
    office.wait(short, "CONFIRMED")
    groups = {group["order_id"]: group["id"] for group in office.floor.pages("/api/v1/ship-groups?method=PICKUP")}
    office.floor.post(f"/api/v1/tasks/{groups[ready['id']]}/claim")
    office.floor.post("/api/v1/scans", {"code": gtin("CUP-1")})
    office.wait(ready, "READY")
    office.floor.post(f"/api/v1/tasks/{groups[short['id']]}/claim")
    office.floor.post(f"/api/v1/ship-groups/{groups[short['id']]}/shorts", {"line": 1, "quantity_milli": 1000, "reason": "NO_VARIANCE"})
    office.wait(short, "REJECTED_WITH_CHOICES")
    assert "at Shop York" in text_of(office.mail.of(f"{ready['external_id']} is ready")[0])
    choose = text_of(office.mail.of(f"{short['external_id']}: bitte")[0])
    assert "Shop York hat nicht alles" in choose and "stornieren" in choose


def test_webhook_is_signed_and_tried_again_under_the_same_id(office: Office) -> None:
    order = office.ship()
    office.receiver.status = 503
    office.tell(order, channel="WEBHOOK")
    waiting = wait_for("a try", lambda: [each for each in office.of(order) if each["attempts"] == 1 and each["state"] == "PENDING"])
    assert waiting[0]["error"] == "the receiver would not take it now (503)"
    office.receiver.status = 204
    office.hub.post(f"/api/v1/notifications/{waiting[0]['id']}/resend")
    office.wait(order, "CONFIRMED")
    first, second = [told for told in office.receiver.bodies if told["order"] == order["id"]]
    assert first == second and first["delivery"] == waiting[0]["id"]
    assert [part["kind"] for part in first["notices"]] == ["CONFIRMED"]
    assert first["external_id"] == order["external_id"] and office.receiver.paths[-1] == "/notices?of=cairn"


def test_receiver_that_is_refused(office: Office) -> None:
    later, never, text = office.ship(), office.ship(), office.ship()
    office.mail.refuse_receiver = "450 4.2.1 mailbox busy"
    office.tell(later)
    waiting = wait_for("a try", lambda: [each for each in office.of(later) if each["attempts"] == 1 and each["state"] == "PENDING"])
    assert waiting[0]["error"] == "the mail server refused the receiver's address (450)"
    office.mail.refuse_receiver = "550 5.1.1 no such user"
    office.tell(never)
    assert office.wait(never, "CONFIRMED", "FAILED")["error"] == "the mail server refused the receiver's address (550)"
    office.mail.refuse_receiver = ""
    office.mail.refuse_text = "554 5.7.1 spam"
    office.tell(text)
    assert office.wait(text, "CONFIRMED", "FAILED")["error"] == "the mail server refused the text (554)"
    office.mail.refuse_text = ""
    office.hub.post(f"/api/v1/notifications/{waiting[0]['id']}/resend")
    office.wait(later, "CONFIRMED")
    assert (len(office.mails_to(later)), len(office.mails_to(never)), len(office.mails_to(text))) == (1, 0, 0)


def test_mail_server_that_is_away_and_comes_back(office: Office) -> None:
    order = office.ship()
    office.mail.stop()
    office.tell(order)
    waiting = wait_for("a try", lambda: [each for each in office.of(order) if each["attempts"] == 1 and each["state"] == "PENDING"])
    assert waiting[0]["error"] == "the mail server could not be talked to: nothing was sent"
    office.mail.certificate = certificate(office.company.directory, "stranger")
    office.mail.start()
    office.hub.post(f"/api/v1/notifications/{waiting[0]['id']}/resend")
    waiting = wait_for("a try", lambda: [each for each in office.of(order) if each["attempts"] == 2 and each["state"] == "PENDING"])
    assert waiting[0]["error"] == "the mail server's certificate is not one that the hub trusts for its name"
    office.mail.stop()
    office.mail.certificate = office.company.certificate
    office.mail.start()
    office.hub.post(f"/api/v1/notifications/{waiting[0]['id']}/resend")
    office.wait(order, "CONFIRMED")
    assert len(office.mails_to(order)) == 1


def test_no_answer_to_the_text_is_unknown_and_not_sent_again(office: Office) -> None:
    order = office.ship()
    office.mail.silent.set()
    office.tell(order)
    unknown = office.wait(order, "CONFIRMED", "UNKNOWN")
    office.mail.silent.clear()
    assert "it may have taken it" in unknown["error"] and unknown["next_at"] is None
    assert len(office.mails_to(order)) == 1
    office.resent.add(order["id"])
    office.hub.post(f"/api/v1/notifications/{unknown['id']}/resend")  # a person knows better
    office.wait(order, "CONFIRMED")
    mails = [mail["Message-ID"] for mail in list(office.mail.mails) if mail["To"] == f"{order['external_id']}@example.com"]
    assert len(mails) == 2 and len(set(mails)) == 1


def test_hub_killed_while_it_sends_does_not_send_again(office: Office) -> None:
    order, other = office.ship(), office.ship()
    office.mail.silent.set()
    office.tell(order)
    wait_for("the text", lambda: office.mails_to(order))
    assert office.hub.ask("POST", f"/api/v1/notifications/{office.of(order)[0]['id']}/resend").reason == "being_sent"
    office.tell(office.late, "de")
    office.company.hub.kill()
    office.mail.silent.clear()
    office.company.hub.start()
    unknown = office.wait(order, "CONFIRMED", "UNKNOWN")
    assert unknown["error"].startswith("the hub stopped while it was being sent")
    office.tell(other)
    office.wait(other, "CONFIRMED")
    assert len(office.mails_to(order)) == 1 and len(office.mails_to(other)) == 1
    office.wait(office.late, "DELAYED")
    assert "dauert länger als gedacht" in "".join(text_of(mail) for mail in office.mail.mails if mail["To"] == "late@example.com")


def test_money_that_is_back(office: Office) -> None:
    order, till = office.ship(), Till(office.hub)
    office.tell(order, "de")
    office.wait(order, "CONFIRMED")
    payment = till.open(order["id"], "CASH", 1000, None)
    till.capture(payment, 1000)
    till.refund(payment, 250)
    office.wait(order, "REFUNDED")
    mails = office.mail.of(f"{order['external_id']}: Geld zurück")
    assert len(mails) == 1 and "2.50 GBP Ihrer Bestellung" in text_of(mails[0])


def test_hub_killed_at_any_moment_never_sends_two(office: Office) -> None:
    chance = random.Random(7)
    orders = [office.ship() for _ in range(12)]
    office.mail.slow_seconds = 0.05
    for n, order in enumerate(orders):
        office.tell(order)
        if n % 3 == 2:
            time.sleep(chance.uniform(0, 1.2))
            office.company.hub.kill()
            office.company.hub.start()

    def settled() -> bool:
        return all(set(office.told(order).values()) <= {"SENT", "UNKNOWN"} for order in orders)

    wait_for("all of them", settled, 40)
    ids = [mail["Message-ID"] for mail in office.mail.mails]
    twice = {one for one in ids if ids.count(one) > 1}
    resent = {f"<{each['id']}@shop.example>" for each in office.hub.pages("/api/v1/notifications") if each["order"] in office.resent}
    assert twice <= resent
    for order in orders:
        (state,) = office.told(order).values()
        assert len(office.mails_to(order)) == 1 if state == "SENT" else len(office.mails_to(order)) <= 1


ADDRESSES = [
    "a@example.com\r\nBcc: b@example.com", "a@example.com\nRCPT TO:<b@example.com>", "a b@example.com", '"a\\"@b"@example.com',
    "a@example.com>", "<a@example.com", "a@[127.0.0.1]", "a@localhost", "a@@example.com", "ä@example.com", "a@example.com\0",
    "a,b@example.com", "x" * 65 + "@example.com", "a@" + "b" * 250 + ".com", "a@-b.com", ".a@example.com",
]  # fmt: skip


def test_address_that_would_be_more_than_an_address(office: Office) -> None:
    order = office.ship()
    for address in ADDRESSES:
        body = json.dumps({"channel": "EMAIL", "email": address, "language": "en"}).encode()
        answer = office.hub.ask("PUT", f"/api/v1/orders/{order['id']}/contact", body, {"Content-Type": "application/json"})
        assert (answer.status, answer.reason in ("bad_email", "bad_request")) == (400, True), address
    assert office.of(order) == []


def test_contact_that_is_erased_is_nowhere_and_told_nothing(office: Office) -> None:
    order = office.ship()
    office.tell(order, email="forget.me@example.com")
    office.wait(order, "CONFIRMED")
    office.hub.delete(f"/api/v1/orders/{order['id']}/contact")
    assert office.hub.ask("GET", f"/api/v1/orders/{order['id']}/contact").reason == "no_such_contact"
    office.cancel(order)
    later = office.ship()
    office.tell(later)
    office.wait(later, "CONFIRMED")
    assert office.told(order) == {"CONFIRMED": "SENT"}


def test_preview(office: Office) -> None:
    shown = office.hub.get("/api/v1/notification-previews/READY?lang=de")
    assert shown["subject"] == "Ihre Bestellung 1001 liegt bereit"
    assert 'Tea & "Co" <large>' in shown["text"] and "Tea &amp; &quot;Co&quot; &lt;large&gt;" in shown["html"]
