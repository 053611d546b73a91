"""Choices that are the same in every run, and the names that are made of them."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

from tests.large import SEED

T = TypeVar("T")
_LETTERS = "bcdfghjklmnpqrstvwxz2456789"
_WORDS = (
    *("checkout", "catalog", "gateway", "invoices", "indexer", "thumbnailer", "notifier"),
    *("router", "profile", "pricing", "ledger", "payout", "refund", "coupon", "search"),
    *("suggest", "crawler", "parser", "mailer", "digest", "audit", "session", "token"),
    *("media", "upload", "encoder", "stream", "player", "rating", "review", "stock"),
    *("parcel", "route", "fleet", "driver", "meter", "billing", "quota", "report"),
)
_ROLES = ("api", "worker", "web", "sync", "proxy", "store", "cron", "consumer")


def dice(of: str) -> Random:
    """Dice of their own for everything that is to be decided about one thing."""
    return Random(f"{SEED}/{of}")  # noqa: S311  (a world, not a secret)


def pick(of: str, choices: Sequence[T]) -> T:
    """One of several."""
    return dice(of).choice(choices)


def letters(of: str, count: int) -> str:
    """A suffix as Kubernetes makes them up."""
    thrown = dice(of)
    return "".join(thrown.choice(_LETTERS) for _ in range(count))


def digits(of: str, count: int) -> str:
    """Hexadecimal digits, as ids are made of."""
    thrown = dice(of)
    return "".join(thrown.choice("0123456789abcdef") for _ in range(count))


def app(number: int) -> str:
    """`checkout-api`, another one for each number below 312."""
    word, role = number % len(_WORDS), (number + number // len(_WORDS)) % len(_ROLES)
    return f"{_WORDS[word]}-{_ROLES[role]}"


def prose(of: str, words: int) -> str:
    """Text that somebody might have written."""
    thrown = dice(of)
    return " ".join(thrown.choice(_WORDS) for _ in range(words))
