"""Faults of system calls in a program that runs already: strace is attached, injects, and lets it go again."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from lab.processes import DIE_WITH_PARENT, Service

WRITES = "pwrite64,fdatasync,fsync,ftruncate,rename,unlink"  # all that changes what a disk keeps
ATTACH_SECONDS = 20.0


class Injection:
    """`strace -p`, with one `--inject` expression."""

    def __init__(self, pid: int, what: str):
        calls = what.split(":", 1)[0]
        self._strace = subprocess.Popen(
            [*DIE_WITH_PARENT, "strace", "-f", "-p", str(pid), "-e", f"trace={calls}", "-e", f"inject={what}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._said = b""
        threads = len(os.listdir(f"/proc/{pid}/task"))
        deadline = time.monotonic() + ATTACH_SECONDS
        while not re.search(rb"Process %d attached" % pid, self._said) or (threads > 1 and b"threads" not in self._said):
            assert time.monotonic() < deadline and self._strace.poll() is None, f"strace does not attach: {self._said.decode()}"
            self._read(0.1)

    def _read(self, seconds: float) -> None:
        assert self._strace.stderr
        if select.select([self._strace.stderr], [], [], seconds)[0]:
            self._said += os.read(self._strace.stderr.fileno(), 65536)

    def injected(self) -> int:
        """How many calls were struck so far."""
        while True:
            before = len(self._said)
            self._read(0.05)
            if len(self._said) == before:
                break
        return self._said.count(b"(INJECTED)") + self._said.count(b"+++ killed by SIGKILL +++")

    def calls(self) -> int:
        self.injected()
        return len(re.findall(rb"\b(?:%s)\(" % WRITES.replace(",", "|").encode(), self._said))

    def close(self) -> None:
        if self._strace.poll() is None:
            self._strace.send_signal(signal.SIGINT)
            try:
                self._strace.wait(10)
            except subprocess.TimeoutExpired:
                self._strace.kill()
                self._strace.wait()
        assert self._strace.stderr
        self._strace.stderr.close()


@contextmanager
def injected(service: Service, what: str) -> Iterator[Injection]:
    injection = Injection(service.pid, what)
    try:
        yield injection
    finally:
        injection.close()
