"""Changes of single members of a JSON file with comments; every other character stays as it is.

A change is a set of splices: text put in or taken out at known places. Its result is read again
and compared with what was meant before anybody gets to see it.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from fivetabs.cli.setup.layout import Layout, has_end, indent, margin
from fivetabs.cli.setup.reading import Broken, Member, Value, data, read, spaces

Path = Sequence[str]
_BLANK = "\ufeff \t\r\n"


class Lost(Exception):  # noqa: N818  (something would be)
    """The result would not be what was meant. It is not handed out."""


@dataclass(frozen=True, slots=True)
class Splice:
    """Text to put in the place of `text[start:end]`."""

    start: int
    end: int
    put: str = ""


def get(text: str, path: Path) -> Any:
    """The value at a path of names; None where there is none.

    Raises:
        Broken: If the text is not JSON, or a part of the path is no object or is there twice.
    """
    at = read(text)
    for name in path:
        found = _member(text, at, name) if at is not None else None
        at = found.value if found is not None else None
    return data(text, at) if at is not None else None


def put(text: str, path: Path, value: Any) -> str:
    """The text with the value at that path; objects on the way that are missing are made.

    Raises:
        Broken: As `get` does.
        Lost: If the result would not be what was meant.
    """
    root = read(text)
    layout = Layout.of(text, root)
    owner, rest = root, list(path)
    while owner is not None and (found := _member(text, owner, rest[0])):
        rest.pop(0)
        owner = found.value
        if not rest:
            same = data(text, owner) == value
            other = [_other(text, layout, found, value)]
            return text if same else spliced(text, other, path, value)
    missing = _nested(rest[owner is not None :], value)
    if owner is None:
        return spliced(text, [_whole(text, layout, missing)], path, value)
    return spliced(text, _added(text, owner, layout, rest[0], missing), path, value)


def drop(text: str, path: Path) -> str:
    """The text without the member at that path; the same text where there is none.

    Raises:
        Broken: As `get` does.
        Lost: If the result would not be what was meant.
    """
    owner = read(text)
    for name in path[:-1]:
        found = _member(text, owner, name) if owner is not None else None
        owner = found.value if found is not None else None
    gone = _member(text, owner, path[-1]) if owner is not None else None
    if owner is None or gone is None:
        return text
    return spliced(text, _removed(text, owner, gone), path, None)


def undone(text: str, path: Path, befores: Iterable[str]) -> str:
    """The text without the member: exactly as before, if one of `befores` is what it was made from.

    Where an object had to be made, or an empty one opened, the text alone does not say how it was.

    Raises:
        Broken: As `get` does.
        Lost: If the result would not be what was meant.
    """
    value = get(text, path)
    for before in befores:
        try:
            if get(before, path) is None and put(before, path, value) == text:
                return before
        except (Broken, Lost):
            continue
    return drop(text, path)


def _member(text: str, owner: Value, name: str) -> Member | None:
    if owner.kind != "object":
        raise Broken(text, owner.start, f"an object is needed here, to hold {name!r}")
    found = [each for each in owner.members if each.name == name]
    if len(found) > 1:
        raise Broken(text, found[1].start, f"{name!r} is there a second time")
    return found[0] if found else None


def _nested(path: Path, value: Any) -> Any:
    for name in reversed(path):
        value = {name: value}
    return value


def _other(text: str, layout: Layout, found: Member, value: Any) -> Splice:
    as_it_was = replace(layout, single=not has_end(text[found.value.start : found.value.end]))
    written = as_it_was.written(value, margin(text, found.start))
    return Splice(found.value.start, found.value.end, written)


def _whole(text: str, layout: Layout, value: Any) -> Splice:
    """For a file without a value: after whatever comments it has."""
    between = "" if not text.strip(_BLANK) or text.endswith(("\n", "\r")) else layout.end
    return Splice(len(text), len(text), f"{between}{layout.written(value, '')}{layout.end}")


def _added(text: str, owner: Value, layout: Layout, name: str, value: Any) -> list[Splice]:
    """A member after the last one, in its manner; the comma it may need stands by itself."""
    key = f"{json.dumps(name, ensure_ascii=False)}:{layout.gap}"
    if not owner.members:
        return [_first(text, owner, layout, key, value)]
    last = owner.members[-1]
    after = last.comma + 1 if last.comma >= 0 else last.value.end
    at, to_the_end = _comments(text, after, owner.end - 1)
    own = margin(text, last.start)
    own_line = indent(text, last.start) is not None or to_the_end
    new = f"{layout.end}{own}" if own_line else layout.gap
    new += f"{key}{layout.written(value, own)}"
    if last.comma >= 0:
        return [Splice(at, at, f"{new},")]
    return [Splice(after, after, ","), Splice(at, at, new)]


def _first(text: str, owner: Value, layout: Layout, key: str, value: Any) -> Splice:
    """The first member of an empty object, after the comments that may stand in it."""
    at = owner.start + 1
    for first, last in spaces(text, at, owner.end - 1):
        at = last if text[first] == "/" else at
    if layout.single and at == owner.start + 1:
        return Splice(at, at, key + layout.written(value, ""))
    outer = margin(text, owner.start)
    own = outer + layout.unit
    closing = "" if has_end(text[at : owner.end]) else f"{layout.end}{outer}"
    return Splice(at, at, f"{layout.end}{own}{key}{layout.written(value, own)}{closing}")


def _removed(text: str, owner: Value, gone: Member) -> list[Splice]:
    """The member, the space before it, and the comma that only it needed."""
    at = owner.members.index(gone)
    before = owner.members[at - 1] if at else None
    if before is None and len(owner.members) == 1 and _alone(text, owner, gone):
        return [Splice(owner.start + 1, owner.end - 1)]
    start = _start(text, before.comma + 1 if before else owner.start + 1, gone)
    member = Splice(start, gone.value.end)
    if gone.comma >= 0:
        return [member, Splice(gone.comma, gone.comma + 1)]
    if before is not None:
        return [Splice(before.comma, before.comma + 1), member]
    return [member]


def _alone(text: str, owner: Value, only: Member) -> bool:
    """Whether nothing but space surrounds the only member of an object."""
    end = only.comma if only.comma >= 0 else owner.end - 1
    around = text[owner.start + 1 : only.start] + text[only.value.end : end]
    return not (around + text[end + 1 : owner.end - 1]).strip(_BLANK)


def _start(text: str, previous: int, gone: Member) -> int:
    """Where the space before a member begins; its own start if a comment needs that space."""
    parts = [text[a:b] for a, b in spaces(text, previous, gone.start)]
    if not parts or parts[-1].strip(_BLANK):
        return gone.start
    runs_on = len(parts) > 1 and parts[-2].startswith("//")
    if runs_on and text[gone.value.end] not in "\r\n":
        return gone.start
    return gone.start - len(parts[-1])


def _comments(text: str, start: int, end: int) -> tuple[int, bool]:
    """Where the comments on the same line end, and whether the last runs to the line's end."""
    at, runs = start, False
    for first, last in spaces(text, start, end):
        if text[first] == "/":
            at, runs = last, text.startswith("//", first)
        elif has_end(text[first:last]):
            break
    return at, runs


def spliced(text: str, splices: Sequence[Splice], path: Path, value: Any) -> str:
    """The text with the splices, which come in the order of their places; value None: without it.

    Raises:
        Lost: If the result is not JSON any more, or differs in more than the value at the path.
    """
    new = text
    for each in reversed(splices):
        new = new[: each.start] + each.put + new[each.end :]
    try:
        root = read(new)
    except Broken as error:
        raise Lost(f"the change would break the file ({error})") from error
    if root is None or data(new, root) != _meant(text, path, value):
        raise Lost("the change would touch more than it means to")
    return new


def _meant(text: str, path: Path, value: Any) -> Any:
    root = read(text)
    whole: dict[str, Any] = data(text, root) if root is not None else {}
    owner = whole
    for name in path[:-1]:
        owner = cast("dict[str, Any]", owner.setdefault(name, {}))
    if value is None:
        del owner[path[-1]]
    else:
        owner[path[-1]] = value
    return whole
