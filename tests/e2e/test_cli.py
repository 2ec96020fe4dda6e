"""`cairn`, the operator's tool, as a person or a script uses it: what it prints, how it ends, what it never shows.

The statuses are those of docs/configuration.md: 0 done, 1 not done and a sentence says why, 3 done but look, 100-114 the
command line is wrong.
"""

from __future__ import annotations

import http.server
import json
import re
import shutil
import sqlite3
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from lab.api import Api, Problem
from lab.company import Company, free_port
from shop import Bench, Orders, gtin, open_shop, wait_for, wait_quiet

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "configuration.md"
ORDERS: Orders = {"1001": [("CUP-1", 2), ("CUP-2", 1)], "1002": [("CUP-1", 4)]}
COMMANDS = (
    "gs1",
    "gs1 parse",
    "gs1 link",
    "gs1 check",
    "gs1 upce",
    "gs1 measure",
    "import",
    "status",
    "log",
    "log show",
    "log verify",
    "log fold",
    "sync",
    "sync status",
    "sync quarantine",
    "sync replay",
    "orders",
    "orders capture",
    "orders hold",
    "orders release",
    "orders cancel",
    "stock",
    "stock adjust",
    "stock leases",
    "stock leases list",
    "stock leases grant",
    "stock leases recall",
    "route",
    "routing",
    "routing rules",
    "routing simulate",
    "routing replay",
    "routing runs",
    "routing pause",
    "routing resume",
    "promotions",
    "promotions list",
    "promotions show",
    "promotions set",
    "promotions end",
    "site",
    "site set",
    "site list",
    "node",
    "node add",
    "node list",
    "node command",
    "node commands",
    "node config",
    "node configure",
    "device",
    "device list",
    "device monitor",
    "device test",
    "device release",
    "device claim",
    "device identify",
    "staff",
    "staff add",
    "staff list",
    "api-key",
    "api-key create",
    "api-key list",
    "api-key revoke",
    "audit",
    "audit list",
    "audit verify",
    "backup",
    "backup now",
    "backup list",
    "decode",
    "label",
    "receipt",
)
UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


@dataclass
class Tool:
    """The tool in an otherwise empty environment."""

    program: Path
    url: str
    user: str
    pin: str

    def run(self, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        known = {"CAIRN_URL": self.url, "CAIRN_USER": self.user, "CAIRN_PIN": self.pin}
        given = {name: value for name, value in (known | environment).items() if value}
        command = [str(part) for part in (self.program, *arguments)]
        return subprocess.run(command, env=given, capture_output=True, text=True, check=False, timeout=60)

    def out(self, *arguments: str | Path) -> str:
        """What it prints when all is well."""
        done = self.run(*arguments)
        assert (done.returncode, done.stderr) == (0, ""), done
        return done.stdout

    def no(self, *arguments: str | Path, **environment: str) -> str:
        """The sentence it ends with when it cannot do it: one line, nothing on standard output."""
        done = self.run(*arguments, **environment)
        assert (done.returncode, done.stdout) == (1, ""), done
        assert re.fullmatch(r"cairn: [^\n]+\n", done.stderr), done.stderr
        return done.stderr.removeprefix("cairn: ").strip()


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Company]:
    """A shop where one of two orders has left."""
    company = open_shop(tmp_path_factory.mktemp("cli"), binaries, ("CUP-1", "CUP-2"), ORDERS)
    try:
        bench = Bench(company, company.agents[0], company.agents[0].stations[0])
        bench.claim("1001")
        for article in ("CUP-1", "CUP-1", "CUP-2"):
            assert bench.scan(gtin(article))["verdict"] == "ok"
        bench.ship("1001")
        bench.close()
        manager = company.agent_api(company.agents[0])
        wait_quiet(manager)
        manager.close()
        yield company
    finally:
        company.stop()


@pytest.fixture()
def tool(company: Company) -> Tool:
    return Tool(company.binaries / "cairn", company.hub_url, company.admin, company.admin_pin)


@pytest.fixture()
def at_shop(company: Company) -> Tool:
    """The tool at the shop's agent."""
    return Tool(company.binaries / "cairn", company.agents[0].url, "manager", company.manager_pins["shop"])


@pytest.fixture()
def office(tmp_path: Path, binaries: Path) -> Iterator[tuple[Company, Tool]]:
    """A new hub of its own, for tests that leave something behind."""
    company = Company(tmp_path, binaries, ())
    company.start()
    yield company, Tool(binaries / "cairn", company.hub_url, company.admin, company.admin_pin)
    company.stop()


@pytest.fixture()
def alone(binaries: Path) -> Tool:
    """The tool where nothing listens."""
    return Tool(binaries / "cairn", f"http://127.0.0.1:{free_port()}", "admin", "123456")


# ---- help and command lines ----


def test_help_names_every_command_and_option(alone: Tool) -> None:
    """It needs no hub, no name and no PIN."""
    text = alone.run("--help", CAIRN_URL="", CAIRN_USER="", CAIRN_PIN="").stdout
    for command in {command.split()[0] for command in COMMANDS}:
        assert re.search(rf"^  {command} +\w", text, re.MULTILINE), command
    for option in ("--url", "--user", "--pin-file", "--version", "http://127.0.0.1:8080", "CAIRN_URL", "CAIRN_USER", "CAIRN_PIN"):
        assert option in text
    assert alone.out("--help") == alone.out("-h")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command(alone: Tool, command: str) -> None:
    text = alone.out(*command.split(), "--help")
    assert f"cairn {command} " in text
    inner = [other.removeprefix(f"{command} ") for other in COMMANDS if other.startswith(f"{command} ")]
    assert all(re.search(rf"^  {name} +\w", text, re.MULTILINE) for name in inner if " " not in name)


