"""The devices of one station, played by cairn-sim: what a person's hands do with them."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import Any

from lab.api import Json
from lab.company import Station
from lab.processes import DIE_WITH_PARENT

SETTLE_MS = 15  # a simulated scale comes to rest sooner than a real one: the day is short
PRINT_MS = 5
SSCC = re.compile(r"\^FD>;>800(\d{18})")


class Hardware:
    """One process of cairn-sim. Use from one thread."""

    def __init__(self, simulator: Path, options: tuple[str, ...], devices: int):
        self._process = subprocess.Popen(
            [*DIE_WITH_PARENT, str(simulator), *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        for _ in range(devices):
            ready = self._answer()
            if not ready.get("ready"):
                raise RuntimeError(f"cairn-sim cannot play its devices: {ready}")

    def command(self, line: str) -> Json:
        assert self._process.stdin
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._answer()

    def scan(self, code: str) -> bool:
        """False: nobody listens at the other end (yet)."""
        return bool(self.command(f"scan {code}").get("ok"))

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(5)

    def _answer(self) -> Any:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("cairn-sim ended")
        return json.loads(line)


class Scanner(Hardware):
    """One serial scanner."""

    def __init__(self, simulator: Path, device: Path):
        super().__init__(simulator, ("scanner", "--link", str(device), "--aim"), 1)


class Bench(Hardware):
    """A station's scanner, scale and label printer; `scanner`: False if somebody else plays that."""

    def __init__(self, simulator: Path, station: Station, *, scanner: bool = True):
        self.printed: Counter[str] = Counter()  # SSCC -> labels that came out
        self._seen = 0
        super().__init__(
            simulator,
            (
                *(("--scanner", f"scanner={station.scanner},aim") if scanner else ()),
                "--scale", f"scale={station.scale},settle={SETTLE_MS}",
                "--printer", f"printer=127.0.0.1:{station.printer_port},print_ms={PRINT_MS}",
            ),
            3 if scanner else 2,
        )

    def put_on_scale(self, weight_mg: int) -> None:
        answer = self.command(f"weight {round(weight_mg / 1_000_000, 3):.3f}")
        if not answer["ok"]:
            raise RuntimeError(f"cairn-sim cannot weigh {weight_mg} mg: {answer}")

    def look_at_labels(self) -> None:
        """Counts what has come out of the printer since the last look."""
        for label in self.command("labels")["labels"]:
            if label["label"] > self._seen:
                self._seen = label["label"]
                zpl = self.command(f"label {self._seen}")["zpl"]
                found = SSCC.search(zpl)
                self.printed[found.group(1) if found else f"no SSCC: {zpl[:80]}"] += 1

    def wait_printer(self) -> None:
        """Until what it has received is out, or it is clear that the rest of it will not come."""
        last = -1
        while True:
            time.sleep(0.1)
            state = self.command("labels")
            if state["waiting"] == 0 and state["received"] == last:
                return
            last = state["received"]

    def came_out(self, sscc: str) -> bool:
        self.look_at_labels()
        return self.printed[sscc] > 0
