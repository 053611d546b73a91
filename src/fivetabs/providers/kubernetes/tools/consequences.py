"""What a change of an object's fields means for its pods and for whatever uses it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fivetabs.core import Blast, Call, Finding, Invalid, Scope
from fivetabs.providers.kubernetes.port import RESTARTABLE, Cluster, Json
from fivetabs.providers.kubernetes.rules.surveying import survey
from fivetabs.providers.kubernetes.shapes.edits import Change
from fivetabs.providers.kubernetes.shapes.fields import part
from fivetabs.providers.kubernetes.shapes.kinds import KINDS
from fivetabs.providers.kubernetes.shapes.privileges import privileges
from fivetabs.providers.kubernetes.shapes.services import EndpointSlice, Service
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot
from fivetabs.providers.kubernetes.tools.arguments import MOST_REPLICAS
from fivetabs.providers.kubernetes.tools.loading import load
from fivetabs.providers.kubernetes.tools.preflight import (
    Around,
    look_around,
    managed,
    replaced,
    rolling,
)
from fivetabs.providers.kubernetes.tools.scaling import (
    check_scaler,
    loses_data,
    replicas_of,
    scaling,
)
from fivetabs.providers.kubernetes.tools.targets import touched

_ROLLS = frozenset(each.kind for each in RESTARTABLE)
_FEW = 4


@dataclass(frozen=True, slots=True)
class Consequences:
    """What to tell of a change: `words` end its summary, `lasting` says why it has no undo."""

    words: str
    warnings: tuple[str, ...]
    ailing: tuple[Finding, ...]
    check: Call
    blast: Blast = field(default_factory=Blast)
    lasting: str = ""

    @property
    def more(self) -> dict[str, Any]:
        """The fields of the plan that come from here."""
        told = {"warnings": self.warnings, "ailing": self.ailing}
        return {**told, "check": self.check, "blast": self.blast}


async def consequences(
    cluster: Cluster, before: Json, after: Json, changes: Sequence[Change]
) -> Consequences:
    """Look at what is around the object.

    Raises:
        Conflict: If an autoscaler would take the change back.
        Invalid: If a number of replicas is beyond all bounds.
    """
    _check_numbers(after)
    if before["kind"] in _ROLLS:
        return _of_workload(await look_around(cluster, before), before, after, changes)
    return await _of_other(cluster, before, after, changes)


def _check_numbers(after: Json) -> None:
    for name in ("replicas", "minReplicas", "maxReplicas"):
        number = part(after, "spec").get(name) or 0
        if number > MOST_REPLICAS:
            raise Invalid(f"spec.{name} is at most {MOST_REPLICAS} here; nothing was done")


def _of_workload(
    around: Around, before: Json, after: Json, changes: Sequence[Change]
) -> Consequences:
    meta = before["metadata"]
    rolls = any(each.pointer.startswith("/spec/template") for each in changes)
    old, new = replicas_of(before), replicas_of(after)
    pods = len(around.pods) if rolls else max(0, old - new)
    warnings = list(privileges(changes))
    lasting = ""
    if old != new:
        check_scaler(around.scaler, before, new)
        warnings += scaling(around, new)
        lasting = "claims are deleted with their data" if loses_data(before, new) else ""
    else:
        warnings += managed(before)
        warnings += around.unread
    if rolls:
        warnings += rolling(around)
    return Consequences(
        words=f": {replaced(pods)}" if rolls else "",
        warnings=tuple(warnings),
        ailing=around.findings,
        check=Call("get_pod_status", {"namespace": meta["namespace"], "name": meta["name"]}),
        blast=Blast(pods=pods, replicas=new if old != new else 0),
        lasting=lasting,
    )


async def _of_other(
    cluster: Cluster, before: Json, after: Json, changes: Sequence[Change]
) -> Consequences:
    meta, kind = before["metadata"], before["kind"]
    subject = str(touched(cluster, before))
    snapshot = await load(cluster, Scope(meta["namespace"]))
    known = survey(snapshot).findings
    ailing = about(known, subject)
    foreseen = survey(_with(snapshot, after)).findings
    warnings = [*privileges(changes), *_news(known, foreseen)]
    if kind == "ConfigMap":
        warnings += _readers(snapshot, before)
    warnings += managed(before)
    frozen = not before.get("immutable") and after.get("immutable")
    reach = part(after, "spec").get("maxReplicas") or 0
    return Consequences(
        words="",
        warnings=tuple(warnings),
        ailing=ailing,
        check=Call("investigate", {"about": meta["name"]}),
        blast=Blast(replicas=reach if kind == "HorizontalPodAutoscaler" else 0),
        lasting="a ConfigMap that was made immutable stays so" if frozen else "",
    )


def about(findings: Sequence[Finding], subject: str) -> tuple[Finding, ...]:
    """Those that are about one thing."""
    return tuple(f for f in findings if subject in (f.subject, *f.symptoms))


def _with(snapshot: Snapshot, after: Json) -> Snapshot:
    """The snapshot as if the object were changed already."""
    kind = next(each for each in KINDS if each.resource.kind == after["kind"])
    made = kind.parse(after)
    shelves = dict(snapshot.shelves)
    shelves[kind.shape] = tuple(
        made if (each.namespace, each.name) == (made.namespace, made.name) else each
        for each in snapshot.shelves.get(kind.shape, ())
    )
    old = snapshot.find(Service, made.namespace, made.name) if isinstance(made, Service) else None
    if old is not None and isinstance(made, Service) and old.selector != made.selector:
        # What stands behind it now says nothing of what will.
        slices = (each for each in snapshot.all(EndpointSlice) if each.service != made.name)
        shelves[EndpointSlice] = tuple(slices)
    return replace(snapshot, shelves=shelves)


def _news(known: Sequence[Finding], foreseen: Sequence[Finding]) -> Iterator[str]:
    """What the rules would find wrong that they do not find wrong now."""
    before = {(each.code, each.subject) for each in known}
    for each in foreseen:
        if (each.code, each.subject) not in before:
            yield f"after this: {each.cause}"


def _readers(snapshot: Snapshot, raw: Json) -> Iterator[str]:
    """Who reads a ConfigMap, and that running pods do not see all of the change."""
    meta = raw["metadata"]
    readers = [
        str(user.owner)
        for user in snapshot.users
        if user.namespace == meta["namespace"]
        and any((r.kind, r.name) == ("ConfigMap", meta["name"]) for r in user.spec.references)
    ]
    if readers:
        more = f" and {len(readers) - _FEW} more" if len(readers) > _FEW else ""
        yield (
            f"{', '.join(readers[:_FEW])}{more} read it: environment variables change only in pods "
            "that are restarted, mounted files within a minute or two"
        )
