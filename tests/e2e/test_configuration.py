"""Configuration files and command lines of cairn-hub and cairn-agent, against docs/configuration.md.

The document's own tables and examples are read here: a key that it names must exist, and one that exists must be named.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import stat
import subprocess
import tomllib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lab.api import Api
from lab.company import Company, Site, free_port
from shop import SHOP, wait_for, write_trade

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
PROGRAMS = ("hub", "agent")
NODE = "01a20c2b-3e57-7988-a035-75ff312b1627"
WRONG, TEMPORARY = 78, 75

Tables = dict[str, dict[str, str]]  # table -> key -> value as TOML writes it; "": outside of all tables


def render(tables: Tables) -> str:
    """A configuration file."""
    parts = []
    for name, values in tables.items():
        heading = "" if not name else "[[device]]\n" if name == "device" else f"[{name}]\n"
        parts.append(heading + "".join(f"{key} = {value}\n" for key, value in values.items()))
    return "\n".join(parts)


KIND_OF_KEY = {"unit": '"scale"'} | dict.fromkeys(("flow", "model", "paper_mm", "drawer"), '"receipt_printer"')


@dataclass
class Program:
    """cairn-hub or cairn-agent in an otherwise empty environment."""

    name: str
    binary: Path
    folder: Path

    def smallest(self) -> Tables:
        """What every file needs."""
        node = {"id": f'"{NODE}"'} | ({"site": '"store-1"'} if self.name == "agent" else {})
        return {
            "": {"data_dir": f'"{self.folder}/data"'},
            "node": node,
            "http": {"listen": '"127.0.0.1:0"'},
            "mqtt": {"url": '"tcp://127.0.0.1:1"'},
        }

    def text(self, extra: str = "") -> str:
        """The smallest file, and more."""
        return render(self.smallest()) + extra

    def text_with(self, key: str, value: str) -> str:
        """The smallest file with one more key, or another value of one."""
        tables = self.smallest()
        table, _, name = key.rpartition(".")
        if table == "device":
            kind = {"kind": KIND_OF_KEY[name]} if name in KIND_OF_KEY else {}
            url = '"evdev:05e0:1200"' if name == "layout" else f'"serial:{self.folder}/gun"'
            tables[table] = {"name": '"gun"', "url": url} | kind
        tables.setdefault(table, {})[name] = value
        return render(tables)

    def write(self, text: str, name: str = "file.toml") -> Path:
        file = self.folder / name
        file.write_text(text)
        return file

    def run(self, *options: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [str(part) for part in (self.binary, *options)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=30)

    def check(self, text: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return self.run("-c", self.write(text), "--check-config", **environment)

    def values(self, text: str, **environment: str) -> dict[str, tuple[str, str]]:
        """Key -> its value and where it came from, as --check-config prints them."""
        done = self.check(text, **environment)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        lines = [re.fullmatch(r"(\S+) = (.*?)(?:, content hidden)?   \((.*)\)", line) for line in done.stdout.splitlines()]
        assert all(lines), done.stdout
        return {line[1]: (line[2], line[3]) for line in lines if line}

    def problems(self, text: str, **environment: str) -> list[str]:
        """What is wrong with a file, one line each, without the file's name. Nothing was made."""
        done = self.check(text, **environment)
        assert (done.returncode, done.stdout) == (WRONG, ""), done
        assert not (self.folder / "data").exists()
        return [line.replace(f"{self.folder}/file.toml", "FILE") for line in done.stderr.splitlines()]

    def refuses(self, text: str, **environment: str) -> tuple[int, dict[str, str]]:
        """How a real start ends: its status and the line of the log that says why."""
        done = self.run("-c", self.write(text), **environment)
        events = [json.loads(line) for line in done.stderr.splitlines()]
        (event,) = [event for event in events if event["event"] == "start_failed"]
        return done.returncode, event

    @contextmanager
    def running(self, text: str, **environment: str) -> Iterator[tuple[subprocess.Popen[bytes], Api, Path]]:
        """A started program, its API and its log; ended with SIGTERM."""
        log = self.folder / f"{uuid.uuid4()}.log"
        with log.open("wb") as errors:
            command = [self.binary, "-c", self.write(text)]
            process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=errors)
        try:
            (ready,) = wait_for(
                "the program is ready", lambda: [line for line in log.read_text().splitlines() if '"ready"' in line]
            )
            yield process, Api(f"http://{json.loads(ready)['listen']}"), log
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture()
def hub(tmp_path: Path, binaries: Path) -> Program:
    (tmp_path / "hub").mkdir()
    return Program("hub", binaries / "cairn-hub", tmp_path / "hub")


@pytest.fixture()
def agent(tmp_path: Path, binaries: Path) -> Program:
    (tmp_path / "agent").mkdir()
    return Program("agent", binaries / "cairn-agent", tmp_path / "agent")


@pytest.fixture(params=PROGRAMS)
def program(request: pytest.FixtureRequest, hub: Program, agent: Program) -> Program:
    return hub if request.param == "hub" else agent


# ---- what the document says ----


def flat(path: str, table: dict[str, Any]) -> dict[str, Any]:
    """The keys of a table and of the tables in it, by their paths."""
    found: dict[str, Any] = {}
    for name, value in table.items():
        found |= flat(f"{path}.{name}", value) if isinstance(value, dict) else {f"{path}.{name}": value}
    return found


def section(heading: str) -> str:
    return DOCUMENT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def documented_keys(text: str) -> set[str]:
    return set(re.findall(r"^\| `([a-z0-9_.]+)` \|", text, re.MULTILINE))


COMMON = documented_keys(section("Keys of both programs"))
DEVICE_KEYS = documented_keys(section("Keys of the agent").partition("Keys of `[[device]]`:")[2])
KEYS = {
    "hub": (COMMON - {"node.site"}) | documented_keys(section("Keys of the hub")),
    "agent": COMMON | (documented_keys(section("Keys of the agent")) - DEVICE_KEYS),
}
VARIABLES = {
    key: variable
    for keys, variables in re.findall(r"^\| (`[a-z].*?) \| (`CAIRN_.*?) \|$", section("Environment"), re.MULTILINE)
    for key, variable in zip(re.findall(r"`([^`]+)`", keys), re.findall(r"`([^`]+)`", variables), strict=True)
}


def examples() -> dict[str, str]:
    """The complete files of the document, by program."""
    found = re.findall(r"```toml\n# (hub|agent)\.toml\n(.*?)```", section("Complete files"), re.DOTALL)
    assert [name for name, _ in found] == list(PROGRAMS)
    return dict(found)


