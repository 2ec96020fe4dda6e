"""provisioning/demo as a stranger runs it: everything it promises works, and nothing is left when it ends.

What is left is looked for in three places: processes (the pids of demo.json, and every command line under /proc that
names the demo's folder), listening ports, and files.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from lab.api import Api, Json
from lab.bench import Bench
from lab.company import SITES, Company, Station
from lab.main_job import COLUMNS, Outcome, disagreements, run_main_job, used_files, write_log
from lab.trade import Trade, seeded_trade
from shop import wait_for

ROOT = Path(__file__).resolve().parents[2]
ORACLE = ROOT / "tests" / "oracle" / "oracle.py"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
ENDING_SECONDS = 30.0


# ---- what is there ----


def command_line(pid: int) -> str:
    """Empty: there is no such process (any more)."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def processes_of(folder: Path) -> dict[int, str]:
    """Every process that has the folder's name in its command line."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid() and str(folder) in (line := command_line(int(entry.name))):
            found[int(entry.name)] = line
    return found


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def listening_addresses(pid: int) -> set[str]:
    """Local addresses, as /proc writes them, on which a process listens (TCP over IPv4 and IPv6)."""
    sockets = {os.readlink(f"/proc/{pid}/fd/{entry}") for entry in os.listdir(f"/proc/{pid}/fd")}
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            _, local, _, state, *_, = line.split()[:5]
            if state == "0A" and f"socket:[{line.split()[9]}]" in sockets:
                found.add(local.split(":")[0])
    return found


# ---- a demo ----


class Demo:
    """One running provisioning/demo, with what it prints in a file."""

    def __init__(self, binaries: Path, temporary: Path, *options: str | Path, **environment: str):
        """`temporary`: where it makes its folder if no option names one."""
        temporary.mkdir(parents=True, exist_ok=True)
        self.temporary = temporary
        self.output = temporary.parent / f"{temporary.name}.output"
        known = {"CAIRN_BIN_DIR": str(binaries), "TMPDIR": str(temporary), "PYTHONUNBUFFERED": "1"}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [str(part) for part in (ROOT / "provisioning" / "demo", *options)],
                env=os.environ | known | environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def text(self) -> str:
        return self.output.read_text()

    def wait_text(self, text: str) -> None:
        wait_for(f"the demo says {text}", lambda: text in self.text or self.process.poll() is not None, 60)
        assert text in self.text, self.text

    def wait_open(self) -> Json:
        """Its description, as soon as it is open."""
        self.wait_text("Ctrl-C ends the demo")
        (file,) = re.findall(r"described in (\S+/demo\.json)", self.text)
        return json.loads(Path(file).read_text())

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ctrl-C reaches the whole group, as in a terminal; the others are sent to the demo alone."""
        if number == signal.SIGINT:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)
        return self.process.wait(ENDING_SECONDS)

    def close(self) -> None:
        """For a test that failed: nothing of it stays."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


@contextmanager
def running(*arguments: Any, **environment: str) -> Iterator[Demo]:
    demo = Demo(*arguments, **environment)
    try:
        yield demo
    finally:
        demo.close()


def run_demo(binaries: Path, temporary: Path, *options: str | Path, **environment: str) -> tuple[int, str]:
    """A demo that ends by itself: its status and what it printed."""
    with running(binaries, temporary, *options, **environment) as demo:
        return demo.process.wait(90), demo.text


def programs(description: Json) -> dict[str, Json]:
    return {"hub": description["hub"]} | {agent["name"]: agent for agent in description["agents"]}


def pids(description: Json) -> list[int]:
    return [description["broker"]["pid"], *(program["pid"] for program in programs(description).values())]


def ports(description: Json) -> list[int]:
    urls = [program["url"] for program in programs(description).values()]
    return [description["broker"]["port"], *(int(url.rsplit(":", 1)[1]) for url in urls)]


def assert_nothing_left(description: Json, temporary: Path) -> None:
    folder = Path(description["directory"])
    assert [command_line(pid) for pid in pids(description) if str(folder) in command_line(pid)] == []
    assert processes_of(folder) == {}
    assert [port for port in ports(description) if listens(port)] == []
    assert not folder.exists()
    assert list(temporary.iterdir()) == []


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[tuple[Demo, Json]]:
    """An open demo to look at. Only the last of its tests disturb it."""
    with running(binaries, tmp_path_factory.mktemp("shown") / "tmp") as demo:
        description = demo.wait_open()
        yield demo, description
        assert demo.end() == 0
        assert_nothing_left(description, demo.temporary)


# ---- the description ----


def test_description_is_for_its_owner_only(shown: tuple[Demo, Json]) -> None:
    demo, description = shown
    folder = Path(description["directory"])
    assert folder.parent == demo.temporary
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for file in (folder / "demo.json", folder / "broker.rules", *folder.glob("*.password"), folder / "broker.accounts"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_description_is_complete(shown: tuple[Demo, Json]) -> None:
    """Three sites, one of them with two devices; every path is there and every pid is the program it says."""
    _, description = shown
    folder = description["directory"]
    for name in ("cairn-hub", "cairn-agent", "cairn", "cairn-sim"):
        assert os.access(Path(description["binaries"]) / name, os.X_OK)
    assert [site["site"] for site in description["agents"]] == ["warehouse", "store-london", "store-leeds", "store-leeds"]
    assert len({agent["node"] for agent in description["agents"]} | {description["hub"]["node"]}) == 5
    for name, program in programs(description).items():
        assert command_line(program["pid"]).split() == [
            f"{description['binaries']}/cairn-{'hub' if name == 'hub' else 'agent'}",
            "-c",
            program["config"],
        ]
        assert Path(program["config"]).parent == Path(folder)
        assert all(len(person["pin"]) == 6 and person["role"] for person in program["staff"])
    assert f"{folder}/broker.conf" in command_line(description["broker"]["pid"])


def test_addresses_answer_and_pins_work(shown: tuple[Demo, Json]) -> None:
    _, description = shown
    for name, program in programs(description).items():
        api = Api(program["url"])
        version = api.get("/version")
        assert (version["program"], version["node"]) == (f"cairn-{'hub' if name == 'hub' else 'agent'}", program["node"])
        assert api.get("/readyz")
        for person in program["staff"]:
            session = Api(program["url"]).sign_in(person["name"], person["pin"])
            assert session["role"] == person["role"]
    assert listens(description["broker"]["port"])


def test_devices_can_be_plugged_in(shown: tuple[Demo, Json]) -> None:
    """A scanner, a scale and a printer at each station, as the description says where they are looked for."""
    _, description = shown
    simulator = Path(description["binaries"]) / "cairn-sim"
    benches = [
        Bench(simulator, Station(s["station"], Path(s["scanner"]), Path(s["scale"]), int(s["printer"].split(":")[1]), s["picker"], ""))
        for agent in description["agents"]
        for s in agent["stations"]
    ]
    assert len(benches) == 5
    for agent in description["agents"]:
        assert {station["picker"] for station in agent["stations"]} <= {person["name"] for person in agent["staff"]}
        api = Api(agent["url"])
        api.sign_in("manager", agent["staff"][0]["pin"], "office")
        wait_for(
            f"the devices of {agent['name']} are online",
            lambda api=api: all(device["state"] == "online" for device in api.get("/api/v1/devices")["items"]),
        )
    for bench in benches:
        bench.close()


def test_screen_says_what_the_description_says(shown: tuple[Demo, Json]) -> None:
    """Addresses and PINs, and commands that work as they are printed."""
    demo, description = shown
    hub = description["hub"]
    assert re.search(rf"hub +{hub['url']} +admin / PIN {hub['staff'][0]['pin']}\n", demo.text)
    for agent in description["agents"]:
        pickers = [person for person in agent["staff"] if person["role"] == "PICKER"]
        people = ", ".join(f"{p['name']} / PIN {p['pin']} at bench-{i}" for i, p in enumerate(pickers, start=1))
        assert re.search(rf"{agent['name']} +{agent['url']} +{people}\n", demo.text)
    assert "24 of 24 rows" not in demo.text and "24 orders looked at: 24 routed" in demo.text
    commands = re.findall(r"^  (CAIRN_PIN=.+|TOKEN=.+|curl -s -H .+limit=3\")$", demo.text, re.MULTILINE)
    assert len(commands) == 4
    script = f'export PATH="{description["binaries"]}:$PATH"\n' + "\n".join(commands)
    done = subprocess.run(["bash", "-eo", "pipefail", "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "24 orders" in done.stdout and len(re.findall(r"ProductDefined|FacilityDefined", done.stdout)) > 0
    assert len(json.loads(done.stdout.splitlines()[-1])["items"]) == 3


def test_nobody_else_can_reach_it(shown: tuple[Demo, Json]) -> None:
    """Every socket that listens is on loopback."""
    _, description = shown
    for pid in pids(description):
        assert listening_addresses(pid) == {"0100007F"}


# ---- kill what you like ----


def test_killed_services_come_back(shown: tuple[Demo, Json]) -> None:
    """kill -9 of the hub, an agent and the broker: each is back within seconds, with all it had, and the others stayed."""
    _, description = shown
    folder = Path(description["directory"])
    hub, agent = description["hub"], description["agents"][0]
    at_hub, at_agent = Api(hub["url"]), Api(agent["url"])
    at_hub.sign_in("admin", hub["staff"][0]["pin"])
    at_agent.sign_in("manager", agent["staff"][0]["pin"], "office")
    before = at_hub.get("/api/v1/totals"), at_agent.get("/api/v1/totals")
    for command in (f"cairn-hub -c {hub['config']}", f"cairn-agent -c {agent['config']}", f"mosquitto -c {folder}/broker.conf"):
        old = processes_of(folder)
        (victim,) = [pid for pid, line in old.items() if line.strip().endswith(command)]
        os.kill(victim, signal.SIGKILL)

        def back(line: str = old[victim], victim: int = victim) -> list[int]:
            return [pid for pid, now in processes_of(folder).items() if now == line and pid != victim]

        assert len(wait_for(f"{command} is back", back)) == 1
        assert set(old) - set(processes_of(folder)) == {victim}
    assert (at_hub.get("/api/v1/totals"), at_agent.get("/api/v1/totals")) == before
    wait_for("agent and hub are in touch", lambda: at_agent.get("/api/v1/sync")["link"] == "live")


def test_description_names_the_new_process(shown: tuple[Demo, Json]) -> None:
    """Who kills by demo.json a second time must not meet a stranger who got the old number."""
    _, description = shown
    folder = Path(description["directory"])
    (hub,) = [pid for pid, line in processes_of(folder).items() if "/cairn-hub " in line]
    os.kill(hub, signal.SIGKILL)

    def new_pid() -> bool:
        pid = json.loads((folder / "demo.json").read_text())["hub"]["pid"]
        return pid != hub and "/cairn-hub " in command_line(pid)

    wait_for("the new pid", new_pid, 2)
    assert stat.S_IMODE((folder / "demo.json").stat().st_mode) == 0o600


# ---- the end ----


def test_side_by_side_until_a_signal(tmp_path: Path, binaries: Path) -> None:
    """Three demos with ports, files, people and PINs of their own. Each signal ends one, leaves nothing of it and does
    not touch the others."""
    folders = {number: tmp_path / number.name for number in SIGNALS}
    with (
        running(binaries, tmp_path / "tmp-1", "--dir", folders[SIGNALS[0]]) as first,
        running(binaries, tmp_path / "tmp-2", "--dir", folders[SIGNALS[1]]) as second,
        running(binaries, tmp_path / "tmp-3", "--dir", folders[SIGNALS[2]]) as third,
    ):
        demos = dict(zip(SIGNALS, (first, second, third), strict=True))
        descriptions = {number: demo.wait_open() for number, demo in demos.items()}
        everything = [part for one in descriptions.values() for part in (*pids(one), *ports(one))]
        assert len(everything) == len(set(everything)) == 3 * 12
        hubs = {number: Api(one["hub"]["url"]) for number, one in descriptions.items()}
        for number, api in hubs.items():
            api.sign_in("admin", descriptions[number]["hub"]["staff"][0]["pin"])
        # What is done in the first is not seen in the others.
        hubs[SIGNALS[0]].put("/api/v1/sites/more", {"name": "More", "kind": "STORE", "latitude": 0, "longitude": 0})
        before = {number: api.get("/api/v1/totals") for number, api in hubs.items()}
        assert [len(totals["sites"]) for totals in before.values()] == [4, 3, 3]
        for place, number in enumerate(SIGNALS):
            assert Path(descriptions[number]["directory"]) == folders[number]
            assert demos[number].end(number) == 0
            assert demos[number].text.endswith("ending ...\n")
            assert_nothing_left(descriptions[number], demos[number].temporary)
            for other in SIGNALS[place + 1 :]:
                assert all(command_line(pid) for pid in pids(descriptions[other]))
                assert hubs[other].get("/api/v1/totals") == before[other]
                for agent in descriptions[other]["agents"]:
                    api = Api(agent["url"])
                    api.sign_in("manager", agent["staff"][0]["pin"], "office")
                    assert api.get("/api/v1/sync")["link"] == "live"


@pytest.mark.parametrize("moment", ["starting", "waiting", "loading"])
def test_signal_while_it_starts_leaves_nothing(tmp_path: Path, binaries: Path, moment: str) -> None:
    folder = tmp_path / "demo"
    with running(binaries, tmp_path / "tmp", "--dir", folder) as demo:
        demo.wait_text("loading 24 orders:" if moment == "loading" else "starting broker")
        if moment == "waiting":
            last = folder / "store-leeds-2.log"
            wait_for("the last agent is started", lambda: last.exists() and '"ready"' in last.read_text())
        status = demo.end(signal.SIGINT)
        assert processes_of(folder) == {}
        assert not folder.exists()
        assert "Traceback" not in demo.text
        assert (status, "demo: " in demo.text) == (0, False)


def test_signal_while_it_picks_leaves_nothing(tmp_path: Path, binaries: Path) -> None:
    """The check has not succeeded then, so its status is not 0."""
    folder = tmp_path / "demo"
    with running(binaries, tmp_path / "tmp", "--dir", folder, "--check", "--orders", "200") as demo:
        demo.wait_text("picking:")
        description = json.loads((folder / "demo.json").read_text())
        wait_for("somebody plugs a scanner in", lambda: any("cairn-sim" in line for line in processes_of(folder).values()))
        assert demo.end(signal.SIGTERM) == 130
    assert_nothing_left(description, tmp_path / "tmp")


def test_second_ctrl_c_changes_nothing(tmp_path: Path, binaries: Path) -> None:
    """Every program is ended in order all the same, and all are gone when the demo is."""
    folder = tmp_path / "demo"
    with running(binaries, tmp_path / "tmp", "--dir", folder, "--keep") as demo:
        description = demo.wait_open()
        os.killpg(demo.process.pid, signal.SIGINT)
        time.sleep(0.02)  # it is ending its programs now
        assert demo.end(signal.SIGINT) == 0
        left = processes_of(folder)
        wait_for("at least the kernel ends them", lambda: not processes_of(folder))
    logs = {name: (folder / f"{name}.log").read_text().splitlines()[-1] for name in programs(description)}
    assert [name for name, last in logs.items() if '"event":"stopped"' not in last] == []
    assert left == {}


def test_demo_that_is_killed_leaves_no_process(tmp_path: Path, binaries: Path) -> None:
    """It cannot clean up then; but nothing goes on running."""
    folder = tmp_path / "demo"
    with running(binaries, tmp_path / "tmp", "--dir", folder) as demo:
        description = demo.wait_open()
        demo.process.kill()
        demo.process.wait()
    wait_for("all processes are gone", lambda: not processes_of(folder))
    # A killed process has lost its command line before its sockets are closed.
    wait_for("nothing listens", lambda: not [port for port in ports(description) if listens(port)])


# ---- the check ----


def test_check(tmp_path: Path, binaries: Path) -> None:
    """Here in a folder that was there before: what was in it stays, all else goes."""
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "letter.txt").write_text("dear")
    status, text = run_demo(binaries, tmp_path / "tmp", "--check", "--dir", folder)
    assert status == 0, text
    _, _, table = text.rpartition("taking back:\n")
    assert re.search(r"^24 orders at the hub: \d+ units ordered, [1-9]\d* cancelled, 0 waiting, 0 parked, \d+ routed$", table, re.MULTILINE)
    head = " +".join(label for label, _ in COLUMNS)
    assert re.search(rf"^site +seen from +{head}$", table, re.MULTILINE)
    rows = re.findall(r"^(\S*) +(hub|agent \S+)((?: +[\d,]+){12})$", table, re.MULTILINE)
    assert [row[1] for row in rows] == [
        "hub", "agent store-leeds-1", "agent store-leeds-2", "hub", "agent store-london", "hub", "agent warehouse", "hub",
    ]
    figures = [[int(cell.replace(",", "")) for cell in row[2].split()] for row in rows]
    assert figures[0] == figures[1] == figures[2] and figures[3] == figures[4] and figures[5] == figures[6]
    assert figures[7] == [sum(column) for column in zip(figures[0], figures[3], figures[5], strict=True)]
    everything = dict(zip((label for label, _ in COLUMNS), figures[7], strict=True))
    assert [label for label, units in everything.items() if units == 0] == []
    assert re.search(r"^\d+ scans for \d+ units in \d+ s; \d+ made again$", table, re.MULTILINE)
    assert re.search(r"^oracle: \d+ records at the hub, \d+ figures compared, 0 wrong$", table, re.MULTILINE)
    assert text.endswith("OK: hub, sites, people and the oracle agree\n")
    assert processes_of(folder) == {}
    assert {path.name: path.read_text() for path in folder.iterdir()} == {"letter.txt": "dear"}


def test_check_of_other_trade(tmp_path: Path, binaries: Path) -> None:
    """A folder of two CSV files in the form of the sample trade, with all that is special in it."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "product_catalogue.csv").write_text(
        "sku,gtin13_synthetic,description,list_price_gbp,units_sold_in_window\n"
        "85123A,9520000250522,T-LIGHT HOLDER,2.55,6\n71053,9520000204181,LANTERN,3.39,6\n"
    )
    place = "2010-12-01T08:26:00Z,17850,United Kingdom"
    (data / "order_lines.csv").write_text(
        "order_id,line_no,kind,sku,gtin13_synthetic,description,quantity,unit_price_gbp,ordered_at,customer_id,country,is_product\n"
        f"1,1,order,85123A,,T-LIGHT HOLDER,6,2.55,{place},1\n1,2,order,POST,,POSTAGE,1,18.00,{place},0\n"
        f"1,3,order,NONE,,NOT LISTED,1,1.00,{place},1\n2,1,order,71053,,LANTERN,20,3.39,{place},1\n"
        f"C3,1,cancellation,71053,,LANTERN,-5,3.39,{place},1\nC4,1,cancellation,85123A,,NOBODY,-5,3.39,2010-12-02T08:26:00Z,,France,1\n"
        f"A5,1,adjustment,85123A,,FOUND,3,0.00,2010-12-02T08:26:00Z,,United Kingdom,1\n3,1,order,71053,,LANTERN,1,3.39,{place},1\n"
    )
    status, text = run_demo(binaries, tmp_path / "tmp", "--check", "--data", data, "--orders", "2")
    assert status == 0, text
    assert "orders-1.csv:4: rejected: there is no article NONE (unknown_sku)" in text
    assert "2 orders at the hub: 26 units ordered, 5 cancelled" in text
    assert "oracle agree" in text


