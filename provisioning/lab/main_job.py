"""The main job, unattended: trade comes in at the hub, every site picks and ships it, and everybody must
agree on the figures afterwards."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lab.api import Json
from lab.company import Company
from lab.picker import Picked, Picker
from lab.trade import CHANNEL, Trade

Say = Callable[[str], None]

STALL_SECONDS = 120.0
AGREE_SECONDS = 60.0


@dataclass
class Outcome:
    """What the hub and each agent say at the end, and what the pickers were told."""

    hub: Json
    agents: dict[str, Json]
    picked: list[Picked]
    seconds: float

    def scans(self) -> int:
        return sum(picked.scans + picked.keyed for picked in self.picked)


def load_trade(company: Company, trade: Trade, say: Say) -> None:
    """Imports catalogue, stock and orders with the operator's tool, then routes."""
    for kind, file in (("products", trade.products), ("stock", trade.stock), ("orders", trade.orders)):
        printed = company.cairn("import", kind, file, "--channel", CHANNEL).splitlines()
        say(f"  {kind}: {printed[-1]}")
        for problem in printed[:-1][:5]:
            say(f"    {problem.replace(str(file.parent) + '/', '')}")
        if len(printed) > 6:
            say(f"    ... and {len(printed) - 6} more rows to look at")
    say(f"  routing: {company.cairn('route').strip()}")


def run_main_job(company: Company, say: Say, disturb: Callable[[], None] | None = None) -> Outcome:
    """Lets every station pick until nothing is left. `disturb` is called again and again meanwhile."""
    begun = time.monotonic()
    wait_delivery(company)
    finish = threading.Event()
    finish.set()  # all orders are there already: who finds nothing to do may go home
    pickers = [
        Picker(agent, station, company.binaries, finish)
        for agent in company.agents
        for station in agent.stations
    ]
    for picker in pickers:
        picker.start()
    _watch(company, pickers, say, disturb)
    hub, agents = wait_agreement(company)
    return Outcome(hub, agents, [picker.picked for picker in pickers], time.monotonic() - begun)


def _watch(company: Company, pickers: list[Picker], say: Say, disturb: Callable[[], None] | None) -> None:
    last_scans, last_change, last_said = -1, time.monotonic(), time.monotonic()
    while any(picker.is_alive() for picker in pickers):
        if disturb:
            disturb()
        time.sleep(0.05)
        failed = next((picker for picker in pickers if picker.error), None)
        scans = sum(picker.picked.scans + picker.picked.keyed for picker in pickers)
        now = time.monotonic()
        if scans != last_scans:
            last_scans, last_change = scans, now
        if now - last_said > 10:
            shipped = sum(picker.picked.shipped for picker in pickers)
            say(f"  {scans} scans saved, {shipped} ship groups sent off")
            last_said = now
        if failed or now - last_change > STALL_SECONDS:
            for picker in pickers:
                picker.stop()
            why = f"{failed.name}: {failed.error!r}" if failed else "nothing happens any more"
            raise RuntimeError(f"the pickers stopped: {why} (logs: {company.directory}/*.log)")


def wait_delivery(company: Company) -> None:
    """Until every agent knows all ship groups of its site."""
    sent = {site["site"]: site["groups"] for site in company.hub_api().get("/api/v1/totals")["sites"]}
    deadline = time.monotonic() + AGREE_SECONDS
    for agent in company.agents:
        api = company.agent_api(agent)
        while api.get("/api/v1/totals")["groups"] != sent.get(agent.site.site, 0):
            if time.monotonic() > deadline:
                raise RuntimeError(f"{agent.name} does not get its orders (see {agent.service.log})")
            time.sleep(0.05)
        api.close()


