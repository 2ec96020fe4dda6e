"""Orders routed at the least cost, in memory: from the order and its sites to who gives what.

The baselines are the bare search, which only finds how little it can cost, and COIN-OR CBC, a solver of integer programs
that knows nothing of orders. Every cost is compared with both: a gap is a decision that costs more than it must.
"""

from __future__ import annotations

from collections.abc import Iterator

from suites import Bench, Row, Suite, median, median_ratio
from suites.probe import probe

# An order of two lines is decided in a microsecond or two, most of it for reading the order and naming the sites, which
# the bare search does not do: there only CBC is a measure.
LARGE = ("4x50_3", "6x50_6", "6x50_3", "8x50_4")
SHAPES = ("2x10_7", "4x20_6", *LARGE)  # lines x sites, of ten sites stocked


def rate(us: float) -> float:
    """Thousands a second."""
    return 1000 / us


def run(bench: Bench) -> Iterator[Row]:
    rounds = probe(bench, "routing", "--rounds", str(bench.rounds))
    for shape in LARGE:
        ours = rate(median(rounds, f"ours_us_{shape}"))
        raw = ours / median_ratio(rounds, f"raw_us_{shape}", f"ours_us_{shape}")
        yield Row(f"routing.{shape}", ours, "k/s", raw, 0.5, least=True, of_ratio=True)
    if any(one["cbc_solved_2x10_7"] for one in rounds):
        for shape in SHAPES:
            ours = rate(median(rounds, f"ours_us_{shape}"))
            cbc = ours / median_ratio(rounds, f"cbc_us_{shape}", f"ours_us_{shape}")
            yield Row(f"routing.cbc_{shape}", ours, "k/s", cbc, 100, least=True, of_ratio=True)
    else:
        bench.tell("CBC was not there when cairn-bench-probe was built: nothing is compared with it. Debian's package is")
        bench.tell("coinor-libcbc-dev; install it, run cmake on the build folder again, and build.")
    gaps = [one[f"gap_ppm_{shape}"] for one in rounds for shape in SHAPES]
    yield Row("routing.gap", max(gaps) / 10_000, "%", None, 0)


SUITE = Suite("routing", "orders routed at the least cost", run)
