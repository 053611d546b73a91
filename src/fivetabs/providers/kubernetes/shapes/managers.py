"""Who else writes an object, and so takes a change back, and where to change it instead.

Read from the marks these programs leave: annotations and labels, the controller reference, and the
names under which they wrote (`managedFields`, server-side apply's bookkeeping).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from fivetabs.core import term
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.fields import part, parts
from fivetabs.providers.kubernetes.shapes.owners import parse_controller

_HELM, _HELM_SPACE = "meta.helm.sh/release-name", "meta.helm.sh/release-namespace"
_ARGO, _ARGO_LABEL = "argocd.argoproj.io/tracking-id", "argocd.argoproj.io/instance"
_KUSTOMIZE, _FLUX_HELM = "kustomize.toolkit.fluxcd.io", "helm.toolkit.fluxcd.io"
_MANAGED_BY = "app.kubernetes.io/managed-by"
_BUILT_IN = frozenset({"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicaSet"})
_WRITERS = (
    ("argocd", "Argo CD", "its Git repository", "its next sync"),
    ("kustomize-controller", "Flux", "its Git repository", "its next reconciliation"),
    ("helm-controller", "Flux", "its HelmRelease", "its next reconciliation"),
    ("terraform", "Terraform", "its configuration", "the next terraform apply"),
    ("hashicorp", "Terraform", "its configuration", "the next terraform apply"),
    ("pulumi", "Pulumi", "its program", "the next pulumi up"),
)


@dataclass(frozen=True, slots=True)
class Manager:
    """A program that holds an object to its own idea of it.

    `who` names it with the application or release, `where` is where to change the object instead,
    `when` is when it takes back what others changed.
    """

    who: str
    where: str
    when: str


def parse_managers(raw: Json) -> tuple[Manager, ...]:
    """Every program that manages the object, the closest first; each once."""
    found: dict[str, Manager] = {}
    for each in _managers(raw["metadata"]):
        found.setdefault(each.who.split(" ")[0], each)
    return tuple(found.values())


def _managers(meta: Json) -> Iterator[Manager]:
    annotations, labels = part(meta, "annotations"), part(meta, "labels")
    maker = parse_controller(meta)
    if maker is not None and maker.kind not in _BUILT_IN:
        yield Manager(f"{maker} (an operator's)", str(maker), "its operator looks again")
    if told := annotations.get(_ARGO) or labels.get(_ARGO_LABEL):
        name = term(str(told).partition(":")[0])
        yield Manager(f"Argo CD application {name}", "its Git repository", "its next sync")
    for group, kind in ((_KUSTOMIZE, "Kustomization"), (_FLUX_HELM, "HelmRelease")):
        if name := labels.get(f"{group}/name"):
            place = term(f"{labels.get(f'{group}/namespace', '')}/{name}")
            where = "its Git repository" if kind == "Kustomization" else f"the HelmRelease {place}"
            yield Manager(f"Flux {kind} {place}", where, "its next reconciliation")
    if name := annotations.get(_HELM):
        space = annotations.get(_HELM_SPACE)
        release = term(f"{space}/{name}" if space else str(name))
        yield Manager(f"Helm release {release}", "the chart's values", "the next helm upgrade")
    yield from _writers(meta)
    if (told := labels.get(_MANAGED_BY)) and told != "Helm":
        yield Manager(f"{term(told)} (so its label says)", "what it reads", "it writes again")


def _writers(meta: Json) -> Iterator[Manager]:
    """By the names under which they wrote the object itself, not its status or scale."""
    for each in parts(meta, "managedFields"):
        manager = str(each.get("manager") or "").lower()
        for mark, who, where, when in _WRITERS:
            if mark in manager and not each.get("subresource"):
                yield Manager(who, where, when)
