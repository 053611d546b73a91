"""Prompt injection through results: what stands in a backend arrives fenced and decides nothing."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from fivetabs.app.connections import AnyProvider
from fivetabs.cli.houses import PROVIDERS
from fivetabs.core import AnyTool, Effect, Fault, Plan
from fivetabs.providers.docker.demo import World as Engine
from fivetabs.providers.kubernetes.demo.world import World as Cluster
from tests.security.hostile import PAYLOAD
from tests.security.poison import Change, Poisoned, poisoned
from tests.security.probing import Ground, Mode, added, alike, at, attacked, places, probe, replaced
from tests.security.worlds import Workspaces, account, cluster, engine

pytestmark = pytest.mark.anyio

# What no attacker can write, because the backend's own grammar, or its API's types, keep it out.
# All else is attacked, also where a backend would hardly take it.
LIMITED = {
    "kubernetes": r"metadata\.(?:name|namespace|uid|resourceVersion)$|(?:Time|Timestamp)$"
    r"|\.(?:started|finished)At$|cells\.(?:Name|Ready|Restarts|Age)$"
    r"|(?:ontainers|Statuses)\[\]\.name$|involvedObject|nodeName$|(?:kind|apiVersion|uid)$",
    "docker": r"Id$|Names\[\]$|\.Name$|\.(?:StartedAt|FinishedAt|Start|End|Created)$",
    "aws": r"^regions|BucketRegion$|InstanceId$|Buckets\[\]\.Name$|TimePeriod|Amount$|Token$"
    r"|logGroupName$|[aA]rn$|queryId$",
    # A kept plan's name, hash and folder are our own words.
    "terraform": r"directory$|directories|mode$|actions|version$|\.(?:kept|sha256|path)$",
}
WORLDS = {"kubernetes": cluster, "docker": engine, "aws": account, "terraform": Workspaces}
GROUNDS = {p.name: Ground(p, WORLDS[p.name], re.compile(LIMITED[p.name])) for p in PROVIDERS}
SUBJECTS = {
    "kubernetes": "orders-api",
    "docker": "edge-proxy",
    "aws": "worker-c",
    "terraform": "infra/shop",
}
SPANS = [
    (p.name, tool, example)
    for p in PROVIDERS
    for tool, example in (
        ("get_health_report", {}),
        ("investigate", {"about": SUBJECTS[p.name]}),
        ("get_recent_changes", {"minutes": 10_000}),
    )
]
# By its id, since the name is poisoned with everything else.
BY_ID = {"restart_instance": {"instance_id": "i-0c3a5f7e9b1d20003"}}
EXAMPLES = [
    (p.name, tool.name, BY_ID.get(tool.name, tool.example)) for p in PROVIDERS for tool in p.tools
]
MORE: list[tuple[str, str, Mapping[str, Any]]] = [
    ("kubernetes", "get_failing_pods", {}),
    ("kubernetes", "get_pod_status", {}),
    *(
        ("kubernetes", "describe_pod", {"pod_name": name, "namespace": "zoo"})
        for name in ("exits-one", "pending", "evicted", "unready", "leaving", "init-hangs")
    ),
    ("kubernetes", "get_pod_logs", {"pod_name": "exits-one", "namespace": "zoo"}),
    ("kubernetes", "restart_deployment", {"name": "short", "namespace": "zoo"}),
    ("docker", "restart_container", {"container_name": "never-up"}),
    ("aws", "get_cloudwatch_logs", {"log_group": "order-events", "grep": "zq-end"}),
    ("aws", "get_cloudwatch_logs", {"log_group": "storefront", "stream": "4hq2n"}),
    ("aws", "run_logs_query", {"log_groups": "/shop/*", "query": "stats count(*) by @logStream"}),
    ("terraform", "check_terraform_state", {"directory": "shop", "address": "aws_instance.a"}),
]


def _tool(house: str, name: str) -> AnyTool[Any]:
    return next(tool for tool in GROUNDS[house].provider.tools if tool.name == name)


CALLS = [
    pytest.param(house, tool, given, id="-".join((tool, house, *map(str, given.values()))))
    for house, tool, given in (*EXAMPLES, *MORE, *SPANS)
]
CHANGES = [each for each in (*EXAMPLES, *MORE) if _tool(each[0], each[1]).effect is not Effect.READ]
MODES = pytest.mark.parametrize("mode", [replaced, added])


@MODES
@pytest.mark.parametrize(("house", "tool", "arguments"), CALLS)
async def test_no_text_of_a_backend_leaves_its_fence(
    house: str, tool: str, arguments: Mapping[str, Any], mode: Mode
) -> None:
    """Event reasons, image names, tags, keys of for_each, health output: one kind at a time."""
    harm: dict[str, list[str]] = {}
    arrived = False
    kinds = alike(await places(GROUNDS[house], tool, arguments))
    for kind in kinds:
        found = await probe(GROUNDS[house], tool, arguments, kind, mode)
        arrived = arrived or found.arrived
        if found.harm:
            harm[", ".join(kind)] = found.harm[:2]
    assert not harm
    assert arrived or not kinds, "an attack that never arrives shows nothing"


@pytest.mark.parametrize("budget", [200, 500, 8000])
@pytest.mark.parametrize(("house", "tool", "arguments"), CALLS)
async def test_wherever_an_answer_is_cut_its_fences_hold(
    house: str, tool: str, arguments: Mapping[str, Any], budget: int
) -> None:
    """Every text poisoned at once: fitting folds, shortens and pages, and must not open a fence."""
    found = await attacked(everywhere(house, added), tool, arguments, budget=budget)
    assert not found.harm


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("get_pod_logs", {"pod_name": "exits-one", "namespace": "zoo"}),
        ("get_pod_logs", {"pod_name": "exits-one", "namespace": "zoo", "grep": "zq-end"}),
        ("get_failing_pods", {"namespace": "zoo"}),
        ("describe_pod", {"pod_name": "exits-one", "namespace": "zoo"}),
        ("get_container_logs", {"container_name": "edge-proxy"}),
        ("get_container_logs", {"container_name": "edge-proxy", "grep": "zq-end"}),
    ],
)
async def test_no_log_line_leaves_its_fence(tool: str, arguments: Mapping[str, Any]) -> None:
    house = "docker" if "container_name" in arguments else "kubernetes"
    provider = poisoned(
        GROUNDS[house].provider, {"docker": _noisy, "kubernetes": _loud}[house], _same
    )
    found = await attacked(provider, tool, arguments)
    assert not found.harm
    assert found.arrived


@pytest.mark.parametrize(("house", "tool", "arguments"), CHANGES, ids=str)
async def test_no_text_of_a_backend_is_part_of_a_change(
    house: str, tool: str, arguments: Mapping[str, Any]
) -> None:
    """Not of a plan's steps, which its digest is made of, nor of its undo and check.

    Going back to a former template is what a rollback is: that text alone is a part of it.
    """
    chosen = _tool(house, tool)
    planned = 0
    for where in await places(GROUNDS[house], tool, arguments):
        view = Poisoned(WORLDS[house](), at((where,), added))
        with suppress(Fault):
            plan = await chosen.run(view, **chosen.parse(arguments))
            assert isinstance(plan, Plan)
            restored = tool == "rollback_deployment" and ".spec.template." in where
            told = repr(plan.check if restored else (plan.steps, plan.undo, plan.check))
            assert "zq" not in told, where
            planned += 1
    assert planned


def everywhere(house: str, mode: Mode) -> AnyProvider:
    """The house with every text poisoned that may be any text."""
    return poisoned(GROUNDS[house].provider, WORLDS[house], _changing(house, mode))


def _changing(house: str, mode: Mode) -> Change:
    limited = GROUNDS[house].limited

    def change(path: str, text: str) -> str:
        return text if limited.search(path) or path.endswith("{}") else mode(text)

    return change


def _same(_: str, text: str) -> str:
    return text


def _loud() -> Cluster:
    world = cluster()
    return replace(world, logs={key: f"{text}{PAYLOAD}\n" for key, text in world.logs.items()})


def _noisy() -> Engine:
    world = engine()
    for each in world.containers:
        last = each["log"][-1][1] if each["log"] else "2026-03-12T10:13:00.0Z"
        each["log"] += [[1, last, PAYLOAD], [2, last, PAYLOAD]]
    return world