def test_check_fails_if_the_trade_was_another(tmp_path: Path, binaries: Path) -> None:
    """The same run, but the stock file is changed after it was imported: the oracle must notice, and the status say so."""
    folder = tmp_path / "demo"
    with running(binaries, tmp_path / "tmp", "--dir", folder, "--check", "--orders", "4") as demo:
        demo.wait_text("picking:")
        stock = folder / "trade" / "stock.csv"
        *rows, last = stock.read_text().splitlines()
        head, units = last.rsplit(",", 1)
        stock.write_text("\n".join([*rows, f"{head},{int(units) + 1}"]) + "\n")
        assert demo.process.wait(90) == 1
        assert re.search(r"^oracle: \d+ records at the hub, \d+ figures compared, [1-9]\d* wrong$", demo.text, re.MULTILINE)
        assert re.search(r"^oracle: \S+: \S+ in stock by the CSV files: the product says \d+, it must be \d+$", demo.text, re.MULTILINE)
        assert demo.text.endswith("NOT OK: the oracle's figures differ\n")
        assert "OK: hub" not in demo.text
    assert not folder.exists() and processes_of(folder) == {}


# ---- the oracle is a check that can fail ----


@dataclasses.dataclass
class Day:
    """A company at the end of its day, its trade and the exported records."""

    company: Company
    trade: Trade
    outcome: Outcome

    def names(self) -> list[str]:
        return ["hub", *(agent.name for agent in self.company.agents)]

    def records(self, name: str) -> list[Json]:
        lines = (self.company.directory / f"{name}.records.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines]

    def oracle(self, trade: Path, records: Path) -> subprocess.CompletedProcess[str]:
        command = [
            sys.executable, ORACLE, "--demo", self.company.directory / "demo.json", "--trade", trade, "--records", records,
            "--orders", *used_files(self.trade),
        ]  # fmt: skip
        return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)

    def with_records(self, folder: Path, name: str, records: list[Json]) -> subprocess.CompletedProcess[str]:
        """The oracle, told other records of one program."""
        for other in self.names():
            shutil.copy(self.company.directory / f"{other}.records.jsonl", folder)
        (folder / f"{name}.records.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
        return self.oracle(self.trade.products.parent, folder)

    def with_trade(self, folder: Path, file: str, change: Callable[[list[str]], list[str]]) -> subprocess.CompletedProcess[str]:
        """The oracle, told other trade."""
        for path in (self.trade.products, self.trade.stock, *self.trade.halves):
            shutil.copy(path, folder)
        (folder / file).write_text("\n".join(change((folder / file).read_text().splitlines())) + "\n")
        return self.oracle(folder, self.company.directory)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Day]:
    directory = tmp_path_factory.mktemp("day")
    company = Company(directory, binaries)
    try:
        company.start()
        trade = seeded_trade(directory / "trade", 24)
        outcome = run_main_job(company, trade, lambda _: None)
        write_log(company, directory)
        yield Day(company, trade, outcome)
    finally:
        company.stop()