def test_document_names_every_key(program: Program) -> None:
    """The complete file has every key, and --check-config knows no other."""
    password = program.write("secret\n", "password")
    password.chmod(0o600)
    values = program.values(examples()[program.name], CAIRN_MQTT_PASSWORD_FILE=str(password))
    found = {re.sub(r"^device\[\d+\]\.", "device.", key) for key in values}
    devices = {f"device.{key}" for key in DEVICE_KEYS} if program.name == "agent" else set()
    assert len(KEYS[program.name]) >= 9
    assert found - {"mqtt.ca_file"} == (KEYS[program.name] | devices) - {"mqtt.ca_file"}


def test_documents_examples_mean_what_they_say(program: Program) -> None:
    """Every value of the example comes out as it is written, with its line."""
    text = examples()[program.name]
    password = program.write("secret\n", "password")
    password.chmod(0o600)
    values = program.values(text, CAIRN_MQTT_PASSWORD_FILE=str(password))
    written: dict[str, Any] = {}
    for key, value in tomllib.loads(text).items():
        if isinstance(value, dict):
            written |= flat(key, value)
        elif isinstance(value, list):
            written |= {f"device[{i}].{name}": inner for i, table in enumerate(value, start=1) for name, inner in table.items()}
        else:
            written[key] = value
    del written["mqtt.password_file"]  # shown without its content
    lines = program.write(text).read_text().splitlines()
    for key, value in written.items():
        shown, origin = values[key]
        assert shown == (f'"{value}"' if isinstance(value, str) else str(value).lower()), key
        place = re.fullmatch(rf"{re.escape(str(program.folder))}/file\.toml:(\d+):(\d+)", origin)
        assert place, origin
        line = lines[int(place[1]) - 1]
        assert line[int(place[2]) - 1 :] == shown and line.startswith(key.rsplit(".", 1)[-1])
    assert {key for key, (_, origin) in values.items() if origin == "default"} <= {
        "mqtt.user", "mqtt.ca_file", "node.guard_file", "payments.provider_secret_file", "notifications.smtp.user", "notifications.smtp.ca_file",
        "notifications.smtp.password_file", "notifications.webhook.secret_file", "device[2].kind", "device[2].protocol", "device[2].baud", "device[2].mode", "device[2].aim",
    }


def test_defaults_are_as_documented(program: Program) -> None:
    values = program.values(program.text_with("device.name", '"gun"') if program.name == "agent" else program.text())
    defaults = {key: value for key, (value, origin) in values.items() if origin == "default"}
    expected = {"mqtt.user": f'"{NODE}"', "mqtt.password_file": "none", "mqtt.ca_file": '""', "ui.dir": '""', "log.level": '"info"', "storage.ballast_mb": "64", "storage.fold_after_days": "14"}
    expected |= {"node.guard_file": f'"{program.folder}/data.guard"'}
    if program.name == "hub":
        expected |= {"routing.customer_service_after": "3", "routing.short_site_hours": "0", "routing.full_site_hours": "12", "routing.keep_decisions_days": "90"}
        expected |= {"routing.partial_orders": '"wait"', "labels.gs1_company_prefix": '""', "labels.block": "10000"}
        expected |= {"storage.budget_mb": "0", "backup.dir": '""', "backup.every_min": "1440", "backup.keep": "7"}
        expected |= {"snapshot.records": "10000"}
        expected |= {"orders.hold_above_minor": "-1", "orders.hold_without_position": "false"}
        expected |= {"approvals.refund_over_minor": "-1", "approvals.stored_value_over_minor": "-1", "approvals.lives_h": "24"}
        expected |= {"payments.provider_url": '""', "payments.provider_secret_file": "none"}
        expected |= {"payments.capture": '"by_hand"', "payments.timeout_ms": "10000"}
        expected |= {f"notifications.{key}": '""' for key in ("order_link", "templates_dir", "smtp.server", "smtp.ca_file", "smtp.user")}
        expected |= {"notifications.smtp.sender": '""', "notifications.webhook.url": '""', "notifications.shop_name": '"Cairn"'}
        expected |= {"notifications.smtp.password_file": "none", "notifications.webhook.secret_file": "none"}
        expected |= {"notifications.digest_s": "60", "notifications.delayed_after_min": "1440", "notifications.smtp.tls": '"starttls"'}
        expected |= {"notifications.smtp.timeout_ms": "20000", "notifications.webhook.timeout_ms": "10000"}
    else:
        expected |= {"picking.keyed_quantity_above": "12", "returns.alone_up_to_minor": "5000"}
        expected |= {"ui.px_per_mm": "5.8", "ui.show_people": "true", "storage.budget_mb": "2048"}
        device = {"kind": '"scanner"', "protocol": '"lines"', "baud": "9600", "mode": '"8N1"', "aim": "false", "station": '"gun"'}
        expected |= {f"device[1].{key}": value for key, value in device.items()}
    assert defaults == expected


def test_check_prints_every_value(program: Program) -> None:
    """Also that there is no password, which is worth knowing."""
    assert KEYS[program.name] - {"device"} <= set(program.values(program.text()))


# ---- ranges ----