def test_document_and_help_agree(alone: Tool) -> None:
    """Every command and option of the document's table exists."""
    table = DOCUMENT.read_text(encoding="utf-8").partition("`cairn`, the operator's tool:")[2].partition("Status:")[0]
    rows = [line.replace(r"\|", " ") for line in table.splitlines() if line.startswith("| `")]
    everything = alone.out("--help") + "".join(alone.out(*command.split(), "--help") for command in COMMANDS)
    options = {option for row in rows for option in re.findall(r"--[a-z-]+", row)}
    assert len(options) > 10 and not [option for option in options if option not in everything]
    named = {word for row in rows for word in re.findall(r"`([a-z0-9][a-z0-9-]*)", row.split("|")[1])}
    assert named == {command.split()[0] for command in COMMANDS}


def test_version_is_that_of_the_hub(company: Company, tool: Tool) -> None:
    version = tool.out("--version").strip()
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert version == company.hub_api().get("/version")["version"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("", "A subcommand is required"),
        ("log", "A subcommand is required"),
        ("status today", "today"),
        ("status --loud", "--loud"),
        ("import", "kind is required"),
        ("import products", "file is required"),
        ("import customers file.csv", "customers"),
        ("log show --limit many", "--limit"),
        ("site set depot", "--name is required"),
        ("site set depot --name D --kind STORE --latitude north --longitude 0", "--latitude"),
        ("node add --name till", "--site is required"),
        ("staff add --name pat", "--role is required"),
        ("--user", "--user"),
    ],
)
def test_wrong_command_line(alone: Tool, arguments: str, words: str) -> None:
    done = alone.run(*arguments.split())
    assert 100 <= done.returncode <= 114
    assert done.stdout == ""
    assert words in done.stderr and "--help" in done.stderr


def test_limit_below_nothing(alone: Tool) -> None:
    for limit in ("-1", "0"):
        done = alone.run("log", "show", "--limit", limit)
        assert 100 <= done.returncode <= 114
        assert "--limit" in done.stderr


@pytest.mark.parametrize("words", [("shwo",), ("shwo", "--limit", "3"), ("--loud",)], ids=" ".join)
def test_unknown_command_is_named(alone: Tool, words: tuple[str, ...]) -> None:
    """With those that there are, at the top and below."""
    done = alone.run("statsu")
    assert 100 <= done.returncode <= 114
    assert '"statsu"' in done.stderr and "import, status" in done.stderr and "--help" in done.stderr
    done = alone.run("log", *words)
    assert 100 <= done.returncode <= 114
    assert f'"{words[0]}"' in done.stderr and "show, verify" in done.stderr and "--help" in done.stderr


# ---- signing in ----


def test_wrong_pin_and_wrong_name(office: tuple[Company, Tool]) -> None:
    """The same words for both, so that nobody can find out names; and after five times it is the name's turn to wait."""
    company, tool = office
    company.hub_api().post("/api/v1/staff", {"name": "vera", "role": "HQ_VIEWER"})
    wrong = f"{(int(company.admin_pin) + 1) % 1_000_000:06}"
    assert tool.no("status", CAIRN_PIN=wrong) == "the name or the PIN is wrong"
    assert tool.no("status", CAIRN_USER="nobody") == "the name or the PIN is wrong"
    for _ in range(5):
        assert tool.no("status", CAIRN_USER="vera", CAIRN_PIN="000000") == "the name or the PIN is wrong"
    assert tool.no("status", CAIRN_USER="vera", CAIRN_PIN="000000").startswith("too many wrong PINs for this name; wait")
    assert tool.run("status").returncode == 0


def test_without_name_or_pin(alone: Tool, tmp_path: Path) -> None:
    assert alone.no("status", CAIRN_USER="") == "no name to sign in with: give one with --user"
    assert alone.no("status", CAIRN_PIN="") == "no PIN: set CAIRN_PIN, or give a file with --pin-file"
    missing, empty = tmp_path / "missing", tmp_path / "empty"
    empty.touch()
    for file in (missing, empty, tmp_path):
        assert alone.no("--pin-file", file, "status") == f"no PIN in {file}: the file is missing or empty"


def test_options_win_over_the_environment(tool: Tool, tmp_path: Path) -> None:
    file = tmp_path / "pin"
    file.write_text(f"{tool.pin}\nnot the PIN\n")
    options = ("--url", tool.url, "--user", tool.user, "--pin-file", file)
    others = {"CAIRN_URL": "http://127.0.0.1:1", "CAIRN_USER": "nobody", "CAIRN_PIN": "000000"}
    assert tool.run(*options, "status", **others).returncode == 0
    assert tool.run("status", *options, **others).returncode == 0  # behind the command, too
    nothing = {name: "" for name in others}
    assert tool.run(*options, "status", **nothing).stdout == tool.out("status")


def test_pin_file_with_cr_lf(tool: Tool, tmp_path: Path) -> None:
    file = tmp_path / "pin"
    file.write_bytes(f"{tool.pin}\r\n".encode())
    assert tool.run("--pin-file", file, "status").returncode == 0


def test_without_permission(office: tuple[Company, Tool], tmp_path: Path) -> None:
    _, tool = office
    pin = tool.out("staff", "add", "--name", "vera", "--role", "HQ_VIEWER").strip()
    file = tmp_path / "articles.csv"
    file.write_text("sku,name\nCUP,Cup\n")
    for command in (
        ("staff", "list"),
        ("staff", "add", "--name", "x", "--role", "ADMIN"),
        ("site", "set", "x", "--name", "x", "--kind", "STORE", "--latitude", "0", "--longitude", "0"),
        ("site", "reset-capacity", "x"),
        ("node", "add", "--site", "x", "--name", "x"),
        ("import", "products", file),
        ("route",),
    ):
        assert "permission" in tool.no(*command, CAIRN_USER="vera", CAIRN_PIN=pin), command
    assert tool.run("status", CAIRN_USER="vera", CAIRN_PIN=pin).returncode == 0


