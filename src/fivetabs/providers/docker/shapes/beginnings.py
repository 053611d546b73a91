"""When a container's present trouble began, reckoned from what the engine still tells.

Source: moby `restartmanager`: the pause before a restart begins with 0.1 s, doubles up to 1 minute,
and starts anew after a run of 10 s or more.
"""

from datetime import datetime, timedelta

from fivetabs.providers.docker.shapes.containers import Container
from fivetabs.providers.docker.shapes.events import Story
from fivetabs.providers.docker.shapes.wiring import Wiring

_FIRST_PAUSE, _LONGEST_PAUSE, _LONG_RUN = 0.1, 60.0, 10.0
_DOUBLINGS = 10


def began(container: Container, wiring: Wiring, story: Story) -> datetime | None:
    """About when it began: by an event, else by how often it happened and how far apart.

    None for what ended once: then its end is the beginning.
    """
    c = container
    if c.state == "created":
        return wiring.created
    if c.state == "running" and c.health == "unhealthy":
        turned = [e.when for e in story.events if e.id == c.id and "unhealthy" in e.action]
        return turned[-1] if turned else _first_failure(c, wiring)
    looping = c.state == "restarting" or (c.state == "running" and c.restarts)
    if looping and c.started and c.finished:
        reckoned = c.finished - _looped_for(c)
        return max(reckoned, wiring.created) if wiring.created else reckoned
    return None


def _first_failure(c: Container, wiring: Wiring) -> datetime | None:
    last = c.last_check.ended if c.last_check else None
    if last is None or wiring.check_every is None:
        return last
    first = last - wiring.check_every * max(0, c.failing_streak - 1)
    return max(first, c.started) if c.started else first


def _looped_for(c: Container) -> timedelta:
    """The runs and the pauses between them, if all runs were as long as the last."""
    run = (c.finished - c.started).total_seconds() if c.finished and c.started else 0.0
    run = max(run, 0.0)
    if run >= _LONG_RUN:
        pauses = _FIRST_PAUSE * c.restarts
    else:
        doubling = min(c.restarts, _DOUBLINGS)
        pauses = _FIRST_PAUSE * (2**doubling - 1) + _LONGEST_PAUSE * (c.restarts - doubling)
    return timedelta(seconds=pauses + run * (c.restarts + 1))
