"""No verdict and no acknowledgement leaves before the data are on the disk.

The agent and the hub run under strace while a picker scans. For every scan: the pick's record was written to the
agent's WAL, the WAL was synced, and only then the verdict went to the screens. For every acknowledgement of the hub:
each record up to its watermark was written to the hub's WAL and synced before. Traces spoilt on purpose show that the
check can fail.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from lab.api import Json
from lab.company import Company
from lab.processes import DIE_WITH_PARENT
from shop import Bench, Orders, gtin, open_shop, wait_for, wait_quiet
from strace_log import Call, calls, command, shifted, spoilt, tellings, told_too_early

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "oracle"))

import records as wire

SCANS = 20
ORDERS: Orders = {"traced": [("CUP-1", 12), ("CUP-2", 12)]}


@dataclass
class Traced:
    """What happened under strace."""

    agent_lines: list[str]
    hub_lines: list[str]
    agent: list[Call]
    hub: list[Call]
    verdicts: list[Json]
    records: dict[int, bytes]  # the agent's own records by sequence number
    before: int  # the agent's last record before the first scan
    node: str


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Traced]:
    directory = tmp_path_factory.mktemp("strace")
    company = open_shop(directory, binaries, ("CUP-1", "CUP-2"), ORDERS)
    try:
        agent = company.agents[0]
        for service in (agent.service, company.hub):
            service.stop()
            # strace lets the program go when it is ended itself: it must not run on for ever.
            service.command = [*command(directory / f"{service.name}.trace"), *DIE_WITH_PARENT, *service.command]
        company.hub.start()
        agent.service.start()
        yield work(company, directory)
    finally:
        company.stop()


def work(company: Company, directory: Path) -> Traced:
    agent = company.agents[0]
    manager = company.agent_api(agent)
    wait_quiet(manager)
    bench = Bench(company, agent, agent.stations[0])
    bench.claim("traced")
    wait_quiet(manager)
    before = manager.get("/api/v1/sync")["head"]
    # Sync goes on while scans come in, as on any day.
    verdicts = [bench.scan(gtin("CUP-1" if number < 12 else "CUP-2")) for number in range(SCANS)]
    wait_quiet(manager)
    records = {
        record["seq"]: bytes.fromhex(record["record"])
        for record in manager.pages("/api/v1/log")
        if record["node"] == agent.node
    }
    bench.close()
    company.stop()
    agent_lines, hub_lines = (
        (directory / f"{name}.trace").read_text(errors="replace").splitlines() for name in (agent.name, "hub")
    )
    return Traced(agent_lines, hub_lines, calls(agent_lines), calls(hub_lines), verdicts, records, before, agent.node)


def sequence(verdict: Json) -> int:
    return int(verdict["event"].rpartition("/")[2])


def early_verdicts(traced: Traced, trace: list[Call]) -> list[str]:
    """What is wrong with the verdicts in a trace of the agent."""
    wrong = []
    for verdict in traced.verdicts:
        told = list(tellings(trace, verdict["event"].encode()))
        if not told:
            wrong.append(f"{verdict['event']}: the trace does not show its verdict")
        for call in told:
            if why := told_too_early(trace, traced.records[sequence(verdict)], call):
                wrong.append(f"{verdict['event']}: {why}")
    return wrong


def acks(traced: Traced, trace: list[Call]) -> Iterator[tuple[Call, int]]:
    """Every acknowledgement the hub sent to the agent, with its watermark (docs/protocol.md, Ack)."""
    topic = f"cairn/1/n/{traced.node}/ack".encode()
    for call in tellings(trace, topic):
        at = call.octets.find(topic)
        while at >= 0:
            # Fixed header 0x30 and one or two octets of length, two of the topic's length, the topic: QoS 0, as all
            # that the hub publishes and is not retained.
            start = at - 3 if call.octets[at - 4] == 0x30 else at - 4
            assert call.octets[start - 1] == 0x30
            size = call.octets[start] & 0x7F
            if call.octets[start] & 0x80:
                size += call.octets[start + 1] << 7
            (length,) = struct.unpack_from(">H", call.octets, at - 2)
            assert length == len(topic)
            payload = call.octets[at + length : at - 2 + size]
            yield call, wire.one(payload, 2, 0)
            at = call.octets.find(topic, at + 1)


def early_acks(traced: Traced, trace: list[Call]) -> list[str]:
    """What is wrong with the acknowledgements in a trace of the hub."""
    wrong = []
    told: set[int] = set()
    for call, hwm in acks(traced, trace):
        for seq in range(traced.before + 1, hwm + 1):
            if seq in told:
                continue  # an earlier acknowledgement has it, and was checked
            told.add(seq)
            if why := told_too_early(trace, traced.records[seq], call):
                wrong.append(f"record {seq}: {why}")
    missing = set(range(traced.before + 1, max(traced.records) + 1)) - told
    if missing:
        wrong.append(f"the trace shows no acknowledgement of records {sorted(missing)}")
    return wrong


def test_scans_were_read_from_the_scanner_and_saved(traced: Traced) -> None:
    assert [verdict["verdict"] for verdict in traced.verdicts] == ["ok"] * SCANS
    for verdict in traced.verdicts:
        told = next(tellings(traced.agent, verdict["event"].encode()))
        read = [
            call
            for call in traced.agent
            if call.name == "read" and call.file.startswith("/dev/pts/") and verdict["code"].encode() in call.octets
        ]
        assert any(call.ended < told.begun for call in read)
    assert len([call for call in traced.agent if call.name == "read" and call.file.startswith("/dev/pts/") and call.octets]) >= SCANS


def test_no_verdict_leaves_before_the_wal_is_synced(traced: Traced) -> None:
    assert early_verdicts(traced, traced.agent) == []


def test_every_scan_had_a_sync_of_its_own(traced: Traced) -> None:
    """Between the read of a scan and its verdict: not the sync of the scan before."""
    for verdict in traced.verdicts:
        told = next(tellings(traced.agent, verdict["event"].encode()))
        read = max(
            call.ended
            for call in traced.agent
            if call.name == "read" and call.file.startswith("/dev/pts/") and call.octets and call.ended < told.begun
        )
        between = [
            call
            for call in traced.agent
            if call.file.endswith("-wal") and read < call.begun and call.ended < told.begun and call.went_well
        ]
        # After them another transaction may have begun to write: what the hub acknowledged in the meantime.
        written = min(call.ended for call in between if call.name == "pwrite64")
        assert any(call.name == "fdatasync" and call.begun > written for call in between)


def test_no_acknowledgement_leaves_before_the_hubs_wal_is_synced(traced: Traced) -> None:
    assert early_acks(traced, traced.hub) == []


@pytest.mark.parametrize("how", ["no sync", "failed sync", "another file synced"])
def test_the_check_finds_a_cheat(traced: Traced, how: str) -> None:
    assert len(early_verdicts(traced, calls(spoilt(traced.agent_lines, how)))) >= SCANS
    assert len(early_acks(traced, calls(spoilt(traced.hub_lines, how)))) >= SCANS


def test_the_check_finds_a_verdict_before_the_sync(traced: Traced) -> None:
    for verdict in traced.verdicts:
        record = traced.records[sequence(verdict)]
        told = next(tellings(traced.agent, verdict["event"].encode()))
        assert told_too_early(traced.agent, record, told) is None
        assert told_too_early(traced.agent, record, shifted(traced.agent, told, record))


def test_the_check_finds_a_record_that_never_reached_the_wal(traced: Traced) -> None:
    told = next(tellings(traced.agent, traced.verdicts[0]["event"].encode()))
    assert told_too_early(traced.agent, b"no such record anywhere", told)
