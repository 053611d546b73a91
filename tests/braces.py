"""Names that an answer writes as a shell does: `web-{a,b}` for `web-a` and `web-b`."""

import re

_BRACES = re.compile(r"([a-z0-9][a-z0-9.-]*-)\{([a-z0-9,]+)\}")


def written_out(text: str) -> str:
    """The text with each such name in full."""
    return _BRACES.sub(lambda m: " ".join(f"{m[1]}{each}" for each in m[2].split(",")), text)