# ---- nobody there, or somebody else ----


def test_hub_is_not_running(alone: Tool, tmp_path: Path) -> None:
    """Whatever was asked: where nothing listens, and what to look at."""
    file = tmp_path / "articles.csv"
    file.write_text("sku,name\nCUP,Cup\n")
    for command in (("status",), ("log", "show"), ("log", "verify"), ("route",), ("staff", "list"), ("import", "products", file)):
        assert alone.no(*command) == f"nothing listens at {alone.url}: is the hub running?"


def test_address_is_none(alone: Tool) -> None:
    for url in ("https://127.0.0.1:8080", "127.0.0.1:8080", "hub", "http://127.0.0.1:8080/api", "http://me:1234@127.0.0.1:8080"):
        assert alone.no("status", CAIRN_URL=url) == f'"{url}" is not an address like http://127.0.0.1:8080'
    assert alone.no("status", CAIRN_URL="http://no-such-host.invalid:80").startswith("cannot reach http://no-such-host.invalid:80")


Answers = Callable[[str, str], tuple[int, str]]  # method, path -> status, body


@contextmanager
def served(answers: Answers) -> Iterator[tuple[str, list[bytes]]]:
    """Another program's HTTP server; and what was sent to it."""
    sent: list[bytes] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            if length := int(self.headers.get("Content-Length") or 0):
                sent.append(self.rfile.read(length))
            status, body = answers(self.command, self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        do_GET = do_POST = do_PUT = do_DELETE = answer

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", sent
        finally:
            server.shutdown()


def stranger(page: str | None) -> AbstractContextManager[tuple[str, list[bytes]]]:
    """Answers every GET with a page, or with 404."""
    return served(lambda method, _: (200, "{}") if method == "POST" else (404 if page is None else 200, page or ""))


def impostor(
    body: str, status: int = 200, *, program: str = "cairn-hub", version: str = "0.1.0"
) -> AbstractContextManager[tuple[str, list[bytes]]]:
    """Lets everybody sign in like a Cairn program and then has one answer to everything."""
    known = {"/version": json.dumps({"program": program, "version": version}), "/api/v1/sessions": '{"token": "T"}'}
    return served(lambda _, path: (200, known[path]) if path in known else (status, body))


def test_another_program_that_knows_no_version(alone: Tool) -> None:
    with stranger(None) as (url, sent):
        assert alone.no("status", CAIRN_URL=url) == "the server answered 404"
    assert sent == []


@pytest.mark.parametrize("page", ["{}", "[]", '{"program": "nginx"}'])
def test_another_program_gets_no_pin(alone: Tool, page: str) -> None:
    with stranger(page) as (url, sent):
        done = alone.run("status", CAIRN_URL=url)
    assert (done.returncode, done.stdout, sent) == (1, "", [])


def test_another_program_with_a_web_page(alone: Tool) -> None:
    with stranger("<html></html>") as (url, _):
        assert alone.no("status", CAIRN_URL=url) == f"{url} gave an answer that is no JSON: is that a hub or an agent?"


@pytest.mark.parametrize("version", ["0.2.0", "0.10.0", "1.1.0", "0", "", "zero"])
def test_another_version_gets_no_pin(alone: Tool, version: str) -> None:
    with impostor("{}", version=version) as (url, sent):
        assert "the PIN was not sent" in alone.no("status", CAIRN_URL=url)
    assert sent == []


def test_a_patch_makes_no_other_version(alone: Tool) -> None:
    with impostor('{"items": [], "more": 1}', version="0.1.17") as (url, _):
        assert alone.run("site", "list", CAIRN_URL=url).returncode == 0


@pytest.mark.parametrize("program", ["cairn-hub", "cairn-agent"])
@pytest.mark.parametrize(
    "body",
    ["{}", "[]", "7", "null", "<html></html>", '{"items": [{}], "sites": [], "orders": {}, "authors": [{}], "ok": "yes", "pin": 123456}'],
)
def test_answer_that_lacks_something(alone: Tool, tmp_path: Path, program: str, body: str) -> None:
    """Nothing that did not come is printed as if it had."""
    file = tmp_path / "articles.csv"
    file.write_text("sku,name\nCUP,Cup\n")
    with impostor(body, program=program) as (url, _):
        for command in (
            *LOOKS,
            ("route",),
            ("node", "add", "--site", "x", "--name", "x"),
            ("staff", "add", "--name", "x", "--role", "ADMIN"),
            ("import", "products", file),
        ):
            assert f"{url} gave an answer that is " in alone.no(*command, CAIRN_URL=url)


def test_pages_without_end(alone: Tool) -> None:
    with impostor('{"items": [], "next_cursor": "again"}') as (url, _):
        assert alone.run("log", "show", CAIRN_URL=url).stdout == ""


def test_import_in_an_unknown_state(alone: Tool, tmp_path: Path) -> None:
    """What is not known to be done is not called done."""
    file = tmp_path / "articles.csv"
    file.write_text("sku,name\nCUP,Cup\n")
    figures = dict.fromkeys(("rows_total", "rows_done", "created", "changed", "unchanged", "rejected", "without_effect"), 0)
    with impostor(json.dumps({"import": "1", "state": "sleeping", "message": ""} | figures)) as (url, _):
        assert "/state: must be running, done or failed" in alone.no("import", "products", file, CAIRN_URL=url)


STEERING = "a\x1b[31mb\nc\td\re\x07\x00\x7f\u009bf\u202eg\u2028h"
SHOWN = r"a\u001b[31mb\nc\td\re\u0007\u0000\u007f\u009bf\u202eg\u2028h"


def test_foreign_text_cannot_draw_on_the_terminal(alone: Tool, tmp_path: Path) -> None:
    """Whatever a hub says: one line each, and what would steer the terminal is written out."""
    text = STEERING.replace("\0", "")  # nowhere in JSON
    shown = SHOWN.replace(r"\u0000", "")
    site = {"site": text, "kind": text, "latitude": 1.5, "longitude": 2, "active": True, "full_since": None, "name": text}
    person = {"user": text, "site": text, "role": text, "active": False, "name": text}
    device = {"node": text, "site": text, "name": text, "problem": text, "online": True, "head": 1, "hwm": 1, "last_heard_at": None}
    for command, item in (("site", site), ("staff", person), ("node", device)):
        with impostor(json.dumps({"items": [item]})) as (url, _):
            done = alone.run(command, "list", CAIRN_URL=url)
        assert (done.returncode, len(done.stdout.splitlines())) == (0, 2)
        assert done.stdout.count(shown) == sum(value == text for value in item.values())
    record = {"time": "t", "node": text, "inc": "1", "seq": 1, "event": text, "payload": {text: text}}
    with impostor(json.dumps({"items": [record], "next_cursor": None})) as (url, _):
        (line,) = alone.run("log", "show", CAIRN_URL=url).stdout.splitlines()
        assert line.count(shown) == 4
        (line,) = alone.run("log", "show", "--json", CAIRN_URL=url).stdout.splitlines()
        assert json.loads(line) == record
        assert shown in line and line.isprintable()
    with impostor(json.dumps({"node": text})) as (url, _):
        assert alone.run("node", "add", "--site", "x", "--name", "x", CAIRN_URL=url).stdout == f"{shown}\n"
    with impostor(json.dumps({"type": "/problems/x", "detail": text}), 422) as (url, _):
        assert alone.no("route", CAIRN_URL=url) == shown


def test_octets_that_are_no_text_are_shown(alone: Tool) -> None:
    """A name of a file may be anything."""
    with impostor("{}") as (url, _):
        done = subprocess.run(
            [alone.program, "import", "products", b"no\xff\xc3such\xe2\x82\n\xe2\x82\xac"],
            env={"CAIRN_URL": url, "CAIRN_USER": "a", "CAIRN_PIN": "1"},
            capture_output=True,
            check=False,
        )
    assert done.stderr.decode() == "cairn: no\\xff\\xc3such\\xe2\\x82\\n€ cannot be read\n"


def test_endless_sentence_is_cut(alone: Tool) -> None:
    with impostor(json.dumps({"detail": "é" * 100_000}), 422) as (url, _):
        assert re.fullmatch(r"é{500} \.\.\. \(200000 octets\)", alone.no("route", CAIRN_URL=url))


# ---- status ----


def test_status_of_the_hub(company: Company, tool: Tool) -> None:
    hub = company.hub_api().get("/api/v1/totals")
    orders, shop = hub["orders"], hub["sites"][0]
    text = tool.out("status")
    assert text.splitlines()[:5] == [
        "2 orders, 3 lines: 7 ordered, 0 cancelled, 7 routed, 0 waiting (0 orders)",
        "",
        "site  groups  routed  scanned  shipped  put back  in stock",
        "shop       2       7        3        3         0     19997",
        "",
    ]
    assert (orders["ordered_milli"], shop["scanned_milli"], shop["on_hand_milli"]) == (7000, 3000, 19_997_000)
    heading, device = text.splitlines()[5:]
    assert heading.split() == "node site name online records at hub last heard problem".split()
    head = company.agent_api(company.agents[0]).get("/api/v1/sync")["head"]
    assert re.fullmatch(rf"{company.agents[0].node}  shop  shop  true +{head} +{head}  {TIME}", device)


def test_status_of_an_agent(company: Company, at_shop: Tool) -> None:
    head = company.agent_api(company.agents[0]).get("/api/v1/sync")["head"]
    assert [line.rstrip() for line in at_shop.out("status").splitlines()] == [
        "site  groups  routed  scanned  shipped  put back  in stock",
        "shop       2       7        3        3         0     19997",
        "",
        f"hub link live: {head} own records, {head} of them at the hub, 0 feed positions behind",
    ]


def test_tool_takes_nobodys_station(company: Company, at_shop: Tool) -> None:
    """At an agent it signs in at a station of its own and signs out again."""
    station = company.agents[0].stations[0]
    picker = Api(company.agents[0].url)
    picker.sign_in(station.person, station.pin, station.name)
    assert at_shop.run("status", CAIRN_USER=station.person, CAIRN_PIN=station.pin).returncode == 0
    assert picker.get("/api/v1/sessions/current")["station"] == station.name


# ---- the log ----


def test_log_show(company: Company, tool: Tool) -> None:
    records = company.hub_api().pages("/api/v1/log")
    lines = tool.out("log", "show", "--limit", "1000").splitlines()
    assert len(lines) == len(records) > 20
    for line, record in zip(lines, records, strict=True):
        when, node, number, event, payload = line.split(" ", 4)
        assert re.fullmatch(TIME, when)
        assert (node, number, event) == (record["node"], f"{record['inc']}/{record['seq']}", record["event"])
        assert json.loads(payload) == record["payload"]
    assert {record["event"] for record in records} >= {"OrderPlaced", "ShipGroupAllocated", "LinePicked", "ShipGroupShipped"}


def test_log_show_a_part(company: Company, tool: Tool) -> None:
    node = company.agents[0].node
    own = [record for record in company.hub_api().pages("/api/v1/log") if record["node"] == node]
    assert len(tool.out("log", "show", "--node", node).splitlines()) == len(own)
    done = tool.run("log", "show", "--limit", "3")
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 3)
    assert done.stderr == "there are more; ask for them with --limit\n"
    assert tool.out("log", "show", "--node", str(uuid.uuid4())) == ""
    assert "UUID" in tool.no("log", "show", "--node", "till-1")