LONG = "x" * 4097
# Program, key, values that are taken, values that are not. As TOML writes them.
RANGES: list[tuple[str, str, list[str], list[str]]] = [
    ("hub", "data_dir", ['"/x"', '"relative"', f'"{LONG[1:]}"'], ['""', f'"{LONG}"', "5", "true", '["/x"]']),
    ("hub", "node.id", [f'"{NODE.upper()}"'], ['""', '"1"', f'"{NODE}0"', f'"{uuid.UUID(int=0)}"', '"' + "g" * 36 + '"', "7"]),
    ("agent", "node.site", ['"a"', '"1-b"', f'"{"s" * 32}"'], ['""', '"A"', '"-a"', '"a b"', '"a_b"', f'"{"s" * 33}"', "1"]),
    ("hub", "node.guard_file", ['""', '"/elsewhere/guard"'], [f'"{LONG}"', "1"]),
    ("agent", "node.guard_file", ['""', '"/elsewhere/guard"', f'"{LONG[1:]}"'], [f'"{LONG}"', "1", "true"]),
    (
        "hub",
        "http.listen",
        ['"127.0.0.1:8080"', '"[::1]:8080"', '"localhost:0"', '"0.0.0.0:65535"', '"shop-hub:1"'],
        ['""', '"127.0.0.1"', '":8080"', '"8080"', '"127.0.0.1:65536"', '"127.0.0.1:-1"', '"::1:8080"', '"[::1"', '"a b:1"', "8080"],
    ),
    (
        "hub",
        "mqtt.url",
        ['"tcp://127.0.0.1:1883"', '"tcp://localhost:1883"', '"tcp://[::1]:1883"', '"ssl://broker.example:8883"'],
        ['""', '"127.0.0.1:1883"', '"tcp://10.0.0.1:1883"', '"tcp://broker.example:1883"', '"http://127.0.0.1:1"', f'"ssl://{"b" * 251}"'],
    ),
    ("hub", "mqtt.user", ['"hub"', f'"{"u" * 64}"'], ['""', f'"{"u" * 65}"', "1"]),
    ("hub", "mqtt.ca_file", ['""', '"/etc/ca.pem"'], [f'"{LONG}"', "false"]),
    ("hub", "log.level", ['"debug"', '"info"', '"warn"', '"error"'], ['""', '"INFO"', '"all"', "3"]),
    ("hub", "storage.budget_mb", ["0", "64", "16777216"], ["-1", "16777217", '"64"', "1.5"]),
    ("agent", "storage.ballast_mb", ["0", "1", "1024"], ["-1", "1025", '"64"']),
    ("agent", "storage.fold_after_days", ["7", "14", "3650"], ["0", "6", "3651", '"14"']),
    ("hub", "backup.dir", ['""', '"none"', '"/var/backups/cairn"', f'"{LONG[1:]}"'], [f'"{LONG}"', "1", "true"]),
    ("hub", "backup.every_min", ["1", "10080"], ["0", "10081", '"1"']),
    ("hub", "backup.keep", ["1", "1000"], ["0", "1001", '"1"']),
    ("hub", "snapshot.records", ["0", "1000000000"], ["-1", "1000000001", '"1"']),
    ("hub", "orders.hold_above_minor", ["-1", "0", "1000000000000"], ["-2", "1000000000001", '"1"']),
    ("hub", "orders.hold_without_position", ["true", "false"], ['"true"', "1"]),
    ("hub", "approvals.refund_over_minor", ["-1", "0", "1000000000000"], ["-2", "1000000000001", '"1"']),
    ("hub", "approvals.stored_value_over_minor", ["-1", "0", "1000000000000"], ["-2", "1000000000001", '"1"']),
    ("hub", "approvals.lives_h", ["1", "720"], ["0", "721", "1.5"]),
    ("hub", "payments.provider_url", ['""', '"http://127.0.0.1:8090"'], ['"ftp://127.0.0.1"', '"127.0.0.1:8090"', f'"{LONG}"', "1"]),
    ("hub", "payments.capture", ['"by_hand"', '"on_shipment"'], ['""', '"never"', "true"]),
    ("hub", "payments.timeout_ms", ["100", "60000"], ["99", "60001", '"100"']),
    ("hub", "notifications.shop_name", ['"S"', f'"{"s" * 80}"'], ['""', f'"{"s" * 81}"', '"two\\nlines"', "1"]),
    ("hub", "notifications.order_link", ['""', '"https://shop.example/{order}"'], ['"javascript:x"', '"https://a b"', f'"https://{"s" * 200}"', "1"]),
    ("hub", "notifications.templates_dir", ['""', '"/nowhere"'], [f'"{LONG}"', "1"]),
    ("hub", "notifications.digest_s", ["0", "86400"], ["-1", "86401", '"1"']),
    ("hub", "notifications.delayed_after_min", ["0", "525600"], ["-1", "525601", '"1"']),
    ("hub", "notifications.smtp.tls", ['"starttls"', '"none"'], ['""', '"ssl"', "true"]),
    ("hub", "notifications.smtp.ca_file", ['""', '"/etc/ca.pem"'], [f'"{LONG}"', "1"]),
    ("hub", "notifications.smtp.user", ['""', '"shop"'], [f'"{"u" * 201}"', "1"]),
    ("hub", "notifications.smtp.sender", ['""', '"orders@shop.example"'], ['"shop"', '"a@b.example\\nBcc: c@d.example"', "1"]),
    ("hub", "notifications.smtp.timeout_ms", ["100", "300000"], ["99", "300001", '"100"']),
    ("hub", "notifications.webhook.url", ['""', '"http://127.0.0.1:8091/notices"'], ['"https://a.example/b"', '"127.0.0.1:1"', '"http://a/b c"', "1"]),
    ("hub", "notifications.webhook.timeout_ms", ["100", "60000"], ["99", "60001", '"100"']),
    ("hub", "routing.partial_orders", ['"wait"', '"split_lines"'], ['""', '"split"', "true"]),
    ("hub", "routing.customer_service_after", ["0", "100"], ["-1", "101", '"3"']),
    ("hub", "routing.short_site_hours", ["0", "8784"], ["-1", "8785", '"1"']),
    ("hub", "routing.full_site_hours", ["0", "8784"], ["-1", "8785", '"1"']),
    ("hub", "routing.keep_decisions_days", ["0", "3660"], ["-1", "3661", "1.5"]),
    ("hub", "labels.gs1_company_prefix", ['""', '"9521234"', '"9521234567"'], ['"952123"', '"95212345678"', '"952123a"', "9521234"]),
    ("hub", "labels.block", ["10", "10_000_000"], ["9", "10_000_001", '"10"', "10.5"]),
    ("hub", "ui.dir", ['""', '"/usr/share/cairn/pages"', f'"{LONG[1:]}"'], [f'"{LONG}"', "1", "true"]),
    ("agent", "ui.px_per_mm", ["1", "3.78", "40", "5.8"], ["0", "0.99", "40.01", "-5.8", '"5.8"', "nan", "inf", "true"]),
    ("agent", "ui.show_people", ["true", "false"], ['"true"', "0", '"no"']),
    ("agent", "returns.alone_up_to_minor", ["0", "100_000_000"], ["-1", "100_000_001", '"0"']),
    ("agent", "picking.keyed_quantity_above", ["1", "1_000_000"], ["0", "-1", "1_000_001", "1.5", '"12"', "99999999999999999999"]),
    ("agent", "device.name", ['"n"', f'"{"n" * 40}"'], ['""', f'"{"n" * 41}"', "1"]),
    ("agent", "device.kind", ['"scanner"'], ['""', '"hologram"', '"Scanner"']),
    ("agent", "device.url", ['"serial:/dev/ttyACM0"'], ['""', "1"]),
    ("agent", "device.protocol", ['"lines"'], ['""', '"hid"']),
    ("agent", "device.baud", ["1200", "9600", "921600"], ["0", "1199", "921601", '"9600"', "9600.0"]),
    ("agent", "device.mode", ['"8N1"', '"8E1"', '"7E1"', '"7O1"'], ['""', '"8"', "8", '"8N1 "']),
    ("agent", "device.unit", ['"kg"', '"g"', '"lb"', '"oz"'], ['""', '"st"', "1"]),
    ("agent", "device.layout", ['"us"', '"de(nodeadkeys)"', f'"{"l" * 66}"'], ['""', '"d"', f'"{"l" * 67}"', "1"]),
    ("agent", "device.flow", ['"xonxoff"', '"rtscts"'], ['""', '"none"', "1"]),
    ("agent", "device.model", ['"epson"', '"pos-5890"'], ['""', '"abacus"', "1"]),
    ("agent", "device.paper_mm", ["58", "80"], ["0", "57", "60", "81", '"80"']),
    ("agent", "device.drawer", ["true", "false"], ['"true"', "1"]),
    ("agent", "device.aim", ["true", "false"], ['"true"', "1", '"yes"']),
    ("agent", "device.station", ['""', f'"{"s" * 40}"'], [f'"{"s" * 41}"', "1"]),
]


