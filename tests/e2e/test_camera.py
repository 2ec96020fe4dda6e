"""A page's camera is a scanner: one label in sight is one scan, with the same verdict, whatever else is sent as a picture."""

from __future__ import annotations

import os
import signal
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from lab.api import Answer, Api, Json
from lab.company import Company
from pictures import picture_of, png
from shop import Bench, Orders, gtin, open_shop

ORDERS: Orders = {
    "one": [("CUP-1", 9)],
    "two": [("CUP-1", 5), ("CUP-2", 2)],
    "kill": [("CUP-1", 9)],
    "twice": [("CUP-1", 9)],
    "typed": [("CUP-1", 9)],
    "photo": [("CUP-1", 9), ("CUP-2", 9)],
}


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Company]:
    company = open_shop(tmp_path_factory.mktemp("camera"), binaries, ("CUP-1", "CUP-2"), ORDERS)
    yield company
    company.stop()


@pytest.fixture(scope="module")
def everyday(company: Company) -> Iterator[Bench]:
    bench = Bench(company, company.agents[0], company.agents[0].stations[0])
    yield bench
    bench.close()


@pytest.fixture()
def bench(everyday: Bench) -> Iterator[Bench]:
    everyday.forget()
    yield everyday
    for task in everyday.api.get("/api/v1/tasks?mine=true")["items"]:
        everyday.api.post(f"/api/v1/tasks/{task['id']}/release")


def show(api: Api, picture: bytes, query: str = "", key: str = "") -> Answer:
    headers = {"Content-Type": "image/png", "Idempotency-Key": key or str(uuid.uuid4())}
    return api.ask("POST", f"/api/v1/pictures{query}", picture, headers)


def scan(api: Api, picture: bytes, query: str = "?frame=true&lifted=true", key: str = "") -> Json:
    answer = show(api, picture, query, key)
    assert answer.status == 200, answer.body
    return answer.json()


def decoder_of(bench: Bench) -> int:
    """The process that looks at the agent's pictures."""
    pid = bench.agent.service.pid
    children = Path(f"/proc/{pid}/task").glob("*/children")
    found = [int(child) for file in children for child in file.read_text().split()]
    names = {child: Path(f"/proc/{child}/comm").read_text().strip() for child in found}
    assert list(names.values()) == ["cairn-decode"], names
    return found[0]


def test_a_label_is_scanned_as_by_a_scanner(bench: Bench) -> None:
    bench.claim("one")
    code = gtin("CUP-1")
    answer = scan(bench.api, picture_of(code))
    verdict = answer["verdict"]
    station = bench.station.name
    assert (verdict["verdict"], verdict["what"], verdict["taken_milli"]) == ("ok", "pick", 1000)
    assert (verdict["station"], verdict["device"], verdict["code"]) == (station, f"camera:{station}", code)
    assert bench.hear("verdict") == verdict
    by_scanner = bench.scan(code)
    assert by_scanner["line_open_milli"] == verdict["line_open_milli"] - 1000
    one = answer["codes"][0]
    assert (one["symbology"], one["aim"], one["text"], one["code"]) == ("EAN-13", "]E0", code, code)
    assert (one["gtin14"], one["elements"]) == (code.rjust(14, "0"), [])
    assert all(0 <= corner["x"] <= answer["width"] and 0 <= corner["y"] <= answer["height"] for corner in one["corners"])
    assert bench.picked("one") == [2]


def test_what_stays_in_sight_is_scanned_once(bench: Bench) -> None:
    bench.claim("one")
    before = bench.picked("one")[0]
    picture = picture_of(gtin("CUP-1"))
    assert scan(bench.api, picture)["verdict"]["verdict"] == "ok"
    for _ in range(5):
        again = scan(bench.api, picture, "?frame=true")
        assert (again["verdict"], again["same_sight"], len(again["codes"])) == (None, True, 1)
    assert scan(bench.api, picture, "?lifted=true")["verdict"]["verdict"] == "ok"
    assert bench.picked("one")[0] == before + 2


