"""Secrets out of everything that is said: known ones, marked ones, and those that a rule finds."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from fivetabs.app.redact.cleaning import clean
from fivetabs.app.redact.cuts import behind_cuts
from fivetabs.app.redact.detection import Span, found_in, in_order
from fivetabs.app.redact.encoded import BETWEEN
from fivetabs.app.redact.known import Known
from fivetabs.app.redact.library import listed
from fivetabs.app.redact.markers import Markers, outside_markers
from fivetabs.app.redact.marks import Lifted, lifted
from fivetabs.app.redact.walking import walked
from fivetabs.core import Answer
from fivetabs.core.secrecy import Secrecy, hides

A = TypeVar("A", bound=Answer)
Detect = Callable[[str], Iterable[Span]]
Place = tuple[str, Secrecy]
_SHORTEST = 4


class Engine:
    """What a `Redactor` does, once it is asked for the first time."""

    def __init__(self, key: bytes, detectors: Sequence[Detect] = (found_in, listed)) -> None:
        self._markers = Markers(key)
        self._known = Known()
        self._detectors = tuple(detectors)

    def learn(self, values: Iterable[str]) -> None:
        """Take these values for secrets from now on."""
        self._known.learn(values)

    def text(self, text: str) -> str:
        """One text, cleaned and without secrets."""
        place = (text, Secrecy.NONE)
        return self._shown((place,))[place]

    def answer(self, answer: A) -> A:
        """The answer with every string treated, and each value that its name makes secret."""
        places: dict[Place, None] = {}

        def note(text: str, said: Secrecy) -> str:
            places[text, said] = None
            return text

        walked(answer, note)
        shown = self._shown(tuple(places))
        return walked(answer, lambda text, said: _same_or(shown[text, said], text))

    def _shown(self, places: Sequence[Place]) -> dict[Place, str]:
        """Each text as it may be shown. They are looked at together: that is much faster."""
        raised = [lifted(clean(text)) for text, _ in places]
        marked = [each.text[a:b] for each in raised for a, b in each.hidden]
        if marked:
            self._known.learn(marked)
        long = [at for at, each in enumerate(raised) if len(each.text) >= _SHORTEST]
        found = self._found([raised[at].text for at in long])
        spans: dict[int, list[tuple[int, int, str]]] = dict(zip(long, found, strict=True))
        return {
            place: self._told(raised[at], place[1], spans.get(at, []))
            for at, place in enumerate(places)
        }

    def _found(self, texts: Sequence[str]) -> list[list[tuple[int, int, str]]]:
        """For each text where secrets stand, and the value where another form of it stands."""
        whole = BETWEEN.join(texts)
        starts = [0]
        for text in texts[:-1]:
            starts.append(starts[-1] + len(text) + len(BETWEEN))
        per_text: list[list[tuple[int, int, str]]] = [[] for _ in texts]
        for start, end, value in self._hits(whole):
            first = bisect_right(starts, start) - 1
            for at in range(first, bisect_right(starts, end - 1)):
                a = max(start - starts[at], 0)
                b = min(end - starts[at], len(texts[at]))
                if a < b:
                    per_text[at].append((a, b, value))
        return per_text

    def _hits(self, text: str) -> Iterator[tuple[int, int, str]]:
        known = tuple(self._known.found_in(text))
        shaped = tuple(span for detect in self._detectors for span in detect(text))
        yield from known
        cut = behind_cuts(text, (*shaped, *((start, end) for start, end, _ in known)))
        yield from ((start, end, "") for start, end in (*shaped, *cut))

    def _told(self, raised: Lifted, said: Secrecy, found: list[tuple[int, int, str]]) -> str:
        text = raised.text
        hits = [*found, *((a, b, "") for a, b in raised.hidden)]
        if said and text.strip() and hides(text, said):
            hits.append((0, len(text), ""))
        if not hits:
            return raised.put_back(()) if raised.quotes else text
        known = {(a, b): value for a, b, value in hits if value}
        replaced = [
            (a, b, self._markers.of(known.get((a, b), text[a:b])))
            for start, end in in_order((a, b) for a, b, _ in hits)
            for a, b in outside_markers(text, start, end)
        ]
        return raised.put_back(replaced)


def _same_or(shown: str, text: str) -> str:
    """The very text where nothing changed, so that what holds it need not be copied."""
    return text if shown == text else shown
