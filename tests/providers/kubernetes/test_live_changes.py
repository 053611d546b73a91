"""Changes on the rig's real cluster: from the plan to the verified outcome, and back again."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fivetabs.core import (
    Call,
    Conflict,
    Connection,
    Denied,
    Fault,
    Invalid,
    Plan,
    Turn,
    Verdict,
)
from fivetabs.providers.kubernetes import PROVIDER
from fivetabs.providers.kubernetes.port import CHANGES as CHANGED
from fivetabs.providers.kubernetes.port import (
    CONFIG_MAPS,
    Cluster,
    Json,
    Step,
    changeable,
    path_to,
)
from fivetabs.providers.kubernetes.settings import Settings
from fivetabs.providers.kubernetes.shapes.edits import written
from tests.carrying import allowed, seen_through, undone
from tests.providers.kubernetes.calling import call, look, plan
from tests.rig import Rig
from tests.rig.kubernetes import catalogue
from tests.rig.kubernetes.api import Api, Manifest, RefusedError, path_of
from tests.rig.kubernetes.incident import READY_WEB, WEB_SCRIPT
from tests.rig.kubernetes.objects import (
    container,
    deployment,
    named,
    namespace,
    service,
    spec,
    stateful_set,
)

pytestmark = [pytest.mark.anyio, pytest.mark.live]
SPACE = "mending"
NEEDS_ENV = 'test -n "$DB_HOST" || { echo "FATAL: DB_HOST is not set" >&2; exit 1; }; sleep 3600'
NO_IMAGE = f"{catalogue.STOREFRONT}-typo"


@dataclass(frozen=True)
class Desk:
    """The cluster as the tools see it, and as its admin does."""

    connection: Connection[Cluster, Step]
    api: Api

    @property
    def view(self) -> Cluster:
        return self.connection.view

    def read(self, kind: str, name: str) -> Json:
        return self.api.get(path_to(changeable(kind), SPACE, name))

    async def make(self, manifest: Manifest, *, ready: bool = False) -> None:
        await asyncio.to_thread(self.api.apply, manifest)
        if ready:
            await self.until_ready(manifest["kind"], manifest["metadata"]["name"])

    async def until_ready(self, kind: str, name: str, seconds: float = 90) -> None:
        deadline = time.monotonic() + seconds
        while not self.is_ready(self.read(kind, name)):
            assert time.monotonic() < deadline, f"{kind} {name} was not ready in time"
            await asyncio.sleep(0.3)

    @staticmethod
    def is_ready(raw: Json) -> bool:
        status, wanted = raw["status"], raw["spec"].get("replicas", 1)
        seen = status.get("observedGeneration") == raw["metadata"]["generation"]
        ready = status.get("availableReplicas", status.get("numberAvailable", 0))
        return seen and ready >= wanted

    async def carry_out(self, tool: str, planned: Plan[Step], seconds: float = 100) -> Verdict:
        """Do it and look until it is known how it turned out."""
        for step in planned.steps:
            await self.connection.commit(step)
        deadline = time.monotonic() + seconds
        verdict = await look(self.view, tool, planned)
        while verdict.turn is Turn.UNDER_WAY:
            assert time.monotonic() < deadline, verdict.told
            await asyncio.sleep(0.5)
            verdict = await look(self.view, tool, planned)
        return verdict

    async def there_and_back(self, tool: str, **arguments: Any) -> Verdict:
        """Plan, do, verify, undo; the spec is in the end what it was."""
        planned = await plan(self.view, tool, namespace=SPACE, **arguments)
        kind, name = planned.steps[0].kind, planned.steps[0].name
        before = changeable_part(self.read(kind, name))
        verdict = await self.carry_out(tool, planned)
        assert changeable_part(self.read(kind, name)) != before
        undo = planned.undo
        assert undo is not None
        back = await call(self.view, undo)
        for step in back.steps:
            await self.connection.commit(step)
        assert changeable_part(self.read(kind, name)) == before
        return verdict


def changeable_part(raw: Json) -> str:
    meta = raw["metadata"]
    kept = {"labels": meta.get("labels"), "annotations": _own(meta.get("annotations", {}))}
    return written({"spec": raw.get("spec"), "data": raw.get("data"), **kept})


def _own(annotations: Json) -> Json:
    """Without the numbers which the cluster itself counts on with each change."""
    counted = ("deployment.kubernetes.io/", "deprecated.daemonset.template.generation")
    return {k: v for k, v in annotations.items() if not k.startswith(counted)}


@pytest.fixture
def api(on_rig: Rig) -> Generator[Api]:
    """The admin's API, with a namespace that is emptied afterwards."""
    found = on_rig.kubernetes.api
    for each in namespace(SPACE):
        found.apply(each)
    yield found
    for each in CHANGED:
        if each is not CONFIG_MAPS:
            _empty(found, path_to(each, SPACE))
    _empty(found, f"/api/v1/namespaces/{SPACE}/pods?gracePeriodSeconds=0")
    _empty(found, f"/api/v1/namespaces/{SPACE}/configmaps/odd")


