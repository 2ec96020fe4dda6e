"""A picker: a person at a station with a scanner, a scale and a label printer, who takes tasks, scans every unit,
packs, labels and sends orders off.

It knows only what a person knows: what the API shows, what the scanner's verdicts say and what comes out of the
printer. A read without a verdict is made again, after a look at what the screen says is left.
"""

from __future__ import annotations

import queue
import threading
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from lab.api import Api, Json, Problem, Stream
from lab.bench import Bench
from lab.company import Agent, Station
from lab.plan import GroupPlan, Plan

VERDICT_SECONDS = 5.0
WALK_SECONDS = 0.2  # to the first bin: time enough to hear that another device was faster
LOOK_SECONDS = 0.02  # between two looks at a screen that is about to change
PATIENCE_SECONDS = 90.0
REFUSALS_MOST = 20
MISSING_MG = 400_000  # what a wrong weight lacks: more than any tolerance of a parcel of 15 kg


@dataclass
class Picked:
    """What a picker was told, to be compared with what is in the logs."""

    scans: int = 0
    keyed: int = 0
    units_milli: int = 0
    events: list[str] = field(default_factory=list)
    repeated: int = 0
    shipped: int = 0
    packages: int = 0
    weighed_again: int = 0  # the scale found that something was missing
    looked_for_labels: int = 0  # nobody knew whether they had come out
    printed: Counter[str] = field(default_factory=Counter)  # SSCC -> labels in the hand
    cancelled: Counter[str] = field(default_factory=Counter)  # what head office answered -> units


class Worker(threading.Thread):
    """Somebody signed in at a station. `error` says why they gave up."""

    def __init__(self, agent: Agent, station: Station, binaries: Path):
        super().__init__(name=f"{agent.name} {station.person}", daemon=True)
        self.picked = Picked()
        self.error: BaseException | None = None
        self._agent = agent
        self._station = station
        self._binaries = binaries
        self._api = Api(agent.url, patience_seconds=PATIENCE_SECONDS)
        self._halt = threading.Event()

    def stop(self) -> None:
        self._halt.set()

    def run(self) -> None:
        try:
            self._api.sign_in(self._station.person, self._station.pin, self._station.name)
            self._stream = Stream(self._api)
            self._bench = Bench(self._binaries / "cairn-sim", self._station)
            self.picked.printed = self._bench.printed
            try:
                self._wait_online()
                self._work()
            finally:
                self._stream.stop()
                self._bench.close()
                self._api.close()
        except BaseException as error:  # noqa: BLE001: shown by whoever waits for us
            self.error = error

    def _work(self) -> None:
        raise NotImplementedError

    def _wait_online(self) -> None:
        while not self._halt.is_set():
            devices = self._api.get("/api/v1/devices")["items"]
            mine = [d for d in devices if d["station"] == self._station.name and d["kind"] != "printer"]
            if mine and all(d["state"] == "online" for d in mine):
                return
            self._halt.wait(0.05)

    def _group(self, group: str) -> Json:
        return self._api.get(f"/api/v1/ship-groups/{group}")

    # ---- scans ----

    def _read(self, code: str) -> Json | None:
        """One read and its verdict; none: look at the screen again."""
        self._forget_old_verdicts()
        if not self._bench.scan(code):
            self.picked.repeated += 1
            self._halt.wait(LOOK_SECONDS)
            return None
        verdict = self._verdict(code)
        if verdict is None:
            self.picked.repeated += 1
        return verdict

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


