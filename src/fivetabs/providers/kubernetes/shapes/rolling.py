"""How many pods a rollout ends and starts at once, and whether a quota has room for them."""

import math
from collections.abc import Iterator
from decimal import Decimal

from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.fields import part, parts
from fivetabs.providers.kubernetes.shapes.limits import Quota
from fivetabs.providers.kubernetes.shapes.quantities import amount, total, written

_QUARTER = "25%"  # the API's default for both bounds of a Deployment
_SAME = (("cpu", "requests", "cpu"), ("memory", "requests", "memory"))


def most_out(raw: Json, pods: int) -> tuple[int, int]:
    """The most pods that a rollout has away, and has in addition, at any time.

    The bounds are rounded as the controllers do: down for those away, up for those in addition.
    """
    spec, kind = part(raw, "spec"), raw["kind"]
    if kind == "StatefulSet":
        return min(1, pods), 0
    strategy = part(spec, "strategy") or part(spec, "updateStrategy")
    bounds = part(strategy, "rollingUpdate")
    if kind == "DaemonSet":
        away = _share(bounds.get("maxUnavailable", 1), pods, up=True)
        return away, _share(bounds.get("maxSurge", 0), pods, up=True)
    if strategy.get("type") == "Recreate":
        return pods, 0
    surge = _share(bounds.get("maxSurge", _QUARTER), pods, up=True)
    away = _share(bounds.get("maxUnavailable", _QUARTER), pods, up=False)
    return (away if surge or away else min(1, pods)), surge


def shortages_of(quota: Quota, raw: Json, pods: int) -> Iterator[tuple[str, str, str]]:
    """Each resource of which a quota leaves too little for so many more pods: needed and left."""
    for resource, hard in quota.hard.items():
        each = _of_a_pod(raw, resource)
        most, used = amount(hard), amount(quota.used.get(resource, "0"))
        if each is None or most is None or used is None or pods <= 0:
            continue
        needed, left = each * pods, max(most - used, Decimal(0))
        if needed > left:
            kind = resource.rpartition(".")[2]
            yield resource, written(needed, kind), written(left, kind)


def _share(bound: object, pods: int, *, up: bool) -> int:
    text = str(bound)
    if not text.endswith("%"):
        return int(text) if text.isdecimal() else 0
    share = Decimal(text.removesuffix("%")) * pods / 100 if text[:-1].isdecimal() else Decimal(0)
    return math.ceil(share) if up else math.floor(share)


def _of_a_pod(raw: Json, resource: str) -> Decimal | None:
    """What one pod counts against a quota's resource; None for what this does not know."""
    if resource in {"pods", "count/pods"}:
        return Decimal(1)
    known = {
        f"{of}.{kind}": (of, kind) for of in ("requests", "limits") for kind in ("cpu", "memory")
    }
    known |= {name: (of, kind) for name, of, kind in _SAME}
    if resource not in known:
        return None
    of, kind = known[resource]
    containers = parts(raw, "spec", "template", "spec", "containers")
    return total(str(part(each, "resources", of).get(kind, "0")) for each in containers)
