"""From a device to the hub: what a record costs on its way, and how long a million of them take that gathered while a
device was away.

Codec: in turns with bare Protobuf and bare zstd. Backlog: a whole device, broker and hub; the baseline is the time that
the rows alone take at the hub, by the rate of the bare baseline of suite `ingest`.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from suites import Bench, Row, Suite, median
from suites.machine import peak_rss_mib
from suites.probe import probe
from suites.shop import metric, open_shop

BACKLOG = 1_000_000


def run(bench: Bench) -> Iterator[Row]:
    rounds = probe(bench, "codec", "--rounds", str(bench.rounds))
    if not all(one["whole"] for one in rounds):
        raise RuntimeError("not every record came back as it was")
    for what in ("encode", "pack", "unpack", "decode"):
        yield Row(f"sync.{what}", median(rounds, f"{what}_us"), "us/rec", median(rounds, f"raw_{what}_us"), 1)
    yield Row("sync.wire", median(rounds, "octets"), "B/rec", median(rounds, "raw_octets"), 20)
    yield from backlog(bench)


def backlog(bench: Bench) -> Iterator[Row]:
    with bench.folder() as folder:
        raw = median(probe(bench, "ingest", folder, "--rounds", "1"), "raw_rate")
    with open_shop(bench) as shop:
        agent = shop.device("till-1")
        bench.tell(f"sync: a backlog of {BACKLOG} records")
        data = shop.directory / agent.name
        probe(bench, "backlog", data, "--events", str(BACKLOG), "--node", agent.node, "--site", agent.site.site)
        bench.tell("sync: the backlog goes up")
        with contextlib.closing(shop.hub_api()) as hub:
            begin = time.monotonic()
            ready = shop.start_device(agent)
            while (held := shop.held(hub, agent)) < BACKLOG:
                if time.monotonic() - begin > 240:
                    raise RuntimeError(f"only {held} of {BACKLOG} records are at the hub")
                time.sleep(0.1)
            took = time.monotonic() - begin
        frames = metric(agent.url, "sync_frames_sent_total")
        records = metric(agent.url, "sync_records_sent_total")
        peak = peak_rss_mib(agent.service.pid)
        yield Row("sync.batch", records / max(1.0, frames), "rec", None, 100, least=True)
        yield Row("sync.drain", took, "s", BACKLOG / raw, 30)
        yield Row("sync.drain_rss", peak, "MiB", None, 150)
        yield Row("sync.start", ready, "s", None, 2)


SUITE = Suite("sync", "records on their way, and a backlog of a million", run)
