"""Writes text files as one C++ table: embed.py OUT NAMESPACE SYMBOL FILE...

A .yaml file is embedded as JSON (OpenAPI is written in YAML and served as JSON).
"""

import json
import pathlib
import sys


def content(path: pathlib.Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".yaml":
        import yaml

        return json.dumps(yaml.safe_load(text), ensure_ascii=False, separators=(",", ":"))
    return text


def literal(text: str) -> str:
    # MSVC-style limits do not bind us, but 16 kB pieces keep compilers quick.
    pieces = [text[i : i + 16000] for i in range(0, len(text), 16000)] or [""]
    return "\n".join(f'R"~~~({piece})~~~"' for piece in pieces)


def main() -> None:
    out, namespace, symbol, *files = sys.argv[1:]
    base = pathlib.Path(out)
    base.parent.mkdir(parents=True, exist_ok=True)
    base.with_name(base.name + ".h").write_text(
        "#pragma once\n#include <vector>\n#include \"core/base/embedded_file.h\"\n"
        f"namespace {namespace} {{ const std::vector<cairn::EmbeddedFile>& {symbol}(); }}\n"
    )
    rows = ",\n".join(
        f'{{"{pathlib.Path(name).name}", {literal(content(pathlib.Path(name)))}}}' for name in files
    )
    base.with_name(base.name + ".cpp").write_text(
        f'#include "{base.name}.h"\n'
        f"const std::vector<cairn::EmbeddedFile>& {namespace}::{symbol}() {{\n"
        f"static const std::vector<cairn::EmbeddedFile> files{{\n{rows}}};\nreturn files;\n}}\n"
    )


main()
