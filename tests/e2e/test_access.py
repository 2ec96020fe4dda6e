"""Who may, who did, and who must agree: API keys, the audit trail and second persons at the hub, through restarts and tampering.

What every single route asks for and writes down is in test_contract.py.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
import struct
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from contract import ROOT, documents
from lab.api import Api, Json
from lab.company import Company, Site
from paying import gbp
from shop import wait_for

SITE = Site("shop", "Shop York", "STORE", 53.9583, -1.0803, (1,))
LIMIT_MINOR = 1000
# What answers without a session, and why that is no hole.
PUBLIC = {
    "GET /livez", "GET /readyz", "GET /version", "GET /metrics", "GET /openapi.json",  # for whoever supervises the process
    "GET /api/v1/device",  # what a browser needs before anybody signs in
    "GET /api/v1/people",  # names at a station, to choose from
    "POST /api/v1/sessions",  # signing in
    "POST /api/v1/channels/{channel}/shopify",  # a shop's signature over the body stands for it
    "GET /", "GET /favicon.ico", "GET /ui/{path...}",  # pages: they show nothing that they do not ask for
}  # fmt: skip


# ---- the routes of the code are those of the documents ----


def routes_of(*folders: str) -> dict[str, str]:
    """`METHOD pattern` -> permission, from the tables of routes in the code."""
    row = re.compile(r'\{\s*"(GET|PUT|POST|PATCH|DELETE)",\s*"(/[^"]*)",\s*"([a-z_.]*)"')
    stream = re.compile(r'\{\{"(/[^"]*)",\s*"([a-z_.]*)",\s*&')
    imports = re.compile(r'begin_route\(api, ImportKind::k(\w+), "([a-z_.]*)"\)')
    found: dict[str, str] = {}
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*.cpp")):
            text = file.read_text(encoding="utf-8")
            found |= {f"{method} {pattern}": permission for method, pattern, permission in row.findall(text)}
            found |= {f"GET {pattern}": permission for pattern, permission in stream.findall(text)}
            found |= {f"POST /api/v1/imports/{kind.lower()}": permission for kind, permission in imports.findall(text)}
    return found


@pytest.mark.parametrize(("program", "folder"), [("cairn-hub", "central"), ("cairn-agent", "edge-agent")])
def test_every_route_asks_for_the_permission_that_its_document_tells(program: str, folder: str) -> None:
    coded = routes_of(folder, "core/program/routes")
    told = {f"{op.method} {op.template}": op.permission for op in documents()[program].operations}
    assert {route: coded.get(route) for route in told} == told
    of_this_program = routes_of(folder).keys() - told.keys()
    assert of_this_program <= PUBLIC, "a route that the document does not have"
    everywhere = {f"{op.method} {op.template}" for document in documents().values() for op in document.operations}
    assert coded.keys() - everywhere <= PUBLIC
    assert {route for route, permission in coded.items() if not permission} <= PUBLIC


# ---- a head office ----


class Office(Company):
    """Its hub gives little away on one person's word."""

    def _write_hub_file(self, password_file: str) -> None:
        super()._write_hub_file(password_file)
        with (self.directory / "hub.toml").open("a") as file:
            file.write(f"\n[approvals]\nrefund_over_minor = {LIMIT_MINOR}\nstored_value_over_minor = {LIMIT_MINOR}\n")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Office]:
    office = Office(tmp_path_factory.mktemp("access"), binaries, (SITE,))
    try:
        office.start()
        yield office
    finally:
        office.stop()


@pytest.fixture(scope="module")
def admin(office: Office) -> Api:
    return office.hub_api()


def person(office: Office, admin: Api, role: str, name: str) -> Api:
    pin = admin.post("/api/v1/staff", {"name": name, "role": role})["pin"]
    api = Api(office.hub_url)
    api.sign_in(name, pin)
    return api


def with_secret(office: Office, secret: str) -> Api:
    api = Api(office.hub_url)
    api.token = secret
    return api


def says(api: Api, method: str, path: str) -> str:
    answer = api.ask(method, path)
    return f"{answer.status} {answer.reason}" if answer.status >= 400 else str(answer.status)


def is_ready(office: Office) -> bool:
    try:
        return Api(office.hub_url).ask("GET", "/readyz").status == 200
    except OSError:
        return False


def restart(office: Office) -> None:
    restarts = office.hub.restarts
    office.hub.kill()
    wait_for("the hub to be started again", lambda: office.hub.restarts > restarts)
    wait_for("the hub", lambda: is_ready(office))


