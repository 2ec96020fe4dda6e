"""Child processes that never outlive us: started, watched, started again, ended in order."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path

TERMINATE_SECONDS = 10.0
RESTART_PAUSE_SECONDS = 0.2


# The kernel ends the child even if we are killed without a chance to do it.
DIE_WITH_PARENT = ("setpriv", "--pdeathsig", "KILL", "--")


class Service:
    """One long-running program with its log file. Restarted when it ends by itself, as systemd would."""

    def __init__(self, name: str, command: Sequence[str | Path], log: Path):
        self.name = name
        self.command = [str(part) for part in command]
        self.log = log
        self.restarts = 0
        # Called whenever it has been started and has a new pid, in a thread of this service.
        self.on_start: Callable[[], None] = lambda: None
        self._wanted: Future[None] | None = None  # the start() that counts
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def start(self) -> None:
        """Returns when it runs. Whatever interrupts this: stop() knows what was begun."""
        started: Future[None] = Future()
        with self._lock:
            self._wanted = started
        threading.Thread(target=self._keep, args=(started,), daemon=True).start()
        started.result()

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

    def crash(self) -> None:
        """SIGKILL; it stays down until start()."""
        with self._lock:
            self._wanted = None
            process = self._process
        if process is not None and process.poll() is None:
            process.kill()
            process.wait()

    def stop(self) -> None:
        """SIGTERM, then SIGKILL; it stays down until start()."""
        with self._lock:
            self._wanted = None
            process = self._process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(TERMINATE_SECONDS)
        if process.poll() is None:
            process.kill()
            process.wait()

    def _keep(self, started: Future[None]) -> None:
        """Starts it again and again until it is stopped. Signals interrupt the main thread only: there, a program could
        be started and nobody know it."""
        while True:
            with self._lock:
                if self._wanted is not started:
                    break
                try:
                    process = self._process = self._spawn()
                except OSError as error:
                    if started.done():
                        raise
                    started.set_exception(error)
                    return
                if started.done():
                    self.restarts += 1
            if not started.done():
                started.set_result(None)
            with contextlib.suppress(OSError):
                self.on_start()
            process.wait()
            time.sleep(RESTART_PAUSE_SECONDS)
        if not started.done():
            started.cancel()

    def _spawn(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            # A group of its own: Ctrl-C in the terminal reaches us only, and we end it in order. No session of its own:
            # who leads one is hung up on when the first pty it opened goes away, and virtual devices are ptys.
            return subprocess.Popen(
                [*DIE_WITH_PARENT, *self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                process_group=0,
            )


def run(command: Sequence[str | Path], **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end and returns what it printed."""
    return subprocess.run(
        [str(part) for part in command],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
