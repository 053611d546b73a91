"""`python -m bench.redaction`: recall by kind, false alarms and time a line, over `tests/corpus`.

The library's detectors and the house's own rules are measured alone and together, so that each
can be judged by what it adds.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from statistics import median
from time import perf_counter, process_time

from fivetabs.app.redact.detection import found_in
from fivetabs.app.redact.engine import Detect, Engine
from fivetabs.app.redact.library import listed
from tests.corpus import Planted, lookalikes, planted
from tests.corpus.judging import leaked

_KEY = b"a key of this measurement"
_ROUNDS = 5
_LINES_A_TEXT = 100
_PLAIN = "2026-03-14T09:26:53.{0}Z INFO orders-api: request {0} took 12 ms, 3 items, user anna"
_TOKENS, _CHARACTERS_A_TOKEN = 8000, 4


def main() -> int:
    """Print the figures; 1 when a secret was shown or a look-alike hidden."""
    started = perf_counter()
    engine = Engine(_KEY)
    engine.text("a first line")
    print(f"rules loaded in {perf_counter() - started:.2f} s")
    missed = [each for each in planted() if leaked(each, engine.text(each.text))]
    hidden = [each for each in lookalikes() if engine.text(each.text) != each.text]
    _print_recall(missed)
    for name, detectors in _ALONE:
        _print_alone(name, Engine(_KEY, detectors))
    for each in hidden:
        print(f"false alarm: {each.kind}: {engine.text(each.text)}")
    kinds = len({each.kind for each in lookalikes()})
    print(f"false alarms: {len(hidden)} of {len(lookalikes())} look-alikes of {kinds} kinds")
    _print_times(engine)
    return 1 if missed or hidden else 0


_ALONE: tuple[tuple[str, Sequence[Detect]], ...] = (
    ("the library alone", (listed,)),
    ("the house's rules alone", (found_in,)),
)


def _print_recall(missed: Iterable[Planted]) -> None:
    lost, all_of = Counter(each.kind for each in missed), Counter(e.kind for e in planted())
    secrets = {secret for each in planted() for secret in each.secrets}
    for kind, count in all_of.items():
        print(f"{kind:45} {count - lost[kind]:4} of {count:4}")
    shown = sum(lost.values())
    print(f"{'all kinds':45} {all_of.total() - shown:4} of {all_of.total():4}", end="")
    print(f" texts with {len(secrets)} secrets of {len(all_of)} kinds")


def _print_alone(name: str, engine: Engine) -> None:
    alone = [each for each in planted() if each.around.startswith("alone")]
    for what, texts in (("all", planted()), ("told by form", alone)):
        found = sum(not leaked(each, engine.text(each.text)) for each in texts)
        print(f"{name}, {what}: {found} of {len(texts)} ({found / len(texts):.0%})")


def _print_times(engine: Engine) -> None:
    lines = [line for each in lookalikes() for line in each.text.splitlines()]
    log = "\n".join(lines[:_LINES_A_TEXT])
    one = _seconds(lambda: [engine.text(line) for line in lines]) / len(lines)
    many = _seconds(lambda: engine.text(log)) / _LINES_A_TEXT
    size = _TOKENS * _CHARACTERS_A_TOKEN
    worst = ("\n".join(lines) * 10)[:size]
    plain = "\n".join(map(_PLAIN.format, range(1000, 2000)))[:size]
    print(f"a line by itself: {one * 1e6:.0f} us; in a log of {_LINES_A_TEXT}: {many * 1e6:.0f} us")
    for what, text in (("plain log lines", plain), ("look-alikes", worst)):
        took = _seconds(lambda text=text: engine.text(text))
        print(f"an answer of {_TOKENS} tokens, all {what}: {took * 1e3:.1f} ms")


def _seconds(work: Callable[[], object]) -> float:
    """CPU seconds, the median of some rounds."""

    def once() -> float:
        started = process_time()
        work()
        return process_time() - started

    return median(once() for _ in range(_ROUNDS))


if __name__ == "__main__":
    sys.exit(main())
