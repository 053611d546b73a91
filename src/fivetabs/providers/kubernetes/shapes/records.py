"""Whether a cluster lives, or is the record of one: then its own last sign is the present.

A kubelet renews its node's lease every ten seconds and its node's status every five minutes, the
leaders theirs every two seconds. Where none of them has stirred for long, and no event is younger,
what was read stands still: "ended five seconds ago" then means five seconds before that last sign.
Objects put into another API server also have new uids and a birth after their own deaths.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from fivetabs.providers.kubernetes.shapes.cases import PodCase
from fivetabs.providers.kubernetes.shapes.events import Event
from fivetabs.providers.kubernetes.shapes.machines import Lease, Node

_LONG = timedelta(hours=1)
_SERVERS = "apiserver-"  # the leases of API servers: such a one serves the record too


def last_sign(
    nodes: Iterable[Node], leases: Iterable[Lease], events: Iterable[Event], now: datetime
) -> datetime | None:
    """When a cluster that stands still gave its last sign; None where it lives, or says nothing."""
    signs = [
        *(node.heard for node in nodes),
        *(each.renewed for each in leases if not each.name.startswith(_SERVERS)),
        *(event.last for event in events),
    ]
    known = [when for when in signs if when is not None]
    last = max(known, default=None)
    return last if last is not None and now - last > _LONG else None


def end_of(cases: Iterable[PodCase], sign: datetime, now: datetime) -> datetime:
    """The moment of a record: the last thing that any of its suspect pods tells of."""
    return max((when for case in cases for when in _told(case) if sign < when <= now), default=sign)


def _told(case: PodCase) -> Iterator[datetime]:
    times = [c.since for c in case.pod.conditions]
    for container in case.pod.containers:
        for state in (container.state, container.last):
            times += [state.started, state.finished]
    yield from (when for when in times if when is not None)
