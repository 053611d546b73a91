"""Marks of `core.quoting` taken out of a text before secrets are looked for, and put back after.

A mark inside a secret would hide it from every rule, so rules see the text as it will be read.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fivetabs.core.quoting import CLOSE, HIDE, OPEN, SHOW

_ALL = frozenset((OPEN, CLOSE, HIDE, SHOW))
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Lifted:
    """A text without marks, where its quotes began and ended, and what was marked as secret."""

    text: str
    quotes: tuple[tuple[int, str], ...] = ()
    hidden: tuple[Span, ...] = ()

    def put_back(self, replaced: Iterable[tuple[int, int, str]]) -> str:
        """The text with spans replaced and its quotes where they were; spans in order, apart."""
        return "".join(self._pieces(replaced))

    def _pieces(self, replaced: Iterable[tuple[int, int, str]]) -> Iterator[str]:
        """A quote that began or ended inside a secret does so right behind its marker."""
        at = done = 0
        size = len(self.text)
        for start, end, instead in (*replaced, (size, size, "")):
            while done < len(self.quotes) and self.quotes[done][0] <= start:
                place, mark = self.quotes[done]
                yield self.text[at:place]
                yield mark
                at, done = max(at, place), done + 1
            yield self.text[at:start]
            yield instead
            at = end


def lifted(text: str) -> Lifted:
    """Take the marks out. A secret whose end was cut off reaches to the end of the text."""
    if text.isascii() or _ALL.isdisjoint(text):
        return Lifted(text)
    kept: list[str] = []
    quotes: list[tuple[int, str]] = []
    hidden: list[Span] = []
    begun: int | None = None
    for character in text:
        match character:
            case "\ue000" | "\ue001":
                quotes.append((len(kept), character))
            case "\ue002":
                begun = len(kept) if begun is None else begun
            case "\ue003":
                if begun is not None and begun < len(kept):
                    hidden.append((begun, len(kept)))
                begun = None
            case _:
                kept.append(character)
    if begun is not None and begun < len(kept):
        hidden.append((begun, len(kept)))
    return Lifted("".join(kept), tuple(quotes), tuple(hidden))
