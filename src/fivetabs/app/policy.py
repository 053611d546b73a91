"""What this server is allowed to do, decided by its owner before the model says a word."""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from time import monotonic
from typing import Any

from fivetabs.app.settings import AppSettings, Changes, Ward
from fivetabs.core import Conflict, Denied, Effect, Plan
from fivetabs.core.quoting import unmarked

_STRICTEST_FIRST = (Changes.OFF, Changes.SHOW, Changes.ASK, Changes.MODEL, Changes.ALLOW)


@dataclass(frozen=True, slots=True)
class Ruling:
    """Who must agree to a plan, and which of the owner's words says so."""

    changes: Changes
    says: str


@dataclass(frozen=True, slots=True)
class Policy:
    """The owner's word on changes: one for the whole world, others for parts of it, and limits."""

    changes: Changes = Changes.ASK
    wards: tuple[Ward, ...] = ()
    most: tuple[tuple[str, int], ...] = ()

    @classmethod
    def of(cls, settings: AppSettings) -> "Policy":
        """The policy that the settings state."""
        most = (
            ("pods", settings.most_pods),
            ("replicas", settings.most_replicas),
            ("destroyed", settings.most_destroyed),
        )
        return cls(settings.changes, settings.policy, most)

    def lists(self, effect: Effect) -> bool:
        """Whether a tool of this effect is listed at all; the same for every connection."""
        words = (self.changes, *(ward.changes for ward in self.wards))
        return effect is Effect.READ or any(word is not Changes.OFF for word in words)

    def check(self, name: str, effect: Effect) -> None:
        """Pass, or say who can allow it.

        Raises:
            Denied: If tools of this effect are off everywhere.
        """
        if not self.lists(effect):
            raise Denied(
                f"{name} is off: this server's owner set FIVETABS_CHANGES=off; nothing was done",
                hint="the owner can set it to show, ask, model or allow",
            )

    def rule(self, plan: Plan[Any]) -> Ruling:
        """Who must agree to this plan: of all words about what it touches, the strictest holds.

        Raises:
            Denied: If it may not be made there at all, or reaches further than the owner's limits.
        """
        rulings = [each for thing in plan.touches for each in self._about(unmarked(str(thing)))]
        strictest = min(rulings, key=lambda each: _STRICTEST_FIRST.index(each.changes))
        if strictest.changes is Changes.OFF:
            raise Denied(
                f"changes of this are off: the owner's setting {strictest.says}; nothing was done",
                hint="a person can make the change by hand, or the owner can change the setting",
            )
        for name, most in self.most:
            reach = getattr(plan.blast, name)
            if reach > most:
                raise Denied(
                    f"this reaches too far: {reach} {name}, and the owner's limit is {most}; "
                    "nothing was done",
                    hint=f"the owner can raise FIVETABS_MOST_{name.upper()}",
                )
        return strictest

    def _about(self, thing: str) -> list[Ruling]:
        """Every word about a thing, or the general one where no other speaks of it."""
        told = [
            Ruling(ward.changes, f'policy match="{ward.match}" changes="{ward.changes.value}"')
            for ward in self.wards
            if fnmatchcase(thing, ward.match) or fnmatchcase(thing, f"{ward.match}/*")
        ]
        return told or [Ruling(self.changes, f"FIVETABS_CHANGES={self.changes.value}")]


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
