"""Reading parsed JSON whose parts may be absent or null."""

from collections.abc import Mapping
from typing import Any, cast


def mapping(raw: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    """The object under these keys; empty where there is none."""
    for key in path:
        raw = cast("Mapping[str, Any]", raw.get(key) or {})
    return raw


def items(raw: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The list of objects under a key; empty where there is none."""
    return cast("list[Mapping[str, Any]]", raw.get(key) or [])
