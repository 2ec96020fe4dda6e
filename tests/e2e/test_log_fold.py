"""Old records are folded: only what is safe, and nobody who reads the log notices."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from lab.api import Api, Json
from lab.company import Company
from shop import Bench, Orders, gtin, open_shop, scan_unit_by_unit, wait_for, wait_quiet

ORDERS: Orders = {"long": [("CUP-1", 500)]}
SCANS = 90


@pytest.fixture()
def company(tmp_path: Path, binaries: Path) -> Iterator[Company]:
    company = open_shop(tmp_path, binaries, ("CUP-1",), ORDERS)
    scan_unit_by_unit(company.agents[0])
    yield company
    company.stop()


def scan(bench: Bench, times: int) -> None:
    for _ in range(times):
        assert bench.scan(gtin("CUP-1"))["verdict"] == "ok"


def folded(api: Api, path: str) -> int:
    return api.get(path)["folded"]["records"]


def fold(api: Api, path: str, least: int) -> int:
    """Asks for it until it is done: a device writes down what is safe within a second."""

    def enough() -> bool:
        api.post("/api/v1/log/folds", {"older_than_days": 0})
        time.sleep(0.5)
        return folded(api, path) >= least

    wait_for("folded records", enough)
    return folded(api, path)


def records(api: Api) -> list[Json]:
    return list(api.pages("/api/v1/log"))


def rows(company: Company, agent_or_hub: str) -> int:
    """Rows of the log, in a copy: the program has the database itself."""
    copy = company.directory / "looked-at.sqlite"
    source = company.directory / agent_or_hub / "cairn.sqlite"
    for part in ("", "-wal"):
        shutil.copyfile(f"{source}{part}", f"{copy}{part}")
    with closing(sqlite3.connect(copy)) as database:
        database.execute("PRAGMA wal_autocheckpoint=0")
        (count,) = database.execute("SELECT count(*) FROM event_log").fetchone()
    return int(count)


def test_what_is_safe_folds_and_nobody_notices(company: Company) -> None:
    agent = company.agents[0]
    hub = company.hub_api()
    manager = company.agent_api(agent)
    bench = Bench(company, agent, agent.stations[0])
    bench.claim("long")
    scan(bench, SCANS)
    wait_quiet(bench.api)

    # Nothing is in a second copy: nothing of it folds, however much it is asked for.
    own = manager.get("/api/v1/sync")
    assert own["safe"] == 0
    manager.post("/api/v1/log/folds", {"older_than_days": 0})
    hub.post("/api/v1/log/folds", {"older_than_days": 0})
    with pytest.raises(AssertionError):
        wait_for("what must not be", lambda: folded(hub, "/api/v1/status") > 0, 3)
    assert len([r for r in records(manager) if r["node"] == agent.node]) == own["head"]
    assert rows(company, agent.name) >= own["head"]

    company.cairn("backup", "now")
    wait_for("safe", lambda: manager.get("/api/v1/sync")["safe"] == own["head"])
    at_hub, at_agent = records(hub), records(manager)
    totals = hub.get("/api/v1/totals"), manager.get("/api/v1/totals")
    least = own["head"] - 1
    assert fold(hub, "/api/v1/status", least) < len(at_hub)
    assert fold(manager, "/api/v1/sync", least) < len(at_agent)
    assert rows(company, agent.name) < len(at_agent) - least + 1
    assert records(hub) == at_hub
    assert records(manager) == at_agent
    assert (hub.get("/api/v1/totals"), manager.get("/api/v1/totals")) == totals
    for api in (hub, manager):
        assert api.get("/api/v1/log/verify")["ok"]
    assert "folded: " in company.cairn("sync", "status")

    # Work goes on, over a restart of both.
    scan(bench, 5)
    company.hub.stop()
    agent.service.stop()
    company.hub.start()
    bench.start_agent()
    scan(bench, 5)
    wait_quiet(bench.api)
    assert bench.picked("long")[0] == SCANS + 10
    assert bench.api.get("/api/v1/sync")["differs"] == []

    # A device that has lost its disk reads the site's feed from the beginning.
    before = manager.get("/api/v1/totals")
    agent.service.stop()
    shutil.rmtree(company.directory / agent.name)
    agent.service.start()
    manager.close()
    wait_for("a person to sign in", lambda: Api(agent.url).get("/readyz"))
    manager = company.agent_api(agent)
    wait_quiet(manager)
    assert manager.get("/api/v1/totals") == before
    assert manager.get("/api/v1/log/verify")["ok"]
    bench.close()
    manager.close()
    hub.close()
