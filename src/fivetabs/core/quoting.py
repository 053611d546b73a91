"""Words of other programs, and secrets, marked where they are read until the pipeline shows them.

A mark is a pair of private-use characters, so marked text is still a `str` and can stand inside a
sentence, a cell or an error message. `app.fence` turns quoted text into a fenced text and a secret
into a marker; text from a backend can hold neither mark, because marking removes them from within.
"""

import re
from collections.abc import Iterator

OPEN, CLOSE = "\ue000", "\ue001"
HIDE, SHOW = "\ue002", "\ue003"
_MARKS = str.maketrans("", "", OPEN + CLOSE + HIDE + SHOW)
_QUOTES = str.maketrans("", "", OPEN + CLOSE)
_IDENTIFIER = re.compile(r"[A-Za-z0-9_./~@*-][A-Za-z0-9_./~@*:+=,#%-]{0,255}")


def quoted(text: str) -> str:
    """Free text that somebody else wrote: a log line, an event's message, a label, a tag.

    Whatever the backend's own grammar does not restrict belongs in here. Secrets in it stay hidden.
    """
    bare = text.translate(_QUOTES)
    return f"{OPEN}{bare}{CLOSE}" if bare else ""


def identifier(text: str) -> str:
    """What should be a name, bare if it reads as one; quoted if it is prose, marks or endless.

    For names that a backend does not check: image references, reasons, attribute values.
    """
    return text if _IDENTIFIER.fullmatch(text) else quoted(text)


def shortened(text: str, most: int) -> str:
    """A line without its middle where it is too long: beginnings say what, ends say why.

    What was quoted stays quoted on both sides of the cut; a secret is cut out as a whole.
    """
    if len(text) <= most or len(text.translate(_QUOTES)) <= most:
        return text
    head, tail = text[: most // 3], text[most // 3 + 3 - most :]
    if _ends_within(head, HIDE, SHOW):
        head = head[: head.rfind(HIDE)]
    if _begins_within(tail, HIDE, SHOW):
        tail = tail[tail.find(SHOW) + 1 :]
    head += CLOSE if _ends_within(head, OPEN, CLOSE) else ""
    return f"{head}...{OPEN if _begins_within(tail, OPEN, CLOSE) else ''}{tail}"


def _ends_within(head: str, start: str, end: str) -> bool:
    return head.rfind(start) > head.rfind(end)


def _begins_within(tail: str, start: str, end: str) -> bool:
    closed, opened = tail.find(end), tail.find(start)
    return closed >= 0 and (opened < 0 or closed < opened)


def secret(text: str) -> str:
    """A value known to be secret: all that is shown is a marker, equal for equal values."""
    bare = text.translate(_MARKS)
    return f"{HIDE}{bare}{SHOW}" if bare else ""


def unmarked(text: str) -> str:
    """The text without any mark of ours: what a backend says must pass here before it is parsed."""
    return text.translate(_MARKS)


def hidden(text: str) -> Iterator[str]:
    """The values that `secret` marked in a text."""
    for piece in text.split(HIDE)[1:]:
        value, end, _ = piece.partition(SHOW)
        if end and value:
            yield value
