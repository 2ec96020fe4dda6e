"""SIGKILL of an agent, the hub or the broker at random instants loses nothing that a picker was shown as saved.

The instants come from a seed, which a failure prints: CAIRN_SEED=N repeats them, as far as a scheduler lets them be
repeated. tests/kills does the same with 200 kills.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

from kills import Campaign, report

KILLS = 30


def test_nothing_shown_as_saved_is_lost(tmp_path: Path, binaries: Path) -> None:
    seed = int(os.environ.get("CAIRN_SEED") or random.randrange(1_000_000))
    print(f"seed {seed}")
    outcome = Campaign(tmp_path, binaries, KILLS, seed, print).run()
    print(report(outcome))
    assert outcome.violations == []
    assert len(outcome.kills) == KILLS
    assert outcome.verdicts > 10 * KILLS, "hardly anything was picked: this proves little"