def assert_noticed(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(r"figures compared, [1-9]\d* wrong$", done.stdout, re.MULTILINE), done.stdout + done.stderr


def test_oracle_agrees(day: Day) -> None:
    done = day.oracle(day.trade.products.parent, day.company.directory)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"oracle: \d+ records at the hub, \d+ figures compared, 0 wrong\n", done.stdout)


@pytest.mark.parametrize(
    "event",
    [
        "OrderPlaced", "OrderUnitsCancelled", "StockCounted", "StockMoved", "ShipGroupAllocated", "TaskClaimed", "LinePicked",
        "LineShorted", "PackageClosed", "LabelAssigned", "LabelPrintEnded", "ShipGroupShipped", "HandedOver",
        "GroupUnitsCancelled", "PutBackDone", "ReturnTaken", "UnitsReturned", "StaffAssigned",
    ],
)
def test_oracle_misses_a_record_of_the_hub(day: Day, tmp_path: Path, event: str) -> None:
    records = day.records("hub")
    place = [number for number, record in enumerate(records) if record["event"] == event][-1]
    assert_noticed(day.with_records(tmp_path, "hub", records[:place] + records[place + 1 :]))


def test_oracle_misses_the_last_record_of_each_author(day: Day, tmp_path: Path) -> None:
    """No gap in the numbers and no broken chain says so then; only the figures do."""
    records = day.records("hub")
    last = {(record["node"], record["inc"]): number for number, record in enumerate(records)}
    at_work = [name for name in day.names() if name == "hub" or any(r["event"] == "TaskClaimed" for r in day.records(name))]
    # The administrator, of whom no figure speaks, was made by a run of the hub's of its own.
    (by_itself,) = [author for author, number in last.items() if records[number]["event"] == "StaffAssigned" and records[number]["seq"] == 1]
    del last[by_itself]
    assert len(last) == len(at_work)
    for place in last.values():
        assert_noticed(day.with_records(tmp_path, "hub", records[:place] + records[place + 1 :]))


