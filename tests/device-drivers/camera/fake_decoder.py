#!/usr/bin/env python3
"""Plays cairn-decode for the tests of its parent: answers as MODE says.

  codes         one code, for every request
  abort LOOK    tells that LOOK begins and aborts, unless LOOK is to be left out; then as codes
  abort_always  tells a new look each time and aborts
  abort_first   aborts before any look
  hang          reads the request and says nothing
  deaf          reads nothing
  garbage       answers with octets that are no frame
  long          says that four gigabytes follow
  twice         answers twice
"""

from __future__ import annotations

import os
import struct
import sys
import time


def frame(body: bytes) -> bytes:
    return struct.pack("<I", len(body)) + body


def text(words: bytes) -> bytes:
    return struct.pack("<I", len(words)) + words


CODES = frame(b"\x02" + struct.pack("<IHHB", 1234, 640, 480, 1) + b"\x09" + text(b"]E0") + text(b"4006381333931") + bytes(32))


def say(octets: bytes) -> None:
    sys.stdout.buffer.write(octets)
    sys.stdout.buffer.flush()


def main() -> None:
    mode, *arguments = sys.argv[1:]
    if mode == "deaf":
        time.sleep(60)
    while header := sys.stdin.buffer.read(4):
        body = sys.stdin.buffer.read(struct.unpack("<I", header)[0])
        left_out = int.from_bytes(body[6:38], "little")
        if mode == "abort":
            look = int(arguments[0])
            if not left_out >> look & 1:
                say(frame(bytes([1, look])))
                os.abort()
            say(CODES)
        elif mode == "abort_always":
            say(frame(bytes([1, left_out.bit_count()])))
            os.abort()
        elif mode == "abort_first":
            os.abort()
        elif mode == "hang":
            time.sleep(60)
        elif mode == "garbage":
            say(b"\x03\x00\x00\x00xyz")
        elif mode == "long":
            say(b"\xff\xff\xff\xff")
            time.sleep(60)
        elif mode == "twice":
            say(CODES + CODES)
        else:
            say(CODES)


if __name__ == "__main__":
    main()
