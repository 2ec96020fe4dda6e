"""A company for test_contract.py: somebody of every role at hub and agent, and a fitting request for every operation."""

from __future__ import annotations

import itertools
import json
import sqlite3
import urllib.parse
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contract import Operation, Parameter, documents
from lab.api import Answer, Api, Json
from lab.bench import Hardware
from lab.company import Agent, Company, Site, free_port
from paying import Till, gbp
from selling import SHOPIFY_CHANNEL, SellingCompany, an_order, shopify_order, signed
from pictures import picture_of
from shop import device_tables, gtin, open_shop, set_devices, wait_for, wait_quiet, wait_staff

SITE = Site("shop", "Shop York", "STORE", 53.9583, -1.0803, (2, 1))
ROLES = (
    "PICKER", "PACKER", "RECEIVER", "CASHIER", "SHIFT_LEAD", "STORE_MANAGER", "CSR", "INVENTORY_CONTROLLER", "ROUTING_ADMIN", "FINANCE",
    "INTEGRATOR", "HQ_VIEWER", "ADMIN",
)  # fmt: skip
ALONE_AT_HUB_MINOR = 1500  # of one payment, or on one card; more needs a second person
SHORT, LONG = [("CUP-1", 2)], [("CUP-2", 20)]  # twenty of a line are keyed
NO_STOCK = "JAR-9"  # an article that no site has
ORDERS = {f"short-{i}": SHORT for i in range(160)} | {f"long-{i}": LONG for i in range(14)}
PICKUPS = [f"pickup-{i}" for i in range(40)]  # two of CUP-1 each
ORDER_COLUMNS = "order_id,line_no,sku,quantity,unit_price_gbp,ordered_at,customer_id,latitude,longitude\n"
CUP_MG = 100_000
ALONE_UP_TO_MINOR = 1000  # four of CUP-2 at 2.50 each
HELD = ("held", "held-too")  # printers that are not there
RECEIPT_PRINTERS = ("receipts", "no-drawer")
SUPPLY = {"source": "PURCHASE_ORDER", "sku": "CUP-1", "due": "2027-02-01T06:00:00Z", "milli": 24000}
FOUND = {"site": "shop", "sku": "CUP-1", "location": "B-01", "milli": 1000, "reason": "VAR_FOUND"}
BASKET = {"channel": "web", "sku": "CUP-2", "milli": 1000, "seconds": 60}
LEASE = {"site": "shop", "sku": "CUP-2", "milli": 1000, "seconds": 3600}
LEASED = {"articles": [{"sku": "CUP-2"}], "beyond": "WARN"}
PROMOTION = {"title": "A tenth off", "kind": "PERCENTAGE", "basis_points": 1000, "channels": ["fair"], "skus": ["CUP-2"]}
NEAREST = {"name": "nearest", "sorts": ["DISTANCE"], "assignment": {"mode": "ORA_MULTI"}}
RULES = {"routings": [{"name": "standard", "queues": ["BROKERING"], "rules": [NEAREST]}]}
SCALE_BENCH, DEAD_BENCH = "scale-bench", "dead-bench"  # stations with a scale of their own; one is not plugged in


# ---- requests ----


@dataclass
class Call:
    """What is asked of an operation, and by whom."""

    api: Api
    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def make(self, operation: Operation, headers: dict[str, str] | None = None, method: str = "") -> Answer:
        path = operation.template.format(**{name: urllib.parse.quote(text, safe="") for name, text in self.path.items()})
        query = f"?{urllib.parse.urlencode(self.query)}" if self.query else ""
        media = {"Content-Type": next(iter(operation.body))} if self.content is not None and operation.body else {}
        needed = operation.parameter("Idempotency-Key")
        key = {"Idempotency-Key": str(uuid.uuid4())} if needed and needed.required else {}
        return self.api.ask(method or operation.method, path + query, self.content, media | key | self.headers | (headers or {}))


def as_json(body: Any) -> bytes:
    return json.dumps(body).encode()


def example(operation: Operation) -> Json:
    """The example that the document gives for an operation's JSON body."""
    return operation.body["application/json"]["examples"][0]


def another_site() -> str:
    return f"site-{uuid.uuid4().hex[:8]}"  # a PUT makes one


def stranger(parameter: Parameter) -> str:
    """A value that fits the parameter and means nothing that exists."""
    if parameter.schema.get("format") == "uuid" or parameter.name in ("rule_set", "promotion"):  # a PUT makes one
        return str(uuid.uuid4())
    if parameter.name in ("inc", "seq"):
        return {"inc": "00000000000000ff", "seq": "7"}[parameter.name]
    return another_site() if parameter.name == "site" else "NOTHING-1"


# ---- who asks ----


class Desk:
    """One program, and everybody who may ask it something."""

    def __init__(self, program: str, url: str, boss: Api):
        self.document = documents()[program]
        self.url = url
        self.boss = boss  # may do whatever can be done here
        self.node = str(boss.get("/version")["node"])
        self.settle: Callable[[], None] = lambda: None  # until nothing is written by itself any more
        self.people: dict[str, Api] = {}  # role -> somebody who has it
        self.permissions: dict[str, list[str]] = {}

    def nobody(self) -> Api:
        return Api(self.url)

    def welcome(self, role: str, api: Api, session: Json) -> None:
        self.people[role] = api
        self.permissions[role] = session["permissions"]

    def strange(self, operation: Operation, api: Api | None = None) -> Call:
        """A request that fits the document, about things that do not exist."""
        named = [p for p in operation.parameters if p.place == "path" or p.place == "query" and p.required]
        call = Call(api or self.boss)
        for parameter in named:
            (call.path if parameter.place == "path" else call.query)[parameter.name] = stranger(parameter)
        if "application/json" in operation.body:
            call.content = as_json(example(operation))
        elif operation.body:
            call.content = b""
        return call

    def written(self) -> int:
        """How many records this program has written itself."""
        self.settle()
        authors = self.boss.get("/api/v1/log/verify")["authors"]
        return sum(author["head"] for author in authors if author["node"] == self.node)


