"""What must be so once everything has come to rest: the checks that follow every campaign of faults, in words."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "provisioning"))

from lab.api import Api, Json
from lab.company import Agent
from lab.main_job import COLUMNS


def log_by_event(api: Api) -> dict[str, Json]:
    """Every record of a program's log under the name that verdicts give it."""
    return {f"{r['node']}/{r['inc']}/{r['seq']}": r for r in api.pages("/api/v1/log")}


def own_picks(agent: Agent, log: dict[str, Json]) -> set[str]:
    return {event for event, r in log.items() if r["node"] == agent.node and r["event"] == "LinePicked"}


def compare_logs(agent: Agent, shown: set[str], log: dict[str, Json], hub_log: dict[str, Json], *, repaired: bool | None = False) -> list[str]:
    """What was shown is in the agent's log and, octet for octet, in the hub's; the logs have no holes.

    `repaired`: it has begun a new incarnation, as it should, and what was shown may have another number now. None: or not.
    """
    wrong = []
    if repaired is False:
        for event in shown - own_picks(agent, log):
            wrong.append(f"{agent.name}: {event} was shown as saved and is no pick in its log")
        for event in shown - own_picks(agent, hub_log):
            wrong.append(f"{agent.name}: {event} was shown as saved and is no pick in the hub's log")
    own = {event: record for event, record in log.items() if record["node"] == agent.node}
    at_hub = {event: record for event, record in hub_log.items() if record["node"] == agent.node}
    for event in own.keys() | at_hub.keys():
        if event not in at_hub:
            wrong.append(f"{agent.name}: the hub lacks {event}")
        elif event not in own:
            wrong.append(f"{agent.name}: the hub has {event}, the agent has lost it")
        elif own[event]["record"] != at_hub[event]["record"]:
            wrong.append(f"{agent.name}: the hub has another {event}")
    incarnations = {record["inc"] for record in own.values()}
    for inc in incarnations:
        sequence = sorted(record["seq"] for record in own.values() if record["inc"] == inc)
        if sequence != list(range(1, len(sequence) + 1)):
            wrong.append(f"{agent.name}: its log has holes")
    if repaired is not None and (len(incarnations) > 1) != repaired:
        wrong.append(f"{agent.name}: it has {len(incarnations)} incarnations")
    return wrong


def refused_records(name: str, api: Api) -> list[str]:
    wrong = []
    if not api.get("/api/v1/log/verify")["ok"]:
        wrong.append(f"{name}: a hash chain is broken")
    if parked := api.get("/api/v1/quarantine")["items"]:
        wrong.append(f"{name}: records without effect: {parked[:3]}")
    return wrong


def uneven_groups(name: str, api: Api) -> list[str]:
    """Each unit of each line is shipped, or waits for its customer, exactly once at the end."""
    wrong = []
    for group in api.pages("/api/v1/ship-groups"):
        end = "picked_milli" if group["method"] == "PICKUP" else "shipped_milli"
        for line in api.get(f"/api/v1/ship-groups/{group['id']}")["lines"]:
            if line["ordered_milli"] != line[end] or line["open_milli"]:
                wrong.append(f"{name}: order {group['order_reference']} line {line['line']}: {line}")
    return wrong


def differences(name: str, here: Json, there: Json) -> list[str]:
    keys = [key for _, key in COLUMNS if here[key] != there[key]]
    return [f"{name}: {key} is {here[key]} here and {there[key]} at the hub" for key in keys]
