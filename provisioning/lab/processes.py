"""Child processes that never outlive us: started, watched, started again, ended in order."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

TERMINATE_SECONDS = 10.0
RESTART_PAUSE_SECONDS = 0.2


# The kernel ends the child even if we are killed without a chance to do it.
DIE_WITH_PARENT = ("setpriv", "--pdeathsig", "KILL", "--")


class Service:
    """One long-running program with its log file. Restarted when it ends by itself, as systemd would."""

    def __init__(self, name: str, command: Sequence[str | Path], log: Path, *, restart: bool = True):
        self.name = name
        self.command = [str(part) for part in command]
        self.log = log
        self.restarts = 0
        self._restart = restart
        self._wanted = False
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def start(self) -> None:
        with self._lock:
            self._wanted = True
            self._spawn()
        if self._restart:
            threading.Thread(target=self._watch, daemon=True).start()

    @property
    def pid(self) -> int:
        with self._lock:
            return self._process.pid if self._process else 0

    def running(self) -> bool:
        with self._lock:
            return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """SIGKILL, as the power would; it is started again."""
        with self._lock:
            if self._process and self._process.poll() is None:
                self._process.kill()

    def stop(self) -> None:
        """SIGTERM, then SIGKILL; it stays down until start()."""
        with self._lock:
            self._wanted = False
            process = self._process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(TERMINATE_SECONDS)
        if process.poll() is None:
            process.kill()
            process.wait()

    def _spawn(self) -> None:
        with self.log.open("ab") as log:
            # A session of its own: Ctrl-C in the terminal reaches us only, and we end it in order.
            self._process = subprocess.Popen(
                [*DIE_WITH_PARENT, *self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _watch(self) -> None:
        while True:
            with self._lock:
                process = self._process
            if process is not None:
                process.wait()
            time.sleep(RESTART_PAUSE_SECONDS)
            with self._lock:
                if not self._wanted:
                    return
                if self._process is process:
                    self.restarts += 1
                    self._spawn()


def run(command: Sequence[str | Path], **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end and returns what it printed."""
    return subprocess.run(
        [str(part) for part in command],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
