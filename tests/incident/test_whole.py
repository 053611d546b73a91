"""The report over all houses: the same each time, in few calls, whole but for what is not there."""

import asyncio
import os
import sys
from typing import Any

import pytest

from fivetabs.app.calls import App
from fivetabs.cli.houses import PROVIDERS
from fivetabs.core import Diagnosis, Investigation
from tests.incident.doors import closed, defective, hanging, serving
from tests.incident.retold import LARGE, demo, large, said

pytestmark = pytest.mark.anyio
_SCHEMES = {"kubernetes": "k8s:", "aws": "aws:", "docker": "docker:", "terraform": "tf:"}


async def test_the_same_world_gives_the_same_bytes_in_every_process() -> None:
    one, other = await asyncio.gather(_in_a_process("0"), _in_a_process("4242"))
    assert one == other
    assert one.count(b"incidents") > 3


async def _in_a_process(seed: str) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.incident.retold"),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    told, _ = await process.communicate()
    assert process.returncode == 0
    return told


async def test_a_server_says_the_same_when_it_is_asked_again() -> None:
    async with demo() as app:
        assert await said(app) == await said(app)


async def test_a_report_of_everything_lists_each_kind_once_and_no_pod_by_itself() -> None:
    cluster, account, host, _ = (part.view for part in LARGE.parts)
    async with large() as app:
        for view in (cluster.asked, cluster.heard, account.asked, host.asked):
            view.clear()
        await app.call("get_health_report", {})
    sick = len(cluster.truth.failing)
    # Twice: nodes and their usage, which has the same plural. Pods: one list for several siblings.
    most = {"list nodes": 2, "list pods": sick // 2}
    often = {n: c for n, c in cluster.asked.items() if c > most.get(n, 1)}
    assert often.keys() <= {"get"}, often
    assert cluster.asked["get"] <= sick
    assert cluster.heard <= cluster.truth.failing.keys()
    assert max(account.asked.count(each) for each in ("DescribeInstances", "DescribeAlarms")) == 1
    assert host.asked.count("/containers/json") == 1
    assert sum("/json" in each for each in host.asked) - 1 < len(host.sick) * 2


async def report(app: App) -> Diagnosis:
    """The health report."""
    answer = await app.call("get_health_report", {"budget": 8000})
    assert isinstance(answer, Diagnosis)
    return answer


@pytest.mark.parametrize("house", PROVIDERS, ids=lambda house: house.name)
async def test_a_house_that_hangs_is_told_and_costs_the_others_nothing(house: Any) -> None:
    async with serving() as app:
        whole = await report(app)
    async with serving(**{house.name: hanging}) as app:
        told = await report(app)
    assert f"{house.title}: timed out: {house.title} was not read within 2 s" in told.missing
    assert told.healthy == tuple(h for h in whole.healthy if not h.startswith(house.title))
    scheme = _SCHEMES[house.name]
    named = {s for f in told.findings for s in (f.subject, *f.symptoms)}
    assert {f.subject for f in whole.findings if not f.subject.startswith(scheme)} <= named


async def test_a_mistake_of_our_own_in_one_house_is_told_and_leaves_the_others_whole() -> None:
    async with serving(aws=defective) as app:
        told = await report(app)
        asked = await app.call("investigate", {"about": "orders-api"})
    assert any(each.startswith("AWS: failed: it failed inside fivetabs") for each in told.missing)
    assert any(f.code == "K8S101" for f in told.findings)
    assert isinstance(asked, Investigation)
    assert asked.findings


async def test_kinds_that_may_not_be_read_are_told_and_the_rest_is_diagnosed() -> None:
    async with serving(kubernetes=closed) as app:
        told = await report(app)
        asked = await app.call("investigate", {"about": "broken-app"})
    (line,) = [each for each in told.missing if each.startswith("Kubernetes: ")]
    for kind in ("configmaps", "events", "services"):
        assert kind in line
    assert "denied, the first: " in line
    assert "could not be checked" in told.summary
    assert any(f.code == "K8S101" for f in told.findings)
    assert isinstance(asked, Investigation)
    assert asked.findings[0].code == "K8S101"
    assert any(each.startswith("Kubernetes: ") for each in asked.missing)
