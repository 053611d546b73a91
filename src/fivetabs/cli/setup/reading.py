"""Where everything is in a JSON file with comments: each value and member with its place.

The grammar is JSON's (RFC 8259) and what VS Code allows beyond it: `//` and `/* */` comments,
a comma after the last member, a byte order mark. Places are indices into the text; nothing here
changes a text.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+|//[^\r\n]*|/\*(?:[^*]|\*(?!/))*\*/)
      |(?P<string>"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")
      |(?P<plain>(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)
                 (?![0-9A-Za-z_.+-]))
      |(?P<mark>[{}\[\]:,])""",
    re.VERBOSE,
)
_BOM = "\ufeff"
_DEEPEST = 200
_LONGEST = 4000


class Broken(Exception):  # noqa: N818  (the file is)
    """The text is not JSON: what is wrong, and at which line and column (both from 1)."""

    def __init__(self, text: str, at: int, why: str) -> None:
        self.line, self.column = place(text, at)
        self.why = why
        super().__init__(f"line {self.line}, column {self.column}: {why}")


@dataclass(frozen=True, slots=True)
class Value:
    """One value: `text[start:end]`. `kind` is object, array or plain."""

    start: int
    end: int
    kind: str
    members: tuple["Member", ...] = ()
    items: tuple["Value", ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an object; `start` is its key's first quote, `comma` that of the comma after.

    `comma` is -1 where there is none.
    """

    name: str
    start: int
    value: Value
    comma: int


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    start: int
    end: int


def place(text: str, at: int) -> tuple[int, int]:
    """Line and column of an index, from 1; a carriage return with its line feed is one end."""
    before = text[:at].removeprefix(_BOM).replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def read(text: str) -> Value | None:
    """The value that the text holds; None where it holds only space and comments.

    Raises:
        Broken: If it is not JSON with comments, or nested deeper than 200.
    """
    reader = _Reader(text)
    if reader.now.kind == "end":
        return None
    value = reader.value(0)
    if reader.now.kind != "end":
        raise Broken(text, reader.now.start, "something follows the end of the value")
    return value


def data(text: str, value: Value) -> Any:
    """The value itself; of two members of one name the last counts, as it does for JSON.parse."""
    if value.kind == "object":
        return {each.name: data(text, each.value) for each in value.members}
    if value.kind == "array":
        return [data(text, each) for each in value.items]
    return json.loads(text[value.start : value.end], parse_int=_number)


def _number(digits: str) -> float:
    """Python refuses whole numbers of more than 4,300 digits; JSON does not."""
    return int(digits) if len(digits) < _LONGEST else float(digits)


class _Reader:
    """Reads tokens one after the other; `now` is the one to be read next."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self.now = next(self._tokens)

    def value(self, depth: int) -> Value:
        token = self._take()
        mark = self._text[token.start : token.end]
        if token.kind in {"string", "plain"}:
            return Value(token.start, token.end, "plain")
        if depth == _DEEPEST:
            raise Broken(self._text, token.start, f"nested deeper than {_DEEPEST}")
        if mark == "{":
            return self._object(token.start, depth)
        if mark == "[":
            return self._array(token.start, depth)
        raise Broken(self._text, token.start, f"a value is missing{_before(mark)}")

    def _object(self, start: int, depth: int) -> Value:
        members: list[Member] = []
        while not self._is("}"):
            key = self._take()
            if key.kind != "string":
                raise Broken(self._text, key.start, "a name in double quotes is missing")
            self._expect(":", "a colon is missing after the name")
            name = json.loads(self._text[key.start : key.end])
            value = self.value(depth + 1)
            members.append(Member(name, key.start, value, self._comma("}")))
        return Value(start, self._take().end, "object", members=tuple(members))

    def _array(self, start: int, depth: int) -> Value:
        items: list[Value] = []
        while not self._is("]"):
            items.append(self.value(depth + 1))
            self._comma("]")
        return Value(start, self._take().end, "array", items=tuple(items))

    def _comma(self, closing: str) -> int:
        if self._is(","):
            return self._take().start
        if not self._is(closing):
            self._expect(closing, f"a comma or {closing} is missing")
        return -1

    def _is(self, mark: str) -> bool:
        return self._text[self.now.start : self.now.end] == mark

    def _expect(self, mark: str, why: str) -> None:
        if not self._is(mark):
            why = why if self.now.kind != "end" else f"the file ends too early: {why}"
            raise Broken(self._text, self.now.start, why)
        self._take()

    def _take(self) -> _Token:
        token = self.now
        if token.kind == "end":
            raise Broken(self._text, token.start, "the file ends too early")
        self.now = next(self._tokens)
        return token


def _tokens(text: str) -> Iterator[_Token]:
    """Every token but space and comments, and one that marks the end."""
    at = len(_BOM) if text.startswith(_BOM) else 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise Broken(text, at, _what_is_wrong(text, at))
        if found.lastgroup != "space":
            yield _Token(str(found.lastgroup), at, found.end())
        at = found.end()
    yield _Token("end", at, at)


def spaces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The places of each run of space and of each comment between two tokens."""
    at = start
    while at < end:
        found = _TOKEN.match(text, at, end)
        if found is None or found.lastgroup != "space":
            return
        yield at, found.end()
        at = found.end()


def _before(mark: str) -> str:
    return f" before {mark}" if mark else ""


def _what_is_wrong(text: str, at: int) -> str:
    if text.startswith("/*", at):
        return "a comment does not end"
    if text[at] == '"':
        return "a string does not end on its line, or holds what JSON does not allow"
    shown = text[at] if text[at].isprintable() else f"U+{ord(text[at]):04X}"
    return f"{shown} cannot stand here"
