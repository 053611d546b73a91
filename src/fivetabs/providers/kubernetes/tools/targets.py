"""From a name to the object that is to be changed."""

from collections.abc import Sequence

from fivetabs.core import Denied, NotFound, Subject, did_you_mean
from fivetabs.providers.kubernetes.port import (
    RESTARTABLE,
    Cluster,
    Json,
    Resource,
    changeable,
    path_to,
)
from fivetabs.providers.kubernetes.shapes.tables import parse_rows
from fivetabs.providers.kubernetes.shapes.things import subject_of
from fivetabs.providers.kubernetes.tools.namespaces import require_namespace


async def find_workload(cluster: Cluster, namespace: str, name: str) -> Json:
    """The Deployment, StatefulSet or DaemonSet of this name, with its kind filled in.

    Raises:
        NotFound: If there is none, with the near names and where else the name exists.
    """
    for resource in RESTARTABLE:
        try:
            raw = await cluster.get(path_to(resource, namespace, name))
        except NotFound:
            continue
        return {**raw, "kind": resource.kind}
    raise await _unknown(cluster, namespace, name, RESTARTABLE)


async def find_object(cluster: Cluster, kind: str, namespace: str, name: str) -> Json:
    """The object of this kind and name.

    Raises:
        NotFound: If there is none, with the near names and where else the name exists.
    """
    resource = changeable(kind)
    try:
        raw = await cluster.get(path_to(resource, namespace, name))
    except NotFound:
        raise await _unknown(cluster, namespace, name, (resource,)) from None
    return {**raw, "kind": kind}


def touched(cluster: Cluster, raw: Json) -> Subject:
    """The identity of an object, for the owner's policy and for findings about it."""
    meta = raw["metadata"]
    return subject_of(cluster.context, raw["kind"], meta["namespace"], meta["name"])


async def _unknown(
    cluster: Cluster, namespace: str, name: str, kinds: Sequence[Resource]
) -> NotFound:
    """The near names of the namespace, and the namespaces that have this very name."""
    await require_namespace(cluster, namespace)
    here: set[str] = set()
    there: set[str] = set()
    for resource in kinds:
        try:
            table = await cluster.table(path_to(resource), objects="Metadata")
        except Denied:
            table = await cluster.table(path_to(resource, namespace), objects="Metadata")
        for row in parse_rows(table):
            if row.namespace == namespace:
                here.add(row.name)
            elif row.name == name:
                there.add(row.namespace)
    message = f"there is no {kinds[0].kind} {name!r} in namespace {namespace}"
    if there:
        message = f"{message}; it exists in {', '.join(sorted(there))}"
    listed = f"there are: {', '.join(sorted(here)[:20])}" if here else "none is there"
    return NotFound(f"{message}; nothing was done", hint=did_you_mean(name, here, otherwise=listed))
