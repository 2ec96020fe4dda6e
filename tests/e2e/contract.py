"""The contract: docs/api/*.openapi.yaml and docs/api/problems.md, and whether what a program says fits them.

    watch = Watch()
    Api.observers.append(watch)  # from now on every exchange and every event is looked at
    watch.take()  # what was wrong since the last time, in words

A document must be complete: a member of an answer that its schema does not name is a violation, and so is a request
that does not fit and is done all the same. Refused requests may be as wrong as they like.
"""

from __future__ import annotations

import http.client
import json
import re
import sys
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError, best_match

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "provisioning"))

from lab.api import Exchange, Json, StreamEvent

API = ROOT / "docs" / "api"
METHODS = ("get", "put", "post", "delete", "patch")
MOST_SHOWN = 5  # of what is wrong with one body
FIND_OUT_SECONDS = 30.0  # a program that was just killed is back by then

FORMATS = FormatChecker(formats=("uuid",))


@FORMATS.checks("date-time", raises=ValueError)
def _is_utc_time(value: object) -> bool:
    """RFC 3339, in UTC as both documents promise."""
    return not isinstance(value, str) or (value.endswith("Z") and datetime.fromisoformat(value) is not None)


@FORMATS.checks("int64")
def _is_int64(value: object) -> bool:
    return not isinstance(value, int) or -(2**63) <= value < 2**63


# ---- schemas ----


def validator(schema: Json) -> Draft202012Validator:
    return Draft202012Validator(schema, format_checker=FORMATS)


def complaints(schema: Json, value: Any) -> list[str]:
    """What is wrong with a value, each as `JSON path: why`."""
    return [_words(error) for error in sorted(validator(schema).iter_errors(value), key=lambda error: error.json_path)]


def _words(error: ValidationError) -> str:
    deepest = best_match([error])
    return f"{deepest.json_path}: {deepest.message}"


# ---- documents ----


@dataclass(frozen=True)
class Parameter:
    name: str
    place: str  # path, query or header
    required: bool
    schema: Json

    def value(self, text: str) -> Any:
        """The text of a path, query or header as the JSON value it stands for."""
        if self.schema.get("type") == "boolean":
            return {"true": True, "false": False}.get(text, text)
        if self.schema.get("type") == "integer":
            return int(text) if re.fullmatch(r"-?[0-9]+", text) else text
        return text


@dataclass(frozen=True)
class Operation:
    program: str
    method: str
    template: str
    name: str  # operationId
    permission: str  # empty: open to everybody; any: whoever is signed in
    parameters: tuple[Parameter, ...]
    body: Json  # media type -> schema of the request
    body_required: bool
    answers: dict[str, Json]  # status or default -> media type -> schema
    events: Json  # of a stream: name -> schema of the data

    def __str__(self) -> str:
        return f"{self.program.removeprefix('cairn-')}-{self.name}"

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(self.template)))

    def parameter(self, name: str) -> Parameter | None:
        return next((parameter for parameter in self.parameters if parameter.name == name), None)

    @property
    def success(self) -> int:
        return next(int(status) for status in self.answers if status.startswith("2"))


