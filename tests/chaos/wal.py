"""SQLite's write-ahead log, as far as tests cut and spoil it (https://sqlite.org/fileformat2.html#walformat)."""

from __future__ import annotations

from pathlib import Path

HEADER = 32
FRAME = 24 + 4096  # header and page


def frames_of(wal: Path) -> int:
    """How many frames are valid: what follows them is left of an earlier use of the file."""
    octets = wal.read_bytes()
    salts, frames = octets[16:24], 0
    while octets[32 + frames * FRAME + 8 : 32 + frames * FRAME + 16] == salts:
        frames += 1
    return frames


def pages_of(wal: Path) -> set[int]:
    """The numbers of the pages that are in a WAL."""
    if not wal.exists():
        return set()
    octets = wal.read_bytes()
    return {int.from_bytes(octets[HEADER + at * FRAME : HEADER + at * FRAME + 4], "big") for at in range(frames_of(wal))}
