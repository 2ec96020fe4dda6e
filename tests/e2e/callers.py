"""A company for test_contract.py: somebody of every role at hub and agent, and a fitting request for every operation."""

from __future__ import annotations

import itertools
import json
import urllib.parse
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contract import Operation, Parameter, documents
from lab.api import Answer, Api, Json
from lab.company import Site
from shop import gtin, open_shop, wait_for, wait_quiet, wait_staff

SITE = Site("shop", "Shop York", "STORE", 53.9583, -1.0803, (2, 1))
ROLES = ("PICKER", "SHIFT_LEAD", "STORE_MANAGER", "HQ_VIEWER", "INTEGRATOR", "ADMIN")
SHORT, LONG = [("CUP-1", 2)], [("CUP-2", 20)]  # twenty of a line are keyed
NO_STOCK = "JAR-9"  # an article that no site has
ORDERS = {f"short-{i}": SHORT for i in range(60)} | {f"long-{i}": LONG for i in range(12)}
ORDER_COLUMNS = "order_id,line_no,sku,quantity,unit_price_gbp,ordered_at,customer_id,latitude,longitude\n"


# ---- requests ----


@dataclass
class Call:
    """What is asked of an operation, and by whom."""

    api: Api
    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None

    def make(self, operation: Operation, headers: dict[str, str] | None = None, method: str = "") -> Answer:
        path = operation.template.format(**{name: urllib.parse.quote(text, safe="") for name, text in self.path.items()})
        query = f"?{urllib.parse.urlencode(self.query)}" if self.query else ""
        media = {"Content-Type": next(iter(operation.body))} if self.content is not None and operation.body else {}
        return self.api.ask(method or operation.method, path + query, self.content, media | (headers or {}))


def as_json(body: Any) -> bytes:
    return json.dumps(body).encode()


def example(operation: Operation) -> Json:
    """The example that the document gives for an operation's JSON body."""
    return operation.body["application/json"]["examples"][0]


def stranger(parameter: Parameter) -> str:
    """A value that fits the parameter and means nothing that exists."""
    if parameter.schema.get("format") == "uuid":
        return str(uuid.uuid4())
    return "nowhere" if parameter.name == "site" else "NOTHING-1"


# ---- who asks ----


class Desk:
    """One program, and everybody who may ask it something."""

    def __init__(self, program: str, url: str, boss: Api):
        self.document = documents()[program]
        self.url = url
        self.boss = boss  # may do whatever can be done here
        self.node = str(boss.get("/version")["node"])
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
        authors = self.boss.get("/api/v1/log/verify")["authors"]
        return next((author["head"] for author in authors if author["node"] == self.node), 0)


class Shop:
    """One site with two agents, all orders of ORDERS there, and somebody of every role at the hub and at the agent."""

    def __init__(self, directory: Path, binaries: Path):
        self.company = open_shop(directory, binaries, ("CUP-1", "CUP-2"), ORDERS, SITE)
        try:
            self.agent, self.sister = self.company.agents
            self.hub = Desk("cairn-hub", self.company.hub_url, self.company.hub_api())
            self.floor = Desk("cairn-agent", self.agent.url, self.company.agent_api(self.agent))
            self.desks = {desk.document.program: desk for desk in (self.hub, self.floor)}
            self._numbers = itertools.count(1)
            self._groups = {g["order_reference"]: g for g in self.floor.boss.pages("/api/v1/ship-groups")}
            self._fresh: dict[str, Iterator[str]] = {
                kind: iter([name for name in ORDERS if name.startswith(kind)]) for kind in ("short", "long")
            }
            self._admit_everybody()
            self.known = self._known()
        except BaseException:
            self.company.stop()
            raise

    def close(self) -> None:
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
        self._picker = hired["PICKER"]

    # ---- work ----

    def bench(self) -> Api:
        """A picker at a station of their own."""
        api = self.floor.nobody()
        api.sign_in(self._picker["name"], self._picker["pin"], f"station-{self.number()}")
        return api

    def fresh(self, kind: str = "short") -> str:
        """The ship group of an order that nobody has touched."""
        return str(self._groups[next(self._fresh[kind])]["id"])

    def claimed(self, kind: str = "short") -> tuple[Api, str]:
        api, group = self.bench(), self.fresh(kind)
        api.post(f"/api/v1/tasks/{group}/claim")
        return api, group

    def picked(self) -> tuple[Api, str]:
        api, group = self.claimed()
        for _ in range(2):
            api.post("/api/v1/scans", {"code": gtin("CUP-1")})
        return api, group

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
        some_bad_rows = f"sku,name\n{NO_STOCK},Jar\n,\n,\n,\n"
        return {
            "group": self.fresh(),
            "sku": "CUP-1",
            "site": "shop",
            "order": str(next(iter(self._groups.values()))["order_id"]),
            "import": self.run_import("products", some_bad_rows)["import"],
        }

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


def _sign_in(api: Api, person: Json, **more: str) -> Call:
    return Call(api, content=as_json({"name": person["name"], "pin": person["pin"]} | more))


def _import(kind: str, csv: str) -> Callable[[Shop], Call]:
    return lambda shop: Call(shop.hub.boss, query={"dry_run": "false"}, content=csv.encode())


def _group_of(api: Api, group: str) -> Call:
    return Call(api, {"group": group})


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
    "hub-registerNode": lambda shop: Call(shop.hub.boss, content=as_json({"site": "shop", "name": f"till {shop.number()}"})),
    "hub-retireNode": _node,
    "hub-addStaff": lambda shop: Call(
        shop.hub.boss, content=as_json({"site": "shop", "name": f"new-{shop.number()}", "role": "PICKER"})
    ),
    "hub-resetPin": _person,
    "hub-removeStaff": _person,
    "hub-importProducts": _import("products", "sku,name\nPAN-1,Pan\n"),
    "hub-importStock": _import("stock", "site,sku,quantity\nshop,CUP-1,10000\n"),
    "hub-importOrders": _import("orders", f"{ORDER_COLUMNS}import-1,1,{NO_STOCK},5,2.50,2026-11-02T09:15:00Z,c,53.9,-1.0\n"),
    "hub-cancelUnits": lambda shop: Call(
        shop.hub.boss, {"order": shop.waiting_order()}, content=as_json({"line": 1, "quantity_milli": 1000})
    ),
    "agent-signIn": lambda shop: _sign_in(shop.floor.nobody(), shop._picker, station=f"station-{shop.number()}"),
    "agent-signOut": lambda shop: _leaver(shop, shop.floor),
    "agent-claimTask": lambda shop: _group_of(shop.bench(), shop.fresh()),
    "agent-releaseTask": lambda shop: _group_of(*shop.claimed()),
    "agent-scan": lambda shop: Call(shop.claimed()[0], content=as_json({"code": gtin("CUP-1")})),
    "agent-keyQuantity": lambda shop: Call(shop.pending(), content=as_json({"quantity_milli": 3000})),
    "agent-shipGroup": lambda shop: _group_of(*shop.picked()),
}
