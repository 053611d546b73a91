"""Text from a backend, made safe to hand on: nothing hidden in it.

Removed are ANSI escapes, control characters, and the Unicode characters that are invisible or turn
text around: bidi controls, line separators, the blank Braille cell, and what a font may leave out
(the property Default_Ignorable_Code_Point: zero-width characters, fillers, tags, selectors).
"""

import re

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def clean(text: str) -> str:
    """The text without what a person would not see."""
    return text if text.isascii() and text.isprintable() else _HIDDEN.sub("", _ANSI.sub("", text))