def play_devices(company: Company, agent: Agent) -> Hardware:
    """A scale and printers of an agent that is down; one for labels is slow, one breaks off within each; two for receipts, one
    of them with a drawer."""
    scale = company.directory / "devices" / "scale-1"
    ports = {name: free_port() for name in ("printer-1", "slow", "torn", *RECEIPT_PRINTERS)}
    set_devices(agent, _more_tables(scale, ports) + device_tables(agent))
    times = {"slow": 3000}
    languages = {name: ",language=escpos" for name in RECEIPT_PRINTERS}
    printers = [
        part
        for n, port in ports.items()
        for part in ("--printer", f"{n}=127.0.0.1:{port},print_ms={times.get(n, 20)}{languages.get(n, '')}")
    ]
    hardware = Hardware(company.binaries / "cairn-sim", ("--scale", f"scale-1={scale},settle=20", *printers), 1 + len(ports))
    for line in ("weight @scale-1 0.200", "fault @torn reset_after=200"):
        assert hardware.command(line)["ok"], line
    return hardware


def _more_tables(scale: Path, ports: dict[str, int]) -> str:
    def device(name: str, kind: str, url: str, station: str, more: str = "") -> str:
        return f'[[device]]\nname = "{name}"\nkind = "{kind}"\nurl = "{url}"\nstation = "{station}"\n{more}\n'

    return (
        f"[returns]\nalone_up_to_minor = {ALONE_UP_TO_MINOR}\n\n"
        + device("scale-1", "scale", f"serial:{scale}", SCALE_BENCH)
        + device("scale-2", "scale", f"serial:{scale}-missing", DEAD_BENCH)
        + device("printer-1", "printer", f"tcp://127.0.0.1:{ports['printer-1']}", "")
        + device("slow", "printer", f"tcp://127.0.0.1:{ports['slow']}", "slow-bench")
        + "".join(device(name, "printer", f"tcp://127.0.0.1:{free_port()}", f"{name}-bench") for name in HELD)
        + device("spare", "printer", f"tcp://127.0.0.1:{free_port()}", "spare-bench")
        + device("torn", "printer", f"tcp://127.0.0.1:{ports['torn']}", "torn-bench")
        + device("receipts", "receipt_printer", f"tcp://127.0.0.1:{ports['receipts']}", "", "drawer = true\n")
        + device("no-drawer", "receipt_printer", f"tcp://127.0.0.1:{ports['no-drawer']}", "other-bench")
    )


class TwoPersonCompany(SellingCompany):
    """At its head office nobody gives much away alone."""

    def _write_hub_file(self, password_file: str) -> None:
        super()._write_hub_file(password_file)
        with (self.directory / "hub.toml").open("a") as file:
            file.write(
                f"\n[approvals]\nrefund_over_minor = {ALONE_AT_HUB_MINOR}\nstored_value_over_minor = {ALONE_AT_HUB_MINOR}\n"
            )


