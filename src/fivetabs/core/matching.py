"""What a name or plain words may mean: how well they fit one thing's names and traits.

Deterministic and cheap; it knows no house. A whole name wins over a part of one, a part of a name
over a kind, an image or a label, and words that fit nothing score 0.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

EXACT = 1.0
_TOKEN = re.compile(r"[^a-z0-9._:/@-]+")
_PIECE = re.compile(r"[^a-z0-9]+")
_SHORTEST = 1
_SHORTEST_PART = 4
_NAMED, _PIECES, _PART, _TRAIT = 0.9, 0.7, 0.6, 0.4
_SPLIT = re.compile(r"\s+")
_STOP = frozenset(
    _SPLIT.split(
        "a about an and any are at be broken by can cannot crash crashed crashes crashing did "
        "do does down error errors fail failed failing fails fault for from had has have "
        "healthy how i in is it its keep keeps last my no not of off on or our out problem "
        "restarted restarting restarts run running sick slow so start started state status stop "
        "stopped than that the there these this to up was what when where which who why with "
        "work working wrong "
    )
)


@dataclass(frozen=True, slots=True)
class Named:
    """One thing's names (its own first, then aliases) and what else words may say of it."""

    names: tuple[str, ...]
    traits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """A question, read once for many things."""

    whole: str
    tokens: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Words":
        """Lower-cased, without punctuation at the ends of words and without filling words."""
        whole = text.strip().lower()
        parts = (part.strip(".:/@-_") for part in _TOKEN.split(whole))
        return cls(whole, tuple(p for p in parts if len(p) >= _SHORTEST and p not in _STOP))

    def score(self, thing: Named) -> float:
        """From 0 (nothing in common) to 1 (its exact name)."""
        names = [name.lower() for name in thing.names if name]
        if self.whole in names:
            return EXACT
        if any(token in names for token in self.tokens):
            return _NAMED
        if not self.tokens:
            return 0.0
        pieces = {piece for name in names for piece in _PIECE.split(name)}
        traits = {piece for each in thing.traits for piece in _PIECE.split(each.lower())}
        hits = [_hit(token, names, pieces, traits) for token in self.tokens]
        best, fraction = max(hits), sum(map(bool, hits)) / len(hits)
        whole = max(self._share(name) for name in names) if names else 0.0
        return round(best * (0.75 + 0.2 * fraction + 0.05 * whole), 3)

    def _share(self, name: str) -> float:
        """How much of a name the words say: of two that have them all, the shorter is meant."""
        pieces = {piece for piece in _PIECE.split(name) if piece}
        said = {piece for token in self.tokens for piece in _PIECE.split(token)}
        return len(pieces & said) / len(pieces) if pieces else 0.0


def _hit(token: str, names: Iterable[str], pieces: set[str], traits: set[str]) -> float:
    parts = {part for part in _PIECE.split(token) if part}
    if parts <= pieces:
        return _PIECES
    if len(token) >= _SHORTEST_PART and any(token in name for name in names):
        return _PART
    return _TRAIT if parts <= traits or token in traits else 0.0
