"""The revisions of a workload that are kept: those of Deployments in ReplicaSets, others apart."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.edits import written
from fivetabs.providers.kubernetes.shapes.fields import part, parts

NUMBER = "deployment.kubernetes.io/revision"
_HASH = "pod-template-hash"


@dataclass(frozen=True, slots=True)
class Revision:
    """A kept revision: its number, its pod template, where it is kept, and its pods' hash label."""

    number: int
    template: Json
    source: str
    hash: str


def parse_revisions(kind: str, uid: str, items: Iterable[Json]) -> tuple[Revision, ...]:
    """Those of one workload, newest first, of its ReplicaSets or ControllerRevisions."""
    mine = (each for each in items if _is_of(each, uid))
    read = map(_of_set if kind == "Deployment" else _of_revision, mine)
    return tuple(sorted(read, key=lambda each: each.number, reverse=True))


def current_of(template: Json, revisions: Iterable[Revision]) -> Revision | None:
    """The revision whose template is the workload's own; None while it has not been recorded."""
    text = written(_bare(template))
    return next((each for each in revisions if written(each.template) == text), None)


def with_template(raw: Json, template: Json) -> Json:
    """The workload with the pod template of a revision."""
    head = part(raw, "spec", "template", "metadata")
    null = {"creationTimestamp": None} if "creationTimestamp" in head else {}
    made = {**template, "metadata": {**null, **part(template, "metadata")}}
    return {**raw, "spec": {**part(raw, "spec"), "template": made}}


def _is_of(raw: Json, uid: str) -> bool:
    owners: Iterator[Json] = (r for r in parts(raw["metadata"], "ownerReferences"))
    return any(each.get("controller") and each.get("uid") == uid for each in owners)


def _bare(template: Json) -> Json:
    """The template without what API servers write, or do not, where there is nothing to say."""
    head = {k: v for k, v in part(template, "metadata").items() if k != "creationTimestamp"}
    return {**{k: v for k, v in template.items() if k != "$patch"}, "metadata": head}


def _of_set(raw: Json) -> Revision:
    """An apps/v1 ReplicaSet: the Deployment's template, and the label that tells them apart."""
    meta, template = raw["metadata"], part(raw, "spec", "template")
    head = part(template, "metadata")
    labels = {k: v for k, v in part(head, "labels").items() if k != _HASH}
    told = str(part(meta, "annotations").get(NUMBER) or "")
    return Revision(
        int(told) if told.isdecimal() else 0,
        _bare({**template, "metadata": {**head, "labels": labels}}),
        f"ReplicaSet {meta['name']}",
        str(part(head, "labels").get(_HASH) or ""),
    )


def _of_revision(raw: Json) -> Revision:
    """An apps/v1 ControllerRevision of another workload: a patch that puts its template back."""
    meta, template = raw["metadata"], part(raw, "data", "spec", "template")
    labels = part(meta, "labels")
    told = labels.get("controller.kubernetes.io/hash") or labels.get("controller-revision-hash")
    return Revision(
        int(raw.get("revision") or 0),
        _bare(template),
        f"ControllerRevision {meta['name']}",
        str(told or ""),
    )
