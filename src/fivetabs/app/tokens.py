"""How many tokens a text costs a model, estimated without the o200k table.

A text is cut into the pieces that o200k_base cuts it into (words with the mark or space before
them, three digits, runs of punctuation, blanks), and each piece is given its likely number of
tokens: ordinary words one, and more with every pair of letters that words do not have, so that
base64, hashes and made-up names count for what they are. Other scripts count by the character.
The weights are fitted to counts with the real table, which `tests/token_kinds.json` holds for a
hundred kinds of text: the estimate is at most an eighth too low on what machines and people write.
`bench/kinds.py` counts them again.
"""

import re
from functools import lru_cache
from string import ascii_lowercase
from types import MappingProxyType

from fivetabs.core.quoting import CLOSE, OPEN

_FENCE = 7
_WHOLE = 200_000
_REMEMBERED = 8192

# Cut as the pattern of o200k_base does: https://github.com/openai/tiktoken (tiktoken_ext).
_LOWER = "a-zß-öø-ÿ\u0101-\u024f\u1ea0-\u1eff"
_PIECES = re.compile(
    rf"[^\r\nA-Za-z0-9\x80-\U0010ffff]?(?:[A-Z]*[{_LOWER}]+|[A-Z]+)"
    r"|[0-9]{1,3}"
    r"| ?[!-/:-@\[-`{-~]+[\r\n/]*"
    r"|[ \t]*[\r\n]+"
    r"|[ \t]+(?=[ \t][^\s0-9])|[ \t]{2,}|[ \t](?=[0-9])"
)

# After each letter, a to z, those that follow it in words of English and of computing.
_FOLLOW = (
    *("bcdfgiklmnprstuvwy", "aceijlorsuy", "acehiklorstuy", "adeilorstuy"),
    *("abcdefgilmnopqrstvwxy", "aefilorstuy", "aehilnorsu", "aeiortu", "abcdefglmnoprstvxz"),
    *("eu", "eilsu", "acdeilopstuy", "abeilmopsu", "acdefgiklnoprstuvy"),
    *("abcdfgiklmnoprstuvwx", "adehiloprstuy", "u", "acdefgiklmnoprstuvy"),
    *("acdefhiklmnopstuy", "acdefhilmoprstuy", "abcdefgilmnprst", "aeio", "aehinors"),
    *("ceipt", "eimnpst", "e"),
)
_ODD_PAIRS = re.compile(
    "|".join(
        f"{one}(?=[a-z])(?![{one}{follow}])"
        for one, follow in zip(ascii_lowercase, _FOLLOW, strict=True)
    )
)
# What the mark before a word adds; a space adds nothing, any other mark is a token of its own.
_LEADS = MappingProxyType(
    {" ": 0.0, ".": 0.25, "(": 0.25, "_": 0.2, "-": 0.35, "/": 0.5, "=": 0.6, "[": 0.6, "\t": 0.5}
)
_LONG, _ENDLESS = 8, 24
_ODD_MARKS = re.compile(r"[!@#$%^&*+|~;?`]")
_JSON = frozenset(['":"', '","', '":{"', '":["', '.","'])
"""Runs that the table has as one token, though they turn more than once."""

_TURNS = re.compile(r"(.)(?!\1)", re.DOTALL)

