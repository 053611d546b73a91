"""Rows within a budget: columns that say nothing go, equal rows fold, the worst rows stay."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from fivetabs.app.fitting.spreads import spread
from fivetabs.app.fitting.words import clip
from fivetabs.app.tokens import estimate
from fivetabs.core import Cell, Rows

Row = tuple[Cell, ...]
MANY = 25
_ALIKE = 8
_LONG_CELLS = (1200, 300, 120, 60)
_HEAD = 12
_SHORT = 60


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows on their way into an answer; `counts` says for how many of the given ones each stands.

    `same` tells what every given row shares, and is told once.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    counts: tuple[int, ...]
    same: tuple[str, ...] = ()

    def first(self, number: int) -> "Sheet":
        """Only the first rows."""
        return Sheet(self.columns, self.rows[:number], self.counts[:number], self.same)


def tidied(given: Rows, most: int) -> Sheet:
    """Many rows folded, the first `most` of them, in the columns that say something."""
    if not given.rows:
        return Sheet((), (), ())
    many = len(given.rows) > MANY
    rows, counts = _folded(given) if many else (given.rows, (1,) * len(given.rows))
    kept, same = _telling(given)
    picked = tuple(tuple(row[i] for i in kept) for row in rows[:most])
    return Sheet(tuple(given.columns[i] for i in kept), picked, counts[:most], same)


def untouched(given: Rows) -> Sheet:
    """All rows as they are: those of a page were chosen and counted before."""
    return Sheet(given.columns, given.rows, (1,) * len(given.rows))


def filled(sheets: Sequence[Sheet], room: int) -> list[Sheet]:
    """As many rows of each sheet as fit into `room` tokens; each gets its share of it."""
    needs = [_HEAD + sum(map(cost, sheet.rows)) for sheet in sheets]
    shares = _shares(needs, room)
    return [_filled(sheet, share) for sheet, share in zip(sheets, shares, strict=True)]


def cost(row: Row) -> int:
    """Tokens of a row in the form that takes more: as JSON, or as a line of a table."""
    as_json = estimate(json.dumps(row, ensure_ascii=False)) + 1
    return max(as_json, estimate("  ".join(map(str, row))) + len(row))


def _filled(sheet: Sheet, room: int) -> Sheet:
    rows, fitting = sheet.rows, 0
    for longest in _LONG_CELLS:
        rows = tuple(clipped(row, longest) for row in sheet.rows)
        fitting = _first(rows, room - _HEAD)
        if fitting == len(rows) or fitting >= _ALIKE:
            break
    if room > _HEAD:
        fitting = max(min(1, len(rows)), fitting)
    return Sheet(sheet.columns, rows, sheet.counts, sheet.same).first(fitting)


def clipped(row: Row, longest: int) -> Row:
    """The row with its longest cells cut in the middle."""
    return tuple(clip(cell, longest) if isinstance(cell, str) else cell for cell in row)


def _first(rows: Sequence[Row], room: int) -> int:
    for index, row in enumerate(rows):
        room -= cost(row)
        if room < 0:
            return index
    return len(rows)


def _shares(needs: Sequence[int], room: int) -> list[int]:
    """Fair shares: who needs less leaves the rest to the others."""
    shares = [0] * len(needs)
    order = sorted(range(len(needs)), key=lambda i: needs[i])
    for done, index in enumerate(order):
        shares[index] = min(needs[index], max(0, room) // (len(needs) - done))
        room -= shares[index]
    return shares


def _folded(given: Rows) -> tuple[tuple[Row, ...], tuple[int, ...]]:
    """Rows of one kin that are equal where they have to be, as one; and how many each is."""
    kin = given.kin or ("",) * len(given.rows)
    equal = [i for i, name in enumerate(given.columns) if name in given.fold_on]
    groups: dict[object, list[Row]] = {}
    labels: dict[object, str] = {}
    for index, (row, label) in enumerate(zip(given.rows, kin, strict=True)):
        key = (label, *(row[i] for i in equal)) if label else index
        groups.setdefault(key, []).append(row)
        labels[key] = label
    naming = next((i for i, n in enumerate(given.columns) if n not in given.fold_on), 0)
    rows = tuple(
        group[0] if len(group) == 1 else _one(group, f"{labels[key]} x{len(group)}", naming)
        for key, group in groups.items()
    )
    return rows, tuple(map(len, groups.values()))


def _one(group: Sequence[Row], label: str, naming: int) -> Row:
    columns = zip(*group, strict=True)
    return tuple(label if i == naming else spread(values) for i, values in enumerate(columns))


def _telling(given: Rows) -> tuple[list[int], tuple[str, ...]]:
    """Which columns say something, and what the others say of every one of many rows."""
    kept, same = list[int](), list[str]()
    for index, values in enumerate(zip(*given.rows, strict=True)):
        first = values[0]
        equal = all(value == first for value in values)
        if equal and first == "":
            continue
        if equal and index and len(values) >= _ALIKE and len(str(first)) <= _SHORT:
            same.append(f"{given.columns[index]}: {first}")
        else:
            kept.append(index)
    return kept, tuple(same)
