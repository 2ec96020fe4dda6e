"""What event records say happened: ship groups, stock and returns as they were at a moment, folded from the records
as docs/protocol.md describes them, with none of the product's code."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import records as wire

STOCK_MOVED, STOCK_COUNTED = 50, 51
UNITS_CANCELLED, CONVERTED = 101, 102
ALLOCATED, CLAIMED, RELEASED, PICKED, SHIPPED, SHORTED, PACKED = 200, 201, 202, 203, 204, 205, 206
LABEL_ASSIGNED, PRINT_STARTED, PRINT_ENDED, LABEL_CHECKED = 207, 208, 209, 210
HANDED_OVER, HAND_OVER_UNDONE, GROUP_CANCELLED, PUT_BACK_DONE, UNITS_RETURNED = 213, 214, 215, 216, 217
PICK_UNDONE = 218
RETURN_TAKEN = 300
PICKUP = 2
PRINT_DONE, NOT_CHECKED = 1, 3
BUCKETS = ("open", "picked", "packed", "shipped", "handed_over", "short", "cancelled", "returned")

Ref = tuple[bytes, int, int]


@dataclass
class Line:
    sku: str
    ordered: int
    unit_price: int
    of: dict[str, int]

    def move(self, milli: int, source: str, to: str) -> int:
        """As much as is there; how much that was."""
        moved = min(milli, self.of[source])
        self.of[source] -= moved
        self.of[to] += moved
        return moved


@dataclass
class Package:
    lines: dict[int, int]
    weighed: bool
    sscc: str = ""
    tracking: str = ""
    label: str = "NONE"
    print: Ref | None = None


@dataclass
class Group:
    site: str
    order: str
    method: int
    allocated_hlc: int
    lines: dict[int, Line]
    packages: dict[Ref, Package] = field(default_factory=dict)
    hand_overs: dict[Ref, dict[int, int]] = field(default_factory=dict)
    picks: dict[Ref, tuple[int, int, int]] = field(default_factory=dict)  # not undone: line, units, as many were open
    put_backs: dict[tuple[Ref, int], list[int]] = field(default_factory=dict)  # [units, done]
    shorts: list[tuple[int, int, int]] = field(default_factory=list)  # line, units asked for, reason
    too_many: dict[int, int] = field(default_factory=lambda: defaultdict(int))  # left a second time, by line
    beyond: dict[Ref, list[tuple[int, int, list[tuple[list[int], int]]]]] = field(default_factory=dict)  # of hand-overs

    def total(self, bucket: str) -> int:
        return sum(line.of[bucket] for line in self.lines.values())


@dataclass
class Facts:
    groups: dict[bytes, Group]
    on_hand: dict[tuple[str, str, str], int]  # (site, SKU, location)
    returned: dict[tuple[bytes, str], dict[int, int]]  # (group, site) -> line -> units that counted
    refunds: dict[str, list[int]]  # site -> minor units
    order_cancelled: dict[tuple[str, int], int]
    converted: dict[tuple[str, int], int]


def ref_of(octets: bytes) -> Ref:
    return wire.one(octets, 1, b""), wire.one(octets, 2, 0), wire.one(octets, 3, 0)


def units(octets: bytes, number: int = 1) -> list[tuple[int, int]]:
    """Repeated LineUnits."""
    return [(wire.one(part, 1, 0), wire.one(part, 2, 0)) for field_, part in wire.fields(octets) if field_ == number]


def gather(log: list[wire.Record], before: int | None = None) -> Facts:
    """All records whose clock is before that moment."""
    log = [record for record in log if before is None or record.hlc < before]
    numbers = order_numbers(log)
    own: dict[bytes, list[wire.Record]] = defaultdict(list)
    for record in log:
        if record.key[:1] in (b"\x07", b"\x08"):
            own[record.key].append(record)
    groups, returned, refunds = {}, {}, defaultdict(list)
    for key, part in own.items():
        part.sort(key=lambda r: (r.fseq == 0, r.fseq, r.position))
        if key[:1] == b"\x07":
            if group := fold_group(part):
                groups[key[1:]] = group
        else:
            site = key[17:].decode()
            returned[key[1:17], site] = fold_returns(part)
            refunds[site] += [
                wire.zigzag(wire.one(wire.one(r.payload, 6, b""), 1, 0)) for r in part if r.type == RETURN_TAKEN
            ]
    cancelled: dict[tuple[str, int], int] = defaultdict(int)
    converted: dict[tuple[str, int], int] = defaultdict(int)
    for record in log:
        sums = {UNITS_CANCELLED: cancelled, CONVERTED: converted}.get(record.type)
        if sums is not None:
            sums[numbers[record.key], wire.one(record.payload, 1, 0)] += wire.one(record.payload, 2, 0)
    return Facts(groups, fold_stock(log), returned, dict(refunds), cancelled, converted)


def order_numbers(log: list[wire.Record]) -> dict[bytes, str]:
    """Aggregate key of an order -> its number in its channel."""
    return {record.key: wire.one(record.payload, 3, "") for record in log if record.type == 100}


def fold_group(own: list[wire.Record]) -> Group | None:
    """In view order. What does not fit changes nothing, what was picked too much goes back."""
    if not own or own[0].type != ALLOCATED:
        return None
    group = _allocated(own[0])
    for record in own[1:]:
        _apply(group, record)
    return group


def _allocated(record: wire.Record) -> Group:
    lines = {}
    for part in (part for number, part in wire.fields(record.payload) if number == 5):
        milli = wire.one(part, 7, 0)
        price = wire.zigzag(wire.one(wire.one(part, 6, b""), 1, 0))
        lines[wire.one(part, 1, 0)] = Line(
            wire.one(part, 2, ""), milli, price, dict.fromkeys(BUCKETS, 0) | {"open": milli}
        )
    payload = record.payload
    return Group(record.site, wire.one(payload, 3, ""), wire.one(payload, 4, 0), record.hlc, lines)


def _apply(group: Group, record: wire.Record) -> None:
    payload, ref = record.payload, (record.node, record.inc, record.seq)
    number, milli = wire.one(payload, 1, 0), 0
    line = None
    if isinstance(number, int):
        line, milli = group.lines.get(number), wire.one(payload, 2, 0)
    if record.type == PICKED:
        too_many = milli - (line.move(milli, "open", "picked") if line else 0)
        group.picks[ref] = number, milli, milli - too_many
        if too_many:
            group.put_backs[ref, number] = [too_many, 0]
    elif record.type == SHORTED and line:
        line.move(milli, "open", "short")
        group.shorts.append((number, milli, wire.one(payload, 3, 0)))
    elif record.type == GROUP_CANCELLED and line:
        _cancel(group, ref, number, milli)
    elif record.type == UNITS_RETURNED and line:
        line.move(milli - line.move(milli, "shipped", "returned"), "handed_over", "returned")
    elif record.type == PACKED:
        held = {n: group.lines[n].move(m, "picked", "packed") for n, m in units(payload) if n in group.lines}
        weighed = wire.one(payload, 4, 0) != NOT_CHECKED
        group.packages[ref] = Package({n: m for n, m in held.items() if m}, weighed)
    elif record.type == SHIPPED:
        for n, m in units(payload):
            if n in group.lines:
                left = m - group.lines[n].move(m, "packed", "shipped")
                too_many = left - group.lines[n].move(left, "picked", "shipped")
                group.too_many[n] += too_many
                _settle(group, n, too_many)
    elif record.type == HANDED_OVER:
        given = group.hand_overs[ref] = {}
        for n, m in units(payload):
            if n in group.lines:
                given[n] = group.lines[n].move(m, "picked", "handed_over")
                group.too_many[n] += m - given[n]
                group.beyond.setdefault(ref, []).append((n, m - given[n], _settle(group, n, m - given[n])))
    elif record.type == HAND_OVER_UNDONE:
        for n, m in group.hand_overs.pop(ref_of(wire.one(payload, 1, b"")), {}).items():
            group.lines[n].move(m, "handed_over", "picked")
        for n, m, settled in group.beyond.pop(ref_of(wire.one(payload, 1, b"")), []):
            group.too_many[n] -= m
            for back, taken in settled:
                back[1] -= taken
    elif record.type == PUT_BACK_DONE:
        back = group.put_backs.get((ref_of(wire.one(payload, 1, b"")), wire.one(payload, 2, 0)))
        if back:
            back[1] = min(back[0], back[1] + wire.one(payload, 3, 0))
    elif record.type == PICK_UNDONE:
        _undo_pick(group, ref_of(wire.one(payload, 1, b"")), wire.one(payload, 2, 0), wire.one(payload, 3, 0))
    elif record.type in (LABEL_ASSIGNED, PRINT_STARTED, PRINT_ENDED, LABEL_CHECKED):
        _label(group, record, ref)


def _undo_pick(group: Group, pick: Ref, number: int, milli: int) -> None:
    """The units are in their bin: the surplus first, then what counted and is in the tote, then what is cancelled."""
    if group.picks.get(pick, (None,))[0] != number:
        return
    _, picked, counted = group.picks.pop(pick)
    left = min(milli, picked)
    if back := group.put_backs.get((pick, number)):
        withdrawn = min(left, back[0] - back[1])
        back[0] -= withdrawn
        left -= withdrawn
        if not back[0]:
            del group.put_backs[pick, number]
    if number in group.lines:
        left -= group.lines[number].move(min(left, counted), "picked", "open")
    for (_, line), back in group.put_backs.items():
        if line == number:
            done = min(left, back[0] - back[1])
            back[1] += done
            left -= done


def _settle(group: Group, number: int, milli: int) -> list[tuple[list[int], int]]:
    """Units that were to be put back have left instead: which put-backs that settles, and how many of each."""
    settled = []
    for (_, line), back in group.put_backs.items():
        taken = min(milli, back[0] - back[1])
        if line == number and taken > 0:
            back[1] += taken
            milli -= taken
            settled.append((back, taken))
    return settled


def _cancel(group: Group, ref: Ref, number: int, milli: int) -> None:
    """Units that nobody has picked go first, then those in the tote, then those in packages."""
    line = group.lines[number]
    never_picked = line.move(milli, "open", "cancelled")
    in_tote = line.move(milli - never_picked, "picked", "cancelled")
    in_packages = line.move(milli - never_picked - in_tote, "packed", "cancelled")
    left = in_packages
    for package in reversed(group.packages.values()):
        taken = min(left, package.lines.get(number, 0))
        if taken:
            package.lines[number] -= taken
            left -= taken
    if in_tote + in_packages:
        group.put_backs[ref, number] = [in_tote + in_packages, 0]


def _label(group: Group, record: wire.Record, ref: Ref) -> None:
    about = ref_of(wire.one(record.payload, 1, b""))
    if record.type == PRINT_ENDED:
        for package in group.packages.values():
            if package.print == about and package.label == "PRINTING":
                outcome = wire.one(record.payload, 2, 0)
                package.label = {PRINT_DONE: "PRINTED", 2: "FAILED"}.get(outcome, "UNKNOWN")
        return
    package = group.packages.get(about)
    if not package:
        return
    if record.type == LABEL_ASSIGNED and not package.sscc:
        package.sscc, package.tracking = wire.one(record.payload, 2, ""), wire.one(record.payload, 3, "")
        package.label = "ASSIGNED"
    elif record.type == PRINT_STARTED:
        package.print, package.label = ref, "PRINTING"
    elif record.type == LABEL_CHECKED and package.sscc:
        package.label = "PRINTED" if wire.one(record.payload, 2, 0) else "FAILED"


def fold_returns(own: list[wire.Record]) -> dict[int, int]:
    """Line -> units that came back and count: never more than were sold."""
    sold: dict[int, int] = defaultdict(int)
    counted: dict[int, int] = defaultdict(int)
    for record in own:
        if record.type != RETURN_TAKEN:
            continue
        for number, part in wire.fields(record.payload):
            if number == 5:
                line = wire.one(part, 1, 0)
                sold[line] = max(sold[line], wire.one(part, 6, 0))
                counted[line] += min(wire.one(part, 4, 0), sold[line] - counted[line])
    return dict(counted)


def fold_stock(log: list[wire.Record]) -> dict[tuple[str, str, str], int]:
    """on_hand = the last count + the movements after it, by (hlc, node, inc, seq)."""
    counts: dict[tuple[str, str, str], tuple] = {}
    moves = defaultdict(list)
    for record in log:
        if record.type == STOCK_COUNTED:
            cell = (record.site, wire.one(record.payload, 1, ""), wire.one(record.payload, 2, ""))
            milli = wire.zigzag(wire.one(record.payload, 3, 0))
            counts[cell] = max(counts.get(cell, ((), 0)), (record.position, milli))
        elif record.type == STOCK_MOVED:
            sku, milli = wire.one(record.payload, 1, ""), wire.one(record.payload, 4, 0)
            for number, sign in ((2, -1), (3, 1)):
                if location := wire.one(record.payload, number, ""):
                    moves[record.site, sku, location].append((record.position, sign * milli))
    return {
        cell: counts.get(cell, ((), 0))[1]
        + sum(milli for position, milli in moves[cell] if position > counts.get(cell, ((), 0))[0])
        for cell in set(counts) | set(moves)
    }


def available(facts: Facts) -> dict[tuple[str, str], int]:
    """What a site can promise of a SKU: on hand, not on hold, and not promised to a ship group."""
    left: dict[tuple[str, str], int] = defaultdict(int)
    for (site, sku, location), milli in facts.on_hand.items():
        if not location.startswith("HOLD-"):
            left[site, sku] += milli
    for group in facts.groups.values():
        for line in group.lines.values():
            left[group.site, line.sku] -= line.of["open"] + line.of["picked"] + line.of["packed"]
    return left


def site_totals(facts: Facts, site: str) -> dict[str, int]:
    """The figures as GET /api/v1/totals names them."""
    groups = [group for group in facts.groups.values() if group.site == site]
    packages = [package for group in groups for package in group.packages.values()]
    backs = [back for group in groups for back in group.put_backs.values()]
    sums = {bucket: sum(group.total(bucket) for group in groups) for bucket in BUCKETS}
    taken = [lines for (_, where), lines in facts.returned.items() if where == site]
    cells = [(location, milli) for (where, _, location), milli in facts.on_hand.items() if where == site]
    return {
        "groups": len(groups),
        "ordered_milli": sum(line.ordered for group in groups for line in group.lines.values()),
        **{f"{bucket}_milli": milli for bucket, milli in sums.items()},
        "scanned_milli": sum(sums[b] for b in ("picked", "packed", "shipped", "handed_over", "returned")),
        "packages": len(packages),
        "in_packages_milli": sum(sum(package.lines.values()) for package in packages),
        "weighed": sum(package.weighed for package in packages),
        "labelled": sum(package.label == "PRINTED" for package in packages),
        "put_back_milli": sum(milli for milli, _ in backs),
        "put_back_done_milli": sum(done for _, done in backs),
        "returns": len(facts.refunds.get(site, [])),
        "returned_here_milli": sum(sum(lines.values()) for lines in taken),
        "refund_minor": sum(facts.refunds.get(site, [])),
        "on_hand_milli": sum(milli for _, milli in cells),
        "held_milli": sum(milli for location, milli in cells if location.startswith("HOLD-")),
    }