def _empty(api: Api, path: str) -> None:
    with suppress(RefusedError):
        api.delete(path)


@pytest.fixture
async def desk(api: Api) -> AsyncGenerator[Desk]:
    async with PROVIDER.live(Settings(grace=8), None) as connection:
        yield Desk(connection, api)


def web(name: str, replicas: int = 1, **fields: Any) -> Manifest:
    usual = {
        "image": catalogue.STOREFRONT,
        "ports": [{"containerPort": 8080}],
        "readinessProbe": READY_WEB,
        **fields,
    }
    return deployment(name, SPACE, spec(container("web", WEB_SCRIPT, **usual)), replicas)


def patch_of(**fields: Any) -> Json:
    """A merge patch of the only container."""
    return {"spec": {"template": {"spec": {"containers": [{"name": "web", **fields}]}}}}


async def test_an_image_typo_is_repaired_by_the_right_image(desk: Desk) -> None:
    await desk.make(web("typo", image=NO_IMAGE))
    await failing(desk, "typo", "K8S201")
    fix = patch_of(image=catalogue.STOREFRONT)
    planned = await plan(
        desk.view, "update_resource", kind="Deployment", name="typo", namespace=SPACE, patch=fix
    )
    assert [each.code for each in planned.ailing] == ["K8S201"]
    verdict = await desk.carry_out("update_resource", planned)
    assert (verdict.turn, verdict.findings) == (Turn.WELL, ())


async def failing(desk: Desk, name: str, code: str, seconds: float = 60) -> None:
    """Until a rule names why it fails."""
    deadline = time.monotonic() + seconds
    codes: list[str] = []
    while code not in codes:
        assert time.monotonic() < deadline, f"{name}: {codes}"
        await asyncio.sleep(0.5)
        with suppress(Conflict):
            planned = await plan(desk.view, "restart_deployment", name=name, namespace=SPACE)
            codes = [each.code for each in planned.ailing]


async def test_an_image_typo_is_repaired_by_going_back(desk: Desk) -> None:
    await desk.make(web("rolled"), ready=True)
    await desk.make(web("rolled", image=NO_IMAGE))
    await failing(desk, "rolled", "K8S201")
    planned = await plan(desk.view, "rollback_deployment", name="rolled", namespace=SPACE)
    assert [str(each) for each in planned.deltas] == [
        f"spec.template.spec.containers[web].image: {NO_IMAGE} -> {catalogue.STOREFRONT}"
    ]
    before = changeable_part(desk.read("Deployment", "rolled"))
    assert (await desk.carry_out("rollback_deployment", planned)).turn is Turn.WELL
    assert (
        str(planned.undo) == f"rollback_deployment(name='rolled', namespace='{SPACE}', revision=2)"
    )
    assert planned.undo is not None
    back = await call(desk.view, planned.undo)
    await desk.connection.commit(back.steps[0])
    assert changeable_part(desk.read("Deployment", "rolled")) == before


async def test_a_wrong_probe_port_is_repaired(desk: Desk) -> None:
    probe = {"httpGet": {"path": "/", "port": 9090}, "periodSeconds": 1}
    await desk.make(web("probed", readinessProbe=probe))
    await failing(desk, "probed", "K8S501")
    planned = await plan(desk.view, "restart_deployment", name="probed", namespace=SPACE)
    assert "9090" in planned.ailing[0].cause
    verdict = await desk.carry_out("restart_deployment", planned)
    assert verdict.turn is Turn.FAILING
    assert verdict.told.startswith("the restart did not help: Deployment/probed still fails")
    right = patch_of(readinessProbe={"httpGet": {"port": 8080}})
    fix = Call(
        "update_resource",
        {"kind": "Deployment", "name": "probed", "namespace": SPACE, "patch": right},
    )
    mended = await call(desk.view, fix)
    assert (await desk.carry_out("update_resource", mended)).turn is Turn.WELL


