"""Faults between workloads, made on the rig's real cluster, each in a namespace of its own."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from fivetabs.core import Connection, Finding, Scope
from fivetabs.providers.kubernetes import PROVIDER
from fivetabs.providers.kubernetes.port import Cluster, Step
from fivetabs.providers.kubernetes.settings import Settings
from tests.rig import Rig
from tests.rig.kubernetes.api import Manifest
from tests.rig.kubernetes.incident import READY_WEB, WEB_SCRIPT
from tests.rig.kubernetes.objects import (
    container,
    deployment,
    named,
    namespace,
    service,
    spec,
    variable,
)

pytestmark = [pytest.mark.anyio, pytest.mark.live]
Open = Connection[Cluster, Step]
assert PROVIDER.chart is not None
CHART = PROVIDER.chart
DEADLINE = 150

# How a program that cannot resolve or reach a host ends.
CALLER = 'echo "ERROR lookup $STOCK_HOST: no such host" >&2; exit 1'


def web(name: str, space: str, **fields: Any) -> Manifest:
    """A Deployment whose one pod serves on 8080."""
    ports = [{"name": "http", "containerPort": 8080}]
    body = container("web", WEB_SCRIPT, ports=ports, readinessProbe=READY_WEB)
    return deployment(name, space, spec({**body, **fields}))


def ingress(space: str, to: str, port: int) -> Manifest:
    backend = {"service": {"name": to, "port": {"number": port}}}
    paths = [{"path": "/", "pathType": "Prefix", "backend": backend}]
    rules = [{"host": f"{space}.example", "http": {"paths": paths}}]
    return named("Ingress", "networking.k8s.io/v1", "entry", space, spec={"rules": rules})


def selecting(name: str, space: str, target: int | str, **labels: str) -> Manifest:
    made = service(name, space, 80)
    made["spec"] = {"selector": labels, "ports": [{"port": 80, "targetPort": target}]}
    return made


def calling(space: str, script: str = CALLER) -> Manifest:
    env = [{"name": "STOCK_HOST", "value": "stok"}]
    return deployment("cart", space, spec(container("cart", script, env=env)))


def asking(space: str) -> Manifest:
    """A Deployment that is well, and is told to use what a policy does not let it reach."""
    env = [{"name": "STOCK_URL", "value": "http://stock:80/items"}]
    return deployment("cart", space, spec(container("cart", env=env)))


def closed(space: str) -> Manifest:
    rest = {"podSelector": {"matchLabels": {"app": "stock"}}, "policyTypes": ["Ingress"]}
    return named("NetworkPolicy", "networking.k8s.io/v1", "guard", space, spec=rest)


def lacking(space: str) -> list[Manifest]:
    settings = named("ConfigMap", "v1", "settings", space, data={"mode": "fast"})
    body = container("stock", env=[variable("MODE", "configMap", "settings", "modus")])
    return [settings, deployment("stock", space, spec(body))]


# By namespace: the objects, and the code, kind, name and words of the finding that must come.
FAULTS: Mapping[str, tuple[list[Manifest], tuple[str, str, str, str]]] = {
    "river-one": (
        [web("stock", "river-one"), selecting("stock", "river-one", 8080, app="stocks")],
        ("K8S661", "Service", "stock", "app=stock, not app=stocks"),
    ),
    "river-two": (
        [web("stock", "river-two"), selecting("stock", "river-two", "web", app="stock")],
        ("K8S666", "Service", "stock", "8080 (http)"),
    ),
    "river-three": (
        [
            web("stock", "river-three"),
            selecting("stock", "river-three", 8080, app="stock"),
            ingress("river-three", "stocks", 80),
        ],
        ("K8S671", "Ingress", "entry", "there is stock"),
    ),
    "river-four": (
        [
            web("stock", "river-four"),
            selecting("stock", "river-four", 8080, app="stock"),
            calling("river-four"),
        ],
        ("K8S701", "Deployment", "cart", "there is no Service stok in river-four; there is stock"),
    ),
    "river-five": (
        [
            web("stock", "river-five"),
            selecting("stock", "river-five", "http", app="stock"),
            closed("river-five"),
            asking("river-five"),
        ],
        ("K8S682", "NetworkPolicy", "guard", "Deployment/stock in river-five on port 8080"),
    ),
    "river-six": (lacking("river-six"), ("K8S301", "Pod", "stock-", "modus")),
}
WELL = "river-seven"
HEALTHY = [
    web("stock", WELL),
    selecting("stock", WELL, "http", app="stock"),
    selecting("stock-old", WELL, "http", app="stock", version="v0"),
    asking(WELL),
]


async def test_faults_between_workloads_are_found_and_the_healthy_left_alone(on_rig: Rig) -> None:
    api = on_rig.kubernetes.api
    spaces = (*FAULTS, WELL)
    try:
        for space in spaces:
            made = HEALTHY if space == WELL else FAULTS[space][0]
            for manifest in (*namespace(space), *made):
                await asyncio.to_thread(api.apply, manifest)
        async with PROVIDER.live(Settings(grace=10), None) as connection:
            told = await _all_found(connection)
        assert [f for f in told if f"/{WELL}/" in f.subject] == []
    finally:
        for space in spaces:
            await asyncio.to_thread(api.delete, f"/api/v1/namespaces/{space}")


async def test_the_incident_is_linked_down_to_the_machine(on_rig: Rig) -> None:
    async with PROVIDER.live(Settings(), None) as connection:
        snapshot = await CHART.load(connection.view, Scope("shop"))
        links = {(str(each.source), str(each.target)) for each in CHART.links(snapshot)}
        head = f"k8s:{snapshot.context}"
        machine = next(to for source, to in links if source == f"{head}/Node/worker-c")
        assert machine.startswith("i-")
        database = f"{head}/shop/Service/orders-db"
        assert (f"{head}/shop/Deployment/orders-api", database) in links
        assert (database, f"{head}/shop/StatefulSet/orders-db") in links
        assert (f"{head}/shop/Pod/orders-db-0", f"{head}/Node/worker-c") in links


async def _all_found(connection: Open) -> tuple[Finding, ...]:
    """The findings, once every fault is told; a pod that starts is given its grace first."""
    async with asyncio.timeout(DEADLINE):
        while True:
            snapshot = await CHART.load(connection.view, Scope())
            told = CHART.survey(snapshot).findings
            lacking_ = [
                space for space, (_, wanted) in FAULTS.items() if not _told(told, space, wanted)
            ]
            if not lacking_:
                return told
            await asyncio.sleep(2)


def _told(told: tuple[Finding, ...], space: str, wanted: tuple[str, str, str, str]) -> bool:
    code, kind, name, words = wanted
    return any(
        finding.code == code
        and f"/{space}/{kind}/{name}" in finding.subject
        and words in finding.cause
        for finding in told
    )
