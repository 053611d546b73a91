"""One pod looked at closely: its object, its events and its node, as one case for the rules."""

import asyncio

from fivetabs.providers.kubernetes.port import Cluster
from fivetabs.providers.kubernetes.shapes.cases import PodCase
from fivetabs.providers.kubernetes.shapes.fields import part
from fivetabs.providers.kubernetes.tools.evidence import make_case
from fivetabs.providers.kubernetes.tools.locating import Located
from fivetabs.providers.kubernetes.tools.reading import Gaps, events_about, lost_nodes


async def examine(cluster: Cluster, found: Located) -> tuple[PodCase, Gaps]:
    """The case, and what of it could not be read."""
    gaps, row = Gaps(), found.row
    uid = found.raw["metadata"].get("uid", "")
    node = part(found.raw, "spec").get("nodeName", "")
    events, lost = await asyncio.gather(
        gaps.allow("events", events_about(cluster, row.namespace, uid), ()),
        gaps.allow("node", lost_nodes(cluster, node), {}) if node else _no_node(),
    )
    return make_case(cluster, row, found.raw, events, lost), gaps


async def _no_node() -> dict[str, str]:
    return {}
