"""The pages that both programs serve under /ui/, and what a sign-in page is told before anybody is signed in.

Pages are asked for with plain http.client: they are no part of the documents in docs/api/.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import urllib.parse
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from lab.api import Api, Json, Stream
from lab.company import Agent, Company
from shop import SHOP, set_devices, toml_file, wait_for, wait_staff

NODE = "01a20c2b-3e57-7988-a035-75ff312b1627"
HOMES = {"hub": "hq", "agent": "handheld"}
POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
SCRIPT = "assets/app-1a2b3c4d.js"
FOREVER = "public, max-age=31536000, immutable"


# ---- a folder of pages, a program that serves it ----


def write_pages(folder: Path, word: str = "first") -> Path:
    """What a build writes, in small."""
    files = {f"{page}/index.html": f"<title>{page} {word}</title>" for page in ("handheld", "counter", "hq", "bench")}
    files |= {SCRIPT: "script", f"{SCRIPT}.br": "script in brotli", f"{SCRIPT}.gz": "script in gzip"}
    files |= {"assets/icon-5e6f.svg": "<svg/>"}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@dataclass
class Program:
    """cairn-hub or cairn-agent with a folder of its own, in an otherwise empty environment."""

    name: str
    binary: Path
    folder: Path

    def file(self, pages: Path | None, more: str = "") -> Path:
        file = self.folder / f"{self.name}.toml"
        site = 'site = "store-1"\n' if self.name == "agent" else ""
        ui = f'\n[ui]\n{more}\n' + (f'dir = "{pages}"\n' if pages else "")
        file.write_text(
            f'data_dir = "{self.folder}/data"\n\n[node]\nid = "{NODE}"\n{site}\n[http]\nlisten = "127.0.0.1:0"\n\n'
            f'[mqtt]\nurl = "tcp://127.0.0.1:1"\n{ui}'
        )
        return file

    @contextmanager
    def running(self, pages: Path | None, more: str = "") -> Iterator[tuple[str, list[Json]]]:
        """Its address and the lines of its log until it was ready."""
        log = self.folder / f"{uuid.uuid4()}.log"
        with log.open("wb") as errors:
            command = [self.binary, "-c", self.file(pages, more)]
            process = subprocess.Popen(command, env={}, stdout=subprocess.DEVNULL, stderr=errors)
        try:
            wait_for("the program is ready", lambda: '"ready"' in log.read_text())
            lines = [json.loads(line) for line in log.read_text().splitlines()]
            ready = next(line for line in lines if line["event"] == "ready")
            yield f"http://{ready['listen']}", lines
        finally:
            process.terminate()
            process.wait(30)  # a connect to a broker that is under way may take its ten seconds

    def refuses(self, pages: Path) -> Json:
        """The line of the log that says why it does not start."""
        command = [self.binary, "-c", self.file(pages)]
        done = subprocess.run(command, env={}, capture_output=True, text=True, check=False, timeout=30)
        assert done.returncode == 78
        assert not (self.folder / "data" / "cairn.sqlite").exists()
        return next(line for line in map(json.loads, done.stderr.splitlines()) if line["event"] == "start_failed")


@pytest.fixture(params=HOMES)
def program(request: pytest.FixtureRequest, tmp_path: Path, binaries: Path) -> Program:
    return Program(request.param, binaries / f"cairn-{request.param}", tmp_path)


@pytest.fixture()
def pages(tmp_path: Path) -> Path:
    return write_pages(tmp_path / "pages")


@dataclass
class Got:
    status: int
    headers: http.client.HTTPMessage
    body: str

    @property
    def reason(self) -> str:
        return str(json.loads(self.body)["type"]).rsplit("/", 1)[-1]


def ask(url: str, path: str, headers: dict[str, str] | None = None, method: str = "GET") -> Got:
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=10)
    try:
        connection.request(method, path, headers=headers or {})
        answer = connection.getresponse()
        return Got(answer.status, answer.headers, answer.read().decode())
    finally:
        connection.close()


# ---- pages ----


def test_the_way_to_the_programs_own_page(program: Program, pages: Path) -> None:
    home = HOMES[program.name]
    with program.running(pages) as (url, _):
        for path in ("/", "/ui", "/ui/"):
            answer = ask(url, path)
            assert (answer.status, answer.headers["Location"]) == (302, f"/ui/{home}/"), path
        assert ask(url, f"/ui/{home}/").body == f"<title>{home} first</title>"


def test_every_page_is_there_and_has_addresses_of_its_own(program: Program, pages: Path) -> None:
    with program.running(pages) as (url, _):
        for page in ("handheld", "counter", "hq"):
            for path in ("", "/", "/index.html", "/tasks", "/tasks/4f2a?tab=lines"):
                answer = ask(url, f"/ui/{page}{path}")
                assert (answer.status, answer.body) == (200, f"<title>{page} first</title>"), path
                assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
                assert answer.headers["Cache-Control"] == "no-cache"


def test_fields_that_keep_a_page_safe(program: Program, pages: Path) -> None:
    with program.running(pages) as (url, _):
        for path in ("/ui/hq/", f"/ui/{SCRIPT}", "/"):
            headers = ask(url, path).headers
            assert headers.get_all("Content-Security-Policy") == [POLICY]
            assert headers.get_all("X-Content-Type-Options") == ["nosniff"]
            assert headers["Referrer-Policy"] == "no-referrer"
            assert "camera=(self)" in headers["Permissions-Policy"]
        for path in ("/api/v1/device", "/api/v1/nothing", "/ui/nothing.js", "/version", "/metrics"):
            assert ask(url, path).headers.get_all("X-Content-Type-Options") == ["nosniff"], path


def test_page_that_is_known_is_not_sent_again(program: Program, pages: Path) -> None:
    with program.running(pages) as (url, _):
        tag = ask(url, "/ui/hq/").headers["ETag"]
        again = ask(url, "/ui/hq/orders", {"If-None-Match": tag})
        assert (again.status, again.body, again.headers["ETag"]) == (304, "", tag)
        assert ask(url, "/ui/counter/", {"If-None-Match": tag}).status == 200


@pytest.mark.parametrize(
    ("accepted", "coding", "body"),
    [
        ("gzip, deflate, br, zstd", "br", "script in brotli"),
        ("gzip, deflate", "gzip", "script in gzip"),
        ("br;q=0, gzip", "gzip", "script in gzip"),
        ("identity", None, "script"),
    ],
)
def test_assets_are_compressed_and_kept(tmp_path: Path, binaries: Path, pages: Path, accepted: str, coding: str | None, body: str) -> None:
    agent = Program("agent", binaries / "cairn-agent", tmp_path)
    with agent.running(pages) as (url, _):
        answer = ask(url, f"/ui/{SCRIPT}", {"Accept-Encoding": accepted})
        assert (answer.status, answer.headers["Content-Encoding"], answer.body) == (200, coding, body)
        assert (answer.headers["Cache-Control"], answer.headers["Vary"]) == (FOREVER, "Accept-Encoding")
        assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
        head = ask(url, f"/ui/{SCRIPT}", {"Accept-Encoding": accepted}, "HEAD")
        assert (head.status, head.headers["Content-Length"], head.body) == (200, str(len(body)), "")


def test_what_is_not_there_and_what_leads_out(program: Program, pages: Path) -> None:
    (pages.parent / "secret.txt").write_text("nobody's business")
    wrong = ["assets/app-0000.js", "nothing", "index.html", "hq/app.js", f"{SCRIPT}.br", "secret.txt", "/etc/passwd"]
    wrong += ["bench/", "bench/index.html"]  # the simulator's
    ups = ["../secret.txt", "%2e%2e/secret.txt", "..%2fsecret.txt", "assets/..%2f..%2fsecret.txt", "hq/%2e%2e/%2e%2e/secret.txt"]
    with program.running(pages) as (url, _):
        for path in wrong:
            answer = ask(url, f"/ui/{path}")
            assert (answer.status, answer.reason) == (404, "no_such_path"), path
        for path in ups:
            answer = ask(url, f"/ui/{path}")
            assert (answer.status, answer.reason) in {(400, "bad_path"), (404, "no_such_path")}, path
        for method in ("POST", "PUT", "DELETE"):
            answer = ask(url, "/ui/hq/", method=method)
            assert (answer.status, answer.reason, answer.headers["Allow"]) == (405, "method_not_allowed", "GET, HEAD")


def test_icon(program: Program, pages: Path) -> None:
    with program.running(pages) as (url, _):
        assert ask(url, "/favicon.ico").status == 204
    (pages / "favicon.ico").write_text("icon")
    with program.running(pages) as (url, _):
        answer = ask(url, "/favicon.ico")
        assert (answer.status, answer.headers["Content-Type"], answer.body) == (200, "image/x-icon", "icon")


# ---- where pages come from ----


def installed(program: Program, tmp_path: Path) -> Program:
    """The program in a folder bin/ that is beside nothing yet."""
    folder = tmp_path / "installed" / "bin"
    folder.mkdir(parents=True)
    return Program(program.name, Path(shutil.copy(program.binary, folder)), tmp_path)


def test_without_pages_everything_else_works(program: Program, tmp_path: Path) -> None:
    alone = installed(program, tmp_path)
    with alone.running(None) as (url, log):
        assert [line["event"] for line in log if "pages" in line["event"]] == ["no_pages"]
        for path in ("/ui/", "/ui/hq/", f"/ui/{SCRIPT}"):
            answer = Api(url).ask("GET", path)  # a problem is a problem, also here
            assert (answer.status, answer.reason) == (404, "no_pages")
            assert "cairn_pages" in answer.json()["detail"]
        assert ask(url, "/").status == 302
        assert ask(url, "/favicon.ico").status == 204
        assert Api(url).get("/api/v1/device")["build"] is None


def test_pages_are_found_beside_the_programs(program: Program, tmp_path: Path) -> None:
    beside = installed(program, tmp_path)
    folder = tmp_path / "installed" / "share" / "cairn" / "pages"
    folder.mkdir(parents=True)
    with beside.running(None) as (url, log):  # the build has not been there yet
        assert ask(url, "/ui/hq/").reason == "no_pages"
    write_pages(folder)
    with beside.running(None) as (url, log):
        (line,) = [line for line in log if line["event"] == "pages"]
        assert (line["dir"], line["from"], line["files"]) == (str(folder), "default", "5")
        assert line["build"] == Api(url).get("/api/v1/device")["build"]
        assert ask(url, "/ui/hq/").status == 200
    other = write_pages(tmp_path / "others", "other")
    with beside.running(other) as (url, log):
        (line,) = [line for line in log if line["event"] == "pages"]
        assert (line["dir"], line["from"]) == (str(other), "[ui] dir")
        assert ask(url, "/ui/hq/").body == "<title>hq other</title>"


def test_folder_that_cannot_be_served_is_a_start_error(program: Program, pages: Path, tmp_path: Path) -> None:
    missing = program.refuses(tmp_path / "nowhere")
    assert (missing["reason"], str(tmp_path / "nowhere") in missing["message"]) == ("no_pages_dir", True)
    (tmp_path / "empty").mkdir()
    empty = program.refuses(tmp_path / "empty")
    assert (empty["reason"], f"{HOMES[program.name]}/index.html" in empty["message"]) == ("bad_pages_dir", True)
    with (pages / "large.bin").open("wb") as file:
        os.truncate(file.fileno(), 64 * 2**20)
    large = program.refuses(pages)
    assert (large["reason"], "more than 64 MiB" in large["message"]) == ("bad_pages_dir", True)


# ---- what a sign-in page is told ----


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Iterator[Company]:
    """One site, whose programs serve pages."""
    folder = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CAIRN_UI_DIR", str(write_pages(folder / "pages")))
        company = Company(folder / "company", binaries, (SHOP,))
        try:
            company.start()
            yield company
        finally:
            company.stop()


@pytest.fixture()
def agent(company: Company) -> Agent:
    return company.agents[0]


def test_device(company: Company, agent: Agent) -> None:
    device = Api(agent.url).get("/api/v1/device")
    build = device.pop("build")
    assert device == {
        "program": "cairn-agent",
        "site": "shop",
        "site_name": "Shop York",
        "node": agent.node,
        "name": agent.name,
        "stations": ["bench-1", "bench-2", "bench-3"],
        "px_per_mm": 5.8,
        "keyed_above_milli": 12_000,
    }
    assert Api(company.hub_url).get("/api/v1/device") == {"program": "cairn-hub", "build": build}


def test_hello_names_the_build(company: Company, agent: Agent) -> None:
    for api in (company.hub_api(), company.agent_api(agent)):
        stream = Stream(api)
        name, hello = stream.events.get(timeout=20)
        stream.stop()
        assert (name, hello["build"]) == ("hello", api.get("/api/v1/device")["build"])


def test_people_of_the_site_who_may_sign_in(company: Company, agent: Agent) -> None:
    hub, nobody = company.hub_api(), Api(agent.url)
    everybody = ["manager", "picker-1", "picker-2", "picker-3"]
    assert nobody.get("/api/v1/people") == {"items": [{"name": name} for name in everybody], "shown": True}
    new = hub.post("/api/v1/staff", {"site": "shop", "name": "zoe", "role": "PICKER"})
    wait_staff(company.agent_api(agent), new["user"])
    assert [each["name"] for each in nobody.get("/api/v1/people")["items"]] == [*everybody, "zoe"]
    hub.post(f"/api/v1/staff/{new['user']}/remove?site=shop")
    wait_for("zoe to be gone", lambda: len(nobody.get("/api/v1/people")["items"]) == len(everybody))


def test_people_are_not_shown_where_that_is_configured(company: Company, agent: Agent) -> None:
    file = toml_file(agent)
    before = file.read_text()
    agent.service.stop()
    file.write_text(before.replace("[mqtt]", "[ui]\nshow_people = false\npx_per_mm = 4\n\n[mqtt]"))
    set_devices(agent, "")
    agent.service.start()
    try:
        nobody = Api(agent.url)
        assert nobody.get("/api/v1/people") == {"items": [], "shown": False}
        device = nobody.get("/api/v1/device")
        assert (device["stations"], device["px_per_mm"]) == (["main"], 4)
    finally:
        agent.service.stop()
        file.write_text(before)
        agent.service.start()
