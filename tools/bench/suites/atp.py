"""What can be promised of an article, asked of the stock in memory: twenty million cells, 200 sites of each article.

The baselines hold the same figures: bare rows one behind the other in memory, and a table of SQLite in its cache.
"""

from __future__ import annotations

from collections.abc import Iterator

from suites import Bench, Row, Suite, median, median_ratio
from suites.probe import probe


def run(bench: Bench) -> Iterator[Row]:
    with bench.folder() as folder:
        rounds = probe(bench, "atp", folder, "--rounds", str(bench.rounds))
    all_sites = median(rounds, "all_sites_ns")
    raw = all_sites / median_ratio(rounds, "all_sites_ns", "raw_ns")
    yield Row("atp.all_sites", all_sites, "ns", raw, 2, of_ratio=True)
    sqlite = median(rounds, "sqlite_ns")
    times = median_ratio(rounds, "sqlite_ns", "all_sites_ns")
    yield Row("atp.sqlite", sqlite, "ns", sqlite / times, 14, least=True, of_ratio=True)
    yield Row("atp.site", median(rounds, "site_ns"), "ns", None, 250)
    yield Row("atp.load", median(rounds, "load_rate"), "M/s", None, 4, least=True)
    yield Row("atp.cell", median(rounds, "cell_bytes"), "octets", None, 16)


SUITE = Suite("atp", "what can be promised of an article", run)