@pytest.mark.parametrize("event", ["ShipGroupAllocated", "StockCounted", "LinePicked", "PackageClosed", "ShipGroupShipped"])
def test_oracle_misses_a_record_of_an_agent(day: Day, tmp_path: Path, event: str) -> None:
    records = day.records("warehouse")
    place = next(number for number, record in enumerate(records) if record["event"] == event)
    assert_noticed(day.with_records(tmp_path, "warehouse", records[:place] + records[place + 1 :]))


@pytest.mark.parametrize("event", ["ProductDefined", "FacilityDefined", "LocationDefined", "StaffAssigned", "NodeRegistered"])
def test_oracle_misses_a_record_that_a_site_never_got(day: Day, tmp_path: Path, event: str) -> None:
    records = day.records("store-london")
    place = next(number for number, record in enumerate(records) if record["event"] == event)
    assert_noticed(day.with_records(tmp_path, "store-london", records[:place] + records[place + 1 :]))


@pytest.mark.parametrize("name", ["hub", "warehouse"])
def test_oracle_sees_an_altered_record(day: Day, tmp_path: Path, name: str) -> None:
    """One bit of the last octet of a pick; and the same with two records in each other's place."""
    records = day.records(name)
    first, second = [number for number, record in enumerate(records) if record["event"] == "LinePicked"][:2]
    altered = [dict(record) for record in records]
    octets = bytearray.fromhex(altered[first]["record"])
    octets[-1] ^= 1
    altered[first]["record"] = octets.hex()
    assert_noticed(day.with_records(tmp_path, name, altered))
    swapped = [dict(record) for record in records]
    swapped[first]["record"], swapped[second]["record"] = records[second]["record"], records[first]["record"]
    assert_noticed(day.with_records(tmp_path, name, swapped))