class Shop:
    """One site with two agents, all orders of ORDERS there, and somebody of every role at the hub and at the agent."""

    def __init__(self, directory: Path, binaries: Path):
        self.company = open_shop(directory, binaries, ("CUP-1", "CUP-2"), ORDERS, SITE, kind=TwoPersonCompany)
        try:
            self.agent, self.sister = self.company.agents
            self.agent.service.stop()
            self.hardware = play_devices(self.company, self.agent)
            self.agent.service.start()
            self.hub = Desk("cairn-hub", self.company.hub_url, self.company.hub_api())
            self.floor = Desk("cairn-agent", self.agent.url, self.company.agent_api(self.agent))
            self.till = Till(self.hub.boss)
            self.desks = {desk.document.program: desk for desk in (self.hub, self.floor)}
            self.floor.settle = self._wait_printed
            self.hub.settle = self._wait_paid
            self._numbers = itertools.count(1)
            self._printing: list[str] = []  # groups with a label on its way
            self._import_pickups()
            self._groups = {g["order_reference"]: g for g in self.floor.boss.pages("/api/v1/ship-groups")}
            self._fresh: dict[str, Iterator[str]] = {
                kind: iter([name for name in self._groups if name.startswith(kind)]) for kind in ("short", "long", "pickup")
            }
            self._admit_everybody()
            self._benches = {name: self.bench(name) for name in (SCALE_BENCH, DEAD_BENCH)}
            self.known = self._known()
        except BaseException:
            self.company.stop()
            raise

    def close(self) -> None:
        self.hardware.close()
        self.company.stop()

    def number(self) -> int:
        """Another one each time."""
        return next(self._numbers)

    # ---- people ----

    def hire(self, role: str, site: str | None) -> Json:
        body = {"site": site, "name": f"{role.lower()}-{self.number()}", "role": role}
        return self.hub.boss.post("/api/v1/staff", body)

    def _admit_everybody(self) -> None:
        self.hub.welcome("ADMIN", self.hub.boss, self.hub.boss.get("/api/v1/sessions/current"))
        for role in ROLES[:-1]:
            api = self.hub.nobody()
            person = self.hire(role, None)
            self.hub.welcome(role, api, api.sign_in(person["name"], person["pin"]))
        hired = {role: self.hire(role, "shop") for role in ROLES}
        for role, person in hired.items():
            wait_staff(self.floor.boss, person["user"])
            api = self.floor.nobody()
            self.floor.welcome(role, api, api.sign_in(person["name"], person["pin"], role))
        self.picker = hired["PICKER"]
        self.lead = hired["SHIFT_LEAD"]

    # ---- work ----

    def bench(self, station: str = "") -> Api:
        """A picker at a station of their own."""
        api = self.floor.nobody()
        api.sign_in(self.picker["name"], self.picker["pin"], station or f"station-{self.number()}")
        return api

    def bench_with(self, station: str) -> Api:
        """The picker at a station with a device of its own."""
        return self._benches[station]

    def approval(self, person: Json | None = None) -> Json:
        """A second person's, who may approve anything."""
        person = person or self.lead
        return {"name": person["name"], "pin": person["pin"], "reason": "seen with my own eyes"}

    def fresh(self, kind: str = "short") -> str:
        """The ship group of an order that nobody has touched."""
        return str(self._groups[next(self._fresh[kind])]["id"])

    def claimed(self, kind: str = "short") -> tuple[Api, str]:
        api, group = self.bench(), self.fresh(kind)
        api.post(f"/api/v1/tasks/{group}/claim")
        return api, group

    def picked(self, kind: str = "short") -> tuple[Api, str]:
        api, group = self.claimed(kind)
        if kind == "long":
            api.post("/api/v1/scans", {"code": gtin("CUP-2")})
            api.post("/api/v1/quantities", {"quantity_milli": 20_000})
        else:
            for _ in range(2):
                api.post("/api/v1/scans", {"code": gtin("CUP-1")})
        return api, group

    def packed(self, kind: str = "short") -> tuple[Api, str, str]:
        """Api, group and the name of its package."""
        api, group = self.picked(kind)
        weight_mg = CUP_MG * (20 if kind == "long" else 2)
        packages = api.post(f"/api/v1/ship-groups/{group}/packages", {"weight_mg": weight_mg})["packages"]
        return api, group, str(packages[-1]["package"])

    def print_label(self, group: str, package: str, printer: str = "printer-1") -> str:
        """How it ended."""
        self.floor.boss.post(f"/api/v1/ship-groups/{group}/labels", {"package": package, "printer": printer})
        self.printing(group)
        self._wait_printed()
        return str(self.group(group)["packages"][-1]["label"])

    def labelled(self, kind: str = "short") -> tuple[Api, str, str]:
        api, group, package = self.packed(kind)
        assert self.print_label(group, package) == "PRINTED"
        return api, group, package

    def shipped(self, kind: str = "short") -> tuple[Api, str, str]:
        api, group, package = self.labelled(kind)
        api.post(f"/api/v1/ship-groups/{group}/ship")
        return api, group, package

    def printing(self, group: str) -> None:
        """A label of it is on its way: what becomes of it is recorded later."""
        self._printing.append(group)

    def _wait_paid(self) -> None:
        wait_for("the provider's answers", lambda: not self.hub.boss.pages("/api/v1/payments?question_open=true"), 40)

    def _wait_printed(self) -> None:
        def labels(group: str) -> list[str]:
            return [package["label"] for package in self.group(group)["packages"]]

        for group in self._printing:
            wait_for("the end of printing", lambda group=group: "PRINTING" not in labels(group), 40)
        # Of these nobody has asked for the label yet.
        self._printing = [group for group in self._printing if labels(group)[-1] == "NONE"]

    def group(self, group: str, api: Api | None = None) -> Json:
        return dict((api or self.floor.boss).get(f"/api/v1/ship-groups/{group}"))

    # ---- pickups, shorts, put-backs, returns ----

    def _import_pickups(self) -> None:
        """Numbers for labels have come by then: they need the hub, too."""
        rows = "".join(f"{name},1,CUP-1,2,2.50,2026-11-02T09:15:00Z,c,53.9,-1.0,PICKUP,shop\n" for name in PICKUPS)
        self.run_import("orders", f"{ORDER_COLUMNS.strip()},method,pickup_site\n{rows}", "channel=counter")
        self.hub.boss.post("/api/v1/routing/runs")
        wait_for("the pickups", lambda: len(self.floor.boss.pages("/api/v1/ship-groups?method=PICKUP")) == len(PICKUPS))
        events = {record["event"] for record in self.floor.boss.pages("/api/v1/log")}
        assert "LabelBlockGranted" in events, "this device has no numbers for labels"

    def minted(self, group: str) -> str:
        """A code for it, which the site knows."""
        code = str(self.hub.boss.post(f"/api/v1/ship-groups/{group}/pickup-code")["code"])
        wait_for("the code at the site", lambda: self.group(group)["pickup"]["code_minted"])
        return code

    def ready(self) -> tuple[Api, str, str]:
        """Api, group and code of a pickup that waits for its customer."""
        api, group = self.picked("pickup")
        return api, group, self.minted(group)

    def handed_over(self) -> tuple[Api, str]:
        api, group, code = self.ready()
        given = api.post(f"/api/v1/ship-groups/{group}/hand-over", {"code": code})
        assert given["outcome"] == "HANDED_OVER"
        return api, group

    def cancel_all(self, group: str) -> None:
        """By head office; the site knows."""
        order = self.group(group)["order_id"]
        wait_quiet(self.floor.boss)
        self.hub.boss.post(f"/api/v1/orders/{order}/cancellations", {"line": 1, "quantity_milli": 2000})
        wait_for("the cancellation at the site", lambda: self.group(group)["cancelled_milli"] == 2000)

    def all_short(self, kind: str = "short") -> str:
        """Of its two units none is to be had; the hub knows."""
        api, group = self.claimed(kind)
        body = {"line": 1, "quantity_milli": 2000, "reason": "NO_VARIANCE"}
        api.post(f"/api/v1/ship-groups/{group}/shorts", body)
        wait_for("the short at the hub", lambda: self.group(group, self.hub.boss)["short_milli"] == 2000)
        return group

    def parked_order(self) -> str:
        """A pickup order whose site could not give its two units."""
        return str(self.group(self.all_short("pickup"))["order_id"])

    def to_put_back(self) -> tuple[Api, Json]:
        """One unit of two that were picked and cancelled."""
        api, group = self.picked()
        self.cancel_all(group)
        entry = next(each for each in api.get("/api/v1/put-backs")["items"] if each["group"] == group)
        return api, {name: entry[name] for name in ("group", "cause", "line")} | {"quantity_milli": 1000}

    def draft(self, units: int = 0) -> Api:
        """A station where a return of the one sale is taken."""
        api = self.bench()
        api.put("/api/v1/return-draft", {"code": self.sale})
        if units:
            body = {"line": 1, "condition": "RESTOCK", "quantity_milli": 1000 * units}
            api.put("/api/v1/return-draft/units", body)
        return api

    def pending(self) -> Api:
        """A station that is asked for a quantity."""
        api, _ = self.claimed("long")
        assert api.post("/api/v1/scans", {"code": gtin("CUP-2")})["verdict"] == "pending"
        return api

    def waiting_order(self) -> str:
        """An order of five units that no site has."""
        name = f"waiting-{self.number()}"
        self.run_import("orders", f"{ORDER_COLUMNS}{name},1,{NO_STOCK},5,2.50,2026-11-02T09:15:00Z,c,53.9,-1.0\n", "channel=desk")
        found = self.hub.boss.get(f"/api/v1/orders?channel=desk&external_id={name}")["items"]
        return str(found[0]["id"])

    def payment(self, minor: int = 1000, status: str = "AUTHORIZED", **more: Any) -> Json:
        """A card payment of an order, answered by the provider."""
        found = self.till.paid(self.known["order"], minor, **more)
        assert found["status"] == status
        return found

    def refused_payment(self, **more: Any) -> Json:
        """The provider did not understand the question."""
        self.company.provider.fail_next("refuse")
        return self.till.paid(self.known["order"], **more)

    def taken_payment(self, minor: int = 1000) -> Json:
        return self.till.answered(self.till.capture(self.payment(minor), minor))

    def gift_card(self, minor: int = 1000) -> Json:
        return dict(self.hub.boss.post("/api/v1/gift-cards", {"amount": gbp(minor)}))

    def api_key(self) -> Json:
        body = {"name": f"key-{self.number()}", "scopes": ["orders.read"]}
        return dict(self.hub.boss.post("/api/v1/api-keys", body))

    def asked_for(self) -> Json:
        """A gift card that waits for somebody else than the boss."""
        return dict(self.hub.boss.post("/api/v1/gift-cards", {"amount": gbp(ALONE_AT_HUB_MINOR + 1)}))

    def run_import(self, kind: str, csv: str, query: str = "dry_run=false") -> Json:
        """An import from beginning to end."""

        def begin() -> Json | None:
            answer = self.hub.boss.ask("POST", f"/api/v1/imports/{kind}?{query}", csv.encode(), {"Content-Type": "text/csv"})
            return None if answer.reason == "import_running" else answer.json()

        begun = wait_for("another import's end", begin)
        return wait_for("the import", lambda: self._done(begun["import"]))

    def _done(self, number: str) -> Json | None:
        status = self.hub.boss.get(f"/api/v1/imports/{number}")
        return None if status["state"] == "running" else status

    def clash(self) -> None:
        """Both agents pick one order while they cannot hear each other."""
        group = self.fresh()
        sister = self.company.agent_api(self.sister)
        wait_for("the order at the other agent", lambda: len(sister.pages("/api/v1/tasks")) >= len(ORDERS))
        api = self.bench()
        self.company.broker.stop()
        for one in (api, sister):
            one.post(f"/api/v1/tasks/{group}/claim")
            for _ in range(2):
                one.post("/api/v1/scans", {"code": gtin("CUP-1")})
        self.company.broker.start()
        for one in (api, sister):
            wait_quiet(one)

    def _known(self) -> dict[str, str]:
        """What a parameter of that name can be, so that something is found."""
        self.clash()
        # Twenty of CUP-2, of which each return takes one.
        self.sale = str(self.group(self.shipped("long")[1])["order_reference"])
        self.draft(1).post("/api/v1/returns", {"reason": "does not fit"})
        wait_quiet(self.floor.boss)
        some_bad_rows = f"sku,name\n{NO_STOCK},Jar\n,\n,\n,\n"
        return {
            "group": self.fresh(),
            "sku": "CUP-1",
            "site": "shop",
            "order": str(next(iter(self._groups.values()))["order_id"]),
            "payment": self.till.open(str(next(iter(self._groups.values()))["order_id"]), "CASH", 1, None)["id"],
            "stored_value": self.gift_card()["id"],
            "import": self.run_import("products", some_bad_rows)["import"],
        }

    def set_aside(self, desk: Desk) -> dict[str, str]:
        """The hub's first record loses its effect, as if a row of it had been refused. Its name."""
        folder = "hub" if desk is self.hub else self.agent.name
        with closing(sqlite3.connect(self.company.directory / folder / "cairn.sqlite", timeout=10)) as database:
            database.execute("PRAGMA wal_autocheckpoint=0")  # only the program writes pages, each with its checksum
            database.execute(
                "INSERT OR IGNORE INTO quarantine (author, seq, kind, reason, seen_utc_us) SELECT e.author, e.seq, 'FAILED', 'planted', 0"
                " FROM event_log e JOIN author a ON a.id = e.author WHERE hex(a.node) = ? AND e.type = 20 LIMIT 1",
                (self.hub.node.replace("-", "").upper(),),
            )
            database.commit()
        row = desk.boss.get("/api/v1/quarantine")["items"][0]
        return {name: str(row[name]) for name in ("node", "inc", "seq")}

    def fitting(self, operation: Operation) -> Call:
        """A request that is done."""
        special = SPECIAL.get(str(operation))
        if special:
            return special(self)
        desk = self.desks[operation.program]
        call = desk.strange(operation)
        call.path = {name: self.known[name] for name in call.path}
        call.query = {name: self.known[name] for name in call.query}
        return call


