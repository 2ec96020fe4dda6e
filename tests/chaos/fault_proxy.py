"""A bus that misbehaves on demand: a TCP proxy between one client and its broker that knows MQTT's packets.

Each direction of a link has `Rules`; a test changes them while the link is up. Two kinds:

- *Rules of a datagram bus* (drop, duplicate, hold) make of the link what docs/protocol.md says a broker may do. The
  proxy then answers every PUBLISH itself, as a broker does that has it only in memory, and keeps the other side's
  PUBACK to itself.
- *Rules of a cable* (deaf, reset, delay, rate, cut, stall) know no messages.

Everything runs in one thread with an event loop of its own; methods may be called from any other.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import mqtt_packets as mqtt
from mqtt_packets import Packet, Splitter

HELD_SECONDS = 1.5  # a held message goes on then at the latest: a quiet link must not keep it for ever
CHUNK = 65_536


@dataclass
class Rules:
    """What happens to one direction. All off: octets pass as they come."""

    drop: float = 0.0  # share of PUBLISHes that vanish
    duplicate: float = 0.0  # share that is delivered twice
    hold: float = 0.0  # share that is overtaken by the next 1..hold_most
    hold_most: int = 200
    topics: str = ""  # only PUBLISHes with this in their topic are dropped, duplicated or held
    drop_kinds: dict[int, float] = field(default_factory=dict)  # packet type -> share that vanishes
    stall_kinds: set[int] = field(default_factory=set)  # packet types that never come, with all that follows
    deaf: bool = False  # nothing is read any more; the connection stays
    delay_seconds: float = 0.0
    bits_per_second: float = 0.0  # 0: as fast as it goes
    cut_after: int = -1  # octets of a new connection after which it is cut, in the middle of whatever; -1: never

    @property
    def datagrams(self) -> bool:
        return bool(self.drop or self.duplicate or self.hold)


@dataclass
class Seen:
    """What went by, for one direction, before any rule was applied to it."""

    packets: Counter[int] = field(default_factory=Counter)
    publishes: Counter[str] = field(default_factory=Counter)  # topic -> messages
    octets: Counter[str] = field(default_factory=Counter)  # topic -> octets of payloads
    dropped: int = 0
    duplicated: int = 0
    held: int = 0


class Direction:
    """One direction of one connection."""

    def __init__(self, proxy: FaultProxy, rules: Rules, seen: Seen, source: Any, back: Any, sink: Any):
        self._proxy = proxy
        self._rules = rules
        self._seen = seen
        self._reader: asyncio.StreamReader = source
        self._back: asyncio.StreamWriter = back  # to where this direction's octets come from
        self._sink: asyncio.StreamWriter = sink
        self._splitter = Splitter()
        self._held: list[list[Any]] = []  # [octets, messages still to let by, until]
        self._passed = 0
        self._stalled = False
        self._answers = False  # the proxy answers this direction's PUBLISHes, from its first datagram rule on
        self._unanswered: set[int] = set()  # PUBLISHes that the other side is to answer
        self.opposite: Direction | None = None

    async def run(self) -> None:
        while True:
            while self._rules.deaf:
                await asyncio.sleep(0.02)
            reading = asyncio.ensure_future(self._reader.read(CHUNK))
            while not reading.done():
                await asyncio.wait({reading}, timeout=0.1)
                await self._release_held()
            octets = reading.result()
            if not octets:
                return
            while self._rules.deaf:  # these came just when it went deaf
                await asyncio.sleep(0.02)
            for packet in self._splitter.feed(octets):
                await self._take(packet)

    async def _take(self, packet: Packet) -> None:
        kind, chance = packet.kind, self._proxy.chance
        self._seen.packets[kind] += 1
        if kind == mqtt.PUBLISH:
            self._seen.publishes[packet.topic] += 1
            self._seen.octets[packet.topic] += len(packet.payload)
        if kind in self._rules.stall_kinds:
            self._stalled = True
        if self._stalled and self._rules.stall_kinds:
            return
        self._stalled = False
        if chance.random() < self._rules.drop_kinds.get(kind, 0.0):
            self._seen.dropped += 1
            return
        if kind == mqtt.PUBACK and self.opposite and not self.opposite.awaits(packet.packet_id):
            return
        if kind == mqtt.PUBLISH and (self._answers or self._rules.datagrams):
            await self._take_message(packet, chance)
            return
        if kind == mqtt.PUBLISH and packet.qos:
            self._unanswered.add(packet.packet_id)
        await self._send(packet.octets)

    def awaits(self, packet_id: int) -> bool:
        """Whether a PUBACK that comes from the other side is wanted."""
        wanted = packet_id in self._unanswered or not self._answers
        self._unanswered.discard(packet_id)
        return wanted

    async def _take_message(self, packet: Packet, chance: random.Random) -> None:
        self._answers = True
        if packet.qos:
            self._back.write(mqtt.puback(packet.packet_id))
        rules = self._rules
        chosen = rules.topics in packet.topic
        if chosen and chance.random() < rules.drop:
            self._seen.dropped += 1
            return
        copies = 1
        if chosen and chance.random() < rules.duplicate:
            self._seen.duplicated += 1
            copies = 2
        for _ in range(copies):
            if chosen and chance.random() < rules.hold:
                self._seen.held += 1
                self._held.append([packet.octets, chance.randint(1, rules.hold_most), time.monotonic() + HELD_SECONDS])
            else:
                await self._send(packet.octets)
        for held in self._held:
            held[1] -= 1
        await self._release_held()

    async def _release_held(self) -> None:
        now = time.monotonic()
        due = [held for held in self._held if held[1] <= 0 or held[2] <= now or not self._rules.hold]
        if due:
            self._held = [held for held in self._held if held not in due]
            for held in due:
                await self._send(held[0])

    async def _send(self, octets: bytes) -> None:
        rules = self._rules
        if rules.delay_seconds:
            await asyncio.sleep(rules.delay_seconds)
        if 0 <= rules.cut_after < self._passed + len(octets):
            self._sink.write(octets[: rules.cut_after - self._passed])
            await self._sink.drain()
            raise ConnectionAbortedError("cut on purpose")
        self._passed += len(octets)
        if rules.bits_per_second:
            for at in range(0, len(octets), 512):
                part = octets[at : at + 512]
                self._sink.write(part)
                await asyncio.sleep(len(part) * 8 / rules.bits_per_second)
        else:
            self._sink.write(octets)
        await self._sink.drain()


class FaultProxy:
    """One link: a port of its own that leads to `target` on this machine."""

    def __init__(self, port: int, target: int, seed: int = 1):
        self.port = port
        self.chance = random.Random(seed)
        self.up, self.down = Rules(), Rules()  # client to broker, broker to client
        self.seen_up, self.seen_down = Seen(), Seen()
        self.accepted = 0
        self._target = target
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"proxy {port}", daemon=True)
        self._thread.start()
        assert self._ready.wait(10), "the proxy does not come up"

    # ---- from the test ----

    def heal(self) -> None:
        """Both directions as they should be; what was stopped reading goes on."""
        for rules in (self.up, self.down):
            rules.__dict__.update(Rules().__dict__)

    def reset(self) -> None:
        """All connections end with a TCP reset."""
        self._call(self._reset)

    def forget(self) -> None:
        """Counts from now on."""
        for seen in (self.seen_up, self.seen_down):
            seen.__dict__.update(Seen().__dict__)

    @property
    def connections(self) -> int:
        return len(self._tasks)

    def close(self) -> None:
        if self._thread.is_alive():
            self._call(self._loop.stop)
            self._thread.join(10)

    def _call(self, what: Callable[[], None]) -> None:
        done = threading.Event()

        def run() -> None:
            what()
            done.set()

        self._loop.call_soon_threadsafe(run)
        done.wait(10)

    # ---- in the thread ----

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", self.port))
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.05))
        self._loop.close()

    def _reset(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        far: asyncio.StreamWriter | None = None
        try:
            far_reader, far = await asyncio.open_connection("127.0.0.1", self._target)
            self._writers |= {writer, far}
            up = Direction(self, self.up, self.seen_up, reader, writer, far)
            down = Direction(self, self.down, self.seen_down, far_reader, far, writer)
            up.opposite, down.opposite = down, up
            both = [asyncio.ensure_future(up.run()), asyncio.ensure_future(down.run())]
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            for one in both:
                one.cancel()
            with contextlib.suppress(Exception, asyncio.CancelledError):
                await asyncio.gather(*both)
        except OSError:
            pass  # the broker is away: the client sees its connection end
        finally:
            for one in (writer, far):
                if one:
                    self._writers.discard(one)
                    one.transport.abort()
            self._tasks.discard(task)
