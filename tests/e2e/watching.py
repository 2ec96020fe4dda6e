"""What every test of the real programs has: the programs to test, and a watch over all they say.

Each answer and each event of every program is compared with docs/api/ (contract.py). What does not fit fails the test
in which it came, whichever thread it came in.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from contract import ROOT, Watch
from lab.api import Api

WATCH = Watch()


@pytest.fixture(scope="session")
def binaries() -> Path:
    """The folder of the programs: CAIRN_BIN_DIR, else the release build."""
    folder = Path(os.environ.get("CAIRN_BIN_DIR") or ROOT / "build" / "release" / "bin").resolve()
    assert (folder / "cairn-hub").exists(), f"{folder} has no programs: build first, or set CAIRN_BIN_DIR"
    return folder


@pytest.fixture(scope="session")
def watch() -> Watch:
    """The watch over everything; it also knows what was seen so far."""
    return WATCH


@pytest.fixture
def tmp_path(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """pytest's own, removed after a test that passed: it is often in memory, and databases are large."""
    yield tmp_path
    if getattr(request.node, "passed", False):
        shutil.rmtree(tmp_path, ignore_errors=True)


def pytest_configure() -> None:
    Api.observers.append(WATCH)


def pytest_unconfigure() -> None:
    Api.observers.remove(WATCH)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    WATCH.forget_programs()


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: Any) -> Generator[None, Any, None]:
    outcome = yield
    report: pytest.TestReport = outcome.get_result()
    wrong = WATCH.take()
    if report.when == "call":
        item.passed = report.passed and not wrong
    # A test that is expected to fail shows a known defect; this is it.
    if not wrong or hasattr(report, "wasxfail") and report.skipped:
        return
    text = "\n".join(["against the documents in docs/api:", *dict.fromkeys(wrong)])
    if report.failed:
        report.sections.append(("contract", text))
    else:
        report.outcome = "failed"
        report.longrepr = text


def pytest_sessionfinish(session: pytest.Session) -> None:
    """What came after the last test."""
    if wrong := WATCH.take():
        print("\nagainst the documents in docs/api, after the last test:", *dict.fromkeys(wrong), sep="\n")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
