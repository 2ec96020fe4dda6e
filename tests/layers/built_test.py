"""Every source file is in a list of the build: a test that is not built passes for ever."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def files(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [Path(name) for name in listed.stdout.split()]


def unlisted(sources: list[Path], lists: dict[Path, str]) -> list[str]:
    """Those that no list of their own folder, or of one above it, names by their path from there."""
    return [
        str(source)
        for source in sources
        if not any(
            folder in source.parents and str(source.relative_to(folder)) in words.split() for folder, words in lists.items()
        )
    ]


def test_what_no_list_names_is_found() -> None:
    lists = {Path("a"): "add_library(\n  x\n  b/one.cpp two.cpp "}
    assert unlisted([Path("a/b/one.cpp"), Path("a/two.cpp"), Path("a/b/two.cpp"), Path("c/one.cpp")], lists) == [
        "a/b/two.cpp",
        "c/one.cpp",
    ]


def test_every_source_file_is_built() -> None:
    lists = {
        path.parent: (ROOT / path).read_text(encoding="utf-8").replace("(", " ").replace(")", " ") for path in files("*CMakeLists.txt")
    }
    sources = files("*.cpp")
    assert len(sources) > 500, "hardly any source was found: this proves little"
    assert unlisted(sources, lists) == []