class Document:
    """One program's OpenAPI document, every $ref replaced by what it means."""

    def __init__(self, program: str, file: Path):
        self.program = program
        self.content: Json = yaml.safe_load(file.read_text(encoding="utf-8"))
        self.operations = tuple(self._operations())
        self.problem = self.resolved(self.content["components"]["schemas"]["Problem"])

    def resolved(self, part: Json) -> Json:
        """A schema without $ref and allOf that names all members its objects may have."""
        if "$ref" in part:
            return self.resolved(self.target(part["$ref"]))
        if "allOf" in part:
            parts = [self.resolved(each) for each in part["allOf"]]
            return {
                "type": "object",
                "required": [name for each in parts for name in each.get("required", [])],
                "properties": {name: schema for each in parts for name, schema in each["properties"].items()},
                "additionalProperties": False,
            }
        whole = dict(part)
        if "properties" in part:
            whole["properties"] = {name: self.resolved(schema) for name, schema in part["properties"].items()}
            whole.setdefault("additionalProperties", False)
        if "items" in part:
            whole["items"] = self.resolved(part["items"])
        for choice in ("oneOf", "anyOf"):
            if choice in part:
                whole[choice] = [self.resolved(each) for each in part[choice]]
        return whole

    def target(self, reference: str) -> Json:
        """What a $ref points to. KeyError: nothing."""
        part: Any = self.content
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]
        return part

    def matching(self, path: str) -> list[Operation]:
        """The operations of a path without its query, those of the most literal template first."""
        found = [operation for operation in self.operations if operation.pattern.fullmatch(path)]
        return sorted(found, key=lambda operation: operation.template.count("{"))

    def find(self, method: str, path: str) -> Operation | None:
        """HEAD is answered wherever GET is."""
        wanted = "GET" if method == "HEAD" else method
        return next((operation for operation in self.matching(path) if operation.method == wanted), None)

    def _operations(self) -> Iterator[Operation]:
        for template, item in self.content["paths"].items():
            for method in METHODS:
                if method in item:
                    yield self._operation(template, method, item[method])

    def _operation(self, template: str, method: str, said: Json) -> Operation:
        body = said.get("requestBody", {})
        answers = {status: self._content(answer) for status, answer in said["responses"].items()}
        streams = [media for answer in said["responses"].values() for media in answer.get("content", {}).values()]
        return Operation(
            program=self.program,
            method=method.upper(),
            template=template,
            name=said["operationId"],
            permission=self._permission(said),
            parameters=tuple(self._parameter(parameter) for parameter in said.get("parameters", [])),
            body=self._content(body),
            body_required=body.get("required", False),
            answers=answers,
            events={
                name: self.resolved(schema) for media in streams for name, schema in media.get("x-events", {}).items()
            },
        )

    def _permission(self, said: Json) -> str:
        if not any("bearer" in way for way in said.get("security", self.content["security"])):
            return ""  # open, or proved by a signature
        named = re.search(r"Permission: `([a-z_. -]+)`\.", said["description"])
        assert named, f"{self.program} {said['operationId']}: the description names no permission"
        return "any" if named[1] == "any signed-in user" else named[1]

    def _parameter(self, said: Json) -> Parameter:
        said = self.target(said["$ref"]) if "$ref" in said else said
        return Parameter(said["name"], said["in"], said["required"], self.resolved(said["schema"]))

    def _content(self, said: Json) -> Json:
        said = self.target(said["$ref"]) if "$ref" in said else said
        return {media: self.resolved(content["schema"]) for media, content in said.get("content", {}).items()}


@cache
def documents() -> dict[str, Document]:
    """Program -> its document."""
    return {
        program: Document(program, API / f"{program.removeprefix('cairn-')}.openapi.yaml")
        for program in ("cairn-hub", "cairn-agent")
    }


# ---- problems ----


@dataclass(frozen=True)
class Reason:
    """A heading of problems.md and the line below it."""

    name: str
    status: int  # 0: only in verdicts of scanners
    programs: frozenset[str]


@cache
def reasons() -> dict[str, Reason]:
    text = (API / "problems.md").read_text(encoding="utf-8")
    found = re.findall(r"^### (\w+)\n\n(?:(\d{3}), )?([A-Za-z, ]+)\.", text, re.MULTILINE)
    assert len(found) == text.count("\n### "), "problems.md: a heading is not followed by `status, programs.`"
    return {
        name: Reason(name, int(status or 0), frozenset(f"cairn-{who.strip().lower()}" for who in programs.split(",")))
        for name, status, programs in found
    }


# ---- one exchange ----


