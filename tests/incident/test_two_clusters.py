"""Two clusters in one call, with things of the same names in both: each is told as itself."""

import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from fivetabs.app.calls import App, open_app
from fivetabs.app.settings import AppSettings
from fivetabs.cli.houses import PROVIDERS, SPANNING
from fivetabs.core import Diagnosis, Fault, Investigation, Listing
from fivetabs.providers.kubernetes.demo import CLOCK, incident
from fivetabs.providers.kubernetes.demo.world import World
from fivetabs.providers.kubernetes.port import Json
from tests.providers.kubernetes.wire import TOKEN, Server, closed_port, serve

pytestmark = pytest.mark.anyio
BOTH = "k8s:prod,k8s:staging"
API = "shop/Deployment/orders-api"
PANIC = "panic: table invoices has no column vat"


def staging() -> World:
    """The same shop with every node well and no database to wait for: its program is broken."""
    objects = [each for each in incident.objects() if not _left_out(each)]
    (well,) = (each for each in objects if each["metadata"]["name"] == "worker-b")
    for each in objects:
        if each["metadata"]["name"] == "worker-c" and each["kind"] == "Node":
            each["status"]["conditions"] = well["status"]["conditions"]
            each["spec"].pop("taints", None)
    logs = {key: f"{PANIC}\n" if "orders" in key[0] else t for key, t in incident.logs().items()}
    return World.of("staging", CLOCK, objects, logs)


def _left_out(raw: Json) -> bool:
    return raw["metadata"]["name"].startswith(
        ("orders-db", "data-orders-db", "broken-app", "report-export", "worker-c.")
    )


def configure(folder: Path, monkeypatch: pytest.MonkeyPatch, **ports: int) -> None:
    """A kubeconfig of several contexts, of which the first is the current one."""
    monkeypatch.setenv("HOME", str(folder))
    path = folder / "kubeconfig"
    monkeypatch.setenv("KUBECONFIG", str(path))
    told: dict[str, Any] = {
        "clusters": [
            {"name": name, "cluster": {"server": f"http://127.0.0.1:{port}"}}
            for name, port in ports.items()
        ],
        "users": [{"name": "u", "user": {"token": TOKEN}}],
        "contexts": [{"name": n, "context": {"cluster": n, "user": "u"}} for n in ports],
        "current-context": next(iter(ports)),
    }
    path.write_text(json.dumps({"apiVersion": "v1", "kind": "Config", **told}))


@asynccontextmanager
async def opened(targets: Sequence[str] = ()) -> AsyncGenerator[App]:
    settings = AppSettings(budget=8000).model_copy(update={"targets": targets})
    houses = tuple(each for each in PROVIDERS if each.name == "kubernetes")
    given = {each.name: each.settings() for each in houses}
    async with open_app(houses, settings, given, lambda: "0f0f0f0f", SPANNING) as app:
        yield app


@asynccontextmanager
async def two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, targets: Sequence[str] = ()
) -> AsyncGenerator[tuple[App, Server, Server]]:
    async with serve(Server()) as one, serve(Server(staging())) as other:
        configure(tmp_path, monkeypatch, prod=one.port, staging=other.port)
        async with opened(targets) as app:
            yield app, one, other


async def test_a_report_of_two_clusters_tells_them_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with two(tmp_path, monkeypatch) as (app, _, __):
        told = await app.call("get_health_report", {"target": BOTH})
    assert isinstance(told, Diagnosis)
    assert told.target == "k8s:prod, k8s:staging"
    for found in told.findings:
        scheme = found.subject.partition("/")[0]
        assert {each.partition("/")[0] for each in found.symptoms} <= {scheme}
    assert any(f"k8s:prod/{API}" in (f.subject, *f.symptoms) for f in told.findings)
    assert any(f"k8s:staging/{API}" in (f.subject, *f.symptoms) for f in told.findings)


@pytest.mark.parametrize("about", [f"k8s:staging/{API}", "orders-api"])
async def test_the_log_of_the_second_cluster_is_read_there_and_quoted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, about: str
) -> None:
    target = BOTH if about.startswith("k8s:") else "k8s:staging"
    async with two(tmp_path, monkeypatch) as (app, one, other):
        told = await app.call("investigate", {"about": about, "target": target})
    assert isinstance(told, Investigation)
    assert PANIC in told.findings[0].cause
    assert "k8s:prod/" not in " ".join((told.summary, *(f.subject for f in told.findings)))
    assert any(map(_closer, other.asked))
    assert not any(map(_closer, one.asked))


