"""From a commit on one device to the same on its neighbour, over the site's own broker, without a hub.

Two real agents of a store, mosquitto between them, no hub and no hub's broker. A claim is written at one of them over
HTTP, and taken back; the clock runs from its answer, which comes after the commit, until the other one's live events
show it. The baseline is the same way without Cairn: a publish to that broker until another client has it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "provisioning"), str(ROOT / "tests" / "e2e")]

from suites import Bench, Row, Suite, percentile

TARGET_MS = {50: 50.0, 99: 250.0}
PATIENCE_SECONDS = 60.0


def run(bench: Bench) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="cairn-bench-lan-") as folder:
        samples, bare = measure(bench, Path(folder))
    for percent, target in TARGET_MS.items():
        yield Row(f"lan.visible.p{percent}", percentile(samples, percent), "ms", percentile(bare, percent), target)


def measure(bench: Bench, folder: Path) -> tuple[list[float], list[float]]:
    # The lab is only needed, and found, where the repository is.
    from neighbours import STORE, Lan, wait_together
    from shop import Bench as Place
    from shop import open_shop, wait_quiet

    bench.tell("lan: a store with two devices")
    company = open_shop(folder, bench.binaries, ["CUP-1"], {"L-1": [("CUP-1", 3)]}, STORE)
    lan = None
    try:
        for agent in company.agents:
            wait_quiet(company.agent_api(agent))
        lan = Lan(company)
        places = [Place(company, agent, agent.stations[0]) for agent in company.agents]
        wait_together(company)
        company.hub.stop()
        company.broker.stop()
        time.sleep(3)  # until both know
        writer, reader = places
        task = f"/api/v1/tasks/{writer.group('L-1')['id']}"
        samples = []
        for number in range(bench.scans):
            reader.forget()
            begin_path = f"{task}/claim" if number % 2 == 0 else f"{task}/release"
            writer.api.post(begin_path)
            began = time.perf_counter()
            reader.hear("ship_group", PATIENCE_SECONDS)
            samples.append((time.perf_counter() - began) * 1000)
            if number % 50 == 49:
                bench.tell(f"lan: {number + 1} of {bench.scans} commits")
            time.sleep(0.02)
        bench.tell("lan: the broker alone")
        bare = bare_broker(lan, company.agents[0].node, company.agents[1].node, min(bench.scans, 100))
        for place in places:
            place.close()
        return samples, bare
    finally:
        company.stop()
        if lan:
            lan.service.stop()


def bare_broker(lan, writer: str, reader: str, times: int) -> list[float]:  # type: ignore[no-untyped-def]
    """Milliseconds from a line given to one client until the other has printed it."""

    def login(node: str) -> list[str]:
        return ["-p", str(lan.port), "-u", node, "-P", Path(lan.passwords[node]).read_text().strip(), "-q", "1"]

    topic = f"cairn/1/l/shop/{writer}/bare"  # nobody else listens to it
    listen = ["stdbuf", "-oL", "mosquitto_sub", *login(reader), "-t", topic]
    speak = ["mosquitto_pub", *login(writer), "-t", topic, "-l"]
    with (
        subprocess.Popen(listen, stdout=subprocess.PIPE, text=True) as listener,
        subprocess.Popen(speak, stdin=subprocess.PIPE, text=True) as speaker,
    ):
        assert listener.stdout and speaker.stdin
        time.sleep(0.5)
        samples = []
        for number in range(times):
            began = time.perf_counter()
            speaker.stdin.write(f"{number}\n")
            speaker.stdin.flush()
            heard = listener.stdout.readline().strip()
            assert heard == str(number), heard
            samples.append((time.perf_counter() - began) * 1000)
        speaker.kill()
        listener.kill()
    return samples


SUITE = Suite("lan", "a commit until the neighbour shows it, without a hub", run, gated=lambda name: name.endswith(".p99"))
