"""A packing bench's devices as they are: played by an outsider, and unplugged at any moment.

An order goes through an outside script that knows only the manual. A weight that is shown is one that lies on the scale
now. Whatever plug is pulled in the middle of whatever, the agent lives and a label comes out once.
"""

from __future__ import annotations

import ast
import os
import random
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import lab.bench
import pytest
from lab.api import Answer, Json, Problem
from lab.bench import Bench as PackingBench
from lab.company import Agent, Company, Site, Station
from lab.picker import Picker
from lab.plan import GroupPlan
from places import Place, alive, packing_place, unharmed
from shop import Orders, gtin, open_shop, toml_file, wait_for

SCRIPT = Path(__file__).with_name("outside_bench.py")
STORE = Site("store", "Store York", "STORE", 53.9583, -1.0803, (3,))
ARTICLES = ("CUP-1", "CUP-2")
STORM_ORDERS = 55
STORM_PULLS = 30
STORM_SECONDS = {"scanner": 0.01, "scale": 0.6, "printer": 0.12}  # what is done with it takes about so long

ORDERS: Orders = (
    {"outside": [("CUP-1", 2), ("CUP-2", 1)], "scale": [("CUP-1", 2)], "silent scale": [("CUP-1", 1)]}
    | {f"scale {what}": [("CUP-2", 1)] for what in ("move", "over", "under")}
    | {f"storm {number}": [("CUP-1", 1 + number % 2), ("CUP-2", 1)] for number in range(STORM_ORDERS)}
)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Company]:
    company = open_shop(tmp_path_factory.mktemp("devices"), binaries, ARTICLES, ORDERS, STORE)
    yield company
    company.stop()


@pytest.fixture()
def agent(company: Company) -> Iterator[Agent]:
    with unharmed(company.agents[0]):
        yield company.agents[0]


@pytest.fixture()
def place(company: Company, agent: Agent) -> Iterator[Place]:
    with packing_place(company, agent, agent.stations[1], ORDERS) as place:
        yield place


# ---- a bench by somebody else ----


def test_outside_script_is_short_and_has_nothing_of_ours() -> None:
    text = SCRIPT.read_text()
    assert len(text.splitlines()) <= 90
    tree = ast.parse(text)
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert imported <= sys.stdlib_module_names
    assert not any(isinstance(node, ast.ImportFrom) for node in ast.walk(tree))
    assert "cairn" not in text.lower()