# Tokens of a character, by script: from samples of running text.
_SCRIPTS = (
    (0.75, "\u3000-\u30ff"),  # kana
    (1.5, "\uff01-\uffee"),
    (1.0, "\ufff9-\uffff"),
    (0.4, "\u0400-\u04ff"),  # Cyrillic
    (0.45, "\u0370-\u03ff\u0590-\u05ff"),  # Greek, Hebrew
    (0.33, "\u0600-\u06ff"),  # Arabic
    (0.4, "\u0530-\u058f\u0900-\u0e7f\u10a0-\u10ff"),  # Armenian, India's, Thai, Georgian
    (0.7, "\u1000-\u109f"),  # Burmese
    (1.4, "\u2000-\u24ff\u2600-\u2bff"),  # signs and arrows
    (0.8, "\u2500-\u25ff"),  # boxes
    (1.7, "\ufe00-\ufe0f\U0001f300-\U0001faff"),  # emoji
    (1.4, "\x80-\xde\xd7\xf7\u0100-\u02ff"),
    (2.2, "\u0300-\u036f\u0f00-\u0fff\u1100-\u139f"),  # combining marks, Tibetan, Ethiopic
    (3.0, "\u1400-\u1e9f\u1f00-\u1fff\u2c00-\u2fff\u3100-\u4dff\ua000-\uabff\ue004-\uf8ff"),
    (3.7, "\U00010000-\U0001f2ff\U0001fb00-\U0010ffff"),
)
_BY_SCRIPT = tuple((weight, re.compile(f"[{ranges}]")) for weight, ranges in _SCRIPTS)
_HAN, _HANGUL = re.compile("[\u4e00-\u9fff\uf900-\ufaff]"), re.compile("[\uac00-\ud7a3]")
# The first planes of these codings are the characters in common use: up to which lead byte.
_COMMON_HAN = (("gb2312", 0xD8), ("big5", 0xC7), ("shift_jis", 0x98))


def estimate(text: str) -> int:
    """Tokens of o200k. A mark of quoted text counts as the fence that it becomes.

    Of a text beyond 200,000 characters the beginning speaks for the rest.
    """
    if len(text) > _WHOLE:
        return estimate(text[:_WHOLE]) * len(text) // _WHOLE
    total = sum(map(_cost, _PIECES.findall(text)))
    if not text.isascii():
        total += (text.count(OPEN) + text.count(CLOSE)) * _FENCE + _foreign(text)
    return int(total + 0.999)


@lru_cache(_REMEMBERED)
def _cost(piece: str) -> float:
    """Tokens of one piece. Most pieces of a text have been seen before."""
    first, last = piece[0], piece[-1]
    if last.isalpha():
        if first.isalpha():
            return _word(piece)
        return _word(piece[1:]) + _LEADS.get(first, 1.0)
    if last.isdigit():
        return 1.0
    if last.isspace() and piece.isspace():
        return max(1.0, len(piece) / 20)
    return _punctuation(piece)


def _word(word: str) -> float:
    size, lower = len(word), word.lower()
    odd = len(_ODD_PAIRS.findall(lower))
    if size > 1 and not word[1:].islower():
        tokens = 0.4 + 0.23 * size + 0.55 * odd
    else:
        tokens = 0.6 + 0.075 * size + 0.74 * odd
    tokens += 0.11 * max(0, size - _LONG)
    if not word.isascii():
        tokens += 0.45 * (len(word.encode()) - size)
    if size > _ENDLESS:
        tokens = max(tokens if odd else 0, size / 4)
    return max(1.0, tokens)


def _punctuation(run: str) -> float:
    """Code's usual pairs are one token; anything odder is not, a line of dashes is."""
    if run in _JSON:
        return 1.0
    turns = len(_TURNS.findall(run))
    odd = max(0, len(_ODD_MARKS.findall(run)) - 1) if turns > 2 else 0  # noqa: PLR2004  (no line)
    return max(1.0, 0.15 + 0.35 * turns + 0.6 * odd + len(run) / 30)


def _foreign(text: str) -> float:
    by_script = sum(weight * len(script.findall(text)) for weight, script in _BY_SCRIPT)
    han, hangul = sum(map(_han, _HAN.findall(text))), sum(map(_hangul, _HANGUL.findall(text)))
    return by_script + han + hangul


@lru_cache(_REMEMBERED)
def _han(character: str) -> float:
    for coding, end in _COMMON_HAN:
        if character.encode(coding, "ignore")[:1] and character.encode(coding)[0] < end:
            return 1.0
    return 2.2


@lru_cache(_REMEMBERED)
def _hangul(character: str) -> float:
    """Syllables outside KS X 1001 take eight bytes there, and are rare."""
    common = len(character.encode("euc_kr", "ignore")) == 2  # noqa: PLR2004  (bytes of a syllable)
    return 0.67 if common else 2.8
