"""Orders as channels send them, and a company whose hub takes the webhooks of a played Shopify shop."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from pathlib import Path

from lab.api import Api, Json
from paying import PaidCompany
from shop import wait_for

SHOPIFY_CHANNEL = "shopify-uk"
SHOPIFY_SECRET = "of-the-shop"


def gbp(minor: int) -> Json:
    return {"minor": minor, "currency": "GBP"}


def an_order(number: str, article: str, units: int = 1, **more: object) -> Json:
    """One line at 2.50."""
    line = {"sku": article, "quantity_milli": units * 1000, "unit_price": gbp(250)}
    return {
        "channel": "web",
        "external_id": number,
        "sale": "WEB",
        "placed_at": "2026-11-24T08:00:00Z",
        "currency": "GBP",
        "destination": {"latitude": 53.9, "longitude": -1.0},
        "lines": [line],
    } | more


def run_import(hub: Api, kind: str, csv: str) -> None:
    begun = hub.ask("POST", f"/api/v1/imports/{kind}?dry_run=false", csv.encode(), {"Content-Type": "text/csv"}).json()
    path = f"/api/v1/imports/{begun['import']}"
    done = wait_for("the import", lambda: (lambda now: now if now["state"] != "running" else None)(hub.get(path)))
    assert done["state"] == "done", done
    assert done["rejected"] == 0, hub.get(f"{path}/problems")


def shopify_order(number: int, article: str, units: int, **more: object) -> bytes:
    """So many at 10.00, and postage of 4.00."""
    order = {
        "id": number,
        "name": f"#{number}",
        "created_at": "2026-11-24T08:15:30+01:00",
        "currency": "GBP",
        "taxes_included": True,
        "total_price": f"{10 * units + 4}.00",
        "customer": {"id": 77, "email": "somebody@example.org"},
        "shipping_address": {"latitude": 53.958312345, "longitude": -1.0803},
        "line_items": [{"sku": article, "name": "Cup", "quantity": units, "price": "10.00", "tax_lines": [{"price": "1.67"}]}],
        "shipping_lines": [{"title": "Post", "price": "4.00"}],
    }
    return json.dumps(order | more).encode()


def signed(body: bytes, topic: str, secret: str = SHOPIFY_SECRET) -> dict[str, str]:
    code = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    return {"X-Shopify-Topic": topic, "X-Shopify-Hmac-Sha256": code, "X-Shopify-Webhook-Id": "b54557e4"}


def add_shopify(directory: Path, more: str = "") -> None:
    """To the hub's configuration file."""
    secret = directory / "shopify.secret"
    secret.write_text(SHOPIFY_SECRET + "\n")
    secret.chmod(0o600)
    with (directory / "hub.toml").open("a") as file:
        file.write(f'{more}\n[[shopify]]\nchannel = "{SHOPIFY_CHANNEL}"\nsecret_file = "{secret}"\n')


class SellingCompany(PaidCompany):
    def _write_hub_file(self, password_file: str) -> None:
        super()._write_hub_file(password_file)
        add_shopify(self.directory)
