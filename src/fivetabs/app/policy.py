"""What this server is allowed to do, decided by its owner before the model says a word."""

from dataclasses import dataclass, field
from time import monotonic

from fivetabs.app.settings import Changes
from fivetabs.core import Conflict, Denied, Effect


@dataclass(frozen=True, slots=True)
class Policy:
    """The owner's word on changes."""

    changes: Changes = Changes.ASK

    def lists(self, effect: Effect) -> bool:
        """Whether a tool of this effect is listed at all."""
        return effect is Effect.READ or self.changes is not Changes.OFF

    def check(self, name: str, effect: Effect) -> None:
        """Pass, or say who can allow it.

        Raises:
            Denied: If tools of this effect are off.
        """
        if not self.lists(effect):
            raise Denied(
                f"{name} is off: this server's owner set FIVETABS_CHANGES=off; nothing was done",
                hint="the owner can set it to show, ask, model or allow",
            )

    def refusal(self) -> str:
        """Why a plan is only shown, or nothing where it may be carried out."""
        match self.changes:
            case Changes.SHOW | Changes.OFF:
                return "FIVETABS_CHANGES=show: plans are shown, never carried out."
            case Changes.ASK:
                return (
                    "FIVETABS_CHANGES=ask: a person must agree, and this version cannot ask one "
                    "yet, so the plan is only shown. A person can carry it out by hand, or the "
                    "server's owner can set FIVETABS_CHANGES=model."
                )
            case Changes.MODEL | Changes.ALLOW:
                return ""


@dataclass(slots=True)
class Shown:
    """Digests of plans that were shown: each good for one use, for a while."""

    seconds: float
    until: dict[str, float] = field(default_factory=dict[str, float])

    def add(self, digest: str) -> None:
        """Note that a plan was shown just now."""
        now = monotonic()
        self.until = {d: end for d, end in self.until.items() if end > now}
        self.until[digest] = now + self.seconds

    def spend(self, approve: str, digest: str) -> None:
        """Use the approval up.

        Raises:
            Conflict: If it is not of this very plan, was never shown, was used, or is too old.
        """
        if approve != digest:
            raise Conflict(
                f"approve={approve!r} is not the digest of the plan as it is now: the world or the "
                "arguments changed since it was shown; nothing was done",
                hint="call again without approve to see the plan as it is now",
            )
        if self.until.pop(digest, 0.0) <= monotonic():
            raise Conflict(
                f"approve={approve!r} was used already, is too old, or was never shown here; "
                "nothing was done",
                hint="call again without approve to see the plan first",
            )
