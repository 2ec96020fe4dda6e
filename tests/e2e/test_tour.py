"""docs/tour.md, pasted into a shell block by block as its reader does, with free ports. What it shows is what is printed."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import threading
from pathlib import Path

from lab.company import free_port

ROOT = Path(__file__).resolve().parents[2]
TOUR = ROOT / "docs" / "tour.md"
BLOCK = re.compile(r"^```(sh|json|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PORTS = ("8080", "8090", "1883")
SECONDS = 120


def blocks() -> list[tuple[str, str]]:
    """What is to be pasted, each with what is printed then; empty: the tour does not say."""
    text = TOUR.read_text()
    for port in PORTS:
        text = re.sub(rf"\b{port}\b", str(free_port()), text)
    pasted: list[tuple[str, str]] = []
    for language, content in BLOCK.findall(text):
        if language == "sh":
            pasted.append((content, ""))
        else:
            pasted[-1] = (pasted[-1][0], pasted[-1][1] + content)
    return pasted


def shown(line: str) -> object:
    """A line as it counts: how JSON is spaced does not matter."""
    with contextlib.suppress(ValueError):
        return json.loads(line)
    return line.strip()


def test_every_block_does_what_the_tour_says(binaries: Path, tmp_path: Path) -> None:
    pasted = blocks()
    assert len(pasted) > 5 and sum(1 for _, printed in pasted if printed) >= 5
    script = "set -u\n" + "".join(f"{commands}\necho '---- block {number}'\n" for number, (commands, _) in enumerate(pasted))
    environment = {**os.environ, "PATH": f"{binaries}:{os.environ['PATH']}", "TMPDIR": str(tmp_path)}
    shell = subprocess.Popen(
        ["bash", "-c", script], cwd=tmp_path, env=environment, text=True, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip

    def end() -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGTERM)

    heard: list[str] = []
    patience = threading.Timer(SECONDS, end)
    patience.start()
    assert shell.stdout
    try:
        for line in shell.stdout:  # what it left running holds the other end
            heard.append(line.rstrip("\n"))
            if line.startswith(f"---- block {len(pasted) - 1}"):
                break
    finally:
        patience.cancel()
        end()
        shell.stdout.close()
        shell.wait()
    assert heard[-1] == f"---- block {len(pasted) - 1}", heard[-20:]
    for number, (commands, printed) in enumerate(pasted):
        end = heard.index(f"---- block {number}")
        said, heard = heard[:end], heard[end + 1 :]
        if printed:
            assert [shown(line) for line in said] == [shown(line) for line in printed.splitlines()], commands
        else:
            assert said == [], (commands, said)
