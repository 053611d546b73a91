"""Least privilege: the ClusterRole that allows exactly what this server reads, and no more."""

from collections.abc import Iterable

from fivetabs.providers.kubernetes.port import CHANGES, READS, Json, Resource


def cluster_role(*, changes: bool = False, name: str = "") -> Json:
    """A rbac.authorization.k8s.io/v1 ClusterRole made from the closed sets of reads and changes.

    `changes` adds the patches of `port.CHANGES`, which create and delete nothing. There is no rule
    for Secrets, for rights, and for `nodes/proxy`: these are never read or changed.
    """
    rules = _rules(READS, ("get", "list"))
    if changes:
        rules += _rules(CHANGES, ("patch",))
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": name or ("fivetabs-changer" if changes else "fivetabs-viewer")},
        "rules": rules,
    }


def _rules(resources: Iterable[Resource], verbs: tuple[str, ...]) -> list[Json]:
    objects: dict[str, list[str]] = {}
    logs: dict[str, list[str]] = {}
    for each in resources:
        if each.subresource:
            logs.setdefault(each.group, []).append(f"{each.plural}/{each.subresource}")
        else:
            objects.setdefault(each.group, []).append(each.plural)
    kept = [(group, names, list(verbs)) for group, names in objects.items()]
    kept += [(group, names, ["get"]) for group, names in logs.items()]
    return [{"apiGroups": [g], "resources": names, "verbs": allowed} for g, names, allowed in kept]
