"""Words of other programs, and secrets, marked where they are read until the pipeline shows them.

A mark is a pair of private-use characters, so marked text is still a `str` and can stand inside a
sentence, a cell or an error message. `app.fence` turns quoted text into a fenced text and a secret
into a marker; text from a backend can hold neither mark, because marking removes them from within.
"""

import re
from collections.abc import Iterable, Iterator

OPEN, CLOSE = "\ue000", "\ue001"
HIDE, SHOW = "\ue002", "\ue003"
_SHORTEST = 4
_MARKS = str.maketrans("", "", OPEN + CLOSE + HIDE + SHOW)
_QUOTES = str.maketrans("", "", OPEN + CLOSE)
# What identifiers, paths, references and quantities are made of; nothing that makes a sentence.
_PLAIN = re.compile(r"[A-Za-z0-9_.:/@+=,*~%#$?&;\[\]\"-]{1,253}")


def quoted(text: str) -> str:
    """Free text that somebody else wrote: a log line, an event's message, a label, a tag.

    Whatever the backend's own grammar does not restrict belongs in here. Secrets in it stay hidden.
    """
    bare = text.translate(_QUOTES)
    return f"{OPEN}{bare}{CLOSE}" if bare else ""


def term(text: str) -> str:
    """A word of a backend where its grammar allows more than words: a reason, an image, a tag.

    One plain ASCII word stays bare, so that sentences stay readable; anything else is quoted.
    """
    return text if (text.isascii() and text.isalnum()) or plain(text) else quoted(text)


def plain(text: str) -> bool:
    """Whether it is made of nothing that makes a sentence: an identifier, a path, a reference."""
    return _PLAIN.fullmatch(text) is not None


def excerpt(text: str, start: int = 0, end: int | None = None) -> str:
    """A slice of marked text, marked as the whole was: what was quoted or hidden stays so."""
    piece = text[start:end]
    for first, last in ((OPEN, CLOSE), (HIDE, SHOW)):
        before = text[:start]
        if before.rfind(first) > before.rfind(last):
            piece = f"{first}{piece}"
        if piece.rfind(first) > piece.rfind(last):
            piece = f"{piece}{last}"
    return piece


def shortened(text: str, most: int) -> str:
    """A line without its middle where it is too long: beginnings say what, ends say why.

    Marks do not count, and what was marked stays marked in both halves. The second begins with a
    whole word: the end of one that was cut, a signed address say, would tell what no rule knows.
    """
    if len(text.translate(_QUOTES)) <= most:
        return text
    head = most // 3
    space = text.find(" ", len(text) - (most - head - 3) - 1)
    return f"{excerpt(text, 0, head)}...{excerpt(text, space + 1) if space >= 0 else ''}"


def secret(text: str) -> str:
    """A value known to be secret: all that is shown is a marker, equal for equal values."""
    bare = text.translate(_MARKS)
    return f"{HIDE}{bare}{SHOW}" if bare else ""


def veiled(text: str, secrets: Iterable[str]) -> str:
    """The text with these secret values marked wherever they stand in it.

    Fewer than four characters keep no secret, and would be found in the middle of words.
    """
    for value in secrets:
        if len(value) < _SHORTEST:
            continue
        text = text.replace(value, secret(value))
    return text


def unmarked(text: str) -> str:
    """The text without any mark of ours: what a backend says must pass here before it is parsed."""
    return text.translate(_MARKS)


def hidden(text: str) -> Iterator[str]:
    """The values that `secret` marked in a text."""
    for piece in text.split(HIDE)[1:]:
        value, end, _ = piece.partition(SHOW)
        if end and value:
            yield value
