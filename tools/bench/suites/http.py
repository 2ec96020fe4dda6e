"""What HTTP costs: orders captured by sixteen connections of a running hub, against sixteen callers in process."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from lab.company import Company, Site
from suites import Bench, Row, Suite, median
from suites.probe import probe

SITES = tuple(Site(f"site-{number:02}", f"Site {number}", "STORE", 52.0, -1.0, ()) for number in range(50))
CONNECTIONS = 16


def run(bench: Bench) -> Iterator[Row]:
    with bench.folder() as folder:
        alone = probe(bench, "orders", folder, "--rounds", str(bench.rounds))
    with bench.folder() as folder:
        company = Company(folder / "company", bench.binaries, SITES)
        try:
            company.start()
            probe(bench, "order-trade", folder)
            company.cairn("import", "products", folder / "products.csv")
            company.cairn("import", "stock", folder / "stock.csv")
            with contextlib.closing(company.hub_api()) as hub:
                arguments = ("--rounds", str(bench.rounds), "--connections", str(CONNECTIONS))
                rounds = probe(bench, "order-load", company.hub_url, hub.token, *arguments)
        finally:
            company.stop()
    in_process = median(alone, "captured_rate")
    yield Row("http.capture", median(rounds, "captured_rate"), "/s", in_process, 0.35, least=True, of_ratio=True)
    yield Row("http.capture_p50", median(rounds, "p50_ms"), "ms", None, 50)


SUITE = Suite("http", "orders captured over HTTP", run)
