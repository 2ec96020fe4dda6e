"""A full disk: at first nobody at a scanner notices, then work is refused in plain words, then it goes on by itself.

Nothing that was shown as saved is lost, nothing that was refused was done, and no program ends for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from lab.api import Api, Json
from lab.company import Company
from lab.processes import Service
from shop import Bench, Orders, gtin, open_shop, scan_unit_by_unit, toml_file, wait_for, wait_quiet
from small_disk import SmallDisk

ORDERS: Orders = {"long": [("CUP-1", 2000)]}
DISK_MIB = 32
BALLAST_MIB = 4


def logged(service: Service, event: str) -> list[Json]:
    lines = [json.loads(line) for line in service.log.read_text().splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == event]


def wait_level(api: Api, *levels: str) -> Json:
    return wait_for(f"storage {levels}", lambda: (s := api.get("/api/v1/storage"))["level"] in levels and s, 40)


@pytest.fixture()
def company(tmp_path: Path, binaries: Path) -> Iterator[Company]:
    company = open_shop(tmp_path, binaries, ("CUP-1",), ORDERS)
    scan_unit_by_unit(company.agents[0])
    yield company
    company.stop()


def on_small_disk(company: Company, service: Service, config: Path) -> SmallDisk:
    """Puts a program that runs on a small disk and starts it again there. Its write-ahead log is empty then."""
    service.stop()
    config.write_text(config.read_text().replace("ballast_mb = 1", f"ballast_mb = {BALLAST_MIB}"))
    disk = SmallDisk(company.directory / service.name, DISK_MIB)
    disk.put(service)
    service.start()
    return disk


def test_agent(company: Company) -> None:
    agent = company.agents[0]
    with closing(on_small_disk(company, agent.service, toml_file(agent))) as disk:
        bench = Bench(company, agent, agent.stations[0])
        bench.claim("long")
        wait_quiet(bench.api)
        assert wait_level(bench.api, "ample", "tight")["ballast"] == "held"

        # All is taken but the ballast. Scans go on until it is needed, and then, too.
        disk.fill("filler")
        picked = 0
        while bench.api.get("/api/v1/storage")["ballast"] == "held":
            assert bench.scan(gtin("CUP-1"))["verdict"] == "ok"
            picked += 1
            assert picked < 1500
        assert bench.scan(gtin("CUP-1"))["verdict"] == "ok"
        picked += 1
        assert wait_level(bench.api, "full")["ballast"] == "none"
        (told,) = logged(agent.service, "disk_full")
        assert "ballast" in told["what"]

        # Now the ballast's room is taken as well.
        disk.fill("more")
        while (verdict := bench.scan(gtin("CUP-1")))["verdict"] == "ok":
            picked += 1
            assert picked < 1900
        assert (verdict["verdict"], verdict["reason"]) == ("nok", "disk_full")
        assert bench.scan(gtin("CUP-1"))["reason"] == "disk_full"
        assert bench.picked("long") == [picked]  # reading goes on
        ready = bench.api.ask("GET", "/readyz")
        assert ready.status == 503 and "disk is full" in ready.body.decode()

        disk.free("filler", "more")
        assert bench.scan(gtin("CUP-1"))["verdict"] == "ok"
        picked += 1
        state = wait_level(bench.api, "ample", "tight")
        assert state["ballast"] == "held"
        assert bench.api.ask("GET", "/readyz").status == 200
        assert bench.picked("long") == [picked]
        wait_quiet(bench.api)
        assert agent.service.restarts == 0
        hub = company.hub_api()
        (group,) = hub.pages("/api/v1/ship-groups")
        line = hub.get(f"/api/v1/ship-groups/{group['id']}")["lines"][0]
        assert line["picked_milli"] == picked * 1000
        assert company.agent_api(agent).get("/api/v1/log/verify")["ok"]
        bench.close()


def test_agent_starts_on_a_full_disk(company: Company) -> None:
    agent = company.agents[0]
    with closing(on_small_disk(company, agent.service, toml_file(agent))) as disk:
        bench = Bench(company, agent, agent.stations[0])
        bench.claim("long")
        wait_level(bench.api, "ample", "tight")
        disk.fill("filler")
        agent.service.stop()
        bench.start_agent()
        assert bench.scan(gtin("CUP-1"))["verdict"] == "ok"
        assert bench.api.get("/api/v1/storage")["level"] == "full"
        bench.close()


def test_hub(company: Company) -> None:
    """Its devices work on and keep what it cannot take; imports are refused before orders are."""
    agent = company.agents[0]
    with closing(on_small_disk(company, company.hub, company.directory / "hub.toml")) as disk:
        hub = company.hub_api()
        bench = Bench(company, agent, agent.stations[0])
        bench.claim("long")
        wait_quiet(bench.api)
        wait_level(hub, "ample", "tight")
        disk.fill("filler")
        wait_level(hub, "critical", "full")
        csv = {"Content-Type": "text/csv"}
        refused = hub.ask("POST", "/api/v1/imports/products", b"sku,name\nPAN-1,Pan\n", csv)
        assert (refused.status, refused.reason) == (503, "disk_almost_full")
        disk.free("ballast")
        disk.fill("more")
        picked = 0
        while not bench.api.get("/api/v1/sync")["unacked"] > 200:
            assert bench.scan(gtin("CUP-1"))["verdict"] == "ok"
            picked += 1
            assert picked < 1500
        assert wait_level(hub, "full")["ballast"] == "none"
        site = json.dumps({"name": "Kiosk", "kind": "STORE", "latitude": 51.5, "longitude": -0.1}).encode()
        full = hub.ask("PUT", "/api/v1/sites/kiosk", site, {"Content-Type": "application/json"})
        assert (full.status, full.reason) == (503, "disk_full")

        disk.free("filler", "more")
        wait_level(hub, "ample", "tight")
        wait_quiet(bench.api)
        (group,) = hub.pages("/api/v1/ship-groups")
        line = hub.get(f"/api/v1/ship-groups/{group['id']}")["lines"][0]
        assert line["picked_milli"] == picked * 1000
        assert hub.get("/api/v1/log/verify")["ok"]
        assert company.hub.restarts == 0
        bench.close()
