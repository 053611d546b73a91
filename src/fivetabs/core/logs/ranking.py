"""Templates put together where only a name varies, and in the order in which they tell most."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from fivetabs.core.logs.clusters import Kind
from fivetabs.core.logs.levels import ERROR, WARNING
from fivetabs.core.logs.shapes import ANY

_SIBLINGS = 8
"""So many shapes that differ in one word only: that word is a parameter."""

_WORDS = 4
_MOST_WORDS = 24
FEW, _AMONG = 3, 500
"""A template is rare when it was seen at most so often among at least so many entries."""


def united(kinds: Iterable[Kind]) -> list[Kind]:
    """The templates, those of equal words as one, and those that differ in a parameter only."""
    same: dict[str, list[Kind]] = defaultdict(list)
    for kind in kinds:
        same[kind.words].append(kind)
    return _siblings([_sum(several, words) for words, several in same.items()])


def _siblings(kinds: Sequence[Kind]) -> list[Kind]:
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    split = [kind.words.split() for kind in kinds]
    for index, words in enumerate(split):
        if _WORDS <= len(words) <= _MOST_WORDS:
            for place in range(1, len(words)):
                groups[place, *words[:place], *words[place + 1 :]].append(index)
    gone: set[int] = set()
    made: list[Kind] = []
    for key, members in sorted(groups.items(), key=lambda item: -len(item[1])):
        left = [index for index in members if index not in gone]
        if len(left) < _SIBLINGS:
            continue
        place = int(str(key[0]))
        words = list(split[left[0]])
        words[place] = ANY
        gone.update(left)
        made.append(_sum([kinds[index] for index in left], " ".join(words)))
    return [kind for index, kind in enumerate(kinds) if index not in gone] + made


def _sum(several: Sequence[Kind], words: str) -> Kind:
    first = min(several, key=lambda kind: (kind.first is None, kind.first))
    if len(several) == 1:
        return first
    last = [kind.last for kind in several if kind.last is not None]
    return Kind(
        words,
        first.level,
        any(kind.odd for kind in several),
        first.example,
        first.first,
        max(last, default=None),
        sum(kind.count for kind in several),
        any(kind.old for kind in several),
        first.before,
        first.after,
    )


def ranked(kinds: Iterable[Kind], entries: int, *, fresh: bool) -> list[Kind]:
    """Errors first, then what is odd, rare or new; of each the rare before the frequent."""

    def order(kind: Kind) -> tuple[int, bool, int, float]:
        new = fresh and not kind.old
        return rank(kind, entries, new=new), not new, kind.count, -_seconds(kind.last)

    return sorted(kinds, key=order)


def rank(kind: Kind, entries: int, *, new: bool) -> int:
    """0 for errors, 5 for what is usual."""
    if kind.level == ERROR:
        return 0
    if kind.odd:
        return 1
    if is_rare(kind.count, entries):
        return 2
    if new:
        return 3
    return 4 if kind.level == WARNING else 5


def is_rare(count: int, entries: int) -> bool:
    """Whether it was seen once or a few times among very many."""
    return count <= FEW and entries >= _AMONG


def _seconds(when: datetime | None) -> float:
    return when.timestamp() if when else 0.0
