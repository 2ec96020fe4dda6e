"""The counter and what is done behind it: units that are not needed go back into their bins, customers get their
orders, goods come back."""

from __future__ import annotations

from pathlib import Path

from lab.api import Json, Problem
from lab.company import Agent, Station
from lab.picker import LOOK_SECONDS, Worker
from lab.plan import CONDITIONS, RETURN_EVERY, TWICE_EVERY, UNDO_EVERY, WRONG_CODE_EVERY, seed

KEYED_MILLI = 6000  # more than this goes back without scanning each unit


class PutBackClerk(Worker):
    """Puts back what the screen lists, until it lists nothing any more."""

    def _work(self) -> None:
        self._api.put("/api/v1/station-mode", {"mode": "PUT_BACK"})
        while not self._halt.is_set():
            left = [one for one in self._api.get("/api/v1/put-backs")["items"] if one["milli"] > one["done_milli"]]
            if not left:
                break
            self._put_back(left[0])
        self._api.put("/api/v1/station-mode", {"mode": "PICK"})

    def _put_back(self, one: Json) -> None:
        milli = one["milli"] - one["done_milli"]
        if milli <= KEYED_MILLI:
            self._read(one["sku"])  # the list says whether it was saved
            return
        try:
            self._api.post(
                "/api/v1/put-backs",
                {"group": one["group"], "cause": one["cause"], "line": one["line"], "quantity_milli": milli},
            )
        except Problem as problem:
            if problem.status not in (409, 422):
                raise


class PickupClerk(Worker):
    """Hands over what waits for customers who come with their codes."""

    def __init__(self, agent: Agent, station: Station, binaries: Path, codes: dict[str, str]):
        super().__init__(agent, station, binaries)
        self._codes = codes
        self.handed_over = 0
        self.refused = 0  # wrong codes, second hand-overs
        self.undone = 0

    def _work(self) -> None:
        for row in self._api.pages("/api/v1/ship-groups?status=READY"):
            self._serve(row["id"], self._codes[row["id"]], row["order_reference"])

    def _serve(self, group: str, code: str, order: str) -> None:
        path = f"/api/v1/ship-groups/{group}/hand-over"
        found = [one["id"] for one in self._api.post("/api/v1/pickups/lookup", {"code": code})["items"]]
        if group not in found:
            raise RuntimeError(f"the code of order {order} does not find it")
        if seed("wrong code", order) % WRONG_CODE_EVERY == 0:
            wrong = f"{(int(code) + 1) % 1_000_000:06}"
            if self._api.post(path, {"code": wrong})["outcome"] == "WRONG_CODE":
                self.refused += 1
        self._hand_over(path, code)
        if seed("undo", order) % UNDO_EVERY == 0:
            try:
                self._api.post(f"{path}/undo")
                self.undone += 1
                self._hand_over(path, code)
            except Problem as problem:
                if problem.reason != "too_late_to_undo":  # the power was away for long
                    raise
        if seed("twice", order) % TWICE_EVERY == 0:
            try:
                self._hand_over(path, code)
                raise RuntimeError(f"order {order} was handed over twice")
            except Problem as problem:
                if problem.reason != "already_handed_over":
                    raise
                self.refused += 1
        self.handed_over += 1

    def _hand_over(self, path: str, code: str) -> None:
        answer = self._api.post(path, {"code": code})
        if answer["outcome"] != "HANDED_OVER":
            raise RuntimeError(f"{path}: the customer's code was refused: {answer}")


def comes_back(group: Json) -> bool:
    """Whether this group's customer brings something back."""
    return seed("return", group["order_reference"], group["site"]) % RETURN_EVERY == 0 and bool(_bring(group))


def _bring(group: Json) -> list[tuple[Json, int]]:
    """Lines of which something comes back, and how many units."""
    for line in group["lines"]:
        units = (line["shipped_milli"] + line["handed_over_milli"]) // 1000
        if units > 0:
            return [(line, 1 + seed("units", group["order_reference"], line["line"]) % min(3, units))]
    return []


class ReturnClerk(Worker):
    """Takes back what customers bring: finds the sale, scans the units, says what is owed.

    `groups`: with their lines; "alone" says that no other group of the order left from this site.
    """

    def __init__(self, agent: Agent, station: Station, binaries: Path, groups: list[Json], manager_pin: str):
        super().__init__(agent, station, binaries)
        self._groups = groups
        self._manager_pin = manager_pin
        self.taken = 0
        self.approved = 0

    def _work(self) -> None:
        self._api.put("/api/v1/station-mode", {"mode": "RETURN"})
        for group in self._groups:
            self._take_back(group)
        self._api.put("/api/v1/station-mode", {"mode": "PICK"})

    def _take_back(self, group: Json) -> None:
        order = group["order_reference"]
        condition = CONDITIONS[seed("condition", order) % len(CONDITIONS)]
        draft = self._api.put("/api/v1/return-draft", {"code": self._proof(group)})
        self._api.patch("/api/v1/return-draft", {"condition": condition})
        for line, units in _bring(group):
            while not self._halt.is_set():
                draft = self._api.get("/api/v1/return-draft")
                done = sum(unit["milli"] for unit in draft["units"] if unit["line"] == line["line"])
                if done >= 1000 * units:
                    break
                verdict = self._read(line["sku"])
                if verdict is None:
                    self._halt.wait(LOOK_SECONDS)
                elif verdict["verdict"] != "ok":
                    raise RuntimeError(f"order {order}: {line['sku']} cannot come back: {verdict}")
        body: Json = {"reason": "it does not fit"}
        if draft["needs_approval"]:
            body["approval"] = {"name": "manager", "pin": self._manager_pin, "reason": "a good customer"}
            self.approved += 1
        taken = self._api.post("/api/v1/returns", body)
        if taken["order_reference"] != order:
            raise RuntimeError(f"order {order} was to come back, {taken['order_reference']} did")
        self.taken += 1

    @staticmethod
    def _proof(group: Json) -> str:
        """A parcel's label, or the receipt, which has the order's number. Some order may have left in two parts."""
        labels = [package["sscc"] for package in group["packages"] if package["sscc"]]
        if labels and (not group["alone"] or seed("proof", group["order_reference"]) % 2):
            return f"00{labels[0]}"
        return group["order_reference"]