def tool(office: Office, *words: str) -> subprocess.CompletedProcess[str]:
    command = [office.binaries / "cairn", "--url", office.hub_url, "--user", "admin", *words]
    return subprocess.run(command, env={"CAIRN_PIN": office.admin_pin}, capture_output=True, text=True, timeout=60, check=False)


# ---- keys ----


def test_a_key_does_what_its_scopes_say_until_it_is_revoked(office: Office, admin: Api) -> None:
    made = admin.post("/api/v1/api-keys", {"name": "front", "scopes": ["sites.read", "stored_value.issue"]})
    shop = with_secret(office, made["secret"])
    assert says(shop, "GET", "/api/v1/sites") == "200"
    assert says(shop, "GET", "/api/v1/orders") == "403 forbidden"
    shop.post("/api/v1/gift-cards", {"amount": gbp(1)})
    restart(office)
    assert says(shop, "GET", "/api/v1/sites") == "200"
    listed = {key["name"]: key for key in admin.get("/api/v1/api-keys")["items"]}["front"]
    assert listed["last_used_at"] and listed["scopes"] == ["sites.read", "stored_value.issue"]
    assert "secret" not in listed
    told = admin.get(f"/api/v1/audit?actor={made['id']}")["items"]
    assert [(entry["name"], entry["verb"], entry["outcome"]) for entry in told] == [("front", "stored_value.issue", "201")]
    admin.delete(f"/api/v1/api-keys/{made['id']}")
    assert says(shop, "GET", "/api/v1/sites") == "401 unauthenticated"


def test_secrets_are_in_no_file(office: Office, admin: Api) -> None:
    secret = admin.post("/api/v1/api-keys", {"name": "quiet", "scopes": ["sites.read"]})["secret"]
    says(with_secret(office, secret), "GET", "/api/v1/sites")
    for file in office.directory.rglob("*"):
        if file.is_file() and (file.parent.name == "hub" or file.suffix == ".log"):
            assert secret.removeprefix("cairn_").encode() not in file.read_bytes(), file


def test_keys_from_the_tool(office: Office) -> None:
    made = tool(office, "api-key", "create", "--name", "till", "--scope", "sites.read", "--scope", "orders.read")
    assert made.returncode == 0, made.stderr
    shop = with_secret(office, made.stdout.strip())
    assert says(shop, "GET", "/api/v1/sites") == "200"
    row = next(line for line in tool(office, "api-key", "list").stdout.splitlines() if " till " in line)
    assert "orders.read" in row
    assert tool(office, "api-key", "revoke", row.split()[0]).returncode == 0
    assert says(shop, "GET", "/api/v1/sites") == "401 unauthenticated"


# ---- second persons ----


def test_a_gift_card_of_much_is_worth_something_once_another_person_agrees(office: Office, admin: Api) -> None:
    finn = person(office, admin, "FINANCE", "finn")
    asked = admin.post("/api/v1/gift-cards", {"amount": gbp(LIMIT_MINOR + 1)})
    assert (asked["state"], asked["kind"], asked["asked_by_name"]) == ("PENDING", "GIFT_CARD", "admin")
    code = {"code": asked["code"]}
    with pytest.raises(Exception, match="no_such_stored_value"):
        admin.post("/api/v1/gift-cards/lookup", code)
    decision = f"/api/v1/approvals/{asked['id']}/decision"
    with pytest.raises(Exception, match="same_person"):
        admin.post(decision, {"decision": "APPROVE"})
    assert [waiting["id"] for waiting in finn.get("/api/v1/approvals?state=PENDING")["items"]] == [asked["id"]]
    restart(office)
    done = finn.post(decision, {"decision": "APPROVE", "note": "for the prize"})
    assert (done["state"], done["decided_by_name"]) == ("DONE", "finn")
    with pytest.raises(Exception, match="approval_settled"):
        finn.post(decision, {"decision": "APPROVE"})
    assert admin.post("/api/v1/gift-cards/lookup", code)["balance"] == gbp(LIMIT_MINOR + 1)
    entry = admin.get("/api/v1/audit?verb=approvals.decide")["items"][0]
    assert entry["name"] == "finn" and "admin" in entry["subject"] and asked["id"] in entry["subject"]


# ---- the audit trail ----


def hash_of(previous: bytes, entry: Json) -> bytes:
    """As docs/access.md tells it."""
    texts = [entry[name].encode() for name in ("name", "verb", "route", "subject", "outcome")]
    octets = b"cairn-audit-1\n" + previous + struct.pack("<Qq", entry["seq"], entry["at_us"])
    octets += bytes.fromhex(entry["actor"].replace("-", ""))
    return hashlib.sha256(octets + b"".join(struct.pack("<I", len(text)) + text for text in texts)).digest()