def _closer(asked: str) -> bool:
    """Whether a whole log was read, as a closer look does."""
    return "/log?" in asked and "timestamps=true" in asked


async def test_what_is_well_is_ruled_out_in_its_own_cluster_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = "k8s:staging/kube-system/Deployment/coredns"
    async with two(tmp_path, monkeypatch) as (app, _, __):
        told = await app.call("investigate", {"about": about, "target": BOTH})
    assert isinstance(told, Investigation)
    assert any(each.startswith("ruled out in Kubernetes (staging)") for each in told.healthy)
    assert not any(each.startswith("ruled out in Kubernetes (prod)") for each in told.healthy)


async def test_one_cluster_under_two_names_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with two(tmp_path, monkeypatch) as (app, _, __):
        once = await app.call("get_health_report", {"target": "k8s"})
        twice = await app.call("get_health_report", {"target": "k8s,k8s:prod"})
        changes = await app.call("get_recent_changes", {"target": "k8s", "minutes": 10_080})
        again = await app.call("get_recent_changes", {"target": "k8s,k8s:prod", "minutes": 10_080})
    assert isinstance(once, Diagnosis)
    assert isinstance(twice, Diagnosis)
    assert (twice.target, twice.summary) == (once.target, once.summary)
    assert [f.subject for f in twice.findings] == [f.subject for f in once.findings]
    assert isinstance(changes, Listing)
    assert isinstance(again, Listing)
    assert again.total == changes.total


async def test_a_next_step_goes_to_the_cluster_that_its_finding_is_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with two(tmp_path, monkeypatch) as (app, _, __):
        other = await app.call("get_health_report", {"target": "k8s:prod,k8s:staging"})
        alone = await app.call("get_failing_pods", {"target": "staging", "namespace": "shop"})
        default = await app.call("get_health_report", {})
    assert isinstance(other, Diagnosis)
    assert isinstance(alone, Diagnosis)
    assert isinstance(default, Diagnosis)
    steps = [(f.subject, f.next_step) for f in (*other.findings, *alone.findings)]
    named = [(subject, step) for subject, step in steps if step.tool]
    assert named
    assert all(s.startswith(f"k8s:{step.arguments['target']}/") for s, step in named)
    assert not any("target" in each.next_step.arguments for each in default.findings)


@pytest.mark.parametrize("tool", ["get_health_report", "investigate", "get_recent_changes"])
async def test_of_two_clusters_the_one_that_is_away_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tool: str
) -> None:
    async with serve(Server(staging())) as other:
        configure(tmp_path, monkeypatch, prod=closed_port(), staging=other.port)
        async with opened() as app:
            told = await app.call(tool, {"target": BOTH})
    (line,) = (each for each in told.missing if each.startswith("Kubernetes (prod): "))
    assert "unreachable" in line


async def test_a_thing_of_the_cluster_that_is_away_is_not_its_namesake_in_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serve(Server(staging())) as other:
        configure(tmp_path, monkeypatch, prod=closed_port(), staging=other.port)
        async with opened() as app:
            with pytest.raises(Fault) as error:
                await app.call("investigate", {"about": f"k8s:prod/{API}", "target": BOTH})
    assert "Kubernetes (prod): unreachable" in str(error.value)
    assert "target=k8s:prod" not in error.value.hint


async def test_a_cluster_that_the_owner_did_not_allow_is_not_even_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with two(tmp_path, monkeypatch, targets=("k8s:prod",)) as (app, _, other):
        for target in (BOTH, "k8s:all", "all", "k8s:staging"):
            for tool in ("get_health_report", "get_recent_changes", "check_connections"):
                told = await app.call(tool, {"target": target})
                assert "staging may not be used here" in told.model_dump_json()
    assert other.asked == []


async def test_a_context_of_several_words_is_found_by_what_an_answer_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serve(Server(staging())) as server:
        configure(tmp_path, monkeypatch, **{"my shop": server.port})
        async with opened() as app:
            told = await app.call("investigate", {"about": f"k8s:my shop/{API}"})
    assert isinstance(told, Investigation)
    assert told.target == "k8s:<data-0f0f>my shop</data-0f0f>"
    assert PANIC in told.findings[0].cause
