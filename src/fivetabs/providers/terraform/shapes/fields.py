"""The difference between two values, attribute by attribute, with what is sensitive masked."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from fivetabs.providers.terraform.shapes.masks import any_marked, hidden
from fivetabs.providers.terraform.shapes.values import (
    BRIEF,
    SENSITIVE,
    UNKNOWN,
    place,
    show_both,
    show_path,
    worded_both,
)

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute before and after; `forces` when it forces the replacement."""

    path: str
    before: str
    after: str
    forces: bool = False

    def __str__(self) -> str:
        return f"{place(self.path)}: {worded_both(self.before, self.after)}"


@dataclass(frozen=True, slots=True)
class Sides:
    """One value on both sides of a change, with Terraform's marks for it."""

    before: Any
    after: Any
    unknown: Any = None
    marks: tuple[Any, Any] = (None, None)

    @property
    def keys(self) -> tuple[str | int, ...] | None:
        """The keys to descend by; None when this is a leaf or cannot be matched part by part."""
        both = (self.before, self.after)
        if any(isinstance(side, Mapping) for side in both):
            sides = (*both, self.unknown)
            if all(side is None or isinstance(side, (Mapping, bool)) for side in sides):
                found = (cast("Mapping[str, Any]", s) for s in sides if isinstance(s, Mapping))
                return tuple(sorted({key for side in found for key in side}))
        if all(isinstance(side, list) for side in both):
            one, two = cast("list[Any]", self.before), cast("list[Any]", self.after)
            if len(one) == len(two) and (any_marked(list(self.marks)) or _nested(one + two)):
                return tuple(range(len(one)))
        return None

    def at(self, key: str | int) -> "Sides":
        """The same of one part."""
        return Sides(
            _at(self.before, key),
            _at(self.after, key),
            _at(self.unknown, key),
            (_at(self.marks[0], key), _at(self.marks[1], key)),
        )


def differences(sides: Sides, path: Path = ()) -> Iterator[tuple[Path, Sides]]:
    """Every part that differs, or that will be known only after apply. Nothing is masked yet."""
    keys = None if sides.unknown is True or True in sides.marks else sides.keys
    if keys is not None:
        for key in keys:
            yield from differences(sides.at(key), (*path, key))
    elif sides.before != sides.after or any_marked(sides.unknown):
        yield path, sides


def parse_field(
    path: Path,
    sides: Sides,
    secrets: frozenset[str],
    forcing: Container[str] = (),
    *,
    longest: int = BRIEF,
) -> Field:
    """One difference as text, masked; `forcing` are the paths that force a replacement.

    A value is told with at most `longest` characters.
    """
    before, after = _shown(sides, path, secrets, longest)
    unknown = any_marked(sides.unknown)
    return Field(show_path(path), before, UNKNOWN if unknown else after, forces(path, forcing))


def forces(path: Path, forcing: Container[str]) -> bool:
    """Whether a path, or one above it, is among those that force a replacement."""
    return any(show_path(path[:length]) in forcing for length in range(1, len(path) + 1))


def _shown(sides: Sides, path: Path, secrets: frozenset[str], longest: int) -> tuple[str, str]:
    masked = any(any_marked(mark) for mark in sides.marks)
    names = [step for step in path if isinstance(step, str)]
    name = names[-1] if names else ""
    for value in (sides.before, sides.after):
        masked = masked or hidden(name, value, secrets) or _holds_secret(value, secrets)
    if not masked:
        return show_both(sides.before, sides.after, longest)
    before, after = ("null" if each is None else SENSITIVE for each in (sides.before, sides.after))
    return before, after


def _holds_secret(value: Any, secrets: frozenset[str]) -> bool:
    if isinstance(value, Mapping):
        parts = cast("Mapping[str, Any]", value).items()
        return any(hidden(k, v, secrets) or _holds_secret(v, secrets) for k, v in parts)
    if isinstance(value, list):
        items = cast("list[Any]", value)
        return any(hidden("", v, secrets) or _holds_secret(v, secrets) for v in items)
    return False


def _nested(items: list[Any]) -> bool:
    return any(isinstance(item, (Mapping, list)) for item in items)


def _at(value: Any, key: str | int) -> Any:
    if isinstance(value, Mapping):
        return cast("Mapping[Any, Any]", value).get(key)
    if isinstance(value, list) and isinstance(key, int):
        items = cast("list[Any]", value)
        return items[key] if key < len(items) else None
    return value if value is True else None
