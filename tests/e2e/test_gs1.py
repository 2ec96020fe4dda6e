"""`cairn gs1` as another program uses it: lines in, a line of JSON for each out at once, in order.

The public vectors of ../shared/samples are read where they are; docs/gs1.md has every code of a fault.
"""

from __future__ import annotations

import csv
import json
import random
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
VECTORS = ROOT.parent / "shared" / "samples" / "gs1_ai_vectors_public.tsv"
DOCUMENT = ROOT / "docs" / "gs1.md"


@pytest.fixture()
def cairn(binaries: Path) -> Path:
    return binaries / "cairn"


def run(cairn: Path, arguments: str, data: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([str(cairn), "gs1", *arguments.split()], input=data, env={}, capture_output=True, check=False, timeout=60)


def ask(cairn: Path, arguments: str, *lines: str) -> list[dict[str, Any]]:
    """The answers to some lines; the call itself is right."""
    done = run(cairn, arguments, "".join(f"{line}\n" for line in lines).encode())
    assert (done.returncode, done.stderr) == (0, b""), done
    answers = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert len(answers) == len(lines)
    return answers


def fault(answer: dict[str, Any]) -> tuple[str, int]:
    assert answer["ok"] is False and list(answer) == ["ok", "error"]
    assert list(answer["error"]) == ["code", "message", "position"] and answer["error"]["message"]
    return answer["error"]["code"], answer["error"]["position"]


@pytest.mark.parametrize("strict", [False, True], ids=["parse", "strict"])
def test_public_vectors(cairn: Path, strict: bool) -> None:
    if not VECTORS.exists():
        pytest.skip(f"no public vectors here: {VECTORS} is absent")
    with VECTORS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(rows) == 20
    answers = ask(cairn, "parse --strict" if strict else "parse", *(row["raw_scan_escaped"] for row in rows))
    for row, answer in zip(rows, answers, strict=True):
        if row["strict_result" if strict else "parse_result"] == "OK":
            assert answer["ok"] and answer["elements"] == json.loads(row["ai_list_json"]), row["id"]
            assert answer["symbology"] == row["raw_scan_escaped"][:3]
        else:
            assert fault(answer)[0].upper() == row["strict_err_class" if strict else "parse_err_class"], row["id"]


def test_parse(cairn: Path) -> None:
    answers = ask(
        cairn,
        "parse",
        r"]C1010950600013435210AB\x1d21X",
        "]C0hello",
        "]E04006381333931",
        r"]d210A\\B",
        r"]d210A\q",
        "",
    )
    assert answers[0] == {
        "ok": True,
        "symbology": "]C1",
        "elements": [{"ai": "01", "value": "09506000134352"}, {"ai": "10", "value": "AB"}, {"ai": "21", "value": "X"}],
        "gtin14": "09506000134352",
    }
    assert answers[1] == {"ok": True, "symbology": "]C0", "elements": []}
    assert answers[2] == {"ok": True, "symbology": "]E0", "elements": [], "gtin14": "04006381333931"}
    assert fault(answers[3]) == ("charset", 3)
    assert fault(answers[4]) == ("escape", 6)
    assert answers[5] == {"ok": True, "symbology": "", "elements": [], "verified": False}


def test_strict(cairn: Path) -> None:
    """An element may lack another one unless all rules are asked for; a contradiction is always one."""
    alone, together = "]C110BATCH", "]C10109506000134352375"
    assert ask(cairn, "parse", alone)[0]["ok"]
    assert fault(ask(cairn, "parse --strict", alone)[0]) == ("required_ai", 0)
    for command in ("parse", "parse --strict"):
        assert fault(ask(cairn, command, together)[0]) == ("excluded_ai", 0)
    answers = ask(cairn, "parse --warnings", alone, together, "]C10109506000134352")
    assert [[warning["code"] for warning in answer["warnings"]] for answer in answers] == [["required_ai"], ["excluded_ai", "required_ai"], []]


def test_link(cairn: Path) -> None:
    uri = "https://id.gs1.org/01/09520123456788/10/A%2FB?17=260131"
    elements = [{"ai": "01", "value": "09520123456788"}, {"ai": "10", "value": "A/B"}, {"ai": "17", "value": "260131"}]
    answers = ask(cairn, "link", uri, "https://example.com/", "https://a/01/9520123456788")
    assert answers[0] == {"ok": True, "symbology": "", "elements": elements, "gtin14": "09520123456788"}
    assert fault(answers[1]) == ("no_primary_key", 20)
    assert fault(answers[2]) == ("length", 13)
    assert ask(cairn, "link --lenient", "https://a/01/9520123456788")[0]["gtin14"] == "09520123456788"
    text = "(10)A/B(17)260131(01)09520123456788"
    assert ask(cairn, "link --build", text) == [{"ok": True, "uri": uri}]
    assert ask(cairn, "link --build --domain https://example.com/p/", text)[0]["uri"] == uri.replace("id.gs1.org", "example.com/p")
    assert fault(ask(cairn, "link --build --domain example.com", text)[0])[0] == "uri"
    assert fault(ask(cairn, "link --build", "(01)09506000134352(37)5")[0])[0] == "excluded_ai"


def test_check_and_upce(cairn: Path) -> None:
    answers = ask(cairn, "check", "GTIN-13 4006381333931", "SSCC 106141412345678909", "GTIN 1", "GLN")
    assert answers[0] == {"ok": True}
    assert [fault(answer) for answer in answers[1:]] == [("check_digit", 17), ("unknown_key", 0), ("length", 0)]
    answers = ask(cairn, "upce", "04252614", "2425261")
    assert answers[0] == {"ok": True, "gtin12": "042100005264", "gtin14": "00042100005264"}
    assert fault(answers[1])[0] == "length"


def check_digit(digits: str) -> str:
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return digits + str(-weighted % 10)


def test_measure(cairn: Path, tmp_path: Path) -> None:
    swedish = check_digit("231234561234")
    assert ask(cairn, "measure --scheme se", f"EAN-13 {swedish}") == [
        {"ok": True, "kind": "weight", "item": "123456", "value": 1234, "decimals": 3, "unit": "kg"}
    ]
    american = ask(cairn, "measure --scheme us", f"UPC-A {check_digit('21234592875')}")[0]
    assert (american["kind"], american["value"], american["unit"]) == ("price", 2875, "USD")
    own = "measure --template 23IIIIVPPPPPC --kind price --decimals 2 --unit EUR"
    answers = ask(cairn, own, f"EAN-13 {check_digit('231234614685')}", f"EAN-13 {check_digit('231234714685')}", "QR 1", "EAN-13 1")
    assert (answers[0]["item"], answers[0]["value"], answers[0]["unit"]) == ("1234", 14685, "EUR")
    assert [fault(answer)[0] for answer in answers[1:]] == ["verifier", "symbology", "length"]
    file = tmp_path / "schemes"
    file.write_text("# our counters\nours 29IIIIIPPPPPC weight 3 kg # cheese\n")
    config = tmp_path / "agent.toml"
    config.write_text('data_dir = "x"\n\n[[measure]]\nscheme = "se"\n\n[[measure]]\ntemplate = "29IIIIIPPPPPC"\nkind = "weight"\ndecimals = 3\nunit = "kg"\n')
    first, second = ask(cairn, f"measure --config {config}", f"EAN-13 {swedish}", f"EAN-13 {check_digit('291234500750')}")
    assert (first["unit"], second["kind"], second["item"], second["value"]) == ("kg", "weight", "12345", 750)
    for wrong in ('[[measure]]\nscheme = "xx"\n', '[[measure]]\ntemplate = "29"\nunit = "EUR"\n', "[http]\n", "[[measure]]\n"):
        config.write_text(wrong)
        assert run(cairn, f"measure --config {config}", b"").returncode == 1, wrong
    mine = ask(cairn, f"measure --scheme ours --schemes-file {file}", f"EAN-13 {check_digit('291234500750')}")[0]
    assert (mine["item"], mine["value"], mine["unit"]) == ("12345", 750, "kg")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ("", 106),
        ("parse --loud", 109),
        ("parse --strict --warnings", 108),
        ("measure", 1),
        ("measure --scheme xx", 1),
        ("measure --scheme se --template 23IIIIVPPPPPC", 108),
        ("measure --template 23", 1),
        ("measure --template 23IIIIVPPPPPC --unit kilo", 1),
        ("measure --scheme x --schemes-file /nowhere", 1),
        ("link --domain https://a", 107),
    ],
)
def test_wrong_call(cairn: Path, arguments: str, status: int) -> None:
    done = run(cairn, arguments, b"]C110A\n")
    assert done.stdout == b"" and done.stderr
    assert done.returncode == status or 100 <= done.returncode <= 114 and status >= 100


