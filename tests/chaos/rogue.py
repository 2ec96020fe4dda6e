"""Somebody who knows a node's password and writes what no node would write."""

from __future__ import annotations

import ctypes
import ctypes.util
import hashlib
import socket
import struct

import mqtt_packets as mqtt

_xxhash = ctypes.CDLL(ctypes.util.find_library("xxhash") or "libxxhash.so.0")
_xxhash.XXH3_64bits.restype = ctypes.c_uint64
_zstd = ctypes.CDLL(ctypes.util.find_library("zstd") or "libzstd.so.1")
_zstd.ZSTD_compress.restype = _zstd.ZSTD_compressBound.restype = ctypes.c_size_t
_zstd.ZSTD_compressBound.argtypes = [ctypes.c_size_t]
_zstd.ZSTD_compress.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]


def xxh3(octets: bytes) -> int:
    return int(_xxhash.XXH3_64bits(octets, ctypes.c_size_t(len(octets))))


def zstd(octets: bytes) -> bytes:
    room = ctypes.create_string_buffer(_zstd.ZSTD_compressBound(len(octets)))
    size = _zstd.ZSTD_compress(room, len(room), octets, len(octets), 1)
    return room.raw[:size]


def varint(value: int) -> bytes:
    octets = bytearray()
    while True:
        octets.append(value & 0x7F | (0x80 if value > 0x7F else 0))
        value >>= 7
        if not value:
            return bytes(octets)


def field(number: int, value: int | bytes | str) -> bytes:
    """One field of a Protobuf message."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    octets = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(octets)) + octets


def record(hlc: int, type_: int, site: bytes, key: bytes, payload: bytes, sv: int = 1) -> bytes:
    return (
        varint(2 << 3 | 1) + struct.pack("<Q", hlc) + field(3, type_) + field(4, sv) + field(6, site) + field(7, key)
        + field(15, payload)
    )  # fmt: skip


def chain_start(node: bytes, inc: int) -> bytes:
    return hashlib.blake2b(node + struct.pack("<Q", inc), digest_size=16).digest()


def chained(chain: bytes, records: list[bytes]) -> bytes:
    for one in records:
        chain = hashlib.blake2b(chain + one, digest_size=16).digest()
    return chain


def frame(
    node: bytes,
    inc: int,
    base_seq: int,
    before: bytes,
    records: list[bytes],
    *,
    body: bytes | None = None,
    flags: int = 0,
    raw_len: int | None = None,
    count: int | None = None,
    after: bytes | None = None,
    checksum: int | None = None,
    version: int = 1,
) -> bytes:
    """An uplink frame (docs/protocol.md, frame); what is given by name is written as it is, right or wrong."""
    raw = b"".join(varint(len(one)) + one for one in records)
    head = b"CRN1" + bytes([version, flags]) + node + struct.pack("<QIQH", inc, 0, base_seq, len(records) if count is None else count)
    head += before + (chained(before, records) if after is None else after)
    head += struct.pack("<I", len(raw) if raw_len is None else raw_len)
    body = raw if body is None else body
    return head + struct.pack("<Q", xxh3(head + body) if checksum is None else checksum) + body


class Rogue:
    """An MQTT client with somebody's account, under a name of its own."""

    def __init__(self, port: int, user: str, password: str):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._splitter = mqtt.Splitter()
        self._packet_id = 0
        self._socket.sendall(mqtt.connect("rogue", user, password))
        assert self._next(mqtt.CONNACK).octets[3] == 0, "the broker does not let the rogue in"

    def publish(self, topic: str | bytes, payload: bytes, *, retain: bool = False) -> None:
        """Until the broker has it."""
        self._packet_id += 1
        self._socket.sendall(mqtt.publish(topic, payload, self._packet_id, retain=retain))
        while self._next(mqtt.PUBACK).packet_id != self._packet_id:
            pass

    def close(self) -> None:
        self._socket.close()

    def _next(self, kind: int) -> mqtt.Packet:
        while True:
            octets = self._socket.recv(65536)
            assert octets, "the broker has thrown the rogue out"
            for packet in self._splitter.feed(octets):
                if packet.kind == kind:
                    return packet
