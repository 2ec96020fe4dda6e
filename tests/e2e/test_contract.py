"""Every operation of both documents, asked rightly and in every wrong way that is cheap to ask.

The documents make the list: an operation, parameter or member that is added to one is asked for here without a change,
or fails until there is a fitting request for it in callers.py. Whether the answers fit the documents is looked at by
conftest.py, as in all end-to-end tests; the last tests here see to it that nothing was left out.
"""

from __future__ import annotations

import http.client
import json
import re
import socket
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from callers import (
    ALONE_AT_HUB_MINOR, BASKET, CONTACT, CUP_MG, DEAD_BENCH, FOUND, LEASE, LEASED, NO_STOCK, ORDER_COLUMNS, ORDERS, PICKUPS, PROMOTION,
    SCALE_BENCH, SUPPLY, Call, Desk, Shop, another_site, as_json, example,
)  # fmt: skip
from contract import Document, Operation, Parameter, Seen, Watch, complaints, documents, reasons, validator
from jsonschema import Draft202012Validator
from lab.api import Answer, Api, Exchange, Json, Stream, tell
from lab.processes import Service
from paying import gbp
from pictures import picture_of, png
from selling import an_order
from shop import SimScanner, gtin, wait_for, wait_quiet

DOCUMENTS = documents()
OPERATIONS = [operation for document in DOCUMENTS.values() for operation in document.operations]
OPEN = {"getLivez", "getReadyz", "getVersion", "getMetrics", "getOpenApi", "getDevice", "listPeople", "signIn",
        "takeShopifyMessage"}  # to everybody; the last to who can sign
KEY = "Idempotency-Key"


def every(operations: Iterable[Operation]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("operation", operations, ids=str)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, binaries: Path, before: Seen) -> Iterator[Shop]:
    shop = Shop(tmp_path_factory.mktemp("contract"), binaries)
    yield shop
    shop.close()


@pytest.fixture(scope="module")
def before(watch: Watch) -> Seen:
    """What was seen before this module began."""
    return watch.seen()


@pytest.fixture()
def desk(shop: Shop, operation: Operation) -> Desk:
    return shop.desks[operation.program]


# ---- the documents themselves ----


def parts(part: Any) -> Iterator[Json]:
    """Every object within a document."""
    if isinstance(part, dict):
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from parts(inner)


@pytest.fixture(params=DOCUMENTS.values(), ids=DOCUMENTS)
def document(request: pytest.FixtureRequest) -> Document:
    return request.param


def test_every_reference_leads_somewhere(document: Document) -> None:
    for part in parts(document.content):
        if isinstance(part.get("$ref"), str):
            assert document.target(part["$ref"])