def test_oracle_sees_a_record_that_is_there_twice(day: Day, tmp_path: Path) -> None:
    records = day.records("hub")
    again = next(record for record in records if record["event"] == "ShipGroupShipped")
    assert_noticed(day.with_records(tmp_path, "hub", [*records, again]))


def one_more(row: str, column: int) -> str:
    fields = row.split(",")
    fields[column] = str(int(fields[column]) + 1)
    return ",".join(fields)


# What is changed in which file after it was imported.
CHANGES: dict[str, tuple[str, Callable[[list[str]], list[str]]]] = {
    "an order line less": ("orders-2.csv", lambda rows: rows[:-1]),
    "an order line more": ("orders-2.csv", lambda rows: [*rows, rows[-1].replace(rows[-1].split(",")[0], "9999", 1)]),
    "a unit more ordered": ("orders-2.csv", lambda rows: [*rows[:-1], one_more(rows[-1], 4)]),
    "a stock row less": ("stock.csv", lambda rows: rows[:-1]),
    "a unit more in stock": ("stock.csv", lambda rows: [*rows[:-1], one_more(rows[-1], 4)]),
}


@pytest.mark.parametrize("what", CHANGES)
def test_oracle_sees_other_trade(day: Day, tmp_path: Path, what: str) -> None:
    assert_noticed(day.with_trade(tmp_path, *CHANGES[what]))


