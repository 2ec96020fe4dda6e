"""What every test of faults has: the programs, the watch over all they say (tests/e2e), and who is long.

The default selection samples; CAIRN_CHAOS=all (tests/chaos/run --all) tries everything and runs what is marked `long`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
for folder in (ROOT / "tests" / "oracle", ROOT / "provisioning", ROOT / "tests" / "e2e"):
    sys.path.insert(0, str(folder))

from hands import EVERYTHING  # noqa: E402
from watching import *  # noqa: E402,F403: fixtures and hooks


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("long") and not EVERYTHING:
            item.add_marker(pytest.mark.skip(reason="long: tests/chaos/run --all"))
