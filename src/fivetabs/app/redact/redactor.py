"""The one thing that stands between what a backend said and whoever reads it."""

import asyncio
from collections.abc import Iterable
from functools import cached_property
from importlib import import_module
from threading import RLock, Thread
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
        self._ready = False
        self._loading: Thread | None = None

    def prepare(self) -> None:
        """Load the rules, which takes a moment once a process."""
        with self._lock:
            if not self._ready:
                self._engine.text("nothing to hide here")
                self._ready = True

    def prepare_meanwhile(self) -> None:
        """Load them in a thread of their own, once, while the caller waits for something else."""
        if self._loading is None and not self._ready:
            self._loading = Thread(
                target=self.prepare, name="loading secret detectors", daemon=True
            )
            self._loading.start()

    async def prepared(self) -> None:
        """Wait until the rules are there, without holding up the event loop."""
        if not self._ready:
            await asyncio.to_thread(self.prepare)

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
