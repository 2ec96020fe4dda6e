"""Devices that were away for long do not hold up the others (I28).

Two tills come back with a backlog each. While it goes up they share the hub alike, and what somebody does at a third
device meanwhile is at the hub long before they are through.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from lab.api import Api
from lab.company import Company, Site
from shop import Bench, gtin, open_shop, scan_unit_by_unit, wait_for, wait_quiet

BACKLOG = 60_000
SCANS = 400
# Each till has 4,096 records under way; the rest is committed between two looks.
AHEAD_MOST = 2 * 4_096 + 20_000


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Company]:
    # Of sites of their own: what one till does is no work for the other.
    near, *far = (Site(name, name.title(), "STORE", 53.96, -1.08 - km, (1,)) for km, name in enumerate(("york", "hull", "leeds")))
    orders = {"F-1": [("CUP-1", SCANS)]}
    company = open_shop(tmp_path_factory.mktemp("fairness"), binaries, ["CUP-1"], orders, near, others=tuple(far))
    yield company
    company.stop()


def held(hub: Api) -> dict[str, int]:
    """How many records of each device the hub has committed."""
    return {node["node"]: node["hwm"] for node in hub.get("/api/v1/nodes")["items"]}


def go_away(company: Company, number: int) -> str:
    """Another disk in the till, full of what was done while it was away."""
    agent = company.agents[number]
    agent.service.stop()
    data = company.directory / agent.name
    shutil.rmtree(data)
    probe = company.binaries / "cairn-bench-probe"
    subprocess.run(
        [probe, "backlog", data, "--events", str(BACKLOG), "--node", agent.node, "--site", agent.site.site],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return agent.node


def jain(shares: list[int]) -> float:
    """1: all have the same; 1/n: one has all."""
    return sum(shares) ** 2 / (len(shares) * sum(share * share for share in shares))


def test_a_backlog_starves_nobody(company: Company) -> None:
    hub, worker = company.hub_api(), company.agents[0]
    scan_unit_by_unit(worker)
    bench = Bench(company, worker, worker.stations[0])
    try:
        wait_quiet(bench.api)
        tills = [go_away(company, number) for number in (1, 2)]
        for number in (1, 2):
            company.agents[number].service.start()
        bench.claim("F-1")
        both = []
        ahead = []
        while True:
            now = held(hub)
            done = [now[till] for till in tills]
            if sum(done) >= 2 * BACKLOG:
                break
            if BACKLOG // 20 < min(done) and max(done) < BACKLOG:
                both.append(done)
            mine = now[worker.node]
            assert bench.scan(gtin("CUP-1"))["verdict"] == "ok"
            then = wait_for("the scan at the hub", lambda: (seen := held(hub))[worker.node] > mine and seen)
            if sum(then[till] for till in tills) < 2 * BACKLOG:
                ahead.append(sum(then[till] for till in tills) - sum(done))
        assert len(ahead) >= 3, "the backlog was through before anything else could be done"
        assert max(ahead) <= AHEAD_MOST, ahead
        assert len(both) >= 2, "the tills were never seen on their way together"
        assert jain([end - begin for begin, end in zip(both[0], both[-1], strict=True)]) >= 0.9, both
    finally:
        bench.close()