def test_every_key_is_tried() -> None:
    tried = {(name, key) for name, key, _, _ in RANGES}
    assert {key for _, key in tried} == (COMMON | KEYS["hub"] | KEYS["agent"] | {f"device.{key}" for key in DEVICE_KEYS}) - {
        "mqtt.password_file", "payments.provider_secret_file", "notifications.smtp.password_file",
        "notifications.webhook.secret_file", "notifications.smtp.server"
    }


def test_mail_server_needs_a_sender_and_keeps_passwords_from_others(hub: Program) -> None:
    def of(server: str, more: str = "") -> str:
        return hub.text(f'\n[notifications.smtp]\nserver = "{server}"\n{more}')

    sender = 'sender = "orders@shop.example"\n'
    assert hub.values(of("mail.example:587", sender))["notifications.smtp.server"][0] == '"mail.example:587"'
    assert any("notifications.smtp.sender" in problem for problem in hub.problems(of("mail.example:587")))
    for wrong in ("mail.example", ":25", "mail.example:0x"):
        assert any("must be HOST:PORT" in problem for problem in hub.problems(of(wrong, sender)))
    open_line = f'{sender}user = "shop"\ntls = "none"\n'
    assert any("over TLS only" in problem for problem in hub.problems(of("mail.example:25", open_line)))
    assert hub.values(of("127.0.0.1:25", open_line))


def test_template_that_is_wrong_is_told_with_its_line(hub: Program) -> None:
    folder = hub.folder / "notices" / "en"
    folder.mkdir(parents=True)
    (folder / "ready.txt").write_text("Subject: x\n\n\n{{nobody}}\n")
    text = hub.text(f'\n[notifications]\ntemplates_dir = "{folder.parent}"\n')
    assert any('en/ready.txt:4: there is nothing of the name "nobody"' in problem for problem in hub.problems(text))
    (folder / "ready.txt").write_bytes(b"Subject: \xff\n\n")
    assert any("ready.txt is not UTF-8" in problem for problem in hub.problems(text))
    (folder / "ready.txt").write_text("Subject: {{order}}\n\n{{site}}\n")
    assert hub.values(text)


@pytest.mark.parametrize(("name", "key", "good", "bad"), RANGES, ids=[f"{name} {key}" for name, key, _, _ in RANGES])
def test_ranges(hub: Program, agent: Program, name: str, key: str, good: list[str], bad: list[str]) -> None:
    tested = hub if name == "hub" else agent
    shown = key.replace("device.", "device[1].")
    for value in good:
        written = value.replace("_000", "000") if value[0].isdigit() else value
        found, origin = tested.values(tested.text_with(key, value))[shown]
        assert found.lower() == written.lower() and "file.toml:" in origin, value
    for value in bad:
        problems = tested.problems(tested.text_with(key, value))
        assert problems, value
        assert all(re.match(r"FILE:\d+:\d+: ", problem) for problem in problems), problems
        assert any(f": {shown} " in problem or value == "99999999999999999999" for problem in problems), problems


@pytest.mark.parametrize(
    "url",
    ["ssl://", "ssl://broker.example", "ssl://broker.example:99999", "ssl://bro ker:8883", "ssl://hub:secret@broker.example:8883"],
)
def test_broker_address_must_be_one(hub: Program, url: str) -> None:
    """ssl://host:port; a password in it would be in every log."""
    done = hub.check(hub.text_with("mqtt.url", f'"{url}"'))
    assert done.returncode == WRONG
    assert "secret" not in done.stdout


def test_broker_address_without_a_port(hub: Program) -> None:
    (problem,) = hub.problems(hub.text_with("mqtt.url", '"tcp://127.0.0.1"'))
    assert "must be ssl://" not in problem


# ---- all that is wrong, at once ----


def test_unknown_keys_are_named_with_a_suggestion(program: Program) -> None:
    text = 'dta_dir = "/x"\n' + program.text("\n[lgo]\nlevel = 1\n\n[log]\nlevle = 'info'\nsomething = 1\n")
    text = text.replace('url = "tcp', 'usr = "hub"\nurl = "tcp').replace("listen =", "port = 80\nlisten =")
    found = [re.sub(r":\d+:\d+", "", problem) for problem in program.problems(text)]
    assert found == [
        "FILE: unknown key 'dta_dir': did you mean 'data_dir'?",
        "FILE: unknown key 'port'",
        "FILE: unknown key 'usr': did you mean 'user'?",
        "FILE: unknown table 'lgo': did you mean 'log'?",
        "FILE: unknown key 'levle': did you mean 'level'?",
        "FILE: unknown key 'something'",
    ]


def test_unknown_key_is_named_with_its_place(hub: Program) -> None:
    """As in the document's example: line and column of the key itself."""
    text = hub.text().replace("listen", "listn")
    lines = text.splitlines()
    place = next(number for number, line in enumerate(lines, start=1) if line.startswith("listn"))
    assert hub.problems(text) == [
        f"FILE:{place - 1}:1: http.listen is missing",
        f"FILE:{place}:1: unknown key 'listn': did you mean 'listen'?",
    ]


def test_keys_of_the_other_program_are_unknown(hub: Program, agent: Program) -> None:
    found = hub.problems(hub.text('\n[picking]\nkeyed_quantity_above = 3\n\n[[device]]\nname = "gun"\n'))
    assert [problem.partition(": ")[2] for problem in found] == ["unknown table 'picking'", "unknown table 'device'"]
    (problem,) = hub.problems(hub.text().replace("[http]", 'site = "store-1"\n\n[http]'))
    assert problem.endswith("unknown key 'site'")
    (problem,) = agent.problems(agent.text('\n[routing]\npartial_orders = "wait"\n'))
    assert problem.endswith("unknown table 'routing'")