def _person(shop: Shop) -> Call:
    return Call(shop.hub.boss, {"user": shop.hire("PICKER", "shop")["user"]}, {"site": "shop"})


def _node(shop: Shop) -> Call:
    node = shop.hub.boss.post("/api/v1/nodes", {"site": "shop", "name": f"till {shop.number()}"})["node"]
    return Call(shop.hub.boss, {"node": node})


def _after(path: str, body: Json) -> Callable[[Shop], Call]:
    """A list that has something in it."""

    def call(shop: Shop) -> Call:
        shop.hub.boss.put(path, body)
        return Call(shop.hub.boss)

    return call


CONTACT = {"channel": "EMAIL", "email": "shopper@example.com", "language": "de"}


def _contact(shop: Shop, content: bytes | None = None) -> Call:
    """An order of which somebody is told."""
    order = shop.known["order"]
    shop.hub.boss.put(f"/api/v1/orders/{order}/contact", CONTACT)
    return Call(shop.hub.boss, {"order": order}, content=content)


def _notification(shop: Shop, listed: bool = False) -> Call:
    """It waits: this hub has no mail server."""
    order = _contact(shop).path["order"]
    one = shop.hub.boss.get(f"/api/v1/notifications?order={order}")["items"][0]["id"]
    return Call(shop.hub.boss, {} if listed else {"notification": one})


