"""What changed in a cluster since a time: rollouts, settings, scaling, nodes, and what was told."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from fivetabs.core import Change, History, Nature, Scope
from fivetabs.providers.kubernetes.port import (
    AUTOSCALERS,
    CLAIMS,
    CONFIG_MAPS,
    CRON_JOBS,
    DAEMON_SETS,
    DEPLOYMENTS,
    EVENTS,
    INGRESSES,
    NAMESPACES,
    NODES,
    POLICIES,
    QUOTAS,
    RANGES,
    SERVICES,
    STATEFUL_SETS,
    Cluster,
    Json,
    Resource,
    path_to,
)
from fivetabs.providers.kubernetes.shapes.fields import parts
from fivetabs.providers.kubernetes.shapes.owners import parse_controller
from fivetabs.providers.kubernetes.shapes.tables import Row
from fivetabs.providers.kubernetes.shapes.things import subject_of
from fivetabs.providers.kubernetes.shapes.times import parse_when
from fivetabs.providers.kubernetes.shapes.touches import Touch, parse_touches, released_by
from fivetabs.providers.kubernetes.tools.reading import Gaps, rows
from fivetabs.providers.kubernetes.tools.retelling import told_by_events
from fivetabs.providers.kubernetes.tools.rollouts import rollouts
from fivetabs.providers.kubernetes.tools.shelving import allow

_KINDS = (
    DEPLOYMENTS,
    STATEFUL_SETS,
    DAEMON_SETS,
    CRON_JOBS,
    CONFIG_MAPS,
    SERVICES,
    INGRESSES,
    POLICIES,
    AUTOSCALERS,
    CLAIMS,
    QUOTAS,
    RANGES,
    NAMESPACES,
    NODES,
)
_MADE_OF_PODS = frozenset({"Deployment", "StatefulSet", "DaemonSet"})
# What the cluster's own controllers write into an object is told by their events instead.
_OWN = ("kube-controller-manager", "kubelet", "kube-scheduler", "cloud-controller-manager", "k3s")
_FIELDS = 4
_EDITED, _AT_ONCE = "edited", timedelta(seconds=2)


async def changes(cluster: Cluster, since: datetime, scope: Scope) -> History:
    """What changed since a time, newest last. Secrets are not looked at, which `checked` says."""
    gaps = Gaps()
    space = scope.namespace
    listed, events = await asyncio.gather(
        asyncio.gather(*(allow(k.plural, rows(cluster, k, space), gaps) for k in _KINDS)),
        allow("events", _events(cluster, space), gaps),
    )
    known = {kind.kind: found or () for kind, found in zip(_KINDS, listed, strict=True)}
    found = [
        change
        for kind, lines in zip(_KINDS, listed, strict=True)
        for row in lines or ()
        if kind is not NAMESPACES or space in {"", row.name}
        for change in _written(cluster.context, kind, row, since)
    ]
    rolled = await rollouts(cluster, since, space, known, gaps)
    found = [change for change in found if not _rolled_out(change, rolled)] + rolled
    found += told_by_events(cluster.context, events or (), since)
    found.sort(key=lambda change: (change.when, change.subject, change.what))
    had = [lines for lines in listed if lines is not None]
    checked = f"{sum(map(len, had))} objects of {len(had)} kinds (Secrets are not read)"
    told = () if events is None else (f"{len(events)} events",)
    return History(tuple(found), (checked, *told), tuple(gaps.told))


def _rolled_out(change: Change, rolled: Iterable[Change]) -> bool:
    """Whether it is the edit that a rollout tells in full."""
    return change.what == _EDITED and any(
        each.subject == change.subject and abs(each.when - change.when) <= _AT_ONCE
        for each in rolled
    )


async def _events(cluster: Cluster, space: str) -> tuple[Json, ...]:
    return tuple(parts(await cluster.get(path_to(EVENTS, space)), "items"))


def _written(context: str, kind: Resource, row: Row, since: datetime) -> Iterator[Change]:
    """An object that was made, deleted or written since; a workload's template is a rollout."""
    meta = row.meta
    subject = subject_of(context, kind.kind, row.namespace, row.name)
    created = parse_when(meta.get("creationTimestamp"))
    source = "metadata"
    touches = [each for each in parse_touches(meta) if each.when >= since]
    if created is not None and created >= since:
        who = _who(meta, touches)
        # A node registers itself; whoever made the machine is another house's matter.
        nature = Nature.FOLLOWED if kind is NODES else Nature.DONE
        yield Change(subject, created, "created", source, who, nature=nature)
    if deleted := parse_when(meta.get("deletionTimestamp")):
        yield Change(subject, deleted, "is being deleted", source)
    for touch in touches:
        made = created is not None and (touch.when - created).total_seconds() <= 1
        if not made and not _of_controllers(touch):
            what = _what(kind, touch)
            yield Change(subject, touch.when, what, source, _who(meta, [touch]))


def _of_controllers(touch: Touch) -> bool:
    return touch.manager.startswith(_OWN) and not touch.scaled


def _what(kind: Resource, touch: Touch) -> str:
    if touch.scaled or touch.fields == ("spec.replicas",):
        return "scaled"
    fields = [each for each in touch.fields if not each.startswith("metadata.")]
    if kind.kind == "ConfigMap":
        keys = [each.removeprefix("data.") for each in fields]
        return f"updated{_among(keys, 'keys')}"
    if kind.kind in _MADE_OF_PODS:
        return _EDITED
    return f"updated{_among(fields, 'fields')}"


def _among(names: list[str], noun: str) -> str:
    """Its writer's fields: which of them changed is not kept."""
    if not names:
        return ""
    more = f" and {len(names) - _FIELDS} more" if len(names) > _FIELDS else ""
    return f" ({noun} among {', '.join(names[:_FIELDS])}{more})"


def _who(meta: Json, touches: Iterable[Touch]) -> str:
    newest = max(touches, key=lambda touch: touch.when, default=None)
    maker = parse_controller(meta)
    told = [newest.manager if newest else "", released_by(meta), str(maker or "")]
    return ", ".join(each for each in told if each)