def test_a_photo_takes_nothing_out_of_the_videos_sight(bench: Bench) -> None:
    bench.claim("photo")
    video = picture_of(gtin("CUP-1"))
    assert scan(bench.api, video)["verdict"]["verdict"] == "ok"
    assert scan(bench.api, picture_of(gtin("CUP-2"), "4006381333931"), "?lifted=true")["verdict"] is None
    assert scan(bench.api, video, "?frame=true")["same_sight"]
    assert scan(bench.api, picture_of(gtin("CUP-2")), "?lifted=true")["verdict"]["verdict"] == "ok"
    time.sleep(1.6)  # longer than a label that frames do not show stays in sight
    assert scan(bench.api, video, "?frame=true")["same_sight"]
    assert bench.picked("photo") == [1, 1]


def test_a_repeated_picture_is_answered_as_the_first_time(bench: Bench) -> None:
    bench.claim("one")
    picture, key = picture_of(gtin("CUP-1")), str(uuid.uuid4())
    first = show(bench.api, picture, "?lifted=true", key)
    picked = bench.picked("one")
    again = show(bench.api, picture, "?lifted=true", key)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.body == first.body
    assert bench.picked("one") == picked
    assert show(bench.api, picture + b"\0", "?lifted=true", key).reason == "idempotency_key_reused"


def test_of_several_codes_the_person_chooses(bench: Bench) -> None:
    bench.claim("two")
    codes = [gtin("CUP-1"), gtin("CUP-2")]
    both = picture_of(*codes)
    shown = scan(bench.api, both, "?lifted=true")
    assert (shown["verdict"], shown["same_sight"]) == (None, False)
    assert sorted(code["code"] for code in shown["codes"]) == sorted(codes)
    assert bench.picked("two") == [0, 0]
    verdict = bench.api.post("/api/v1/scans", {"code": codes[1], "symbology": "E0", "from_camera": True})
    assert (verdict["verdict"], verdict["device"]) == ("ok", f"camera:{bench.station.name}")
    assert verdict["scan"]["symbology"] == "EAN-13"
    assert bench.picked("two") == [0, 1]


def test_a_refusal_is_a_verdict_and_is_told_once(bench: Bench) -> None:
    stranger = "4006381333931"
    bench.claim("one")
    picked = bench.picked("one")
    answer = scan(bench.api, picture_of(stranger))
    assert (answer["verdict"]["verdict"], answer["verdict"]["reason"]) == ("nok", "unknown_item")
    assert bench.hear("verdict") == answer["verdict"]
    assert bench.picked("one") == picked


def test_a_picture_without_a_code_is_none(bench: Bench) -> None:
    answer = scan(bench.api, picture_of(), "")
    assert (answer["codes"], answer["verdict"], answer["same_sight"]) == ([], None, False)


def test_hostile_pictures_are_refused_and_the_next_is_read(bench: Bench) -> None:
    whole = picture_of(gtin("CUP-1"))
    for picture, reason in (
        (b"", "not_an_image"),
        (b"\x89", "not_an_image"),
        (b'{"code": "1"}', "not_an_image"),
        (b"GIF89a" + b"\0" * 100, "not_an_image"),
        (whole[:8], "bad_image"),
        (whole[:-60], "bad_image"),
        (b"\xff\xd8\xff" + b"\0" * 1000, "bad_image"),
        (png([b"\0" * 12_001]), "image_too_large"),
    ):
        answer = show(bench.api, picture)
        assert (answer.status, answer.reason) == (400, reason), picture[:20]
    assert scan(bench.api, png([b"\xff"]), "")["codes"] == []
    bomb = png([b"\0" * 6000] * 6000)  # 36 million pixels in some 36 kB
    answer = show(bench.api, bomb, "?frame=true")
    assert answer.status == 200 or answer.reason == "decoder_slow", answer.body
    with suppress(OSError):  # it may hang up before it has heard everything
        assert show(bench.api, whole + b"\0" * (13 << 20)).status == 413
    assert len(scan(bench.api, whole, "")["codes"]) == 1


