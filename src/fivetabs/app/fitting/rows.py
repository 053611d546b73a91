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


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows on their way into an answer. `singly` counts those that stand for themselves alone."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    singly: int
    same: tuple[str, ...] = ()


def tidied(given: Rows, most: int) -> Sheet:
    """Many rows folded, and no more than `most` of them; then the columns that still say something.

    What all of at least eight rows share is told once, in `same`.
    """
    rows, alone = _folded(given) if len(given.rows) > MANY else (given.rows, len(given.rows))
    kept = rows[:most]
    singly = min(alone, len(kept)) if len(rows) == len(given.rows) else alone
    return _spoken(Sheet(given.columns, kept, singly))


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
    singly = min(sheet.singly, fitting)
    return Sheet(sheet.columns, rows[:fitting], singly, sheet.same)


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


def _folded(given: Rows) -> tuple[tuple[Row, ...], int]:
    """Rows of one kin that are equal where they have to be, as one; and how many stand alone."""
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
    return rows, sum(len(group) == 1 for group in groups.values())


def _one(group: Sequence[Row], label: str, naming: int) -> Row:
    columns = zip(*group, strict=True)
    return tuple(label if i == naming else spread(values) for i, values in enumerate(columns))


def _spoken(sheet: Sheet) -> Sheet:
    """Without the columns that are empty, or the same in every one of many rows."""
    if not sheet.rows:
        return sheet
    columns = list(zip(*sheet.rows, strict=True))
    empty = [all(value == "" for value in values) for values in columns]
    many = len(sheet.rows) >= _ALIKE
    same = [many and not e and len(set(v)) == 1 for v, e in zip(columns, empty, strict=True)]
    same[0] = False
    kept = [i for i in range(len(columns)) if not empty[i] and not same[i]]
    return Sheet(
        columns=tuple(sheet.columns[i] for i in kept),
        rows=tuple(tuple(row[i] for i in kept) for row in sheet.rows),
        singly=sheet.singly,
        same=tuple(f"{sheet.columns[i]}: {columns[i][0]}" for i, s in enumerate(same) if s),
    )