class Judge:
    """Says what is wrong with an exchange or an event of one program."""

    def __init__(self, document: Document):
        self.document = document

    def exchange(self, exchange: Exchange) -> list[str]:
        path, _, query = exchange.path.partition("?")
        operation = self.document.find(exchange.method, path)
        status = exchange.answer.status
        where = f"{self.document.program} {exchange.method} {exchange.path}"
        if operation is None:
            wrong = self._nowhere(exchange, path)
        else:
            where += f" ({operation.name})"
            wrong = self._answer(exchange, operation)
            if status < 400:
                wrong += [f"done although the request does not fit: {words}" for words in _request(exchange, operation, path, query)]
        return [f"{where}: {status}: {words}" for words in wrong]

    def event(self, event: StreamEvent) -> list[str]:
        path = event.path.partition("?")[0]
        operation = self.document.find("GET", path)
        where = f"{self.document.program} {path}: event {event.event}"
        if operation is None or event.event not in operation.events:
            return [f"{where}: the document has no such event"]
        wrong = complaints(operation.events[event.event], event.data)[:MOST_SHOWN]
        if event.event == "verdict" and event.data.get("reason") not in {None, *reasons()}:
            wrong.append(f"$.reason: {event.data['reason']} is not in problems.md")
        return [f"{where}: {words}" for words in wrong]

    def _answer(self, exchange: Exchange, operation: Operation) -> list[str]:
        answer = exchange.answer
        content = operation.answers.get(str(answer.status))
        if content is None and answer.status >= 400:
            content = operation.answers.get("default")
        if content is None:
            return ["the document has no such status"]
        media = answer.headers.get_content_type() if "Content-Type" in answer.headers else ""
        if exchange.method == "HEAD" or not content:
            wrong = ["the answer has a body"] if answer.body else []
            return wrong if media in content or not content else [*wrong, f"the document has no {media}"]
        if media not in content:
            return [f"the document has no {media or 'answer without a type'}"]
        return self._body(exchange, media, content[media])

    def _nowhere(self, exchange: Exchange, path: str) -> list[str]:
        """No operation: the answer must say so."""
        answer = exchange.answer
        elsewhere = self.document.matching(path)
        wanted = (405,) if elsewhere else (400, 404, 414, 431)
        if answer.status not in wanted:
            return ["the document has no such operation"]
        if exchange.method == "HEAD":
            return []
        return self._body(exchange, answer.headers.get_content_type(), self.document.problem)

    def _body(self, exchange: Exchange, media: str, schema: Json) -> list[str]:
        answer = exchange.answer
        if "json" not in media:
            return []
        try:
            body = json.loads(answer.body)
        except ValueError as error:
            return [f"no JSON: {error}"]
        wrong = complaints(schema, body)[:MOST_SHOWN]
        if media == "application/problem+json" and not wrong:
            wrong = self._problem(exchange, body)
        return wrong

    def _problem(self, exchange: Exchange, body: Json) -> list[str]:
        name, status = exchange.answer.reason, exchange.answer.status
        known = reasons().get(name)
        if known is None:
            return [f"$.type: {name} is not in problems.md"]
        wrong = []
        if known.status != status:
            wrong.append(f"$.type: {name} has status {known.status or 'none'} in problems.md")
        if self.document.program not in known.programs:
            wrong.append(f"$.type: {name} is none of this program's in problems.md")
        if body["status"] != status:
            wrong.append(f"$.status: {body['status']} is not the status of the answer")
        if body["trace_id"] != exchange.answer.headers.get("X-Trace-Id"):
            wrong.append("$.trace_id: is not that of the header")
        return wrong


def _request(exchange: Exchange, operation: Operation, path: str, query: str) -> list[str]:
    """What is wrong with a request that was done."""
    match = operation.pattern.fullmatch(path)
    assert match
    given = {
        "path": {name: urllib.parse.unquote(text) for name, text in match.groupdict().items()},
        "query": dict(urllib.parse.parse_qsl(query, keep_blank_values=True)),
        "header": {name.lower(): text for name, text in exchange.headers.items()},
    }
    wrong = []
    for parameter in operation.parameters:
        name = parameter.name.lower() if parameter.place == "header" else parameter.name
        text = given[parameter.place].get(name)
        if text is not None:
            found = complaints(parameter.schema, parameter.value(text))
            wrong += [f"{parameter.place} {parameter.name}: {words}" for words in found]
        elif parameter.required:
            wrong.append(f"{parameter.place} {parameter.name}: is missing")
    for name in given["query"]:
        if operation.parameter(name) is None:
            wrong.append(f"query {name}: the document has no such parameter")
    return wrong + _request_body(exchange, operation)


