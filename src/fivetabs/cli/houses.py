"""The four houses, in the order people name them, and every tool there is."""

from pathlib import Path
from time import monotonic

from fivetabs import incident
from fivetabs.app import desk
from fivetabs.app.arguments import Offer, offers_of
from fivetabs.app.connections import AnyProvider, Connections
from fivetabs.app.estate import OpenEstate
from fivetabs.app.handles import Handles
from fivetabs.app.labels import Label, read_labels
from fivetabs.app.records import NO_RECORDS
from fivetabs.app.undoing import Undoing
from fivetabs.providers import aws, docker, kubernetes, terraform

PROVIDERS: tuple[AnyProvider, ...] = (
    kubernetes.PROVIDER,
    aws.PROVIDER,
    docker.PROVIDER,
    terraform.PROVIDER,
)
LABELS = Path(__file__).with_name("labels.json")
SPANNING = (incident.provider,)


def known_labels() -> tuple[Label, ...]:
    """The labels of all tools, as `make docs` wrote them down."""
    return read_labels(LABELS.read_text("utf-8"))


def every_offer() -> tuple[Offer, ...]:
    """Every tool as a client sees it, made from the tools: for pages and lists, not for calls."""
    closed = Connections(True, {}, 0.0)
    undoing = Undoing(NO_RECORDS.approvals, closed, desk.no_tool)
    empty = desk.provider(desk.OpenDesk(Handles(0.0, str, monotonic), desk.no_call, undoing))
    estate = OpenEstate(closed, (), 0.0)
    whole = (*(each(estate) for each in SPANNING), *PROVIDERS, empty)
    return tuple(offers_of(*whole).values())
