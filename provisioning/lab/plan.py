"""What does not go smoothly: customers who change their minds, goods that are not there, parcels that weigh
wrong, hand-overs that go wrong, goods that come back.

Everything follows from the orders' numbers and from how they were routed, never from time or chance: the same
trade gives the same figures, however often the power is cut.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from lab.api import Json
from lab.company import Agent

MOMENTS = ("unrouted", "picking", "packed")
CANCELLED_EVERY = 10  # of the orders
SHORT_EVERY = 40  # of the lines
PICKUP_SHORT_EVERY = 8
WRONG_WEIGHT_EVERY = 12  # of the groups
OVERRIDE_EVERY = 15
WRONG_CODE_EVERY = 4  # of the hand-overs
UNDO_EVERY = 5
TWICE_EVERY = 3
RETURN_EVERY = 9  # of the groups that reached their customers
CONVERT_EVERY = 2  # of the lines a pickup store could not give

COUNT_ZERO = "NOT_IN_STOCK"
REASONS = (
    "SHORT_PARTIAL", "MISMATCH", "DAMAGED", "WORN_DISPLAY", COUNT_ZERO,
    "NO_VARIANCE", "AVOID_SPLIT", "STORE_BUSY", "NO_CAPACITY",
)  # fmt: skip
CONDITIONS = ("RESTOCK", "QC_HOLD", "DAMAGED")


def seed(*words: object) -> int:
    """A number that looks random and is always the same for the same words."""
    return zlib.crc32(" ".join(map(str, words)).encode())


@dataclass(frozen=True)
class Short:
    milli: int
    reason: str


@dataclass
class GroupPlan:
    """How the work on one ship group goes."""

    cancel: str = ""  # at this moment the customer cancels what this group has of the order
    cancel_milli: int = 0  # "picking": when so many units are in the tote
    shorts: dict[int, Short] = field(default_factory=dict)
    wrong_weight: bool = False  # the first parcel is put on the scale with something missing
    override: bool = False  # ... and a second person lets it pass


def moment(place: int, order: str) -> str:
    """When the order at this place (from 0) of all orders is cancelled; empty: never."""
    if place % CANCELLED_EVERY != CANCELLED_EVERY - 1:
        return ""
    return MOMENTS[seed("moment", order) % len(MOMENTS)]


def worker(agents: list[Agent], order: str) -> Agent:
    """Who works on an order, of the devices of one site."""
    return agents[seed("device", order) % len(agents)]


class Plan:
    """For the groups that are to be picked now. Without groups everything goes smoothly."""

    def __init__(self, groups: Iterable[Json] = (), cancelled: dict[str, str] | None = None, *, shorts: bool = False):
        groups = list(groups)
        moments = cancelled or {}
        lines = Counter((group["site"], line["sku"]) for group in groups for line in group["lines"])
        self._groups: dict[str, GroupPlan] = {}
        for group in groups:
            order, site = group["order_reference"], group["site"]
            plan = GroupPlan()
            when = moments.get(order, "")
            if when in ("picking", "packed"):
                plan.cancel = when
                plan.cancel_milli = max(1000, group["ordered_milli"] // 2)
            elif shorts and not when:
                for line in group["lines"]:
                    if short := _short(group, line, lines[site, line["sku"]]):
                        plan.shorts[line["line"]] = short
            plan.wrong_weight = seed("weight", order, site) % WRONG_WEIGHT_EVERY == 0
            plan.override = seed("override", order, site) % OVERRIDE_EVERY == 0
            self._groups[group["id"]] = plan

    def of(self, group: str) -> GroupPlan:
        return self._groups.get(group) or GroupPlan()


def _short(group: Json, line: Json, groups_with_article: int) -> Short | None:
    chance = seed("short", group["order_reference"], group["site"], line["line"])
    every = PICKUP_SHORT_EVERY if group["method"] == "PICKUP" else SHORT_EVERY
    if chance % every:
        return None
    reason = REASONS[chance // every % len(REASONS)]
    if reason == COUNT_ZERO:
        # Counting zero is right for everybody only if nobody else is on the way to this bin.
        return Short(line["ordered_milli"], reason) if groups_with_article == 1 else None
    units = max(1, line["ordered_milli"] // 1000)
    return Short(min(line["ordered_milli"], 1000 * (1 + chance // 1000 % units)), reason)
