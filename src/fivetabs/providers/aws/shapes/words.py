"""Names that other people gave to things, told from what only stands where a name should."""

import re

from fivetabs.core import quoted

_PLAIN = re.compile(r"[A-Za-z0-9._/#\[\]$@=+,:-]{1,200}")


def named(text: str) -> str:
    """A name (a tag, an alarm, a log stream) as it is shown: foreign text unless it is one word.

    AWS restricts few names: most may hold whole sentences, and instructions.
    """
    return text if _PLAIN.fullmatch(text) else quoted(text)
