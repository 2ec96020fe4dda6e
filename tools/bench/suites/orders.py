"""An order until it is in the database for good: captured, compared with the stock, and given to the sites that fill it.

One caller that waits for each, then 64 at a time, which share commits. 50 sites, each with three of ten articles.
"""

from __future__ import annotations

from collections.abc import Iterator

from suites import Bench, Row, Suite, median
from suites.probe import probe


def run(bench: Bench) -> Iterator[Row]:
    with bench.folder() as folder:
        rounds = probe(bench, "orders", folder, "--rounds", str(bench.rounds))
    yield Row("orders.routed_p50", median(rounds, "routed_p50_ms"), "ms", None, 2)
    yield Row("orders.routed", median(rounds, "routed_rate"), "/s", None, 10_000, least=True)
    yield Row("orders.routed_p99", median(rounds, "routed_p99_ms"), "ms", None, 50)


SUITE = Suite("orders", "an order until it is in the database and its sites are found", run)
