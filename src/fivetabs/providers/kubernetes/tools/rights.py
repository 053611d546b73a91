"""Roles and their bindings, read only when something was refused for lack of a right."""

import asyncio
from dataclasses import replace

from fivetabs.providers.kubernetes.port import Cluster
from fivetabs.providers.kubernetes.rules.refusals import refused
from fivetabs.providers.kubernetes.shapes.kinds import RIGHTS
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot
from fivetabs.providers.kubernetes.tools.reading import Gaps
from fivetabs.providers.kubernetes.tools.shelving import allow, pages


async def with_rights(cluster: Cluster, snapshot: Snapshot, gaps: Gaps) -> Snapshot:
    """The snapshot, with the roles of all namespaces when it speaks of a refusal."""
    if not refused(snapshot):
        return snapshot
    kinds = [kind for kind in RIGHTS if not snapshot.knows(kind.shape)]
    found = await asyncio.gather(
        *(allow(kind.resource.plural, pages(cluster, kind, "", gaps), gaps) for kind in kinds)
    )
    more = {k.shape: shelf for k, shelf in zip(kinds, found, strict=True) if shelf is not None}
    wide = snapshot.wide | frozenset(more)
    return replace(snapshot, shelves={**snapshot.shelves, **more}, wide=wide)
