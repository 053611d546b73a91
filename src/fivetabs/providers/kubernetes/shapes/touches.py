"""Who wrote an object last, read from its managed fields (server-side apply's bookkeeping)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.fields import part, parts
from fivetabs.providers.kubernetes.shapes.times import parse_when

_HELM = "meta.helm.sh/release-name"
_ARGO = "argocd.argoproj.io/tracking-id"
_CAUSE = "kubernetes.io/change-cause"


@dataclass(frozen=True, slots=True)
class Touch:
    """One manager's last write: `fields` are the paths it owns, `scaled`: by the scale resource."""

    manager: str
    when: datetime
    operation: str
    scaled: bool
    fields: tuple[str, ...]


def parse_touches(meta: Json) -> Iterator[Touch]:
    """Every manager's last write, but of the status."""
    for each in parts(meta, "managedFields"):
        when = parse_when(each.get("time"))
        if when is not None and each.get("subresource") != "status":
            yield Touch(
                manager=each.get("manager") or "unknown",
                when=when,
                operation=each.get("operation") or "",
                scaled=each.get("subresource") == "scale",
                fields=tuple(_paths(part(each, "fieldsV1"))),
            )


def released_by(meta: Json) -> str:
    """The release or application that an object belongs to, by its annotations."""
    annotations = part(meta, "annotations")
    if name := annotations.get(_HELM):
        return f"helm release {name}"
    if told := annotations.get(_ARGO):
        return f"argocd application {told.partition(':')[0]}"
    return ""


def change_cause(meta: Json) -> str:
    """What somebody noted about a rollout."""
    return part(meta, "annotations").get(_CAUSE) or ""


def _paths(fields: Json, depth: int = 2) -> Iterator[str]:
    """`data.app.conf`, `spec.replicas`: the fields of the first two heights."""
    for name, below in sorted(fields.items()):
        if not name.startswith("f:"):
            continue
        inner = cast("dict[str, Any]", below or {})
        deeper = [each for each in inner if each.startswith("f:")]
        if depth > 1 and deeper:
            for path in _paths(inner, depth - 1):
                yield f"{name[2:]}.{path}"
        else:
            yield name[2:]
