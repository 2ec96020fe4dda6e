"""A unit is picked: two records, the task's rows, two cells of stock, one durable commit.

One caller that waits for each, then sixteen at a time, which share commits. The baseline writes the same rows into the
same tables by prepared statements, one transaction for each pick.
"""

from __future__ import annotations

from collections.abc import Iterator

from suites import Bench, Row, Suite, median, median_ratio
from suites.probe import probe


def run(bench: Bench) -> Iterator[Row]:
    with bench.folder() as folder:
        rounds = probe(bench, "commit", folder, "--rounds", str(bench.rounds))
    alone = median(rounds, "alone_rate")
    # The median of the rounds' ratios, so that the baseline is what goes with it.
    raw = alone / median_ratio(rounds, "alone_rate", "raw_rate")
    yield Row("commit.alone", alone, "/s", raw, 0.85, least=True, of_ratio=True)
    together = median(rounds, "together_rate")
    single = together / median_ratio(rounds, "together_rate", "alone_rate")
    yield Row("commit.sixteen", together, "/s", single, 4, least=True, of_ratio=True)
    yield Row("commit.sixteen_p99", median(rounds, "together_p99_ms"), "ms", median(rounds, "raw_p99_ms"), 6)


SUITE = Suite("commit", "a pick until it is in the database for good", run)
