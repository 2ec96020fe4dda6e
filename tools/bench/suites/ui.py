"""From a read to the verdict on the screen of a handheld.

Chromium shows the page of a real agent. A read leaves when the simulator is told to scan, or when Enter of the last
key is sent; it has arrived when the frame after the verdict's begins. The baseline is an event of a bare Node.js server
shown by a bare page of the same browser.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator

from suites import Bench, Row, Suite, percentile
from suites.node import PAGES, node

TARGET_MS = {50: 30.0, 99: 100.0}
WAYS = {"serial": "scanner on a line", "wedge": "scanner as a keyboard"}


def run(bench: Bench) -> Iterator[Row]:
    samples = measure(bench)
    for way in WAYS:
        for percent, target in TARGET_MS.items():
            baseline = percentile(samples["bare"], percent)
            yield Row(f"ui.{way}.p{percent}", percentile(samples[way], percent), "ms", baseline, target)


def measure(bench: Bench) -> dict[str, list[float]]:
    environment = {**os.environ, "CAIRN_BIN_DIR": str(bench.binaries), "CAIRN_BENCH_SCANS": str(bench.scans)}
    command = [node(), PAGES / "benchmark" / "run.mjs", "ui"]
    with subprocess.Popen(command, cwd=PAGES, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        result: dict[str, list[float]] = {}
        for line in process.stdout:
            said = json.loads(line)
            if words := said.get("progress"):
                bench.tell(words)
            result = said.get("samples", result)
    if process.returncode != 0 or not result:
        raise RuntimeError(f"the pages' benchmark ended with status {process.returncode}")
    return result


SUITE = Suite("ui", "a read until its verdict is on the screen", run, gated=lambda name: name.endswith(".p99"))