def _promotion(shop: Shop) -> Call:
    name = f"promotion-{shop.number()}"
    shop.hub.boss.put(f"/api/v1/promotions/{name}", PROMOTION | {"coupons": [{"code": name, "uses_most": 5}]})
    return Call(shop.hub.boss, {"promotion": name})


def _reservation(shop: Shop) -> Call:
    return Call(shop.hub.boss, {"reservation": shop.hub.boss.post("/api/v1/reservations", BASKET)["reservation"]})


def _leased(shop: Shop, **more: object) -> Json:
    """A lease of the floor's agent."""
    shop.hub.boss.put("/api/v1/stock/lease-policies/cups", LEASED)
    lease: Json = shop.hub.boss.post("/api/v1/stock/leases", LEASE | {"node": shop.floor.node} | more)
    return lease


def _lease(shop: Shop) -> Call:
    return Call(shop.hub.boss, {"lease": _leased(shop)["lease"]})


def _lease_request(shop: Shop) -> Call:
    _leased(shop)
    return Call(shop.hub.boss, content=as_json(LEASE | {"node": shop.floor.node}))


def _some_leases(shop: Shop, api: Api) -> Call:
    """A list that nothing changes any more."""
    leases = [_leased(shop)["lease"] for _ in range(2)]

    def heard() -> bool:
        known = [each["lease"] for each in shop.floor.boss.pages("/api/v1/stock/leases")]
        return set(leases) <= set(known)

    wait_for("the leases at the agent", heard)
    return Call(api)


def _decided(shop: Shop) -> Json:
    """The decision of a rule set about an order that nobody can fill; runs go without one again."""
    order = shop.waiting_order()
    shop.hub.boss.put("/api/v1/routing/rule-sets/listed", {"rules": RULES})
    shop.hub.boss.post("/api/v1/routing/runs")
    shop.hub.boss.put("/api/v1/routing/rule-sets/listed", {"rules": RULES, "active": False})
    return dict(shop.hub.boss.get(f"/api/v1/orders/{order}/routing-decisions")["items"][0])


def _rule_set(shop: Shop) -> Call:
    _decided(shop)
    return Call(shop.hub.boss, {"rule_set": "listed"})


def _order_and(body: Json | None = None, *, held: bool = False) -> Callable[[Shop], Call]:
    """About an order of an article that no site has."""

    def call(shop: Shop) -> Call:
        wanted = an_order(f"captured-{shop.number()}", NO_STOCK, allow_backorder=True)
        order = {"order": shop.hub.boss.post("/api/v1/orders", wanted)["id"]}
        if held:
            shop.hub.boss.post(f"/api/v1/orders/{order['order']}/holds", {"reason": "MANUAL"})
        return Call(shop.hub.boss, order, content=None if body is None else as_json(body))

    return call


def _shopify(shop: Shop, article: str = "CUP-2") -> Call:
    body = shopify_order(shop.number(), article, 1)
    return Call(shop.hub.nobody(), {"channel": SHOPIFY_CHANNEL}, content=body, headers=signed(body, "orders/create"))


def _kept_aside(shop: Shop) -> str:
    """A message about an article that no site has."""
    call = _shopify(shop, NO_STOCK)
    call.api.ask("POST", f"/api/v1/channels/{SHOPIFY_CHANNEL}/shopify", call.content, call.headers | {"Content-Type": "application/json"})
    return str(shop.hub.boss.pages("/api/v1/orders/problems")[-1]["id"])


def _problems(shop: Shop) -> Call:
    _kept_aside(shop)
    return Call(shop.hub.boss)


def _node_and(body: Json) -> Callable[[Shop], Call]:
    """About a device that nobody has switched on yet."""

    def call(shop: Shop) -> Call:
        call = _node(shop)
        call.content = as_json(body)
        return call

    return call


def _told(shop: Shop) -> Call:
    call = _node(shop)
    shop.hub.boss.post(f"/api/v1/nodes/{call.path['node']}/commands", {"verb": "resync"})
    return call


def _sign_in(api: Api, person: Json, **more: str) -> Call:
    return Call(api, content=as_json({"name": person["name"], "pin": person["pin"]} | more))


def _import(kind: str, csv: str) -> Callable[[Shop], Call]:
    def call(shop: Shop) -> Call:
        imports = "/api/v1/imports"  # one at a time
        wait_for("the imports' end", lambda: all(one["state"] != "running" for one in shop.hub.boss.get(imports)["items"]))
        return Call(shop.hub.boss, query={"dry_run": "false"}, content=csv.encode())

    return call


def _group_and(held: tuple[Api, str]) -> tuple[Api, dict[str, str]]:
    return held[0], {"group": held[1]}


