"""Event records as docs/protocol.md describes them, decoded without any of the product's code."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


def fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of a Protobuf message: (number, value)."""
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            octet = data[at]
            at += 1
            value |= (octet & 0x7F) << shift
            shift += 7
            if octet < 0x80:
                return value

    while at < len(data):
        tag = varint()
        number, kind = tag >> 3, tag & 7
        if kind == 0:
            yield number, varint()
        elif kind == 1:
            yield number, struct.unpack_from("<Q", data, at)[0]
            at += 8
        elif kind == 2:
            size = varint()
            yield number, data[at : at + size]
            at += size
        else:
            raise ValueError(f"wire type {kind}")


def one(data: bytes, number: int, default: Any) -> Any:
    """The last field of that number; text if the default is text."""
    found = default
    for field, value in fields(data):
        if field == number:
            found = value.decode() if isinstance(default, str) and isinstance(value, bytes) else value
    return found


def zigzag(value: int) -> int:
    return (value >> 1) ^ -(value & 1)


@dataclass(frozen=True)
class Record:
    """One line of an export. The octets are empty where the program does not give them away (the hash of a PIN)."""

    node: bytes
    inc: int
    seq: int
    feed: str
    fseq: int
    octets: bytes
    chain: bytes

    @property
    def hlc(self) -> int:
        return one(self.octets, 2, 0)

    @property
    def type(self) -> int:
        return one(self.octets, 3, 0)

    @property
    def site(self) -> str:
        return one(self.octets, 6, "")

    @property
    def key(self) -> bytes:
        return one(self.octets, 7, b"")

    @property
    def payload(self) -> bytes:
        return one(self.octets, 15, b"")

    @property
    def position(self) -> tuple[int, bytes, int, int]:
        return self.hlc, self.node, self.inc, self.seq


def read(path: Path) -> list[Record]:
    records = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        records.append(
            Record(
                bytes.fromhex(row["node"].replace("-", "")),
                int(row["inc"], 16),
                row["seq"],
                row["feed"] or "",
                row["fseq"] or 0,
                bytes.fromhex(row["record"] or ""),
                bytes.fromhex(row["chain"] or ""),
            )
        )
    return records


def broken_chains(records: list[Record]) -> list[str]:
    """Authors whose chain does not follow from their records: h_0 = H(node | inc), h_i = H(h_{i-1} | record_i)."""
    wrong = []
    authors: dict[tuple[bytes, int], list[Record]] = {}
    for record in records:
        if record.chain:
            authors.setdefault((record.node, record.inc), []).append(record)
    for (node, inc), own in authors.items():
        chain = _hash(node + struct.pack("<Q", inc))
        for expected, record in enumerate(sorted(own, key=lambda r: r.seq), start=1):
            # Without the octets it has to be believed.
            chain = _hash(chain + record.octets) if record.octets else record.chain
            if record.seq != expected or record.chain != chain:
                wrong.append(f"author {node.hex()}: record {record.seq} breaks the chain")
                break
    return wrong


def _hash(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()
