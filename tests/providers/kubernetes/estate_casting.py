"""What rules see of a whole cluster, made of a few raw objects."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from fivetabs.core import first_of
from fivetabs.providers.kubernetes.demo.objects import at, condition, meta
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.rules.order import POD_RULES
from fivetabs.providers.kubernetes.shapes.cases import PodCase
from fivetabs.providers.kubernetes.shapes.events import fold_events, parse_event
from fivetabs.providers.kubernetes.shapes.kinds import KINDS, RIGHTS, ROWS
from fivetabs.providers.kubernetes.shapes.snapshot import Shelf, Snapshot
from fivetabs.providers.kubernetes.shapes.tables import PodRow
from fivetabs.providers.kubernetes.shapes.things import Kind
from tests.providers.kubernetes.casting import NOW

Cases = Mapping[str, tuple[object, object]]


def cluster(
    *raws: Json,
    events: Sequence[Json] = (),
    cases: Sequence[PodCase] = (),
    pods: Sequence[Json] = (),
    now: str = "",
) -> Snapshot:
    """A snapshot in which every kind was read, and holds only these objects."""
    return Snapshot(
        context="shop-eu",
        now=NOW.fromisoformat(at(now)) if now else NOW,
        grace=timedelta(seconds=60),
        pods=tuple(_row(raw) for raw in pods),
        cases=tuple(cases),
        warnings=fold_events(parse_event(each) for each in events),
        shelves={kind.shape: _shelf(kind, raws) for kind in (*KINDS, *ROWS, *RIGHTS)},
        findings=first_of(POD_RULES, cases),
    )


def made(kind: str, name: str = "cart", /, **fields: Any) -> Json:
    """Any object of the namespace `shop`; `head` are more fields of its metadata."""
    space = fields.pop("namespace", "shop")
    head = meta(name, space, created=fields.pop("created", "08:00"), **fields.pop("head", {}))
    return {"kind": kind, "metadata": head, **fields}


def workload(kind: str = "Deployment", name: str = "cart", /, **fields: Any) -> Json:
    """A workload whose pods are labelled `app=cart`."""
    template: Json = {"metadata": {"labels": {"app": "cart"}}, "spec": {"containers": []}}
    spec: Json = {"replicas": 3, "template": template, **fields.pop("spec", {})}
    return made(kind, name, spec=spec, **fields)


def holds(kind: str, reason: str, message: str = "", **more: Any) -> Json:
    """A condition since ten o'clock."""
    status, since = more.get("status", "True"), more.get("since", "10:00")
    return condition(kind, status, since, reason, message)


def _shelf(kind: Kind[Any], raws: Sequence[Json]) -> Shelf:
    mine = (kind.parse(raw) for raw in raws if raw["kind"] == kind.resource.kind)
    return tuple(sorted(mine, key=lambda each: (each.namespace, each.name)))


def _row(raw: Json) -> PodRow:
    names = ("name", "ready", "status", "restarts", "age", "node")
    at_ = {name: index for index, name in enumerate(names)}
    node = raw.get("spec", {}).get("nodeName", "")
    return PodRow([raw["metadata"]["name"], "1/1", "Running", "0", "1h", node], at_, raw, "")
