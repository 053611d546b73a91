"""The newest lines of a log that fit: long lines are cut first, then the oldest go."""

from fivetabs.app.fitting.words import clip
from fivetabs.app.tokens import estimate

_LONG_LINES = (2000, 600, 300, 160)
_WANTED = 20


def newest(text: str, room: int) -> str:
    """The last lines of a text in at most `room` tokens; whole ones where twenty of those fit."""
    lines = text.split("\n") if text else []
    shown: list[str] = []
    for longest in _LONG_LINES:
        shown = _last([clip(line, longest) for line in lines], room)
        if len(shown) >= min(_WANTED, len(lines)):
            break
    return "\n".join(shown)


def _last(lines: list[str], room: int) -> list[str]:
    for index in range(len(lines) - 1, -1, -1):
        room -= estimate(lines[index]) + 2
        if room < 0:
            return lines[index + 1 :]
    return lines
