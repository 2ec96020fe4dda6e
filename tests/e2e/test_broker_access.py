"""At the broker everybody does what docs/protocol.md lets them do, and nothing else.

The topic table of that page says who writes and who reads what. Here everybody writes to every topic and listens to
every topic, and what arrives must be what the table allows, no more and no less. Last, a real hub gets a frame that
came on one device's topic under another device's name.
"""

from __future__ import annotations

import itertools
import re
import subprocess
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from contract import ROOT
from lab.api import Api
from lab.broker import EVERY_NODE_RULES, HUB_RULES, LAN_NODE_RULES, NODE_RULES, write_broker_files, write_lan_broker_files
from lab.company import MOSQUITTO, Company, Site, free_port
from lab.processes import DIE_WITH_PARENT, Service, run
from shop import wait_for, wait_quiet

PROTOCOL = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
SITES = {"york": 2, "leeds": 1}  # site -> devices


# ---- what the page says ----


@dataclass(frozen=True)
class Topic:
    """A row of the table."""

    pattern: str
    writer: str  # hub or node
    reader: str  # hub, node or site: all devices of the site
    retained: bool

    def of(self, account: Account) -> str:
        """The topic that is about a device or its site."""
        return self.pattern.format(lane=7, node=account.name, site=account.site)


@dataclass(frozen=True)
class Account:
    name: str
    site: str  # empty: the hub

    def writes(self, topic: Topic, about: Account) -> bool:
        return not self.site if topic.writer == "hub" else self == about

    def reads(self, topic: Topic, about: Account) -> bool:
        if topic.reader == "site":
            return self.site == about.site
        return not self.site if topic.reader == "hub" else self == about


def topics() -> list[Topic]:
    """The table of the section Topics."""
    rows = re.findall(r"^\| `(cairn/1/\S+)` \| ([^|]+) \| ([^|]+) \|", PROTOCOL, re.MULTILINE)
    ways = {"N to H": ("node", "hub"), "H to N": ("hub", "node"), "H to the site's nodes": ("hub", "site")}
    return [Topic(pattern, *ways[way], retained.startswith("yes")) for pattern, way, retained in rows]


TOPICS = topics()
HUB = Account("hub", "")
NODES = [Account(str(uuid.uuid4()), site) for site, devices in SITES.items() for _ in range(devices)]
EVERYBODY = [HUB, *NODES]


def test_the_table_is_read_as_it_is_meant() -> None:
    assert len(TOPICS) == PROTOCOL.partition("## Topics")[2].partition("## Broker access")[0].count("| `cairn/1/")
    assert [(topic.writer, topic.reader) for topic in TOPICS].count(("node", "hub")) == 3
    assert {topic.pattern for topic in TOPICS if topic.retained} == {"cairn/1/s/{site}/head", "cairn/1/p/{node}"}


def test_the_rules_on_the_page_are_those_of_the_lab() -> None:
    page = PROTOCOL.partition("## Broker access")[2].partition("```text\n")[2].partition("```")[0]
    lab = f"{HUB_RULES.format(hub='HUB')}\n{NODE_RULES.format(node='NODE', site='SITE')}\n{EVERY_NODE_RULES}"
    assert page == lab


# ---- who gets what ----


class LanBroker:
    """A running broker and its passwords."""

    def __init__(self, port: int, passwords: dict[str, str]):
        self.port = port
        self.passwords = passwords

    def login(self, account: Account) -> list[str]:
        return ["-p", str(self.port), "-u", account.name, "-P", self.passwords[account.name]]

    def publish(self, account: Account, topic: str, text: str) -> subprocess.CompletedProcess[str]:
        return run(["mosquitto_pub", *self.login(account), "-q", "1", "-t", topic, "-m", text])


class Broker(LanBroker):
    """mosquitto as the lab sets it up, with no programs at it."""

    def __init__(self, directory: Path):
        port = free_port()
        passwords = write_broker_files(directory, port, HUB.name, [(node.name, node.site) for node in NODES])
        super().__init__(port, {name: Path(file).read_text().strip() for name, file in passwords.items()})
        self.service = Service("broker", [MOSQUITTO, "-c", directory / "broker.conf"], directory / "broker.log")
        self.service.start()
        wait_for("the broker", lambda: self.publish(HUB, "cairn/1/nothing", "").returncode == 0)


