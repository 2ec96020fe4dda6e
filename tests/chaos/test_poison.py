"""A rogue with a node's credentials writes what no program of ours would. The hub lives, bounded; others work on (I18)."""

from __future__ import annotations

import os
import random
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import rogue as bad
from hands import EVERYTHING, TWO, Person, open_plain
from lab.api import Api
from lab.company import Company
from rogue import Rogue
from shop import wait_for, wait_quiet

MEMORY_MOST = 64 << 20  # by which the hub may grow meanwhile
ZSTD = 1


@dataclass
class Scene:
    company: Company
    person: Person  # at the other, honest device
    rogue: Rogue
    node: bytes  # whose credentials are stolen; its agent is down
    inc: int
    hub: Api

    @property
    def topic(self) -> str:
        return f"cairn/1/up/{bad.xxh3(self.node) % 64}/{uuid.UUID(bytes=self.node)}"

    def hwm(self) -> int:
        nodes = self.hub.get("/api/v1/nodes")["items"]
        return int(next(node["hwm"] for node in nodes if node["node"] == str(uuid.UUID(bytes=self.node))))

    def memory(self) -> int:
        status = Path(f"/proc/{self.company.hub.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) * 1024


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Scene]:
    company = open_plain(tmp_path_factory.mktemp("poison"), binaries, TWO)
    try:
        victim = company.agents[1]
        Person(company, victim).pick(3)
        api = company.agent_api(victim)
        wait_quiet(api)
        inc = int(api.get("/api/v1/sync")["inc"], 16)
        victim.service.stop()
        password = (company.directory / f"{victim.node}.password").read_text().strip()
        rogue = Rogue(company.broker_port, victim.node, password)
        yield Scene(company, Person(company, company.agents[0]), rogue, uuid.UUID(victim.node).bytes, inc, company.hub_api())
        rogue.close()
    finally:
        company.stop()


def frames(scene: Scene) -> list[bytes]:
    """Frames that are not frames, or not whole, or too much. None of them may have an effect."""
    node, start = scene.node, bad.chain_start(scene.node, 77)
    one = bad.record(1 << 60, 203, b"shop", b"\x07" + bytes(16), b"\x08\x01\x10\xe8\x07")
    good = bad.frame(node, 77, 1, start, [one])
    zeros = bytes(4 << 20)
    bomb = bad.zstd(zeros)
    chance = random.Random(5)
    found = [
        b"", b"C", b"CRN1", b"CRF1" + good[4:], good[:87], good[:-1], good + b"x", good + good,
        bad.frame(node, 77, 1, start, [one], checksum=1),
        bad.frame(node, 77, 1, start, [one], version=9),
        bad.frame(node, 77, 1, start, [one], flags=0x82),
        bad.frame(node, 77, 1, start, [one], after=bytes(16)),
        bad.frame(node, 77, 1, start, [one], count=0),
        bad.frame(node, 77, 1, start, [one], count=65535),
        bad.frame(node, 77, 0, start, [one]),
        bad.frame(node, 77, 1, start, [one], raw_len=0xFFFFFFFF),
        bad.frame(node, 77, 1, start, [], count=1, body=bomb, flags=ZSTD, raw_len=len(zeros)),
        bad.frame(node, 77, 1, start, [], count=1, body=bomb, flags=ZSTD, raw_len=100),
        bad.frame(node, 77, 1, start, [], count=1, body=bad.zstd(bytes(64 << 20)), flags=ZSTD, raw_len=4 << 20),
        bad.frame(node, 77, 1, start, [], count=512, body=b"\xff" * 4096, raw_len=4096),
        bad.frame(bytes(16), 77, 1, start, [one]),
        bad.frame(node, 77, 1, start, [os.urandom(400_000)]),
        bytes(1_000_000),
    ]  # fmt: skip
    for _ in range(400 if EVERYTHING else 60):
        spoilt = bytearray(good)
        for _ in range(chance.randint(1, 4)):
            spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
        found.append(bytes(spoilt))
    return found


def test_octets_that_are_no_frame(scene: Scene) -> None:
    """Damaged and lying frames, a zstd bomb: no effect, no restart, memory bounded; the other device is served meanwhile."""
    before, restarts, memory = scene.hwm(), scene.company.hub.restarts, scene.memory()
    for number, octets in enumerate(frames(scene)):
        scene.rogue.publish(scene.topic, octets)
        if number % 20 == 0:
            scene.person.pick(1)
    wait_quiet(scene.person.api)
    assert scene.hwm() == before
    assert scene.company.hub.restarts == restarts
    assert scene.memory() - memory < MEMORY_MOST
    assert not [r for r in scene.hub.pages("/api/v1/log") if r["inc"] == f"{77:016x}"]