async def test_a_missing_variable_is_given(desk: Desk) -> None:
    body = spec(container("web", NEEDS_ENV, image=catalogue.API))
    await desk.make(deployment("unset", SPACE, body, replicas=2))
    await failing(desk, "unset", "K8S112")
    fix = patch_of(env=[{"name": "DB_HOST", "value": "orders-db"}])
    planned = await plan(
        desk.view, "update_resource", kind="Deployment", name="unset", namespace=SPACE, patch=fix
    )
    assert (await desk.carry_out("update_resource", planned)).turn is Turn.WELL


async def test_a_selector_that_misses_is_repaired(desk: Desk) -> None:
    await desk.make(web("shown"), ready=True)
    front = service("shown", SPACE, 8080)
    front["spec"]["selector"] = {"app": "shwon"}
    await desk.make(front)
    told = await plan(
        desk.view,
        "update_resource",
        kind="Service",
        name="shown",
        namespace=SPACE,
        patch={"spec": {"selector": {"app": "shown"}}},
    )
    verdict = await desk.carry_out("update_resource", told)
    assert verdict.turn is Turn.WELL
    assert "1 ready endpoint" in verdict.told


async def test_a_restart_that_cannot_help_says_so_before_and_after(desk: Desk) -> None:
    await desk.make(web("wrong", image=NO_IMAGE))
    await failing(desk, "wrong", "K8S201")
    planned = await plan(desk.view, "restart_deployment", name="wrong", namespace=SPACE)
    assert planned.warnings[0].startswith("a restart cannot help: image ")
    verdict = await desk.carry_out("restart_deployment", planned)
    assert verdict.turn is Turn.FAILING
    assert verdict.told.startswith(
        "the restart did not help: Deployment/wrong still fails with the"
    )


async def test_a_crash_loop_whose_status_moves_all_the_time_is_changed(desk: Desk) -> None:
    """Its plan is the same each time, and its change is not refused for what moves by itself."""
    await desk.make(deployment("loops", SPACE, spec(container("web", "sleep 1; exit 1"))))
    await failing(desk, "loops", "K8S102")
    fix: Json = {"kind": "Deployment", "name": "loops", "namespace": SPACE}
    fix["patch"] = patch_of(command=["sh", "-c", "sleep 3600"])
    digests, versions = set[str](), set[str]()
    deadline = time.monotonic() + 90
    planned = await plan(desk.view, "update_resource", **fix)
    while len(versions) < 4:
        assert time.monotonic() < deadline, "its status does not move, so this shows nothing"
        again = await plan(desk.view, "update_resource", **fix)
        digests.add(again.digest("update_resource", "k8s:rig"))
        versions.add(desk.read("Deployment", "loops")["metadata"]["resourceVersion"])
        await asyncio.sleep(0.3)
    assert digests == {planned.digest("update_resource", "k8s:rig")}
    assert (await desk.carry_out("update_resource", planned)).turn is Turn.WELL


async def test_scaling_there_and_back(desk: Desk) -> None:
    await desk.make(web("sized"), ready=True)
    verdict = await desk.there_and_back("scale_deployment", name="sized", replicas=3)
    assert (verdict.turn, verdict.told) == (
        Turn.WELL,
        "3 of 3 pods of Deployment/sized are of the newest template and ready, and stay so",
    )
    down = await desk.there_and_back("scale_deployment", name="sized", replicas=0)
    assert down.told == "Deployment/sized has no pods now, as it was asked for"


async def test_a_stateful_set_is_scaled_rolled_on_and_rolled_back(desk: Desk) -> None:
    await desk.make(stateful_set("kept", SPACE, spec(container("web"))), ready=True)
    assert (
        await desk.there_and_back("scale_deployment", name="kept", replicas=2)
    ).turn is Turn.WELL
    await desk.until_ready("StatefulSet", "kept")
    await changed_there_and_back(desk, "StatefulSet", "kept")


async def test_a_daemon_set_is_changed_and_rolled_back(desk: Desk) -> None:
    made = deployment("everywhere", SPACE, spec(container("web")))
    del made["spec"]["replicas"]
    await desk.make({**made, "kind": "DaemonSet"}, ready=True)
    await changed_there_and_back(desk, "DaemonSet", "everywhere")


