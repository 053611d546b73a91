"""Words of other programs, and secrets, marked where they are read until the pipeline shows them.

A mark is a pair of private-use characters, so marked text is still a `str` and can stand inside a
sentence, a cell or an error message. `app.fence` turns quoted text into a fenced text and a secret
into a marker; text from a backend can hold neither mark, because marking removes them from within.
"""

from collections.abc import Iterator

OPEN, CLOSE = "\ue000", "\ue001"
HIDE, SHOW = "\ue002", "\ue003"
_MARKS = str.maketrans("", "", OPEN + CLOSE + HIDE + SHOW)
_QUOTES = str.maketrans("", "", OPEN + CLOSE)


def quoted(text: str) -> str:
    """Free text that somebody else wrote: a log line, an event's message, a label, a tag.

    Whatever the backend's own grammar does not restrict belongs in here. Secrets in it stay hidden.
    """
    bare = text.translate(_QUOTES)
    return f"{OPEN}{bare}{CLOSE}" if bare else ""


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
