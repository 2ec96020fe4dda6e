"""A company with a payment provider, played by cairn-sim."""

from __future__ import annotations

import json
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

from lab.api import Api, Json
from lab.company import Company
from lab.processes import DIE_WITH_PARENT
from shop import wait_for

TIMEOUT_MS = 1000
HOLD_MS = 2500  # an answer that is lost is not given for so long


class PlayedProvider:
    """One process of `cairn-sim provider`."""

    def __init__(self, binaries: Path):
        command = [*DIE_WITH_PARENT, str(binaries / "cairn-sim"), "provider", "--secret", "of-the-hub", "--hold", str(HOLD_MS)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
        assert self._process.stdout
        self.url = str(json.loads(self._process.stdout.readline())["provider"])

    def fail_next(self, fault: str, times: int = 1) -> None:
        body = json.dumps({"fault": fault, "times": times}).encode()
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/faults", body), timeout=10).close()

    def sums(self) -> Json:
        with urllib.request.urlopen(f"{self.url}/sums", timeout=10) as answer:
            return dict(json.load(answer))

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        if self._process.stdout:
            self._process.stdout.close()


class PaidCompany(Company):
    """Its hub asks the provider that is played beside it."""

    capture = "by_hand"

    def __init__(self, directory: Path, binaries: Path, *arguments: Any, **more: Any):
        super().__init__(directory, binaries, *arguments, **more)
        self.provider = PlayedProvider(binaries)

    def stop(self) -> None:
        super().stop()
        self.provider.close()

    def _write_hub_file(self, password_file: str) -> None:
        super()._write_hub_file(password_file)
        secret = self.directory / "provider.secret"
        secret.write_text("of-the-hub\n")
        secret.chmod(0o600)
        with (self.directory / "hub.toml").open("a") as file:
            file.write(
                f'\n[payments]\nprovider_url = "{self.provider.url}"\nprovider_secret_file = "{secret}"\ntimeout_ms = {TIMEOUT_MS}\n'
                f'capture = "{self.capture}"\n'
            )


class CapturingCompany(PaidCompany):
    """Its hub takes the money for what leaves by itself."""

    capture = "on_shipment"


def gbp(minor: int) -> Json:
    return {"minor": minor, "currency": "GBP"}


class Till:
    """Pays orders at the hub."""

    def __init__(self, hub: Api):
        self.hub = hub

    def open(self, order: str, tender: str = "CARD", minor: int = 1000, token: str | None = "tok_visa", **more: Any) -> Json:
        body = {"tender": tender, "amount": gbp(minor), "token": token} | more
        return dict(self.hub.post(f"/api/v1/orders/{order}/payments", body))

    def get(self, payment: str) -> Json:
        return dict(self.hub.get(f"/api/v1/payments/{payment}"))

    def answered(self, payment: Json, seconds: float = 30) -> Json:
        """The payment once its question has a certain answer."""

        def look() -> Json | None:
            found = self.get(payment["id"])
            return None if found["question_open"] else found

        return dict(wait_for("the provider's answer", look, seconds))

    def paid(self, order: str, minor: int = 1000, **more: Any) -> Json:
        return self.answered(self.open(order, minor=minor, **more))

    def capture(self, payment: Json, minor: int, **more: Any) -> Json:
        return dict(self.hub.post(f"/api/v1/payments/{payment['id']}/captures", {"amount": gbp(minor)} | more))

    def refund(self, payment: Json, minor: int) -> Json:
        return dict(self.hub.post(f"/api/v1/payments/{payment['id']}/refunds", {"amount": gbp(minor), "reason": "came back"}))

    def void(self, payment: Json) -> Json:
        return dict(self.hub.post(f"/api/v1/payments/{payment['id']}/void"))
