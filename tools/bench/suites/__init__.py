"""The suites of cairn-bench: each measures something of Cairn and, in the same run, the least that it could take."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Row:
    """A figure. `baseline`: the same by the barest means, measured in the same run. It passes if it is at most `target`,
    in its own unit; with `least`, if it is at least that."""

    name: str
    value: float
    unit: str
    baseline: float
    target: float
    least: bool = False

    @property
    def ratio(self) -> float:
        return self.value / self.baseline if self.baseline else float("inf")

    @property
    def passed(self) -> bool:
        return self.value >= self.target if self.least else self.value <= self.target

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio, "passed": self.passed}


@dataclass(frozen=True)
class Bench:
    """Where the programs are, how much is to be measured, and who is told how far it is."""

    binaries: Path
    scans: int
    tell: Callable[[str], None]


@dataclass(frozen=True)
class Suite:
    name: str
    about: str
    run: Callable[[Bench], Iterable[Row]]
    # What --gate looks at, of the names of its rows.
    gated: Callable[[str], bool] = lambda _: False


def percentile(samples: list[float], percent: float) -> float:
    """The smallest sample that so many of a hundred do not exceed."""
    return sorted(samples)[math.ceil(len(samples) * percent / 100) - 1]
