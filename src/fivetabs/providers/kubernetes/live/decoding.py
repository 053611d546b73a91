"""Reading large JSON without holding up everybody else.

A Table of 5,000 pods is 4 MB and more, which is about 80 ms in one piece. Its rows are read one by
one, the loop gets its turn after every fifty, and their objects stay JSON text: most are never
looked at, and shapes.tables reads one when it is.
"""

import asyncio
import json
from typing import Any

from fivetabs.providers.kubernetes.port import Json

_LARGE = 200_000
_TURN = 50
_ROWS, _ITEMS = '"rows":[', '"items":['
_CELLS, _CONDITIONS = '{"cells":', ',"conditions":'
# An object of this kind is metadata only, in which no object begins with a list of cells.
_OBJECT = ',"object":{"kind":"PartialObjectMetadata",'
_BEFORE_TEXT = len(',"object":')
_NEXT = '},{"cells":['

_scan = json.JSONDecoder().raw_decode


async def decode(body: bytes) -> Json:
    """The JSON object in `body`; in a long list of rows, the `object` of each as JSON text.

    Raises:
        ValueError: If it is not one.
    """
    if len(body) < _LARGE:
        return _object(json.loads(body))
    text = body.decode("utf-8")
    begins = [(at, mark) for mark in (_ROWS, _ITEMS) if (at := text.find(mark, 0, _LARGE)) >= 0]
    if not begins:
        return _object(json.loads(text))
    at, mark = min(begins)
    start = at + len(mark)
    rows, end = await _elements(text, start)
    rest = _object(json.loads(text[:start] + text[end:]))
    rest[mark.strip('":[')] = rows
    return rest


async def _elements(text: str, start: int) -> tuple[list[Any], int]:
    """The elements of the array that begins at `start`, and where its bracket closes."""
    found, index = list[Any](), start
    while text[index : index + 1] != "]":
        element, index = _row(text, index) or _scan(text, index)
        found.append(element)
        if text[index : index + 1] == ",":
            index += 1
        if not len(found) % _TURN:
            await asyncio.sleep(0)
    return found, index


def _row(text: str, start: int) -> tuple[Json, int] | None:
    """A Table's row with its object unread, and its end; None for anything but such a row.

    The last row of a Table is read whole: nothing but its own brackets tells where it ends.
    """
    if not text.startswith(_CELLS, start):
        return None
    cells, index = _scan(text, start + len(_CELLS))
    row: Json = {"cells": cells}
    if text.startswith(_CONDITIONS, index):
        row["conditions"], index = _scan(text, index + len(_CONDITIONS))
    if not text.startswith(_OBJECT, index):
        return None
    end = text.find(_NEXT, index)
    if end < 0:
        return None
    row["object"] = text[index + _BEFORE_TEXT : end]
    return row, end + 1


def _object(value: Any) -> Json:
    if not isinstance(value, dict):
        raise ValueError("the answer is not a JSON object")  # noqa: TRY004  (of the text, not of a type)
    return value  # type: ignore[reportUnknownVariableType]
