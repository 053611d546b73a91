"""The four houses, in the order people name them, and every tool there is."""

from time import monotonic

from fivetabs import incident
from fivetabs.app import desk
from fivetabs.app.arguments import Offer
from fivetabs.app.connections import AnyProvider, Connections
from fivetabs.app.estate import OpenEstate
from fivetabs.app.handles import Handles
from fivetabs.app.records import NO_RECORDS
from fivetabs.app.undoing import Undoing
from fivetabs.providers import aws, docker, kubernetes, terraform

PROVIDERS: tuple[AnyProvider, ...] = (
    kubernetes.PROVIDER,
    aws.PROVIDER,
    docker.PROVIDER,
    terraform.PROVIDER,
)
SPANNING = (incident.provider,)


def every_offer() -> tuple[Offer, ...]:
    """Every tool as a client sees it, the desk's too: for pages and lists, not for calls."""
    closed = Connections(True, {}, 0.0)
    undoing = Undoing(NO_RECORDS.approvals, closed, desk.no_tool)
    empty = desk.provider(desk.OpenDesk(Handles(0.0, str, monotonic), desk.no_call, undoing))
    estate = OpenEstate(closed, (), 0.0)
    whole = (*(each(estate) for each in SPANNING), *PROVIDERS, empty)
    return tuple(Offer(each, tool) for each in whole for tool in each.tools)
