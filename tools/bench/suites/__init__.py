"""The suites of cairn-bench: each measures something of Cairn and, in the same run, the least that it could take."""

from __future__ import annotations

import contextlib
import math
import statistics
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Row:
    """A figure. `baseline`: the same by the barest means, measured in the same run; None: there is nothing like it. It
    passes if it is at most `target`; with `least`, if it is at least that. `of_ratio`: the target is for the ratio."""

    name: str
    value: float
    unit: str
    baseline: float | None
    target: float
    least: bool = False
    of_ratio: bool = False

    @property
    def ratio(self) -> float | None:
        return self.value / self.baseline if self.baseline else None

    @property
    def passed(self) -> bool:
        judged = self.ratio if self.of_ratio else self.value
        if judged is None:
            return False
        return judged >= self.target if self.least else judged <= self.target

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio, "passed": self.passed}


@dataclass(frozen=True)
class Bench:
    """Where the programs are, how much is to be measured, where files go that are to be on a disk, and who is told how
    far it is."""

    binaries: Path
    scans: int
    rounds: int
    disk: Path
    tell: Callable[[str], None]

    @contextlib.contextmanager
    def folder(self) -> Iterator[Path]:
        """On the disk; gone afterwards."""
        with tempfile.TemporaryDirectory(prefix="cairn-bench-", dir=self.disk) as name:
            yield Path(name)


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


def median(rounds: list[dict[str, float]], name: str) -> float:
    return statistics.median(one[name] for one in rounds)


def median_ratio(rounds: list[dict[str, float]], over: str, under: str) -> float:
    """Of each round's own ratio: what disturbed one of its halves disturbed the other, too."""
    return statistics.median(one[over] / one[under] for one in rounds)