def test_log_show_exactly_all(company: Company, tool: Tool) -> None:
    records = company.hub_api().pages("/api/v1/log")
    assert len(tool.out("log", "show", "--limit", str(len(records))).splitlines()) == len(records)


def test_log_show_json(company: Company, tool: Tool) -> None:
    """More than one page of the API, and every record as the API has it."""
    records = [json.loads(line) for line in tool.out("log", "show", "--json", "--limit", "100000").splitlines()]
    assert records == company.hub_api().pages("/api/v1/log")
    assert all(len(record["chain"]) == 32 for record in records)
    # The octets of a StaffAssigned hold the hash of a PIN.
    assert all(bytes.fromhex(record["record"]) for record in records if record["event"] != "StaffAssigned")


def test_log_show_of_several_pages(office: tuple[Company, Tool], tmp_path: Path) -> None:
    company, tool = office
    file = tmp_path / "articles.csv"
    file.write_text("sku,name\n" + "".join(f"S-{i},Article\n" for i in range(1200)))
    assert tool.run("import", "products", file).returncode == 0
    assert len(tool.out("log", "show", "--limit", "5000").splitlines()) == 1201
    done = tool.run("log", "show", "--limit", "1001")
    assert (len(done.stdout.splitlines()), "there are more" in done.stderr) == (1001, True)


