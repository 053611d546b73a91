"""A bounded memory of the secrets that came by."""

from collections.abc import Iterable, Iterator

_MOST = 2000
_LONGEST = 16_384


class Seen:
    """Secret values, oldest first. One past the bound pushes out the oldest."""

    __slots__ = ("_values",)

    def __init__(self) -> None:
        self._values: dict[str, None] = {}

    def note(self, values: Iterable[str]) -> None:
        """Remember values; long ones, such as whole files, are left to the rules that know them."""
        for value in values:
            if value and len(value) <= _LONGEST:
                self._values[value] = None
        while len(self._values) > _MOST:
            del self._values[next(iter(self._values))]

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._values))

    def __repr__(self) -> str:
        return "Seen()"
