"""Text from a backend, made safe to hand on: nothing hidden in it, and log text inside a fence.

Removed are ANSI escapes, control characters, and the Unicode characters that are invisible or turn
text around: bidi controls, zero-width characters and tag characters (U+E0000 to U+E007F).
"""

import re
from typing import TypeVar

from fivetabs.core import Answer, Log

A = TypeVar("A", bound=Answer)

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e01ef]"
)


def clean(text: str) -> str:
    """The text without what a person would not see."""
    return text if text.isascii() and text.isprintable() else _HIDDEN.sub("", _ANSI.sub("", text))


def cleaned(answer: A, mark: str) -> A:
    """The answer with every string cleaned, and the text of a log fenced with `mark`.

    The mark is random, so that text inside cannot close the fence.
    """
    raw = answer.model_dump()
    safe = {key: _clean(value) for key, value in raw.items()}
    if isinstance(answer, Log) and answer.text:
        safe["text"] = f"<log-{mark}>\n{safe['text']}\n</log-{mark}>"
    return type(answer).model_validate(safe)


def _clean(value: object) -> object:
    match value:
        case str():
            return clean(value)
        case dict():
            return {_clean(k): _clean(v) for k, v in value.items()}  # type: ignore[reportUnknownVariableType]
        case list() | tuple():
            return tuple(_clean(v) for v in value)  # type: ignore[reportUnknownVariableType]
        case _:
            return value
