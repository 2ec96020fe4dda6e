"""Signing in: always needed, locked after five wrong PINs, good for one program, and kept through a power cut.

All PINs and tokens that go over the wire here are remembered, and at the end nobody may have written one down.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from lab.api import Answer, Api, Exchange, Json, StreamEvent
from lab.company import Agent, Company, Site
from shop import wait_for, wait_staff

SITE = Site("shop", "Shop York", "STORE", 53.9583, -1.0803, (2, 1))
FIVE_MINUTES = 300
WRONG = ("739154", "860427", "571936", "948263", "617385")


class Wire:
    """Every PIN and token that was sent or answered."""

    def __init__(self) -> None:
        self.secrets: dict[str, set[str]] = {"pin": set(), "token": set()}

    def __call__(self, what: Exchange | StreamEvent) -> None:
        if isinstance(what, Exchange):
            for text in (what.content or b"", what.answer.body):
                for kind, secret in re.findall(rb'"(pin|token)": ?"([^"]+)"', text):
                    self.secrets[kind.decode()].add(secret.decode())


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    wire = Wire()
    Api.observers.append(wire)
    yield wire
    Api.observers.remove(wire)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, binaries: Path, wire: Wire) -> Iterator[Company]:
    """One site with two agents, and programs that log as much as they can."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CAIRN_LOG_LEVEL", "debug")
        company = Company(tmp_path_factory.mktemp("sign-in"), binaries, (SITE,))
        try:
            company.start()
            wire.secrets["pin"].add(company.admin_pin)
            yield company
        finally:
            company.stop()


@pytest.fixture()
def agent(company: Company) -> Agent:
    return company.agents[0]


@pytest.fixture(params=["hub", "agent"])
def url(request: pytest.FixtureRequest, company: Company) -> str:
    return company.hub_url if request.param == "hub" else company.agents[0].url


def sign_in(url: str, name: str, pin: str, station: str = "") -> Answer:
    body = {"name": name, "pin": pin} | ({"station": station} if station else {})
    return Api(url).ask("POST", "/api/v1/sessions", json.dumps(body).encode(), {"Content-Type": "application/json"})


def says(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.reason


def known(url: str, token: str | None) -> bool:
    """Whether a program takes a token."""
    answer = Api(url).ask("GET", "/api/v1/sessions/current", headers={"Authorization": f"Bearer {token}"})
    assert says(answer) in ((200, ""), (401, "unauthenticated"))
    return answer.status == 200


def bench(agent: Agent, number: int = 0) -> Api:
    """A picker at a station."""
    station = agent.stations[number]
    api = Api(agent.url)
    api.sign_in(station.person, station.pin, station.name)
    return api


def operator(company: Company, agent: Agent, station: str) -> str | None:
    stations = company.agent_api(agent).get("/api/v1/stations")["items"]
    return next((each["operator"] for each in stations if each["station"] == station), None)


def hired(company: Company, name: str, role: str = "PICKER", site: str | None = "shop") -> Json:
    return company.hub_api().post("/api/v1/staff", {"site": site, "name": name, "role": role})


def arrived(company: Company, agent: Agent, person: Json, times: int = 1) -> str:
    """The PIN of somebody of whom the agent has heard by now."""
    wait_staff(company.agent_api(agent), person["user"], times)
    return str(person["pin"])


# ---- always ----


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer 0"},
        {"Authorization": "Basic bWFuYWdlcjoxMjM0NTY="},
        {"Cookie": "cairn_session="},
        {"X-Forwarded-For": "127.0.0.1", "Host": "localhost"},
    ],
    ids=str,
)
def test_needed_on_loopback_too(url: str, headers: dict[str, str]) -> None:
    assert url.startswith("http://127.0.0.1:")
    for path in ("/api/v1/sessions/current", "/api/v1/ship-groups", "/api/v1/log", "/api/v1/stream"):
        assert says(Api(url).ask("GET", path, headers=headers)) == (401, "unauthenticated"), path


def test_session_says_who_and_what(agent: Agent) -> None:
    station = agent.stations[0]
    answer = sign_in(agent.url, station.person, station.pin, station.name)
    session = answer.json()
    assert (session["name"], session["role"], session["site"]) == (station.person, "PICKER", "shop")
    assert session["station"] == station.name
    assert "tasks.pick" in session["permissions"] and "log.read" not in session["permissions"]
    assert len(session["token"]) >= 32
    current = Api(agent.url).ask("GET", "/api/v1/sessions/current", headers={"Authorization": f"Bearer {session['token']}"})
    assert current.json() == session | {"token": None}


