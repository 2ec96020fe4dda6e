"""Node.js, and the pages that it runs with."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PAGES = ROOT / "kiosk-ui"


def node() -> str:
    """As provisioning/setup installs it."""
    private = ROOT / ".tools" / "node" / "bin" / "node"
    found = str(private) if private.exists() else shutil.which("node")
    if not found:
        raise RuntimeError("there is no Node.js: run provisioning/setup")
    return found
