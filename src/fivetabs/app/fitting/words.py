"""Sentences and cells cut where they are too long, saying so."""

from fivetabs.core.quoting import CLOSE, OPEN

_SHORT = 200


def clip(text: str, most: int) -> str:
    """A text without its middle: beginnings say what, ends say why. Quotes stay quotes."""
    if len(text) <= most:
        return text
    cut = f" [{len(text) - most} characters left out] " if most >= _SHORT else "..."
    room = max(0, most - len(cut))
    ending = room // 3
    head, tail = text[: room - ending], text[len(text) - ending :]
    if _open(head):
        head += CLOSE
    if _open(text[: len(text) - ending]):
        tail = OPEN + tail
    return f"{head}{cut}{tail}"


def first_words(texts: tuple[str, ...], most: int, longest: int, what: str) -> tuple[str, ...]:
    """The first of several sentences, each clipped, and a count of those that are left out."""
    told = tuple(clip(text, longest) for text in texts[:most])
    left = len(texts) - most
    return told if left <= 0 else (*told, f"{left} more {what}")


def _open(text: str) -> bool:
    return text.rfind(OPEN) > text.rfind(CLOSE)