def test_oracle_sees_another_article(day: Day, tmp_path: Path) -> None:
    """An ordered article that the catalogue does not have would have been a bad row."""
    sku = day.trade.halves[0].read_text().splitlines()[1].split(",")[3]
    assert_noticed(day.with_trade(tmp_path, "products.csv", lambda rows: [row for row in rows if not row.startswith(f"{sku},")]))


def test_disagreements_are_told(day: Day) -> None:
    """One unit anywhere, at the hub, at a site or with the pickers, is told in words."""
    company, outcome = day.company, day.outcome
    assert disagreements(company, outcome) == []
    words = {
        "ordered_milli": "ordered is not cancelled + waiting + parked + routed",
        "routed_milli": "routed is not what the sites' ship groups hold",
    }
    for figure, sentence in words.items():
        hub = outcome.hub | {"orders": outcome.hub["orders"] | {figure: outcome.hub["orders"][figure] + 1000}}
        assert sentence in disagreements(company, dataclasses.replace(outcome, hub=hub))
    for agent in company.agents:
        for figure in [key for _, key in COLUMNS] + ["groups", "refund_minor"]:
            seen = outcome.agents[agent.name]
            agents = outcome.agents | {agent.name: seen | {figure: seen[figure] + 1}}
            assert f"agent {agent.name} and the hub see site {agent.site.site} differently" in disagreements(
                company, dataclasses.replace(outcome, agents=agents)
            )
    sentences = {
        "put_back_milli": "something is still to be put back",
        "packages": f"{outcome.hub['sites'][0]['packages'] + 1} packages, {outcome.hub['sites'][0]['labelled']} labelled",
    }
    for figure, sentence in sentences.items():
        first = outcome.hub["sites"][0]
        hub = outcome.hub | {"sites": [first | {figure: first[figure] + 1}, *outcome.hub["sites"][1:]]}
        assert f"site {first['site']}: {sentence}" in disagreements(company, dataclasses.replace(outcome, hub=hub))
    picked = [dataclasses.replace(outcome.picked[0], units_milli=outcome.picked[0].units_milli + 1000), *outcome.picked[1:]]
    assert disagreements(company, dataclasses.replace(outcome, picked=picked)) == [
        "the pickers were told of other units than the hub knows"
    ]
    (sscc, *_) = outcome.labels
    printer = next(one for one in outcome.picked if one.printed[sscc])
    printer.printed[sscc] += 1
    assert disagreements(company, outcome) == [f"the label {sscc} came out 2 times"]
    printer.printed[sscc] -= 1
    assert disagreements(company, dataclasses.replace(outcome, labels=outcome.labels[1:])) == [
        "the labels that came out are not those of the packages"
    ]
    assert disagreements(company, dataclasses.replace(outcome, unfinished=["order 1 is PICKING"])) == ["order 1 is PICKING"]


