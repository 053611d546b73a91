"""The tools on the rig's real cluster."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from fivetabs.core import (
    Connection,
    Denied,
    Detail,
    Diagnosis,
    Expired,
    Finding,
    Listing,
    Log,
    NotFound,
    Scope,
    Severity,
    TimedOut,
    Unauthorised,
    Unreachable,
)
from fivetabs.providers.kubernetes import PROVIDER
from fivetabs.providers.kubernetes.port import PODS, Cluster, Step, path_to
from fivetabs.providers.kubernetes.rules.surveying import survey
from fivetabs.providers.kubernetes.settings import Settings
from fivetabs.providers.kubernetes.shapes.permissions import cluster_role
from fivetabs.providers.kubernetes.tools.loading import load
from tests.providers.kubernetes.calling import ask, plan
from tests.rig import Rig
from tests.rig.kubernetes.residents import ZOO
from tests.rig.kubernetes.zoo import FAILING, HEALTHY, WORKINGS
from tests.rig.kubernetes.zoo_spaces import LEAVING, STRICT

pytestmark = [pytest.mark.anyio, pytest.mark.live]
Open = Connection[Cluster, Step]
WORDS = "FATAL could not connect to orders-db:5432: connection refused"


@asynccontextmanager
async def opened(target: str | None = None, **settings: Any) -> AsyncGenerator[Open]:
    async with PROVIDER.live(Settings.model_validate(settings), target) as connection:
        yield connection


async def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Poll; the test fails when it does not come true in time."""
    deadline = time.monotonic() + seconds
    while not await asyncio.to_thread(holds):
        assert time.monotonic() < deadline, "it did not come true in time"
        await asyncio.sleep(0.2)


def named(told: Diagnosis) -> set[str]:
    subjects = (s for f in told.findings for s in (f.subject, *f.symptoms))
    return {subject.rpartition("/")[2] for subject in subjects}


async def test_every_failing_thing_in_the_zoo_is_named_and_no_healthy_one(on_rig: Rig) -> None:
    """A pod that is merely not ready yet is given its grace first, so this may take a while."""
    async with opened(grace=15) as connection, asyncio.timeout(180):
        told = await ask(connection.view, "get_failing_pods", Diagnosis, namespace=ZOO)
        while unnamed(told):
            await asyncio.sleep(1)
            told = await ask(connection.view, "get_failing_pods", Diagnosis, namespace=ZOO)
    assert [r.name for r in HEALTHY if any(n.startswith(r.name) for n in named(told))] == []
    assert len({finding.code for finding in told.findings}) >= 10


def unnamed(told: Diagnosis) -> list[str]:
    """What fails in the zoo and is not named."""
    names = named(told)
    return [r.name for r in FAILING if not any(name.startswith(r.name) for name in names)]


async def test_every_rule_that_the_zoo_can_make_fire_names_its_own(on_rig: Rig) -> None:
    """A crash loop's last words come only when its run has ended, so this polls."""
    async with opened(grace=15) as connection, asyncio.timeout(120):
        found = survey(await load(connection.view, Scope())).findings
        while unexplained(found):
            await asyncio.sleep(1)
            found = survey(await load(connection.view, Scope())).findings
    told = (s for f in found if f.severity is not Severity.INFO for s in (f.subject, *f.symptoms))
    accused = {subject.rpartition("/")[2] for subject in told}
    assert [r.name for r in HEALTHY if any(n.startswith(r.name) for n in accused)] == []


def unexplained(found: Sequence[Finding]) -> list[str]:
    """What in the zoo is not named by its rule in the words of its case."""
    return [
        r.name
        for r in (*FAILING, *WORKINGS)
        if r.code
        and not any(f.code == r.code and r.words in f.cause and names(f, r.name) for f in found)
    ]


def names(finding: Finding, name: str) -> bool:
    """Whether a finding is about this resident of the zoo."""
    subjects = (finding.subject, *finding.symptoms)
    return any(f"/{ZOO}/" in s and s.rpartition("/")[2].startswith(name) for s in subjects)


