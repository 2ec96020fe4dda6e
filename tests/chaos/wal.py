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