def test_all_problems_are_told_together(agent: Program) -> None:
    text = """data_dir = 5
datadir = "x"

[node]
id = "6ba7b810-9dad-11d1-80b4-00c04fd430cx"
site = "Store"

[htp]
listen = "127.0.0.1:0"

[mqtt]
url = "tcp://10.0.0.1:1883"
user = ""
password_file = "/no/such/file"

[picking]
keyed_quantity_above = 0

[log]
level = "inof"

[[device]]
name = ""
kind = "hologram"
url = 3
baud = 100
aim = "yes"
statoin = "x"

[[device]]
name = "gun"
url = "serial:/dev/a"

[[device]]
name = "gun"
url = "serial:/dev/b"
"""
    found = agent.problems(text)
    wrong = {
        "data_dir": 1, "node.id": 5, "node.site": 6, "mqtt.url": 12, "mqtt.user": 13, "mqtt.password_file": 14,
        "picking.keyed_quantity_above": 17, "log.level": 20, "device[1].name": 23, "device[1].kind": 24, "device[1].url": 25,
        "device[1].baud": 26, "device[1].aim": 27, "device[3].name": 35,
    }
    for key, line in wrong.items():
        (problem,) = [problem for problem in found if f": {key} " in problem]
        assert re.match(rf"FILE:{line}:\d+: ", problem), problem
    assert [problem for problem in found if "did you mean" in problem] == [
        "FILE:20:9: log.level must be one of debug, info, warn, error: did you mean 'info'?",
        "FILE:2:1: unknown key 'datadir': did you mean 'data_dir'?",
        "FILE:8:2: unknown table 'htp': did you mean 'http'?",
        "FILE:28:1: unknown key 'statoin': did you mean 'station'?",
    ]
    assert "FILE: http.listen is missing" in found
    assert len(found) == len(wrong) + 3 + 1


def test_missing_keys_are_all_named(program: Program) -> None:
    found = program.problems("# nothing yet\n")
    needed = ["data_dir", "node.id", *(["node.site"] if program.name == "agent" else []), "http.listen", "mqtt.url"]
    assert [problem.split(": ")[1] for problem in found] == [f"{key} is missing" for key in needed]


def test_wrong_kinds_of_things(program: Program) -> None:
    found = program.problems(program.text().replace("[http]", "[[http]]") + "\n[log.level]\nx = 1\n")
    assert any("http must be a table" in problem for problem in found)
    assert any("log.level must be a text" in problem for problem in found)
    if program.name == "agent":
        (problem,) = program.problems(program.text("\n[device]\nname = 'gun'\n"))
        assert problem.endswith("device must be tables, each headed [[device]]")


def test_number_of_devices(agent: Program) -> None:
    device = '\n[[device]]\nname = "gun-{}"\nurl = "serial:/dev/gun-{}"\n'
    values = agent.values(agent.text("".join(device.format(i, i) for i in range(32))))
    assert len([key for key in values if key.endswith(".name")]) == 32
    (problem,) = agent.problems(agent.text("".join(device.format(i, i) for i in range(33))))
    assert problem.endswith("device has more than 32 entries")


@pytest.mark.parametrize(
    "text", ['data_dir = "x\n', "[node\n", 'data_dir = "a"\ndata_dir = "b"\n', "= 1\n", "data_dir\n", "{}"], ids=lambda text: text.strip()
)
def test_no_toml(hub: Program, text: str) -> None:
    (problem,) = hub.problems(text)
    assert re.match(r"FILE:\d:\d+: \w", problem), problem


def test_file_that_cannot_be_read(program: Program) -> None:
    for file in (program.folder / "nothing.toml", program.folder):
        for options in (("--check-config",), ()):
            done = program.run("-c", file, *options)
            assert (done.returncode, done.stdout) == (WRONG, "")
            assert done.stderr == f"cannot read the configuration file {file}\n"
    done = program.run("--check-config")
    assert done.stderr.rstrip().endswith(f"/etc/cairn/{program.name}.toml")


def test_empty_file(program: Program) -> None:
    """It is a file that lacks everything; and with everything in the environment it is enough."""
    assert any("data_dir is missing" in problem for problem in program.problems(""))
    needed = {"CAIRN_DATA_DIR": "/x", "CAIRN_NODE_ID": NODE, "CAIRN_HTTP_LISTEN": "127.0.0.1:0", "CAIRN_MQTT_URL": "tcp://127.0.0.1:1"}
    assert program.values("", CAIRN_NODE_SITE="store-1", **needed)


# ---- environment ----

SECRETS = {
    "mqtt.password_file", "payments.provider_secret_file", "notifications.smtp.password_file", "notifications.webhook.secret_file"
}  # fmt: skip
OVERRIDES = {
    "data_dir": "/elsewhere",
    "node.id": str(uuid.UUID(int=7)),
    "node.site": "store-2",
    "node.guard_file": "/elsewhere/guard",
    "http.listen": "127.0.0.1:8099",
    "mqtt.url": "ssl://broker.example:8883",
    "mqtt.user": "somebody",
    "mqtt.ca_file": "/elsewhere/ca.pem",
    "log.level": "warn",
    "storage.budget_mb": "512",
    "storage.ballast_mb": "8",
    "storage.fold_after_days": "21",
    "backup.dir": "/elsewhere/backups",
    "backup.every_min": "60",
    "backup.keep": "3",
    "snapshot.records": "500",
    "orders.hold_above_minor": "70000",
    "orders.hold_without_position": "true",
    "approvals.refund_over_minor": "100",
    "approvals.stored_value_over_minor": "200",
    "approvals.lives_h": "48",
    "payments.provider_url": "http://127.0.0.1:8090",
    "payments.capture": "on_shipment",
    "payments.timeout_ms": "500",
    "notifications.shop_name": "Shop",
    "notifications.order_link": "https://shop.example/{order}",
    "notifications.templates_dir": "/elsewhere/notices",
    "notifications.digest_s": "5",
    "notifications.delayed_after_min": "7",
    "notifications.smtp.server": "127.0.0.1:2525",
    "notifications.smtp.tls": "none",
    "notifications.smtp.ca_file": "/elsewhere/ca.pem",
    "notifications.smtp.user": "somebody",
    "notifications.smtp.sender": "orders@shop.example",
    "notifications.smtp.timeout_ms": "500",
    "notifications.webhook.url": "http://127.0.0.1:8091/notices",
    "notifications.webhook.timeout_ms": "500",
    "routing.partial_orders": "split_lines",
    "routing.customer_service_after": "5",
    "routing.short_site_hours": "48",
    "routing.full_site_hours": "24",
    "routing.keep_decisions_days": "30",
    "labels.gs1_company_prefix": "95299999",
    "labels.block": "500",
    "picking.keyed_quantity_above": "77",
    "returns.alone_up_to_minor": "99",
    "ui.dir": "/elsewhere/pages",
    "ui.px_per_mm": "4.25",
    "ui.show_people": "false",
}


