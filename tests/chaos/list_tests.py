"""Prints every test of this folder with what it expects: the first line of its docstring."""

from __future__ import annotations

import ast
from pathlib import Path

for file in sorted(Path(__file__).parent.glob("test_*.py")):
    print(file.name)
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            long = any("long" in ast.unparse(one) for one in node.decorator_list)
            expects = (ast.get_docstring(node) or "").partition("\n\n")[0].replace("\n", " ")
            print(f"  {node.name}{' (long)' if long else ''}\n      {expects}")
