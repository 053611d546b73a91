"""Values that are secret because of the name before them, however name and value are joined.

`NAME=value`, `name: value`, `"name": "value"`, `--name value`, `"--name", "value"`, `<name>value<`,
`name "value"` and a value on the line below its name. Names are found by RE2 in one pass; what
follows each is read from a slice of bounded length, so the time is linear whatever the text is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fivetabs.app.redact.grammar import (
    BARE,
    BLOCK,
    INDEXED,
    JOINT,
    NAMES,
    NEXT_LINE,
    PROSE_AFTER,
    QUOTED,
    QUOTED_AGAIN,
    REACH,
    TAG,
    TO_LINE_END,
)
from fivetabs.app.redact.patterns import pattern
from fivetabs.core.secrecy import Secrecy, hides, secrecy
from fivetabs.core.secrecy.values import is_object_name, is_placeholder, is_random
from fivetabs.core.secrecy.words import DIRECTIVES

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Name:
    text: str
    start: int
    end: int
    said: Secrecy
    flag: bool
    quoted: bool
    env: bool


def assigned(text: str) -> Iterator[Span]:
    """Where the values of telling names stand."""
    past = 0
    for found in pattern(NAMES).finditer(text):
        start, end = found.span()
        if start < past:
            continue
        name = _name(text, start, end)
        if name is None:
            continue
        for span in _values(text, name):
            past = max(past, span[1])
            yield span


def _name(text: str, start: int, end: int) -> _Name | None:
    raw = text[start:end]
    said = secrecy(raw)
    if " " in raw and said < Secrecy.KEY:
        raw = raw.split(" ")[0]
        end = start + len(raw)
        said = secrecy(raw)
    if said is Secrecy.NONE:
        return None
    bare = raw.lstrip("-")
    before = text[start - 1 : start]
    if before == ":" and text[end : end + 1] == ":":
        return None  # A part of an ARN.
    return _Name(
        text=bare,
        start=start,
        end=end,
        said=said,
        flag=raw.startswith("-") or before == "-",
        quoted=before in {'"', "'", "`"},
        env=(bare.isupper() and "-" not in bare) or (bare == "pass" and before in {'"', "'"}),
    )


def _values(text: str, name: _Name) -> Iterator[Span]:
    joint = JOINT.match(text, name.end, name.end + 80)
    if joint is None:
        return
    if joint["sign"] is not None and (below := _below(text, joint.end(), name)):
        yield below
        return
    if joint["tag"] is not None:
        yield from _kept(TAG.match(text, joint.end(), joint.end() + REACH), name)
        return
    quoted = QUOTED.match(text, joint.end(), joint.end() + REACH)
    if quoted is not None:
        yield from _of_quoted(text, name, joint, quoted)
    elif joint["sign"] is not None or (joint["word"] is not None and name.flag):
        yield from _of_bare(text, name, joint)
    elif joint["word"] is not None:
        yield from _of_prose(text, name, joint)


def _below(text: str, at: int, name: _Name) -> Span | None:
    """A value on the line below, or a block of lines."""
    for form in (BLOCK, NEXT_LINE):
        found = form.match(text, at, at + REACH)
        if found is not None:
            value = found["inside"]
            return found.span("inside") if _hides(value, name, prose=True) else None
    return None


def _of_quoted(
    text: str, name: _Name, joint: re.Match[str], quoted: re.Match[str]
) -> Iterator[Span]:
    if joint["comma"] is not None and not name.flag:
        return
    if joint["word"] is not None and not name.flag and not _told(quoted["inside"], name):
        return
    sign = (joint["sign"] or "").strip()
    if sign == ":=" and name.said < Secrecy.KEY:
        return
    yield from _kept(quoted, name)
    yield from _kept(QUOTED_AGAIN.match(text, quoted.end(), quoted.end() + REACH), name)


def _of_bare(text: str, name: _Name, joint: re.Match[str]) -> Iterator[Span]:
    sign = (joint["sign"] or "").strip()
    if sign in {":=", "=>", "->"} and name.said < Secrecy.KEY:
        return
    if sign == "" and (joint["word"].strip() or text[joint.end() : joint.end() + 1] == "-"):
        return  # `--auth to limit`, `--password-stdin --tty`
    whole = _whole_line(text, name, joint)
    bare = whole or BARE.match(text, joint.end(), joint.end() + REACH)
    if bare is None:
        return
    start, end = bare.span("inside" if whole is None else 0)
    value = _trimmed(text[start:end]) if whole is None else text[start:end].rstrip()
    if whole is None and _is_code(text, name, value, end):
        return
    colon = sign.endswith(":")
    if colon and value.islower() and value.isalpha() and PROSE_AFTER.match(text, end, end + 40):
        return  # A sentence goes on.
    if _hides(value, name, prose=colon, given=sign == "="):
        yield start, start + len(value)


def _trimmed(value: str) -> str:
    """Without the punctuation of the sentence or structure around it."""
    value = value.rstrip(".,:;")
    for opener, closer in ("()", "[]", "{}"):
        while value.endswith(closer) and opener not in value:
            value = value[:-1].rstrip(".,:;")
    return value


def _is_code(text: str, name: _Name, value: str, end: int) -> bool:
    """A structure, a call, an index, a variable handed on, a size: `token = read(path)`."""
    if value[:1] in {"{", "[", "(", "*"} or (value.isdigit() and text[end : end + 6] == " bytes"):
        return True
    if INDEXED.fullmatch(text[end - len(value) : end + 1]) or INDEXED.fullmatch(value):
        return True
    called = text[end : end + 1] in {"(", "["} and value.replace(".", "_").isidentifier()
    return called or (value.isidentifier() and name.text.endswith(value))


def _whole_line(text: str, name: _Name, joint: re.Match[str]) -> re.Match[str] | None:
    """`NAME=a value with spaces`, as an environment lists it: one variable a line."""
    if not name.env or joint["sign"] != "=" or name.said < Secrecy.KEY:
        return None
    if text[name.start - 1 : name.start] not in {"", "\n", "\x1e"}:
        return None
    line = TO_LINE_END.match(text, joint.end(), joint.end() + REACH)
    if line is None or any(each in line[0] for each in "=\"'&;#"):
        return None
    return line if " " in line[0].strip() and not is_placeholder(line[0].strip()) else None


def _of_prose(text: str, name: _Name, joint: re.Match[str]) -> Iterator[Span]:
    """`using api key 3f9c…`: without a sign between them only what cannot be a word.

    A line that is a name and a value, as in many configuration files, says so without one.
    """
    bare = BARE.match(text, joint.end(), joint.end() + REACH)
    if bare is None:
        return
    value = bare["inside"].rstrip(".,:;")
    start, end = bare.start("inside"), bare.start("inside") + len(value)
    if _is_directive(text, name, end):
        wanted = value[:1].isalnum() and _hides(value, name)
    else:
        joined = joint["word"].strip() != ""
        fewest = 6 if joined and name.said >= Secrecy.KEY else 20
        drawn = is_random(value, fewest=fewest) and any(map(str.isdigit, value))
        named = not joined and (is_object_name(value) or "." in value)
        wanted = drawn and not named and _hides(value, name)
    if wanted:
        yield start, end


def _is_directive(text: str, name: _Name, end: int) -> bool:
    """Whether the name is of several words in one and stands with its value alone on a line."""
    line = text.rfind("\n", 0, name.start) + 1
    alone = not text[line : name.start].strip(" \t") and text[end : end + 1] in {"", "\n", ";"}
    compound = any(each in name.text for each in "_.-") or name.text in DIRECTIVES
    return alone and compound and name.said >= Secrecy.KEY


def _told(value: str, name: _Name) -> bool:
    """Said in a sentence, `password "x"` gives x away; `secret "x"` names an object."""
    if name.text.lower() == "pass" or value.startswith("--"):
        return False  # "pass `--tty` to"
    if name.said >= Secrecy.KEY:
        return " " not in value
    return is_random(value) and not is_object_name(value)


def _kept(found: re.Match[str] | None, name: _Name) -> Iterator[Span]:
    if found is not None and _hides(found["inside"], name, given=True):
        yield found.span("inside")


def _hides(value: str, name: _Name, *, prose: bool = False, given: bool = False) -> bool:
    """`given`: behind an equals sign or in quotes; there a token may be a plain word as well."""
    token = given and name.text.lower().endswith("token") and "-" not in value
    return hides(value, name.said, chosen=name.flag or name.env or token, prose=prose)