async def changed_there_and_back(desk: Desk, kind: str, name: str) -> None:
    """Change its template, go back by its revisions, and return from there."""
    first = changeable_part(desk.read(kind, name))
    change = patch_of(env=[{"name": "COLOUR", "value": "green"}])
    planned = await plan(
        desk.view, "update_resource", kind=kind, name=name, namespace=SPACE, patch=change
    )
    assert (await desk.carry_out("update_resource", planned)).turn is Turn.WELL
    verdict = await desk.there_and_back("rollback_deployment", name=name)
    assert verdict.turn is Turn.WELL
    back = await plan(desk.view, "rollback_deployment", name=name, namespace=SPACE, revision=0)
    await desk.connection.commit(back.steps[0])
    assert changeable_part(desk.read(kind, name)) == first


ODD = 'a <b> & "c" \\ é \u2028 \t end\nand another line\x07'.replace("\x07", "")
CHANGES: tuple[tuple[str, str, Any], ...] = (
    ("ConfigMap", "odd", {"data": {"odd": f"{ODD} more", "new": "1"}}),
    ("ConfigMap", "odd", {"data": {"odd": None}}),
    ("ConfigMap", "odd", [{"op": "replace", "path": "/data/odd", "value": ODD[::-1]}]),
    ("ConfigMap", "odd", {"metadata": {"labels": {"a/b": "c"}, "annotations": {"x.y/z": "<&>"}}}),
    ("CronJob", "nightly", {"spec": {"suspend": True, "schedule": "5 4 * * *"}}),
    ("Service", "front", {"spec": {"ports": [{"port": 80, "targetPort": 8081}]}}),
    ("Ingress", "door", [{"op": "remove", "path": "/spec/rules/1"}]),
    (
        "Ingress",
        "door",
        [{"op": "replace", "path": "/spec/rules/0/http/paths/0/path", "value": "/shop"}],
    ),
    ("HorizontalPodAutoscaler", "sizer", {"spec": {"minReplicas": 2, "maxReplicas": 4}}),
    ("PodDisruptionBudget", "guard", {"spec": {"minAvailable": None, "maxUnavailable": 1}}),
    ("Deployment", "plain", {"spec": {"template": {"spec": {"containers": [SIDE := {
        "name": "side", "image": catalogue.BUSYBOX, "command": ["sleep", "3600"]}]}}}}),
    ("Deployment", "plain", patch_of(livenessProbe={"tcpSocket": {"port": 8080}})),
    ("Deployment", "plain", patch_of(env=[{"name": "ODD", "value": ODD}, {"name": "B"}])),
    ("Deployment", "plain", patch_of(env=[{"name": "A", "$patch": "delete"}])),
    ("Deployment", "plain", patch_of(resources={"limits": {"memory": "64Mi", "cpu": "0.5"}})),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "name", "patch"), CHANGES)
async def test_every_kind_is_changed_and_changed_back(
    desk: Desk, kind: str, name: str, patch: Any
) -> None:
    for each in bystanders():
        await desk.make(each)
    planned = await plan(
        desk.view, "update_resource", kind=kind, name=name, namespace=SPACE, patch=patch
    )
    before = changeable_part(desk.read(kind, name))
    assert planned.deltas
    await desk.connection.commit(planned.steps[0])
    changed = changeable_part(desk.read(kind, name))
    assert changed != before
    assert planned.undo is not None
    back = await call(desk.view, planned.undo)
    await desk.connection.commit(back.steps[0])
    assert changeable_part(desk.read(kind, name)) == before
    again = await call(desk.view, back.undo) if back.undo else None
    assert again is not None
    await desk.connection.commit(again.steps[0])
    assert changeable_part(desk.read(kind, name)) == changed


def bystanders() -> list[Manifest]:
    """One object of each kind that may be changed; nothing of it runs."""
    inner = spec(container("web", env=[{"name": "A", "value": "1"}]), restartPolicy="Never")
    job = {"spec": {"template": {"spec": inner}}}
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "plain"}
    select = {"matchLabels": {"app": "plain"}}
    backend = {"service": {"name": "front", "port": {"number": 80}}}
    paths = {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}
    rules = [{"host": f"{name}.example", "http": paths} for name in ("a", "b")]
    front = service("front", SPACE, 80)
    plain = deployment(
        "plain", SPACE, spec(container("web", env=[{"name": "A", "value": "1"}])), replicas=0
    )
    return [
        named("ConfigMap", "v1", "odd", SPACE, data={"odd": ODD}),
        named(
            "CronJob",
            "batch/v1",
            "nightly",
            SPACE,
            spec={"schedule": "1 2 * * *", "jobTemplate": job},
        ),
        front,
        named("Ingress", "networking.k8s.io/v1", "door", SPACE, spec={"rules": rules}),
        named(
            "HorizontalPodAutoscaler",
            "autoscaling/v2",
            "sizer",
            SPACE,
            spec={
                "scaleTargetRef": {**target, "name": "other"},
                "minReplicas": 1,
                "maxReplicas": 3,
            },
        ),
        named(
            "PodDisruptionBudget",
            "policy/v1",
            "guard",
            SPACE,
            spec={"selector": select, "minAvailable": 1},
        ),
        plain,
    ]


