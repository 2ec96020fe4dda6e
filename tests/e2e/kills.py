"""Picking under SIGKILL: a company works while its agents, hub and broker are killed at random instants.

Half of the kills of an agent are aimed: they fall within milliseconds of a scan at that agent, where its read, its
commit and its verdict are. Afterwards `violations` compares what the pickers were shown with what the logs hold, and
the oracle recomputes everything without the product's code. Used by test_crash.py and tests/kills.
"""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "provisioning"))

from agreement import compare_logs, differences, log_by_event, own_picks, refused_records, uneven_groups
from lab.api import Json
from lab.company import Agent, Company, Station
from lab.main_job import load_trade, wait_agreement, wait_delivery, write_log
from lab.picker import Picker
from lab.processes import Service
from lab.trade import seeded_trade

Say = Callable[[str], None]

SHARES = {"agent": 5, "hub": 3, "broker": 2}
PAUSE_SECONDS = (0.02, 0.45)  # between two kills
AIMED_SECONDS = 0.006  # a scan's read, commit and verdict lie within
AIM_PATIENCE_SECONDS = 1.0
BUSY_SECONDS = 20.0  # longer than anything takes to come back
ORDERS_EACH_KILL = 5
STALL_SECONDS = 60.0
PICK_SECONDS = 0.02  # a hand needs its time: the work must not be over before the kills are


@dataclass
class Kill:
    kind: str
    name: str
    at: float  # seconds since the first
    aimed: bool


@dataclass
class Outcome:
    """What was done to the company and what its pickers were shown."""

    seed: int
    kills: list[Kill] = field(default_factory=list)
    restarts: Counter[str] = field(default_factory=Counter)
    verdicts: int = 0  # OK verdicts shown
    repeated: int = 0  # scans without a verdict
    shipped: int = 0
    seconds: float = 0.0
    agreed_seconds: float = 0.0
    missing: int = 0  # shown as saved and not in a log
    unseen: int = 0  # picks saved, their verdict lost
    violations: list[str] = field(default_factory=list)
    oracle: str = ""


class WatchedPicker(Picker):
    """A picker with a hand that needs its time, who says when it scans."""

    def __init__(self, agent: Agent, station: Station, binaries: Path, finish: threading.Event):
        super().__init__(agent, station, binaries, finish)
        self.agent = agent
        self.scanned = threading.Event()
        self.scanned_at = time.monotonic()
        self.hurry = threading.Event()

    def _read(self, code: str) -> Json | None:
        if not self.hurry.is_set():
            time.sleep(PICK_SECONDS)
        self.scanned_at = time.monotonic()
        self.scanned.set()
        return super()._read(code)


