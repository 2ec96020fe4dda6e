"""Barcodes in drawn pictures of 640 x 480 pixels: Code 128, EAN-13, EAN-8, UPC-A, UPC-E, ITF-14, QR Code, Data Matrix.

Upright: held in front of a camera by somebody who means it. Any angle: the same, blurred and noisier, turned by
anything. Hard: small, dim, out of focus, slanted, in movement; many of them nobody could read. Wrong reads are those of
all pictures together, also of those without a code.
"""

from __future__ import annotations

from collections.abc import Iterator

from suites import Bench, Row, Suite, median
from suites.probe import probe


def run(bench: Bench) -> Iterator[Row]:
    decoder = bench.binaries / "cairn-decode"
    rounds = probe(bench, "decode", decoder, "--rounds", str(min(bench.rounds, 3)))
    yield Row("decode.upright", median(rounds, "upright_read"), "%", None, 99, least=True)
    yield Row("decode.upright_p95", median(rounds, "upright_p95_ms"), "ms", None, 10)
    yield Row("decode.angle", median(rounds, "angle_read"), "%", None, 98, least=True)
    yield Row("decode.angle_p95", median(rounds, "angle_p95_ms"), "ms", None, 25)
    yield Row("decode.hard", median(rounds, "hard_read"), "%", None, 60, least=True)
    yield Row("decode.wrong", sum(one["wrong"] for one in rounds), "", None, 0)


SUITE = Suite("decode", "barcodes read from pictures", run)
