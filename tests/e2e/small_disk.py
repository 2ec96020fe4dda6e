"""A program whose data directory is on a small disk of its own, which a test can fill."""

from __future__ import annotations

import errno
import subprocess
from pathlib import Path

from lab.processes import DIE_WITH_PARENT, Service


class SmallDisk:
    """A RAM disk over a folder, in a mount namespace of its own. It lasts as long as a process that does nothing, so a
    program may be started again on it."""

    def __init__(self, folder: Path, mebibytes: int) -> None:
        script = (
            'cp -a "$0" "$0.before" && mount -t tmpfs -o "size=$1m,mode=0700" none "$0" && '
            'cp -a "$0.before/." "$0" && echo up && exec cat'
        )
        self._holder = subprocess.Popen(
            [*DIE_WITH_PARENT, "unshare", "--mount", "sh", "-c", script, folder, str(mebibytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._holder.stdout and self._holder.stderr
        if self._holder.stdout.readline() != "up\n":
            raise OSError(self._holder.stderr.read().strip())
        # What the holder sees there, seen from outside.
        self.folder = Path(f"/proc/{self._holder.pid}/root{folder}")

    def close(self) -> None:
        self._holder.kill()
        self._holder.communicate()

    def put(self, service: Service) -> None:
        """The service, which is down, works on this disk when it is started again."""
        namespace = f"--mount=/proc/{self._holder.pid}/ns/mnt"
        service.command = ["nsenter", namespace, "--", *service.command]

    def fill(self, name: str) -> None:
        """Takes all that is left."""
        with (self.folder / name).open("wb", buffering=0) as file:
            for size in (65536, 4096):
                try:
                    while True:
                        file.write(b"x" * size)
                except OSError as error:
                    assert error.errno == errno.ENOSPC

    def free(self, *names: str) -> None:
        for name in names:
            (self.folder / name).unlink()
