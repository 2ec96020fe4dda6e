"""A network of its own for a program, and a way into it for those who talk to that program."""

from __future__ import annotations

import ctypes
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from lab.processes import DIE_WITH_PARENT


class Island:
    """A network namespace with nothing in it but its own loopback. It lasts as long as a process that does nothing."""

    def __init__(self) -> None:
        self._holder = subprocess.Popen(
            [*DIE_WITH_PARENT, "unshare", "--net", "sh", "-c", "ip link set lo up && echo up && exec cat"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._holder.stdout and self._holder.stderr
        if self._holder.stdout.readline() != "up\n":
            raise OSError(self._holder.stderr.read().strip())
        self.path = f"/proc/{self._holder.pid}/ns/net"

    def close(self) -> None:
        self._holder.kill()
        self._holder.communicate()

    @contextmanager
    def entered(self) -> Iterator[None]:
        """What this thread opens, and what the threads and programs open that it starts, is on the island."""
        before = os.open(f"/proc/self/task/{threading.get_native_id()}/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        there = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            _enter(there)
            yield
        finally:
            _enter(before)
            os.close(there)
            os.close(before)


def _enter(namespace: int) -> None:
    clone_newnet = 0x40000000  # sched.h
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(namespace, clone_newnet) != 0:
        raise OSError(ctypes.get_errno(), "setns")
