"""Second copies of the hub's database: whole and consistent although it works on, and only they make records safe."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from lab.api import Api, Json
from lab.company import Company
from lab.processes import run
from shop import Bench, Orders, gtin, open_shop, scan_unit_by_unit, wait_for, wait_quiet

ORDERS: Orders = {"long": [("CUP-1", 2000)]}


@pytest.fixture()
def company(tmp_path: Path, binaries: Path) -> Iterator[Company]:
    company = open_shop(tmp_path, binaries, ("CUP-1",), ORDERS)
    scan_unit_by_unit(company.agents[0])
    yield company
    company.stop()


def configure(company: Company, backup: str) -> None:
    """Starts the hub again with another [backup] table, or none."""
    company.hub.stop()
    file = company.directory / "hub.toml"
    file.write_text(re.sub(r"\[backup\]\n.*\n", backup, file.read_text()))
    company.hub.start()
    company.hub_api().close()


def look(copy: Path) -> tuple[str, dict[str, int]]:
    """SQLite's own verdict on a copy, and the head of each log in it."""
    with closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as database:
        (verdict,) = database.execute("PRAGMA integrity_check").fetchone()
        return verdict, dict(database.execute("SELECT lower(hex(node)), head FROM author").fetchall())


def cairn(company: Company, *arguments: str) -> tuple[int, str, str]:
    done = run(
        [company.binaries / "cairn", "--url", company.hub_url, "--user", company.admin, *arguments], CAIRN_PIN=company.admin_pin
    )
    return done.returncode, done.stdout, done.stderr


def wait_idle(hub: Api) -> Json:
    return wait_for("the end of the backup", lambda: not (b := hub.get("/api/v1/backups"))["running"] and b)


def test_what_a_copy_holds_is_safe_and_no_more(company: Company) -> None:
    hub = company.hub_api()
    agent = company.agents[0]
    bench = Bench(company, agent, agent.stations[0])
    bench.claim("long")
    for _ in range(20):
        assert bench.scan(gtin("CUP-1"))["verdict"] == "ok"
    wait_quiet(bench.api)
    wait_idle(hub)
    # Scans go on while it is made.
    stop = threading.Event()
    scanned = 20

    def scan_on() -> None:
        nonlocal scanned
        while not stop.is_set():
            assert bench.scan(gtin("CUP-1"))["verdict"] == "ok"
            scanned += 1

    scanner = threading.Thread(target=scan_on)
    scanner.start()
    status, name, _ = cairn(company, "backup", "now")
    stop.set()
    scanner.join()
    assert status == 0
    verdict, heads = look(company.directory / "backups" / name.strip())
    assert verdict == "ok"
    held = heads[agent.node.replace("-", "")]
    wait_quiet(bench.api)
    sync = wait_for("the hub to say what is safe", lambda: (s := bench.api.get("/api/v1/sync"))["safe"] >= held and s, 40)
    assert sync["safe"] == held <= sync["hwm"]
    # It stays so over a restart of the hub, and what comes later is not safe.
    assert bench.scan(gtin("CUP-1"))["verdict"] == "ok"
    wait_quiet(bench.api)
    company.hub.stop()
    agent.service.stop()
    company.hub.start()
    bench.start_agent()
    wait_quiet(bench.api)
    sync = wait_for("the hub to say it again", lambda: (s := bench.api.get("/api/v1/sync"))["safe"] and s)
    assert (sync["safe"], sync["hwm"] > held) == (held, True)
    assert bench.picked("long") == [scanned + 1]
    bench.close()


def test_a_hub_killed_meanwhile_leaves_whole_copies_only(company: Company) -> None:
    folder = company.directory / "backups"
    for _ in range(5):
        hub = company.hub_api()
        wait_idle(hub)
        hub.ask("POST", "/api/v1/backups")
        company.hub.kill()
        hub.close()
    hub = company.hub_api()
    backups = wait_idle(hub)
    assert not list(folder.glob("*.part"))
    names = {item["file"] for item in backups["items"]}
    assert names == {file.name for file in folder.iterdir()} and names
    for name in names:
        assert look(folder / name)[0] == "ok"


def test_only_so_many_are_kept_and_listed(company: Company) -> None:
    configure(company, f'[backup]\ndir = "{company.directory}/backups"\nkeep = 2\n')
    wait_idle(company.hub_api())
    made = [cairn(company, "backup", "now")[1].strip() for _ in range(3)]
    status, listed, _ = cairn(company, "backup", "list")
    assert [line.split()[0] for line in listed.splitlines()[1:3]] == [made[2], made[1]]
    # The copies are on the database's own disk: that is worth a look.
    assert status == 3 and "disk" in listed
    assert {file.name for file in (company.directory / "backups").iterdir()} == set(made[1:])


def test_without_a_word_nothing_is_safe(company: Company) -> None:
    configure(company, "")
    status, _, problem = cairn(company, "backup", "now")
    assert status == 1 and "backup.dir" in problem
    agent = company.agent_api(company.agents[0])
    bench = Bench(company, company.agents[0], company.agents[0].stations[0])
    bench.claim("long")
    wait_quiet(agent)
    sync = agent.get("/api/v1/sync")
    assert sync["hwm"] > 0 and sync["safe"] == 0
    ready = company.hub_api().get("/readyz")
    (check,) = [check for check in ready["checks"] if check["name"] == "backup"]
    assert check["ok"] and "no backup is configured" in check["detail"]
    bench.close()


def test_none_means_that_the_hub_has_to_do(company: Company) -> None:
    configure(company, '[backup]\ndir = "none"\n')
    bench = Bench(company, company.agents[0], company.agents[0].stations[0])
    bench.claim("long")
    wait_quiet(bench.api)
    sync = wait_for("what is safe", lambda: (s := bench.api.get("/api/v1/sync"))["safe"] == s["hwm"] and s, 40)
    assert sync["safe"] > 0
    status, listed, _ = cairn(company, "backup", "list")
    assert status == 3 and "none" in listed
    bench.close()
