"""No two headers give one name in one namespace to two types: the linker keeps one of their functions and says nothing."""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMESPACE = re.compile(r"^namespace ([\w:]+) \{", re.MULTILINE)
TYPE = re.compile(r"^(?:struct|class|enum class|union) (\w+)(?![\w:<])[^;{\n]*(?:\n[^;{\n]*)?\{", re.MULTILINE)


def types_of(text: str) -> list[str]:
    """The types that a header defines in its namespace, not within others."""
    namespace = NAMESPACE.search(text)
    return [f"{namespace[1] if namespace else ''}::{name}" for name in TYPE.findall(text)]


def test_types_are_found() -> None:
    text = "namespace a::b {\nstruct One {\n  struct Within {\n  };\n};\nclass Two final\n    : public One {\n};\nstruct Named;\n}\n"
    assert types_of(text) == ["a::b::One", "a::b::Two"]


def test_every_type_has_a_name_of_its_own() -> None:
    headers = subprocess.run(["git", "ls-files", "*.h"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    found: dict[str, set[str]] = defaultdict(set)
    for header in headers:
        if not header.startswith("tests/"):
            for name in types_of((ROOT / header).read_text(encoding="utf-8")):
                found[name].add(header)
    assert len(found) > 500, "hardly any type was found: this proves little"
    assert {name: sorted(where) for name, where in found.items() if len(where) > 1} == {}
