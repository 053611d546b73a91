"""Events as changes: scaling, nodes that come and go, and warnings folded by workload."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from fivetabs.core import Change, Nature, term
from fivetabs.core.patterns import Pattern
from fivetabs.core.quoting import quoted
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.rules.saying import quote
from fivetabs.providers.kubernetes.shapes.events import Event, parse_event
from fivetabs.providers.kubernetes.shapes.fields import part
from fivetabs.providers.kubernetes.shapes.things import subject_of
from fivetabs.providers.kubernetes.shapes.times import parse_when

# Of the Normal events these tell that something changed; the others, that something went well.
_TELLING = frozenset(
    (
        "ScalingReplicaSet",
        "SuccessfulRescale",
        "NodeNotReady",
        "NodeReady",
        "NodeNotSchedulable",
        "NodeSchedulable",
        "RegisteredNode",
        "RemovingNode",
        "DeletingNode",
        "Rebooted",
        "Starting",
        "Preempted",
        "Evicted",
        "Killing",
        "TaintManagerEviction",
        "Suspended",
        "Resumed",
        "RotateKey",
        "LeaderElection",
    )
)
# Of the telling ones, those that say that something went wrong.
_WRONG = frozenset(
    ("NodeNotReady", "Rebooted", "Preempted", "Evicted", "Killing", "TaintManagerEviction")
)
# Those whose message says nothing that the reason and the subject do not.
_SAID = frozenset(("NodeNotReady", "NodeReady", "RegisteredNode", "Starting"))
_ROUTINE = frozenset({"LeaderElection", "Starting"})
_HASHED = Pattern(r"-(?:[a-z0-9]{5,10}-)?[a-z0-9]{5}$|-\d+$")
_SCALED = Pattern(r"Scaled (up|down) replica set (\S+?)(?: from (\d+))? to (\d+)")


@dataclass(frozen=True, slots=True)
class _Told:
    """An event, which part of the cluster told it, and since when."""

    event: Event
    who: str
    first: datetime


def told_by_events(context: str, raws: Iterable[Json], since: datetime) -> Iterator[Change]:
    """One change for each workload and reason since a time; Normal events only if they tell."""
    groups: dict[tuple[str, ...], list[_Told]] = {}
    for raw in raws:
        event = parse_event(raw)
        if event.last < since or not _tells(event):
            continue
        who = term(part(raw, "source").get("component") or raw.get("reportingComponent") or "")
        first = parse_when(raw.get("firstTimestamp") or raw.get("eventTime")) or event.last
        words = event.message if event.reason == "ScalingReplicaSet" else ""
        key = (event.kind, event.namespace, _family(event), event.reason, words)
        groups.setdefault(key, []).append(_Told(event, who, first))
    for several in groups.values():
        yield _change(context, several, since)


def _tells(event: Event) -> bool:
    if event.reason in _ROUTINE:
        return event.reason == "Starting" and event.kind == "Node"
    return event.type != "Normal" or event.reason in _TELLING


def _family(event: Event) -> str:
    """Pods of one workload together, by the names that its controllers make."""
    return _HASHED.sub("", event.name) if event.kind == "Pod" else event.name


def _change(context: str, several: list[_Told], since: datetime) -> Change:
    """It happened when it was first told, if that was since the time; else when it was last."""
    last = max(several, key=lambda told: (told.event.last, told.event.name))
    newest, who = last.event, last.who
    first = min(told.first for told in several)
    subject = subject_of(context, newest.kind, newest.namespace, newest.name)
    if newest.kind == "Node":
        subject = subject_of(context, "Node", "", newest.name)
    count = sum(told.event.count for told in several)
    names = {told.event.name for told in several}
    of = f" ({len(names)} pods)" if len(names) > 1 else ""
    before = after = ""
    what = f"{newest.reason}{of}"
    if found := _SCALED.match(newest.message):
        before, after = found[3] or "", found[4]
        what = f"scaled ReplicaSet {term(found[2])} {found[1]}"
    elif newest.reason not in _SAID:
        what += f": {quoted(quote(newest.message))}"
    wrong = newest.type != "Normal" or newest.reason in _WRONG
    return Change(
        subject,
        first if first >= since else newest.last,
        what,
        "events",
        who,
        before,
        after,
        count,
        Nature.FAILED if wrong else Nature.FOLLOWED,
    )
