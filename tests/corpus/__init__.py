"""Planted secrets and their look-alikes: built from the data files beside this module."""

import base64
import random
import re
import string
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.corpus.keys import KEYS

_HERE = Path(__file__).parent
_B64 = string.ascii_letters + string.digits + "+/"
ALPHABETS = {
    "alnum": string.ascii_letters + string.digits,
    "lowalnum": string.ascii_lowercase + string.digits,
    "upalnum": string.ascii_uppercase + string.digits,
    "letters": string.ascii_letters,
    "word": string.ascii_lowercase,
    "digit": string.digits,
    "hex": "0123456789abcdef",
    "HEX": "0123456789ABCDEF",
    "b32": string.ascii_uppercase + "234567",
    "bech32": "023456789ACDEFGHJKLMNPQRSTUVWXYZ",
    "b64": _B64,
    "b64url": string.ascii_letters + string.digits + "-_",
    "b64crypt": "./" + string.digits + string.ascii_letters,
}
_FIELD = re.compile(r"\{(\w+)(?::([^{}]*))?\}")
_SECRET = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)


@dataclass(frozen=True)
class Planted:
    """A text with secrets in it: which ones, of what kind, and in which surroundings."""

    kind: str
    around: str
    text: str
    secrets: tuple[str, ...]


@dataclass(frozen=True)
class Lookalike:
    """A text without a secret in it, although it looks like one."""

    kind: str
    text: str


@cache
def planted() -> tuple[Planted, ...]:
    """Every secret of the corpus, in every surrounding that suits it."""
    around = _read("surroundings.toml")
    return tuple(each for kind in _read("secrets.toml")["kind"] for each in _of_kind(kind, around))


@cache
def lookalikes() -> tuple[Lookalike, ...]:
    """Every harmless text of the corpus."""
    return tuple(
        Lookalike(kind, expand(template, random.Random(f"{kind}/{number}")))
        for kind, templates in _read("lookalikes.toml").items()
        for number, template in enumerate(templates)
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / name).read_text("utf-8"))


def _of_kind(kind: Mapping[str, Any], around: Mapping[str, list[str]]) -> Iterator[Planted]:
    name = kind["name"]
    for number, template in enumerate(kind.get("texts", ())):
        seed = random.Random(f"{name}/text/{number}")
        found: list[str] = []
        text = _SECRET.sub(_taken(found, seed), template)
        yield Planted(name, "own text", expand(text, seed), tuple(found))
    for number, value in enumerate(kind.get("values", ())):
        if kind.get("alone"):
            for place, sentence in enumerate(around["alone"]):
                yield _in(name, f"alone {place}", sentence, value, f"{number}/{place}")
        for key in kind.get("names", ()):
            sentences = [*around["named"], *([] if set(value) & set("!#") else around["query"])]
            for place, sentence in enumerate(sentences):
                yield _in(
                    name, f"named {place}", _named(sentence, key), value, f"{number}/{key}/{place}"
                )


def _taken(found: list[str], seed: random.Random) -> Callable[[re.Match[str]], str]:
    """Expand what stands in [[...]], note it, and keep it from being expanded again."""

    def take(match: re.Match[str]) -> str:
        value = expand(match[1], seed)
        found.append(value)
        return value.replace("~", "~~")

    return take


def _in(kind: str, around: str, sentence: str, value: str, seed: str) -> Planted:
    secret = expand(value, random.Random(f"{kind}/{seed}"))
    return Planted(kind, around, sentence.replace("{}", secret, 1), (secret,))


def _named(sentence: str, name: str) -> str:
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])|[-.]", "_", name)
    forms = {
        "{name}": name,
        "{NAME}": snake.upper(),
        "{flag}": snake.lower().replace("_", "-"),
    }
    for field, form in forms.items():
        sentence = sentence.replace(field, form)
    return sentence


def expand(template: str, seed: random.Random) -> str:
    """The template with its random parts drawn and its joints gone."""
    while (start := template.find("{b64of:")) >= 0:
        end = _closing(template, start)
        inner = expand(template[start + 7 : end], seed)
        encoded = base64.b64encode(inner.encode()).decode()
        template = template[:start] + encoded + template[end + 1 :]
    drawn = _FIELD.sub(lambda field: _draw(field, seed), template)
    return drawn.replace("~~", "\0").replace("~", "").replace("\0", "~")


def _closing(template: str, start: int) -> int:
    depth = 0
    for index in range(start, len(template)):
        depth += {"{": 1, "}": -1}.get(template[index], 0)
        if not depth:
            return index
    raise ValueError(f"no end of {template[start:]}")


def _draw(field: re.Match[str], seed: random.Random) -> str:
    name, size = field[1], field[2] or ""
    if name == "uuid":
        raw = f"{seed.getrandbits(128):032x}"
        return f"{raw[:8]}-{raw[8:12]}-4{raw[13:16]}-a{raw[17:20]}-{raw[20:]}"
    if name in KEYS:
        return KEYS[name](size, seed)
    if name not in ALPHABETS or not size.isdigit():
        return field[0]
    return _mixed(ALPHABETS[name], int(size), seed)


def _mixed(alphabet: str, size: int, seed: random.Random) -> str:
    """Random characters that look the part: of those classes that the alphabet has, each one."""
    while True:
        drawn = "".join(seed.choice(alphabet) for _ in range(size))
        classes = (str.isdigit, str.isupper, str.islower)
        wanted = [is_one for is_one in classes if any(map(is_one, alphabet))]
        if size < 8 or all(any(map(is_one, drawn)) for is_one in wanted):
            return drawn
