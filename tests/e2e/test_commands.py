"""Commands and configuration from head office, with real processes: once despite kills, never too late, and a
configuration that breaks the agent is taken back without anybody's help."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from lab.api import Json
from lab.company import Agent, Company
from shop import open_shop, wait_for

BACK_SECONDS = 90.0  # a trial that goes wrong, at worst


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Company]:
    company = open_shop(tmp_path_factory.mktemp("commands"), binaries, ["CUP-1"], {"1001": [("CUP-1", 1)]})
    yield company
    company.stop()


def give(shop: Company, verb: str, **more: object) -> str:
    api = shop.hub_api()
    try:
        return str(api.post(f"/api/v1/nodes/{shop.agents[0].node}/commands", {"verb": verb, **more})["command"])
    finally:
        api.close()


def command(shop: Company, command_id: str) -> Json:
    api = shop.hub_api()
    try:
        rows = api.get(f"/api/v1/nodes/{shop.agents[0].node}/commands")["items"]
        return next(row for row in rows if row["command"] == command_id)
    finally:
        api.close()


def answered(shop: Company, command_id: str) -> Json:
    def ended() -> Json | None:
        row = command(shop, command_id)
        return row if row["state"] != "waiting" else None

    return wait_for(f"an answer to {command_id}", ended, BACK_SECONDS)


def configure(shop: Company, values: Json) -> int:
    api = shop.hub_api()
    try:
        return int(api.put(f"/api/v1/nodes/{shop.agents[0].node}/config", {"values": values})["desired"]["version"])
    finally:
        api.close()


def settled(shop: Company, version: int) -> Json:
    """What the device says became of the version."""

    def reported() -> Json | None:
        api = shop.hub_api()
        try:
            config = api.get(f"/api/v1/nodes/{shop.agents[0].node}/config")
        finally:
            api.close()
        return config["reported"] if config["settled"] and config["reported"]["version"] == version else None

    return wait_for(f"a report of version {version}", reported, BACK_SECONDS)


def in_force(shop: Company) -> Json:
    def asked() -> Json | None:
        try:
            api = shop.agent_api(shop.agents[0])
        except OSError:
            return None
        try:
            return api.get("/api/v1/config")
        finally:
            api.close()

    return wait_for("the agent's configuration", asked, BACK_SECONDS)


def lines(agent: Agent, event: str) -> int:
    return sum(f'"event":"{event}"' in line for line in agent.service.log.read_text().splitlines())


def value_of(config: Json, key: str) -> Json:
    return next(row for row in config["values"] if row["key"] == key)


def test_the_log_is_sent(shop: Company) -> None:
    row = answered(shop, give(shop, "send_log", argument="5"))
    assert row["state"] == "done"
    sent = [json.loads(line) for line in row["detail"].splitlines()]
    assert 1 <= len(sent) <= 5 and all(line["program"] == "cairn-agent" for line in sent)


def test_a_command_is_carried_out_once_although_the_agent_is_killed(shop: Company) -> None:
    agent = shop.agents[0]
    before = lines(agent, "command")
    ids = []
    for round_number in range(6):
        ids.append(give(shop, "resync"))
        time.sleep(0.02 * round_number)
        agent.service.kill()
        assert answered(shop, ids[-1])["state"] in {"done", "failed"}
    # It is logged after its start is committed and before it is done: at most once each.
    assert lines(agent, "command") - before <= len(ids)
    log = agent.service.log.read_text()
    assert all(log.count(f'"command":"{each}"') <= 1 for each in ids)


def test_a_restart_is_done_when_the_agent_is_back(shop: Company) -> None:
    agent = shop.agents[0]
    pid = agent.service.pid
    row = answered(shop, give(shop, "restart"))
    assert row["state"] == "done" and agent.service.pid != pid
    rebuilt = lines(agent, "rebuilding_views")
    assert answered(shop, give(shop, "rebuild"))["state"] == "done"
    assert lines(agent, "rebuilding_views") == rebuilt + 1


def test_what_waited_too_long_is_not_done(shop: Company) -> None:
    agent = shop.agents[0]
    agent.service.stop()
    late = give(shop, "send_log", ttl_s=1)
    in_time = give(shop, "resync", ttl_s=3600)
    time.sleep(1.2)
    agent.service.start()
    assert answered(shop, late)["state"] == "expired"
    assert answered(shop, in_time)["state"] == "done"
    assert f'"command":"{late}"' not in agent.service.log.read_text()


def test_a_configuration_is_in_force_after_the_agent_has_tested_itself(shop: Company) -> None:
    version = configure(shop, {"keyed_quantity_above": 20, "log_level": "debug"})
    reported = settled(shop, version)
    assert (reported["outcome"], reported["error"], reported["in_force"]) == ("applied", "", version)
    config = in_force(shop)
    assert config["version"] == version and not config["on_trial"]
    keyed = value_of(config, "picking.keyed_quantity_above")
    assert (keyed["value"], keyed["from"]) == ("20", f"head office, version {version}")
    assert value_of(config, "http.listen")["from"] != keyed["from"]


def test_a_configuration_that_breaks_the_agent_is_taken_back(shop: Company) -> None:
    before = in_force(shop)["version"]
    scanner = {"name": "scanner-1", "kind": "scanner", "url": "serial:/dev/ttyNONE", "baud": 12345}
    version = configure(shop, {"devices": [scanner]})
    reported = settled(shop, version)
    assert reported["outcome"] == "reverted" and "12345 baud" in reported["error"]
    assert reported["in_force"] == before
    assert in_force(shop)["version"] == before


def test_a_trial_that_is_killed_again_and_again_is_given_up(shop: Company) -> None:
    agent = shop.agents[0]
    before = in_force(shop)["version"]
    state = shop.directory / agent.name / "remote-config.json"
    agent.service.stop()
    # Without the broker no trial comes to its end by itself: this one is killed in it.
    shop.broker.stop()
    version = configure(shop, {"keyed_quantity_above": 30})
    remembered = json.loads(state.read_text())
    trial = {"version": version, "values": '{"keyed_quantity_above":30}', "starts": 0}
    state.write_text(json.dumps({**remembered, "trial": trial}))
    for killed in range(2):
        starts = lines(agent, "ready")
        if not killed:
            agent.service.start()
        wait_for("a start on trial", lambda: lines(agent, "ready") > starts)
        assert json.loads(state.read_text())["trial"]["starts"] == killed + 1
        starts = lines(agent, "ready")
        agent.service.kill()
    wait_for("the end of the trial", lambda: "trial" not in json.loads(state.read_text()), BACK_SECONDS)
    shop.broker.start()
    reported = settled(shop, version)
    assert reported["outcome"] == "reverted" and "twice" in reported["error"]
    assert reported["in_force"] == in_force(shop)["version"] == before


def test_the_tool_tells_and_shows(shop: Company, tmp_path: Path) -> None:
    node = shop.agents[0].node
    command_id = shop.cairn("node", "command", node, "resync").strip()
    answered(shop, command_id)
    assert command_id in shop.cairn("node", "commands", node)
    values = tmp_path / "values.json"
    values.write_text("{}")
    assert "desired" in shop.cairn("node", "configure", node, values)
    api = shop.hub_api()
    version = api.get(f"/api/v1/nodes/{node}/config")["desired"]["version"]
    api.close()
    assert settled(shop, version)["outcome"] == "applied"
    assert "applied" in shop.cairn("node", "config", node)
    assert in_force(shop)["version"] == version


def test_what_cannot_be_set_from_afar_is_refused(shop: Company, tmp_path: Path) -> None:
    values = tmp_path / "values.json"
    values.write_text('{"data_dir": "/tmp/elsewhere"}')
    with pytest.raises(RuntimeError, match="data_dir"):
        shop.cairn("node", "configure", shop.agents[0].node, values)
    with pytest.raises(RuntimeError):
        shop.cairn("node", "command", shop.agents[0].node, "format_disk")
