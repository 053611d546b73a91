"""Secret values that were seen where they are kept, found again wherever they turn up.

Also percent-encoded, JSON-escaped and inside base64, and where a value's end was cut off.
"""

import base64
import json
import re
from collections.abc import Iterable, Iterator
from string import ascii_letters, digits
from threading import Lock

from fivetabs.core.secrecy.values import is_ordinary

Hit = tuple[int, int, str]
_START = 6
_MOST_VALUES = 2000
_LONGEST_VALUE = 16_384
_MOST_LINES = 200
_SHORT_LINE = 16
_FREE_STANDING = 12
_FEW = 256
_FEWEST_CUT = 8
_UNRESERVED = f"{ascii_letters}{digits}-._~"
_CUT = re.compile(r"\s*(?:…|\.\.\.|\[line cut|$|\n?\x1e)")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]*={0,2}")
_BEHIND = re.compile(r"[A-Za-z0-9+/_-]")


class Known:
    """A bounded set of values; the oldest makes room for the newest."""

    def __init__(self) -> None:
        self._values: dict[str, tuple[str, ...]] = {}
        self._starts: dict[str, tuple[tuple[str, str, bool], ...]] = {}
        self._lock = Lock()

    def learn(self, values: Iterable[str]) -> None:
        """Remember values, but none so short or common that it would hide half of an answer."""
        fresh = [v for whole in values for v in _parts(whole) if v not in self._values]
        fresh = [value for value in fresh if not is_ordinary(value)]
        if not fresh:
            return
        with self._lock:
            for value in fresh:
                self._values[value] = ()
            while len(self._values) > _MOST_VALUES:
                del self._values[next(iter(self._values))]
            self._starts = _indexed(self._values)

    def found_in(self, text: str) -> Iterator[Hit]:
        """Each place of a value, with the value itself, whatever form it has there."""
        starts = self._starts
        for at in _candidates(text, starts):
            for form, value, packed in starts.get(text[at : at + _START], ()):
                end = _end(text, at, form)
                if end and packed:
                    yield *_whole_run(text, at, end), value
                elif end and (len(form) >= _FREE_STANDING or _stands_free(text, at, end)):
                    yield at, end, value


def _parts(value: str) -> Iterator[str]:
    """The value, and of one with several lines each that is long enough to be telling."""
    value = value.strip()[:_LONGEST_VALUE]
    yield value
    lines = value.splitlines() if "\n" in value else ()
    for line in lines[:_MOST_LINES]:
        if len(line.strip()) >= _SHORT_LINE and not line.startswith("-----"):
            yield line.strip()


def _indexed(values: Iterable[str]) -> dict[str, tuple[tuple[str, str, bool], ...]]:
    index: dict[str, tuple[tuple[str, str, bool], ...]] = {}
    for value in values:
        for form, packed in _forms(value):
            start = form[:_START]
            index[start] = (*index.get(start, ()), (form, value, packed))
    return index


def _forms(value: str) -> Iterator[tuple[str, bool]]:
    """How the value may be written; True for its place within base64."""
    once = json.dumps(value)[1:-1]
    plain = {
        value,
        _percent(value, ""),
        _percent(value, "/"),
        _percent(value, " ").replace(" ", "+"),
        once,
        json.dumps(once)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
    }
    yield from ((form, False) for form in sorted(plain))
    raw = value.encode("utf-8", "replace")
    packed = {each for shift in range(3) for each in _packed(raw, shift)}
    yield from ((form, True) for form in sorted(packed) if len(form) > _START + 1)


def _percent(value: str, safe: str) -> str:
    """RFC 3986 percent-encoding of all but unreserved characters and `safe`."""
    kept = frozenset(f"{_UNRESERVED}{safe}".encode())
    raw = value.encode("utf-8", "replace")
    return "".join(chr(byte) if byte in kept else f"%{byte:02X}" for byte in raw)


def _packed(raw: bytes, shift: int) -> Iterator[str]:
    """The characters of base64 that depend on these bytes alone, `shift` bytes into a group."""
    whole = base64.b64encode(b"\0" * shift + raw).decode()
    inner = whole[(0, 2, 3)[shift] : (shift + len(raw)) * 8 // 6]
    yield inner
    yield inner.replace("+", "-").replace("/", "_")


def _candidates(text: str, starts: dict[str, tuple[tuple[str, str, bool], ...]]) -> Iterator[int]:
    if len(starts) > _FEW:
        yield from (at for at in range(len(text) - _START + 1) if text[at : at + _START] in starts)
        return
    for start in starts:
        at = text.find(start)
        while at >= 0:
            yield at
            at = text.find(start, at + 1)


def _end(text: str, at: int, form: str) -> int:
    """Where the form ends that begins here, be it cut off; 0 where it does not stand here."""
    if text.startswith(form, at):
        return at + len(form)
    low, high = _START, min(len(form), len(text) - at)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if text.startswith(form[:middle], at) else (low, middle - 1)
    return at + low if low >= _FEWEST_CUT and _CUT.match(text, at + low) else 0


def _whole_run(text: str, at: int, end: int) -> tuple[int, int]:
    """All of the base64 around: what else it holds cannot be shown without the secret's edges."""
    while at and _BEHIND.match(text, at - 1):
        at -= 1
    run = _BASE64.match(text, end)
    return at, run.end() if run else end


def _stands_free(text: str, at: int, end: int) -> bool:
    return not text[at - 1 : at].isalnum() and not text[end : end + 1].isalnum()
