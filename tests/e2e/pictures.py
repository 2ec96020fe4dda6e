"""Pictures of bar codes, drawn here: pictures of real ones are not part of the repository."""

from __future__ import annotations

import struct
import zlib

LEFT = ("0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011")
FIRST = ("LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL")


def ean13(digits: str) -> str:
    """Its modules, ink is 1 (ISO/IEC 15420)."""
    right = [pattern.translate(str.maketrans("01", "10")) for pattern in LEFT]
    left = [LEFT[int(d)] if kind == "L" else right[int(d)][::-1] for d, kind in zip(digits[1:7], FIRST[int(digits[0])], strict=True)]
    return "101" + "".join(left) + "01010" + "".join(right[int(d)] for d in digits[7:]) + "101"


def png(rows: list[bytes]) -> bytes:
    def chunk(name: bytes, octets: bytes) -> bytes:
        return struct.pack(">I", len(octets)) + name + octets + struct.pack(">I", zlib.crc32(name + octets))

    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)
    packed = zlib.compress(b"".join(b"\0" + row for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def picture_of(*codes: str) -> bytes:
    """EAN-13 codes below each other as a PNG file; none: white paper."""
    quiet = b"\xff" * 40
    blank = b"\xff" * (95 * 3 + 80)
    rows = [blank] * 20
    for digits in codes:
        row = b"".join((b"\0" if module == "1" else b"\xff") * 3 for module in ean13(digits))
        rows += [quiet + row + quiet] * 80 + [blank] * 20
    return png(rows + [blank] * 20)