def wait_agreement(company: Company) -> tuple[Json, dict[str, Json]]:
    """Until every record is at the hub and every feed applied, then everybody's figures."""
    hub = company.hub_api()
    apis = {agent.name: company.agent_api(agent) for agent in company.agents}
    deadline = time.monotonic() + AGREE_SECONDS
    while True:
        states = {name: api.get("/api/v1/sync") for name, api in apis.items()}
        if all(s["link"] == "live" and s["unacked"] == 0 and s["behind"] == 0 for s in states.values()):
            break
        if time.monotonic() > deadline:
            raise RuntimeError(f"sites and hub do not come together: {states}")
        time.sleep(0.1)
    return hub.get("/api/v1/totals"), {name: api.get("/api/v1/totals") for name, api in apis.items()}


COLUMNS = (
    ("routed", "ordered_milli"),
    ("scanned", "scanned_milli"),
    ("shipped", "shipped_milli"),
    ("put back", "put_back_milli"),
    ("in stock", "on_hand_milli"),
)


def table(company: Company, outcome: Outcome) -> str:
    """The figures of hub and sites under each other."""
    orders = outcome.hub["orders"]
    rows = [["site", "seen from", *(label for label, _ in COLUMNS)]]
    for site in outcome.hub["sites"]:
        rows.append([site["site"], "hub", *(_units(site[key]) for _, key in COLUMNS)])
        for agent in company.agents:
            if agent.site.site == site["site"]:
                seen = outcome.agents[agent.name]
                rows.append(["", f"agent {agent.name}", *(_units(seen[key]) for _, key in COLUMNS)])
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        f"{orders['orders']} orders at the hub: {_units(orders['ordered_milli'])} units ordered, "
        f"{_units(orders['cancelled_milli'])} cancelled, {_units(orders['waiting_milli'])} waiting, "
        f"{_units(orders['routed_milli'])} routed",
        "",
    ]
    for row in rows:
        cells = [cell.ljust(w) if i < 2 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))]
        lines.append("  ".join(cells).rstrip())
    units = sum(picked.units_milli for picked in outcome.picked)
    lines += ["", f"the pickers made {outcome.scans():,} scans for {_units(units)} units in {outcome.seconds:.0f} s"]
    return "\n".join(lines)


def disagreements(company: Company, outcome: Outcome) -> list[str]:
    """What does not fit together, in words; nothing if all is well."""
    wrong = []
    orders, sites = outcome.hub["orders"], outcome.hub["sites"]
    parts = sum(orders[part] for part in ("cancelled_milli", "waiting_milli", "routed_milli"))
    if orders["ordered_milli"] != parts:
        wrong.append("ordered is not cancelled + waiting + routed")
    if orders["routed_milli"] != sum(site["ordered_milli"] for site in sites):
        wrong.append("routed is not what the sites' ship groups hold")
    at_hub = {site["site"]: site for site in sites}
    for agent in company.agents:
        if outcome.agents[agent.name] != at_hub[agent.site.site]:
            wrong.append(f"agent {agent.name} and the hub see site {agent.site.site} differently")
    for site in sites:
        if not site["ordered_milli"] == site["scanned_milli"] == site["shipped_milli"]:
            wrong.append(f"site {site['site']}: routed, scanned and shipped differ")
    told = sum(picked.units_milli for picked in outcome.picked)
    if told != sum(site["scanned_milli"] + site["put_back_milli"] for site in sites):
        wrong.append("the pickers were told of other units than the hub knows")
    return wrong


def write_log(company: Company, directory: Path) -> None:
    """Every program's event records as JSON lines, for whoever wants to recompute the figures."""
    apis = {"hub": company.hub_api(), **{a.name: company.agent_api(a) for a in company.agents}}
    for name, api in apis.items():
        with (directory / f"{name}.records.jsonl").open("w", encoding="utf-8") as file:
            for record in api.pages("/api/v1/log"):
                file.write(json.dumps(record) + "\n")


def _units(milli: int) -> str:
    whole, rest = divmod(milli, 1000)
    return f"{whole:,}" if rest == 0 else f"{milli / 1000:,.3f}"