async def test_the_neighbours_of_the_zoo_are_explained(on_rig: Rig) -> None:
    """Namespaces of their own: admission refuses, a webhook is dead, one cannot go."""
    async with opened(grace=15) as connection:
        found = survey(await load(connection.view, Scope())).findings
    codes = {(f.code, s.partition("/")[2]) for f in found for s in (f.subject, *f.symptoms)}
    assert ("K8S603", f"{STRICT}/StatefulSet/not-restricted-set") in codes
    assert ("K8S603", f"{STRICT}/Job/not-restricted-job") in codes
    assert ("K8S841", "ValidatingWebhookConfiguration/guard") in codes
    assert ("K8S441", f"Namespace/{LEAVING}") in codes
    assert ("K8S431", "Node/worker-c") in codes


async def test_the_incident_is_told_with_the_last_words(on_rig: Rig) -> None:
    """A crash loop that has just begun its next run has not said its last words yet."""
    expected = {("K8S102", WORDS), ("K8S401", "disk=ssd"), ("K8S201", "report-export")}
    found = set[tuple[str, str]]()
    async with opened() as connection, asyncio.timeout(90):
        while found != expected:
            told = await ask(connection.view, "get_failing_pods", Diagnosis, namespace="shop")
            found = {
                (code, words)
                for code, words in expected
                if any(f.code == code and words in f.cause for f in told.findings)
            }
            await asyncio.sleep(1)
    assert found == expected


async def test_status_words_are_those_of_the_api_server(on_rig: Rig) -> None:
    async with opened() as connection:
        told = await ask(connection.view, "get_pod_status", Listing, namespace=ZOO)
    words = {str(row[0]): row[2] for row in told.rows}
    assert words["image-name-invalid"] == "InvalidImageName"
    assert words["init-hangs"] == "Init:0/1"
    assert words["config-map-missing"] == "CreateContainerConfigError"


async def test_a_crash_loops_last_words_come_unasked(on_rig: Rig) -> None:
    text = ""
    async with opened() as connection, asyncio.timeout(90):
        while WORDS not in text:
            told = await ask(
                connection.view, "get_pod_logs", Log, pod_name="orders-api", namespace="shop"
            )
            text = told.text
            await asyncio.sleep(1)
    assert WORDS in text


async def test_a_pod_is_described(on_rig: Rig) -> None:
    async with opened() as connection:
        told = await ask(
            connection.view, "describe_pod", Detail, pod_name="orders-db-0", namespace="shop"
        )
    assert told.facts["owner"] == "StatefulSet/orders-db"
    assert [finding.code for finding in told.findings] == ["K8S401"]


async def test_reading_leaves_no_trace(on_rig: Rig) -> None:
    path = "/apis/apps/v1/namespaces/shop/deployments/storefront"
    before = on_rig.kubernetes.api.get(path)
    async with opened() as connection:
        await plan(connection.view, name="storefront", namespace="shop")
        await ask(connection.view, "get_pod_status", Listing, namespace="shop")
    assert on_rig.kubernetes.api.get(path)["metadata"] == before["metadata"]


async def test_a_restart_really_restarts(on_rig: Rig) -> None:
    async with opened() as connection:
        before = await pods_of(connection, "storefront")
        planned = await plan(connection.view, name="storefront", namespace="shop")
        assert "restarts since" in await connection.commit(planned.steps[0])
        deadline = time.monotonic() + 120
        while before & (now := await pods_of(connection, "storefront")) or len(now) != len(before):
            assert time.monotonic() < deadline, f"still there: {before & now}"
            await asyncio.sleep(0.5)


async def pods_of(connection: Open, name: str) -> set[str]:
    table = await connection.view.get(path_to(PODS, "shop"))
    names = (item["metadata"]["name"] for item in table["items"])
    return {each for each in names if each.startswith(f"{name}-")}


