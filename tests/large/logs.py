"""Logs of a million lines, made as they are read: nobody ever holds one.

Some forty kinds of line, as servers write them, and one odd line that occurs once: the needle.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

MILLION = 1_000_000
NEEDLE_AT = 617_283
NEEDLE = "vault seal broken: refusing to sign settlement 7731"
END = datetime(2026, 3, 12, 10, 13, tzinfo=UTC)
_STEP = timedelta(milliseconds=50)
_PIECE = 1000
_MIX = 2_654_435_761
_TEMPLATES = (
    "INFO  GET /products/{a} 200 {b}ms",
    "INFO  GET /carts/{a} 200 {b}ms",
    "INFO  POST /orders 201 {b}ms order={a}",
    "INFO  cache hit ratio {b}% over {a} lookups",
    "INFO  session {a} renewed for user {b}",
    "DEBUG pool size {b} idle {a}",
    "INFO  published event {a} to topic orders partition {b}",
    "INFO  consumed offset {a} partition {b}",
    "INFO  healthz ok in {b}ms",
    "WARN  slow query {a} took {b}00ms",
    "INFO  flushed {b} metrics",
    "INFO  compacted segment {a} in {b}ms",
)
_RARE = (
    (9_973, "WARN  retrying upstream payments attempt {b} of 5"),
    (49_999, "ERROR timeout after {b}000ms calling inventory for sku {a}"),
    (99_991, "ERROR deadlock detected on table stock row {a}, retried"),
)


def line(number: int, count: int = MILLION) -> str:
    """The line of this number, of a log of so many."""
    if number == needle_at(count):
        return f"{_stamp(number, count)} CRIT  {NEEDLE}"
    mixed = number * _MIX & 0xFFFFFFFF
    template = _TEMPLATES[(mixed >> 16) % len(_TEMPLATES)]
    for every, rare in _RARE:
        if number % every == every - 1:
            template = rare
    return f"{_stamp(number, count)} {template.format(a=mixed % 100_000, b=mixed >> 24 & 63)}"


def needle_at(count: int = MILLION) -> int:
    """Where the needle is in a log of so many lines."""
    return NEEDLE_AT * count // MILLION


def lines(count: int = MILLION, first: int = 0) -> Iterator[str]:
    """The lines from `first` on."""
    return (line(number, count) for number in range(first, count))


def chunks(count: int = MILLION, first: int = 0) -> Iterator[bytes]:
    """The same as the bytes of a stream, in pieces of a thousand lines."""
    for start in range(first, count, _PIECE):
        piece = (line(n, count) for n in range(start, min(start + _PIECE, count)))
        yield ("\n".join(piece) + "\n").encode()


def at(number: int, count: int = MILLION) -> datetime:
    """When a line of so many was written: the last one at 10:13, twenty a second."""
    return END - (count - number) * _STEP


def _stamp(number: int, count: int) -> str:
    return f"{at(number, count):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
