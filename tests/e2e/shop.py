"""A shop made for tests of scanning: one site, its agent with a few stations, articles and orders as wanted.

Also `Bench`, a person at a station with a scanner in hand, and `heads`, which says whether anything at all was
written to an event log.
"""

from __future__ import annotations

import csv
import queue
import sys
import time
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any, TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "provisioning"))

from lab.api import Api, Json, Stream
from lab.company import Agent, Company, Site, Station
from lab.main_job import load_trade
from lab.bench import Bench as PackingBench
from lab.bench import Scanner
from lab.trade import Trade, gtin13

SHOP = Site("shop", "Shop York", "STORE", 53.9583, -1.0803, (3,))
PATIENCE_SECONDS = 20.0

Orders = dict[str, list[tuple[str, int]]]  # order -> (article, units)
T = TypeVar("T")
C = TypeVar("C", bound=Company)


def wait_for(what: str, ask: Callable[[], T], seconds: float = PATIENCE_SECONDS) -> T:
    """The first answer that is not empty; a failure that names `what` when none comes in time."""
    deadline = time.monotonic() + seconds
    while True:
        if answer := ask():
            return answer
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s in vain: {what}"
        time.sleep(0.02)


def gtin(article: str) -> str:
    """EAN-13 of an article, as it is printed on the goods: two letters and a number, e.g. CUP-7."""
    return gtin13(f"952100{int(article.rpartition('-')[2]):06}")


def write_trade(
    directory: Path,
    articles: Iterable[str],
    orders: Orders,
    sites: Iterable[Site] = (SHOP,),
    pickups: Collection[str] = (),
) -> Trade:
    """CSV files as docs/imports.md describes them: 10,000 of each article at each site. Orders of `pickups` are picked
    up at the first site."""
    directory.mkdir(parents=True, exist_ok=True)
    articles, sites = list(articles), list(sites)
    products = [
        {"sku": a, "name": f"Article {a}", "gtin": gtin(a), "price_gbp": "2.50", "unit_weight_g": "100"} for a in articles
    ]
    stock = [
        {"site": site.site, "sku": a, "location": f"A-{place:02}", "pick_sequence": str(place), "quantity": "10000"}
        for site in sites
        for place, a in enumerate(articles, start=1)
    ]
    lines = [
        {
            "order_id": order,
            "line_no": str(number),
            "kind": "order",
            "sku": article,
            "quantity": str(units),
            "unit_price_gbp": "2.50",
            "ordered_at": "2026-11-02T09:15:00Z",
            "customer_id": "customer-1",
            "country": "United Kingdom",
            "is_product": "1",
            "latitude": "53.9",
            "longitude": "-1.0",
            "method": "PICKUP" if order in pickups else "SHIP",
            "pickup_site": sites[0].site if order in pickups else "",
        }
        for order, wanted in orders.items()
        for number, (article, units) in enumerate(wanted, start=1)
    ]
    files = {name: directory / f"{name}.csv" for name in ("products", "stock", "orders")}
    for name, rows in (("products", products), ("stock", stock), ("orders", lines)):
        with files[name].open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return Trade(files["products"], files["stock"], files["orders"], len(orders), (files["orders"], files["orders"]))


def open_shop(
    directory: Path,
    binaries: Path,
    articles: Iterable[str],
    orders: Orders,
    site: Site = SHOP,
    *,
    others: tuple[Site, ...] = (),
    pickups: Collection[str] = (),
    kind: type[C] = Company,
) -> C:
    """A company whose first site knows all orders; `others` are farther away and get none. Whoever calls it stops it."""
    sites = (site, *others)
    company = kind(directory, binaries, sites)
    try:
        company.start()
        load_trade(company, write_trade(directory / "trade", articles, orders, sites, pickups), lambda _: None)
        api = company.agent_api(company.agents[0])
        wait_for("the orders at the agent", lambda: len(api.pages("/api/v1/tasks")) == len(orders))
        api.close()
    except BaseException:
        company.stop()
        raise
    return company


def toml_file(agent: Agent) -> Path:
    return Path(agent.service.command[agent.service.command.index("-c") + 1])


def device_tables(agent: Agent) -> str:
    """The [[device]] tables of an agent's file, which are its end."""
    return "".join(toml_file(agent).read_text().partition("[[device]]")[1:])


def set_devices(agent: Agent, tables: str) -> None:
    """Replaces the [[device]] tables of an agent that is down."""
    head = toml_file(agent).read_text().partition("[[device]]")[0]
    toml_file(agent).write_text(f"{head.rstrip()}\n\n{tables}")


def scan_unit_by_unit(agent: Agent) -> None:
    """No line is too long for it. Starts the agent again."""
    agent.service.stop()
    toml_file(agent).write_text(
        toml_file(agent).read_text().replace("[storage]", "[picking]\nkeyed_quantity_above = 1000000\n\n[storage]")
    )
    agent.service.start()


class SimScanner(Scanner):
    """cairn-sim at the other end of a station's scanner, with all its commands."""

    def raw(self, octets: bytes) -> None:
        """Octets as they are; cut up, as one command of cairn-sim has its length."""
        for at in range(0, len(octets), 500):
            done = self.command("raw " + "".join(f"\\x{octet:02x}" for octet in octets[at : at + 500]))
            assert done["ok"], done


