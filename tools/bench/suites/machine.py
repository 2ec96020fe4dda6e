"""What a process takes, from /proc."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path


def _status_mib(pid: int, field: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"process {pid} has no {field}")


def rss_mib(pid: int) -> float:
    return _status_mib(pid, "VmRSS")


def peak_rss_mib(pid: int) -> float:
    return _status_mib(pid, "VmHWM")


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait_until(done: Callable[[], bool], seconds: float, what: str, pause: float = 0.02) -> float:
    """Seconds it took."""
    begin = time.monotonic()
    while not done():
        if time.monotonic() - begin > seconds:
            raise RuntimeError(f"{what}: not within {seconds:g} s")
        time.sleep(pause)
    return time.monotonic() - begin