def test_cookie_is_as_good_as_the_token_and_no_script_sees_it(agent: Agent) -> None:
    station = agent.stations[0]
    answer = sign_in(agent.url, station.person, station.pin, station.name)
    cookie, *attributes = answer.headers["Set-Cookie"].split("; ")
    assert cookie == f"cairn_session={answer.json()['token']}"
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(attributes)
    api = Api(agent.url)
    assert api.ask("GET", "/api/v1/sessions/current", headers={"Cookie": f"a=b; {cookie}"}).status == 200
    assert says(api.ask("DELETE", "/api/v1/sessions/current", headers={"Cookie": cookie})) == (403, "csrf")
    gone = api.ask("DELETE", "/api/v1/sessions/current", headers={"Cookie": cookie, "X-Cairn-CSRF": "1"})
    assert gone.status == 204
    assert "Max-Age=0" in gone.headers["Set-Cookie"]
    assert not known(agent.url, answer.json()["token"])


# ---- wrong PINs ----


def test_wrong_pin(company: Company, agent: Agent) -> None:
    first, second = agent.stations
    for pin in (WRONG[0], second.pin):
        answer = sign_in(agent.url, first.person, pin)
        assert says(answer) == (401, "unauthenticated")
        assert "Set-Cookie" not in answer.headers
    assert sign_in(agent.url, first.person, first.pin).status == 201


def test_unknown_name_is_answered_as_a_wrong_pin(url: str) -> None:
    """Who tries names learns nothing."""
    answers = [sign_in(url, name, WRONG[0]).json() for name in ("admin", "manager", "nobody", "Manager", "manager ")]
    for answer in answers:
        assert answer | {"trace_id": ""} == answers[0] | {"trace_id": ""}


def test_right_pin_in_between_begins_the_count_anew(company: Company) -> None:
    pin = hired(company, "clumsy", "HQ_VIEWER", None)["pin"]
    for _ in range(2):
        for wrong in WRONG[:4]:
            assert sign_in(company.hub_url, "clumsy", wrong).status == 401
        assert sign_in(company.hub_url, "clumsy", pin).status == 201


def lock(url: str, name: str) -> None:
    for pin in WRONG:
        assert says(sign_in(url, name, pin)) == (401, "unauthenticated")


def test_locked_for_five_minutes_after_five_wrong_pins(company: Company, agent: Agent) -> None:
    person = hired(company, "locked")
    pin = arrived(company, agent, person)
    lock(agent.url, "locked")
    answer = sign_in(agent.url, "locked", pin)
    assert says(answer) == (429, "locked_out"), "the right PIN must not help any more"
    assert "five minutes" in answer.json()["detail"]
    # It is this name's lock, and this program's.
    assert sign_in(agent.url, agent.stations[0].person, agent.stations[0].pin).status == 201
    sister = company.agents[1]
    assert sign_in(sister.url, "locked", arrived(company, sister, person)).status == 201
    assert '"event":"sign_in_locked"' in agent.service.log.read_text()


def test_lock_does_not_end_a_session(company: Company) -> None:
    person = hired(company, "at work", "HQ_VIEWER", None)
    token = sign_in(company.hub_url, "at work", person["pin"]).json()["token"]
    lock(company.hub_url, "at work")
    assert sign_in(company.hub_url, "at work", person["pin"]).status == 429
    assert known(company.hub_url, token)


def test_new_pin_does_not_lift_the_lock(company: Company) -> None:
    person = hired(company, "impatient", "HQ_VIEWER", None)
    lock(company.hub_url, "impatient")
    pin = company.hub_api().post(f"/api/v1/staff/{person['user']}/reset-pin")["pin"]
    assert sign_in(company.hub_url, "impatient", pin).status == 429


def test_lock_says_how_long(url: str) -> None:
    lock(url, "how long")
    answer = sign_in(url, "how long", WRONG[0])
    assert FIVE_MINUTES - 60 < int(answer.headers["Retry-After"]) <= FIVE_MINUTES


def guess(name: str) -> bytes:
    return json.dumps({"name": name, "pin": WRONG[0]}).encode()


def test_lock_outlasts_a_thousand_other_names(agent: Agent) -> None:
    lock(agent.url, "in the crowd")
    api = Api(agent.url)
    for number in range(1000):
        api.ask("POST", "/api/v1/sessions", guess(f"crowd-{number}"), {"Content-Type": "application/json"})
    assert says(sign_in(agent.url, "in the crowd", WRONG[0])) == (429, "locked_out")


