"""The one thing that stands between what a backend said and whoever reads it."""

from collections.abc import Iterable
from functools import cached_property
from importlib import import_module
from threading import RLock
from typing import TYPE_CHECKING, TypeVar

from fivetabs.core import Answer, Fault

if TYPE_CHECKING:
    from fivetabs.app.redact.engine import Engine

A = TypeVar("A", bound=Answer)


class Redactor:
    """Takes secrets out of texts and answers; the same secret always gets the same marker.

    May be used by several threads at once. `key` makes the markers unguessable. What rules find by
    form and by name is hidden where it stands; what was learned is hidden wherever it turns up.
    The rules are loaded at first use, so that the start of the server does not pay for them.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._lock = RLock()

    def prepare(self) -> None:
        """Load the rules, which takes a moment once a process; any thread may do it early."""
        self.text("nothing to hide here")

    def learn(self, values: Iterable[str]) -> None:
        """Hide these values from now on, wherever and however encoded they turn up.

        Values too short or too ordinary to be recognised (numbers, words, names of things, hosts)
        are not learned: where their name says that they are secret they are hidden all the same.
        """
        known = tuple(values)
        if known:
            self._engine.learn(known)

    def text(self, text: str) -> str:
        """The text cleaned, with a marker for each secret; marks of `quoted` stay in place."""
        return self._engine.text(text) if text else text

    def fault(self, fault: Fault) -> Fault:
        """The same failure, in words without secrets."""
        return type(fault)(self.text(str(fault)), hint=self.text(fault.hint))

    def answer(self, answer: A) -> A:
        """The answer with every string treated; columns, names of facts and flags count."""
        return self._engine.answer(answer)

    @cached_property
    def _engine(self) -> "Engine":
        with self._lock:
            made = self.__dict__.get("_engine")
            return made or import_module("fivetabs.app.redact.engine").Engine(self._key)
