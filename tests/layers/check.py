#!/usr/bin/env python3
"""The layer check: every #include of the product, and every call of a clock or of chance, against docs/layers.txt.

    tests/layers/check.py [ROOT]     prints FILE:LINE and the rule for each violation; status 1 if there is one
"""

import dataclasses
import pathlib
import re
import sys

PRODUCT = ("core", "device-drivers", "sync", "edge-agent", "central", "tools", "provisioning")
SOURCES = {".h", ".hpp", ".cpp", ".cc"}
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')
# Comments, strings and characters, in one sweep: what stands in one of them starts none of the others.
NOT_CODE = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"([^\s()\\]{0,16})\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'', re.S
)


class BadTable(Exception):
    """docs/layers.txt cannot be read; the text says where."""


@dataclasses.dataclass
class Home:
    """Headers (or calls) and the only places that may have them."""

    kind: str
    what: list[str]
    places: list[str]

    def holds(self, path: str) -> bool:
        return "anywhere" in self.places or any(within(path, place) for place in self.places)

    def names(self, header: str) -> bool:
        return any(header == one or (one.endswith("/") and header.startswith(one)) for one in self.what)


@dataclasses.dataclass
class Table:
    rooms: dict[str, set[str]] = dataclasses.field(default_factory=dict)
    homes: list[Home] = dataclasses.field(default_factory=list)
    calls: list[tuple[str, re.Pattern, Home]] = dataclasses.field(default_factory=list)

    def room_of(self, path: str) -> str | None:
        return max((room for room in self.rooms if within(path, room)), key=len, default=None)

    def home_of(self, header: str, kinds: tuple[str, ...]) -> Home | None:
        return next((home for home in self.homes if home.kind in kinds and home.names(header)), None)


def within(path: str, place: str) -> bool:
    return path == place or path.startswith(place + "/")


def read_table(path: pathlib.Path) -> Table:
    table = Table()
    entries: list[tuple[int, str]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line[0].isspace() and entries:
            entries[-1] = (entries[-1][0], entries[-1][1] + " " + line.strip())
        else:
            entries.append((number, line.strip()))
    for number, entry in entries:
        name, colon, rest = entry.partition(":")
        if not colon:
            raise BadTable(f"{path.name}:{number}: no colon in {entry!r}")
        if name in ("third-party", "system", "generated", "calls"):
            body, only_in, places = rest.rpartition(" only in ")
            if not only_in or not places.split():
                raise BadTable(f"{path.name}:{number}: '{name}' wants 'only in' and the rooms")
            if name == "calls":
                match = re.fullmatch(r"\s*([\w-]+)\s+/(.+)/\s*", body)
                if not match:
                    raise BadTable(f"{path.name}:{number}: 'calls' wants a name and a /regex/")
                home = Home(name, [match[1]], places.split())
                table.calls.append((match[1], re.compile(match[2]), home))
            else:
                table.homes.append(Home(name, body.split(), places.split()))
        elif name in table.rooms:
            raise BadTable(f"{path.name}:{number}: room {name} has two lines")
        else:
            table.rooms[name] = set(rest.split())
    for room, allowed in table.rooms.items():
        for other in sorted(allowed - table.rooms.keys()):
            raise BadTable(f"{path.name}: room {room} may include {other}, which is no room")
    circle = find_circle({room: sorted(allowed) for room, allowed in table.rooms.items()})
    if circle:
        raise BadTable(f"{path.name}: the rooms go in a circle: {' -> '.join(circle)}")
    return table


def find_circle(edges: dict[str, list[str]]) -> list[str] | None:
    """One way that leads back to where it starts, or None. Each node is visited once; no recursion."""
    done: set[str] = set()
    for start in sorted(edges):
        trail: list[str] = []
        on_trail: set[str] = set()
        stack: list[tuple[str, int]] = [(start, 0)]
        while stack:
            node, step = stack.pop()
            if step == 0:
                if node in done:
                    continue
                trail.append(node)
                on_trail.add(node)
            following = edges.get(node, [])
            if step < len(following):
                stack.append((node, step + 1))
                target = following[step]
                if target in on_trail:
                    return trail[trail.index(target) :] + [target]
                if target not in done:
                    stack.append((target, 0))
            else:
                done.add(node)
                on_trail.discard(node)
                trail.pop()
    return None


def blank(match: re.Match) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def files_of(root: pathlib.Path) -> list[pathlib.Path]:
    found = []
    for folder in PRODUCT:
        found += [path for path in (root / folder).rglob("*") if path.suffix in SOURCES and path.is_file()]
    return sorted(found)


def check(root: pathlib.Path) -> list[str]:
    table = read_table(root / "docs" / "layers.txt")
    problems: list[str] = []
    edges: dict[str, list[str]] = {}
    for file in files_of(root):
        path = file.relative_to(root).as_posix()
        text = file.read_text(encoding="utf-8")
        room = table.room_of(path)
        if room is None:
            problems.append(f"{path}:1: this folder is no room of docs/layers.txt")
            continue
        edges[path] = []
        for number, line in enumerate(text.splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            header = match[1] or match[2]
            problem = check_include(root, table, path, room, header, own=match[1] is not None)
            if problem:
                problems.append(f"{path}:{number}: {problem}")
            if (root / header).is_file():
                edges[path].append(header)
        code = NOT_CODE.sub(blank, text)
        for name, pattern, home in table.calls:
            if home.holds(path):
                continue
            for match in pattern.finditer(code):
                number = code.count("\n", 0, match.start()) + 1
                problems.append(f"{path}:{number}: {name}: {match[0].strip()} {only_in(home)}")
    circle = find_circle(edges)
    if circle:
        problems.append(f"{circle[0]}:1: the includes go in a circle: {' -> '.join(circle)}")
    return problems


def only_in(home: Home) -> str:
    return f"belongs only in {' '.join(home.places)}"


def check_include(root: pathlib.Path, table: Table, path: str, room: str, header: str, own: bool) -> str | None:
    if own or header.split("/")[0] in (*PRODUCT, "tests"):
        home = table.home_of(header, ("generated",))
        if home:
            return None if home.holds(path) else f'"{header}" {only_in(home)}'
        if not (root / header).is_file():
            return f'"{header}" is no file: includes start at the root of the repository'
        target = table.room_of(header)
        if target is None:
            return f'"{header}" is in no room of docs/layers.txt'
        owner, detail, _ = header.partition("/detail/")
        if detail and not within(path, owner):
            return f'"{header}" is private to {owner}'
        if target != room and target not in table.rooms[room]:
            return f'{room} may not include {target}: "{header}"'
        return None
    home = table.home_of(header, ("third-party", "system"))
    if home:
        return None if home.holds(path) else f"<{header}> {only_in(home)}"
    if "/" in header or "." in header:
        return f"<{header}> has no home in docs/layers.txt"
    return None


def main() -> int:
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]
    try:
        problems = check(root)
    except BadTable as bad:
        print(f"docs/{bad}")
        return 1
    for problem in problems:
        print(problem)
    print(f"layers: {len(files_of(root))} files, {len(problems)} violations")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