def _request_body(exchange: Exchange, operation: Operation) -> list[str]:
    if not exchange.content:
        return ["body: is missing"] if operation.body_required else []
    media = next((text for name, text in exchange.headers.items() if name.lower() == "content-type"), "")
    schema = operation.body.get(media.partition(";")[0].strip())
    if schema is None:
        return [f"body: the document has no {media or 'body without a type'}"]
    if "json" not in media:
        return []
    return [f"body {words}" for words in complaints(schema, json.loads(exchange.content))[:MOST_SHOWN]]


# ---- everything ----


@dataclass
class Seen:
    """How often what was seen."""

    answers: Counter[tuple[str, str, int]] = field(default_factory=Counter)  # program, operation, status
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)  # program, reason
    events: Counter[tuple[str, str]] = field(default_factory=Counter)  # program, event

    def since(self, before: Seen) -> Seen:
        return Seen(self.answers - before.answers, self.reasons - before.reasons, self.events - before.events)


@dataclass
class Watch:
    """Looks at everything that observers are told, in any thread, and remembers what was wrong and what was seen."""

    programs: dict[str, str] = field(default_factory=dict)  # url -> program
    _seen: Seen = field(default_factory=Seen)
    _wrong: list[str] = field(default_factory=list)
    _fitting: set[int] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, what: Exchange | StreamEvent) -> None:
        wrong = self._look(what)
        with self._lock:
            self._wrong += wrong

    def take(self) -> list[str]:
        """What was wrong since the last time."""
        with self._lock:
            wrong, self._wrong = self._wrong, []
        return wrong

    def seen(self) -> Seen:
        """What was seen so far."""
        with self._lock:
            return self._seen.since(Seen())

    def forget_programs(self) -> None:
        """Another company may have got the ports of one that is gone."""
        with self._lock:
            self.programs.clear()

    def _look(self, what: Exchange | StreamEvent) -> list[str]:
        program = self._program(what.url)
        if program not in documents():
            return [f"{what.url}: {program or 'nobody'} is no program with a document"]
        judge = Judge(documents()[program])
        if isinstance(what, StreamEvent):
            with self._lock:
                self._seen.events[program, what.event] += 1
            return judge.event(what)
        self._note(program, judge, what)
        # Screens ask the same again and again; what is known to fit is not looked at twice.
        fingerprint = hash((program, what.method, what.path, what.content, what.answer.status, what.answer.body))
        if fingerprint in self._fitting:
            return []
        wrong = judge.exchange(what)
        if not wrong and what.answer.status < 400:
            with self._lock:
                self._fitting.add(fingerprint)
        return wrong

    def _note(self, program: str, judge: Judge, exchange: Exchange) -> None:
        operation = judge.document.find(exchange.method, exchange.path.partition("?")[0])
        with self._lock:
            if operation and exchange.method != "HEAD":
                self._seen.answers[program, operation.name, exchange.answer.status] += 1
            if exchange.answer.body and exchange.answer.reason:
                self._seen.reasons[program, exchange.answer.reason] += 1

    def _program(self, url: str) -> str:
        """Who answers at the address: the program says so itself."""
        with self._lock:
            known = self.programs.get(url)
        if known:
            return known
        program = _ask_program(url)
        with self._lock:
            self.programs[url] = program
        return program


def _ask_program(url: str) -> str:
    deadline = time.monotonic() + FIND_OUT_SECONDS
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=5)
        try:
            connection.request("GET", "/version")
            return str(json.loads(connection.getresponse().read())["program"])
        except (OSError, ValueError, KeyError, http.client.HTTPException):
            time.sleep(0.05)
        finally:
            connection.close()
    return ""