def _group_of(api: Api, group: str) -> Call:
    return Call(api, {"group": group})


def _escrow(shop: Shop) -> Call:
    """Closes one of 100."""
    card = shop.gift_card()["id"]
    shop.hub.boss.post(f"/api/v1/stored-values/{card}/escrows", {"site": "shop", "amount": gbp(100)})
    return Call(shop.hub.boss, {"stored_value": card}, content=as_json({"number": 1, "spent_minor": 50}))


def _label(shop: Shop) -> Call:
    api, group, package = shop.packed()
    shop.printing(group)
    return Call(api, {"group": group}, content=as_json({"package": package}))


def _at_printer(shop: Shop, body: Json | None = None) -> Call:
    return Call(shop.bench(), {"device": "printer-1"}, content=None if body is None else as_json(body))


def _waiting(shop: Shop, body: Json) -> Call:
    """About a label that waits for a printer that is paused, as the other one is."""
    api, group, package = shop.packed()
    for printer in HELD:
        api.post(f"/api/v1/printers/{printer}/pause")
    api.post(f"/api/v1/ship-groups/{group}/labels", {"package": package, "printer": HELD[0]})
    return Call(api, {"device": HELD[0]}, content=as_json(body))


def _hand_over(shop: Shop) -> Call:
    api, group, code = shop.ready()
    return Call(api, {"group": group}, content=as_json({"code": code}))


_ON_RECEIPTS = as_json({"printer": "receipts"})


def _return_receipt(shop: Shop) -> Call:
    """Of a return that there is, or of a new one: there is not much to bring back."""
    api = shop.bench()
    taken = api.pages("/api/v1/returns") or [shop.draft(1).post("/api/v1/returns", {"reason": "does not fit"})]
    return Call(api, {"return": taken[0]["id"]}, content=_ON_RECEIPTS)


def _put_back(shop: Shop) -> Call:
    api, entry = shop.to_put_back()
    return Call(api, content=as_json(entry))


def _check(shop: Shop) -> Call:
    api, group, package = shop.labelled()
    return Call(api, {"group": group}, content=as_json({"package": package, "came_out": False}))


def _claimed_spare(shop: Shop) -> Call:
    """A printer that nobody works with."""
    shop.floor.boss.post("/api/v1/devices/spare/claim")
    return Call(shop.floor.boss, {"device": "spare"})


def _backup(shop: Shop) -> Call:
    wait_for("the backup before", lambda: not shop.hub.boss.get("/api/v1/backups")["running"])
    return Call(shop.hub.boss)


def _aside(shop: Shop, desk: Desk) -> Call:
    """A record that is set aside."""
    return Call(desk.boss, shop.set_aside(desk))


def _quarantine(shop: Shop, desk: Desk) -> Call:
    shop.set_aside(desk)
    return Call(desk.boss)


def _leaver(shop: Shop, desk: Desk) -> Call:
    """Somebody with a session to end."""
    if desk is shop.floor:
        return Call(shop.bench())
    person, api = shop.hire("HQ_VIEWER", None), desk.nobody()
    api.sign_in(person["name"], person["pin"])
    return Call(api)


