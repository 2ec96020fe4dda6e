"""MQTT 3.1.1 as far as a proxy and a rogue client need it: where a packet ends, and the few packets looked into."""

from __future__ import annotations

import struct
from dataclasses import dataclass

CONNECT, CONNACK, PUBLISH, PUBACK, SUBSCRIBE, SUBACK, PINGREQ, PINGRESP, DISCONNECT = 1, 2, 3, 4, 8, 9, 12, 13, 14


@dataclass(frozen=True)
class Packet:
    """One packet, as it is on the wire."""

    octets: bytes

    @property
    def kind(self) -> int:
        return self.octets[0] >> 4

    @property
    def qos(self) -> int:
        return self.octets[0] >> 1 & 3

    def _body(self) -> int:
        """Where the variable header begins."""
        at = 1
        while self.octets[at] & 0x80:
            at += 1
        return at + 1

    @property
    def topic(self) -> str:
        """Of a PUBLISH."""
        at = self._body()
        (size,) = struct.unpack_from(">H", self.octets, at)
        return self.octets[at + 2 : at + 2 + size].decode()

    @property
    def packet_id(self) -> int:
        """Of a PUBLISH with QoS 1, or of an answer to one."""
        at = self._body()
        if self.kind == PUBLISH:
            at += 2 + struct.unpack_from(">H", self.octets, at)[0]
        return int(struct.unpack_from(">H", self.octets, at)[0])

    @property
    def payload(self) -> bytes:
        """Of a PUBLISH."""
        at = self._body()
        at += 2 + struct.unpack_from(">H", self.octets, at)[0] + (2 if self.qos else 0)
        return self.octets[at:]


class Splitter:
    """Cuts a stream of octets into packets."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, octets: bytes) -> list[Packet]:
        data = self._rest + octets
        packets = []
        at = 0
        while size := _packet_size(data, at):
            if at + size > len(data):
                break
            packets.append(Packet(data[at : at + size]))
            at += size
        self._rest = data[at:]
        return packets


def _packet_size(data: bytes, at: int) -> int:
    """Of the packet that begins there; 0: its length is not there yet."""
    size = shift = 0
    for place in range(at + 1, min(at + 5, len(data))):
        size |= (data[place] & 0x7F) << shift
        if data[place] < 0x80:
            return place + 1 - at + size
        shift += 7
    return 0


def _text(value: str | bytes) -> bytes:
    octets = value.encode() if isinstance(value, str) else value
    return struct.pack(">H", len(octets)) + octets


def _packet(first: int, body: bytes) -> bytes:
    size, octets = len(body), bytearray([first])
    while True:
        octets.append(size & 0x7F | (0x80 if size > 0x7F else 0))
        size >>= 7
        if not size:
            return bytes(octets) + body


def connect(client_id: str, user: str, password: str, keep_alive: int = 60) -> bytes:
    body = _text("MQTT") + bytes([4, 0xC2]) + struct.pack(">H", keep_alive)
    return _packet(CONNECT << 4, body + _text(client_id) + _text(user) + _text(password))


def publish(topic: str | bytes, payload: bytes, packet_id: int, *, retain: bool = False) -> bytes:
    return _packet(PUBLISH << 4 | 2 | retain, _text(topic) + struct.pack(">H", packet_id) + payload)


def puback(packet_id: int) -> bytes:
    return _packet(PUBACK << 4, struct.pack(">H", packet_id))
