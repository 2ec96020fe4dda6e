"""An outside script of at most thirty lines plays the scanner, and its scans become picks.

It knows only the documented TOML. It is tried with every suffix, with AIM identifiers and without, and at several
speeds of the line.
"""

from __future__ import annotations

import ast
import itertools
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from lab.company import Company
from shop import Bench, Orders, gtin, open_shop, set_devices, toml_file

SCRIPT = Path(__file__).with_name("outside_scanner.py")
SUFFIXES = {"CR": "\r", "LF": "\n", "CRLF": "\r\n"}
LINES = ((1200, "8N1"), (9600, "7E1"), (115200, "8E1"), (921600, "8N1"))
ORDERS: Orders = {
    f"{suffix} {'aim' if aim else 'plain'}": [("CUP-1", 3), ("CUP-2", 3)]
    for suffix, aim in itertools.product(SUFFIXES, (False, True))
} | {f"{baud} {mode}": [("CUP-1", 1)] for baud, mode in LINES}


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Company]:
    company = open_shop(tmp_path_factory.mktemp("outside"), binaries, ("CUP-1", "CUP-2"), ORDERS)
    yield company
    company.stop()


@contextmanager
def outside_scanner(toml: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The script in an empty environment, from a folder where nothing of ours could be imported."""
    command = [sys.executable, "-I", SCRIPT, toml, "gun"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={}, cwd="/") as script:
        assert script.stdout
        assert script.stdout.readline() == b"plugged in\n"
        yield script


@contextmanager
def bench_with(company: Company, settings: str) -> Iterator[tuple[Bench, subprocess.Popen[bytes]]]:
    """The agent with one device, which the script plays."""
    agent = company.agents[0]
    agent.service.stop()
    set_devices(agent, f'[[device]]\nname = "gun"\nkind = "scanner"\nurl = "serial:/dev/nothing"\nstation = "bench-1"\n{settings}')
    with outside_scanner(toml_file(agent)) as script:
        agent.service.start()
        bench = Bench(company, agent, agent.stations[0], scanner=False)
        try:
            bench.wait_state("online", "gun")
            yield bench, script
        finally:
            bench.close()


def type_in(script: subprocess.Popen[bytes], text: str) -> None:
    assert script.stdin
    script.stdin.write(text.encode())
    script.stdin.flush()


def test_script_is_short_and_has_nothing_of_ours() -> None:
    text = SCRIPT.read_text()
    assert len(text.splitlines()) <= 30
    imported = {
        name.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import) for name in node.names
    }
    assert imported <= sys.stdlib_module_names
    assert not any(isinstance(node, ast.ImportFrom) for node in ast.walk(ast.parse(text)))
    assert "cairn" not in text.lower()


@pytest.mark.parametrize("aim", [False, True], ids=["plain", "aim"])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_scans_become_picks(company: Company, suffix: str, aim: bool) -> None:
    order = f"{suffix} {'aim' if aim else 'plain'}"
    mark = "]E0" if aim else ""
    with bench_with(company, f"aim = {'true' if aim else 'false'}\n") as (bench, script):
        bench.claim(order)
        for article in ("CUP-1", "CUP-2", "CUP-1"):
            type_in(script, f"{mark}{gtin(article)}{SUFFIXES[suffix]}")
            verdict = bench.hear("verdict")
            assert (verdict["verdict"], verdict["sku"], verdict["code"]) == ("ok", article, gtin(article))
            assert verdict["device"] == "gun"
        type_in(script, f"{mark}{gtin('CUP-2')}{SUFFIXES[suffix]}" * 2)
        assert [bench.hear("verdict")["verdict"] for _ in range(2)] == ["ok", "ok"]
        # In three pieces, the suffix in the middle of one if it has two octets.
        whole = f"{mark}{gtin('CUP-1')}{SUFFIXES[suffix]}"
        for piece in (whole[:2], whole[2:-1], whole[-1:]):
            type_in(script, piece)
            time.sleep(0.05)
        assert bench.hear("verdict")["open_milli"] == 0
        bench.no_verdict(0.1)
        assert bench.picked(order) == [3, 3]


def test_identifier_that_is_not_set_up_is_part_of_the_code(company: Company) -> None:
    with bench_with(company, "aim = false\n") as (bench, script):
        type_in(script, f"]E0{gtin('CUP-1')}\r")
        verdict = bench.hear("verdict")
        assert (verdict["verdict"], verdict["code"]) == ("nok", f"]E0{gtin('CUP-1')}")


@pytest.mark.parametrize(("baud", "mode"), LINES)
def test_speeds_and_shapes_of_the_line(company: Company, baud: int, mode: str) -> None:
    with bench_with(company, f'baud = {baud}\nmode = "{mode}"\n') as (bench, script):
        bench.claim(f"{baud} {mode}")
        type_in(script, f"{gtin('CUP-1')}\r\n")
        assert bench.hear("verdict")["verdict"] == "ok"