class Campaign:
    """One company, `kills` kills, and the comparison at the end."""

    def __init__(self, directory: Path, binaries: Path, kills: int, seed: int, say: Say):
        self.company = Company(directory, binaries)
        self.directory = directory
        self.kills = kills
        self.chance = random.Random(seed)
        self.outcome = Outcome(seed)
        self.say = say
        self.pickers: list[WatchedPicker] = []

    def run(self) -> Outcome:
        trade = seeded_trade(self.directory / "trade", 40 + ORDERS_EACH_KILL * self.kills)
        try:
            self.company.start()
            load_trade(self.company, trade, lambda _: None)
            self._work()
            self._compare()
            self._ask_the_oracle(trade.products.parent)
        finally:
            for picker in self.pickers:
                picker.stop()
            self.company.stop()
        return self.outcome

    # ---- the day ----

    def _work(self) -> None:
        begun = time.monotonic()
        finish = threading.Event()
        for agent in self.company.agents:
            for station in agent.stations:
                self.pickers.append(WatchedPicker(agent, station, self.company.binaries, finish))
        for picker in self.pickers:
            picker.start()
        self._kill_them(begun)
        for picker in self.pickers:
            picker.hurry.set()
        wait_delivery(self.company)
        finish.set()  # who finds nothing to do may go home
        self._wait_pickers()
        self.outcome.seconds = time.monotonic() - begun
        self.outcome.verdicts = self._shown()
        for picker in self.pickers:
            self.outcome.repeated += picker.picked.repeated
            self.outcome.shipped += picker.picked.shipped
        for service in self.company.services():
            self.outcome.restarts[service.name] = service.restarts

    def _shown(self) -> int:
        return sum(len(picker.picked.events) for picker in self.pickers)

    def _kill_them(self, begun: float) -> None:
        for number in range(1, self.kills + 1):
            time.sleep(self.chance.uniform(*PAUSE_SECONDS))
            self._check_pickers()
            now = time.monotonic()
            working = [picker for picker in self.pickers if now - picker.scanned_at < BUSY_SECONDS]
            if not working:
                self.outcome.violations.append(f"nobody scans any more at kill {number}: all was picked, or all stands still")
                return
            kind = self.chance.choices(list(SHARES), list(SHARES.values()))[0]
            aimed = kind == "agent" and self.chance.random() < 0.5
            service = self._victim(kind, working, aimed)
            if not wait(service.running, STALL_SECONDS):
                self.outcome.violations.append(f"{service.name} does not come up again")
                return
            service.kill()
            self.outcome.kills.append(Kill(kind, service.name, time.monotonic() - begun, aimed))
            if number % 20 == 0 or number == self.kills:
                self.say(f"  {number:4} kills, {self._shown()} scans shown as saved, {time.monotonic() - begun:.0f} s")

    def _victim(self, kind: str, working: list[WatchedPicker], aimed: bool) -> Service:
        if kind == "hub":
            return self.company.hub
        if kind == "broker":
            return self.company.broker
        picker = max(self.chance.sample(working, min(2, len(working))), key=lambda picker: picker.scanned_at)
        delay = self.chance.uniform(0, AIMED_SECONDS)
        if aimed:
            picker.scanned.clear()
            picker.scanned.wait(AIM_PATIENCE_SECONDS)
            time.sleep(delay)
        return picker.agent.service

    def _wait_pickers(self) -> None:
        last, since = -1, time.monotonic()
        while any(picker.is_alive() for picker in self.pickers):
            self._check_pickers()
            if self._shown() != last:
                last, since = self._shown(), time.monotonic()
            if time.monotonic() - since > STALL_SECONDS:
                raise RuntimeError(f"nothing happens any more (logs: {self.directory}/*.log)")
            time.sleep(0.05)
        self._check_pickers()

    def _check_pickers(self) -> None:
        for picker in self.pickers:
            if picker.error:
                raise RuntimeError(f"{picker.name} gave up: {picker.error!r} (logs: {self.directory}/*.log)") from picker.error

    # ---- the comparison ----

    def _compare(self) -> None:
        begun = time.monotonic()
        at_hub, at_agents = wait_agreement(self.company)
        self.outcome.agreed_seconds = time.monotonic() - begun
        hub = self.company.hub_api()
        hub_log = log_by_event(hub)
        wrong = self.outcome.violations
        for agent in self.company.agents:
            api = self.company.agent_api(agent)
            log = log_by_event(api)
            shown = [event for picker in self.pickers if picker.agent is agent for event in picker.picked.events]
            if len(set(shown)) != len(shown):
                wrong.append(f"{agent.name}: two verdicts showed the same event")
            wrong += compare_logs(agent, set(shown), log, hub_log)
            self.outcome.missing += len(set(shown) - (own_picks(agent, log) & own_picks(agent, hub_log)))
            self.outcome.unseen += len(own_picks(agent, log) - set(shown))
            wrong += refused_records(agent.name, api)
            wrong += uneven_groups(agent.name, api)
            there = next(site for site in at_hub["sites"] if site["site"] == agent.site.site)
            wrong += differences(agent.name, at_agents[agent.name], there)
        wrong += refused_records("hub", hub)
        if self.outcome.unseen > self.outcome.repeated:
            wrong.append(f"{self.outcome.unseen} picks nobody was shown, but only {self.outcome.repeated} scans without a verdict")
        for site in at_hub["sites"]:
            if not site["ordered_milli"] == site["scanned_milli"] == site["shipped_milli"] + site["picked_milli"]:
                wrong.append(f"site {site['site']}: ordered, scanned and shipped differ: {site}")
            devices = next(len(s.devices) for s in self.company.sites if s.site == site["site"])
            if devices == 1 and site["put_back_milli"]:
                wrong.append(f"site {site['site']}: its one device picked {site['put_back_milli']} too many")

    def _ask_the_oracle(self, trade: Path) -> None:
        write_log(self.company, self.directory)
        oracle = subprocess.run(
            [sys.executable, ROOT / "tests" / "oracle" / "oracle.py", "--demo", self.directory / "demo.json",
             "--trade", trade, "--records", self.directory],
            capture_output=True, text=True, check=False,
        )
        self.outcome.oracle = (oracle.stdout + oracle.stderr).strip().splitlines()[-1]
        if oracle.returncode != 0:
            self.outcome.violations.append(f"the oracle disagrees:\n{oracle.stdout}{oracle.stderr}")


def wait(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


def report(outcome: Outcome) -> str:
    kinds = Counter(kill.kind for kill in outcome.kills)
    aimed = sum(kill.aimed for kill in outcome.kills)
    rows = [
        ("seed", outcome.seed),
        ("kills", len(outcome.kills)),
        *((f"  of the {kind}" if kind != "agent" else "  of an agent", kinds[kind]) for kind in SHARES),
        ("  within 6 ms of a scan", aimed),
        ("restarts", sum(outcome.restarts.values())),
        ("seconds of picking", f"{outcome.seconds:.0f}"),
        ("seconds until all agreed", f"{outcome.agreed_seconds:.1f}"),
        ("verdicts shown as OK", outcome.verdicts),
        ("  found in the agents' and the hub's logs", outcome.verdicts - outcome.missing),
        ("scans without a verdict, made again", outcome.repeated),
        ("  of these saved all the same", outcome.unseen),
        ("ship groups sent off", outcome.shipped),
        ("violations", len(outcome.violations)),
    ]
    width = max(len(label) for label, _ in rows)
    return "\n".join(f"{label:<{width}}  {value:>8}" for label, value in rows) + f"\n{outcome.oracle}"