# ---- options, right and wrong ----


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> tuple[Path, str]:
    """The folder that a demo left with --keep, and what it said."""
    folder = tmp_path_factory.mktemp("kept") / "demo"
    status, text = run_demo(binaries, folder.parent / "tmp", "--check", "--orders", "2", "--dir", folder, "--keep")
    assert status == 0, text
    return folder, text


def test_keep(kept: tuple[Path, str]) -> None:
    """Databases, logs and exported records stay; no process does."""
    folder, text = kept
    assert text.endswith(f"kept: {folder}\n")
    for name in ("demo.json", "hub.log", "hub.records.jsonl", "hub/cairn.sqlite", "warehouse.records.jsonl", "totals.json", "trade/orders.csv"):
        assert (folder / name).stat().st_size > 0, name
    assert len(list(folder.glob("*.records.jsonl"))) == 1 + sum(len(site.devices) for site in SITES)
    assert processes_of(folder) == {}
    assert [port for port in ports(json.loads((folder / "demo.json").read_text())) if listens(port)] == []


def test_kept_folder_is_not_spoilt_by_a_second_demo(kept: tuple[Path, str], tmp_path: Path, binaries: Path) -> None:
    """It cannot go on with it; then it must say so and leave it as it was kept."""
    folder, _ = kept
    files = ("hub.toml", "demo.json", "broker.rules", "hub.log", "trade/orders.csv")
    before = {name: (folder / name).read_bytes() for name in files}
    status, text = run_demo(binaries, tmp_path / "tmp", "--check", "--orders", "3", "--dir", folder)
    assert_plain_error(status, text, str(folder))
    assert {name: (folder / name).read_bytes() for name in files} == before


def test_build_only_with_programs_that_are_built(tmp_path: Path, binaries: Path) -> None:
    assert run_demo(binaries, tmp_path / "tmp", "--build-only") == (0, "")
    assert list((tmp_path / "tmp").iterdir()) == []


def test_help(tmp_path: Path, binaries: Path) -> None:
    status, text = run_demo(binaries, tmp_path / "tmp", "--help")
    assert status == 0
    for option in ("--check", "--chaos", "--data DIR", "--orders N", "--dir DIR", "--keep", "--build-only"):
        assert option in text
    status, text = run_demo(binaries, tmp_path / "tmp", "--quick")
    assert status == 2 and "--quick" in text