def test_a_killed_decoder_is_started_anew_and_nobody_notices(bench: Bench) -> None:
    bench.claim("kill")
    picture = picture_of(gtin("CUP-1"))
    taken = 0
    for _ in range(5):
        assert scan(bench.api, picture)["verdict"]["verdict"] == "ok"
        taken += 1
        os.kill(decoder_of(bench), signal.SIGKILL)
    assert bench.picked("kill") == [taken]


def test_a_decoder_killed_in_mid_picture_costs_at_most_that_picture(bench: Bench) -> None:
    scan(bench.api, picture_of(), "")
    slow = png([bytes((x * 7 + y * 13) % 251 for x in range(2000)) for y in range(1500)])
    answers: list[Answer] = []

    def send() -> None:
        api = Api(bench.api.url)
        api.token = bench.api.token
        answers.append(show(api, slow))
        api.close()

    sender = threading.Thread(target=send)
    sender.start()
    victims: set[int] = set()
    while sender.is_alive() and len(victims) < 6:
        try:
            victim = decoder_of(bench)
            if victim not in victims:
                os.kill(victim, signal.SIGKILL)
                victims.add(victim)
        except (AssertionError, OSError):
            pass  # there is none at the moment
        time.sleep(0.01)
    sender.join()
    assert victims
    assert answers[0].status == 200 or answers[0].reason == "decoder_lost", answers[0].body
    assert len(scan(bench.api, picture_of(gtin("CUP-1")), "")["codes"]) == 1


def test_two_at_once_are_one_scan(bench: Bench) -> None:
    bench.claim("twice")
    scan(bench.api, picture_of())  # nothing is in sight
    picture = picture_of(gtin("CUP-1"))
    answers: list[Answer] = []

    def send() -> None:
        api = Api(bench.api.url)
        api.token = bench.api.token
        answers.append(show(api, picture, "?frame=true"))
        api.close()

    senders = [threading.Thread(target=send) for _ in range(6)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    done = [answer.json() for answer in answers if answer.status == 200]
    assert done and all(answer.status == 200 or answer.reason == "decoder_busy" for answer in answers)
    scanned = [each["verdict"]["verdict"] for each in done if each["verdict"]]
    assert set(scanned) == {"ok"}
    assert bench.picked("twice") == [len(scanned)]
    assert all(each["same_sight"] for each in done if not each["verdict"])


def test_a_scanners_read_is_typed(bench: Bench) -> None:
    bench.claim("typed")
    code = gtin("CUP-1")
    device = bench.device()["name"]
    typed = bench.scan(code)["scan"]
    assert (typed["text"], typed["gtin14"], typed["device"]) == (code, code.rjust(14, "0"), device)
    assert (typed["aim"], typed["symbology"]) == ("]E0", "EAN-13")
    odd = bench.send(b"a\\\x80b\r")["scan"]
    assert odd["text"] == r"a\\\x80b"
    elements = f"01{code.rjust(14, '0')}17280229" + "10LOT-7"
    verdict = bench.api.post("/api/v1/scans", {"code": elements, "symbology": "C1"})
    assert verdict["verdict"] == "ok"
    assert [(each["ai"], each["value"]) for each in verdict["scan"]["elements"]] == [
        ("01", code.rjust(14, "0")), ("17", "280229"), ("10", "LOT-7"),
    ]  # fmt: skip
    assert (verdict["scan"]["aim"], verdict["scan"]["symbology"], verdict["scan"]["device"]) == ("]C1", "Code128", None)
    assert bench.api.post("/api/v1/undo")["scan"] is None
