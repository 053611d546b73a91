"""The secrets that an engine's answers hold: variables, labels, flags, health checks."""

from collections.abc import Iterator
from typing import Any

from fivetabs.core.secrecy import secrets_of

_HOLDING = ("Config", "Args", "Path", "Spec", "Labels", "Command")


def secrets_in(raw: Any) -> Iterator[str]:
    """Secret values of what one of the reads answered: a container, or rows of several."""
    for each in raw if isinstance(raw, list) else (raw,):  # pyright: ignore[reportUnknownVariableType]
        if isinstance(each, dict):
            yield from secrets_of({name: each[name] for name in _HOLDING if name in each})