def test_five_wrong_pins_at_once_are_all_there_are(url: str) -> None:
    crowd = [http.client.HTTPConnection(url.removeprefix("http://"), timeout=15) for _ in range(20)]
    for one in crowd:
        one.request("POST", "/api/v1/sessions", guess("at once"))
    answers = [one.getresponse().status for one in crowd]
    assert (answers.count(401), answers.count(429)) == (5, 15)


@pytest.mark.skipif("CAIRN_SLOW" not in os.environ, reason="takes five minutes: CAIRN_SLOW=1")
def test_lock_ends_after_five_minutes(company: Company) -> None:
    person = hired(company, "patient", "HQ_VIEWER", None)
    lock(company.hub_url, "patient")
    time.sleep(FIVE_MINUTES - 10)
    assert sign_in(company.hub_url, "patient", person["pin"]).status == 429
    time.sleep(12)
    assert sign_in(company.hub_url, "patient", person["pin"]).status == 201


# ---- one place, one person ----


def test_signing_in_at_an_occupied_station_takes_it_over(company: Company, agent: Agent) -> None:
    first, second = agent.stations
    held, elsewhere = bench(agent, 0), bench(agent, 1)
    taking = Api(agent.url)
    taking.sign_in(second.person, second.pin, first.name)
    assert not known(agent.url, held.token)
    assert known(agent.url, taking.token)
    assert operator(company, agent, first.name) == second.person
    # Other stations are left alone, even if the same person is there.
    assert known(agent.url, elsewhere.token)
    assert operator(company, agent, second.name) == second.person


def test_signing_in_again_at_the_same_station_ends_the_session_before(agent: Agent) -> None:
    before, after = bench(agent), bench(agent)
    assert (known(agent.url, before.token), known(agent.url, after.token)) == (False, True)


def test_wrong_pin_does_not_take_a_station_over(company: Company, agent: Agent) -> None:
    held, station = bench(agent), agent.stations[0]
    sign_in(agent.url, agent.stations[1].person, WRONG[0], station.name)
    assert known(agent.url, held.token)
    assert operator(company, agent, station.name) == station.person


def test_head_office_has_no_stations(company: Company) -> None:
    first, second = company.hub_api(), company.hub_api()
    assert first.get("/api/v1/sessions/current")["station"] == ""
    assert known(company.hub_url, first.token) and known(company.hub_url, second.token)


# ---- to and fro ----


def test_sign_out(company: Company, agent: Agent) -> None:
    leaving, staying = bench(agent, 0), bench(agent, 1)
    answer = leaving.ask("DELETE", "/api/v1/sessions/current")
    assert (answer.status, answer.body) == (204, b"")
    assert says(leaving.ask("DELETE", "/api/v1/sessions/current")) == (401, "unauthenticated")
    assert (known(agent.url, leaving.token), known(agent.url, staying.token)) == (False, True)
    assert operator(company, agent, agent.stations[0].name) is None


def test_session_survives_a_power_cut_of_the_agent(company: Company, agent: Agent) -> None:
    api = bench(agent)
    before = api.get("/api/v1/sessions/current")
    gone = bench(agent, 1)
    gone.delete("/api/v1/sessions/current")
    restarts = agent.service.restarts
    agent.service.kill()
    wait_for("the agent to be started again", lambda: agent.service.restarts > restarts)
    assert api.get("/api/v1/sessions/current") == before
    assert operator(company, agent, agent.stations[0].name) == agent.stations[0].person
    with pytest.raises(Exception, match="unauthenticated"):
        gone.get("/api/v1/sessions/current")


def test_session_survives_a_power_cut_of_the_hub(company: Company) -> None:
    api, restarts = company.hub_api(), company.hub.restarts
    company.hub.kill()
    wait_for("the hub to be started again", lambda: company.hub.restarts > restarts)
    assert api.get("/api/v1/sessions/current")["name"] == "admin"


def test_token_is_worthless_at_every_other_program(company: Company) -> None:
    urls = [company.hub_url, *(agent.url for agent in company.agents)]
    apis = [company.hub_api(), *(company.agent_api(agent) for agent in company.agents)]
    for api in apis:
        assert [known(url, api.token) for url in urls] == [url == api.url for url in urls]


def test_session_id_is_no_token(url: str, company: Company, agent: Agent) -> None:
    api = company.hub_api() if url == company.hub_url else company.agent_api(agent)
    assert not known(url, api.get("/api/v1/sessions/current")["session_id"])