class Listener:
    """Somebody who listens to everything and to each topic by name."""

    def __init__(self, broker: LanBroker, account: Account, names: Iterable[str]):
        subscriptions = [part for name in ("#", "cairn/#", *names) for part in ("-t", name)]
        # Line by line; for a minute at most; telling also what it does.
        listen = ["stdbuf", "-oL", "mosquitto_sub", "-W", "60", "-d", "-q", "1", "-F", "%t %p"]
        self._process = subprocess.Popen(
            [*DIE_WITH_PARENT, *listen, *broker.login(account), *subscriptions], stdout=subprocess.PIPE, text=True
        )
        self.heard: set[tuple[str, str]] = set()  # topic, text
        self._read_to(lambda line: line.startswith("Subscribed"))

    def until(self, text: str) -> None:
        """Listens on until somebody says this."""
        self._read_to(lambda line: line.endswith(f" {text}"))

    def close(self) -> None:
        self._process.kill()
        self._process.wait()

    def _read_to(self, end: Callable[[str], bool]) -> None:
        assert self._process.stdout
        for line in map(str.rstrip, self._process.stdout):
            if line.startswith("cairn/"):
                topic, _, text = line.partition(" ")
                self.heard.add((topic, text))
            if end(line):
                return
        raise AssertionError("mosquitto_sub ended before")


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    broker = Broker(tmp_path_factory.mktemp("broker"))
    yield broker
    broker.service.stop()


def names() -> list[str]:
    return sorted({topic.of(node) for topic in TOPICS for node in NODES})


@pytest.fixture(scope="module")
def heard(broker: Broker) -> Iterator[dict[Account, set[tuple[str, str]]]]:
    """Account -> the topics it heard something on, and from whom, after everybody has written to every topic."""
    listeners = {account: Listener(broker, account, names()) for account in EVERYBODY}
    for writer, name in itertools.product(EVERYBODY, names()):
        assert broker.publish(writer, name, f"from {writer.name}").returncode == 0
    # What comes last ends the listening; everybody hears one thing that is allowed.
    up, ack = (next(topic for topic in TOPICS if topic.pattern.endswith(end)) for end in ("up/{lane}/{node}", "ack"))
    broker.publish(NODES[0], up.of(NODES[0]), "the end")
    for node in NODES:
        broker.publish(HUB, ack.of(node), "the end")
    for listener in listeners.values():
        listener.until("the end")
        listener.close()
    yield {account: {(t, text) for t, text in each.heard if text != "the end"} for account, each in listeners.items()}


CASES = [
    pytest.param(topic, reader, id=f"{topic.pattern} {place}")
    for topic in TOPICS
    for place, reader in [("hub", HUB), *((f"{node.site}-{NODES.index(node) + 1}", node) for node in NODES)]
]


@pytest.mark.parametrize(("topic", "reader"), CASES)
def test_heard_is_what_the_table_allows(heard: dict[Account, set[tuple[str, str]]], topic: Topic, reader: Account) -> None:
    allowed = {
        (topic.of(about), f"from {writer.name}")
        for about in NODES
        for writer in EVERYBODY
        if writer.writes(topic, about) and reader.reads(topic, about)
    }
    mine = {topic.of(about) for about in NODES}
    assert {(name, text) for name, text in heard[reader] if name in mine} == allowed


def test_nothing_else_was_heard(heard: dict[Account, set[tuple[str, str]]]) -> None:
    assert {name for each in heard.values() for name, _ in each} == set(names())


def test_a_device_reads_nothing_retained_of_others(broker: Broker) -> None:
    """What the broker kept from before is not handed out either."""
    kept = [(topic, about) for topic in TOPICS if topic.retained for about in NODES]
    for topic, about in kept:
        writer = about if topic.writer == "node" else HUB
        run(["mosquitto_pub", *broker.login(writer), "-q", "1", "-r", "-t", topic.of(about), "-m", "kept"])
    for reader in EVERYBODY:
        listener = Listener(broker, reader, names())
        ends = NODES[0] if reader is HUB else HUB
        end = f"cairn/1/up/7/{NODES[0].name}" if reader is HUB else f"cairn/1/n/{reader.name}/ack"
        broker.publish(ends, end, "the end")
        listener.until("the end")
        listener.close()
        allowed = {topic.of(about) for topic, about in kept if reader.reads(topic, about)}
        assert {name for name, text in listener.heard if text == "kept"} == allowed


