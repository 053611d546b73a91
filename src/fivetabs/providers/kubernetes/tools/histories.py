"""What a failing pod's Deployment ran before, read from the printed lines of its ReplicaSets."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from fivetabs.providers.kubernetes.shapes.cases import Former, PodCase
from fivetabs.providers.kubernetes.shapes.fields import part
from fivetabs.providers.kubernetes.shapes.owners import Owner, parse_controller
from fivetabs.providers.kubernetes.shapes.revisions import NUMBER
from fivetabs.providers.kubernetes.shapes.tables import Row

_PULLING = ("ImagePull", "InvalidImageName")


def with_former(cases: Sequence[PodCase], sets: Sequence[Row]) -> list[PodCase]:
    """The cases, those of an image that cannot be had with the revision before."""
    known: dict[tuple[str, Owner], Former | None] = {}
    found: list[PodCase] = []
    for case in cases:
        owner, maker = case.pod.owner, case.pod.controller
        pulls = any(each in case.status for each in _PULLING)
        if not pulls or owner is None or maker is None or owner.kind != "Deployment":
            found.append(case)
            continue
        key = (case.pod.namespace, owner)
        if key not in known:
            known[key] = _former(key, maker, sets)
        found.append(replace(case, former=known[key]))
    return found


def _former(key: tuple[str, Owner], maker: Owner, sets: Iterable[Row]) -> Former | None:
    """The newest one with other images; none where what made the pod is not the newest of all."""
    namespace, owner = key
    mine = [
        row
        for row in sets
        if row.may_hold(owner.name)
        and row.namespace == namespace
        and parse_controller(row.meta) == owner
    ]
    ranked = sorted(mine, key=_number, reverse=True)
    if not ranked or ranked[0].name != maker.name:
        return None
    present, *older = ranked
    others = (row for row in older if row.cell("images") != present.cell("images"))
    best = next(others, None)
    if best is None or not _number(best) or not best.cell("images"):
        return None
    return Former(_number(best), tuple(best.cell("images").split(",")))


def _number(row: Row) -> int:
    told = str(part(row.meta, "annotations").get(NUMBER) or "")
    return int(told) if told.isdecimal() else 0