async def test_what_was_changed_meanwhile_is_not_overwritten(desk: Desk) -> None:
    for each in bystanders():
        await desk.make(each)
    path = path_of(named("ConfigMap", "v1", "odd", SPACE))
    where = {"kind": "ConfigMap", "name": "odd", "namespace": SPACE}
    planned = await plan(desk.view, "update_resource", **where, patch={"data": {"new": "1"}})
    desk.api.merge(path, {"data": {"new": "somebody's"}})
    with pytest.raises(Conflict, match=r"data.new of ConfigMap/odd was changed meanwhile; nothing"):
        await desk.connection.commit(planned.steps[0])
    assert desk.read("ConfigMap", "odd")["data"]["new"] == "somebody's"
    desk.api.merge(path, {"data": {"another": "by somebody"}, "metadata": {"labels": {"a": "b"}}})
    other = await plan(desk.view, "update_resource", **where, patch={"data": {"new": "2"}})
    desk.api.merge(path, {"data": {"third": "of no concern"}})
    await desk.connection.commit(other.steps[0])
    data = desk.read("ConfigMap", "odd")["data"]
    assert (data["new"], data["third"]) == ("2", "of no concern")
    desk.api.delete(path)
    desk.api.apply(named("ConfigMap", "v1", "odd", SPACE, data={"odd": ODD, "new": "2"}))
    late = await plan(desk.view, "update_resource", **where, patch={"data": {"new": "3"}})
    desk.api.delete(path)
    desk.api.apply(named("ConfigMap", "v1", "odd", SPACE, data={"odd": ODD, "new": "2"}))
    with pytest.raises(Conflict, match="made anew"):
        await desk.connection.commit(late.steps[0])


async def test_the_patch_itself_is_refused_by_the_server_where_a_field_has_moved(
    desk: Desk,
) -> None:
    """The same tests as in `as_patch`, sent late: the API server refuses the whole of it."""
    for each in bystanders():
        await desk.make(each)
    path = path_of(named("ConfigMap", "v1", "odd", SPACE))
    late = [
        {"op": "test", "path": "/data/new", "value": None},
        {"op": "add", "path": "/data/new", "value": "1"},
        {"op": "test", "path": "/data/odd", "value": "what it never was"},
        {"op": "replace", "path": "/data/odd", "value": "x"},
    ]
    with pytest.raises(RefusedError) as refused:
        desk.api.call("PATCH", path, late, "json-patch+json")
    assert refused.value.status == 422
    assert desk.read("ConfigMap", "odd")["data"] == {"odd": ODD}
    desk.api.call("PATCH", path, late[:2], "json-patch+json")
    with pytest.raises(RefusedError):
        desk.api.call("PATCH", path, late[:2], "json-patch+json")


OTHER = {"spec": {"selector": {"matchLabels": {"app": "x"}}}}
BOTH = {"httpGet": {"port": 1}, "tcpSocket": {"port": 1}}
REFUSED: tuple[tuple[str, str, Any, type[Fault], str], ...] = (
    ("Deployment", "plain", {"spec": {"replicas": -1}}, Invalid, "greater than or equal to 0"),
    ("Deployment", "plain", {"spec": {"replicas": 10**9}}, Invalid, "at most 10000"),
    ("Deployment", "plain", {"spec": {"replicas": "many"}}, Invalid, "nothing was done"),
    ("Deployment", "plain", {"spec": {"replicaz": 1}}, Invalid, "unknown field"),
    ("Deployment", "plain", OTHER, Invalid, "field is immutable"),
    ("Deployment", "plain", {"status": {"replicas": 3}}, Denied, "touches status"),
    ("Deployment", "plain", {"metadata": {"finalizers": ["a/b"]}}, Denied, "metadata.finalizers"),
    ("Deployment", "plain", {"metadata": {"name": "other"}}, Denied, "metadata.name"),
    ("Deployment", "plain", {"kind": "Secret", "spec": {}}, Denied, "touches kind"),
    ("Deployment", "plain", {"spec": {"$patch": "replace"}}, Invalid, "would drop fields"),
    ("Deployment", "plain", patch_of(image=catalogue.BUSYBOX), Invalid, "already"),
    ("Deployment", "plain", patch_of(livenessProbe=BOTH),
     Invalid, "handler type"),
    ("Service", "front", {"spec": {"clusterIP": "10.0.0.1"}}, Invalid, "nothing was done"),
    ("Ingress", "door", {"spec": {"rules": [{"host": "a.example"}]}}, Invalid, "would drop"),
    ("CronJob", "nightly", {"spec": {"schedule": "every day"}}, Invalid, "nothing was done"),
    ("ConfigMap", "odd", [{"op": "test", "path": "/data/odd", "value": "x"}], Invalid, "not hold"),
    ("ConfigMap", "odd", [{"op": "remove", "path": "/metadata/uid"}], Denied, "metadata.uid"),
)  # fmt: skip


