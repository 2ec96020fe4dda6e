"""The proxy itself: packets are cut where they end, and each rule does what it says. No broker, no Cairn."""

from __future__ import annotations

import random
import socket
import threading
from collections.abc import Iterator

import mqtt_packets as mqtt
import pytest
from fault_proxy import FaultProxy
from lab.company import free_port
from mqtt_packets import Splitter
from shop import wait_for

TOPIC = "cairn/1/up/7/somebody"


class Sink:
    """Somebody at the other end who remembers what came."""

    def __init__(self) -> None:
        self.port = free_port()
        self._server = socket.create_server(("127.0.0.1", self.port))
        self.packets: list[mqtt.Packet] = []
        self.octets = b""
        self.ended = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        peer, _ = self._server.accept()
        splitter = Splitter()
        try:
            while octets := peer.recv(4096):
                self.octets += octets
                self.packets += splitter.feed(octets)
        except OSError:
            pass
        self.ended.set()

    def numbers(self) -> list[int]:
        return [int(packet.payload) for packet in self.packets]


@pytest.fixture
def link() -> Iterator[tuple[socket.socket, Sink, FaultProxy]]:
    sink = Sink()
    proxy = FaultProxy(free_port(), sink.port)
    client = socket.create_connection(("127.0.0.1", proxy.port))
    yield client, sink, proxy
    client.close()
    proxy.close()


def send(client: socket.socket, count: int) -> None:
    client.sendall(b"".join(mqtt.publish(TOPIC, str(number).encode(), number) for number in range(1, count + 1)))


def test_packets_end_where_they_end() -> None:
    """A stream cut anywhere gives the same packets, whatever the size of their length."""
    sizes = [0, 1, 100, 127, 128, 16_383, 16_384, 70_000]
    packets = [mqtt.publish(TOPIC, bytes(size), 1 + place) for place, size in enumerate(sizes)]
    stream = b"".join(packets)
    chance = random.Random(3)
    for _ in range(20):
        splitter, found, at = Splitter(), [], 0
        while at < len(stream):
            step = chance.choice([1, 2, 3, 100, 5000])
            found += splitter.feed(stream[at : at + step])
            at += step
        assert [packet.octets for packet in found] == packets
        assert [len(packet.payload) for packet in found] == sizes
        assert {packet.topic for packet in found} == {TOPIC}


def test_without_rules_everything_passes(link: tuple[socket.socket, Sink, FaultProxy]) -> None:
    client, sink, _ = link
    send(client, 500)
    wait_for("all of it", lambda: sink.numbers() == list(range(1, 501)))


def test_messages_are_dropped_doubled_and_overtaken(link: tuple[socket.socket, Sink, FaultProxy]) -> None:
    client, sink, proxy = link
    proxy.up.drop, proxy.up.duplicate, proxy.up.hold = 0.1, 0.3, 0.3
    send(client, 500)
    seen = proxy.seen_up
    wait_for("what is left", lambda: len(sink.packets) == 500 - seen.dropped + seen.duplicated and seen.packets[mqtt.PUBLISH] == 500)
    assert sorted(set(sink.numbers())) != list(range(1, 501)) and seen.dropped > 20
    assert seen.duplicated > 80 and seen.held > 80
    assert sink.numbers() != sorted(sink.numbers())
    # The proxy answers for the other side: whoever sends has all its acknowledgements.
    answers = Splitter()
    got: list[int] = []
    wait_for("the answers", lambda: (got.extend(p.packet_id for p in answers.feed(client.recv(65536))), len(got) == 500)[1])


def test_a_deaf_link_passes_nothing_and_stays(link: tuple[socket.socket, Sink, FaultProxy]) -> None:
    client, sink, proxy = link
    send(client, 1)
    wait_for("the first", lambda: sink.numbers() == [1])
    proxy.up.deaf = True
    send(client, 3)
    assert not sink.ended.wait(0.5)
    assert sink.numbers() == [1]
    proxy.heal()
    wait_for("the rest", lambda: sink.numbers() == [1, 1, 2, 3])


def test_a_link_is_cut_in_the_middle_of_an_octet_count(link: tuple[socket.socket, Sink, FaultProxy]) -> None:
    client, sink, proxy = link
    proxy.up.cut_after = 70
    send(client, 10)
    assert sink.ended.wait(10)
    assert len(sink.octets) == 70


def test_stalled_packets_hold_up_what_follows(link: tuple[socket.socket, Sink, FaultProxy]) -> None:
    client, sink, proxy = link
    proxy.up.stall_kinds = {mqtt.PUBACK}
    send(client, 2)
    client.sendall(mqtt.puback(9))
    send(client, 2)
    wait_for("the proxy has all", lambda: proxy.seen_up.packets[mqtt.PUBLISH] == 4)
    assert sink.numbers() == [1, 2]
