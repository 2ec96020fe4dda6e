"""The table of faults in docs/devices.md is what people go by who ask whether a device may be pulled out, and what was tried.

It is written by hand and grows old by itself: a test is renamed, a driver is added. So every test it names has to be there,
every driver of the registry has to have its rows, and a row without a test has to say so.
"""

import ast
import dataclasses
import functools
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADING = "## What goes wrong, and the test that plays it"
COLUMNS = ["Transport", "Protocol", "Fault", "Outcome", "Test"]
NO_TEST = "no test"
ROWS_LEAST = 3
# Title of a part of the table -> kind in the registry.
KINDS = {"Scanner": "scanner", "Scale": "scale", "Label printer": "printer", "Receipt printer and cash drawer": "receipt_printer"}
# What no driver of the registry is: the pictures of a page.
CAMERA = ("Camera of a page", {("http", "png"), ("http", "jpeg")})
EVERY = "Every device"
FOLDERS = ["tests", "kiosk-ui/tests", "kiosk-ui/browser-tests"]
# `file_test.cpp: "the beginning of a name …"` (file.test.ts alike), `test_file.py::test_function`
NAMED = re.compile(r'([\w./-]+(?:_test\.cpp|\.test\.ts)): "([^"]+)"')
PYTHON = re.compile(r"([\w./-]+\.py)::(\w+)")


@dataclasses.dataclass
class Row:
    part: str
    line: int
    transports: list[str]
    protocols: list[str]
    test: str

    def names(self) -> list[str]:
        return [] if self.test == NO_TEST else [name.strip().strip("`") for name in self.test.split("`; `")]


def read_rows(text: str) -> list[Row]:
    rows: list[Row] = []
    lines = text.splitlines()
    part = ""
    for number, line in enumerate(lines[lines.index(HEADING) + 1 :], lines.index(HEADING) + 2):
        if line.startswith("## "):
            break
        if line.startswith("### "):
            part = line.removeprefix("### ")
        if not line.startswith("|") or set(line) <= set("|-"):
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        assert len(cells) == len(COLUMNS), f"line {number} has {len(cells)} columns"
        if cells == COLUMNS:
            continue
        assert all(cells), f"line {number} has an empty column"
        words = [[word.strip("` ") for word in cell.split(",")] for cell in cells[:2]]
        rows.append(Row(part, number, words[0], words[1], cells[4].strip("*")))
    return rows


def read_drivers(source: str) -> dict[str, set[tuple[str, str]]]:
    """kind -> what it may be found under: (scheme, protocol)."""
    tables = {
        name: set(re.findall(r'>\{"([^"]+)", "([^"]+)"', body))
        for name, body in re.findall(r"constexpr std::array (k\w+)\{(.*?)\};", source, re.S)
    }
    return {kind: tables[name] for kind, name in re.findall(r'add\("(\w+)", (k\w+)\);', source)}


def file_of(name: str) -> pathlib.Path:
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob(pathlib.Path(name).name)]
    found = [path for path in paths if path.as_posix().endswith(f"/{name}")]
    assert len(found) == 1, f"{name}: {len(found)} files of that name"
    return found[0]


@functools.cache
def cases_of(path: pathlib.Path) -> list[str]:
    begin = r"^test\(" if path.suffix == ".ts" else r"TEST_CASE\("
    return re.findall(begin + r'\s*"([^"]*)"', path.read_text(encoding="utf-8"), re.MULTILINE)


@functools.cache
def functions_of(path: pathlib.Path) -> list[str]:
    return [node.name for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)]


def why_not(name: str) -> str:
    """Empty: there is such a test, and only one."""
    try:
        if named := NAMED.fullmatch(name):
            begin = named[2].removesuffix(" …")
            cut = begin != named[2]
            found = [case for case in cases_of(file_of(named[1])) if case == begin or (cut and case.startswith(begin))]
            return "" if len(found) == 1 else f"{name}: {len(found)} tests begin so"
        if python := PYTHON.fullmatch(name):
            is_there = python[2].startswith("test_") and python[2] in functions_of(file_of(python[1]))
            return "" if is_there else f"{name}: no such test"
    except AssertionError as problem:
        return str(problem)
    return f"{name}: names no test"


def drivers() -> dict[str, set[tuple[str, str]]]:
    return read_drivers((ROOT / "device-drivers" / "registry.cpp").read_text(encoding="utf-8"))


def rows() -> list[Row]:
    return read_rows((ROOT / "docs" / "devices.md").read_text(encoding="utf-8"))