def test_each_line_is_answered_at_once(cairn: Path) -> None:
    with subprocess.Popen([str(cairn), "gs1", "parse"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={}) as talk:
        assert talk.stdin and talk.stdout
        for number in range(50):
            talk.stdin.write(f"]C110BATCH{number}\n".encode())
            talk.stdin.flush()
            assert json.loads(talk.stdout.readline())["elements"][0]["value"] == f"BATCH{number}"
        talk.stdin.write(b"]C110LAST")  # a line without its end is a line
        talk.stdin.close()
        assert json.loads(talk.stdout.readline())["elements"][0]["value"] == "LAST"
        assert talk.wait(10) == 0


def test_line_ends(cairn: Path) -> None:
    done = run(cairn, "parse", b"]C110A\r\n]C110B\n\n]C110C")
    assert [len(json.loads(line)["elements"]) for line in done.stdout.splitlines()] == [1, 1, 0, 1]


@pytest.mark.parametrize("command", ["parse --strict", "parse --warnings", "link", "link --build", "check", "upce", "measure --scheme uk"])
def test_hostile_lines(cairn: Path, command: str) -> None:
    """Any octets get an answer, one line of JSON in UTF-8 that cannot steer a terminal."""
    chance = random.Random(20261127)
    begin = [b"]C1", b"]e0", b"]E0", b"]Q1https://a/01/", b"https://a/01/", b"(01)", b"SSCC ", b"EAN-13 ", b"", b"01", b"\\x"]
    lines = [chance.choice(begin) + chance.randbytes(chance.randrange(60)).replace(b"\n", b"") for _ in range(2000)]
    lines += [b"(10)" * 2000, b"]C1" + b"20" * 4000, b"%" * 8000, b"https://a/" + b"01/" * 2600, b"\\" * 8000, b"x" * 100_000]
    done = run(cairn, command, b"".join(line + b"\n" for line in lines))
    assert done.returncode == 0 and done.stderr == b""
    answers = done.stdout.decode("utf-8").split("\n")
    assert len(answers) == len(lines) + 1 and answers[-1] == ""
    for answer in answers[:-1]:
        assert isinstance(json.loads(answer)["ok"], bool)
        assert not re.search(r"[\x00-\x1f\x7f-\x9f]", answer)


def test_speed(cairn: Path) -> None:
    """A scan takes microseconds: twenty thousand of them are no matter."""
    lines = [r"]C10109506000134352310300123417260131" + f"10BATCH{number}" for number in range(20_000)]
    assert all(answer["ok"] for answer in ask(cairn, "parse --strict", *lines))


def test_document_names_every_fault() -> None:
    source = (ROOT / "core" / "gs1" / "fault.cpp").read_text(encoding="utf-8")
    codes = set(re.findall(r'\{FaultCode::\w+, "([a-z_]+)"\}', source))
    declared = re.findall(r"^  k\w+,", (ROOT / "core" / "gs1" / "fault.h").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(codes) == len(declared)
    table = DOCUMENT.read_text(encoding="utf-8").partition("## Faults")[2]
    rows = set(re.findall(r"^\| `([a-z_]+)` \|", table, re.MULTILINE))
    assert codes == rows
