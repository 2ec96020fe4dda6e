"""A hub takes what gathered at eight stores: frames are checked, records read, stored, chained, put into their site's
feed and counted into its stock, then acknowledged.

There is no broker in between. The baseline writes the same rows into the same tables by prepared statements, as many
records in a transaction as the hub had.
"""

from __future__ import annotations

from collections.abc import Iterator

from suites import Bench, Row, Suite, median, median_ratio
from suites.probe import probe


def run(bench: Bench) -> Iterator[Row]:
    with bench.folder() as folder:
        rounds = probe(bench, "ingest", folder, "--rounds", str(bench.rounds))
    rate = median(rounds, "rate")
    raw = rate / median_ratio(rounds, "rate", "raw_rate")
    yield Row("ingest.rate", rate / 1000, "k/s", raw / 1000, 0.7, least=True, of_ratio=True)
    yield Row("ingest.transaction", median(rounds, "in_transaction"), "rec", None, 500, least=True)


SUITE = Suite("ingest", "records a hub takes from stores that were away", run)