def test_every_schema_is_used_and_is_one(document: Document) -> None:
    used = {part["$ref"] for part in parts(document.content) if isinstance(part.get("$ref"), str)}
    for kind in ("schemas", "parameters", "responses"):
        for name in document.content["components"][kind]:
            assert f"#/components/{kind}/{name}" in used
    for schema in document.content["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_example_fits_its_schema(document: Document) -> None:
    for operation in document.operations:
        for media, schema in operation.body.items():
            if media == "application/json":
                assert example(operation)
            for each in schema.get("examples", []):
                assert complaints(schema, each) == [], operation


def test_every_operation_is_described(document: Document) -> None:
    tags = {tag["name"] for tag in document.content["tags"]}
    names = [operation.name for operation in document.operations]
    assert len(set(names)) == len(names)
    for operation in document.operations:
        said = document.content["paths"][operation.template][operation.method.lower()]
        assert said["summary"] and said["tags"] and set(said["tags"]) <= tags, operation
        for status, answer in said["responses"].items():
            answer = document.target(answer["$ref"]) if "$ref" in answer else answer
            assert answer["description"], (operation, status)
            for content in answer.get("content", {}).values():
                assert content.get("schema") or content.get("example"), (operation, status)
        assert (operation.permission == "") == (operation.name in OPEN), operation
        in_path = {parameter.name for parameter in operation.parameters if parameter.place == "path"}
        assert in_path == set(operation.pattern.groupindex), operation
        assert "default" in operation.answers, operation


def test_shared_parts_are_the_same_in_both() -> None:
    hub, agent = (document.content["components"] for document in DOCUMENTS.values())
    for kind, different in (("schemas", {"SignIn"}), ("parameters", set()), ("responses", set())):
        for name in hub[kind].keys() & agent[kind].keys() - different:
            assert hub[kind][name] == agent[kind][name], name


def test_program_serves_its_document(shop: Shop, document: Document) -> None:
    assert shop.desks[document.program].nobody().get("/openapi.json") == document.content


def test_permissions_are_those_that_roles_have(shop: Shop) -> None:
    held = {permission for desk in shop.desks.values() for held in desk.permissions.values() for permission in held}
    assert {operation.permission for operation in OPERATIONS} <= held | {"", "any"}


# ---- asked rightly ----

STREAMS = [operation for operation in OPERATIONS if operation.events]
PAGED = [operation for operation in OPERATIONS if operation.parameter("cursor")]
@every(operation for operation in OPERATIONS if not operation.events)
def test_done(shop: Shop, operation: Operation) -> None:
    answer = shop.fitting(operation).make(operation)
    assert answer.status == operation.success, answer.body
    if answer.body.startswith(b'{"items"'):
        assert answer.json()["items"], "an empty list shows nothing"


@every(operation for operation in OPERATIONS if operation.method == "GET")
def test_head_is_answered_where_get_is(shop: Shop, operation: Operation) -> None:
    call = shop.fitting(operation)
    head = call.make(operation, method="HEAD")
    assert (head.status, head.body) == (200, b"")
    if not operation.events:
        assert head.headers["Content-Type"] == call.make(operation).headers["Content-Type"]


def walk(operation: Operation, call: Call, size: int) -> list[Json]:
    """All items of a list, so many at a time."""
    items: list[Json] = []
    query = {"limit": str(size)}
    while True:
        page = Call(call.api, call.path, call.query | query).make(operation).json()
        assert len(page["items"]) <= size
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        assert page["items"], "a page without items must be the last"
        query["cursor"] = page["next_cursor"]


@every(PAGED)
def test_small_pages_make_the_whole_list(shop: Shop, operation: Operation) -> None:
    wait_quiet(shop.floor.boss)
    call = shop.fitting(operation)
    whole = walk(operation, call, 1000)
    assert walk(operation, call, 1 + len(whole) // 5) == whole


@contextmanager
def stream_of(desk: Desk) -> Iterator[None]:
    """Somebody who listens, for the watch to hear it."""
    stream = Stream(desk.boss)
    try:
        wait_for("hello", lambda: stream.connections)
        yield
    finally:
        stream.stop()


def hear_everything(watch: Watch, desk: Desk, before: Seen) -> None:
    """Until each event of the document has come."""
    program = desk.document.program
    wanted = {name for operation in STREAMS if operation.program == program for name in operation.events}

    def missing() -> set[str]:
        heard = watch.seen().since(before).events
        return {name for name in wanted if (program, name) not in heard}

    wait_for(f"{wanted}", lambda: not missing())


def test_every_event_of_the_hub(shop: Shop, watch: Watch) -> None:
    before = watch.seen()
    with stream_of(shop.hub):
        shop.run_import("products", "sku,name\nPAN-2,Pan\n")
        shop.claimed()
        hear_everything(watch, shop.hub, before)


def test_every_event_of_the_agent(shop: Shop, watch: Watch) -> None:
    before = watch.seen()
    scanner = SimScanner(shop.company.binaries / "cairn-sim", shop.agent.stations[0].scanner)
    with stream_of(shop.floor):
        shop.company.broker.stop()
        shop.claimed()[0].post("/api/v1/scans", {"code": gtin("CUP-1")})
        post(shop.floor.boss, "/api/v1/drawer/open", {"reason": "change"})
        hear_everything(watch, shop.floor, before)
        shop.company.broker.start()
    scanner.close()


def test_what_a_scan_does_follows_from_the_mode_of_its_station(shop: Shop) -> None:
    def heard(api: Api, code: str) -> tuple[str, bool]:
        verdict = api.post("/api/v1/scans", {"code": code})
        return verdict["what"], verdict["event"] is not None

    assert heard(shop.claimed()[0], gtin("CUP-1")) == ("pick", True)
    api, _ = shop.to_put_back()
    api.put("/api/v1/station-mode", {"mode": "PUT_BACK"})
    assert heard(api, gtin("CUP-1")) == ("put_back", True)
    api.put("/api/v1/station-mode", {"mode": "RETURN"})
    assert heard(api, shop.sale) == ("return_find", False)
    assert heard(api, gtin("CUP-2")) == ("return_unit", False)
    station = api.get("/api/v1/sessions/current")["station"]
    modes = {each["station"]: each["mode"] for each in api.get("/api/v1/stations")["items"]}
    assert modes[station] == "RETURN"


def test_what_is_no_picture_is_told_why(shop: Shop) -> None:
    operation = next(operation for operation in OPERATIONS if operation.name == "scanPicture")
    for content, reason in ((b"GIF89a", "not_an_image"), (picture_of()[:-60], "bad_image"), (png([b"\0" * 12_001]), "image_too_large")):
        answer = Call(shop.bench(), content=content).make(operation)
        assert (answer.status, answer.reason) == (400, reason)


def test_undo_takes_scans_back_one_by_one(shop: Shop) -> None:
    api, group = shop.picked()
    code = gtin("CUP-1")
    for left in (1, 2):
        verdict = api.post("/api/v1/undo")
        assert (verdict["what"], verdict["verdict"], verdict["taken_milli"]) == ("undo", "ok", 1000)
        assert (verdict["group"], verdict["line_open_milli"]) == (group, 1000 * left)
        assert verdict["event"] is not None
    assert shop.group(group)["status"] == "PICKING"
    api.post("/api/v1/scans", {"code": code})
    api.post("/api/v1/scans", {"code": code})
    assert shop.group(group)["status"] == "PICKED"


def test_undo_at_a_return_counter_takes_a_unit_off_the_draft(shop: Shop) -> None:
    api = shop.draft()
    api.put("/api/v1/station-mode", {"mode": "RETURN"})
    api.post("/api/v1/scans", {"code": gtin("CUP-2")})
    verdict = api.post("/api/v1/undo")
    assert (verdict["what"], verdict["event"], verdict["sku"]) == ("undo", None, "CUP-2")
    assert api.get("/api/v1/return-draft")["units"] == []
    assert post(api, "/api/v1/undo") == "422 nothing_to_undo"
    api.put("/api/v1/station-mode", {"mode": "PUT_BACK"})
    assert post(api, "/api/v1/undo") == "422 nothing_to_undo"


def test_what_waits_to_be_sent_is_listed_until_the_hub_has_it(shop: Shop) -> None:
    wait_quiet(shop.floor.boss)
    assert shop.floor.boss.get("/api/v1/outbox") == {"total": 0, "oldest_at": None, "items": []}
    shop.company.broker.stop()
    try:
        api, group = shop.claimed()
        api.post("/api/v1/scans", {"code": gtin("CUP-1")})
        waiting = api.get("/api/v1/outbox")
    finally:
        shop.company.broker.start()
    order = shop.group(group)["order_reference"]
    assert [(each["type"], each["about"]) for each in waiting["items"]] == [
        ("TaskClaimed", order), ("LinePicked", order), ("StockMoved", order),
    ]  # fmt: skip
    assert (waiting["total"], waiting["oldest_at"]) == (3, waiting["items"][0]["at"])
    wait_quiet(shop.floor.boss)
    assert api.get("/api/v1/outbox")["total"] == 0


def test_timeline_of_an_order_tells_who_did_what(shop: Shop) -> None:
    api, group = shop.picked()
    api.post("/api/v1/undo")
    order = shop.group(group)["order_id"]
    wait_quiet(shop.floor.boss)
    told = shop.hub.boss.get(f"/api/v1/orders/{order}/timeline")["items"]
    assert [entry["type"] for entry in told] == [
        "OrderPlaced", "ShipGroupAllocated", "TaskClaimed", "LinePicked", "LinePicked", "PickUndone",
    ]  # fmt: skip
    assert told[0]["device"] == "Head office"
    assert told[-1]["person"] == shop.picker["name"]
    assert told[-1]["sentence"] == "1 of Article CUP-1 put back: the pick was a mistake"
    assert [int(entry["hlc"]) for entry in told] == sorted(int(entry["hlc"]) for entry in told)


def test_orders_are_found_by_what_they_are(shop: Shop) -> None:
    def found(query: str) -> set[str]:
        return {order["external_id"] for order in shop.hub.boss.pages(f"/api/v1/orders?{query}")}

    parked = shop.parked_order()
    assert parked in {order["id"] for order in shop.hub.boss.pages("/api/v1/orders?parked=true")}
    assert found("method=PICKUP") == set(PICKUPS)
    assert found("site=shop&text=SHORT-1") == {name for name in ORDERS if name.startswith("short-1")}
    assert found("site=annex-9") == set()
    everything = found("limit=1000")
    by_status = [found(f"status={status}") for status in ("APPROVED", "COMPLETED", "CANCELLED", "HOLD", "REJECTED")]
    assert set().union(*by_status) == everything
    assert sum(map(len, by_status)) == len(everything)


# ---- asked twice ----

REPEATABLE = [operation for operation in OPERATIONS if operation.parameter(KEY)]
# What takes effect then was recorded before; a receipt is a copy of what is recorded.
DONE_WITHOUT_A_RECORD = {
    "replayQuarantine", "pausePrinter", "resumePrinter", "printHandOverReceipt", "printReturnReceipt", "openDrawer",
    "resendNotification",  # no events: what is personal stays out of the log
    "makeApiKey", "revokeApiKey", "pauseRouting", "resetSiteCapacity",  # the hub's own business: in its audit trail, not in its log
}  # fmt: skip


@every(REPEATABLE)
def test_repetition_is_answered_as_the_first_time_and_done_once(shop: Shop, desk: Desk, operation: Operation) -> None:
    call, key = shop.fitting(operation), {KEY: str(uuid.uuid4())}
    at_first = desk.written()
    first = call.make(operation, key)
    after_first = desk.written()
    again = call.make(operation, key)
    assert first.status == operation.success, first.body
    assert after_first > at_first or operation.name in DONE_WITHOUT_A_RECORD, "nothing was done"
    assert again.status == first.status
    once = {"issueGiftCard": "code", "makeApiKey": "secret"}.get(operation.name, "pin")
    assert again.json() == first.json() | ({once: None} if once in first.json() else {})
    assert (first.headers["Idempotency-Replayed"], again.headers["Idempotency-Replayed"]) == (None, "true")
    assert desk.written() == after_first


MONEY_MOVES = {
    "openPayment", "capturePayment", "refundPayment", "issueGiftCard", "issueStoreCredit", "topUpStoredValue", "grantEscrow"
}  # fmt: skip


def another(operation: Operation, call: Call) -> Call:
    """A fitting request that is not the same."""
    if call.content is None and not call.path:
        return Call(call.api, call.path, call.query, b"{}")
    if "application/json" not in operation.body and call.content:
        return Call(call.api, call.path, call.query, call.content + b"\0")
    if call.content is None:
        return Call(call.api, {name: another_site() if name == "site" else str(uuid.uuid4()) for name in call.path}, call.query)
    other: Json = {"name": "somebody else", "code": gtin("CUP-2"), "quantity_milli": 2000, "weight_mg": 1, "came_out": True,
                   "threshold_milli": 7000, "milli": 2500, "customer": "somebody else", "note": "something else"}
    if operation.name in ("takeReturn", "openDrawer"):
        other["reason"] = "too small"
    if operation.name in ("printHandOverReceipt", "printReturnReceipt"):
        other["printer"] = "no-drawer"
    if operation.name == "putLeasePolicy":
        other["beyond"] = "REFUSE"
    if operation.name == "closeEscrow":
        other["spent_minor"] = 51
    if operation.name in MONEY_MOVES:
        other["amount"] = {"minor": 7, "currency": "GBP"}
    if operation.name == "decideApproval":
        other["note"] = "not seen"
    if operation.name == "commandNode":
        other["argument"] = "21"
    if operation.name == "putNodeConfig":
        other["values"] = {"log_level": "error"}
    if operation.name == "moveOrder":
        other["queue"] = "UNFILLABLE_HOLD"
    if operation.name == "putRuleSet":
        other["rules"] = {"routings": []}
    if operation.name == "putPromotion":
        other["basis_points"] = 5
    if operation.name == "pauseRouting":
        other["paused"] = True
    if operation.name == "moveLabels":
        other["to"] = "printer-1"
    if operation.name == "cancelLabels":
        other["job"] = example(operation)["job"]
    if operation.name == "printLabel":
        other["package"] = example(operation)["package"]
    body = json.loads(call.content)
    changed = as_json(body | {name: value for name, value in other.items() if name in body})
    assert changed != call.content
    return Call(call.api, call.path, call.query, changed)


@every(REPEATABLE)
def test_key_of_another_request_is_refused(shop: Shop, desk: Desk, operation: Operation) -> None:
    call, key = shop.fitting(operation), {KEY: str(uuid.uuid4())}
    assert call.make(operation, key).status == operation.success
    written = desk.written()
    answer = another(operation, call).make(operation, key)
    assert (answer.status, answer.reason) == (400, "idempotency_key_reused")
    assert desk.written() == written


def test_keys_of_two_people_are_two_keys(shop: Shop) -> None:
    claim = next(operation for operation in OPERATIONS if operation.name == "claimTask")
    key = {KEY: "mine"}
    for call in (Call(shop.bench(), {"group": shop.fresh()}), Call(shop.floor.boss, {"group": shop.fresh()})):
        assert call.make(claim, key).status == 200
    release = next(operation for operation in OPERATIONS if operation.name == "releaseTask")
    call.make(release)


def test_refused_request_does_not_use_up_its_key(shop: Shop) -> None:
    scan = next(operation for operation in OPERATIONS if operation.name == "scan")
    api, key = shop.bench(), {KEY: str(uuid.uuid4())}
    call = Call(api, content=as_json({"code": gtin("CUP-1")}))
    assert call.make(scan, key).reason == "no_task"
    api.post(f"/api/v1/tasks/{shop.fresh()}/claim")
    assert call.make(scan, key).status == 200


# ---- written down ----

CHANGES_NOTHING = {"findGiftCard", "checkSettlement", "replayRoutingDecision", "simulateRouting", "previewPromotions"}
CHANGING = [
    operation
    for operation in OPERATIONS
    if operation.program == "cairn-hub" and operation.method != "GET" and operation.name not in CHANGES_NOTHING
]


@every(CHANGING)
def test_what_is_changed_at_the_hub_is_in_the_audit_trail(shop: Shop, operation: Operation) -> None:
    call = shop.fitting(operation)
    before = shop.hub.boss.get("/api/v1/audit/verification")
    assert call.make(operation).status == operation.success
    entries = [
        entry
        for entry in shop.hub.boss.get("/api/v1/audit?limit=20")["items"]
        if entry["seq"] > before["entries"] and entry["route"] == f"{operation.method} {operation.template}"
    ]
    assert len(entries) == 1, entries
    assert entries[0]["verb"] == {"signIn": "sign_in", "signOut": "sign_out"}.get(operation.name, operation.permission)
    assert entries[0]["outcome"] in (str(operation.success), "begun")


# ---- asked by the wrong people ----

GUARDED = [operation for operation in OPERATIONS if operation.permission]


@every(GUARDED)
def test_nobody_may(desk: Desk, operation: Operation) -> None:
    for headers in ({}, {"Authorization": "Bearer made-up"}, {"Cookie": "cairn_session=made-up", "X-Cairn-CSRF": "1"}):
        answer = desk.strange(operation, desk.nobody()).make(operation, headers)
        assert (answer.status, answer.reason) == (401, "unauthenticated")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


@every(operation for operation in GUARDED if operation.permission != "any")
def test_only_roles_with_the_permission_may(desk: Desk, operation: Operation) -> None:
    for role, api in desk.people.items():
        answer = desk.strange(operation, api).make(operation)
        if operation.permission in desk.permissions[role]:
            assert answer.reason not in ("unauthenticated", "forbidden"), role
        else:
            assert (answer.status, answer.reason) == (403, "forbidden"), role
            assert answer.json()["detail"] == f"this needs the permission {operation.permission}"


@every(operation for operation in GUARDED if operation.method != "GET")
def test_cookie_alone_changes_nothing(desk: Desk, operation: Operation) -> None:
    cookie = {"Cookie": f"cairn_session={desk.boss.token}"}
    answer = desk.strange(operation).make(operation, cookie)
    assert (answer.status, answer.reason) == (403, "csrf")


# ---- asked wrongly ----

# What a parameter may be given; those that do not fit its schema are sent.
TEXTS = ("", "0", "-1", "1001", "1.5", "1e2", "maybe", "TRUE", "NOT RIGHT", "\u00e4\u00f6", "x" * 200)
VALUES = (None, True, 0, -1, 1.5, 10**15, "", "NOT RIGHT", "x" * 500, [], {})
BY_COST = {"routings": [{"name": "r", "queues": ["BROKERING"], "rules": [{"name": "c", "assignment": {"mode": "COST"}}]}]}
NO_JSON = (b"", b"{", b"[]", b"null", b'"text"', b'{"name": "a", "name": "b"}', b"\xff", b"[" * 200, b"{}{}", b'{"a": NaN}')


def wrong_texts(parameter: Parameter) -> list[str]:
    wrong = [text for text in TEXTS if not validator(parameter.schema).is_valid(parameter.value(text))]
    return [text for text in wrong if text] if parameter.place == "path" else wrong


def parameters_to_get_wrong() -> Iterator[Any]:
    for operation in OPERATIONS:
        for parameter in operation.parameters:
            if wrong_texts(parameter):
                yield pytest.param(operation, parameter, id=f"{operation} {parameter.name}")


@pytest.mark.parametrize(("operation", "parameter"), parameters_to_get_wrong())
def test_parameter_out_of_range(desk: Desk, operation: Operation, parameter: Parameter) -> None:
    for text in wrong_texts(parameter):
        call, headers = desk.strange(operation), {}
        if parameter.place == "header":
            headers[parameter.name] = text.encode().decode("latin-1")
        else:
            (call.path if parameter.place == "path" else call.query)[parameter.name] = text
        answer = call.make(operation, headers)
        assert answer.status == 400, f"{text!r}: {answer.body!r}"


@every(PAGED)
def test_cursor_of_nobody(shop: Shop, operation: Operation) -> None:
    for cursor in ("zz", "abc", "next", b"a\x1fb\x1fc\x1fd".hex()):
        call = shop.fitting(operation)
        call.query["cursor"] = cursor
        answer = call.make(operation)
        assert (answer.status, answer.reason) == (400, "bad_cursor"), cursor


SIGNED = {"takeShopifyMessage"}  # nothing of the body counts before its signature
WITH_JSON = [operation for operation in OPERATIONS if "application/json" in operation.body and operation.name not in SIGNED]


@every(WITH_JSON)
def test_body_that_is_no_object(desk: Desk, operation: Operation) -> None:
    for content in NO_JSON:
        if content or operation.body_required:
            call = desk.strange(operation)
            call.content = content
            answer = call.make(operation)
            assert (answer.status, answer.reason in ("bad_json", "bad_request")) == (400, True), content


@every(WITH_JSON)
def test_member_that_is_missing_or_wrong(desk: Desk, operation: Operation) -> None:
    schema = operation.body["application/json"]
    wrong = [
        (name, example(operation) | {name: value})
        for name, member in schema["properties"].items()
        for value in VALUES
        if not validator(member).is_valid(value)
    ]
    wrong += [
        (name, {other: value for other, value in example(operation).items() if other != name})
        for name in schema.get("required", [])
    ]
    for name, body in wrong:
        call = desk.strange(operation)
        call.content = as_json(body)
        answer = call.make(operation)
        assert (answer.status, answer.reason) == (400, "bad_request"), body
        assert re.search(f"/{name}[:/]", answer.json()["detail"]), body  # of the member, or within it


@every(WITH_JSON)
def test_member_that_nobody_knows(desk: Desk, operation: Operation) -> None:
    call = desk.strange(operation)
    call.content = as_json(example(operation) | {"colour": "red"})
    answer = call.make(operation)
    assert (answer.status, answer.reason) == (400, "bad_request")


def test_all_that_is_wrong_is_told_at_once(shop: Shop) -> None:
    answer = shop.hub.boss.ask("PUT", "/api/v1/sites/york", as_json({"name": "", "kind": "KIOSK", "latitude": 91}))
    assert answer.reason == "bad_request"
    for name in ("/name: ", "/kind: ", "/latitude: ", "/longitude: is missing"):
        assert name in answer.json()["detail"]


ABOUT_SOMETHING = [operation for operation in OPERATIONS if operation.pattern.groupindex and operation.method != "PUT"]


@every(ABOUT_SOMETHING)
def test_things_that_do_not_exist(desk: Desk, operation: Operation) -> None:
    answer = desk.strange(operation).make(operation)
    assert answer.status == 404
    assert answer.reason.startswith("no_such_")
    assert answer.reason != "no_such_path"


PLACES = {f"{operation.program} {operation.template}": operation for operation in OPERATIONS}


@pytest.mark.parametrize("place", PLACES)
def test_other_methods_are_not_allowed(shop: Shop, place: str) -> None:
    operation = PLACES[place]
    desk = shop.desks[operation.program]
    call = desk.strange(operation)
    call.content = None
    known = {other.method for other in desk.document.matching(operation.template.format(**call.path))}
    for method in {"GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS"} - known:
        answer = call.make(operation, method=method)
        assert (answer.status, answer.reason) == (405, "method_not_allowed"), method
        assert set(answer.headers["Allow"].split(", ")) == known | ({"HEAD"} if "GET" in known else set())


# ---- refused by what is the case ----


def says(answer: Answer) -> str:
    return f"{answer.status} {answer.reason}"


def post(api: Api, path: str, body: Any = None) -> str:
    content = None if body is None else as_json(body)
    key = {KEY: str(uuid.uuid4())}
    return says(api.ask("POST", path, content, key | ({"Content-Type": "application/json"} if content else {})))


def scan(api: Api, code: str) -> str:
    return post(api, "/api/v1/scans", {"code": code})


def two_claims(shop: Shop) -> str:
    api, _ = shop.claimed()
    return post(api, f"/api/v1/tasks/{shop.fresh()}/claim")


def claim_of_another(shop: Shop) -> str:
    return post(shop.bench(), f"/api/v1/tasks/{shop.claimed()[1]}/claim")


def scan_too_many(shop: Shop) -> str:
    api, group = shop.claimed("long")
    api.post("/api/v1/scans", {"code": gtin("CUP-2")})
    api.post("/api/v1/quantities", {"quantity_milli": 20_000})
    return scan(api, gtin("CUP-2"))


def task_after(shop: Shop, verb: str, *, shipped: bool) -> str:
    api, group = shop.shipped()[:2] if shipped else shop.picked()
    where = "ship-groups" if verb == "ship" else "tasks"
    return post(api, f"/api/v1/{where}/{group}/{verb}")


def at(held: tuple[Any, ...], verb: str, body: Any = None) -> str:
    """What a group's holder is answered."""
    return post(held[0], f"/api/v1/ship-groups/{held[1]}/{verb}", body)


def on_scale(shop: Shop, *commands: str, body: Json | None = None) -> str:
    """A package is closed at the station with the scale; then its usual weight lies on it again."""
    _, group = shop.picked()
    try:
        for command in commands:
            shop.hardware.command(command)
        return at((shop.bench_with(SCALE_BENCH), group), "packages", body or {})
    finally:
        shop.hardware.command("weight @scale-1 0.200")


def print_again(shop: Shop, printer: str = "printer-1") -> str:
    """A label that was sent to a printer before."""
    api, group, package = shop.packed()
    body = {"package": package, "printer": printer}
    shop.floor.boss.post(f"/api/v1/ship-groups/{group}/labels", body)
    shop.printing(group)
    if printer != "slow":
        shop.floor.settle()
    return at((api, group), "labels", body)


def package_of_another(shop: Shop) -> str:
    body = {"package": shop.packed()[2]}
    return at(shop.packed(), "label-checks", body | {"came_out": True})


def wrong_code(code: str) -> str:
    return "000000" if code != "000000" else "111111"


def five_wrong_codes(shop: Shop) -> str:
    api, group, code = shop.ready()
    path = f"/api/v1/ship-groups/{group}/hand-over"
    given = [api.post(path, {"code": wrong_code(code)}) for _ in range(5)]
    assert [(one["outcome"], one["tries_left"]) for one in given] == [("WRONG_CODE", left) for left in (4, 3, 2, 1, 0)]
    assert given[-1]["group"]["pickup"] == {"code_minted": True, "wrong_codes": 5, "locked": True}
    locked = post(api, path, {"code": code})
    assert given[-1]["group"]["hand_over"] is None
    done = api.post(path, {"approval": shop.approval()})
    assert done["outcome"] == "HANDED_OVER" and done["group"]["hand_over"]["person"]
    return locked


def undone_elsewhere(shop: Shop) -> str:
    _, group = shop.handed_over()
    sister = shop.company.agent_api(shop.sister)
    wait_for("the hand-over at the other agent", lambda: shop.group(group, sister)["status"] == "HANDED_OVER")
    return at((sister, group), "hand-over/undo")


def approved_by(shop: Shop, person: Json, **changed: str) -> str:
    api, group, _ = shop.ready()
    return at((api, group), "hand-over", {"approval": shop.approval(person) | changed})


def approved_by_oneself(shop: Shop) -> str:
    _, group, _ = shop.ready()
    lead = shop.floor.nobody()
    lead.sign_in(shop.lead["name"], shop.lead["pin"], f"station-{shop.number()}")
    return at((lead, group), "hand-over", {"approval": shop.approval()})


def codes_of_nobody(shop: Shop) -> str:
    answers = [post(shop.floor.boss, "/api/v1/pickups/lookup", {"code": f"nobody's {number}"}) for number in range(11)]
    assert set(answers[:-1]) <= {"404 unknown_code", "429 too_many_requests"}
    return answers[-1]


def claimed_at_hub(shop: Shop, group: str, verb: str = "pickup-code") -> str:
    """Asked of the hub once it knows what the site knows."""
    wait_quiet(shop.floor.boss)
    return at((shop.hub.boss, group), verb)


def cancelled_group(shop: Shop, kind: str = "short") -> str:
    group = shop.fresh(kind)
    shop.cancel_all(group)
    return group


def put(api: Api, path: str, body: Json) -> str:
    return says(api.ask("PUT", path, as_json(body), {"Content-Type": "application/json"}))


def return_units(shop: Shop, milli: int, line: int = 1) -> str:
    body = {"line": line, "condition": "RESTOCK", "quantity_milli": milli}
    return put(shop.draft(), "/api/v1/return-draft/units", body)


def sale_without_a_hub(shop: Shop) -> str:
    shop.company.broker.stop()
    try:
        wait_for("the link to be down", lambda: shop.floor.boss.get("/api/v1/sync")["link"] == "down")
        return put(shop.bench(), "/api/v1/return-draft", {"code": "somebody else's"})
    finally:
        shop.company.broker.start()
        wait_quiet(shop.floor.boss)


def scan_to_put_back(shop: Shop) -> str:
    """The list has entries of CUP-1 only."""
    api = shop.bench()
    api.put("/api/v1/station-mode", {"mode": "PUT_BACK"})
    return scan(api, gtin("CUP-2"))


def pay(shop: Shop, **changed: Any) -> str:
    body = {"tender": "CARD", "amount": gbp(1000), "token": "tok_visa"} | changed
    return post(shop.hub.boss, f"/api/v1/orders/{shop.known['order']}/payments", body)


def of_payment(shop: Shop, payment: Json, verb: str, minor: int = 0, **more: str) -> str:
    body = {"amount": gbp(minor)} | more if minor else None
    return post(shop.hub.boss, f"/api/v1/payments/{payment['id']}/{verb}", body)


def without_a_key(shop: Shop) -> str:
    body = as_json({"tender": "CASH", "amount": gbp(100)})
    headers = {"Content-Type": "application/json"}
    return says(shop.hub.boss.ask("POST", f"/api/v1/orders/{shop.known['order']}/payments", body, headers))


def asked_twice(shop: Shop) -> str:
    shop.company.provider.fail_next("answer_lost")
    payment = shop.till.open(shop.known["order"])
    said = of_payment(shop, payment, "void")
    shop.till.answered(payment)
    return said


def expired_payment(shop: Shop) -> Json:
    payment = shop.payment()
    shop.company.provider.fail_next("expired")
    return shop.till.answered(shop.till.capture(payment, 1))


def captured_twice(shop: Shop) -> str:
    payment = shop.payment()
    group = shop.hub.boss.get(f"/api/v1/orders/{shop.known['order']}")["ship_groups"][0]["id"]
    shop.till.answered(shop.till.capture(payment, 1, ship_group=group))
    return of_payment(shop, payment, "captures", 1, ship_group=group)


def refunded(shop: Shop) -> str:
    payment = shop.taken_payment()
    shop.till.answered(shop.till.refund(payment, 1000))
    return of_payment(shop, payment, "captures", 1)


def given_up(shop: Shop) -> str:
    payment = shop.payment()
    shop.till.answered(shop.till.void(payment))
    return of_payment(shop, payment, "captures", 1)


def of_card(shop: Shop, verb: str, body: Json) -> str:
    return post(shop.hub.boss, f"/api/v1/stored-values/{shop.gift_card()['id']}/{verb}", body)


def settled_now(shop: Shop) -> str:
    path = "/api/v1/settlement-reports?from=now"
    return says(shop.hub.boss.ask("POST", path, b"", {"Content-Type": "text/csv"}))


def closed_escrow(shop: Shop, spent: int = 50, twice: bool = False) -> str:
    path = f"/api/v1/stored-values/{shop.gift_card()['id']}"
    shop.hub.boss.post(f"{path}/escrows", {"site": "shop", "amount": gbp(100)})
    said = post(shop.hub.boss, f"{path}/escrow-closings", {"number": 1, "spent_minor": spent})
    return post(shop.hub.boss, f"{path}/escrow-closings", {"number": 1, "spent_minor": spent}) if twice else said


def make_key(shop: Shop, *scopes: str, name: str = "") -> str:
    return post(shop.hub.boss, "/api/v1/api-keys", {"name": name or f"key-{shop.number()}", "scopes": scopes})


def with_key(shop: Shop, method: str, path: str) -> str:
    api = shop.hub.nobody()
    api.token = shop.api_key()["secret"]
    return says(api.ask(method, path))


def decide(shop: Shop, by: Api, approval: str = "", times: int = 1) -> str:
    approval = approval or shop.asked_for()["id"]
    return [post(by, f"/api/v1/approvals/{approval}/decision", {"decision": "REJECT"}) for _ in range(times)][-1]


def too_late(shop: Shop) -> str:
    group = shop.packed()[1]
    wait_quiet(shop.floor.boss)
    return cancel(shop, shop.group(group)["order_id"], milli=2000)


def convert(shop: Shop, order: str, milli: int = 1000) -> str:
    return post(shop.hub.boss, f"/api/v1/orders/{order}/conversions", {"line": 1, "quantity_milli": milli})


def service(shop: Shop) -> str:
    """An order of one service."""
    name = f"service-{shop.number()}"
    row = f"{name},1,POST,1,2.50,2026-11-02T09:15:00Z,c,53.9,-1.0,0\n"
    shop.run_import("orders", f"{ORDER_COLUMNS.strip()},is_product\n{row}", "channel=desk")
    return str(shop.hub.boss.get(f"/api/v1/orders?channel=desk&external_id={name}")["items"][0]["id"])


def taken_name(shop: Shop) -> str:
    return post(shop.hub.boss, "/api/v1/staff", {"site": "shop", "name": "manager", "role": "PICKER"})


def moved_node(shop: Shop) -> str:
    shop.hub.boss.put("/api/v1/sites/annex", {"name": "Annex", "kind": "STORE", "latitude": 51, "longitude": 0})
    return post(shop.hub.boss, "/api/v1/nodes", {"site": "annex", "name": "till", "node": shop.agent.node})


def beyond_lease(shop: Shop) -> str:
    policy = "/api/v1/stock/lease-policies/refusing"
    shop.hub.boss.put(policy, LEASED | {"beyond": "REFUSE"})

    def heard() -> bool:
        told = [r["payload"]["policy"] for r in shop.floor.boss.pages("/api/v1/log") if r["event"] == "LeasePolicyDefined"]
        return "refusing" in told

    try:
        wait_for("the policy at the agent", heard)
        return post(shop.bench(), "/api/v1/counter-sales", {"code": gtin("CUP-2"), "quantity_milli": 1_000_000_000})
    finally:
        shop.hub.boss.put(policy, LEASED | {"active": False})


def last_admin(shop: Shop) -> str:
    user = shop.hub.boss.get("/api/v1/sessions/current")["user"]
    return post(shop.hub.boss, f"/api/v1/staff/{user}/remove")


def cancel(shop: Shop, order: str, line: int = 1, milli: int = 1000) -> str:
    return post(shop.hub.boss, f"/api/v1/orders/{order}/cancellations", {"line": line, "quantity_milli": milli})


def import_as(shop: Shop, kind: str, query: str, csv: str) -> str:
    return says(shop.hub.boss.ask("POST", f"/api/v1/imports/{kind}?{query}", csv.encode(), {"Content-Type": "text/csv"}))


def second_import(shop: Shop) -> str:
    """While one runs that takes a second or so."""
    rows = "sku,name\n" + "".join(f"THING-{number},Thing\n" for number in range(200_000))
    assert import_as(shop, "products", "dry_run=true", rows) == "202 "
    found = import_as(shop, "products", "dry_run=true", "sku,name\n")
    wait_for("the end of the import", lambda: shop.hub.boss.get("/api/v1/imports")["items"][0]["state"] == "done")
    return found


def released(shop: Shop, kind: str) -> str:
    """What somebody hears who tests, or prints with, a printer that is released."""
    boss = shop.floor.boss
    assert boss.post("/api/v1/devices/spare/release")["state"] == "released"
    try:
        if kind == "test":
            return post(boss, "/api/v1/devices/spare/test")
        api, group, package = shop.packed()
        return post(api, f"/api/v1/ship-groups/{group}/labels", {"package": package, "printer": "spare"})
    finally:
        boss.post("/api/v1/devices/spare/claim")


def two_tests(shop: Shop) -> str:
    """A scanner's test takes as long as nobody scans."""


    def guns() -> list[Json]:
        return [device for device in shop.floor.boss.get("/api/v1/devices")["items"] if device["kind"] == "scanner"]

    gun = guns()[0]["name"]
    thread = threading.Thread(target=shop.bench().post, args=(f"/api/v1/devices/{gun}/test",))
    thread.start()
    try:
        wait_for("the first test", lambda: guns()[0]["control_state"] == "busy")
        return post(shop.floor.boss, f"/api/v1/devices/{gun}/test")
    finally:
        thread.join()


REFUSALS: dict[str, tuple[str, Callable[[Shop], str]]] = {
    "a test of no device": ("404 no_such_device", lambda shop: post(shop.floor.boss, "/api/v1/devices/nobody/test")),
    "a test of a released device": ("503 device_released", lambda shop: released(shop, "test")),
    "a label for a released printer": ("503 device_released", lambda shop: released(shop, "label")),
    "two tests of one device": ("409 device_in_test", two_tests),
    "a release by a picker": ("403 forbidden", lambda shop: post(shop.bench(), "/api/v1/devices/spare/release")),
    "a second task": ("409 station_busy", two_claims),
    "somebody else's task": ("409 claimed_by_other", claim_of_another),
    "a quantity nobody asked for": (
        "409 nothing_pending",
        lambda shop: post(shop.bench(), "/api/v1/quantities", {"quantity_milli": 1000}),
    ),
    "more than is open": ("422 over_pick", lambda shop: post(shop.pending(), "/api/v1/quantities", {"quantity_milli": 21_000})),
    "half a piece": ("400 bad_quantity", lambda shop: post(shop.pending(), "/api/v1/quantities", {"quantity_milli": 500})),
    "a scan without a task": ("422 no_task", lambda shop: scan(shop.bench(), gtin("CUP-1"))),
    "undoing a scan without a task": ("422 no_task", lambda shop: post(shop.bench(), "/api/v1/undo")),
    "undoing what was not scanned": ("422 nothing_to_undo", lambda shop: post(shop.claimed()[0], "/api/v1/undo")),
    "undoing what is packed": ("422 already_packed", lambda shop: post(shop.packed()[0], "/api/v1/undo")),
    "undoing what has left": ("422 already_shipped", lambda shop: post(shop.shipped()[0], "/api/v1/undo")),
    "a scan of an article of another order": ("422 wrong_item", lambda shop: scan(shop.claimed()[0], gtin("CUP-2"))),
    "a scan of nothing known": ("422 unknown_item", lambda shop: scan(shop.claimed()[0], "7")),
    "a scan of an article without stock": ("422 wrong_item", lambda shop: scan(shop.claimed()[0], NO_STOCK)),
    "a scan after the last": ("422 over_pick", scan_too_many),
    "release of a free task": (
        "422 not_claimed",
        lambda shop: post(shop.bench(), f"/api/v1/tasks/{shop.fresh()}/release"),
    ),
    "release of somebody else's task": (
        "422 not_claimed_here",
        lambda shop: post(shop.bench(), f"/api/v1/tasks/{shop.claimed()[1]}/release"),
    ),
    "release by force without permission": (
        "403 not_allowed",
        lambda shop: post(shop.bench(), f"/api/v1/tasks/{shop.claimed()[1]}/release", {"force": True}),
    ),
    "shipping what is not picked": (
        "422 not_picked",
        lambda shop: post(shop.bench(), f"/api/v1/ship-groups/{shop.claimed()[1]}/ship"),
    ),
    "claiming what is picked": ("422 already_picked", lambda shop: task_after(shop, "claim", shipped=False)),
    "releasing what is picked": ("422 already_picked", lambda shop: task_after(shop, "release", shipped=False)),
    "claiming what has left": ("422 already_shipped", lambda shop: task_after(shop, "claim", shipped=True)),
    "releasing what has left": ("422 already_shipped", lambda shop: task_after(shop, "release", shipped=True)),
    "shipping what has left": ("422 already_shipped", lambda shop: task_after(shop, "ship", shipped=True)),
    "a name that is taken": ("409 name_taken", taken_name),
    "a key of a name that is taken": ("409 name_taken", lambda shop: make_key(shop, "orders.read", name=shop.api_key()["name"])),
    "a key that may more than its maker": ("403 scope_not_held", lambda shop: make_key(shop, "tasks.pick")),
    "a key that makes keys": ("400 scope_not_for_keys", lambda shop: make_key(shop, "api_keys.manage")),
    "the session of a key": ("404 no_session", lambda shop: with_key(shop, "GET", "/api/v1/sessions/current")),
    "the end of a key's session": ("404 no_session", lambda shop: with_key(shop, "DELETE", "/api/v1/sessions/current")),
    "a list of what a key may not see": ("403 forbidden", lambda shop: with_key(shop, "GET", "/api/v1/payments")),
    "one's own approval": ("403 same_person", lambda shop: decide(shop, shop.hub.boss)),
    "an approval of what is decided": ("409 approval_settled", lambda shop: decide(shop, shop.hub.people["FINANCE"], times=2)),
    "an approval of nothing": (
        "404 no_such_approval", lambda shop: decide(shop, shop.hub.people["FINANCE"], str(uuid.uuid4()))
    ),
    "a refund of much": (
        "202 ", lambda shop: of_payment(shop, shop.taken_payment(2000), "refunds", ALONE_AT_HUB_MINOR + 1)
    ),
    "much store credit": (
        "202 ",
        lambda shop: post(shop.hub.boss, "/api/v1/store-credits", {"customer": "c", "amount": gbp(ALONE_AT_HUB_MINOR + 1)}),
    ),
    "much on a gift card": ("202 ", lambda shop: of_card(shop, "top-ups", {"amount": gbp(ALONE_AT_HUB_MINOR)})),
    "a new gift card of much": (
        "202 ", lambda shop: post(shop.hub.boss, "/api/v1/gift-cards", {"amount": gbp(ALONE_AT_HUB_MINOR + 1)})
    ),
    "approvals in no state": (
        "400 bad_approval_state", lambda shop: says(shop.hub.boss.ask("GET", "/api/v1/approvals?state=WAITING"))
    ),
    "an audit trail of no end": (
        "400 bad_audit_head", lambda shop: says(shop.hub.boss.ask("GET", "/api/v1/audit/verification?head=17"))
    ),
    "a person at no site": (
        "404 no_such_site",
        lambda shop: post(shop.hub.boss, "/api/v1/staff", {"site": "no-site", "name": "pat", "role": "PICKER"}),
    ),
    "a device at no site": (
        "404 no_such_site",
        lambda shop: post(shop.hub.boss, "/api/v1/nodes", {"site": "no-site", "name": "till"}),
    ),
    "a channel of no site": (
        "404 no_such_site",
        lambda shop: put(shop.hub.boss, "/api/v1/channels/web", {"sites": [{"site": "no-site", "mode": "EXCLUDED"}]}),
    ),
    "rules about no site": (
        "404 no_such_site",
        lambda shop: put(shop.hub.boss, "/api/v1/routing/rule-sets/bad", {"rules": {"routings": [], "sites": [{"site": "no-site"}]}}),
    ),
    "rules without their rates": ("400 bad_rule_set", lambda shop: put(shop.hub.boss, "/api/v1/routing/rule-sets/bad", {"rules": BY_COST})),
    "rates whose zones go back": (
        "400 bad_cost_rates",
        lambda shop: put(shop.hub.boss, "/api/v1/routing/rule-sets/bad", {"rules": BY_COST | {"rates": {"zones": []}}}),
    ),
    "moving an order of which nothing waits": (
        "422 no_units_wait", lambda shop: post(shop.hub.boss, f"/api/v1/orders/{shop.known['order']}/queue", {"queue": "BROKERING"})
    ),
    "moving what the customer has to choose": (
        "422 is_customers_choice",
        lambda shop: post(shop.hub.boss, f"/api/v1/orders/{shop.parked_order()}/queue", {"queue": "BROKERING"}),
    ),
    "a hold with an end": (
        "400 hold_has_no_end",
        lambda shop: post(
            shop.hub.boss,
            f"/api/v1/orders/{shop.waiting_order()}/queue",
            {"queue": "UNFILLABLE_HOLD", "auto_cancel_at": "2030-01-01T00:00:00Z"},
        ),
    ),
    "safety stock of no site": (
        "404 no_such_site", lambda shop: put(shop.hub.boss, "/api/v1/safety-stock/all", {"site": "no-site", "milli": 1000})
    ),
    "expecting goods at no site": (
        "404 no_such_site", lambda shop: put(shop.hub.boss, "/api/v1/expected-supply/PO-1", SUPPLY | {"site": "no-site"})
    ),
    "expecting an article that is not there": (
        "404 no_such_product", lambda shop: put(shop.hub.boss, "/api/v1/expected-supply/PO-1", SUPPLY | {"sku": "NO-SUCH"})
    ),
    "adjusting by half a piece": (
        "400 bad_adjustment", lambda shop: post(shop.hub.boss, "/api/v1/stock/adjustments", FOUND | {"milli": 500})
    ),
    "adjusting what is not there": (
        "409 not_there",
        lambda shop: post(shop.hub.boss, "/api/v1/stock/adjustments", FOUND | {"reason": "VAR_LOST", "milli": -10**9, "location": "Z-99"}),
    ),
    "adjusting an article that is not there": (
        "404 no_such_product", lambda shop: post(shop.hub.boss, "/api/v1/stock/adjustments", FOUND | {"sku": "NO-SUCH"})
    ),
    "a promotion of nothing": (
        "400 bad_promotion", lambda shop: put(shop.hub.boss, "/api/v1/promotions/bad", {"title": "Bad", "kind": "PERCENTAGE"})
    ),
    "a promotion that ends after all calendars": (
        "400 bad_promotion",
        lambda shop: put(shop.hub.boss, "/api/v1/promotions/for-ever", PROMOTION | {"until": "9999-12-31T23:59:59Z"}),
    ),
    "another promotion's coupon": (
        "409 coupon_taken",
        lambda shop: [
            put(shop.hub.boss, f"/api/v1/promotions/{name}", PROMOTION | {"coupons": [{"code": "TWICE"}]}) for name in ("first", "second")
        ][-1],
    ),
    "a coupon of nobody": (
        "422 coupon_refused", lambda shop: post(shop.hub.boss, "/api/v1/orders", an_order("couponed", "CUP-2", coupons=["NOBODYS"]))
    ),
    "a change to nothing": (
        "422 nothing_left",
        lambda shop: post(
            shop.hub.boss, f"/api/v1/orders/{shop.waiting_order()}/changes", {"quantities": [{"line": 1, "quantity_milli": 0}]}
        ),
    ),
    "a change to more than there is": (
        "409 not_available",
        lambda shop: post(
            shop.hub.boss, f"/api/v1/orders/{shop.waiting_order()}/changes", {"quantities": [{"line": 1, "quantity_milli": 10**11}]}
        ),
    ),
    "a change of what a site has": (
        "422 too_late",
        lambda shop: post(
            shop.hub.boss, f"/api/v1/orders/{shop.known['order']}/changes", {"quantities": [{"line": 1, "quantity_milli": 10**6}]}
        ),
    ),
    "reserving an article that is not there": (
        "404 no_such_product", lambda shop: post(shop.hub.boss, "/api/v1/reservations", BASKET | {"sku": "NO-SUCH"})
    ),
    "reserving at no site": (
        "404 no_such_site", lambda shop: post(shop.hub.boss, "/api/v1/reservations", BASKET | {"pickup_site": "no-site"})
    ),
    "reserving more than can be sold": (
        "422 not_enough_stock", lambda shop: post(shop.hub.boss, "/api/v1/reservations", BASKET | {"sku": NO_STOCK})
    ),
    "leasing an article that no policy names": (
        "422 not_leasable", lambda shop: post(shop.hub.boss, "/api/v1/stock/leases", LEASE | {"node": shop.floor.node, "sku": NO_STOCK})
    ),
    "leasing to no device in particular": ("400 which_node", lambda shop: post(shop.hub.boss, "/api/v1/stock/leases", LEASE)),
    "leasing to nobody": (
        "404 no_such_node", lambda shop: post(shop.hub.boss, "/api/v1/stock/leases", LEASE | {"node": shop.hub.node})
    ),
    "leasing at no site": ("404 no_such_site", lambda shop: post(shop.hub.boss, "/api/v1/stock/leases", LEASE | {"site": "no-site"})),
    "leasing an article that is not there": (
        "404 no_such_product", lambda shop: post(shop.hub.boss, "/api/v1/stock/leases", LEASE | {"node": shop.floor.node, "sku": "NO-SUCH"})
    ),
    "leasing to a device that was never heard": (
        "409 node_not_heard",
        lambda shop: post(
            shop.hub.boss,
            "/api/v1/stock/leases",
            LEASE | {"node": shop.hub.boss.post("/api/v1/nodes", {"site": "shop", "name": f"till {shop.number()}"})["node"]},
        ),
    ),
    "a policy that names an article twice": (
        "400 bad_lease_policy",
        lambda shop: put(
            shop.hub.boss, "/api/v1/stock/lease-policies/twice", {"articles": [{"sku": "CUP-1"}, {"sku": "CUP-1"}], "beyond": "WARN"}
        ),
    ),
    "asking back a lease that is not there": (
        "404 no_such_lease",
        lambda shop: says(shop.hub.boss.ask("DELETE", f"/api/v1/stock/leases/{uuid.uuid4()}", None, {KEY: str(uuid.uuid4())})),
    ),
    "selling what a till may not": ("422 beyond_lease", beyond_lease),
    "selling what was never here": (
        "422 no_location", lambda shop: post(shop.bench(), "/api/v1/counter-sales", {"code": NO_STOCK, "quantity_milli": 1000})
    ),
    "selling out of a tote": (
        "400 sale_location",
        lambda shop: post(
            shop.bench(), "/api/v1/counter-sales", {"code": gtin("CUP-1"), "quantity_milli": 1000, "location": "TOTE-1"}
        ),
    ),
    "a device at another site": ("409 node_exists", moved_node),
    "removal of the last administrator": ("409 last_admin", last_admin),
    "shipping what is not packed": ("422 not_packed", lambda shop: at(shop.picked(), "ship")),
    "shipping without a label": ("422 not_labelled", lambda shop: at(shop.packed(), "ship")),
    "packing what is packed": ("422 already_packed", lambda shop: at(shop.packed(), "packages", {"weight_mg": 2 * CUP_MG})),
    "packing what is not picked": ("422 not_picked", lambda shop: at((shop.bench(), shop.fresh()), "packages", {"weight_mg": 1})),
    "packing more than is picked": (
        "422 not_in_tote",
        lambda shop: at(shop.picked(), "packages", {"weight_mg": CUP_MG, "lines": [{"line": 1, "milli": 3000}]}),
    ),
    "packing a line that is not there": (
        "404 no_such_line",
        lambda shop: at(shop.picked(), "packages", {"weight_mg": CUP_MG, "lines": [{"line": 9, "milli": 1000}]}),
    ),
    "packing too much for one person": (
        "422 package_too_heavy", lambda shop: at(shop.picked(), "packages", {"weight_mg": 16_000_000})
    ),
    "a weight that does not match": ("422 weight_mismatch", lambda shop: at(shop.picked(), "packages", {"weight_mg": CUP_MG})),
    "packing a pickup": ("422 is_a_pickup", lambda shop: at(shop.ready(), "packages", {"weight_mg": 2 * CUP_MG})),
    "a weight keyed beside a scale": ("422 weigh_it", lambda shop: on_scale(shop, body={"weight_mg": 2 * CUP_MG})),
    "a scale that does not come to rest": ("422 weight_unstable", lambda shop: on_scale(shop, "move @scale-1")),
    "too much on the scale": ("422 weight_over", lambda shop: on_scale(shop, "over @scale-1")),
    "less than nothing on the scale": ("422 weight_under", lambda shop: on_scale(shop, "under @scale-1")),
    "nothing on the scale": ("400 bad_weight", lambda shop: on_scale(shop, "weight @scale-1 0.000")),
    "half of it on the scale": ("422 weight_mismatch", lambda shop: on_scale(shop, "weight @scale-1 0.100")),
    "a scale that is away": (
        "503 scale_offline",
        lambda shop: at((shop.bench_with(DEAD_BENCH), shop.picked()[1]), "packages", {}),
    ),
    "a station without a scale": ("404 no_scale", lambda shop: at(shop.picked(), "packages", {})),
    "the weight at a station without a scale": ("404 no_scale", lambda shop: says(shop.bench().ask("GET", "/api/v1/weight"))),
    "a printer that is not there": (
        "404 no_printer",
        lambda shop: at((held := shop.packed()), "labels", {"package": held[2], "printer": "nowhere"}),
    ),
    "labels for the printer where they are": (
        "400 same_printer",
        lambda shop: post(shop.bench(), "/api/v1/printers/printer-1/move", {"to": "printer-1"}),
    ),
    "labels for a printer that is not there": (
        "404 no_printer",
        lambda shop: post(shop.bench(), "/api/v1/printers/printer-1/move", {"to": "nowhere"}),
    ),
    "labels that do not wait": (
        "422 nothing_waits",
        lambda shop: post(shop.bench(), "/api/v1/printers/printer-1/move", {"to": "slow"}),
    ),
    "a label that does not wait": (
        "422 nothing_waits",
        lambda shop: post(shop.bench(), "/api/v1/printers/printer-1/cancel", {}),
    ),
    "a package of another order": ("404 no_such_package", package_of_another),
    "a label that is being printed": ("422 label_printing", lambda shop: print_again(shop, "slow")),
    "a label that was printed": ("422 label_printed", print_again),
    "a label that was perhaps printed": ("422 label_unknown", lambda shop: print_again(shop, "torn")),
    "looking for a label that was never made": (
        "422 not_labelled",
        lambda shop: at((held := shop.packed()), "label-checks", {"package": held[2], "came_out": True}),
    ),
    "short of more than is open": (
        "422 over_short",
        lambda shop: at(shop.claimed(), "shorts", {"line": 1, "quantity_milli": 3000, "reason": "NO_VARIANCE"}),
    ),
    "short of a line that is not there": (
        "404 no_such_line",
        lambda shop: at(shop.claimed(), "shorts", {"line": 9, "quantity_milli": 1000, "reason": "NO_VARIANCE"}),
    ),
    "claiming what is cancelled": (
        "422 cancelled", lambda shop: post(shop.bench(), f"/api/v1/tasks/{cancelled_group(shop)}/claim")
    ),
    "claiming what is short": ("422 rejected", lambda shop: post(shop.bench(), f"/api/v1/tasks/{shop.all_short()}/claim")),
    "handing over what is shipped": ("422 is_no_pickup", lambda shop: at(shop.picked(), "hand-over", {"code": "123456"})),
    "handing over without a code": ("422 no_code", lambda shop: at(shop.picked("pickup"), "hand-over", {"code": "123456"})),
    "handing over twice": ("422 already_handed_over", lambda shop: at(shop.handed_over(), "hand-over", {"code": "123456"})),
    "a code after five wrong ones": ("422 code_locked", five_wrong_codes),
    "an approval by somebody who may not": ("403 not_allowed", lambda shop: approved_by(shop, shop.picker)),
    "an approval with a wrong PIN": ("403 wrong_approval", lambda shop: approved_by(shop, shop.lead, pin="x")),
    "an approval of one's own": ("422 approver_is_operator", approved_by_oneself),
    "opening a drawer that is not there": (
        "404 no_drawer", lambda shop: post(shop.bench(), "/api/v1/drawer/open", {"reason": "change", "printer": "no-drawer"})
    ),
    "a receipt of what nobody has": ("422 nothing_handed_over", lambda shop: at(shop.ready(), "receipt", {})),
    "undoing nothing": ("422 nothing_handed_over", lambda shop: at(shop.ready(), "hand-over/undo")),
    "undoing at another device": ("422 not_handed_over_here", undone_elsewhere),
    "a code of nobody": ("404 unknown_code", lambda shop: post(shop.bench(), "/api/v1/pickups/lookup", {"code": "nobody's"})),
    "codes of nobody": ("429 too_many_requests", codes_of_nobody),
    "putting back what nobody has": ("422 nothing_to_put_back", scan_to_put_back),
    "putting back more than there is": (
        "422 over_put_back",
        lambda shop: post((held := shop.to_put_back())[0], "/api/v1/put-backs", held[1] | {"quantity_milli": 3000}),
    ),
    "a return of nothing known": ("404 unknown_sale", lambda shop: put(shop.bench(), "/api/v1/return-draft", {"code": "none"})),
    "a return that only the hub could know": ("503 hub_not_reached", sale_without_a_hub),
    "a return that was not begun": ("404 no_return", lambda shop: says(shop.bench().ask("GET", "/api/v1/return-draft"))),
    "a return of half a piece": ("400 bad_return", lambda shop: return_units(shop, 500)),
    "a return of more than was sold": ("422 already_returned", lambda shop: return_units(shop, 21_000)),
    "a return of a line that is not there": ("404 no_such_line", lambda shop: return_units(shop, 1000, line=9)),
    "a return of nothing": ("400 bad_return", lambda shop: post(shop.draft(), "/api/v1/returns", {})),
    "a refund above the limit": ("422 needs_approval", lambda shop: post(shop.draft(5), "/api/v1/returns", {})),
    "a code for what is shipped": ("422 is_no_pickup", lambda shop: claimed_at_hub(shop, shop.fresh())),
    "a code for what was handed over": ("422 already_handed_over", lambda shop: claimed_at_hub(shop, shop.handed_over()[1])),
    "a code for what is cancelled": ("422 cancelled", lambda shop: claimed_at_hub(shop, cancelled_group(shop, "pickup"))),
    "a code for what is short": ("422 rejected", lambda shop: claimed_at_hub(shop, shop.all_short("pickup"))),
    "converting what is not parked": ("422 nothing_parked", lambda shop: convert(shop, shop.parked_order(), 3000)),
    "converting an order that is shipped": ("422 is_no_pickup", lambda shop: convert(shop, shop.waiting_order())),
    "cancelling what is packed": ("422 too_late", too_late),
    "telling nobody": (
        "404 no_such_order", lambda shop: put(shop.hub.boss, f"/api/v1/orders/{uuid.uuid4()}/contact", CONTACT)
    ),
    "telling an address that is more": (
        "400 bad_email", lambda shop: put(shop.hub.boss, f"/api/v1/orders/{shop.known['order']}/contact", CONTACT | {"email": "a@b"})
    ),
    "a preview in no language": (
        "400 bad_language", lambda shop: says(shop.hub.boss.ask("GET", "/api/v1/notification-previews/READY?lang=fr"))
    ),
    "notifications in no state": (
        "400 bad_notification_state", lambda shop: says(shop.hub.boss.ask("GET", "/api/v1/notifications?state=LOST"))
    ),
    "paying without a key": ("400 idempotency_key_needed", without_a_key),
    "paying with a card's number": ("400 bad_token", lambda shop: pay(shop, token="4111111111111111")),
    "paying in another currency": ("400 currency_mismatch", lambda shop: pay(shop, amount={"minor": 1, "currency": "EUR"})),
    "a settlement of no time": ("400 bad_time", settled_now),
    "a payment whose answer is awaited": ("409 question_open", asked_twice),
    "taking what is not held": ("422 not_authorized", lambda shop: of_payment(shop, shop.refused_payment(), "captures", 1)),
    "holding twice": ("422 already_authorized", lambda shop: of_payment(shop, shop.payment(), "authorizations")),
    "taking what was held too long": (
        "422 authorization_expired", lambda shop: of_payment(shop, expired_payment(shop), "captures", 1)
    ),
    "giving back what was not taken": ("422 nothing_captured", lambda shop: of_payment(shop, shop.payment(), "refunds", 1)),
    "taking more than is held": ("422 over_capture", lambda shop: of_payment(shop, shop.payment(), "captures", 1001)),
    "giving back more than was taken": (
        "422 over_refund", lambda shop: of_payment(shop, shop.taken_payment(), "refunds", 1001)
    ),
    "taking twice for one ship group": ("422 already_captured", captured_twice),
    "taking of what is settled": ("422 payment_settled", lambda shop: of_payment(shop, shop.taken_payment(), "captures", 1)),
    "taking of what was given back": ("422 payment_refunded", refunded),
    "taking of what was given up": ("422 payment_cancelled", given_up),
    "taking of what was declined": (
        "422 payment_declined",
        lambda shop: of_payment(shop, shop.payment(status="DECLINED", token="tok_decline"), "captures", 1),
    ),
    "more in escrow than there is": (
        "422 insufficient_balance", lambda shop: of_card(shop, "escrows", {"site": "shop", "amount": gbp(1001)})
    ),
    "a gift card worth too much": (
        "422 balance_too_large", lambda shop: of_card(shop, "top-ups", {"amount": gbp(10**12)})
    ),
    "more spent than was in escrow": ("422 over_escrow", lambda shop: closed_escrow(shop, spent=101)),
    "an escrow closed twice": ("422 escrow_closed", lambda shop: closed_escrow(shop, twice=True)),
    "an escrow of nobody": ("404 no_such_escrow", lambda shop: of_card(shop, "escrow-closings", {"number": 9, "spent_minor": 0})),
    "cancelling more of a service than is charged": ("422 already_routed", lambda shop: cancel(shop, service(shop), milli=2000)),
    "cancelling a line that is not there": ("404 no_such_line", lambda shop: cancel(shop, shop.waiting_order(), line=99)),
    "cancelling half a piece": ("400 bad_quantity", lambda shop: cancel(shop, shop.waiting_order(), milli=500)),
    "cancelling more than there is": ("422 too_late", lambda shop: cancel(shop, shop.waiting_order(), milli=6000)),
    "a file without a header": ("400 bad_csv", lambda shop: import_as(shop, "products", "", "")),
    "a file without its columns": ("400 bad_csv", lambda shop: import_as(shop, "orders", "", "sku,name\n")),
    "a file with a column twice": ("400 bad_csv", lambda shop: import_as(shop, "products", "", "sku,name,sku\n")),
    "a channel without a name": ("400 bad_channel", lambda shop: import_as(shop, "orders", "channel=", ORDER_COLUMNS)),
    "two imports at once": ("503 import_running", second_import),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_refused(shop: Shop, case: str) -> None:
    expected, ask = REFUSALS[case]
    assert ask(shop) == expected


@pytest.mark.parametrize("program", DOCUMENTS)
def test_locked_out_after_five_wrong_pins(shop: Shop, program: str) -> None:
    nobody = shop.desks[program].nobody()
    tries = [post(nobody, "/api/v1/sessions", {"name": "guess", "pin": f"00000{digit}"}) for digit in range(6)]
    assert tries == ["401 unauthenticated"] * 5 + ["429 locked_out"]


def listen(desk: Desk) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(desk.boss.host, desk.boss.port, timeout=5)
    connection.request("GET", "/api/v1/stream", headers={"Authorization": f"Bearer {desk.boss.token}"})
    return connection.getresponse()


@pytest.mark.parametrize("program", DOCUMENTS)
def test_too_many_listeners(shop: Shop, program: str) -> None:
    desk = shop.desks[program]
    wait_for("the streams of other tests to end", lambda: metric(desk, "sse_clients") == 0)
    streams = [listen(desk) for _ in range(64)]
    try:
        assert {stream.status for stream in streams} == {200}
        with listen(desk) as another:
            assert another.status == 503
        answer = desk.boss.ask("GET", "/api/v1/stream")
        assert (says(answer), answer.headers["Retry-After"]) == ("503 too_many_streams", "1")
    finally:
        for stream in streams:
            stream.close()


def metric(desk: Desk, name: str) -> float:
    lines = desk.boss.get("/metrics").splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.split("{")[0].split(" ")[0] == name)


@pytest.mark.parametrize("program", DOCUMENTS)
def test_nobody_at_all_may_sign_in_yet(
    shop: Shop, program: str, binaries: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hub without an administrator, an agent that the hub has not reached."""
    file = shop.company.directory / ("hub.toml" if program == "cairn-hub" else f"{shop.agent.name}.toml")
    monkeypatch.setenv("CAIRN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CAIRN_HTTP_LISTEN", "127.0.0.1:0")
    monkeypatch.setenv("CAIRN_MQTT_URL", "tcp://127.0.0.1:1")
    service = Service(program, [binaries / program, "-c", file], tmp_path / "log")
    service.start()
    try:
        ready = wait_for("the program", lambda: [line for line in log_lines(tmp_path / "log") if line.get("event") == "ready"])
        nobody = Api(f"http://{ready[0]['listen']}")
        assert post(nobody, "/api/v1/sessions", {"name": "manager", "pin": "123456"}) == "503 no_staff_yet"
    finally:
        service.stop()


def log_lines(file: Path) -> list[Json]:
    return [json.loads(line) for line in file.read_text().splitlines()]


# ---- no request at all ----


def by_hand(desk: Desk, octets: bytes) -> tuple[str, Answer]:
    """The version and the answer that octets get which no client would send."""
    with socket.create_connection((desk.boss.host, desk.boss.port), timeout=15) as connection:
        connection.sendall(octets)
        connection.shutdown(socket.SHUT_WR)
        with connection.makefile("rb") as answer:
            version, status = answer.readline().decode().split()[:2]
            return version, Answer(int(status), http.client.parse_headers(answer), answer.read())


def head(line: str, *fields: str) -> bytes:
    return "\r\n".join([line, "Host: cairn", *fields, "", ""]).encode()


SIGN_IN = "POST /api/v1/sessions HTTP/1.1"
MALFORMED: dict[str, tuple[str, bytes]] = {
    "a path to nowhere": ("404 no_such_path", head("GET /api/v1/nothing HTTP/1.1")),
    "a path up": ("400 bad_path", head("GET /api/../metrics HTTP/1.1")),
    "half an escape": ("400 bad_escape", head("GET /api/v1/sites%2 HTTP/1.1")),
    "no UTF-8": ("400 bad_escape", head("GET /livez?a=%ff HTTP/1.1")),
    "two hosts": ("400 bad_request", head("GET /livez HTTP/1.1", "Host: another")),
    "another version": ("505 unsupported_version", head("GET /livez HTTP/2.0")),
    "a long body": ("413 body_too_large", head(SIGN_IN, f"Content-Length: {2**20 + 1}")),
    "an expectation": ("417 expectation_failed", head(SIGN_IN, "Content-Length: 2", "Expect: a miracle")),
    "a body in chunks": ("411 length_required", head(SIGN_IN, "Transfer-Encoding: chunked") + b"0\r\n\r\n"),
    "half a body": ("400 incomplete_body", head(SIGN_IN, "Content-Length: 10") + b"{"),
}


@pytest.mark.parametrize("program", DOCUMENTS)
@pytest.mark.parametrize("case", MALFORMED)
def test_malformed(shop: Shop, program: str, case: str) -> None:
    expected, octets = MALFORMED[case]
    desk = shop.desks[program]
    _, answer = by_hand(desk, octets)
    method, path = octets.decode("latin-1").split(" ")[:2]
    tell(Exchange(desk.url, method, path, {}, None, answer))
    assert says(answer) == expected


NO_HEADS = {
    "no request": b"HELLO\r\n\r\n",
    "a long address": head(f"GET /livez?{'a' * 20_000} HTTP/1.1"),
    "a long field": head("GET /livez HTTP/1.1", f"X: {'a' * 9000}"),
    "many fields": head("GET /livez HTTP/1.1", *[f"X-{number}: a" for number in range(200)]),
}


@pytest.mark.parametrize("program", DOCUMENTS)
@pytest.mark.parametrize("case", NO_HEADS)
def test_head_that_cannot_be_read_gets_a_bare_answer(shop: Shop, program: str, case: str) -> None:
    version, answer = by_hand(shop.desks[program], NO_HEADS[case])
    assert (version, answer.status, answer.body) == ("HTTP/1.1", 400, b"")


@pytest.mark.parametrize("program", DOCUMENTS)
def test_answer_to_another_version_is_in_our_own(shop: Shop, program: str) -> None:
    assert by_hand(shop.desks[program], MALFORMED["another version"][1])[0] == "HTTP/1.1"


def test_devices_are_told_nothing_that_they_cannot_do(shop: Shop) -> None:
    boss = shop.hub.boss
    node = boss.post("/api/v1/nodes", {"site": "shop", "name": "till to tell"})["node"]

    def says_no(method: str, path: str, body: Json) -> str:
        return says(boss.ask(method, path, json.dumps(body).encode(), {"Content-Type": "application/json", KEY: str(uuid.uuid4())}))

    commands, config = f"/api/v1/nodes/{node}/commands", f"/api/v1/nodes/{node}/config"
    after_all_time = {"verb": "resync", "not_before": "9999-12-31T23:59:00Z", "ttl_s": 2_592_000}
    assert says_no("POST", commands, after_all_time) == "400 bad_command"
    devices = [{"name": f"gun-{number}", "kind": "scanner", "url": "serial:/dev/" + "x" * 3000} for number in range(8)]
    assert says_no("PUT", config, {"values": {"devices": devices}}) == "400 config_too_large"
    boss.post(f"/api/v1/nodes/{node}/retire")
    assert says_no("POST", commands, {"verb": "resync"}) == "409 node_retired"
    assert says_no("PUT", config, {"values": {"log_level": "warn"}}) == "409 node_retired"


# ---- nothing was left out ----

# Statuses and reasons that the documents have and that nothing cheap brings about. Unit tests know most of them.
NOT_HERE = {
    ("getLivez", 503), ("getReadyz", 503), ("scanPicture", 503), ("resendNotification", 409),
    ("captureOrder", 200), ("captureOrder", 409), ("takeShopifyMessage", 401),  # test_capture.py
}  # fmt: skip
TOO_DEAR = {
    "bad_source", "bad_reservation", "bad_lease", "bad_sale",  # stock_lease_test.cpp, counter_sale_test.cpp
    "record_too_large", "request_timeout", "too_many_files", "loop_full", "loop_stopped", "timeout",
    "dropped", "disk_full", "not_saved", "storage_failed", "database_unavailable", "out_of_memory", "internal",
    "database_corrupt", "constraint", "invariant_broken", "no_label_numbers", "too_late_to_undo", "stopping",
    "bad_order", "unknown_sku", "unknown_site", "wrong_total", "order_differs", "not_available", "already_held", "not_held",
    "order_ended", "bad_signature", "is_kit",  # test_capture.py
    "no_pages",  # test_pages.py
    "approval_expired", "person_needed",  # approval_desk_test.cpp: an hour; no key may have the permission
    "being_sent",  # test_notifications.py
    "no_backup_dir", "backup_running", "copy_failed", "disk_almost_full",  # test_backup.py, test_disk_full.py
}  # fmt: skip
TOO_DEAR_AT_THE_AGENT = {
    "no_such_line",  # a line that vanishes between the scan and the keyed quantity
    "decoder_busy", "decoder_lost", "decoder_slow", "decoder_confused", "decoder_missing",  # test_camera.py, decoder_process_test.cpp
}  # fmt: skip


@pytest.fixture(scope="module")
def here(watch: Watch, before: Seen) -> Seen:
    """What this module has seen. Only the whole module sees everything."""
    return watch.seen().since(before)


def test_every_operation_was_done_and_every_status_seen(here: Seen) -> None:
    wanted = {
        (operation.program, operation.name, int(status))
        for operation in OPERATIONS
        for status in operation.answers
        if status != "default" and (operation.name, int(status)) not in NOT_HERE
    }
    assert wanted - here.answers.keys() == set()


def test_every_event_was_heard(here: Seen) -> None:
    wanted = {(operation.program, event) for operation in STREAMS for event in operation.events}
    assert wanted - here.events.keys() == set()


def test_every_reason_of_the_page_was_given(here: Seen) -> None:
    wanted = {
        (program, reason.name)
        for reason in reasons().values()
        for program in reason.programs
        if reason.status and reason.name not in TOO_DEAR
    }
    wanted -= {("cairn-agent", name) for name in TOO_DEAR_AT_THE_AGENT}
    assert wanted - here.reasons.keys() == set()


def test_every_reason_that_was_given_is_on_the_page(here: Seen) -> None:
    assert {name for _, name in here.reasons} <= reasons().keys()
