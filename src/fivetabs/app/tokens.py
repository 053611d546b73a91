"""How many tokens a text costs a model, estimated without the o200k table.

Fitted to answers and schemas of this project, whose real counts `tests/token_samples.json` holds; a
test keeps the estimate within 12 % of each. `bench/tokens.py` counts with the real table.
"""

import re

from fivetabs.core.quoting import CLOSE, OPEN

_PIECES = re.compile(r"[A-Za-z]+|[0-9]+|[^\sA-Za-z0-9]+|\n+| {2,}")
_LETTERS, _DIGITS, _MARKS = 12, 3, 6
_FENCE = 7


def estimate(text: str) -> int:
    """Tokens of o200k, give or take an eighth, for the texts of this project.

    A mark of quoted text counts as the fence that it becomes.
    """
    marks = text.count(OPEN) + text.count(CLOSE)
    return sum(map(_cost, _PIECES.findall(text))) + marks * _FENCE


def _cost(piece: str) -> int:
    if piece[0].isspace():
        return 1
    size = _LETTERS if piece[0].isalpha() else _DIGITS if piece[0].isdigit() else _MARKS
    return -(-len(piece) // size)
