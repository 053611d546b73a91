"""A cluster that stands still is judged by its own time; what is malformed spoils only itself."""

from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from fivetabs.core import Scope
from fivetabs.providers.kubernetes import PROVIDER
from fivetabs.providers.kubernetes.demo.world import World
from fivetabs.providers.kubernetes.tools.charting import CHART

pytestmark = pytest.mark.anyio
SCOPE = Scope()
HALF_A_YEAR = timedelta(days=180)


async def demo() -> World:
    async with PROVIDER.demo(None) as connection:
        return cast("World", connection.view)


async def codes(world: World) -> list[tuple[str, str]]:
    survey = CHART.survey(await CHART.load(world, SCOPE))
    return [(finding.code, finding.subject) for finding in survey.findings]


async def test_a_record_read_half_a_year_later_tells_the_same_troubles() -> None:
    world = await demo()
    later = replace(world, clock=world.clock + HALF_A_YEAR)
    assert await codes(later) == await codes(world)
    told = CHART.survey(await CHART.load(later, SCOPE)).missing
    assert any("nothing in this cluster has stirred since" in line for line in told)


async def test_a_record_put_into_another_api_server_has_new_uids_and_births() -> None:
    world = await demo()
    later = world.clock + HALF_A_YEAR
    objects = deepcopy(world.objects)
    for number, raw in enumerate(objects.values()):
        if raw["kind"] not in {"Event", "Lease"}:
            raw["metadata"] |= {
                "uid": f"new-{number}",
                "creationTimestamp": f"{later:%Y-%m-%dT%H:%M:%SZ}",
            }
    again = replace(world, clock=later + timedelta(seconds=30), objects=objects)
    told, wanted = set(await codes(again)), set(await codes(world))
    assert told == wanted


async def test_a_living_cluster_is_none() -> None:
    world = await demo()
    snapshot = await CHART.load(world, SCOPE)
    assert not snapshot.record
    assert snapshot.now == world.clock


async def test_a_malformed_object_is_named_and_the_rest_is_told() -> None:
    world = await demo()
    objects = deepcopy(world.objects)
    path = next(p for p, raw in objects.items() if raw["kind"] == "Service")
    objects[path]["spec"]["ports"] = [{}]
    snapshot = await CHART.load(replace(world, objects=objects), SCOPE)
    (line,) = (each for each in snapshot.missing if each.startswith("services"))
    assert objects[path]["metadata"]["name"] in line
    assert {"K8S431"} <= {f.code for f in CHART.survey(snapshot).findings}