def test_requests_and_presence_that_are_none(scene: Scene) -> None:
    """Noise where a HELLO, a FETCH or presence belongs: no effect, no restart; the other device is served meanwhile."""
    restarts, memory = scene.company.hub.restarts, scene.memory()
    node = uuid.UUID(bytes=scene.node)
    chance = random.Random(6)
    fetch = bad.field(1, 7) + bad.field(3, bad.field(1, "site:elsewhere") + bad.field(3, 1 << 60))
    deep = b""
    for _ in range(2000):
        deep = bad.field(2, deep)
    listed = bad.field(1, 7) + bad.field(5, b"".join(bad.field(2, number) for number in range(50_000)))
    requests = [b"", b"\xff" * 100, fetch, deep, listed, bad.field(1, 7), bad.field(1, 7) + bad.field(4, bad.field(1, b"\xff\xfe" * 500))]
    requests += [chance.randbytes(chance.randint(1, 300)) for _ in range(400 if EVERYTHING else 40)]
    for octets in requests:
        scene.rogue.publish(f"cairn/1/n/{node}/req", octets)
        scene.rogue.publish(f"cairn/1/p/{node}", octets, retain=True)
    scene.rogue.publish(f"cairn/1/p/{node}", b"", retain=True)
    scene.person.pick(2)
    wait_quiet(scene.person.api)
    assert scene.company.hub.restarts == restarts
    assert scene.memory() - memory < MEMORY_MOST


def test_frames_far_ahead(scene: Scene) -> None:
    """A thousand frames behind a gap: at most 64 are kept, the rest costs nothing."""
    memory = scene.memory()
    start, payload = bytes(16), os.urandom(20_000)
    records = [bad.record(1 << 60, 203, b"shop", b"\x07" + bytes(16), payload)]
    for number in range(1000 if EVERYTHING else 300):
        scene.rogue.publish(scene.topic, bad.frame(scene.node, scene.inc, 10_000 + number, start, records))
    scene.person.pick(1)
    wait_quiet(scene.person.api)
    assert scene.memory() - memory < MEMORY_MOST


def test_records_that_cannot_be_understood(scene: Scene) -> None:
    """Well-formed frames of nonsense: each is parked and counted, none has an effect, the rest flows; the true device,
    when it is back, keeps what it did under a new incarnation."""
    restarts, before = scene.company.hub.restarts, len(scene.hub.get("/api/v1/quarantine")["items"])
    log = [r for r in scene.hub.pages("/api/v1/log") if r["node"] == str(uuid.UUID(bytes=scene.node))]
    last = max(log, key=lambda r: r["seq"])
    hlc = max(int(time.time() * 1000) << 16, 1)
    key = b"\x07" + uuid.uuid4().bytes
    nonsense = [
        b"\xff\xff\xff\xff",  # no Protobuf
        bad.record(hlc, 9999, b"shop", key, b"?"),  # a type of the future
        bad.record(hlc, 203, b"shop", key, b"\x08\x01\x10\xe8\x07", sv=99),  # a version of the future
        bad.record(hlc, 203, b"\xff\xfe\xfd", key, b"\x08\x01\x10\xe8\x07"),  # no UTF-8
        bad.record(hlc, 203, b"shop", b"", b"\x08\x01\x10\xe8\x07"),  # no key
        bad.record(hlc, 203, b"elsewhere", key, b"\x08\x01\x10\xe8\x07"),  # another site's name
        bad.record(hlc, 30, b"shop", b"\x04shop\x00" + bytes(16), b""),  # what only the hub may say
        bad.record((1 << 64) - 1, 203, b"shop", key, b"\x08\x01\x10\xe8\x07"),  # a stamp beyond the end of time
        bad.record(hlc, 50, b"shop", b"", bad.field(1, "CUP-1") + bad.field(4, 1 << 62)),  # too much of it
        b"\x0a" + b"\xff" * 9 + b"\x01",  # a length beyond the end
    ]  # fmt: skip
    scene.rogue.publish(scene.topic, bad.frame(scene.node, scene.inc, last["seq"] + 1, bytes.fromhex(last["chain"]), nonsense))
    wait_for("the hub takes them", lambda: scene.hwm() == last["seq"] + len(nonsense))
    scene.person.pick(3)
    wait_quiet(scene.person.api)
    parked = scene.hub.get("/api/v1/quarantine")["items"][before:]
    assert len(parked) == len(nonsense), parked
    assert scene.company.hub.restarts == restarts
    # The true device finds other records under the numbers it is about to use.
    scene.rogue.close()
    victim = scene.company.agents[1]
    victim.service.start()
    honest = Person(scene.company, victim)
    honest.pick(4)
    wait_quiet(honest.api)
    taken = sum(group["picked_milli"] for group in scene.hub.pages("/api/v1/ship-groups"))
    assert taken == 1000 * (3 + 4 + sum(scene.person.units.values()))
