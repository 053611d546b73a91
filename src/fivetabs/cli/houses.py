"""The four houses, in the order people name them, and every tool there is."""

from time import monotonic

from fivetabs.app import desk
from fivetabs.app.arguments import Offer
from fivetabs.app.connections import AnyProvider
from fivetabs.app.handles import Handles
from fivetabs.providers import aws, docker, kubernetes, terraform

PROVIDERS: tuple[AnyProvider, ...] = (
    kubernetes.PROVIDER,
    aws.PROVIDER,
    docker.PROVIDER,
    terraform.PROVIDER,
)


def every_offer() -> tuple[Offer, ...]:
    """Every tool as a client sees it, the desk's too: for pages and lists, not for calls."""
    empty = desk.provider(desk.OpenDesk(Handles(0.0, str, monotonic), desk.no_call))
    return tuple(Offer(p, tool) for p in (*PROVIDERS, empty) for tool in p.tools)
