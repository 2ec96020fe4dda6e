"""One scan is one unit: however fast they come, however alike they are, through whichever line of the order.

Lines above twelve units take one scan and a keyed quantity. A station that somebody else takes over gives its reads
to that person.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lab.api import Api, Json, Problem, Stream
from lab.company import Company
from shop import Bench, Orders, gtin, open_shop, wait_quiet

ARTICLES = ("CUP-1", "CUP-2", "PAN-3", "NAIL-4")
ORDERS: Orders = {
    "burst": [("CUP-1", 10)] * 5,
    "mixed": [("CUP-1", 6), ("CUP-2", 6), ("PAN-3", 6)],
    "twins": [("CUP-1", 2), ("CUP-2", 1)],
    "flood": [("CUP-1", 3)],
    "twelve": [("CUP-1", 12)],
    "long": [("NAIL-4", 13), ("CUP-1", 1)],
    "labels": [("CUP-1", 4), ("CUP-2", 4)],
    "relay": [("CUP-1", 4)],
}


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Company]:
    company = open_shop(tmp_path_factory.mktemp("units"), binaries, ARTICLES, ORDERS)
    yield company
    company.stop()


@pytest.fixture(scope="module")
def everyday(company: Company) -> Iterator[Bench]:
    bench = Bench(company, company.agents[0], company.agents[0].stations[0])
    yield bench
    bench.close()


@pytest.fixture()
def bench(everyday: Bench) -> Iterator[Bench]:
    """A bench that has no task; what a test leaves is given back."""
    everyday.forget()
    yield everyday
    for task in everyday.api.get("/api/v1/tasks?mine=true")["items"]:
        everyday.api.post(f"/api/v1/tasks/{task['id']}/release")


def burst(bench: Bench, codes: list[str]) -> list[Json]:
    """All codes in one write, and the verdicts on them."""
    assert bench.scanner
    bench.scanner.raw("".join(f"{code}\r" for code in codes).encode())
    return [bench.hear("verdict") for _ in codes]


def picks_in_log(bench: Bench, order: str) -> list[tuple[int, int]]:
    """(line, thousandths) of every LinePicked of an order in the agent's log."""
    manager = bench.company.agent_api(bench.agent)
    groups = manager.pages("/api/v1/ship-groups")
    group = next(g["id"] for g in groups if g["order_reference"] == order).replace("-", "")
    records = manager.pages("/api/v1/log")
    return [
        (record["payload"]["line"], record["payload"]["milli"])
        for record in records
        if record["event"] == "LinePicked" and record["key"].endswith(group)
    ]


def test_fifty_scans_in_one_burst_are_fifty_units(bench: Bench) -> None:
    bench.claim("burst")
    verdicts = burst(bench, [gtin("CUP-1")] * 50)
    assert [verdict["verdict"] for verdict in verdicts] == ["ok"] * 50
    assert len({verdict["event"] for verdict in verdicts}) == 50
    assert [verdict["open_milli"] for verdict in verdicts] == [milli * 1000 for milli in range(49, -1, -1)]
    # Lines of one article are filled from the first to the last.
    assert [verdict["line"] for verdict in verdicts] == [line for line in range(1, 6) for _ in range(10)]
    assert bench.picked("burst") == [10] * 5
    assert picks_in_log(bench, "burst") == [(line, 1000) for line in range(1, 6) for _ in range(10)]


def test_burst_of_several_articles_counts_each(bench: Bench) -> None:
    bench.claim("mixed")
    codes = [gtin(article) for article in ("CUP-1", "PAN-3", "CUP-2", "PAN-3", "CUP-1", "PAN-3")]
    verdicts = burst(bench, codes)
    assert [(verdict["verdict"], verdict["code"]) for verdict in verdicts] == [("ok", code) for code in codes]
    assert bench.picked("mixed") == [2, 1, 3]


def test_burst_beyond_the_order_stops_at_the_order(bench: Bench) -> None:
    bench.claim("flood")
    verdicts = burst(bench, [gtin("CUP-1")] * 10)
    assert [verdict["verdict"] for verdict in verdicts] == ["ok"] * 3 + ["nok"] * 7
    assert {verdict["reason"] for verdict in verdicts[3:]} == {"over_pick"}
    assert bench.picked("flood") == [3]
    assert picks_in_log(bench, "flood") == [(1, 1000)] * 3


def test_two_alike_right_after_another_are_two_units(bench: Bench) -> None:
    bench.claim("twins")
    assert bench.scan(gtin("CUP-1"))["line_open_milli"] == 1000
    assert bench.scan(gtin("CUP-1"))["line_open_milli"] == 0
    assert bench.picked("twins") == [2, 0]