class Bench:
    """A station with somebody signed in, a stream of verdicts and a scanner to read with."""

    def __init__(self, company: Company, agent: Agent, station: Station, *, scanner: bool = True):
        self.company = company
        self.agent = agent
        self.station = station
        self.api = Api(agent.url)
        self.api.sign_in(station.person, station.pin, station.name)
        self.stream = Stream(self.api)
        self.hear("hello")
        self.scanner = SimScanner(company.binaries / "cairn-sim", station.scanner) if scanner else None
        if scanner:
            self.wait_state("online")

    def close(self) -> None:
        self.stream.stop()
        if self.scanner:
            self.scanner.close()
        self.api.close()

    def start_agent(self) -> None:
        """Starts the stopped agent and listens to it again: what it says before someone listens is not repeated."""
        connections = self.stream.connections
        self.agent.service.start()
        wait_for("the stream", lambda: self.stream.connections > connections)

    # ---- devices ----

    def device(self, name: str = "") -> Json:
        """The station's scanner, or any of the agent's by its name."""
        devices = self.api.get("/api/v1/devices")["items"]
        return next(d for d in devices if d["name"] == (name or f"scanner-{self.station.name}"))

    def wait_state(self, state: str, name: str = "", seconds: float = PATIENCE_SECONDS) -> Json:
        return wait_for(
            f"device {state}", lambda: (d := self.device(name))["state"] == state and d, seconds
        )

    # ---- tasks ----

    def group(self, order: str) -> Json:
        """The ship group of an order, with its lines."""
        groups = self.api.pages("/api/v1/ship-groups")
        group = next(group for group in groups if group["order_reference"] == order)
        return self.api.get(f"/api/v1/ship-groups/{group['id']}")

    def claim(self, order: str) -> Json:
        return self.api.post(f"/api/v1/tasks/{self.group(order)['id']}/claim")

    def ship(self, order: str) -> Json:
        """Packs all that is picked, weighed right, labels it and sends it off."""
        path = f"/api/v1/ship-groups/{self.group(order)['id']}"
        parcels = PackingBench(self.company.binaries / "cairn-sim", self.station, scanner=False)
        try:
            for kind in ("scale", "printer"):
                self.wait_state("online", f"{kind}-{self.station.name}")
            while (group := self.api.get(path))["status"] == "PICKED":
                box = self.api.get(f"{path}/next-package")
                parcels.put_on_scale(box["expected_mg"])
                self.api.post(f"{path}/packages", {"lines": box["lines"]})
            for package in group["packages"]:
                self.api.post(f"{path}/labels", {"package": package["package"]})
            wait_for("the labels", lambda: all(p["label"] == "PRINTED" for p in self.api.get(path)["packages"]))
            return self.api.post(f"{path}/ship")
        finally:
            parcels.close()

    def picked(self, order: str) -> list[int]:
        """Units picked of each line of an order."""
        return [line["picked_milli"] // 1000 for line in self.group(order)["lines"]]

    # ---- scans ----

    def hear(self, event: str, seconds: float = PATIENCE_SECONDS) -> Json:
        """The next event of that name on the stream."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                name, data = self.stream.events.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no {event} within {seconds:.0f} s") from None
            if name == event:
                return data

    def forget(self) -> None:
        """What was said so far. Verdicts of all stations are on the stream: screens choose."""
        while not self.stream.events.empty():
            self.stream.events.get_nowait()

    def no_verdict(self, seconds: float = 0.5) -> None:
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                name, data = self.stream.events.get(timeout=left)
            except queue.Empty:
                return
            assert name != "verdict", data

    def scan(self, code: str) -> Json:
        """One read and its verdict."""
        assert self.scanner and self.scanner.scan(code), f"{code}: nobody reads the scanner"
        return self.hear("verdict")

    def send(self, octets: bytes) -> Json:
        """Octets as they are, and the verdict on them."""
        assert self.scanner
        self.scanner.raw(octets)
        return self.hear("verdict")


def heads(api: Api) -> dict[tuple[str, str], tuple[int, Any]]:
    """(node, incarnation) -> last sequence number and chain hash of each author in a log."""
    last: dict[tuple[str, str], tuple[int, Any]] = {}
    for record in api.pages("/api/v1/log"):
        author = (record["node"], record["inc"])
        last[author] = max(last.get(author, (0, "")), (record["seq"], record["chain"] or ""))
    return last


def wait_quiet(api: Api) -> None:
    """Until the agent has sent everything to the hub and applied everything from it."""

    def quiet() -> bool:
        state = api.get("/api/v1/sync")
        return state["link"] == "live" and state["unacked"] == 0 and state["behind"] == 0

    wait_for("agent and hub agree", quiet)


def wait_staff(api: Api, user: str, times: int = 1) -> None:
    """Until an agent has heard of a person so many times: hired, given a new PIN, removed.

    Trying to sign in until it works would lock the name: five times are enough.
    """

    def heard() -> bool:
        records = api.pages("/api/v1/log")
        told = [record for record in records if record["event"] == "StaffAssigned" and record["payload"]["user"] == user]
        return len(told) >= times

    wait_for("news of a person at the agent", heard)
