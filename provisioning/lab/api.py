"""HTTP and server-sent events as a client speaks them. Every change carries an Idempotency-Key, so that a
request whose answer was lost can be sent again."""

from __future__ import annotations

import http.client
import json
import queue
import threading
import time
import urllib.parse
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

Json = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What came back, as it was."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def reason(self) -> str:
        """The last part of a problem's type; empty: no problem."""
        is_problem = self.headers.get_content_type() == "application/problem+json"
        return str(self.json()["type"]).rsplit("/", 1)[-1] if is_problem else ""


@dataclass(frozen=True)
class Exchange:
    """One request and its answer. The body of a stream is told event by event."""

    url: str
    method: str
    path: str  # with the query
    headers: dict[str, str]
    content: bytes | None
    answer: Answer


@dataclass(frozen=True)
class StreamEvent:
    """One event of a stream."""

    url: str
    path: str
    event: str
    data: Json


Observer = Callable[[Exchange | StreamEvent], None]


class Problem(Exception):
    """The other side said no (RFC 9457)."""

    def __init__(self, status: int, body: Json):
        super().__init__(f"{status} {body.get('type', '')}: {body.get('detail', '')}")
        self.status = status
        self.body = body

    @property
    def reason(self) -> str:
        return str(self.body.get("type", "")).rsplit("/", 1)[-1]


class Unreachable(Exception):
    """Nobody answered in time, however often we asked."""


class Api:
    """One program's API, signed in or not. Use from one thread."""

    # Told of every exchange and every event of every Api and Stream, in the thread where it happens.
    observers: ClassVar[list[Observer]] = []

    def __init__(self, url: str, *, patience_seconds: float = 30.0):
        parts = urllib.parse.urlsplit(url)
        self.url = url
        self.host = parts.hostname or "127.0.0.1"
        self.port = parts.port or 80
        self.token: str | None = None
        self.patience_seconds = patience_seconds
        self._connection: http.client.HTTPConnection | None = None

    def sign_in(self, name: str, pin: str, station: str | None = None) -> Json:
        body = {"name": name, "pin": pin} | ({"station": station} if station else {})
        session = self.post("/api/v1/sessions", body)
        self.token = session["token"]
        return session

    def get(self, path: str) -> Any:
        return self._persist("GET", path, None, {})

    def post(self, path: str, body: Json | None = None) -> Any:
        return self._persist("POST", path, body, {"Idempotency-Key": str(uuid.uuid4())})

    def put(self, path: str, body: Json) -> Any:
        return self._persist("PUT", path, body, {"Idempotency-Key": str(uuid.uuid4())})

    def patch(self, path: str, body: Json) -> Any:
        return self._persist("PATCH", path, body, {"Idempotency-Key": str(uuid.uuid4())})

    def delete(self, path: str) -> None:
        self._persist("DELETE", path, None, {"Idempotency-Key": str(uuid.uuid4())})

    def ask(
        self, method: str, path: str, content: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """One request and its answer, whatever it is; with the token if there is one and no header names another."""
        headers = dict(headers or {})
        if self.token and not headers.keys() & {"Authorization", "Cookie"}:
            headers["Authorization"] = f"Bearer {self.token}"
        kept = self._connection is not None
        try:
            answer = self._answer(method, path, content, headers)
        except ConnectionError:
            if not kept:
                raise
            answer = self._answer(method, path, content, headers)  # the program had closed it meanwhile
        tell(Exchange(self.url, method, path, headers, content, answer))
        return answer

    def pages(self, path: str) -> list[Json]:
        """All items of a paged list."""
        items: list[Json] = []
        joint = "&" if "?" in path else "?"
        cursor = ""
        while True:
            page = self.get(f"{path}{joint}limit=1000" + (f"&cursor={cursor}" if cursor else ""))
            items += page["items"]
            cursor = page.get("next_cursor") or ""
            if not cursor:
                return items

    def close(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None

    def _persist(self, method: str, path: str, body: Json | None, headers: dict[str, str]) -> Any:
        """Asks again, with the same key, while the program is away or busy."""
        deadline = time.monotonic() + self.patience_seconds
        while True:
            try:
                return self._once(method, path, body, headers)
            except Problem as problem:
                if problem.status != 503 or time.monotonic() > deadline:
                    raise
            except (OSError, http.client.HTTPException) as error:
                self.close()
                if time.monotonic() > deadline:
                    raise Unreachable(f"{self.url}: {error}") from error
            time.sleep(0.05)

    def _answer(self, method: str, path: str, content: bytes | None, headers: dict[str, str]) -> Answer:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(self.host, self.port, timeout=15)
        try:
            self._connection.request(method, path, content, headers)
            response = self._connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def _once(self, method: str, path: str, body: Json | None, headers: dict[str, str]) -> Any:
        content = None
        if body is not None:
            content = json.dumps(body).encode()
            headers = headers | {"Content-Type": "application/json"}
        answer = self.ask(method, path, content, headers)
        if answer.status >= 300:
            raise Problem(answer.status, json.loads(answer.body or b"{}"))
        is_json = "json" in (answer.headers.get("Content-Type") or "")
        return answer.json() if answer.body and is_json else answer.body.decode()


def tell(what: Exchange | StreamEvent) -> None:
    for observer in Api.observers:
        observer(what)


class Stream:
    """A program's live events, put into a queue as (event, data). Reconnects and resumes by itself."""

    def __init__(self, api: Api, path: str = "/api/v1/stream"):
        self.events: queue.Queue[tuple[str, Json]] = queue.Queue()
        self.connections = 0
        self._api = api
        self._path = path
        self._last_id: str | None = None
        self._stopped = False
        threading.Thread(target=self._run, daemon=True).start()

    def stop(self) -> None:
        self._stopped = True

    def _run(self) -> None:
        while not self._stopped:
            try:
                self._read()
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.05)

    def _read(self) -> None:
        connection = http.client.HTTPConnection(self._api.host, self._api.port, timeout=15)
        headers = {"Authorization": f"Bearer {self._api.token}", "Accept": "text/event-stream"}
        if self._last_id:
            headers["Last-Event-ID"] = self._last_id
        connection.request("GET", self._path, headers=headers)
        response = connection.getresponse()
        body = b"" if response.status == 200 else response.read()
        answer = Answer(response.status, response.headers, body)
        tell(Exchange(self._api.url, "GET", self._path, headers, None, answer))
        if response.status != 200:
            raise OSError(f"stream: {response.status}")
        event, data = "message", ""
        while not self._stopped:
            line = response.readline()
            if not line:
                return
            field, _, value = line.decode().rstrip("\r\n").partition(":")
            value = value.removeprefix(" ")
            if field == "id":
                self._last_id = value
            elif field == "event":
                event = value
            elif field == "data":
                data += value
            elif not field and data:
                if event == "hello":
                    self.connections += 1
                words = json.loads(data)
                tell(StreamEvent(self._api.url, self._path, event, words))
                self.events.put((event, words))
                event, data = "message", ""
