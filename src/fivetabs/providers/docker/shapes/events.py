"""What the engine remembers of the last minutes: its events, and how a container came to its end.

Source: Docker Engine API v1.41 to v1.51, `GET /events`: JSON objects one after another, in time
order. An engine keeps its newest 256 in memory, health checks' `exec_*` among them, and none over
its own restart; who asked for an action is not among what it tells.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

_ENDING_SIGNALS = frozenset({"2", "3", "9", "15"})
REMEMBERED = 256
_NANO = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `id` and `name` are those of the container, image or network."""

    when: datetime
    kind: str
    action: str
    id: str
    name: str
    exit_code: str = ""
    signal: str = ""
    container: str = ""

    @property
    def noise(self) -> bool:
        """Whether it tells of a health check's or a person's `exec`, or of mere looking."""
        return self.action.startswith(("exec_", "top", "resize", "attach", "detach", "archive"))


class Ending(StrEnum):
    """Who ended a container's last run."""

    UNKNOWN = ""
    ASKED = "asked"  # docker stop, kill, restart, compose down: through the engine
    ITSELF = "itself"  # no such request: it ended by itself or by a signal from elsewhere


@dataclass(frozen=True, slots=True)
class Story:
    """The events that were read, oldest first; before `start` nothing is known.

    `whole` is whether the engine has forgotten none of the time asked about but for its restarts.
    """

    events: tuple[Event, ...] = ()
    start: datetime | None = None
    whole: bool = False

    def ending(self, container: str, finished: datetime | None) -> tuple[Ending, Event | None]:
        """How a container that finished then came to its end, and the event that asked for it."""
        asked: Event | None = None
        died: Event | None = None
        for each in self.events:
            if each.id != container or each.kind != "container":
                continue
            if each.action == "start":
                asked = died = None
            elif each.action == "kill" and each.signal in _ENDING_SIGNALS and died is None:
                asked = each
            elif each.action == "stop":
                asked = asked or each
            elif each.action == "die":
                died = each
        if asked is not None:
            return Ending.ASKED, asked
        covered = self.start is not None and finished is not None and self.start < finished
        return (Ending.ITSELF if died and covered else Ending.UNKNOWN), None


def parse_events(body: bytes) -> tuple[Event, ...]:
    """Read the objects of an event stream; a last one that was cut off is left out."""
    events: list[Event] = []
    for line in body.split(b"\n"):
        if line.strip():
            try:
                raw: Any = json.loads(line)
            except ValueError:
                continue
            events.append(_event(raw))
    return tuple(sorted(events, key=lambda e: e.when))


def story_of(events: Sequence[Event]) -> Story:
    """What was read, without the noise; the oldest event is where knowledge begins."""
    start = events[0].when if events else None
    kept = tuple(e for e in events if not e.noise)
    return Story(kept, start, whole=len(events) < REMEMBERED)


def folded(events: Iterable[Event]) -> list[tuple[Event, int]]:
    """The last of equal events of one thing, with how many there were; oldest first."""
    groups: dict[tuple[str, ...], tuple[Event, int]] = {}
    for each in events:
        key = each.kind, each.id, each.action, each.exit_code, each.signal, each.container
        _, count = groups.pop(key, (each, 0))
        groups[key] = each, count + 1
    return sorted(groups.values(), key=lambda pair: (pair[0].when, pair[0].name, pair[0].action))


def _event(raw: Mapping[str, Any]) -> Event:
    actor: Mapping[str, Any] = raw.get("Actor") or {}
    told: Mapping[str, str] = actor.get("Attributes") or {}
    nano = int(raw.get("timeNano") or int(raw.get("time", 0)) * _NANO)
    seconds, rest = divmod(nano, _NANO)
    return Event(
        when=datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest // 1000),
        kind=str(raw.get("Type", "")),
        action=str(raw.get("Action", "")),
        id=str(actor.get("ID", "")),
        name=str(told.get("name", "")),
        exit_code=str(told.get("exitCode", "")),
        signal=str(told.get("signal", "")),
        container=str(told.get("container", "")),
    )
