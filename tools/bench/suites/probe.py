"""Runs cairn-bench-probe, which measures in turns with its bare baseline and prints a line of JSON for each round."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from suites import Bench


def probe(bench: Bench, what: str, *arguments: str | Path) -> list[dict[str, float]]:
    command = [bench.binaries / "cairn-bench-probe", what, *map(str, arguments)]
    rounds: list[dict[str, float]] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            rounds.append(json.loads(line))
            bench.tell(f"{what}: round {len(rounds)}")
    if process.returncode != 0:
        raise RuntimeError(f"cairn-bench-probe {what} ended with status {process.returncode}")
    return rounds