def parts() -> dict[str, set[tuple[str, str]]]:
    return {title: drivers()[kind] for title, kind in KINDS.items()} | dict([CAMERA])


def covers(row: Row, scheme: str, protocol: str) -> bool:
    """With the transport named: what holds for all of them is no fault of this one."""
    return scheme in row.transports and (protocol in row.protocols or row.protocols == ["all"])


def test_the_registry_and_the_table_are_really_read():
    assert set(drivers()) == set(KINDS.values())
    assert sum(map(len, drivers().values())) >= 20
    assert ("serial", "cas-stream") in drivers()["scale"]
    assert len(rows()) > 200
    assert {row.part for row in rows()} == {EVERY, *parts()}


def test_every_test_of_the_table_is_there():
    problems = [f"docs/devices.md:{row.line}: {why}" for row in rows() for name in row.names() if (why := why_not(name))]
    assert problems == []


def test_a_row_has_tests_or_says_that_it_has_none():
    assert [row.line for row in rows() if row.test != NO_TEST and not row.names()] == []
    assert [row.line for row in rows() if row.test != NO_TEST and NO_TEST in row.test] == []


@pytest.mark.parametrize("title", [*KINDS, CAMERA[0]])
def test_every_driver_has_its_faults(title):
    of_it = [row for row in rows() if row.part == title]
    few = {
        driver: count for driver in sorted(parts()[title]) if (count := sum(covers(row, *driver) for row in of_it)) < ROWS_LEAST
    }
    assert few == {}
    # Rows of all protocols were written before the next one came.
    named = {(scheme, protocol) for row in of_it for scheme in row.transports for protocol in row.protocols}
    assert parts()[title] - named == set()


def test_a_row_is_about_something_that_there_is():
    for row in rows():
        if row.part == EVERY:
            assert (row.transports, row.protocols) == (["all"], ["all"]), f"line {row.line}"
            continue
        known = parts()[row.part]
        schemes = {scheme for scheme, _ in known} if row.transports == ["all"] else set(row.transports)
        for scheme in schemes - {"all"}:
            assert scheme in {one for one, _ in known}, f"line {row.line}: {scheme}"
        for protocol in set(row.protocols) - {"all"}:
            assert any((scheme, protocol) in known for scheme in schemes), f"line {row.line}: {protocol}"


# ---- and it finds what it is there to find ----


@pytest.mark.parametrize(
    "name",
    [
        'zpl_printer_test.cpp: "zpl printer: eats the label …"',
        'zpl_printer_test.cpp: "zpl printer: …"',  # which one?
        'zpl_printer_test.cpp: "zpl printer: its queue"',  # cut off, and does not say so
        'scale_session_test.cpp: "scale session: a handshake …"',  # two files
        'gone_test.cpp: "zpl printer: its queue …"',
        'camera.test.ts: "a label behind the camera …"',
        "test_usb.py::test_gone",
        "test_usb.py::preload",
        "test_gone.py::test_whole_order_over_the_usb",
        "by hand",
        "",
    ],
)
def test_a_test_that_is_not_there_is_found(name):
    assert why_not(name)


@pytest.mark.parametrize(
    "name",
    [
        'zpl_printer_test.cpp: "zpl printer: its queue …"',
        'zpl_printer_test.cpp: "zpl printer: its queue has an end"',
        'scales/scale_session_test.cpp: "scale session: a handshake …"',
        'camera.test.ts: "a label in front of the camera …"',
        "test_usb.py::test_whole_order_over_the_usb",
    ],
)
def test_a_test_that_is_there_passes(name):
    assert why_not(name) == ""


def test_rows_are_read():
    text = f"# Devices\n| a | b |\n{HEADING}\n\n### Scale\n\n| {' | '.join(COLUMNS)} |\n|---|---|---|---|---|\n"
    text += '| `serial` | `nci`, `cas` | silent | `offline` | `a_test.cpp: "a, b; c"`; `test_b.py::test_c` |\n'
    text += "| `usb` | all | no permission | `offline` | **no test** |\n## The end\n| x |\n"
    one, other = read_rows(text)
    assert (one.part, one.line, one.transports, one.protocols) == ("Scale", 9, ["serial"], ["nci", "cas"])
    assert one.names() == ['a_test.cpp: "a, b; c"', "test_b.py::test_c"]
    assert (other.test, other.names()) == (NO_TEST, [])
    assert covers(one, "serial", "cas") and not covers(one, "usb", "cas") and not covers(one, "serial", "sics")
    assert covers(other, "usb", "hid")
    with pytest.raises(AssertionError, match="line 9 has"):
        read_rows(text.replace("silent |", "silent"))