@pytest.mark.parametrize("refused", REFUSED, ids=lambda v: f"{v[1]}-{v[4]}")
async def test_what_may_not_be_is_refused_and_changes_nothing(
    desk: Desk, refused: tuple[str, str, Any, type[Fault], str]
) -> None:
    kind, name, patch, fault, why = refused
    for each in bystanders():
        await desk.make(each)
    before = changeable_part(desk.read(kind, name))
    with pytest.raises(fault, match=why) as caught:
        await plan(desk.view, "update_resource", kind=kind, name=name, namespace=SPACE, patch=patch)
    assert "nothing was done" in str(caught.value)
    assert changeable_part(desk.read(kind, name)) == before


async def test_an_autoscaler_is_told_of_instead_of_fought(desk: Desk) -> None:
    await desk.make(web("auto", replicas=2))
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "auto"}
    bounds = {"scaleTargetRef": target, "minReplicas": 2, "maxReplicas": 3}
    await desk.make(named("HorizontalPodAutoscaler", "autoscaling/v2", "auto", SPACE, spec=bounds))
    with pytest.raises(Conflict, match="HorizontalPodAutoscaler") as caught:
        await plan(desk.view, "scale_deployment", name="auto", namespace=SPACE, replicas=5)
    assert "'minReplicas': 5, 'maxReplicas': 5" in caught.value.hint
    with pytest.raises(Conflict, match="HorizontalPodAutoscaler"):
        await plan(
            desk.view, "update_resource", kind="Deployment", name="auto", namespace=SPACE,
            patch={"spec": {"replicas": 5}},
        )  # fmt: skip


async def test_each_change_goes_through_the_whole_of_a_call_and_back(
    desk: Desk, tmp_path: Path
) -> None:
    """Planned, carried out, watched and recorded by the server itself, and undone by its id."""
    await desk.make(web("called"), ready=True)
    green = patch_of(env=[{"name": "COLOUR", "value": "green"}])
    changes: tuple[tuple[str, Json], ...] = (
        ("scale_deployment", {"replicas": 2}),
        ("update_resource", {"kind": "Deployment", "patch": json.dumps(green)}),
        ("rollback_deployment", {}),
    )
    where = {"name": "called", "namespace": SPACE, "target": desk.view.context}
    async with allowed(PROVIDER, tmp_path, Settings(grace=8)) as app:
        told = await seen_through(app, "restart_deployment", where)
        assert (told.state, told.irreversible != "") == ("done", True)
        assert told.result.endswith("and ready, and stay so")
        for tool, given in changes:
            before = changeable_part(desk.read("Deployment", "called"))
            told = await seen_through(app, tool, {**where, **given})
            assert (told.state, told.wrong) == ("done", ())
            assert told.result.endswith("and ready, and stay so")
            assert changeable_part(desk.read("Deployment", "called")) != before
            back = await undone(app, told)
            assert back.state == "done"
            assert changeable_part(desk.read("Deployment", "called")) == before
            if tool == "update_resource":
                await seen_through(app, tool, {**where, **given})  # For the rollback to undo.


async def test_a_useless_restart_is_told_as_that_by_the_server(desk: Desk, tmp_path: Path) -> None:
    await desk.make(web("useless", image=NO_IMAGE))
    await failing(desk, "useless", "K8S201")
    where = {"name": "useless", "namespace": SPACE, "target": desk.view.context}
    async with allowed(PROVIDER, tmp_path, Settings(grace=8)) as app:
        told = await seen_through(app, "restart_deployment", where)
    assert told.result.startswith("the restart did not help: Deployment/useless still fails with")
    assert len(told.wrong) == 1
    assert "K8S201" in told.wrong[0]
