"""A device that knows a hundred thousand articles and has nothing to do.

The baseline opens a database like its own with nothing around it, and waits.
"""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Iterator

from suites import Bench, Row, Suite
from suites.catalogue import fill, wait_for_catalogue
from suites.machine import cpu_seconds, rss_mib
from suites.shop import Shop, open_shop

STARTS = 5
QUIET_SECONDS = 15.0


def run(bench: Bench) -> Iterator[Row]:
    with open_shop(bench) as shop:
        fill(bench, shop)
        bench.tell("idle: a device fetches its catalogue")
        agent = shop.device("till-1")
        shop.start_device(agent)
        wait_for_catalogue(shop, agent)
        ready = []
        for number in range(STARTS):
            bench.tell(f"idle: start {number + 1}")
            agent.service.stop()
            ready.append(shop.start_device(agent) * 1000)
        bench.tell("idle: nothing to do")
        time.sleep(5)
        before = cpu_seconds(agent.service.pid)
        time.sleep(QUIET_SECONDS)
        cpu = (cpu_seconds(agent.service.pid) - before) / QUIET_SECONDS * 100
        rss = rss_mib(agent.service.pid)
        bare_ready, bare_rss = floor(bench, shop)
        yield Row("idle.rss", rss, "MiB", bare_rss, 24)
        yield Row("idle.ready", statistics.median(ready), "ms", bare_ready, 250)
        yield Row("idle.cpu", cpu, "%", None, 1)


def floor(bench: Bench, shop: Shop) -> tuple[float, float]:
    """Milliseconds and MiB of a program that only opens a database."""
    ready = []
    for _ in range(STARTS):
        begin = time.monotonic()
        command = [bench.binaries / "cairn-bench-probe", "floor", shop.directory]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdout and process.stdin
            process.stdout.readline()
            ready.append((time.monotonic() - begin) * 1000)
            rss = rss_mib(process.pid)
            process.stdin.close()
    return statistics.median(ready), rss


SUITE = Suite("idle", "a device with nothing to do", run)