def test_topics_beside_the_table_are_nobodys(broker: Broker) -> None:
    """One's own name at another place, names that go on, names that stop short."""
    node, other = NODES[0], NODES[1]
    strange = [
        f"cairn/1/n/{node.name}", f"cairn/1/n/{node.name}/ack/more", f"cairn/1/up/{node.name}", f"cairn/1/up/7/{node.name}/more",
        f"cairn/1/up/{other.name}/{other.name}", f"cairn/1/p/{node.name}/more", f"cairn/2/p/{node.name}", f"{node.name}",
        "cairn/1/s/york/more", "cairn/1/l/york/hello", "cairn",
    ]  # fmt: skip
    everyone = [Listener(broker, account, strange) for account in EVERYBODY]
    for name in strange:
        broker.publish(node, name, "strange")
    broker.publish(node, f"cairn/1/up/7/{node.name}", "the end")
    for account in NODES:
        broker.publish(HUB, f"cairn/1/n/{account.name}/ack", "the end")
    for listener in everyone:
        listener.until("the end")
        listener.close()
        assert "strange" not in {text for _, text in listener.heard}


# ---- at a site's own broker ----


def test_the_lan_rules_on_the_page_are_those_of_the_lab() -> None:
    page = PROTOCOL.partition("## LAN")[2].partition("```text\n")[2].partition("```")[0]
    assert page == LAN_NODE_RULES.format(node="NODE", site="SITE")


def test_on_the_lan_a_device_speaks_for_itself_and_all_of_its_site_hear_it(tmp_path: Path) -> None:
    one, other, stranger = NODES
    port = free_port()
    files = write_lan_broker_files(tmp_path, port, one.site, [one.name, other.name])
    service = Service("lan", [MOSQUITTO, "-c", tmp_path / "broker.conf"], tmp_path / "broker.log")
    service.start()
    broker = LanBroker(port, {name: Path(file).read_text().strip() for name, file in files.items()})
    mine = f"cairn/1/l/{one.site}/{one.name}"
    allowed = [mine, f"{mine}/vv", f"{mine}/fetch/{other.name}"]
    denied = [
        f"cairn/1/l/{one.site}/{other.name}", f"cairn/1/l/{one.site}/{other.name}/vv", f"cairn/1/l/{one.site}",
        f"cairn/1/l/{stranger.site}/{one.name}", f"cairn/1/l/{one.site}/{other.name}/fetch/{one.name}", f"cairn/1/up/7/{one.name}",
    ]  # fmt: skip
    try:
        wait_for("the broker", lambda: broker.publish(one, "cairn/1/nothing", "").returncode == 0)
        listener = Listener(broker, other, [*allowed, *denied])
        for name in [*denied, *allowed]:
            assert broker.publish(one, name, "said").returncode == 0
        broker.publish(other, f"cairn/1/l/{one.site}/{other.name}/vv", "the end")
        listener.until("the end")
        listener.close()
        assert {name for name, text in listener.heard if text == "said"} == set(allowed)
        assert refused(broker, "-u", stranger.name, "-P", "x") and refused(broker)
    finally:
        service.stop()


# ---- who gets in ----


def refused(broker: LanBroker, *login: str) -> bool:
    done = run(["mosquitto_pub", "-p", str(broker.port), *login, "-q", "1", "-t", "cairn/1/nothing", "-m", ""])
    assert done.returncode == 0 or "not authorised" in done.stderr.lower(), done.stderr
    return done.returncode != 0


def test_nobody_gets_in_without_the_right_name_and_password(broker: Broker) -> None:
    node, other = NODES[:2]
    password = broker.passwords[node.name]
    assert not refused(broker, "-u", node.name, "-P", password)
    assert refused(broker)
    assert refused(broker, "-u", node.name)
    assert refused(broker, "-u", node.name, "-P", "")
    assert refused(broker, "-u", node.name, "-P", password[:-1])
    assert refused(broker, "-u", node.name, "-P", broker.passwords[other.name])
    assert refused(broker, "-u", HUB.name, "-P", password)
    assert refused(broker, "-u", node.name.upper(), "-P", password)
    assert refused(broker, "-u", str(uuid.uuid4()), "-P", password)


def test_passwords_are_for_their_owner_only(broker: Broker, tmp_path: Path) -> None:
    files = write_broker_files(tmp_path, 1, HUB.name, [(NODES[0].name, NODES[0].site)])
    secret = [*map(Path, files.values()), tmp_path / "broker.accounts", tmp_path / "broker.rules"]
    assert {oct(file.stat().st_mode & 0o777) for file in secret} == {"0o600"}
    accounts = (tmp_path / "broker.accounts").read_text()
    assert all(Path(file).read_text().strip() not in accounts for file in files.values())