def test_document_names_every_variable() -> None:
    assert set(VARIABLES) == (KEYS["hub"] | KEYS["agent"]) - {"device"} == set(OVERRIDES) | SECRETS
    for key, variable in VARIABLES.items():
        assert variable == "CAIRN_" + re.sub(r"[.-]", "_", key).upper()


def test_environment_wins(program: Program) -> None:
    own = {key: value for key, value in OVERRIDES.items() if key in KEYS[program.name]}
    text = program.text('\n[log]\nlevel = "debug"\n')
    values = program.values(text, **{VARIABLES[key]: value for key, value in own.items()})
    for key, value in own.items():
        is_text = not re.fullmatch(r"[0-9.]+|true|false", value) or key == "labels.gs1_company_prefix"
        assert values[key] == (f'"{value}"' if is_text else value, VARIABLES[key])
    # One by one, the others stay as the file says.
    for key, value in own.items():
        if key == "notifications.smtp.server":
            continue  # it needs a sender
        values = program.values(text, **{VARIABLES[key]: value})
        assert [other for other, (_, origin) in values.items() if origin.startswith("CAIRN_")] == [key]


def test_a_lan_is_read_only_if_there_is_one(agent: Program) -> None:
    assert not any(key.startswith("lan.") for key in agent.values(agent.text()))
    values = agent.values(agent.text('\n[lan]\nurl = "tcp://127.0.0.1:2"\n'))
    assert values["lan.url"][0] == '"tcp://127.0.0.1:2"' and values["lan.user"][0] == f'"{NODE}"'
    values = agent.values(agent.text(), CAIRN_LAN_URL="ssl://lan.example:8883")
    assert values["lan.url"] == ('"ssl://lan.example:8883"', "CAIRN_LAN_URL")
    for bad, problem in (("[lan]", "lan.url is missing"), ('[lan]\nurl = "tcp://192.0.2.1:1883"', "lan.url must be ssl://")):
        (found,) = agent.problems(agent.text(f"\n{bad}\n"))
        assert problem in found


def test_environment_replaces_a_missing_key(program: Program) -> None:
    for key in ("data_dir", "node.id", "http.listen", "mqtt.url"):
        name = key.rsplit(".", 1)[-1]
        text = "".join(f"{line}\n" for line in program.text().splitlines() if not line.startswith(f"{name} ="))
        assert [problem.split(": ")[1] for problem in program.problems(text)] == [f"{key} is missing"]
        assert program.values(text, **{VARIABLES[key]: OVERRIDES[key]})[key][1] == VARIABLES[key]


def test_wrong_environment_is_named(agent: Program) -> None:
    found = agent.problems(
        agent.text(),
        CAIRN_PICKING_KEYED_QUANTITY_ABOVE="many",
        CAIRN_LOG_LEVEL="wran",
        CAIRN_NODE_SITE="Store",
        CAIRN_HTTP_LISTEN="8080",
        CAIRN_DATA_DIR="",
    )
    assert [problem.split(" must ")[0] for problem in found] == [
        "environment CAIRN_DATA_DIR: data_dir",
        "environment CAIRN_NODE_SITE: node.site",
        "environment CAIRN_HTTP_LISTEN: http.listen",
        "environment CAIRN_LOG_LEVEL: log.level",
        "environment CAIRN_PICKING_KEYED_QUANTITY_ABOVE: picking.keyed_quantity_above",
    ]
    assert found[3].endswith("did you mean 'warn'?")


def test_devices_are_not_in_the_environment(agent: Program) -> None:
    values = agent.values(agent.text_with("device.name", '"gun"'), CAIRN_DEVICE_1__BAUD="1200", CAIRN_DEVICE_BAUD="1200", CAIRN_BAUD="1200")
    assert values["device[1].baud"] == ("9600", "default")


# ---- password files ----


def with_password(program: Program, file: Path) -> str:
    return program.text_with("mqtt.password_file", f'"{file}"')


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
def test_password_of_its_owner(program: Program, mode: int) -> None:
    file = program.write("correct horse\n", "password")
    file.chmod(mode)
    done = program.check(with_password(program, file))
    assert done.returncode == 0
    assert f'mqtt.password_file = "{file}", content hidden   (' in done.stdout
    assert "horse" not in done.stdout + done.stderr


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o610, 0o601, 0o644, 0o666, 0o777])
def test_password_that_others_may_read_is_refused(program: Program, mode: int) -> None:
    file = program.write("correct horse\n", "password")
    file.chmod(mode)
    (problem,) = program.problems(with_password(program, file))
    assert problem.endswith(
        f"mqtt.password_file names an unusable file: others than its owner may read {file}; run: chmod 600 {file}"
    )
    assert "horse" not in problem
    # What it says to run is enough.
    file.chmod(0o600)
    assert program.check(with_password(program, file)).returncode == 0


def test_password_file_that_is_none(hub: Program) -> None:
    folder, pipe, missing = hub.folder / "folder", hub.folder / "pipe", hub.folder / "missing"
    folder.mkdir(mode=0o700)
    os.mkfifo(pipe, 0o600)
    words = {folder: "is not a plain file", pipe: "is not a plain file", missing: "No such file or directory"}
    for file, sentence in words.items():
        (problem,) = hub.problems(with_password(hub, file))
        assert sentence in problem and str(file) in problem
    link = hub.folder / "link"
    link.symlink_to(hub.write("open\n", "open"))
    link.resolve().chmod(0o644)
    (problem,) = hub.problems(with_password(hub, link))
    assert "others than its owner may read" in problem


def test_password_is_the_first_line(hub: Program) -> None:
    file = hub.folder / "password"
    file.touch(mode=0o600)
    for content, fits in (("p", True), ("p\r\nq\n", True), ("p" * 4096 + "\n", True), ("p" * 4097, False), ("", False), ("\np\n", False)):
        file.write_text(content)
        text = with_password(hub, file)
        if fits:
            assert hub.check(text).returncode == 0
        else:
            (problem,) = hub.problems(text)
            assert "must have 1 to 4096 octets" in problem and "pp" not in problem