def test_log_verify(company: Company, tool: Tool, at_shop: Tool) -> None:
    for asked, hub_row in ((tool, "ok"), (at_shop, r"not kept here \(only part of this author's log is\)")):
        lines = asked.out("log", "verify").splitlines()
        assert lines[0].split() == ["author", "incarnation", "records", "chain"]
        assert lines[-1] == "every chain is whole"
        rows = {line.split()[0]: line for line in lines[1:-1]}
        assert set(rows) == {company.hub_node, company.agents[0].node}
        assert re.fullmatch(rf"{company.hub_node}  [0-9a-f]{{16}} +\d+  {hub_row}", rows[company.hub_node])
        assert rows[company.agents[0].node].endswith("  ok")


def test_log_verify_asks_the_running_process(company: Company, tool: Tool, tmp_path: Path) -> None:
    """It opens nothing of the hub's folder, and needs the hub."""
    trace = tmp_path / "trace"
    command = ["strace", "-f", "-e", "trace=open,openat", "-o", trace, tool.program, "log", "verify"]
    environment = {"CAIRN_URL": tool.url, "CAIRN_USER": tool.user, "CAIRN_PIN": tool.pin}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.endswith("every chain is whole\n")
    opened = re.findall(r'open(?:at)?\([^"]*"([^"]*)"', trace.read_text())
    assert opened and not [path for path in opened if path.startswith(str(company.directory)) or path.endswith(".sqlite")]


def test_log_that_was_changed(office: tuple[Company, Tool]) -> None:
    """One bit of one record, changed behind the hub's back: status 3, and where."""
    company, tool = office
    for number in range(4):
        tool.out("site", "set", f"store-{number}", "--name", "S", "--kind", "STORE", "--latitude", "0", "--longitude", "0")
    with closing(sqlite3.connect(company.directory / "hub" / "cairn.sqlite")) as database:
        database.execute("PRAGMA wal_autocheckpoint=0")  # only the program writes pages, each with its checksum
        (octets,) = database.execute("SELECT record FROM event_log WHERE seq = 3").fetchone()
        database.execute("UPDATE event_log SET record = ? WHERE seq = 3", (octets[:-1] + bytes([octets[-1] ^ 1]),))
        database.commit()
    done = tool.run("log", "verify")
    assert (done.returncode, done.stderr) == (3, "")
    assert re.search(rf"^{company.hub_node}  [0-9a-f]{{16}} +4  BROKEN at record 3$", done.stdout, re.MULTILINE)
    assert done.stdout.splitlines()[-1] == "the log was changed; see the records above"
    in_use = f"another process runs on {company.directory / 'hub'}: stop it first, or ask it over HTTP"
    assert tool.no("log", "verify", "--data-dir", company.directory / "hub") == in_use
    company.hub.stop()
    assert tool.no("log", "verify") == f"nothing listens at {tool.url}: is the hub running?"
    stopped = tool.run("log", "verify", "--data-dir", company.directory / "hub", CAIRN_PIN="")
    assert (stopped.returncode, stopped.stdout, stopped.stderr) == (3, done.stdout, "")


def test_log_verify_of_a_stopped_hub(office: tuple[Company, Tool], tmp_path: Path) -> None:
    """It needs nobody and no PIN, changes nothing, and the hub starts again as if nobody had looked."""
    company, tool = office
    asked = tool.out("log", "verify")
    company.hub.stop()
    folder = company.directory / "hub"
    whole = tool.run("log", "verify", "--data-dir", folder, CAIRN_PIN="")
    assert (whole.returncode, whole.stdout, whole.stderr) == (0, asked, "")
    shutil.copytree(folder, tmp_path / "before")  # to the hub a file that another program wrote to is damaged
    for column, value in (("chain", bytes(16)), ("type", 9), ("hlc", 9), ("key", b"\x07")):
        with closing(sqlite3.connect(folder / "cairn.sqlite")) as database:
            author, seq, before = database.execute(f"SELECT author, seq, {column} FROM event_log WHERE type = 30").fetchone()
            for written in (value, before):
                database.execute(f"UPDATE event_log SET {column} = ? WHERE author = ? AND seq = ?", (written, author, seq))
                database.commit()
                found = tool.run("log", "verify", "--data-dir", folder)
                assert (f"BROKEN at record {seq}\n" in found.stdout) == (written is value), column
    assert tool.no("log", "verify", "--data-dir", tmp_path / "nothing") == f"there is no database in {tmp_path / 'nothing'}"
    assert not (tmp_path / "nothing").exists()
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "before", folder)
    company.hub.start()
    wait_for("the hub", lambda: tool.run("log", "verify").returncode == 0)


# ---- sync ----


