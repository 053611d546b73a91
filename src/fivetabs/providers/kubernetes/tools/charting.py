"""How this house tells its part of the estate."""

from fivetabs.core import Chart
from fivetabs.providers.kubernetes.port import Cluster
from fivetabs.providers.kubernetes.rules.linking import links
from fivetabs.providers.kubernetes.rules.surveying import survey
from fivetabs.providers.kubernetes.shapes.aliases import aliases, find
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot
from fivetabs.providers.kubernetes.tools.loading import load
from fivetabs.providers.kubernetes.tools.looking import look
from fivetabs.providers.kubernetes.tools.timeline import changes


def checks() -> str:
    """What the rules look at, in a few words."""
    return (
        "exits, restarts and probes, images, scheduling, rollouts, Services and Ingresses, "
        "configuration, volumes, quotas, access rights, nodes, events"
    )


CHART: Chart[Cluster, Snapshot] = Chart(load, survey, links, aliases, find, look, changes, checks)