class OutsideBench:
    """The script in an empty environment, from a folder where nothing of ours could be imported."""

    def __init__(self, toml: Path, station: Station):
        self._script = subprocess.Popen(
            [sys.executable, "-I", SCRIPT, toml, station.name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={}, cwd="/",
        )  # fmt: skip
        assert self.answer() == "plugged in"

    def say(self, line: str) -> None:
        assert self._script.stdin
        self._script.stdin.write(line + "\n")
        self._script.stdin.flush()

    def answer(self) -> str:
        assert self._script.stdout
        return self._script.stdout.readline().strip()

    def labels(self) -> list[str]:
        self.say("labels")
        return self.answer().split()

    def close(self) -> None:
        self._script.communicate(timeout=10)


def test_whole_order_through_an_outside_bench(company: Company) -> None:
    """Picked, weighed wrong and right, packed, labelled once and shipped."""
    agent = company.agents[0]
    station = agent.stations[0]
    agent.service.stop()
    before = toml_file(agent).read_text()
    outside = OutsideBench(toml_file(agent), station)
    try:
        agent.service.start()
        place = Place(company, agent, station, ORDERS)
        place.wait_plugged_in()
        path = f"/api/v1/ship-groups/{place.bench.claim('outside')['id']}"
        for article in ("CUP-1", "CUP-2", "CUP-1"):
            outside.say(f"scan ]E0{gtin(article)}")
            verdict = place.bench.hear("verdict")
            assert (verdict["verdict"], verdict["sku"]) == ("ok", article)
        box = place.api.get(f"{path}/next-package")
        assert box["expected_mg"] == 300_000
        outside.say("weight 0.200")
        with pytest.raises(Problem) as refusal:
            place.api.post(f"{path}/packages", {"lines": box["lines"]})
        assert refusal.value.reason == "weight_mismatch"
        assert "300 g expected, 200 g weighed" in refusal.value.body["detail"]
        outside.say("weight 0.305")
        place.api.post(f"{path}/packages", {"lines": box["lines"]})
        assert place.package(path)["weight_mg"] == 305_000
        place.print_label(path)
        package = place.wait_label(path)
        assert package["label"] == "PRINTED"
        assert outside.labels() == [package["sscc"]]
        assert place.api.post(f"{path}/ship")["status"] == "SHIPPED"
        place.close()
    finally:
        agent.service.stop()
        outside.close()
        toml_file(agent).write_text(before)
        agent.service.start()
    company.agent_api(agent).close()


# ---- scales ----


def weight(place: Place) -> int | None:
    """What the screen shows of the scale."""
    shown = place.api.get("/api/v1/weight")["weight"]
    return shown["weight_mg"] if shown else None


def close_package(place: Place, path: str) -> Answer:
    """One attempt; the lab's client would try again for as long as the scale is away."""
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
    return place.api.ask("POST", f"{path}/packages", b"{}", headers)


def test_weight_goes_with_the_scale(place: Place) -> None:
    """Pulled at whatever moment, it shows no weight and no package is closed; back, it shows what lies on it now."""
    path = place.pick("scale")
    chance = random.Random(7)
    for number in range(1, 13):
        heavy, light = 1_000_000 + 1000 * number, 200_000 + 1000 * number
        place.put_on_scale(heavy)
        wait_for("the weight", lambda heavy=heavy: weight(place) == heavy)
        time.sleep(chance.uniform(0, 0.3))
        place.do("unplug @scale")
        if number % 4 == 0:
            refusal = close_package(place, path)
            assert (refusal.status, refusal.reason) == (503, "scale_offline")
            assert place.api.get(path)["packages"] == []
        place.wait_device("scale", "offline")
        for _ in range(5):
            assert weight(place) is None
        place.put_on_scale(light)
        place.do("plug @scale")
        seen = wait_for("a weight", lambda: weight(place))
        assert seen == light, f"pull {number}: what lay on it before it was pulled"
    place.put_on_scale(200_000)
    assert close_package(place, path).status == 200
    assert place.package(path)["weight_mg"] == 200_000


def test_weight_of_a_scale_that_falls_silent(place: Place) -> None:
    path = place.pick("silent scale")
    place.put_on_scale(100_000)
    wait_for("the weight", lambda: weight(place) == 100_000)
    place.do("mute on")
    device = place.wait_device("scale", "offline")
    assert device["detail"] == "the scale does not answer: is it switched on?"
    assert weight(place) is None
    refusal = close_package(place, path)
    assert (refusal.status, refusal.reason) == (503, "scale_offline")
    place.do("mute off")
    place.wait_device("scale", "online")
    assert close_package(place, path).status == 200


def test_weight_of_long_ago(place: Place) -> None:
    """The scale is asked while somebody looks, and 15 s longer; who looks again later does not see what lay on it then."""
    place.put_on_scale(300_000)
    wait_for("the weight", lambda: weight(place) == 300_000)
    time.sleep(16)
    place.put_on_scale(200_000)
    time.sleep(0.5)
    assert weight(place) is None
    assert wait_for("a weight", lambda: weight(place)) == 200_000


@pytest.mark.parametrize(
    ("command", "reason"), [("move", "weight_unstable"), ("over", "weight_over"), ("under", "weight_under")]
)
def test_scale_that_gives_no_weight(place: Place, command: str, reason: str) -> None:
    """What it said before does not count."""
    path = place.pick(f"scale {command}")
    place.put_on_scale(100_000)
    wait_for("the weight", lambda: weight(place) == 100_000)
    place.do(command)
    refusal = close_package(place, path)
    assert (refusal.status, refusal.reason) == (422, reason)
    assert weight(place) is None
    place.put_on_scale(100_000)
    assert close_package(place, path).status == 200


# ---- plugs ----


class SharedBench(PackingBench):
    """A bench whose plugs somebody else pulls."""

    def __init__(self, simulator: Path, station: Station):
        self._commands = threading.Lock()
        self._open = True
        super().__init__(simulator, station)

    def command(self, line: str) -> Json:
        with self._commands:
            return super().command(line) if self._open else {"ok": False}

    def close(self) -> None:
        with self._commands:
            self._open = False
            super().close()


def is_of_the_storm(group: Json) -> bool:
    return bool(group["order_reference"].startswith("storm"))


class StormPicker(Picker):
    """A picker who says what the hands are at, for whoever wants to pull the plug then."""

    def __init__(self, agent: Agent, station: Station, binaries: Path):
        finish = threading.Event()
        finish.set()
        super().__init__(agent, station, binaries, finish, takes=is_of_the_storm)
        self.uses = {device: threading.Event() for device in STORM_SECONDS}
        self.bench: SharedBench | None = None

    def _work(self) -> None:
        self._bench.close()
        self._bench = self.bench = SharedBench(self._binaries / "cairn-sim", self._station)
        self.picked.printed = self._bench.printed
        super()._work()

    def _read(self, code: str) -> Json | None:
        self.uses["scanner"].set()
        return super()._read(code)

    def _pack(self, group: Json, plan: GroupPlan) -> Json:
        self.uses["scale"].set()
        return super()._pack(group, plan)

    def _label(self, group: Json, package: Json) -> Json:
        self.uses["printer"].set()
        return super()._label(group, package)


def pull_plugs(picker: StormPicker, chance: random.Random, pulled: Counter[str]) -> None:
    """One after the other, within what its use takes; as long as the picker works."""
    bench = wait_for("the bench", lambda: picker.bench)
    while picker.is_alive():
        device = chance.choice(list(STORM_SECONDS))
        picker.uses[device].clear()
        if not picker.uses[device].wait(2.0):
            continue
        time.sleep(chance.uniform(0, STORM_SECONDS[device]))
        pulled[device] += bench.command(f"unplug @{device}")["ok"]
        time.sleep(chance.uniform(0, 0.3))
        bench.command(f"plug @{device}")


def test_plugs_pulled_in_the_middle_of_everything(
    monkeypatch: pytest.MonkeyPatch, company: Company, agent: Agent, binaries: Path
) -> None:
    """Every order goes out with one label, no weight of a scale that is away is shown, and the agent lives."""
    monkeypatch.setattr(lab.bench, "PRINT_MS", 60)
    seed = int(os.environ.get("CAIRN_SEED") or random.randrange(1_000_000))
    print(f"seed {seed}")
    picker = StormPicker(agent, agent.stations[0], binaries)
    pulled: Counter[str] = Counter()
    storm = threading.Thread(target=pull_plugs, args=(picker, random.Random(seed), pulled), daemon=True)
    manager = company.agent_api(agent)
    picker.start()
    storm.start()
    while picker.is_alive():
        assert alive(agent)
        for device in manager.get("/api/v1/devices")["items"]:
            assert device["state"] == "online" or device["weight"] is None, device
        time.sleep(0.02)
    storm.join()
    print(dict(pulled), f"{picker.picked.looked_for_labels} labels looked for, {picker.picked.repeated} scans made again")
    if picker.error:
        raise picker.error
    assert sum(pulled.values()) >= STORM_PULLS and min(pulled.values()) >= 5, pulled
    groups = [group for group in manager.pages("/api/v1/ship-groups") if is_of_the_storm(group)]
    assert {group["status"] for group in groups} == {"SHIPPED"}
    packages = [p for g in groups for p in manager.get(f"/api/v1/ship-groups/{g['id']}")["packages"]]
    assert len(packages) == STORM_ORDERS
    assert picker.picked.printed == Counter({package["sscc"]: 1 for package in packages})
    assert manager.get("/api/v1/exceptions")["items"] == []