def test_sync_status(company: Company, tool: Tool, at_shop: Tool) -> None:
    wait_quiet(company.agent_api(company.agents[0]))
    lines = tool.out("sync", "status").splitlines()
    assert lines[0].split() == ["node", "site", "link", "head", "at", "hub", "backlog", "set", "aside", "problem"]
    row, folded = lines[1:]
    assert folded == "folded: 0 old records of 0 KiB in 0 KiB"
    assert re.fullmatch(rf"{company.agents[0].node}  shop +online +(\d+) +\1 +0 +0", row.rstrip())
    own = at_shop.out("sync", "status")
    assert re.search(rf"^node {company.agents[0].node} incarnation [0-9a-f]{{16}}, link live$", own, re.MULTILINE)
    assert re.search(r"^uplink: head (\d+), at the hub \1, backlog 0$", own, re.MULTILINE)
    assert re.search(r"^feed site:shop: at \d+ of generation [0-9a-f]{16}$", own, re.MULTILINE)
    assert "downlink: 0 positions behind\nset aside here: 0\n" in own


def test_sync_quarantine_and_replay(office: tuple[Company, Tool]) -> None:
    """A record without effect is listed and shown, takes effect when it is asked again, and is gone from the list."""
    company, tool = office
    for command, words in (("quarantine", "nothing is set aside"), ("replay", "0 records took effect, 0 stay set aside")):
        assert tool.out("sync", command) == f"{words}\n"
    tool.out("site", "set", "york", "--name", "York", "--kind", "STORE", "--latitude", "0", "--longitude", "0")
    with closing(sqlite3.connect(company.directory / "hub" / "cairn.sqlite")) as database:
        database.execute(
            "INSERT INTO quarantine (author, seq, kind, reason, seen_utc_us)"
            " SELECT author, seq, 'FAILED', 'planted', 0 FROM event_log WHERE type = 20"
        )
        database.execute("DELETE FROM facility")
        database.commit()
    listed = tool.run("sync", "quarantine")
    assert listed.returncode == 3
    (row,) = listed.stdout.splitlines()[1:]
    name = row.split()[0]
    assert re.fullmatch(rf"{company.hub_node}/[0-9a-f]{{16}}/\d+", name)
    assert row.split()[1:4] == ["FAILED", "FacilityDefined", "0"] and row.endswith("  planted")
    one = tool.run("sync", "quarantine", name)
    assert one.returncode == 3
    assert one.stdout.startswith(f"{name}: FAILED\nplanted\n") and '"name":"York"' in one.stdout and "\noctets " in one.stdout
    assert tool.no("sync", "quarantine", f"{name}0") == "no such record is in quarantine here"
    assert tool.out("sync", "replay") == "1 records took effect, 0 stay set aside\n"
    assert tool.out("sync", "quarantine") == "nothing is set aside\n"
    assert "york" in tool.out("site", "list")


# ---- setting a company up ----


def test_sites(office: tuple[Company, Tool]) -> None:
    _, tool = office
    place = ("--latitude", "52.4068", "--longitude", "-1.5197")
    assert tool.out("site", "set", "depot", "--name", "Depot", "--kind", "WAREHOUSE", *place) == "site depot is set\n"
    assert tool.out("site", "set", "a-1", "--name", "Café Zürich", "--kind", "STORE", "--latitude", "0", "--longitude", "180")
    expected = [
        "site   kind       latitude  longitude  active  full since  name",
        "a-1    STORE           0.0      180.0  true                Café Zürich",
        "depot  WAREHOUSE   52.4068    -1.5197  true                Depot",
    ]
    assert tool.out("site", "list").splitlines() == expected
    assert tool.out("site", "set", "depot", "--name", "Big depot", "--kind", "WAREHOUSE", *place) == "site depot is set\n"
    assert tool.out("site", "list").splitlines() == [*expected[:2], expected[2].replace("Depot", "Big depot")]
    assert tool.out("site", "reset-capacity", "depot") == "site depot takes orders again\n"
    assert 'no site "no-where"' in tool.no("site", "reset-capacity", "no-where")


@pytest.mark.parametrize(
    ("site", "name", "kind", "latitude", "words"),
    [
        ("Depot", "D", "STORE", "0", "lower-case letters, digits and dashes"),
        ("-depot", "D", "STORE", "0", "a letter or digit first"),
        ("d" * 33, "D", "STORE", "0", "1-32"),
        ("depot", "", "STORE", "0", "1 to 80 octets"),
        ("depot", "n" * 81, "STORE", "0", "1 to 80 octets"),
        ("depot", "D", "SHOP", "0", "a WAREHOUSE or a STORE"),
        ("depot", "D", "STORE", "91", "/latitude: is out of range"),
        ("depot", "D", "STORE", "nan", "latitude"),
    ],
)
def test_bad_site(tool: Tool, site: str, name: str, kind: str, latitude: str, words: str) -> None:
    before = tool.out("site", "list")
    assert words in tool.no("site", "set", "--name", name, "--kind", kind, "--latitude", latitude, "--longitude", "0", "--", site)
    assert tool.out("site", "list") == before


def test_nodes(office: tuple[Company, Tool]) -> None:
    company, tool = office
    assert tool.no("node", "add", "--site", "store", "--name", "till-1") == 'there is no site "store"; define it first'
    for site in ("store", "depot"):
        tool.out("site", "set", site, "--name", site, "--kind", "STORE", "--latitude", "0", "--longitude", "0")
    made = tool.out("node", "add", "--site", "store", "--name", "till-1")
    assert re.fullmatch(rf"{UUID}\n", made), "the id alone, so that a script can take it"
    own = str(uuid.uuid4())
    assert tool.out("node", "add", "--site", "store", "--name", "till 2", "--id", own) == f"{own}\n"
    assert "a device stays at its site" in tool.no("node", "add", "--site", "depot", "--name", "till 2", "--id", own)
    rows = tool.out("node", "list").splitlines()
    assert sorted(row.split("  ")[0] for row in rows[1:]) == sorted([made.strip(), own])
    assert all(re.fullmatch(rf"{UUID}  store  till.[12]  false +0 +0", row) for row in rows[1:])
    assert tool.no("node", "add", "--site", "store", "--name", "x", "--id", "till")
    assert len(company.hub_api().get("/api/v1/nodes")["items"]) == 2


