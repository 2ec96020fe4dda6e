"""The watch over the contract notices what does not fit, and says so in words. No program is needed for this."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from contract import ROOT, Watch, reasons
from lab.api import Answer, Exchange, Json, StreamEvent

URL = "http://nowhere.example"
ORDER = "01920000-0000-7000-8000-000000000001"
SITE: Json = {"site": "york", "name": "York", "kind": "STORE", "latitude": 53.9, "longitude": -1.0, "active": True, "full_since": None, "full_reason": None}
CLAIM: Json = {"station": "bench-1", "node": ORDER, "user": None}
GROUP: Json = {
    "id": ORDER, "site": "york", "order_id": ORDER, "order_reference": "1", "method": "SHIP", "status": "PICKING",
    "allocated_at": "2026-11-24T08:15:30.123Z", "claim": CLAIM, "line_count": 1, "ordered_milli": 1000,
    "open_milli": 1000, "picked_milli": 0, "packed_milli": 0, "shipped_milli": 0, "handed_over_milli": 0, "short_milli": 0,
    "cancelled_milli": 0, "returned_milli": 0, "pickup": None, "hand_over": None, "lines": [], "packages": [],
}  # fmt: skip
NOT_FOUND: Json = {
    "type": "/problems/no_such_order", "title": "Not found", "status": 404, "detail": "there is no such order",
    "code": "not_found", "trace_id": "t-1",
}  # fmt: skip


def exchange(
    method: str,
    path: str,
    status: int,
    body: Any,
    *,
    media: str = "application/json",
    sent: Any = None,
    sent_as: str = "application/json",
    headers: dict[str, str] | None = None,
) -> Exchange:
    fields = http.client.HTTPMessage()
    fields["Content-Type"] = media
    fields["X-Trace-Id"] = "t-1"
    content = None if sent is None else json.dumps(sent).encode()
    answer = Answer(status, fields, b"" if body is None else json.dumps(body).encode())
    return Exchange(URL, method, path, {"Content-Type": sent_as} | (headers or {}), content, answer)


def problem(method: str, path: str, body: Json, status: int = 404) -> Exchange:
    return exchange(method, path, status, body, media="application/problem+json")


def complaints(what: Exchange | StreamEvent, program: str = "cairn-hub") -> list[str]:
    watch = Watch(programs={URL: program})
    watch(what)
    return watch.take()


FITTING: dict[str, Exchange] = {
    "a list": exchange("GET", "/api/v1/sites", 200, {"items": [SITE]}),
    "a detail made of two schemas": exchange("GET", f"/api/v1/ship-groups/{ORDER}", 200, GROUP),
    "nobody holds it": exchange("GET", f"/api/v1/ship-groups/{ORDER}", 200, GROUP | {"claim": None}),
    "a problem": problem("GET", f"/api/v1/orders/{ORDER}", NOT_FOUND),
    "nothing at the address": problem("GET", "/nothing", NOT_FOUND | {"type": "/problems/no_such_path"}),
    "a head": exchange("HEAD", "/api/v1/sites", 200, None),
    "a query": exchange("GET", "/api/v1/sites?", 200, {"items": []}),
    "a request with a body": exchange("PUT", "/api/v1/sites/york", 200, SITE, sent={k: SITE[k] for k in list(SITE)[1:5]}),
    "a wrong request that is refused": problem(
        "GET", "/api/v1/orders?limit=x", NOT_FOUND | {"type": "/problems/bad_limit", "status": 400}, 400
    ),
}


@pytest.mark.parametrize("case", FITTING)
def test_what_fits(case: str) -> None:
    assert complaints(FITTING[case]) == []


NOT_FITTING: dict[str, tuple[Exchange, str]] = {
    "no such path": (exchange("GET", "/api/v1/secrets", 200, {}), "no such operation"),
    "no such method": (exchange("DELETE", "/api/v1/sites", 200, {}), "no such operation"),
    "no such status": (exchange("GET", "/api/v1/sites", 202, {"items": []}), "no such status"),
    "no such content": (exchange("GET", "/api/v1/sites", 200, {"items": []}, media="text/html"), "no text/html"),
    "no problem": (exchange("GET", "/api/v1/sites", 500, {"items": []}), "no application/json"),
    "a body after a head": (exchange("HEAD", "/api/v1/sites", 200, {"items": []}), "has a body"),
    "a member too few": (exchange("GET", "/api/v1/sites", 200, {}), "$: 'items' is a required property"),
    "a member too many": (
        exchange("GET", "/api/v1/sites", 200, {"items": [SITE | {"vip": True}]}),
        "$.items[0]: Additional properties are not allowed ('vip' was unexpected)",
    ),
    "a member too many in a detail": (
        exchange("GET", f"/api/v1/ship-groups/{ORDER}", 200, GROUP | {"vip": True}),
        "$: Additional properties are not allowed ('vip' was unexpected)",
    ),
    "a member too many deep inside": (
        exchange("GET", f"/api/v1/ship-groups/{ORDER}", 200, GROUP | {"claim": CLAIM | {"vip": True}}),
        "$.claim: Additional properties are not allowed ('vip' was unexpected)",
    ),
    "a wrong type": (exchange("GET", "/api/v1/sites", 200, {"items": [SITE | {"name": 7}]}), "$.items[0].name: 7 is not"),
    "a wrong word": (
        exchange("GET", "/api/v1/sites", 200, {"items": [SITE | {"kind": "KIOSK"}]}),
        "$.items[0].kind: 'KIOSK' is not one of",
    ),
    "no id": (exchange("GET", f"/api/v1/ship-groups/{ORDER}", 200, GROUP | {"id": "7"}), "$.id: '7' is not a 'uuid'"),
    "no time": (
        exchange("GET", f"/api/v1/ship-groups/{ORDER}", 200, GROUP | {"allocated_at": "yesterday"}),
        "$.allocated_at: 'yesterday' is not a 'date-time'",
    ),
    "a time without its zone": (
        exchange("GET", f"/api/v1/ship-groups/{ORDER}", 200, GROUP | {"allocated_at": "2026-11-24T08:15:30"}),
        "is not a 'date-time'",
    ),
    "too great a number": (
        exchange("GET", f"/api/v1/ship-groups/{ORDER}", 200, GROUP | {"open_milli": 2**63}),
        "$.open_milli: 9223372036854775808 is not a 'int64'",
    ),
    "an unknown reason": (
        problem("GET", f"/api/v1/orders/{ORDER}", NOT_FOUND | {"type": "/problems/bad_mood"}),
        "$.type: bad_mood is not in problems.md",
    ),
    "a reason of the other program": (
        problem("GET", "/api/v1/sites", NOT_FOUND | {"type": "/problems/station_busy", "status": 409}, 409),
        "none of this program's",
    ),
    "a reason with another status": (
        problem("GET", f"/api/v1/orders/{ORDER}", NOT_FOUND | {"status": 400}, 400),
        "no_such_order has status 404",
    ),
    "another status in the body": (problem("GET", f"/api/v1/orders/{ORDER}", NOT_FOUND | {"status": 400}), "$.status: 400"),
    "another trace": (problem("GET", f"/api/v1/orders/{ORDER}", NOT_FOUND | {"trace_id": "t-2"}), "$.trace_id"),
    "done with a wrong query": (
        exchange("GET", "/api/v1/orders?limit=1001", 200, {"items": [], "next_cursor": None}),
        "query limit: $: 1001 is greater than the maximum",
    ),
    "done with no flag": (
        exchange("GET", "/api/v1/orders?waiting=maybe", 200, {"items": [], "next_cursor": None}),
        "query waiting: $: 'maybe' is not of type 'boolean'",
    ),
    "done with a query nobody wrote down": (exchange("GET", "/api/v1/sites?vip=1", 200, {"items": []}), "no such parameter"),
    "done without what is needed": (
        exchange("GET", "/api/v1/stock", 200, {"items": [], "next_cursor": None}),
        "query site: is missing",
    ),
    "done with a wrong path": (exchange("PUT", "/api/v1/sites/York", 200, SITE, sent=SITE), "path site: $: 'York' does not match"),
    "done with a wrong header": (
        exchange("PUT", "/api/v1/sites/york", 200, SITE, sent=SITE, headers={"idempotency-key": "x" * 129}),
        "header Idempotency-Key: $:",
    ),
    "done without a body": (exchange("PUT", "/api/v1/sites/york", 200, SITE), "body: is missing"),
    "done with a wrong body": (
        exchange("PUT", "/api/v1/sites/york", 200, SITE, sent={"name": "York", "kind": "STORE"}),
        "body $: 'latitude' is a required property",
    ),
    "done with a body of another type": (
        exchange("PUT", "/api/v1/sites/york", 200, SITE, sent=SITE, sent_as="text/plain"),
        "body: the document has no text/plain",
    ),
    "done with a body nobody wrote down": (
        exchange("POST", "/api/v1/routing/runs", 200, dict.fromkeys(
            ("orders_seen", "orders_routed", "orders_partly", "orders_waiting", "groups_opened"), 0), sent={}),
        "body: the document has no application/json",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", NOT_FITTING)
def test_what_does_not_fit(case: str) -> None:
    what, why = NOT_FITTING[case]
    found = complaints(what)
    assert any(why in complaint for complaint in found), found
    assert all(f"cairn-hub {what.method} {what.path}" in complaint for complaint in found)


def test_literal_path_goes_before_a_template() -> None:
    watch = Watch(programs={URL: "cairn-hub"})
    watch(exchange("POST", "/api/v1/imports/products", 404, None))
    watch(exchange("GET", f"/api/v1/imports/{ORDER}", 404, None))
    assert watch.seen().answers.keys() == {("cairn-hub", "importProducts", 404), ("cairn-hub", "getImport", 404)}


VERDICT: Json = dict.fromkeys(("device", "what", "group", "order_reference", "line", "sku", "name", "event")) | {
    "station": "bench-1", "verdict": "nok", "reason": "no_task", "message": "claim one first", "code": "7",
    "taken_milli": 0, "line_open_milli": 0, "open_milli": 0, "scan_to_commit_us": 1,
}  # fmt: skip


def test_events() -> None:
    def event(name: str, data: Json) -> list[str]:
        return complaints(StreamEvent(URL, "/api/v1/stream", name, data), "cairn-agent")

    assert event("verdict", VERDICT) == []
    assert event("verdict", VERDICT | {"reason": None}) == []
    assert event("verdict", VERDICT | {"reason": "busy"}) == []
    assert "bad_mood is not in problems.md" in event("verdict", VERDICT | {"reason": "bad_mood"})[0]
    assert "'station' is a required property" in event("verdict", {k: VERDICT[k] for k in list(VERDICT) if k != "station"})[0]
    assert "('vip' was unexpected)" in event("verdict", VERDICT | {"vip": True})[0]
    assert "no such event" in event("gossip", {})[0]
    assert "no such event" in complaints(StreamEvent(URL, "/api/v1/stream", "verdict", VERDICT), "cairn-hub")[0]


def test_problems_are_read_from_their_page() -> None:
    assert (reasons()["locked_out"].status, reasons()["locked_out"].programs) == (429, {"cairn-hub", "cairn-agent"})
    assert (reasons()["no_task"].status, reasons()["no_task"].programs) == (422, {"cairn-agent"})
    assert (reasons()["unbound_scanner"].status, reasons()["unbound_scanner"].programs) == (0, {"cairn-agent"})


CHILD = """
import threading
import pytest
from conftest import WATCH
from lab.api import tell
from test_contract_watch import FITTING, NOT_FITTING, URL