def test_people_sign_in_where_they_work(company: Company, agent: Agent) -> None:
    assert says(sign_in(agent.url, "admin", company.admin_pin)) == (401, "unauthenticated")
    assert says(sign_in(company.hub_url, "manager", company.manager_pins["shop"])) == (401, "unauthenticated")


def test_who_is_removed_is_out(company: Company, agent: Agent) -> None:
    person = hired(company, "leaver")
    token = sign_in(agent.url, "leaver", arrived(company, agent, person)).json()["token"]
    company.hub_api().post(f"/api/v1/staff/{person['user']}/remove?site=shop")
    wait_for("the removal at the agent", lambda: not known(agent.url, token))
    assert says(sign_in(agent.url, "leaver", person["pin"])) == (401, "unauthenticated")


def test_new_pin_replaces_the_old_one(company: Company, agent: Agent) -> None:
    person = hired(company, "forgetful")
    old = arrived(company, agent, person)
    assert sign_in(agent.url, "forgetful", old).status == 201
    changed = company.hub_api().post(f"/api/v1/staff/{person['user']}/reset-pin?site=shop")
    new = arrived(company, agent, changed, 2)
    assert new != old
    assert says(sign_in(agent.url, "forgetful", old)) == (401, "unauthenticated")
    assert sign_in(agent.url, "forgetful", new).status == 201


# ---- nobody writes it down ----


def written(directory: Path) -> dict[str, bytes]:
    """Each file of a data directory, and each value of its databases, deleted or not, in the WAL or not."""
    texts = {file.name: file.read_bytes() for file in directory.rglob("*") if file.is_file()}
    for file in directory.rglob("*.sqlite"):
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
            for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                rows = database.execute(f'SELECT * FROM "{table}"').fetchall()
                values = [value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row]
                texts[f"{file.name} {table}"] = b"\n".join(values)
    return texts


def places(texts: dict[str, bytes], secrets: set[str]) -> list[str]:
    """Where a secret stands by itself: six digits within a longer number or word are no PIN."""
    pattern = b"|".join(rb"(?<![0-9A-Za-z_-])" + re.escape(secret.encode()) + rb"(?![0-9A-Za-z_-])" for secret in secrets)
    return [f"{name}: {found[0].decode()}" for name, text in texts.items() for found in re.finditer(pattern, text)]


@pytest.fixture(scope="module")
def logs(company: Company) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in company.directory.glob("*.log")}


@pytest.fixture(scope="module")
def hub_data(company: Company) -> dict[str, bytes]:
    return written(company.directory / "hub")


@pytest.fixture(scope="module")
def agent_data(company: Company) -> dict[str, bytes]:
    return {
        f"{agent.name} {name}": text
        for agent in company.agents
        for name, text in written(company.directory / agent.name).items()
    }


def test_a_secret_would_be_found(wire: Wire, logs: dict[str, bytes], hub_data: dict[str, bytes]) -> None:
    """What the tests below look for, and where."""
    assert len(wire.secrets["pin"]) > 10 and len(wire.secrets["token"]) > 10
    assert places({"x": b'{"pin":"123456"}'}, {"123456"}) == ["x: 123456"]
    assert places({"x": b"0123456 a123456 1234567"}, {"123456"}) == []
    assert len(logs) == 4 and all(b'"http_request"' in text for name, text in logs.items() if name != "broker.log")
    found = {place.partition(":")[0] for place in places(hub_data, {"forgetful"})}
    assert found >= {"cairn.sqlite-wal", "cairn.sqlite staff", "cairn.sqlite processed_command"}
    assert "cairn.sqlite" in hub_data
    assert any(b"$argon2id$" in text for text in hub_data.values())


@pytest.mark.parametrize("kind", ["pin", "token"])
def test_in_no_log_file(wire: Wire, logs: dict[str, bytes], kind: str) -> None:
    assert places(logs, wire.secrets[kind]) == []


@pytest.mark.parametrize("kind", ["pin", "token"])
def test_in_no_file_of_an_agent(wire: Wire, agent_data: dict[str, bytes], kind: str) -> None:
    assert places(agent_data, wire.secrets[kind]) == []


def test_no_token_in_a_file_of_the_hub(wire: Wire, hub_data: dict[str, bytes]) -> None:
    assert places(hub_data, wire.secrets["token"]) == []


def test_no_pin_in_a_file_of_the_hub(wire: Wire, hub_data: dict[str, bytes]) -> None:
    assert places(hub_data, wire.secrets["pin"]) == []
