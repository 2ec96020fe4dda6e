"""`cairn decode`, as a person or a script uses it: pictures in, a line for each out, whatever is wrong with them.

Pictures of real codes are not part of the repository. Where CAIRN_SAMPLES (default: shared/samples beside the checkout)
has a folder barcode_images with PICTURE.png and PICTURE.txt, all of them must be read as their texts say.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pictures import picture_of, png

SAMPLES = Path(os.environ.get("CAIRN_SAMPLES") or Path(__file__).resolve().parents[3] / "shared" / "samples") / "barcode_images"
# What it says nobody knows: its text is the word for that.
UNREADABLE = {"datamatrix-3__dm-2x2-b"}


def decode(binaries: Path, *arguments: str | Path, json_lines: bool = True) -> tuple[int, list[Any]]:
    command = [binaries / "cairn", "decode", *map(str, arguments), *(["--json"] if json_lines else [])]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    lines = done.stdout.splitlines()
    return done.returncode, [json.loads(line) for line in lines] if json_lines else lines


def test_each_file_is_a_line_and_broken_ones_are_counted(tmp_path: Path, binaries: Path) -> None:
    whole = picture_of("4006381333931")
    names = {"a.png": whole, "cut.png": whole[:-60], "words.txt": b"hello", "b.png": picture_of("9780201379624"), "none.png": png([b"\xff" * 90] * 90)}
    for name, octets in names.items():
        (tmp_path / name).write_bytes(octets)
    files = [tmp_path / name for name in (*names, "missing.png")] + [tmp_path]
    status, lines = decode(binaries, *files)
    assert [line["file"] for line in lines] == [str(file) for file in files]
    assert status == 4
    assert lines[0]["codes"] == [
        {"symbology": "EAN-13", "aim": "]E0", "text": "4006381333931", "elements": [], "gtin14": "04006381333931"}
    ]
    assert lines[0]["ms"] > 0
    assert [code["text"] for code in lines[3]["codes"]] == ["9780201379624"]
    assert lines[4]["codes"] == []
    errors = [lines[at]["error"]["code"] for at in (1, 2, 5, 6)]
    assert errors == ["bad_image", "not_an_image", "no_such_file", "not_an_image"]


def test_a_readable_form(tmp_path: Path, binaries: Path) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(picture_of("4006381333931"))
    assert decode(binaries, picture, json_lines=False) == (0, [f"{picture}: EAN-13 ]E0 4006381333931"])


def test_the_status_ends_at_125(tmp_path: Path, binaries: Path) -> None:
    status, lines = decode(binaries, *[tmp_path / f"{number}.png" for number in range(130)])
    assert (status, len(lines)) == (125, 130)


def test_a_huge_picture_is_refused_quickly(tmp_path: Path, binaries: Path) -> None:
    bomb = png([b"\0" * 12_001])
    (tmp_path / "bomb.png").write_bytes(bomb)
    (tmp_path / "after.png").write_bytes(picture_of("4006381333931"))
    status, lines = decode(binaries, tmp_path / "bomb.png", tmp_path / "after.png")
    assert status == 1
    assert lines[0]["error"]["code"] == "image_too_large"
    assert [code["text"] for code in lines[1]["codes"]] == ["4006381333931"]


def test_samples(binaries: Path) -> None:
    pictures = sorted(SAMPLES.glob("*.png"))
    if not pictures:
        pytest.skip(f"there are no sample pictures at {SAMPLES}: CAIRN_SAMPLES says where they are")
    status, lines = decode(binaries, *pictures)
    assert status == 0
    for picture, line in zip(pictures, lines, strict=True):
        wanted = [] if picture.stem in UNREADABLE else [picture.with_suffix(".txt").read_text(encoding="utf-8")]
        assert [code["text"] for code in line["codes"]] == wanted, picture.name