def test_staff(office: tuple[Company, Tool]) -> None:
    """`add` prints the PIN, this once; it works, and `list` does not have it."""
    company, tool = office
    tool.out("site", "set", "store", "--name", "S", "--kind", "STORE", "--latitude", "0", "--longitude", "0")
    pin = tool.out("staff", "add", "--name", "vera", "--role", "HQ_VIEWER")
    assert re.fullmatch(r"\d{6}\n", pin), "the PIN alone, so that a script can take it"
    assert tool.run("status", CAIRN_USER="vera", CAIRN_PIN=pin.strip()).returncode == 0
    store_pin = tool.out("staff", "add", "--site", "store", "--name", "vera", "--role", "PICKER")
    lines = tool.out("staff", "list").splitlines()
    assert lines[0].split() == ["user", "site", "role", "active", "name"]
    assert [re.sub(rf"^{UUID} +", "", line) for line in lines[1:]] == [
        "ADMIN      true    admin",
        "HQ_VIEWER  true    vera",
        "store  PICKER     true    vera",
    ]
    assert not {pin.strip(), store_pin.strip(), company.admin_pin} & set(re.findall(r"\d{6}", "\n".join(lines)))
    assert tool.no("staff", "add", "--name", "vera", "--role", "ADMIN") == "somebody at this site is already called vera"
    assert "PICKER, PACKER" in tool.no("staff", "add", "--name", "bob", "--role", "BOSS")
    assert "nowhere" in tool.no("staff", "add", "--site", "nowhere", "--name", "bob", "--role", "PICKER")
    # The shop's picker cannot sign in at head office.
    with pytest.raises(Problem):
        Api(company.hub_url).sign_in("vera", store_pin.strip())


def test_hub_only_commands_at_an_agent(at_shop: Tool, tmp_path: Path) -> None:
    file = tmp_path / "articles.csv"
    file.write_text("sku,name\nCUP,Cup\n")
    for command in (("route",), ("node", "list"), ("staff", "list"), ("import", "products", file)):
        assert at_shop.no(*command) == "there is nothing at this address"


# ---- routing ----


def write_orders(directory: Path, articles: int, orders: int, lines: int) -> dict[str, Path]:
    """A catalogue of `articles` at three sites, and orders of `lines` lines each."""
    place = "2026-11-01T09:00:00Z,52,-1"
    texts = {
        "products": "sku,name\n" + "".join(f"S-{i},Article {i}\n" for i in range(articles)),
        "stock": "site,sku,quantity\n" + "".join(f"{site},S-{i},1000\n" for site in ("a", "b", "c") for i in range(articles)),
        "orders": "order_id,line_no,sku,quantity,unit_price_gbp,ordered_at,latitude,longitude\n"
        + "".join(
            f"{order},{line},S-{(order * 37 + line) % articles},1,1.00,{place}\n"
            for order in range(orders)
            for line in range(1, lines + 1)
        ),
    }
    files = {}
    for kind, text in texts.items():
        files[kind] = directory / f"{kind}.csv"
        files[kind].write_text(text)
    return files


def load(tool: Tool, files: dict[str, Path]) -> None:
    for site in ("a", "b", "c"):
        tool.out("site", "set", site, "--name", site, "--kind", "STORE", "--latitude", "52", "--longitude", "0")
    for kind, file in files.items():
        assert tool.run("import", kind, file).returncode == 0


def test_route(office: tuple[Company, Tool], tmp_path: Path) -> None:
    _, tool = office
    assert tool.out("route") == "0 orders looked at: 0 routed, 0 partly, 0 wait; 0 ship groups opened\n"
    load(tool, write_orders(tmp_path, 10, 40, 2))
    assert tool.out("route") == "40 orders looked at: 40 routed, 0 partly, 0 wait; 40 ship groups opened\n"
    assert tool.out("route") == "0 orders looked at: 0 routed, 0 partly, 0 wait; 0 ship groups opened\n"


def test_route_with_a_large_catalogue(office: tuple[Company, Tool], tmp_path: Path) -> None:
    """The work for a line does not grow with the catalogue: 5,000 lines are a matter of a moment."""
    _, tool = office
    load(tool, write_orders(tmp_path, 4000, 250, 20))
    began = time.monotonic()
    assert tool.out("route").startswith("250 orders looked at: 250 routed")
    assert time.monotonic() - began < 2


# ---- output ----

LOOKS = (("status",), ("site", "list"), ("node", "list"), ("staff", "list"), ("log", "show"), ("log", "show", "--json"), ("log", "verify"))


@pytest.mark.parametrize("command", LOOKS, ids=" ".join)
def test_output_is_stable(tool: Tool, command: tuple[str, ...]) -> None:
    """Nothing happens, so the same is printed; and no line ends with blanks."""

    def printed() -> str:
        # An idle device is heard every few seconds.
        return re.sub(TIME, "TIME", tool.run(*command, "--url", tool.url).stdout)

    first = printed()
    assert first
    assert printed() == first
    assert not re.search(r" $", first, re.MULTILINE)
    assert "\r" not in first and "\x1b" not in first and "\t" not in first


def test_agent_status_has_no_blank_at_the_end(at_shop: Tool) -> None:
    assert not re.search(r" $", at_shop.out("status"), re.MULTILINE)