# ---- what is only tried at the start ----


def test_address_in_use(program: Program) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        text = program.text_with("http.listen", f'"{listen}"')
        assert program.check(text).returncode == 0
        status, event = program.refuses(text)
    assert (status, event["reason"]) == (TEMPORARY, "address_in_use")
    assert event["message"] == f"cannot listen at {listen}: another program uses this address"


@pytest.mark.parametrize("listen", ["192.0.2.1:0", "no-such-host.invalid:0"])
def test_address_of_somebody_else(hub: Program, listen: str) -> None:
    status, event = hub.refuses(hub.text_with("http.listen", f'"{listen}"'))
    assert (status, event["reason"]) == (WRONG, "bad_address")


@pytest.mark.parametrize("listen", ["127.0.0.1:0", "[::1]:0", "localhost:0"])
def test_port_0_is_any_free_one(hub: Program, listen: str) -> None:
    with hub.running(hub.text_with("http.listen", f'"{listen}"')) as (_, api, _log):
        assert api.port > 0
        assert api.get("/version")["program"] == "cairn-hub"


def test_data_folder_that_cannot_be(program: Program) -> None:
    file = program.write("not a folder", "plain")
    for folder in (file, file / "inside", Path("/proc/cairn")):
        status, event = program.refuses(program.text_with("data_dir", f'"{folder}"'))
        assert (status, event["reason"]) == (TEMPORARY, "data_dir_unavailable")
        assert event["message"].startswith(f"cannot use the data directory {folder}: ")


def test_data_folder_is_the_owners_alone(program: Program) -> None:
    """Also one that was there before, open to everybody."""
    folder = program.folder / "data"
    for _ in range(2):
        with program.running(program.text()):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        folder.chmod(0o755)


def test_data_folder_in_use(program: Program) -> None:
    with program.running(program.text()) as (process, api, _):
        status, event = program.refuses(program.text())
        assert (status, event["reason"]) == (WRONG, "data_dir_in_use")
        assert event["message"] == f"another process runs on {program.folder}/data: stop it first, or ask it over HTTP"
        assert process.poll() is None and api.get("/livez")


def test_data_folder_of_another_device(program: Program, hub: Program, agent: Program) -> None:
    with program.running(program.text()):
        pass
    other = program.text_with("node.id", f'"{uuid.uuid4()}"')
    other_program = agent if program.name == "hub" else hub
    files = [(program, other), (other_program, other_program.text_with("data_dir", f'"{program.folder}/data"'))]
    if program.name == "agent":
        files.append((program, program.text_with("node.site", '"store-2"')))
    for one, text in files:
        status, event = one.refuses(text)
        assert (status, event["reason"]) == (WRONG, "wrong_data_dir")
        assert event["message"].startswith("the data directory belongs to ") and "correct one of them" in event["message"]
    with program.running(program.text()) as (_, api, _log):
        assert api.get("/readyz")


def test_data_folder_with_something_else_in_it(hub: Program) -> None:
    (hub.folder / "data").mkdir()
    (hub.folder / "data" / "cairn.sqlite").write_bytes(b"no database, whatever its name says" * 200)
    status, event = hub.refuses(hub.text())
    assert (status, event["reason"]) == (WRONG, "database_corrupt")


def harm(database: Path) -> bytes:
    """One bit of a page in use; the file as it is then."""
    octets = bytearray(database.read_bytes())
    octets[3 * 4096 + 2000] ^= 4
    database.write_bytes(octets)
    return bytes(octets)


def test_damaged_database_of_a_hub(hub: Program) -> None:
    with hub.running(hub.text()):
        pass
    database = hub.folder / "data" / "cairn.sqlite"
    octets = harm(database)
    status, event = hub.refuses(hub.text())
    assert (status, event["reason"]) == (WRONG, "database_damaged")
    assert "put the last backup in its place" in event["message"]
    assert database.read_bytes() == octets


def test_damaged_database_of_an_agent(agent: Program) -> None:
    with agent.running(agent.text()):
        pass
    octets = harm(agent.folder / "data" / "cairn.sqlite")
    for told in (True, False):
        with agent.running(agent.text()) as (_, _, log):
            assert ("database_damaged" in log.read_text()) == told
    (aside,) = (agent.folder / "data").glob("cairn.sqlite.damaged-*Z")
    assert aside.read_bytes() == octets


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("url", '"serial:ttyUSB0"', "names no device file"),
        ("url", '"bluetooth:/dev/gun"', "no driver for kind"),
        ("baud", "12345", "is no serial speed; known: 1200, 2400"),
        ("mode", '"8X1"', "is no serial mode; known: 8N1, 8E1, 7E1, 7O1"),
    ],
)
def test_bad_device(agent: Program, key: str, value: str, words: str) -> None:
    """--check-config does not find these."""
    text = agent.text_with(f"device.{key}", value)
    assert agent.check(text).returncode == 0
    status, event = agent.refuses(text)
    assert (status, event["reason"]) == (WRONG, "bad_device")
    assert event["message"].startswith('device "gun": ') and words in event["message"]


def test_unreachable_broker_is_no_reason_to_stop(program: Program) -> None:
    with program.running(program.text()) as (process, api, log):
        wait_for("it says so", lambda: "broker_unreachable" in log.read_text())
        assert process.poll() is None and api.get("/readyz")


# ---- command lines ----


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=lambda number: number.name)
def test_ends_in_order(program: Program, number: signal.Signals) -> None:
    with program.running(program.text()) as (process, _, log):
        process.send_signal(number)
        assert process.wait(30) == 0
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert events[-1]["event"] == "stopped"


def test_help_and_version(program: Program) -> None:
    for option in ("--help", "-h"):
        done = program.run(option)
        assert (done.returncode, done.stderr) == (0, "")
        wanted = ["--config", "--check-config", "--version", f"/etc/cairn/{program.name}.toml", "docs/configuration.md"]
        assert [word for word in wanted if word not in done.stdout] == []
        assert ("--create-admin" in done.stdout) == (program.name == "hub")
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", program.run("--version").stdout)


@pytest.mark.parametrize("arguments", ["--chek-config", "file.toml", "-c", "--config"])
def test_wrong_command_line(program: Program, arguments: str) -> None:
    done = program.run(*arguments.split())
    assert 100 <= done.returncode <= 114
    assert done.stdout == "" and "--help" in done.stderr