def test_twelve_units_are_scanned_one_by_one(bench: Bench) -> None:
    bench.claim("twelve")
    assert [v["taken_milli"] for v in burst(bench, [gtin("CUP-1")] * 12)] == [1000] * 12
    assert bench.picked("twelve") == [12]


def test_above_twelve_units_one_scan_and_a_keyed_quantity(bench: Bench) -> None:
    bench.claim("long")
    verdict = bench.scan(gtin("NAIL-4"))
    assert (verdict["verdict"], verdict["event"], verdict["taken_milli"]) == ("pending", None, 0)
    assert verdict["line_open_milli"] == 13_000
    assert picks_in_log(bench, "long") == []
    for milli, reason in ((14_000, "over_pick"), (1_500, "bad_quantity")):
        with pytest.raises(Problem) as refusal:
            bench.api.post("/api/v1/quantities", {"quantity_milli": milli})
        assert refusal.value.reason == reason
    part = bench.api.post("/api/v1/quantities", {"quantity_milli": 5_000})
    assert (part["verdict"], part["taken_milli"], part["line_open_milli"]) == ("ok", 5_000, 8_000)
    with pytest.raises(Problem) as refusal:
        bench.api.post("/api/v1/quantities", {"quantity_milli": 8_000})
    assert refusal.value.reason == "nothing_pending"
    bench.forget()
    bench.scan(gtin("NAIL-4"))
    rest = bench.api.post("/api/v1/quantities", {"quantity_milli": 8_000})
    assert rest["line_open_milli"] == 0
    assert picks_in_log(bench, "long") == [(1, 5_000), (1, 8_000)]


def test_read_between_scan_and_quantity_takes_the_quantity_back(bench: Bench) -> None:
    """The keyed number belongs to the last read only."""
    bench.claim("long")
    before = bench.picked("long")
    bench.scan("something else")
    with pytest.raises(Problem) as refusal:
        bench.api.post("/api/v1/quantities", {"quantity_milli": 1_000})
    assert refusal.value.reason == "nothing_pending"
    assert bench.picked("long") == before


def test_forms_of_the_same_label(bench: Bench) -> None:
    """EAN-13, the GTIN-14 it stands for, the article number, and a GS1-128 element string with AI (01)."""
    bench.claim("labels")
    ean = gtin("CUP-1")
    element_string = b"]C1010" + ean.encode() + b"10LOT7\x1d2142\r"
    for octets in (f"]E0{ean}\r".encode(), f"0{ean}\n".encode(), b"]C0CUP-1\r\n", element_string):
        assert bench.send(octets)["sku"] == "CUP-1"
    assert bench.picked("labels") == [4, 0]


def test_station_taken_over_by_another_person(company: Company) -> None:
    """The reads go on at the same station and task, in the new person's name; the old session is over."""
    agent = company.agents[0]
    bench = Bench(company, agent, agent.stations[1])
    manager = company.agent_api(agent)
    bench.stream.stop()
    bench.stream = Stream(manager)
    bench.hear("hello")
    newcomer = Api(agent.url)
    try:
        bench.claim("relay")
        first = bench.scan(gtin("CUP-1"))
        session = newcomer.sign_in(agent.stations[2].person, agent.stations[2].pin, bench.station.name)
        with pytest.raises(Problem) as refusal:
            bench.api.get("/api/v1/tasks")
        assert refusal.value.status == 401
        bench.api.token = newcomer.token
        second = bench.scan(gtin("CUP-1"))
        stations = {station["station"]: station for station in newcomer.get("/api/v1/stations")["items"]}
        assert stations["bench-2"]["operator"] == agent.stations[2].person
        assert first["verdict"] == second["verdict"] == "ok"
        actors = {
            f"{record['node']}/{record['inc']}/{record['seq']}": record["actor"]
            for record in manager.pages("/api/v1/log")
        }
        assert actors[second["event"]] == session["user"]
        assert actors[first["event"]] not in (None, session["user"])

        newcomer.delete("/api/v1/sessions/current")
        third = bench.scan(gtin("CUP-1"))
        assert (third["verdict"], third["reason"]) == ("nok", "nobody_signed_in")
        assert picks_in_log(bench, "relay") == [(1, 1000)] * 2
    finally:
        bench.close()


def test_hub_has_the_same_units(bench: Bench, company: Company) -> None:
    wait_quiet(company.agent_api(bench.agent))
    at_hub = company.hub_api().get("/api/v1/totals")["sites"][0]
    here = company.agent_api(bench.agent).get("/api/v1/totals")
    assert at_hub == here
    assert here["put_back_milli"] == 0
