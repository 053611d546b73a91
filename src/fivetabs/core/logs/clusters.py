"""The templates of a log as it is read: each entry is counted under exactly one of them.

Equal-shaped lines do not pay for the tree. Three bounded caches stand before it: by the line
without its digits, by the line with holes for its values, and by its shape. Where numbers mean
something (a status, an exit code), they are part of the key.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeVar

from fivetabs.core.logs.levels import ERROR, WARNING
from fivetabs.core.logs.shapes import ANY, Shape, Shaper, digitless, masked
from fivetabs.core.logs.trees import Place, plant

K = TypeVar("K")
V = TypeVar("V")

MOST_KINDS = 3000
_CACHED = 8192
_LONGEST_KEY = 1024
_KEPT = 400
_CHAOS = 40_000
"""After so many trips to the tree, most of which made a new cluster, the log has no shapes; where
they are no errors, after half as many."""


@dataclass(slots=True, eq=False)
class Kind:
    """Entries of one shape, while they are counted. `old`: one came before the rollout."""

    words: str
    level: str
    odd: bool
    example: bytes
    first: datetime | None
    last: datetime | None
    count: int = 0
    old: bool = False
    before: bytes = b""
    after: bytes = b""


Known = Kind | Literal[True]


@dataclass(slots=True)
class Clusters:
    """All templates so far; `rest` counts entries of no common shape that could not be kept."""

    shaper: Shaper = field(default_factory=Shaper)
    kinds: dict[int, Kind] = field(default_factory=dict[int, Kind])
    rest: int = 0
    trips: int = 0
    _made: int = 0
    _quick: dict[bytes, Known] = field(default_factory=dict[bytes, "Known"])
    _holed: dict[bytes, Known] = field(default_factory=dict[bytes, "Known"])
    _exact: dict[tuple[bytes, str], Kind] = field(default_factory=dict[tuple[bytes, str], Kind])
    _shaped: dict[str, Kind] = field(default_factory=dict[str, Kind])
    _place: Place | None = None

    def find(self, entry: bytes, when: datetime | None) -> Kind | None:
        """The template of an entry; None where the log has no shapes and nothing is kept.

        A template that is new has a count of 0: counting is the caller's.
        """
        key = digitless(entry)
        known = self._quick.get(key)
        if known is not None and known is not True:
            return known
        numbers = self.shaper.numbers(entry) if known else None
        kind = None if numbers is None else self._exact.get((key, numbers))
        if kind is not None:
            return kind
        mask = masked(entry)
        known = self._holed.get(mask)
        if known is None or known is True:
            numbers = self.shaper.numbers(entry) if numbers is None else numbers
            known = None if numbers is None else self._exact.get((mask, numbers))
        kind = known or self._by_shape(self.shaper.shape(entry, mask, numbers), entry, when)
        if kind is not None and len(key) < _LONGEST_KEY:
            self._remember((key, mask), numbers, kind)
        return kind

    def _remember(self, keys: tuple[bytes, bytes], numbers: str | None, kind: Kind) -> None:
        """True under a key: its lines differ in numbers that mean something."""
        for cache, key in zip((self._quick, self._holed), keys, strict=True):
            _put(cache, key, kind if numbers is None else True)
            if numbers is not None:
                _put(self._exact, (key, numbers), kind)

    def _by_shape(self, shape: Shape, entry: bytes, when: datetime | None) -> Kind | None:
        kind = self._shaped.get(shape.words)
        if kind is not None:
            return kind
        most = _CHAOS if shape.level == ERROR else _CHAOS // 2
        if self.trips > most and 2 * self._made > self.trips:
            return None
        self._place = self._place or plant(ANY, self._count)
        self.trips += 1
        number, words = self._place(shape.words)
        kind = self.kinds.get(number)
        if kind is None:
            self._made += 1
            if len(self.kinds) >= MOST_KINDS:
                self._shed()
            example = b"\n".join(part[:_KEPT] for part in entry.split(b"\n", 1))
            kind = self.kinds[number] = Kind(words, shape.level, shape.odd, example, when, when)
        kind.words = words
        _put(self._shaped, shape.words, kind)
        return kind

    def _count(self, number: int) -> int:
        kind = self.kinds.get(number)
        return kind.count if kind else 0

    def _shed(self) -> None:
        """Forget the half that tells least: single lines of no level, the oldest of them first."""
        order = sorted(self.kinds, key=lambda n: (*_worth(self.kinds[n]), n))
        for number in order[: MOST_KINDS // 2]:
            self.rest += self.kinds.pop(number).count
        self._quick.clear()
        self._holed.clear()
        self._exact.clear()
        self._shaped.clear()


def _worth(kind: Kind) -> tuple[int, int]:
    return (2 if kind.level == ERROR else 1 if kind.odd or kind.level == WARNING else 0), kind.count


def _put(cache: dict[K, V], key: K, kind: V) -> None:
    if len(cache) >= _CACHED:
        cache.clear()
    cache[key] = kind
