"""Lists of one kind, page by page, each within its time; what does not come is said."""

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any, TypeVar

from fivetabs.core import Fault
from fivetabs.providers.kubernetes.port import Cluster, Json, path_to
from fivetabs.providers.kubernetes.shapes.fields import part, parts
from fivetabs.providers.kubernetes.shapes.snapshot import Shelf
from fivetabs.providers.kubernetes.shapes.things import Kind, Thing
from fivetabs.providers.kubernetes.tools.reading import Gaps, in_turns

T = TypeVar("T")

MALFORMED = (KeyError, TypeError, AttributeError, ValueError)
_SECONDS = 8.0
_PAGE = 500
_PAGES = 20


async def pages(cluster: Cluster, kind: Kind[Any], namespace: str, gaps: Gaps) -> Shelf:
    """Read page by page: one ConfigMap may have a megabyte."""
    path, found, after = path_to(kind.resource, namespace), list[Thing](), ""
    for _ in range(_PAGES):
        more = {"continue": after} if after else {}
        page = await cluster.get(path, limit=str(_PAGE), **more)
        found += await shelf_of(kind, parts(page, "items"), gaps)
        after = part(page, "metadata").get("continue") or ""
        if not after:
            return tuple(found)
    raise Fault(f"there are more than {_PAGE * _PAGES}; none was read")


async def shelf_of(kind: Kind[Any], raws: Sequence[Json], gaps: Gaps) -> Shelf:
    """Objects read into their shape, by namespace and name; others have their turn meanwhile.

    One that lacks what the API asks of it (of a record, of a server that validates nothing) is
    left out, and said.
    """
    found: list[Thing] = []
    async for several in in_turns(raws):
        for raw in several:
            try:
                found.append(kind.parse(raw))
            except MALFORMED as error:
                gaps.told.append(f"{kind.resource.plural}: {misread(raw, error)}")
    return tuple(sorted(found, key=lambda each: (each.namespace, each.name)))


def misread(raw: Json, error: Exception) -> str:
    """Which object could not be understood, and why."""
    about = part(raw, "metadata")
    where = f"{about.get('namespace')}/" if about.get("namespace") else ""
    return f"{where}{about.get('name') or 'one'} is malformed ({type(error).__name__}: {error})"


async def allow(what: str, reading: Awaitable[T], gaps: Gaps) -> T | None:
    """The result, or None with a word in `gaps` where this one read does not succeed in time."""
    try:
        async with asyncio.timeout(_SECONDS):
            return await reading
    except Fault as fault:
        gaps.told.append(f"{what}: {fault.status}: {fault}")
    except TimeoutError:
        gaps.told.append(f"{what}: not read within {_SECONDS:g} s")
    return None
