"""What customers do: cancel their orders, and come with the code of their pickup."""

from __future__ import annotations

from collections import Counter

from lab.api import Api, Json, Problem
from lab.company import Company
from lab.plan import CONVERT_EVERY, seed


class HeadOffice:
    """Speaks with the hub, for customers. Use from one thread."""

    def __init__(self, company: Company, patience_seconds: float = 60):
        self._company = company
        self._api = Api(company.hub_url, patience_seconds=patience_seconds)
        self._api.sign_in(company.admin, company.admin_pin)

    def close(self) -> None:
        self._api.close()

    def cancel(self, order: str) -> Counter[str]:
        """Cancels all that is left of an order, line by line: "CANCELLED", or why not, and how many units."""
        outcomes: Counter[str] = Counter()
        for line in self._order(order)["lines"]:
            nowhere = line["ordered_milli"] - line["cancelled_milli"]
            if not line["service"]:
                nowhere = line["waiting_milli"] + line["parked_milli"]
            at_site = 0 if line["service"] else line["routed_milli"]
            for milli in (nowhere, at_site):
                if milli > 0:
                    outcomes[self._cancel_units(order, line["line"], milli)] += milli
        return outcomes

    def cancel_group(self, order: str, group: str) -> tuple[Counter[str], int]:
        """Cancels the lines of an order that are in one ship group and nowhere else; what became of their units, and
        how many of the ship group's are cancelled now."""
        outcomes: Counter[str] = Counter()
        here = self._api.get(f"/api/v1/ship-groups/{group}")
        lines = {line["line"]: line for line in self._order(order)["lines"]}
        for part in here["lines"]:
            line = lines[part["line"]]
            whole = part["ordered_milli"] - part["cancelled_milli"] == line["ordered_milli"] - line["cancelled_milli"]
            if whole and line["routed_milli"] > 0:
                milli = line["routed_milli"]
                outcomes[self._cancel_units(order, part["line"], milli)] += milli
        return outcomes, self._api.get(f"/api/v1/ship-groups/{group}")["cancelled_milli"]

    def convert_parked(self, order: str) -> int:
        """Some customers want to have shipped what their store could not give them."""
        converted = 0
        for line in self._order(order)["lines"]:
            if line["parked_milli"] > 0 and seed("convert", order, line["line"]) % CONVERT_EVERY == 0:
                self._api.post(
                    f"/api/v1/orders/{order}/conversions",
                    {"line": line["line"], "quantity_milli": line["parked_milli"]},
                )
                converted += line["parked_milli"]
        return converted

    def pickup_code(self, group: str) -> str:
        return self._api.post(f"/api/v1/ship-groups/{group}/pickup-code")["code"]

    def orders(self) -> list[Json]:
        """All of them, in the order they were placed."""
        return self._api.pages("/api/v1/orders")

    def groups(self, **filters: str) -> list[Json]:
        """Ship groups with their lines."""
        query = "&".join(f"{name}={value}" for name, value in filters.items())
        found = self._api.pages(f"/api/v1/ship-groups?{query}" if query else "/api/v1/ship-groups")
        return [self._api.get(f"/api/v1/ship-groups/{group['id']}") for group in found]

    def _order(self, order: str) -> Json:
        return self._api.get(f"/api/v1/orders/{order}")

    def _cancel_units(self, order: str, line: int, milli: int) -> str:
        try:
            self._api.post(
                f"/api/v1/orders/{order}/cancellations", {"line": line, "quantity_milli": milli}
            )
        except Problem as problem:
            if problem.status not in (409, 422):
                raise
            return problem.reason
        return "CANCELLED"