# ---- under another name ----

FRAME = bytes.fromhex((ROOT / "tests" / "fixtures" / "frames" / "uplink.v1.hex").read_text())
AUTHOR = str(uuid.UUID(bytes=FRAME[6:22]))
RECORDS = int.from_bytes(FRAME[42:44], "little")


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Company]:
    """A company with an agent, and a second device of the site that is only an account: the author of FRAME."""
    company = Company(tmp_path_factory.mktemp("names"), binaries, (Site("york", "York", "STORE", 53.96, -1.08, (1,)),))
    try:
        company.start()
        company.hub_api().post("/api/v1/nodes", {"site": "york", "name": "author", "node": AUTHOR})
        write_broker_files(company.directory, company.broker_port, "hub", [(n, "york") for n in (company.agents[0].node, AUTHOR)])
        company.broker.stop()
        company.broker.start()
        wait_quiet(company.agent_api(company.agents[0]))
        yield company
    finally:
        company.stop()


def send(company: Company, account: str, topic: str, payload: bytes) -> None:
    password = (company.directory / f"{account}.password").read_text().strip()
    login = ["-p", str(company.broker_port), "-u", account, "-P", password]
    subprocess.run(["mosquitto_pub", *login, "-q", "1", "-s", "-t", topic], input=payload, check=True)


def hello() -> bytes:
    """A `Request` with the HELLO of FRAME's author: Protobuf as core/wire/proto/sync.proto has it."""
    inc, chain_before, chain_after = FRAME[22:30], FRAME[44:60], FRAME[60:76]
    words = b"\x09" + inc + bytes([0x10, RECORDS]) + b"\x1a\x10" + chain_after + b"\x2a\x10" + chain_before + b"\x38\x01"
    return bytes([0x08, 1, 0x12, len(words)]) + words


def bad_frames(hub: Api) -> int:
    found = re.search(r"^sync_bad_frames_total (\d+)$", hub.get("/metrics"), re.MULTILINE)
    return int(found[1]) if found else 0


def heads(hub: Api) -> dict[str, int]:
    return {author["node"]: author["head"] for author in hub.get("/api/v1/log/verify")["authors"]}


def test_frame_under_another_name_is_refused_and_counted(company: Company) -> None:
    hub, agent = company.hub_api(), company.agents[0]
    before, counted = heads(hub), bad_frames(hub)
    send(company, agent.node, f"cairn/1/up/0/{agent.node}", FRAME)
    wait_for("the frame to be counted", lambda: bad_frames(hub) == counted + 1)
    assert "sent under another name" in company.hub.log.read_text()
    # Under the other device's topic the broker takes nothing from this one: only the second of these comes.
    spoilt = FRAME[:-1] + bytes([FRAME[-1] ^ 1])
    for account in (agent.node, AUTHOR):
        send(company, account, f"cairn/1/up/0/{AUTHOR}", spoilt)
    wait_for("the spoilt frame to be counted", lambda: bad_frames(hub) == counted + 2)
    assert heads(hub) == before
    # Whoever did it works on as before.
    api = company.agent_api(agent)
    wait_quiet(api)
    assert api.get("/api/v1/sync")["link"] == "live"


def test_same_frame_under_its_own_name_is_taken(company: Company) -> None:
    """So it was the name. Its records speak for another site: they are kept and have no effect."""
    hub, counted = company.hub_api(), bad_frames(company.hub_api())
    send(company, AUTHOR, f"cairn/1/n/{AUTHOR}/req", hello())

    def sent_until_taken() -> bool:
        """As a device does: a frame that comes before its HELLO is answered is not taken, and sent again."""
        send(company, AUTHOR, f"cairn/1/up/0/{AUTHOR}", FRAME)
        return heads(hub).get(AUTHOR) == RECORDS

    wait_for("the records at the hub", sent_until_taken)
    assert bad_frames(hub) == counted
    agent = company.agent_api(company.agents[0])
    wait_quiet(agent)
    for api in (hub, agent):
        aside = wait_for("the records in quarantine", lambda: api.get("/api/v1/quarantine")["items"])
        assert [(each["node"], each["seq"], each["kind"]) for each in aside] == [
            (AUTHOR, number, "INADMISSIBLE") for number in range(1, RECORDS + 1)
        ]