def test_everybody_can_compute_the_chain_again(admin: Api) -> None:
    entries = sorted(admin.pages("/api/v1/audit?limit=7"), key=lambda entry: int(entry["seq"]))
    assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
    previous = bytes(32)
    for entry in entries:
        previous = hash_of(previous, entry)
        assert previous.hex() == entry["hash"]
    assert admin.get("/api/v1/audit/verification")["head"] == f"{len(entries)}:{previous.hex()}"


def test_the_first_administrator_and_the_configuration_are_told(office: Office, admin: Api) -> None:
    first, second = sorted(admin.pages("/api/v1/audit"), key=lambda entry: int(entry["seq"]))[:2]
    assert (first["verb"], first["name"], first["outcome"]) == ("staff.manage", "cairn-hub", "created")
    assert first["subject"] == admin.get("/api/v1/sessions/current")["user"]
    assert (second["verb"], second["outcome"]) == ("config", "changed")
    listed = tool(office, "audit", "list", "--limit", "500").stdout
    assert "config" in listed and second["subject"] in listed


def test_refused_sign_ins_are_told_without_what_was_typed(office: Office, admin: Api) -> None:
    for name in (b"finn", b"736154"):
        body = b'{"name": "%s", "pin": "000000"}' % name
        Api(office.hub_url).ask("POST", "/api/v1/sessions", body, {"Content-Type": "application/json"})

    def refused() -> set[str]:
        found = admin.get("/api/v1/audit?verb=sign_in")["items"]
        return {entry["name"] for entry in found if entry["outcome"] == "refused"}

    wait_for("the entries", lambda: refused() == {"finn", "(nobody's name)"})


def in_database(office: Office, change: str) -> None:
    with closing(sqlite3.connect(office.directory / "hub" / "cairn.sqlite", timeout=10)) as database:
        database.execute("PRAGMA wal_autocheckpoint=0")
        database.execute(change)
        database.commit()


def anchored(office: Office, head: str) -> bool:
    file = office.directory / "hub.guard.audit"
    return file.exists() and head in file.read_text()


@pytest.fixture()
def copy_back(office: Office) -> Iterator[Callable[[str], None]]:
    """Tampers, and puts the trail back as it was."""
    database = office.directory / "hub" / "cairn.sqlite"
    with closing(sqlite3.connect(database, timeout=10)) as connection:
        rows = connection.execute("SELECT * FROM audit_entry").fetchall()

    def tamper(change: str) -> None:
        in_database(office, change)

    yield tamper
    with closing(sqlite3.connect(database, timeout=10)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint=0")
        connection.execute("DELETE FROM audit_entry WHERE seq <= ?", (len(rows),))
        connection.executemany("INSERT INTO audit_entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        connection.commit()


def test_a_changed_entry_is_named(office: Office, admin: Api, copy_back: Callable[[str], None]) -> None:
    assert tool(office, "audit", "verify").returncode == 0
    copy_back("UPDATE audit_entry SET name = 'nobody' WHERE seq = 3")
    found = admin.get("/api/v1/audit/verification")
    assert (found["first_broken"], found["entries"]) == (3, 2)
    assert found["why"] == "entry 3 is not as it was written"
    told = tool(office, "audit", "verify")
    assert (told.returncode, "entry 3 is not as it was written" in told.stdout) == (3, True)


def test_a_tail_that_is_cut_off_is_missed(office: Office, admin: Api) -> None:
    head = admin.get("/api/v1/audit/verification")["head"]
    wait_for("the end to be noted elsewhere", lambda: anchored(office, head), 30)
    in_database(office, "DELETE FROM audit_entry WHERE seq > 5")
    found = admin.get("/api/v1/audit/verification")
    # Until the hub, which goes on, has noticed.
    assert found["cuts"] == 1 or (found["first_broken"] == 6 and found["anchor"] == head)
    wait_for("the hub to notice", lambda: admin.get("/api/v1/audit/verification")["cuts"] == 1, 30)
    cut: Any = admin.get("/api/v1/audit?verb=audit.cut")["items"][0]
    assert (cut["seq"], cut["subject"], cut["outcome"]) == (6, head, "noticed")
    told = tool(office, "audit", "verify", "--head", head)
    assert told.returncode == 3
    # Of a hub that is stopped, from its database.
    office.hub.stop()
    here = subprocess.run(
        [office.binaries / "cairn", "audit", "verify", "--data-dir", office.directory / "hub"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert here.returncode == 0 and "1 times the hub noticed" in here.stdout, here.stdout + here.stderr
