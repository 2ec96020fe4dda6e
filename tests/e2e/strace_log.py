"""Reads what `strace -f -y -xx` wrote, and says whether anything was told before it was on the disk.

strace stops a thread at the beginning and at the end of each call and writes a line for both if another thread's call
comes in between. The order of the lines is therefore an order of events: when a write that tells something begins
after the line that ends an fdatasync, the data were on the disk first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

TRACED = "read,readv,recvfrom,recvmsg,write,writev,pwrite64,pwritev,sendto,sendmsg,fsync,fdatasync"
TELLING = {"write", "writev", "sendto", "sendmsg"}
STORING = {"pwrite64", "write", "pwritev", "writev"}
SYNCING = {"fdatasync", "fsync"}

WHOLE = re.compile(r"^(?P<thread>\d+) +(?P<name>\w+)\((?P<arguments>.*)\) += (?P<result>-?\d+|\?)")
BEGUN = re.compile(r"^(?P<thread>\d+) +(?P<name>\w+)\((?P<arguments>.*) <unfinished \.\.\.>$")
ENDED = re.compile(r"^(?P<thread>\d+) +<\.\.\. (?P<name>\w+) resumed>(?P<arguments>.*)\) += (?P<result>-?\d+|\?)")
FILE = re.compile(r"^\d+<([^>]*)>")
STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass(frozen=True)
class Call:
    """One system call: the lines of the trace where it began and ended, its file, and the octets it carried."""

    name: str
    begun: int
    ended: int
    file: str
    octets: bytes
    result: int

    @property
    def went_well(self) -> bool:
        return self.result >= 0


def command(trace: Path) -> list[str]:
    """To be put in front of the program to be traced."""
    return ["strace", "-f", "-y", "-xx", "-s", "70000", "-e", f"trace={TRACED}", "-e", "signal=none", "-o", str(trace)]


def calls(lines: list[str]) -> list[Call]:
    """All calls that ended, in the order in which they began."""
    open_: dict[tuple[str, str], tuple[int, str]] = {}
    found = []
    for number, line in enumerate(lines):
        if match := BEGUN.match(line):
            open_[match["thread"], match["name"]] = number, match["arguments"]
        elif match := ENDED.match(line):
            begun, arguments = open_.pop((match["thread"], match["name"]), (number, ""))
            found.append(_call(match["name"], begun, number, arguments + match["arguments"], match["result"]))
        elif match := WHOLE.match(line):
            found.append(_call(match["name"], number, number, match["arguments"], match["result"]))
    return sorted(found, key=lambda call: call.begun)


def _call(name: str, begun: int, ended: int, arguments: str, result: str) -> Call:
    file = FILE.match(arguments)
    octets = b"".join(bytes.fromhex(text.replace("\\x", "")) for text in STRING.findall(arguments))
    return Call(name, begun, ended, unescape(file[1]) if file else "", octets, int(result) if result != "?" else -1)


def unescape(path: str) -> str:
    return re.sub(r"\\x([0-9a-f]{2})", lambda match: chr(int(match[1], 16)), path)


def told_too_early(trace: list[Call], record: bytes, told: Call) -> str | None:
    """Why `told` began before `record` was safe; nothing if it was safe.

    Safe: a write that put the record into the WAL has ended, then an fdatasync (or fsync) of the WAL began and ended
    well, all before `told` began.
    """
    stored = [
        call
        for call in trace
        if call.name in STORING and call.file.endswith("-wal") and record in call.octets and call.went_well
    ]
    if not stored:
        return "the record was never written to the WAL"
    first = min(call.ended for call in stored)
    if first >= told.begun:
        return f"told at line {told.begun}, written to the WAL at line {first} only"
    synced = [
        call.ended
        for call in trace
        if call.name in SYNCING and call.file.endswith("-wal") and call.begun > first and call.went_well
    ]
    if not synced or min(synced) >= told.begun:
        return f"told at line {told.begun}, on the disk {f'at line {min(synced)} only' if synced else 'never'}"
    return None


def tellings(trace: list[Call], words: bytes) -> Iterator[Call]:
    """Writes to sockets whose octets contain the words."""
    return (call for call in trace if call.name in TELLING and "socket:" in call.file and words in call.octets)


def spoilt(lines: list[str], how: str) -> list[str]:
    """A trace as a program would leave it that cheats. For proving that the check can fail."""
    wal_sync = re.compile(r"(fdatasync|fsync)\(\d+<[^>]*\\x2d\\x77\\x61\\x6c>")
    if how == "no sync":
        return [line for line in lines if not wal_sync.search(line)]
    if how == "failed sync":
        return [re.sub(r"= 0$", "= -1 EIO (Input/output error)", line) if "sync" in line else line for line in lines]
    if how == "another file synced":
        return [line.replace(r"\x2d\x77\x61\x6c>", r"\x2d\x73\x68\x6d>") if "sync" in line else line for line in lines]
    raise ValueError(how)


def shifted(trace: list[Call], told: Call, record: bytes) -> Call:
    """The same telling, right after the record was handed to the kernel and before it was synced."""
    stored = min(c.ended for c in trace if c.name in STORING and c.file.endswith("-wal") and record in c.octets)
    return replace(told, begun=stored, ended=stored)
