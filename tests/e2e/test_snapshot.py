"""A device that is new, or far behind, gets its site's feeds as a snapshot; real programs, killed while it comes.

A shop knows twenty thousand articles. Its device is made new again and again: database and guard file are taken away,
so that it lacks everything. Part by part it is killed with SIGKILL; the hub is started again in the middle; and a device
of another site asks for the shop's snapshot. In the end everybody agrees.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lab.api import Json
from lab.company import Agent, Company, Site
from lab.main_job import wait_agreement
from lab.processes import DIE_WITH_PARENT
from shop import Orders, gtin, open_shop, toml_file, wait_for

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "oracle"))

import records as wire

YORK = Site("york", "Store York", "STORE", 53.9583, -1.0803, (1,))
LEEDS = Site("leeds", "Store Leeds", "STORE", 53.8008, -1.5491, (1,))
ARTICLES = [f"CUP-{number}" for number in range(1, 4)]
ORDERS: Orders = {f"order-{number}": [(ARTICLES[number % 3], 1 + number % 2)] for number in range(6)}
MORE = 20_000


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Company]:
    directory = tmp_path_factory.mktemp("snapshot")
    company = open_shop(directory, binaries, ARTICLES, ORDERS, YORK, others=(LEEDS,))
    try:
        company.hub.stop()
        with (directory / "hub.toml").open("a") as file:
            file.write("\n[snapshot]\nrecords = 500\n")
        company.hub.start()
        company.hub_api().close()
        articles = directory / "more.csv"
        with articles.open("w") as file:
            file.write("sku,name,gtin,unit_weight_g,price_gbp\n")
            for number in range(MORE):
                file.write(f"M{number:06},Article number {number} of many,{gtin(f'M-{number + 1000}')},{100 + number % 7},1.99\n")
        company.cairn("import", "products", articles)
        wait_agreement(company)
        yield company
    finally:
        company.stop()


@pytest.fixture
def till(company: Company) -> Agent:
    """The shop's device, new: nothing is running there, nothing is left of it."""
    agent = company.agents[0]
    agent.service.stop()
    data = company.directory / agent.name
    shutil.rmtree(data)
    Path(f"{data}.guard").unlink(missing_ok=True)
    agent.service.log.write_text("")
    return agent


def told(agent: Agent, event: str) -> list[Json]:
    """What the device has logged of it since it was made new."""
    lines: list[Json] = []
    for line in agent.service.log.read_text(errors="replace").splitlines():
        with contextlib.suppress(json.JSONDecodeError):
            lines.append(json.loads(line))
    return [line for line in lines if line.get("event") == event]


def wait_told(agent: Agent, event: str, times: int = 1) -> list[Json]:
    end = time.monotonic() + 60
    while len(lines := told(agent, event)) < times:
        assert time.monotonic() < end, f"{agent.name} never said {event}"
        time.sleep(0.001)
    return lines


def check_complete(company: Company, till: Agent) -> None:
    wait_agreement(company)
    with contextlib.closing(company.agent_api(till)) as api:
        status = api.get("/api/v1/sync")
        assert "snapshot" not in status
        assert next(at["fseq"] for at in status["cursors"] if at["feed"] == "cat") >= MORE
        assert len(api.pages("/api/v1/tasks")) == len(ORDERS)


def agreed(status: Json) -> Json | None:
    return status if status["agreed_at"] else None


def test_a_new_device_gets_a_snapshot(company: Company, till: Agent) -> None:
    till.service.start()
    installed = wait_told(till, "snapshot_installed")
    assert int(installed[0]["parts"]) >= 5
    assert told(till, "snapshot_refused") == []
    check_complete(company, till)


def test_killed_while_it_comes_and_while_it_is_installed(company: Company, till: Agent) -> None:
    begun = 0
    for pause_ms in (0, 3, 10, 20, 40, 80, 160, 320):
        till.service.start()
        if told(till, "snapshot_installed"):
            break
        begun += 1
        wait_told(till, "snapshot_begun", begun)
        time.sleep(pause_ms / 1000)
        till.service.crash()
    assert begun >= 3
    till.service.start()
    # A kill may come between an installation and its line in the log; so it is looked at.
    with contextlib.closing(company.agent_api(till)) as api:
        wait_for("the snapshot", lambda: len(api.pages("/api/v1/tasks")) == len(ORDERS), 60)
    # What had come before a kill was not asked for again.
    assert any(int(line["here"]) > 0 for line in told(till, "snapshot_begun"))
    check_complete(company, till)
    # Half a minute after its start it compares its rows with the hub's.
    with contextlib.closing(company.agent_api(till)) as api:
        checked = wait_for("the comparison with the hub", lambda: agreed(api.get("/api/v1/sync")), 60)
    assert checked["differs"] == []


def test_the_hub_is_started_again_in_the_middle(company: Company, till: Agent) -> None:
    till.service.start()
    wait_told(till, "snapshot_begun")
    company.hub.kill()
    wait_told(till, "snapshot_installed")
    check_complete(company, till)


def test_a_device_of_another_site_is_told_nothing(company: Company, till: Agent) -> None:
    till.service.start()
    name = str(wait_told(till, "snapshot_installed")[0]["snapshot"]).replace("-", "")
    snap_id = bytes.fromhex(name)
    own = ask_part(company, till, snap_id)
    assert own.get(1) == snap_id
    assert len(own[3]) > 1000
    other = ask_part(company, company.agents[1], snap_id)
    assert 3 not in other
    assert other.get(1) != snap_id


# ---- the protocol by hand: docs/protocol.md, Request and Response ----


def ask_part(company: Company, agent: Agent, snap_id: bytes) -> dict[int, Any]:
    """The answer's fields, asked with the device's own account beside the device itself."""
    password = next(
        line.split('"')[1] for line in toml_file(agent).read_text().splitlines() if line.startswith("password_file")
    )
    login = ["-p", str(company.broker_port), "-u", agent.node, "-P", Path(password).read_text().strip()]
    part = b"\x0a\x10" + snap_id + b"\x10\x01"
    question = b"\x08\x4d" + b"\x42" + bytes([len(part)]) + part
    listen = subprocess.Popen(
        [*DIE_WITH_PARENT, "mosquitto_sub", *login, "-W", "30", "-q", "1", "-t", f"cairn/1/n/{agent.node}/rsp", "-F", "%x"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert listen.stdout
        for _ in range(10):
            time.sleep(0.5)  # until it listens
            publish = ["mosquitto_pub", *login, "-q", "1", "-s", "-t", f"cairn/1/n/{agent.node}/req"]
            subprocess.run(publish, input=question, check=True)
            for line in listen.stdout:
                fields = dict(wire.fields(bytes.fromhex(line.strip())))
                if fields.get(1) == 0x4D:
                    return dict(wire.fields(fields[8]))
        raise AssertionError("no answer")
    finally:
        listen.kill()
        listen.communicate()
