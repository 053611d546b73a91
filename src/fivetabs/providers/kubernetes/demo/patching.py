"""What a step makes of an object, and what an API server would refuse of it."""

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime

from fivetabs.core import Invalid, quoted, stamp
from fivetabs.providers.kubernetes.demo.merging import merge
from fivetabs.providers.kubernetes.demo.schema import check_fields
from fivetabs.providers.kubernetes.port import Draft, Edit, Json, Step
from fivetabs.providers.kubernetes.shapes.edits import written
from fivetabs.providers.kubernetes.shapes.fields import part, parts
from fivetabs.providers.kubernetes.shapes.identity import as_patch
from fivetabs.providers.kubernetes.shapes.json_patches import apply_patch
from fivetabs.providers.kubernetes.shapes.workloads import RESTARTED_AT

_SET = frozenset(
    (
        "replicas",
        "ordinals",
        "template",
        "updateStrategy",
        "revisionHistoryLimit",
        "persistentVolumeClaimRetentionPolicy",
        "minReadySeconds",
    )
)


def patched(raw: Json, step: Step | Draft, now: datetime) -> Json:
    """The object after a step, not written.

    Raises:
        Conflict: If a field is not as the edit was planned for.
        Invalid: If the API would refuse what comes of it.
    """
    if isinstance(step, Draft):
        body = json.loads(step.patch)
        return accepted(raw, merge(raw, body) if step.merge else apply_patch(raw, body))
    if isinstance(step, Edit):
        return accepted(raw, apply_patch(raw, as_patch(raw, step)))
    return accepted(raw, merge(raw, stamped(now)))


def stamped(now: datetime) -> Json:
    """The merge patch of a restart."""
    return {"spec": {"template": {"metadata": {"annotations": {RESTARTED_AT: stamp(now)}}}}}


def accepted(before: Json, after: Json) -> Json:
    """The object as it is stored: a new generation where its spec differs.

    Raises:
        Invalid: In the API server's words, if it refuses the object.
    """
    kind, name = before["kind"], before["metadata"]["name"]
    check_fields(kind, after)
    wrong = "; ".join(_wrong(before, after))
    if wrong:
        group = before["apiVersion"].partition("/")[0] if "/" in before["apiVersion"] else ""
        what = f"{kind}.{group}" if group else kind
        raise Invalid(quoted(f'{what} "{name}" is invalid: {wrong}'))
    made = deepcopy(after)
    made["metadata"] = {**made["metadata"], **_kept(before["metadata"])}
    if (
        written(before.get("spec")) != written(made.get("spec"))
        and "generation" in made["metadata"]
    ):
        made["metadata"]["generation"] += 1
    return made


def _kept(meta: Json) -> Json:
    return {k: meta[k] for k in ("name", "namespace", "uid", "creationTimestamp") if k in meta}


def _wrong(before: Json, after: Json) -> Iterator[str]:
    old, new = part(before, "spec"), part(after, "spec")
    replicas = new.get("replicas", 1)
    if not isinstance(replicas, int) or not 0 <= replicas < 1 << 31:
        yield f"spec.replicas: Invalid value: {replicas}: must be greater than or equal to 0"
    fixed = {"Service": ("clusterIP",), "CronJob": ()}.get(before["kind"], ("selector",))
    for field in fixed if before["kind"] in {"Deployment", "DaemonSet", "Service"} else ():
        if written(old.get(field)) != written(new.get(field)):
            yield f"spec.{field}: Invalid value: {written(new.get(field))}: field is immutable"
    if before["kind"] == "StatefulSet" and any(
        written(old.get(k)) != written(new.get(k)) for k in {*old, *new} - _SET
    ):
        told = "updates to statefulset spec for fields other than these are forbidden"
        yield f"spec: Forbidden: {told}"
    if before.get("immutable") and written(before.get("data")) != written(after.get("data")):
        yield "data: Forbidden: field is immutable when `immutable` is set"
    for number, each in enumerate(parts(new, "template", "spec", "containers")):
        yield from _wrong_container(number, each)


def _wrong_container(number: int, container: Json) -> Iterator[str]:
    place = f"spec.template.spec.containers[{number}]"
    if not container.get("image"):
        yield f"{place}.image: Required value"
    for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
        asked = part(container, probe)
        ways = [way for way in ("exec", "httpGet", "tcpSocket", "grpc") if way in asked]
        if asked and not ways:
            yield f"{place}.{probe}: Required value: must specify a handler type"
        if len(ways) > 1:
            yield f"{place}.{probe}.{ways[1]}: Forbidden: may not specify more than 1 handler type"
