"""Rollouts since a time, each with what differs from the revision before it."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fivetabs.core import Change, NotFound
from fivetabs.core.quoting import quoted, term
from fivetabs.providers.kubernetes.port import REPLICA_SETS, REVISIONS, Cluster, Json, path_to
from fivetabs.providers.kubernetes.shapes.differences import differences
from fivetabs.providers.kubernetes.shapes.fields import part, parts
from fivetabs.providers.kubernetes.shapes.owners import Owner, parse_controller
from fivetabs.providers.kubernetes.shapes.specs import PodSpec, parse_template
from fivetabs.providers.kubernetes.shapes.tables import Row
from fivetabs.providers.kubernetes.shapes.things import subject_of
from fivetabs.providers.kubernetes.shapes.times import parse_when
from fivetabs.providers.kubernetes.shapes.touches import change_cause, parse_touches
from fivetabs.providers.kubernetes.shapes.workloads import RESTARTED_AT
from fivetabs.providers.kubernetes.tools.reading import Gaps, rows
from fivetabs.providers.kubernetes.tools.shelving import allow

_MOST = 20
_SHOWN = 6
_WITH_IT = timedelta(minutes=1)
_REVISION = "deployment.kubernetes.io/revision"

Known = Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class _Rollout:
    """A revision of a workload; `template` and `before` are those of it and of the one before."""

    owner: Owner
    namespace: str
    when: datetime
    revision: str
    template: Json
    before: Json | None
    source: str
    cause: str


async def rollouts(
    cluster: Cluster, since: datetime, space: str, known: Known, gaps: Gaps
) -> list[Change]:
    """Rollouts of Deployments by their ReplicaSets, of other workloads by their revisions."""
    sets, revisions = await asyncio.gather(
        allow("replicasets", rows(cluster, REPLICA_SETS, space), gaps),
        allow("controllerrevisions", _revisions(cluster, space), gaps),
    )
    of_deployments = await allow(
        "revisions of Deployments", _deployments(cluster, sets or (), since), gaps
    )
    found = (*(of_deployments or ()), *_others(revisions or (), since))
    return [change for each in found for change in _changes(cluster.context, each, known)]


async def _revisions(cluster: Cluster, space: str) -> tuple[Json, ...]:
    return tuple(parts(await cluster.get(path_to(REVISIONS, space)), "items"))


async def _deployments(
    cluster: Cluster, sets: Sequence[Row], since: datetime
) -> tuple[_Rollout, ...]:
    """Each new ReplicaSet with the one that its Deployment had before; the newest 20."""
    young = [row for row in sets if (made := _created(row.meta)) is not None and made >= since]
    young.sort(key=lambda row: (_created(row.meta), row.namespace, row.name), reverse=True)
    found = await asyncio.gather(*(_deployment(cluster, row, sets) for row in young[:_MOST]))
    return tuple(each for each in found if each is not None)


async def _deployment(cluster: Cluster, row: Row, sets: Sequence[Row]) -> _Rollout | None:
    owner, when = parse_controller(row.meta), _created(row.meta)
    if owner is None or when is None:
        return None
    near = [r for r in sets if r.namespace == row.namespace and r.may_hold(owner.name)]
    older = [r for r in near if parse_controller(r.meta) == owner and _number(r) < _number(row)]
    last = max(older, key=_number, default=None)
    try:
        new = await cluster.get(path_to(REPLICA_SETS, row.namespace, row.name))
        old = await cluster.get(path_to(REPLICA_SETS, row.namespace, last.name)) if last else None
    except NotFound:
        return None
    return _Rollout(
        owner,
        row.namespace,
        when,
        str(_number(row)),
        part(new, "spec", "template"),
        part(old, "spec", "template") if old else None,
        f"ReplicaSet {row.name}",
        change_cause(row.meta),
    )


def _others(revisions: Sequence[Json], since: datetime) -> Iterator[_Rollout]:
    """StatefulSets and DaemonSets keep their templates in ControllerRevisions."""
    for raw in revisions:
        meta = raw["metadata"]
        owner, when = parse_controller(meta), _created(meta)
        if owner is None or when is None or when < since:
            continue
        same = [
            each
            for each in revisions
            if each["metadata"].get("namespace") == meta.get("namespace")
            and parse_controller(each["metadata"]) == owner
            and each.get("revision", 0) < raw.get("revision", 0)
        ]
        last = max(same, key=lambda each: each.get("revision", 0), default=None)
        yield _Rollout(
            owner,
            meta.get("namespace", ""),
            when,
            str(raw.get("revision", 0)),
            part(raw, "data", "spec", "template"),
            part(last, "data", "spec", "template") if last else None,
            f"ControllerRevision {meta['name']}",
            change_cause(meta),
        )


def _changes(context: str, rollout: _Rollout, known: Known) -> Iterator[Change]:
    """One change for each field that differs, or one for the rollout where none is known to."""
    subject = subject_of(context, rollout.owner.kind, rollout.namespace, rollout.owner.name)
    who = _who(rollout, known)
    head = f"revision {rollout.revision}"
    for what, before, after in _told(rollout, known):
        yield Change(subject, rollout.when, f"{head}{what}", rollout.source, who, before, after)


def _told(rollout: _Rollout, known: Known) -> Iterator[tuple[str, str, str]]:
    """What changed, with the value before and after."""
    if rollout.before is None:
        row = _row(rollout, known)
        made = _created(row.meta) if row else None
        if made is None or rollout.when - made > _WITH_IT:  # Else its creation is told already.
            image = ", ".join(term(c.image) for c in _spec(rollout.template).containers)
            yield f" rolled out, the first that is kept ({image})", "", ""
        return
    found = list(differences(_spec(rollout.before), _spec(rollout.template)))
    for each in found[:_SHOWN]:
        yield f": {each.what} changed", each.before or "unset", each.after or "unset"
    if len(found) > _SHOWN:
        yield f": {len(found) - _SHOWN} more fields changed", "", ""
    if not found:
        yield f" {_otherwise(rollout)}", "", ""


def _otherwise(rollout: _Rollout) -> str:
    """What a rollout was for that changed nothing which is compared."""
    stamps = [
        part(each, "metadata", "annotations").get(RESTARTED_AT)
        for each in (rollout.before, rollout.template)
    ]
    return "restarted (no other change)" if stamps[0] != stamps[1] else "rolled out"


def _spec(template: Json) -> PodSpec:
    return parse_template(template)


def _who(rollout: _Rollout, known: Known) -> str:
    """The manager that wrote the workload last before the revision, and what they noted."""
    row = _row(rollout, known)
    touches = parse_touches(row.meta) if row else ()
    before = [t for t in touches if (t.when - rollout.when).total_seconds() <= 1 and not t.scaled]
    before = [t for t in before if not t.manager.startswith("kube-controller-manager")]
    newest = max(before, key=lambda touch: touch.when, default=None)
    told = [newest.manager if newest else "", quoted(rollout.cause)]
    return ", ".join(each for each in told if each)


def _row(rollout: _Rollout, known: Known) -> Row | None:
    place = (rollout.namespace, rollout.owner.name)
    rows_ = known.get(rollout.owner.kind, ())
    return next((row for row in rows_ if (row.namespace, row.name) == place), None)


def _created(meta: Json) -> datetime | None:
    return parse_when(meta.get("creationTimestamp"))


def _number(row: Row) -> int:
    told = part(row.meta, "annotations").get(_REVISION, "")
    return int(told) if told.isdecimal() else 0
