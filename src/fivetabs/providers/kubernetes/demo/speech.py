"""A demo container's log as a kubelet sends it: the newest lines, each with its time if asked."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from fivetabs.core import parse_time
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.containers import State, parse_state
from fivetabs.providers.kubernetes.shapes.fields import part, parts

_APART = timedelta(milliseconds=1)


def spoken(text: str, pod: Json, query: Mapping[str, str], now: datetime) -> Iterator[bytes]:
    """The lines that a query asks for; a line's time is the one it begins with, or the last one."""
    since = now - timedelta(seconds=int(query["sinceSeconds"])) if "sinceSeconds" in query else None
    dated = [(when, line) for when, line in _dated(text, _begun(pod, query, now))]
    newer = [each for each in dated if since is None or each[0] >= since]
    for when, line in newer[-int(query.get("tailLines", "0")) :]:
        clock = f"{when:%Y-%m-%dT%H:%M:%S.%f}000Z " if query.get("timestamps") == "true" else ""
        yield f"{clock}{line}\n".encode()


def _dated(text: str, when: datetime) -> Iterator[tuple[datetime, str]]:
    for line in text.splitlines():
        try:
            when = max(when, parse_time(line.partition(" ")[0]))
        except ValueError:
            when += _APART
        yield when, line


def _begun(pod: Json, query: Mapping[str, str], now: datetime) -> datetime:
    """When the run began whose log it is."""
    previous = query.get("previous") == "true"
    for status in parts(part(pod, "status"), "containerStatuses"):
        if status["name"] == query.get("container"):
            state, last = parse_state(status.get("state")), parse_state(status.get("lastState"))
            run: State = last if previous or state.word == "waiting" else state
            return run.started or now
    return now
