"""A picker: a person with a handheld scanner who takes tasks, scans every unit and sends orders off.

It knows only what a person knows: what the API shows and what the scanner's verdicts say. A read without a
verdict is made again, after a look at what the screen says is left.
"""

from __future__ import annotations

import json
import queue
import subprocess
import threading
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from lab.api import Api, Json, Problem, Stream
from lab.company import Agent, Station
from lab.processes import DIE_WITH_PARENT

VERDICT_SECONDS = 5.0
WALK_SECONDS = 0.2  # to the first bin: time enough to hear that another device was faster


class Scanner:
    """cairn-sim playing one serial scanner."""

    def __init__(self, simulator: Path, device: Path):
        self._process = subprocess.Popen(
            [*DIE_WITH_PARENT, str(simulator), "scanner", "--link", str(device), "--aim"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._answer()

    def scan(self, code: str) -> bool:
        """False: nobody listens at the other end (yet)."""
        assert self._process.stdin
        self._process.stdin.write(f"scan {code}\n")
        self._process.stdin.flush()
        return bool(self._answer().get("ok"))

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(5)

    def _answer(self) -> Json:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("cairn-sim ended")
        return json.loads(line)


@dataclass
class Picked:
    """What a picker was told, to be compared with what is in the logs."""

    scans: int = 0
    keyed: int = 0
    units_milli: int = 0
    events: list[str] = field(default_factory=list)
    repeated: int = 0
    shipped: int = 0


class Picker(threading.Thread):
    """Works until `finish` is set and nothing is left to do. `error` says why it gave up."""

    def __init__(self, agent: Agent, station: Station, binaries: Path, finish: threading.Event):
        super().__init__(name=f"{agent.name} {station.person}", daemon=True)
        self.picked = Picked()
        self.error: BaseException | None = None
        self._agent = agent
        self._station = station
        self._binaries = binaries
        self._finish = finish
        self._api = Api(agent.url, patience_seconds=60)
        self._halt = threading.Event()

    def stop(self) -> None:
        self._halt.set()

    def run(self) -> None:
        try:
            self._work()
        except BaseException as error:  # noqa: BLE001: shown by whoever waits for us
            self.error = error

    # ---- the day ----

    def _work(self) -> None:
        self._api.sign_in(self._station.person, self._station.pin, self._station.name)
        self._stream = Stream(self._api)
        self._scanner = Scanner(self._binaries / "cairn-sim", self._station.scanner)
        try:
            self._wait_online()
            while not self._halt.is_set():
                finishing = self._finish.is_set()
                if not self._next_task():
                    if finishing:
                        return
                    self._halt.wait(0.1)
        finally:
            self._stream.stop()
            self._scanner.close()

    def _wait_online(self) -> None:
        while not self._halt.is_set():
            devices = self._api.get("/api/v1/devices")["items"]
            mine = [d for d in devices if d["station"] == self._station.name]
            if mine and mine[0]["state"] == "online":
                return
            self._halt.wait(0.05)

    def _is_mine(self, group: Json) -> bool:
        claim = group["claim"]
        return bool(claim) and (claim["node"], claim["station"]) == (self._agent.node, self._station.name)

    def _next_task(self) -> bool:
        """Takes a free task, picks it and sends it off. False: there was none.

        Everybody begins at another place of the list, as people do who see each other.
        """
        tasks = [
            task
            for task in self._api.get("/api/v1/tasks?limit=50")["items"]
            if task["claim"] is None or self._is_mine(task)
        ]
        begin = zlib.crc32(self.name.encode()) % max(1, len(tasks))
        mine = [task for task in tasks if self._is_mine(task)]
        for task in mine + tasks[begin:] + tasks[:begin]:
            try:
                group = self._api.post(f"/api/v1/tasks/{task['id']}/claim")
            except Problem as problem:
                if problem.status in (409, 422):
                    continue  # somebody was faster
                raise
            if len(self._agent.site.devices) > 1:
                self._halt.wait(WALK_SECONDS)
                group = self._api.get(f"/api/v1/ship-groups/{group['id']}")
            self._pick(group)
            return True
        return False

    def _pick(self, group: Json) -> None:
        while not self._halt.is_set():
            line = next((line for line in group["lines"] if line["open_milli"] > 0), None)
            if line is None:
                break
            if not self._is_mine(group):
                return  # another device had claimed it before; ours was told too late
            code = line["gtins"][0] if line["gtins"] else line["sku"]
            # EAN-13 is what is printed on the goods: the GTIN without its leading zero.
            if not self._scan(code.removeprefix("0"), line):
                group = self._api.get(f"/api/v1/ship-groups/{group['id']}")
        else:
            return
        try:
            self._api.post(f"/api/v1/ship-groups/{group['id']}/ship")
            self.picked.shipped += 1
        except Problem as problem:
            if problem.reason != "already_shipped":
                raise

    def _scan(self, code: str, line: Json) -> bool:
        """One read. Updates the line as the verdict says; False: look at the screen again."""
        self._forget_old_verdicts()
        if not self._scanner.scan(code):
            self.picked.repeated += 1
            self._halt.wait(0.02)
            return False
        verdict = self._verdict(code)
        if verdict is None:
            self.picked.repeated += 1
            return False
        if verdict["verdict"] == "pending":
            try:
                verdict = self._api.post(
                    "/api/v1/quantities", {"quantity_milli": verdict["line_open_milli"]}
                )
            except Problem as problem:
                if problem.reason != "nothing_pending":
                    raise
                return False  # the agent was restarted in between
            self.picked.keyed += 1
        elif verdict["verdict"] == "ok":
            self.picked.scans += 1
        else:
            return False
        self.picked.events.append(verdict["event"])
        self.picked.units_milli += verdict["taken_milli"]
        if verdict["line"] != line["line"]:
            return False  # an earlier line of the same article took it
        line["open_milli"] = verdict["line_open_milli"]
        return True

    def _forget_old_verdicts(self) -> None:
        while not self._stream.events.empty():
            self._stream.events.get_nowait()

    def _verdict(self, code: str) -> Json | None:
        while True:
            try:
                event, data = self._stream.events.get(timeout=VERDICT_SECONDS)
            except queue.Empty:
                return None
            if event == "hello" and self._stream.connections > 1:
                return None  # the agent was away: was the read in time? The screen knows.
            if event == "verdict" and data["station"] == self._station.name and data["code"] == code:
                return data