def say(what):
    WATCH.programs[URL] = "cairn-hub"
    thread = threading.Thread(target=tell, args=(what,))
    thread.start()
    thread.join()

def test_fits(): say(FITTING["a list"])
def test_does_not_fit(): say(NOT_FITTING["no such status"][0])
def test_fails_anyway():
    say(NOT_FITTING["no such path"][0])
    assert False

@pytest.mark.xfail(strict=True)
def test_known_defect():
    say(NOT_FITTING["no such method"][0])
    assert False

@pytest.fixture(scope="module")
def late():
    yield
    say(NOT_FITTING["no problem"][0])

def test_last(late): pass
"""


def test_violation_in_any_thread_fails_its_test(tmp_path: Path) -> None:
    (tmp_path / "test_child.py").write_text(CHILD)
    here = Path(__file__).parent
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "conftest", "-p", "no:cacheprovider", "-rA", "--tb=short", tmp_path],
        env=os.environ | {"PYTHONPATH": f"{here}:{ROOT / 'provisioning'}"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    outcomes = {line.split("::")[1].split(" ")[0]: line.split(" ")[0] for line in done.stdout.splitlines() if "py::" in line}
    assert done.returncode == 1
    assert outcomes["test_fits"] == "PASSED", done.stdout
    assert outcomes["test_does_not_fit"] == outcomes["test_fails_anyway"] == "FAILED", done.stdout
    assert outcomes["test_known_defect"] == "XFAIL", done.stdout
    assert outcomes["test_last"] == "ERROR", done.stdout
    assert "GET /api/v1/sites (listSites): 202: the document has no such status" in done.stdout
    assert "GET /api/v1/secrets: 200: the document has no such operation" in done.stdout