# Operations that need more than the things in Shop.known.
SPECIAL: dict[str, Callable[[Shop], Call]] = {
    "hub-signIn": lambda shop: _sign_in(shop.hub.nobody(), shop.hire("HQ_VIEWER", None)),
    "hub-signOut": lambda shop: _leaver(shop, shop.hub),
    "hub-putSite": lambda shop: Call(
        shop.hub.boss,
        {"site": f"kiosk-{shop.number()}"},
        content=as_json({"name": "Kiosk", "kind": "STORE", "latitude": 51.5, "longitude": -0.1}),
    ),
    "hub-resetSiteCapacity": lambda shop: Call(shop.hub.boss, {"site": "shop"}),
    "hub-registerNode": lambda shop: Call(shop.hub.boss, content=as_json({"site": "shop", "name": f"till {shop.number()}"})),
    "hub-retireNode": _node,
    "hub-putChannel": lambda shop: Call(
        shop.hub.boss, {"channel": f"channel-{shop.number()}"}, content=as_json({"threshold_milli": 1000})
    ),
    "hub-putSafetyStock": lambda shop: Call(
        shop.hub.boss, {"rule": f"rule-{shop.number()}"}, content=as_json({"sku": NO_STOCK, "milli": 1000})
    ),
    "hub-listChannels": _after("/api/v1/channels/listed", {"sites": [{"site": "shop", "mode": "PICKUP_ONLY"}]}),
    "hub-listSafetyStock": _after("/api/v1/safety-stock/listed", {"sku": NO_STOCK, "milli": 1000}),
    "hub-putExpectedSupply": lambda shop: Call(
        shop.hub.boss, {"reference": f"PO-{shop.number()}"}, content=as_json({**SUPPLY, "site": "shop"})
    ),
    "hub-putPromotion": lambda shop: Call(
        shop.hub.boss, {"promotion": f"promotion-{shop.number()}"}, content=as_json(PROMOTION | {"coupons": [{"code": f"c-{shop.number()}"}]})
    ),
    "hub-listPromotions": _after("/api/v1/promotions/listed", PROMOTION),
    "hub-getPromotion": lambda shop: _promotion(shop),
    "hub-endPromotion": lambda shop: _promotion(shop),
    "hub-previewPromotions": lambda shop: Call(
        shop.hub.boss,
        content=as_json(
            {"channel": "web", "currency": "GBP", "lines": an_order("basket", "CUP-2")["lines"], "apply_promotions": True, "coupons": ["NONE"]}
        ),
    ),
    "hub-listExpectedSupply": _after("/api/v1/expected-supply/PO-listed", SUPPLY),
    "hub-getAtp": lambda shop: Call(shop.hub.boss, query={"sku": "CUP-1", "channel": "web", "milli": "1000"}),
    "hub-listRuleSets": lambda shop: Call(_rule_set(shop).api),
    "hub-getRuleSet": _rule_set,
    "hub-listRoutingDecisions": lambda shop: Call(shop.hub.boss, {"order": _decided(shop)["order"]}),
    "hub-replayRoutingDecision": lambda shop: Call(shop.hub.boss, {"decision": str(_decided(shop)["id"])}),
    "hub-moveOrder": lambda shop: Call(shop.hub.boss, {"order": shop.waiting_order()}, content=as_json({"queue": "BACKORDER_PARKING"})),
    "hub-listRoutingRuns": lambda shop: Call(_rule_set(shop).api),
    "hub-getRoutingSchedule": lambda shop: Call(shop.hub.boss),
    "hub-pauseRouting": lambda shop: Call(shop.hub.boss, content=as_json({"paused": False})),
    "hub-putRuleSet": lambda shop: Call(
        shop.hub.boss, {"rule_set": f"set-{shop.number()}"}, content=as_json({"rules": RULES, "active": False})
    ),
    "hub-adjustStock": lambda shop: Call(shop.hub.boss, content=as_json(FOUND)),
    "hub-reserveStock": lambda shop: Call(shop.hub.boss, content=as_json(BASKET)),
    "hub-getReservation": _reservation,
    "hub-releaseReservation": _reservation,
    "hub-putLeasePolicy": lambda shop: Call(shop.hub.boss, {"policy": f"policy-{shop.number()}"}, content=as_json(LEASED)),
    "hub-listLeasePolicies": _after("/api/v1/stock/lease-policies/listed", LEASED),
    "hub-grantStockLease": _lease_request,
    "hub-recallStockLease": _lease,
    "hub-listStockLeases": lambda shop: _some_leases(shop, shop.hub.boss),
    "hub-makeBackup": _backup,
    "hub-listNodeCommands": _told,
    "hub-commandNode": _node_and({"verb": "send_log", "argument": "20", "ttl_s": 60}),
    "hub-getNodeConfig": _node,
    "hub-putNodeConfig": _node_and({"values": {"log_level": "warn"}}),
    "hub-addStaff": lambda shop: Call(
        shop.hub.boss, content=as_json({"site": "shop", "name": f"new-{shop.number()}", "role": "PICKER"})
    ),
    "hub-resetPin": _person,
    "hub-removeStaff": _person,
    "hub-listApiKeys": lambda shop: (shop.api_key(), Call(shop.hub.boss))[1],
    "hub-makeApiKey": lambda shop: Call(
        shop.hub.boss, content=as_json({"name": f"key-{shop.number()}", "scopes": ["orders.read", "stock.read"]})
    ),
    "hub-revokeApiKey": lambda shop: Call(shop.hub.boss, {"api_key": shop.api_key()["id"]}),
    "hub-listApprovals": lambda shop: (shop.asked_for(), Call(shop.hub.boss))[1],
    "hub-decideApproval": lambda shop: Call(
        shop.hub.people["FINANCE"], {"approval": shop.asked_for()["id"]}, content=as_json({"decision": "APPROVE", "note": "seen"})
    ),
    "hub-importProducts": _import("products", "sku,name\nPAN-1,Pan\n"),
    "hub-importStock": _import("stock", "site,sku,quantity\nshop,CUP-1,10000\n"),
    "hub-importOrders": _import("orders", f"{ORDER_COLUMNS}import-1,1,{NO_STOCK},5,2.50,2026-11-02T09:15:00Z,c,53.9,-1.0\n"),
    "hub-captureOrder": lambda shop: Call(
        shop.hub.boss, content=as_json(an_order(f"captured-{shop.number()}", "CUP-2", customer="c-17"))
    ),
    "hub-changeOrder": lambda shop: Call(
        shop.hub.boss,
        {"order": shop.hub.boss.post("/api/v1/orders", an_order(f"changed-{shop.number()}", "CUP-2", 2))["id"]},
        content=as_json({"quantities": [{"line": 1, "quantity_milli": 1000}], "note": "called"}),
    ),
    "hub-holdOrder": _order_and({"reason": "FRAUD", "note": "card"}),
    "hub-releaseOrder": _order_and({"note": "called back"}, held=True),
    "hub-rejectOrder": _order_and({"note": "stolen card"}),
    "hub-cancelOrder": _order_and(),
    "hub-takeShopifyMessage": _shopify,
    "hub-listCaptureProblems": _problems,
    "hub-getCaptureProblem": lambda shop: Call(shop.hub.boss, {"problem": _kept_aside(shop)}),
    "hub-dismissCaptureProblem": lambda shop: Call(shop.hub.boss, {"problem": _kept_aside(shop)}),
    "hub-retryCaptureProblem": lambda shop: Call(shop.hub.boss, {"problem": _kept_aside(shop)}, {"allow_backorder": "true"}),
    "hub-cancelUnits": lambda shop: Call(
        shop.hub.boss, {"order": shop.waiting_order()}, content=as_json({"line": 1, "quantity_milli": 1000})
    ),
    "hub-convertPickup": lambda shop: Call(
        shop.hub.boss, {"order": shop.parked_order()}, content=as_json({"line": 1, "quantity_milli": 1000})
    ),
    "hub-mintPickupCode": lambda shop: Call(shop.hub.boss, {"group": shop.fresh("pickup")}),
    "hub-getOrderContact": _contact,
    "hub-putOrderContact": lambda shop: _contact(shop, as_json(CONTACT)),
    "hub-deleteOrderContact": _contact,
    "hub-listNotifications": lambda shop: _notification(shop, listed=True),
    "hub-resendNotification": _notification,
    "hub-previewNotification": lambda shop: Call(shop.hub.boss, {"kind": "READY"}, {"lang": "de"}),
    "hub-openPayment": lambda shop: Call(
        shop.hub.boss, {"order": shop.known["order"]}, content=as_json({"tender": "CASH", "amount": gbp(100)})
    ),
    "hub-authorizePayment": lambda shop: Call(shop.hub.boss, {"payment": shop.refused_payment()["id"]}),
    "hub-capturePayment": lambda shop: Call(
        shop.hub.boss, {"payment": shop.payment()["id"]}, content=as_json({"amount": gbp(100)})
    ),
    "hub-voidPayment": lambda shop: Call(shop.hub.boss, {"payment": shop.payment()["id"]}),
    "hub-refundPayment": lambda shop: Call(
        shop.hub.boss, {"payment": shop.taken_payment()["id"]}, content=as_json({"amount": gbp(100)})
    ),
    "hub-checkSettlement": lambda shop: Call(
        shop.hub.boss, content=b"type,reference,amount_minor,currency,settled_at\nCAPTURE,nobody,1,GBP,2026-12-01T08:00:00Z\n"
    ),
    "hub-issueGiftCard": lambda shop: Call(shop.hub.boss, content=as_json({"amount": gbp(100)})),
    "hub-findGiftCard": lambda shop: Call(shop.hub.boss, content=as_json({"code": shop.gift_card()["code"]})),
    "hub-issueStoreCredit": lambda shop: Call(
        shop.hub.boss, content=as_json({"customer": "customer-17", "amount": gbp(100)})
    ),
    "hub-topUpStoredValue": lambda shop: Call(
        shop.hub.boss, {"stored_value": shop.gift_card()["id"]}, content=as_json({"amount": gbp(100)})
    ),
    "hub-grantEscrow": lambda shop: Call(
        shop.hub.boss, {"stored_value": shop.gift_card()["id"]}, content=as_json({"site": "shop", "amount": gbp(100)})
    ),
    "hub-closeEscrow": _escrow,
    "hub-getQuarantine": lambda shop: _quarantine(shop, shop.hub),
    "hub-getQuarantined": lambda shop: _aside(shop, shop.hub),
    "agent-getQuarantine": lambda shop: _quarantine(shop, shop.floor),
    "agent-getQuarantined": lambda shop: _aside(shop, shop.floor),
    "agent-signIn": lambda shop: _sign_in(shop.floor.nobody(), shop.picker, station=f"station-{shop.number()}"),
    "agent-signOut": lambda shop: _leaver(shop, shop.floor),
    "agent-claimTask": lambda shop: _group_of(shop.bench(), shop.fresh()),
    "agent-releaseTask": lambda shop: _group_of(*shop.claimed()),
    "agent-scan": lambda shop: Call(shop.claimed()[0], content=as_json({"code": gtin("CUP-1")})),
    "agent-scanPicture": lambda shop: Call(shop.claimed()[0], query={"lifted": "true"}, content=picture_of(gtin("CUP-1"))),
    "agent-undoScan": lambda shop: Call(shop.picked()[0]),
    "agent-keyQuantity": lambda shop: Call(shop.pending(), content=as_json({"quantity_milli": 3000})),
    "agent-setStationMode": lambda shop: Call(shop.bench(), content=as_json({"mode": "RETURN"})),
    "agent-claimDevice": lambda shop: Call(shop.floor.boss, {"device": "spare"}),
    "agent-releaseDevice": lambda shop: Call(shop.floor.boss, {"device": "spare"}),
    "agent-testDevice": _claimed_spare,
    "agent-getWeight": lambda shop: Call(shop.bench_with(SCALE_BENCH)),
    "agent-reportShort": lambda shop: Call(
        *_group_and(shop.claimed()), content=as_json({"line": 1, "quantity_milli": 1000, "reason": "NO_VARIANCE"})
    ),
    "agent-getNextPackage": lambda shop: Call(*_group_and(shop.picked())),
    "agent-closePackage": lambda shop: Call(*_group_and(shop.picked()), content=as_json({"weight_mg": 2 * CUP_MG})),
    "agent-printLabel": _label,
    "agent-checkLabel": _check,
    "agent-pausePrinter": _at_printer,
    "agent-resumePrinter": _at_printer,
    "agent-moveLabels": lambda shop: _waiting(shop, {"to": HELD[1]}),
    "agent-cancelLabels": lambda shop: _waiting(shop, {"job": None}),
    "agent-shipGroup": lambda shop: _group_of(*shop.labelled()[:2]),
    "agent-handOver": _hand_over,
    "agent-printHandOverReceipt": lambda shop: Call(*_group_and(shop.handed_over()), content=_ON_RECEIPTS),
    "agent-printReturnReceipt": _return_receipt,
    "agent-openDrawer": lambda shop: Call(shop.bench(), content=as_json({"reason": "change"})),
    "agent-undoHandOver": lambda shop: _group_of(*shop.handed_over()),
    "agent-findPickup": lambda shop: Call(shop.bench(), content=as_json({"code": shop.ready()[2]})),
    "agent-sellAtCounter": lambda shop: Call(shop.bench(), content=as_json({"code": gtin("CUP-1"), "quantity_milli": 1000})),
    "agent-listStockLeases": lambda shop: _some_leases(shop, shop.floor.boss),
    "agent-putBack": _put_back,
    "agent-getReturnDraft": lambda shop: Call(shop.draft()),
    "agent-beginReturn": lambda shop: Call(shop.bench(), content=as_json({"code": shop.sale})),
    "agent-setReturnCondition": lambda shop: Call(shop.draft(), content=as_json({"condition": "DAMAGED"})),
    "agent-dropReturn": lambda shop: Call(shop.draft()),
    "agent-setReturnUnits": lambda shop: Call(
        shop.draft(), content=as_json({"line": 1, "condition": "QC_HOLD", "quantity_milli": 1000})
    ),
    "agent-takeReturn": lambda shop: Call(shop.draft(1), content=as_json({"reason": "does not fit"})),
}