async def test_a_plugins_token_may_run_out_in_the_middle(
    on_rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = on_rig.kubernetes.access.plugin(seconds=3)
    monkeypatch.setenv("KUBECONFIG", str(plugin.kubeconfig))

    def calls() -> int:
        return len(plugin.calls.read_text().splitlines())

    before = calls()
    async with opened() as connection:
        deadline = time.monotonic() + 30
        while calls() < before + 3:
            assert time.monotonic() < deadline
            assert await connection.view.get(path_to(PODS, "shop"))
            await asyncio.sleep(0.3)


async def test_a_client_certificate_is_shown(on_rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    config = on_rig.kubernetes.access.certificate("admin", "system:masters")
    monkeypatch.setenv("KUBECONFIG", str(config))
    async with opened() as connection:
        assert await pods_of(connection, "storefront")


async def test_a_certificate_that_ran_out_is_not_accepted(
    on_rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = on_rig.kubernetes.access.certificate(
        "late", "system:masters", life=timedelta(hours=-1)
    )
    monkeypatch.setenv("KUBECONFIG", str(config))
    async with opened() as connection:
        with pytest.raises(Expired, match=r"client certificate .* ran out at"):
            await pods_of(connection, "storefront")


async def test_a_proxy_is_gone_through(on_rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    config, log = on_rig.kubernetes.proxied()
    monkeypatch.setenv("KUBECONFIG", str(config))
    async with opened() as connection:
        assert await pods_of(connection, "storefront")
    assert "CONNECT" in log.read_text()


async def test_two_files_are_one_kubeconfig(on_rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = on_rig.kubernetes.access.two_files()
    monkeypatch.setenv("KUBECONFIG", f"{first}:{second}")
    async with opened() as connection:
        assert await pods_of(connection, "storefront")


async def test_the_generated_role_is_enough_for_every_read_and_for_no_change(on_rig: Rig) -> None:
    role = cluster_role(name="fivetabs-live-test")
    api = on_rig.kubernetes.api
    group = "rbac.authorization.k8s.io"
    subject = {"kind": "User", "name": "role-tester", "apiGroup": group}
    binding = {
        **{key: role[key] for key in ("apiVersion", "metadata")},
        "kind": "ClusterRoleBinding",
        "roleRef": {"kind": "ClusterRole", "name": "fivetabs-live-test", "apiGroup": group},
        "subjects": [subject],
    }
    api.apply(role)
    api.apply(json.loads(json.dumps(binding)))
    access = on_rig.kubernetes.access
    config = access.write("role", {"role": {"token": access.token("role-tester", 600)}})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KUBECONFIG", str(config))
        async with opened() as connection:
            view = connection.view
            told = await ask(view, "get_failing_pods", Diagnosis)
            assert told.missing == ()
            where = {"pod_name": "orders-api", "namespace": "shop"}
            assert (await ask(view, "describe_pod", Detail, **where)).missing == ()
            assert WORDS in (await ask(view, "get_pod_logs", Log, **where)).text
            with pytest.raises(NotFound):
                await ask(view, "get_pod_logs", Log, pod_name="nobody", namespace="shop")
            with pytest.raises(Denied, match="patch"):
                await plan(view, name="storefront", namespace="shop")


async def test_a_user_without_rights_is_denied(on_rig: Rig) -> None:
    async with opened("nobody") as connection:
        with pytest.raises(Denied, match="nobody"):
            await ask(connection.view, "get_failing_pods", Diagnosis)


async def test_a_stranger_is_unauthorised(on_rig: Rig) -> None:
    async with opened("stranger") as connection:
        with pytest.raises(Unauthorised):
            await ask(connection.view, "get_pod_status", Listing)


async def test_what_is_not_there_does_not_answer(
    on_rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = (
        (on_rig.kubernetes.hanging(), TimedOut),
        (on_rig.kubernetes.closed(), Unreachable),
        (on_rig.kubernetes.access.untrusted(), Unreachable),
    )
    for config, fault in cases:
        monkeypatch.setenv("KUBECONFIG", str(config))
        async with opened() as connection:
            with pytest.raises(fault):
                await ask(connection.view, "get_pod_status", Listing)
