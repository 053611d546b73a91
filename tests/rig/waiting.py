"""Waiting for something to become true, always with a deadline."""

import time
from collections.abc import Callable
from typing import TypeVar

STEP = 0.2

T = TypeVar("T")


class GaveUpError(Exception):
    """What was waited for did not come true in time; the message says what was missing last."""


def until(check: Callable[[], T | None], what: str, seconds: float, *, step: float = STEP) -> T:
    """Ask again and again until the check answers; raise GaveUpError after so many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        answer = check()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise GaveUpError(f"{what}: not within {seconds:g} s")
        time.sleep(step)
