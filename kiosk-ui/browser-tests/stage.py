"""A company for the browser tests to play on: broker, hub and one or more sites with their agents, all real.

Reads one JSON object a line from standard input and answers each with one line. The first one opens the company:

    {"articles": [...], "orders": {reference: [[article, units], ...]}, "pickups": [reference, ...], "stations": 1, "devices": 1}
                                   "goods": {article: {column: text, ...}, ...} says more of them, e.g. their names
    {"real_orders": N}             the first N orders of the real trade data; invented ones where that is absent.
                                   The store has enough of everything

and is answered with what demo.json says, which grows "real": whether the orders are. Then:

    {"do": "kill", "who": NAME}    SIGKILL; it is started again, as systemd would
    {"do": "crash", "who": NAME}   SIGKILL; it stays down until
    {"do": "stop", "who": NAME}    the same, but in order
    {"do": "start", "who": NAME}
    {"do": "pause", "who": NAME}   SIGSTOP, until
    {"do": "resume", "who": NAME}
    {"do": "device", "agent": NAME, "remove": DEVICE}   takes a [[device]] out of the agent's file and starts it anew
    {"do": "import", "kind": "orders", "rows": [{column: text, ...}, ...]}   brings rows in at the hub and routes them

NAME is "hub", "broker" or an agent's. The end of standard input ends everything; nothing is left but a folder of logs
if something failed before.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "provisioning"), str(ROOT / "tests" / "e2e")]

from lab.company import Company, Site
from lab.main_job import load_trade
from lab.processes import Service
from lab.trade import Trade, real_trade, seeded_trade
from shop import set_devices, device_tables, wait_quiet, write_trade

REAL = ROOT / ".." / "shared" / "samples" / "retail_orders"


def sites(stations: int, devices: int, others: int) -> tuple[Site, ...]:
    """The store that gets all the orders, with so many agents, and stores farther away that get none."""
    names = ("Leeds", "Hull", "Derby")
    shop = Site("shop", "Shop York", "STORE", 53.9583, -1.0803, (stations,) * devices)
    return (shop, *(Site(f"shop-{n.lower()}", f"Shop {n}", "STORE", 57.0 + i, -4.0, (1,)) for i, n in enumerate(names[:others])))


def trade_of(plan: dict[str, Any], folder: Path, company: Company) -> Trade:
    if count := plan.get("real_orders"):
        trade = real_trade(folder, REAL, count, company.sites) if REAL.is_dir() else seeded_trade(folder, count, company.sites)
        fill_up(trade, company.sites[0])
        return trade
    orders = {order: [(article, units) for article, units in lines] for order, lines in plan["orders"].items()}
    trade = write_trade(folder, plan["articles"], orders, company.sites, plan.get("pickups", []))
    describe(trade, plan.get("goods", {}))
    return trade


def describe(trade: Trade, goods: dict[str, dict[str, str]]) -> None:
    """Articles as `goods` says they are, also at their prices in the orders."""
    for path, columns in ((trade.products, {}), (trade.orders, {"unit_price_gbp": "price_gbp"})):
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            more = goods.get(row["sku"], {})
            row.update({column: more[name] for column, name in columns.items() if name in more} if columns else more)
        write_rows(path, rows)


def fill_up(trade: Trade, site: Site) -> None:
    """10,000 of each article at a site."""
    with trade.stock.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["site"] == site.site:
            row["quantity"] = "10000"
    write_rows(trade.stock, rows)


def write_rows(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


class Stage:
    def __init__(self, plan: dict[str, Any], folder: Path):
        self.folder = folder
        self.company = Company(folder, binaries(), sites(plan.get("stations", 1), plan.get("devices", 1), plan.get("others", 0)))
        try:
            self.company.start()
            load_trade(self.company, trade_of(plan, folder / "trade", self.company), lambda _: None)
            self.quiet()
        except BaseException:
            self.company.stop()
            raise

    def description(self) -> dict[str, Any]:
        return {**json.loads((self.folder / "demo.json").read_text()), "real": REAL.is_dir()}

    def quiet(self) -> None:
        for agent in self.company.agents:
            api = self.company.agent_api(agent)
            wait_quiet(api)
            api.close()

    def service(self, name: str) -> Service:
        return next(service for service in self.company.services() if service.name == name)

    def do(self, order: dict[str, Any]) -> None:
        match order["do"]:
            case "kill":
                self.service(order["who"]).kill()
            case "crash":
                self.service(order["who"]).kill()
                self.service(order["who"]).stop()  # that is: it is not started again
            case "stop":
                self.service(order["who"]).stop()
            case "start":
                self.service(order["who"]).start()
            case "pause":
                os.kill(self.service(order["who"]).pid, signal.SIGSTOP)
            case "resume":
                os.kill(self.service(order["who"]).pid, signal.SIGCONT)
            case "device":
                self.remove_device(order["agent"], order["remove"])
            case "import":
                self.bring_in(order["kind"], order["rows"])
            case "quiet":
                self.quiet()
            case other:
                raise ValueError(f"{other!r}: no such order")

    def remove_device(self, name: str, device: str) -> None:
        agent = next(agent for agent in self.company.agents if agent.name == name)
        agent.service.stop()
        tables = re.split(r"(?m)^(?=\[\[device\]\])", device_tables(agent))
        set_devices(agent, "".join(table for table in tables if f'name = "{device}"' not in table))
        agent.service.start()

    def bring_in(self, kind: str, rows: list[dict[str, str]]) -> None:
        file = self.folder / f"more-{kind}.csv"
        write_rows(file, rows)
        self.company.cairn("import", kind, file, "--channel", "web")
        self.company.cairn("route")

    def close(self) -> None:
        for service in self.company.services():
            if service.pid:
                try:
                    os.kill(service.pid, signal.SIGCONT)
                except ProcessLookupError:
                    pass
        self.company.stop()


def binaries() -> Path:
    return Path(os.environ.get("CAIRN_BIN_DIR") or ROOT / "build" / "release" / "bin").resolve()


def say(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="cairn-stage-"))
    stage = None
    failed = False
    try:
        for line in sys.stdin:
            order = json.loads(line)
            try:
                if stage is None:
                    stage = Stage(order, folder)
                    say({"ok": True, **stage.description()})
                else:
                    stage.do(order)
                    say({"ok": True})
            except Exception as error:
                failed = True
                say({"ok": False, "error": f"{error} (logs are in {folder})"})
    finally:
        if stage:
            stage.close()
        if not failed:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