def test_create_admin(hub: Program) -> None:
    """The PIN alone on its line; it works; not twice the same name; and not while the hub runs."""
    file = hub.write(hub.text())
    first = hub.run("-c", file, "--create-admin", "boss")
    assert (first.returncode, first.stderr) == (0, "")
    assert re.fullmatch(r"\d{6}\n", first.stdout)
    again = hub.run("-c", file, "--create-admin", "boss")
    assert (again.returncode, again.stdout, again.stderr) == (1, "", "somebody at this site is already called boss\n")
    second = hub.run("-c", file, "--create-admin", "other")
    assert second.returncode == 0 and second.stdout != first.stdout
    with hub.running(hub.text()) as (_, api, log):
        for name, pin in (("boss", first.stdout), ("other", second.stdout)):
            assert Api(api.url).sign_in(name, pin.strip())["role"] == "ADMIN"
        late = hub.run("-c", hub.folder / "file.toml", "--create-admin", "third")
        assert (late.returncode, late.stdout) == (1, "")
        assert late.stderr == f"another process runs on {hub.folder}/data: stop it first, or ask it over HTTP\n"
        assert first.stdout.strip() not in re.findall(r"\b\d{6}\b", log.read_text())


def test_create_admin_without_a_name(hub: Program) -> None:
    """As it happens with an empty variable in a script."""
    command = [hub.binary, "-c", hub.write(hub.text()), "--create-admin", ""]
    with subprocess.Popen(command, env={}, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            assert process.wait(1) != 0
        finally:
            process.kill()


def test_file_is_read_once(program: Program) -> None:
    """A change needs a restart; until then nobody minds the file, whatever is in it."""
    with program.running(program.text()) as (process, api, _):
        program.write("no longer TOML [")
        assert api.get("/readyz")
        assert process.poll() is None
    assert program.run("-c", program.folder / "file.toml").returncode == WRONG


# ---- the log ----


def test_log_is_one_object_a_line(program: Program) -> None:
    with program.running(program.text()) as (_, _api, log):
        pass
    events = [json.loads(line) for line in log.read_text().splitlines()]
    for event in events:
        assert list(event)[:4] == ["ts", "level", "event", "program"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event["ts"])
        assert event["program"] == f"cairn-{program.name}"
        assert re.fullmatch(r"[a-z_]+", event["event"])
    assert [event["event"] for event in events if event["event"] in ("starting", "ready", "stopped")] == ["starting", "ready", "stopped"]
    # The first line says with which values it runs.
    assert f'data_dir = "{program.folder}/data"' in events[0]["config"]


@pytest.mark.parametrize(("level", "hidden"), [("debug", set()), ("warn", {"debug", "info"}), ("error", {"debug", "info", "warn"})])
def test_log_level(hub: Program, level: str, hidden: set[str]) -> None:
    log = hub.folder / "log"
    port = free_port()
    text = hub.text_with("log.level", f'"{level}"').replace("127.0.0.1:0", f"127.0.0.1:{port}")
    with log.open("wb") as errors:
        process = subprocess.Popen([hub.binary, "-c", hub.write(text)], env={}, stderr=errors)
    try:
        assert Api(f"http://127.0.0.1:{port}").get("/readyz")
        if level != "error":
            wait_for("there is no broker", lambda: "broker_unreachable" in log.read_text())
    finally:
        process.terminate()
        assert process.wait(30) == 0
    levels = {json.loads(line)["level"] for line in log.read_text().splitlines()}
    assert not levels & hidden
    assert bool(levels) == (level != "error")


def test_log_has_no_secrets(tmp_path: Path, binaries: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A company at work with every line logged: signing in right and wrong, importing, picking, a broker that refuses."""
    monkeypatch.setenv("CAIRN_LOG_LEVEL", "debug")
    company = Company(tmp_path, binaries, (SHOP,))
    tokens = []
    try:
        company.start()
        hub = company.hub_api()
        agent = company.agents[0]
        trade = write_trade(tmp_path / "trade", ("CUP-1",), {"1001": [("CUP-1", 2)]})
        for kind, file in (("products", trade.products), ("stock", trade.stock), ("orders", trade.orders)):
            company.cairn("import", kind, file)
        company.cairn("route")
        new_pin = hub.post("/api/v1/staff", {"name": "vera", "role": "HQ_VIEWER"})["pin"]
        for station in agent.stations:
            api = Api(agent.url)
            tokens.append(api.sign_in(station.person, station.pin, station.name)["token"])
            assert api.get("/api/v1/tasks") is not None
        with pytest.raises(Exception, match="unauthenticated"):
            Api(agent.url).sign_in("picker-1", "271828", "bench-1")
        # The broker forgets the passwords, so that every program is refused with its own in hand.
        (tmp_path / "broker.accounts").write_text("")
        company.broker.stop()
        company.broker.start()
        logs = [tmp_path / f"{name}.log" for name in ("hub", "shop")]
        wait_for("the broker refuses", lambda: all('"connect refused (5)"' in log.read_text() for log in logs))
    finally:
        company.stop()
    pins = [company.admin_pin, new_pin, "271828", *company.manager_pins.values(), *(s.pin for s in agent.stations)]
    passwords = [file.read_text().strip() for file in tmp_path.glob("*.password")]
    assert len(passwords) == 2 and all(len(password) > 20 for password in passwords)
    assert len(tokens) == 3
    for log in tmp_path.glob("*.log"):
        said = log.read_text(errors="replace")
        assert len(said) > 200
        assert [secret for secret in (*passwords, *tokens, str(hub.token)) if secret in said] == []
        assert [pin for pin in pins if re.search(rf"\b{pin}\b", said)] == []
        assert "argon2" not in said
        if log.stem != "broker":
            assert "content hidden" in said


# ---- keys at work ----


@pytest.mark.parametrize(("value", "printed"), [("wait", "0 routed, 0 partly, 1 wait"), ("split_lines", "0 routed, 1 partly, 0 wait")])
def test_partial_orders(tmp_path: Path, binaries: Path, value: str, printed: str) -> None:
    """An order of which one line cannot be filled."""
    site = Site("depot", "Depot", "WAREHOUSE", 52.0, -1.0, ())
    company = Company(tmp_path, binaries, (site,), partial_orders=value)
    try:
        company.start()
        trade = write_trade(tmp_path / "trade", ("CUP-1", "CUP-2"), {"1001": [("CUP-1", 2), ("CUP-2", 2)]}, (site,))
        trade.stock.write_text("site,sku,quantity\ndepot,CUP-1,5\n")
        for kind, file in (("products", trade.products), ("stock", trade.stock), ("orders", trade.orders)):
            company.cairn("import", kind, file)
        assert f"1 orders looked at: {printed}; " in company.cairn("route")
    finally:
        company.stop()
