"""Reading nested fields that the API leaves out when they are empty."""

from collections.abc import Iterator
from typing import Any, cast

from fivetabs.providers.kubernetes.port import Json


def part(raw: Json | None, *names: str) -> Json:
    """The object under these names; an empty one where any of them is absent or null."""
    found: Any = raw
    for name in names:
        found = cast("Json", found or {}).get(name)
    return cast("Json", found or {})


def parts(raw: Json, *names: str) -> tuple[Json, ...]:
    """The objects of a list; none where it is absent or null."""
    *path, last = names
    return tuple(cast("list[Json]", part(raw, *path).get(last) or ()))


def words(raw: Json, *names: str) -> tuple[str, ...]:
    """The texts of a list; none where it is absent or null."""
    *path, last = names
    return tuple(str(each) for each in cast("list[Any]", part(raw, *path).get(last) or ()))


def pairs(raw: Json, *names: str) -> Iterator[tuple[str, str]]:
    """The names and texts of a map, in order of the names."""
    for name, value in sorted(part(raw, *names).items()):
        yield name, str(value)
