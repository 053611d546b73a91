"""Text from a backend, made safe to hand on: nothing hidden in it.

Removed are ANSI escapes, control characters, and the Unicode characters that are invisible or turn
text around: bidi controls, zero-width characters and tag characters (U+E0000 to U+E007F).
"""

import re

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e01ef]"
)


def clean(text: str) -> str:
    """The text without what a person would not see."""
    return text if text.isascii() and text.isprintable() else _HIDDEN.sub("", _ANSI.sub("", text))