def assert_plain_error(status: int, text: str, *words: str) -> None:
    """A sentence for a person: `demo: ...`, no trace of Python."""
    assert status == 1, text
    assert "Traceback" not in text
    (last,) = [line for line in text.splitlines() if line.startswith("demo: ")]
    assert all(word in last for word in words), last


@pytest.mark.parametrize("there", [False, True], ids=["no folder", "empty folder"])
def test_data_that_is_not_there(tmp_path: Path, binaries: Path, there: bool) -> None:
    data = tmp_path / "data"
    if there:
        data.mkdir()
    status, text = run_demo(binaries, tmp_path / "tmp", "--data", data)
    assert_plain_error(status, text, f"{data}/product_catalogue.csv is not there", "--data wants a folder")
    assert list((tmp_path / "tmp").iterdir()) == []


ORDER_HEAD = "order_id,kind,sku,quantity,customer_id,country,is_product\n"
# order_lines.csv of real trade, and what is said about it.
BAD_TRADE = {
    "other columns": (b"sku\n1\n", "lacks the columns order_id, kind, quantity"),
    "nothing": (b"", "lacks the columns order_id, kind, sku"),
    "no rows": (ORDER_HEAD.encode(), "has no rows"),
    "a field less": (f"{ORDER_HEAD}1,order,A,2,,United Kingdom\n".encode(), "line 2: the row has not as many fields"),
    "a field more": (f"{ORDER_HEAD}1,order,A,2,,United Kingdom,1,1\n".encode(), "line 2: the row has not as many fields"),
    "a quantity in words": (f"{ORDER_HEAD}1,order,A,two,,United Kingdom,1\n".encode(), "line 2: 'two' is no whole quantity"),
    "no text": (ORDER_HEAD.encode() + b"1,order,\xff,2,,United Kingdom,1\n", "utf-8"),
}


@pytest.mark.parametrize("what", BAD_TRADE)
def test_data_of_another_form(tmp_path: Path, binaries: Path, what: str) -> None:
    content, words = BAD_TRADE[what]
    (tmp_path / "product_catalogue.csv").write_text("sku\nA\n")
    (tmp_path / "order_lines.csv").write_bytes(content)
    status, text = run_demo(binaries, tmp_path / "tmp", "--data", tmp_path)
    assert_plain_error(status, text, f"{tmp_path}/order_lines.csv", words)
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize("case", ["no programs", "one program less", "folder is a file", "folder below a file"])
def test_other_mistakes_are_plain_errors(tmp_path: Path, binaries: Path, case: str) -> None:
    file = tmp_path / "file"
    file.write_text("a file\n")
    options: tuple[str | Path, ...] = ()
    environment = {}
    if case == "no programs":
        words = environment["CAIRN_BIN_DIR"] = "/no/such/folder"
    elif case == "one program less":
        for name in ("cairn-hub", "cairn-agent", "cairn-sim"):
            (tmp_path / name).symlink_to(binaries / name)
        environment["CAIRN_BIN_DIR"] = str(tmp_path)
        words = "there is no program cairn there"
    else:
        options = ("--dir", file if case == "folder is a file" else file / "demo")
        words = str(file)
    status, text = run_demo(binaries, tmp_path / "tmp", *options, **environment)
    assert list((tmp_path / "tmp").iterdir()) == []
    assert_plain_error(status, text, words)


@pytest.mark.parametrize("orders", ["0", "-1", "many", "1000001"])
def test_number_of_orders(tmp_path: Path, binaries: Path, orders: str) -> None:
    with running(binaries, tmp_path / "tmp", "--orders", orders) as demo:
        wait_for("a word of it", lambda: demo.process.poll() is not None or "starting" in demo.text)
        demo.end()
        assert demo.process.returncode in (1, 2)
        assert "Traceback" not in demo.text and "--orders" in demo.text


def test_folders_above_are_removed_too(tmp_path: Path, binaries: Path) -> None:
    with running(binaries, tmp_path / "tmp", "--dir", tmp_path / "new" / "demo") as demo:
        demo.wait_text("starting broker")
        demo.end()
    assert not (tmp_path / "new" / "demo").exists()
    assert not (tmp_path / "new").exists()


def test_folder_above_stays_if_somebody_uses_it(tmp_path: Path, binaries: Path) -> None:
    with running(binaries, tmp_path / "tmp", "--dir", tmp_path / "new" / "demo") as demo:
        demo.wait_text("starting broker")
        (tmp_path / "new" / "letter.txt").write_text("dear")
        assert demo.end() == 0
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["letter.txt"]