class Picker(Worker):
    """Works until `finish` is set and nothing is left to do.

    `cancel`: what a customer does who changes his mind, given the ids of order and ship group; returns what became of
    his units, and how many of the ship group's are cancelled now.
    """

    def __init__(
        self,
        agent: Agent,
        station: Station,
        binaries: Path,
        finish: threading.Event,
        *,
        plan: Plan | None = None,
        takes: Callable[[Json], bool] = lambda _: True,
        cancel: Callable[[str, str], tuple[Counter[str], int]] | None = None,
        manager_pin: str = "",
    ):
        super().__init__(agent, station, binaries)
        self._finish = finish
        self._plan = plan or Plan()
        self._takes = takes
        self._cancel = cancel
        self._manager_pin = manager_pin

    def _work(self) -> None:
        while not self._halt.is_set():
            finishing = self._finish.is_set()
            if not self._next_task():
                if finishing:
                    return
                self._halt.wait(0.1)

    def _is_mine(self, group: Json) -> bool:
        claim = group["claim"]
        return bool(claim) and (claim["node"], claim["station"]) == (self._agent.node, self._station.name)

    def _next_task(self) -> bool:
        """Takes a free task and brings it to its end. False: there was none.

        Everybody begins at another place of the list, as people do who see each other.
        """
        tasks = [
            task
            for task in self._api.get("/api/v1/tasks?limit=1000")["items"]
            if self._takes(task) and (task["claim"] is None or self._is_mine(task))
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
                group = self._group(group["id"])
            self._fulfil(group)
            return True
        return False

    def _fulfil(self, group: Json) -> None:
        """Does what the screen asks for, until there is nothing left to do."""
        plan = self._plan.of(group["id"])
        refused = 0
        while not self._halt.is_set():
            try:
                following = self._next_step(group, plan)
            except Problem as problem:  # what the screen shows is older than what is so: look again
                refused += 1
                if problem.status not in (409, 422) or refused > REFUSALS_MOST:
                    raise
                following = self._group(group["id"])
            if following is None:
                return
            group = following

    def _next_step(self, group: Json, plan: GroupPlan) -> Json | None:
        """The group after it; none: nothing is left to do here."""
        status = group["status"]
        if status in ("ALLOCATED", "PICKING", "PICKED", "PACKED") and not self._is_mine(group):
            return None  # another device had claimed it before; ours was told too late
        if status in ("ALLOCATED", "PICKING"):
            return self._pick_some(group, plan)
        if status == "PICKED":
            return self._pack(group, plan)
        if status == "PACKED":
            return self._send_off(group, plan)
        if status == "READY" and plan.cancel == "packed":
            self._wait_sent()
            return self._change_mind(group, plan)
        return None

    # ---- picking ----

    def _pick_some(self, group: Json, plan: GroupPlan) -> Json:
        """One unit, or one short; the group as it is then."""
        for line in group["lines"]:
            short = plan.shorts.get(line["line"])
            if short and line["short_milli"] == 0 and line["open_milli"] > 0:
                return self._api.post(
                    f"/api/v1/ship-groups/{group['id']}/shorts",
                    {"line": line["line"], "quantity_milli": min(short.milli, line["open_milli"]), "reason": short.reason},
                )
        if plan.cancel == "picking" and group["picked_milli"] >= plan.cancel_milli:
            return self._change_mind(group, plan)
        line = next((line for line in group["lines"] if line["open_milli"] > 0), None)
        if line is None:
            return self._group(group["id"])
        code = line["gtins"][0] if line["gtins"] else line["sku"]
        before = line["open_milli"]
        # EAN-13 is what is printed on the goods: the GTIN without its leading zero.
        if not self._scan(code.removeprefix("0"), line) or line["open_milli"] == 0:
            return self._group(group["id"])
        group["picked_milli"] += before - line["open_milli"]
        return group

    def _scan(self, code: str, line: Json) -> bool:
        """One read. Updates the line as the verdict says; False: look at the screen again."""
        verdict = self._read(code)
        if verdict is None:
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

    def _change_mind(self, group: Json, plan: GroupPlan) -> Json:
        """The customer cancels now; nobody goes on before the screen says so, if it is not too late."""
        assert self._cancel
        outcome, cancelled_milli = self._cancel(group["order_id"], group["id"])
        self.picked.cancelled += outcome
        plan.cancel = ""
        while not self._halt.is_set():
            group = self._group(group["id"])
            if group["cancelled_milli"] >= cancelled_milli:
                break
            self._halt.wait(LOOK_SECONDS)
        return group

    # ---- packing ----

    def _pack(self, group: Json, plan: GroupPlan) -> Json:
        """What belongs into the next package, onto the scale, and closed."""
        path = f"/api/v1/ship-groups/{group['id']}"
        box = self._api.get(f"{path}/next-package")
        missing = MISSING_MG if plan.wrong_weight and box["weight_checked"] and box["expected_mg"] > 2 * MISSING_MG else 0
        self._bench.put_on_scale(box["expected_mg"] - missing)
        body: Json = {"lines": box["lines"]}
        if missing and plan.override:
            body["approval"] = {"name": "manager", "pin": self._manager_pin, "reason": "an empty sleeve"}
        try:
            group = self._api.post(f"{path}/packages", body)
        except Problem as problem:
            if problem.reason == "weight_mismatch":
                self.picked.weighed_again += 1
                plan.wrong_weight = False
            elif problem.reason not in ("weight_unstable", "scale_offline"):
                raise
            return self._group(group["id"])
        plan.wrong_weight = False
        self.picked.packages += 1
        return group

    def _send_off(self, group: Json, plan: GroupPlan) -> Json:
        """Labels on all packages, then out of the door."""
        if plan.cancel == "packed":
            self._wait_sent()
            return self._change_mind(group, plan)
        for package in group["packages"]:
            if package["lines"] and package["label"] != "PRINTED":
                return self._label(group, package)
        try:
            group = self._api.post(f"/api/v1/ship-groups/{group['id']}/ship")
            self.picked.shipped += 1
        except Problem as problem:
            if problem.reason not in ("already_shipped", "not_labelled"):
                raise
            group = self._group(group["id"])
        return group

    def _label(self, group: Json, package: Json) -> Json:
        path = f"/api/v1/ship-groups/{group['id']}"
        if package["label"] in ("NONE", "ASSIGNED", "FAILED"):
            try:
                return self._api.post(f"{path}/labels", {"package": package["package"]})
            except Problem as problem:
                if problem.reason not in ("label_printing", "label_printed", "label_unknown"):
                    raise
        elif package["label"] == "UNKNOWN":
            self.picked.looked_for_labels += 1
            self._bench.wait_printer()
            return self._api.post(
                f"{path}/label-checks",
                {"package": package["package"], "came_out": self._bench.came_out(package["sscc"])},
            )
        self._halt.wait(LOOK_SECONDS)
        group = self._group(group["id"])
        if all(one["label"] == "PRINTED" for one in group["packages"] if one["lines"]):
            self._bench.look_at_labels()
        return group

    def _wait_sent(self) -> None:
        """Until the hub has what was done here."""
        while not self._halt.is_set():
            state = self._api.get("/api/v1/sync")
            if state["link"] == "live" and state["unacked"] == 0:
                return
            self._halt.wait(LOOK_SECONDS)