def secrets_of(company: Company) -> list[str]:
    """Every PIN and every password of a company."""
    pins = [company.admin_pin, *company.manager_pins.values(), *(s.pin for agent in company.agents for s in agent.stations)]
    return pins + [file.read_text().strip() for file in company.directory.glob("*.password")]


def test_output_has_no_secrets(company: Company, tool: Tool, at_shop: Tool) -> None:
    secrets = secrets_of(company)
    assert len(secrets) == 1 + 1 + 3 + 2
    for asked in (tool, at_shop):
        for command in LOOKS:
            text = (done := asked.run(*command)).stdout + done.stderr
            assert not [secret for secret in secrets if re.search(rf"(?<![\w.]){re.escape(secret)}(?![\w.])", text)], command
            assert "argon2" not in text and "hash" not in text
    for number in ("--version", "--help"):
        assert not [secret for secret in secrets if secret in tool.out(number)]
    assert tool.pin not in tool.no("status", CAIRN_USER="nobody")


def test_viewer_gets_no_hash_of_the_admins_pin(office: tuple[Company, Tool]) -> None:
    """Who may only look must not be able to find out, at home, how to sign in as the administrator."""
    _, tool = office
    pin = tool.out("staff", "add", "--name", "vera", "--role", "HQ_VIEWER").strip()
    done = tool.run("log", "show", "--json", CAIRN_USER="vera", CAIRN_PIN=pin)
    records = [bytes.fromhex(json.loads(line)["record"] or "") for line in done.stdout.splitlines()]
    assert len(records) >= 2
    assert not any(b"$argon2" in record for record in records)


def test_names_cannot_draw_on_the_terminal(office: tuple[Company, Tool]) -> None:
    """Either they are refused or the list shows them harmlessly: one line each."""
    _, tool = office
    tool.run("site", "set", "store", "--name", "a\x1b[31mb\nc", "--kind", "STORE", "--latitude", "0", "--longitude", "0")
    tool.run("staff", "add", "--name", "x\x1b]0;y\x07\nz", "--role", "HQ_VIEWER")
    text = tool.out("site", "list") + tool.out("staff", "list")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text)
    assert len(text.splitlines()) <= 2 + 3


def test_output_that_cannot_be_written(office: tuple[Company, Tool]) -> None:
    """A PIN that is printed once and goes nowhere must not look like success."""
    _, tool = office
    environment = {"CAIRN_URL": tool.url, "CAIRN_USER": tool.user, "CAIRN_PIN": tool.pin}
    with open("/dev/full", "w", encoding="utf-8") as full:
        command = [tool.program, "staff", "add", "--name", "vera", "--role", "HQ_VIEWER"]
        done = subprocess.run(command, env=environment, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("cairn: ")


def test_output_that_is_closed(office: tuple[Company, Tool]) -> None:
    """The connection to the hub must not get the number of standard output, and with it the PIN."""
    _, tool = office
    environment = {"CAIRN_URL": tool.url, "CAIRN_USER": tool.user, "CAIRN_PIN": tool.pin, "PATH": "/usr/bin:/bin"}
    command = f"exec {tool.program} staff add --name vera --role HQ_VIEWER >&-"
    done = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("cairn: the output could not be written")
    assert "vera" in tool.out("staff", "list")


def test_reader_that_goes_away(office: tuple[Company, Tool], tmp_path: Path) -> None:
    """`cairn log show | head`: the tool ends without a word."""
    _, tool = office
    file = tmp_path / "articles.csv"
    file.write_text("sku,name\n" + "".join(f"S-{i},Article\n" for i in range(2000)))
    tool.out("import", "products", file)
    command = f"{tool.program} log show --json --limit 100000 | head -c 9"
    environment = {"CAIRN_URL": tool.url, "CAIRN_USER": tool.user, "CAIRN_PIN": tool.pin, "PATH": "/usr/bin:/bin"}
    done = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, text=True, check=False, timeout=20)
    assert (done.stdout, done.stderr) == ('{"node":"', "")


def test_tool_signs_out(office: tuple[Company, Tool]) -> None:
    """No session is left behind for somebody to find."""
    company, tool = office
    with closing(sqlite3.connect(f"file:{company.directory}/hub/cairn.sqlite?mode=ro", uri=True)) as database:

        def sessions() -> int:
            return int(database.execute("SELECT count(*) FROM session").fetchone()[0])

        before = sessions()
        tool.out("site", "list")
        tool.run("node", "add", "--site", "nowhere", "--name", "x")
        wait_for("the sessions have ended", lambda: sessions() == before)


def test_label_and_receipt_without_a_program(alone: Tool, tmp_path: Path) -> None:
    """They need no hub, say what is wrong with a document, and make nothing of it then."""
    label, receipt, bad = (tmp_path / name for name in ("label.json", "receipt.json", "bad.json"))
    label.write_text('{"location": "A-01"}', encoding="utf-8")
    receipt.write_text('{"currency": "EUR", "items": [], "total_minor": 0}', encoding="utf-8")
    bad.write_text('{"location": "A", "locatoin": "A-01"}', encoding="utf-8")
    assert alone.out("label", "shelf", "--data", label, "--zpl").startswith("^XA\n")
    assert alone.out("label", "bin", "--data", label, "--epl").startswith("\nN\n")
    for call in (("label", "shelf", "--data", label, "--png"), ("receipt", "--data", receipt, "--png")):
        drawn = subprocess.run([alone.program, *map(str, call)], capture_output=True, timeout=30, check=True)
        assert drawn.stdout.startswith(b"\x89PNG\r\n")
    printed = subprocess.run([alone.program, "receipt", "--data", receipt, "--escpos"], capture_output=True, timeout=30)
    assert printed.stdout.startswith(b"\x1b@") and not printed.returncode
    assert "locatoin" in alone.no("label", "shelf", "--data", bad, "--zpl")
    assert "cannot be opened" in alone.no("receipt", "--data", tmp_path / "nothing", "--escpos")
