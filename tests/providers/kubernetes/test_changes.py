"""What changes say before, what they do to the demo world, how they turn out, and the way back."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from fivetabs.core import Call, Conflict, Denied, Diagnosis, Invalid, NotFound, Plan, Turn, Verdict
from fivetabs.core.quoting import unmarked
from fivetabs.providers.kubernetes.demo import CLOCK, CONTEXT, incident, make_world
from fivetabs.providers.kubernetes.demo.objects import container, deployment, meta
from fivetabs.providers.kubernetes.demo.world import World
from fivetabs.providers.kubernetes.port import Json, Step
from fivetabs.providers.kubernetes.shapes.edits import written
from tests.providers.kubernetes.calling import ask, call, look, plan

pytestmark = pytest.mark.anyio
GOOD = "registry.example/shop/report-export:2.3.1"
BAD = "registry.example/shop/report-export:2.4.0-rc"
SHOP = {"namespace": "shop"}
REPORT = {"kind": "Deployment", "name": "report-export", **SHOP}
API = {"kind": "Deployment", "name": "orders-api", **SHOP}
WEB = {"kind": "Deployment", "name": "storefront", **SHOP}
SERVICE = {"kind": "Service", **SHOP}
REMOVED = {"op": "remove", "path": "/spec/rules/0"}


@pytest.fixture
def world() -> World:
    return make_world()


def world_with(*more: Json) -> World:
    return World.of(CONTEXT, CLOCK, [*incident.objects(), *more], incident.logs())


def the(world: World, kind: str, name: str, namespace: str = "shop") -> Json:
    return next(
        raw
        for raw in world.objects.values()
        if raw["kind"] == kind
        and raw["metadata"]["name"] == name
        and raw["metadata"].get("namespace", "") == namespace
    )


def specs(world: World) -> Mapping[str, str]:
    """All that may be changed, by path."""
    kinds = {"Deployment", "StatefulSet", "Service", "ConfigMap", "Ingress"}
    return {
        path: written([raw.get("spec"), raw.get("data"), raw["metadata"].get("labels")])
        for path, raw in world.objects.items()
        if raw["kind"] in kinds
    }


async def carried(world: World, tool: str, /, **arguments: Any) -> tuple[Plan[Step], Verdict]:
    planned = await plan(world, tool, **arguments)
    for step in planned.steps:
        await world.commit(step)
    return planned, await look(world, tool, planned)


def one(**fields: Any) -> Json:
    """A merge patch of one container."""
    return {"spec": {"template": {"spec": {"containers": [fields]}}}}


CHANGES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("scale_deployment", {"name": "storefront", "replicas": 5, **SHOP}),
    ("scale_deployment", {"name": "storefront", "replicas": 1, **SHOP}),
    ("scale_deployment", {"name": "storefront", "replicas": 0, **SHOP}),
    ("scale_deployment", {"name": "canary", "replicas": 2, **SHOP}),
    ("scale_deployment", {"name": "orders-db", "replicas": 3, **SHOP}),
    ("rollback_deployment", {"name": "report-export", **SHOP}),
    ("rollback_deployment", {"name": "report-export", "revision": 2, **SHOP}),
    ("update_resource", {**REPORT, "patch": one(name="report-export", image=GOOD)}),
    ("update_resource", {**WEB, "patch": {"metadata": {"labels": {"team": "web"}}}}),
    ("update_resource", {**WEB, "patch": {"spec": {"replicas": 4}}}),
    ("update_resource", {**API, "patch": one(name="orders-api", env=[{"name": "A"}])}),
    ("update_resource", {**API, "patch": [{"op": "remove", "path": "/spec/strategy"}]}),
    (
        "update_resource",
        {**SERVICE, "name": "orders-api", "patch": {"spec": {"selector": {"app": "x"}}}},
    ),
    (
        "update_resource",
        {"kind": "ConfigMap", "name": "storefront", **SHOP, "patch": {"data": {"THEME": "winter"}}},
    ),
    (
        "update_resource",
        {"kind": "Ingress", "name": "shop", **SHOP, "patch": [REMOVED]},
    ),
    (
        "update_resource",
        {
            "kind": "StatefulSet",
            "name": "orders-db",
            **SHOP,
            "patch": {"spec": {"template": {"spec": {"nodeSelector": None}}}},
        },
    ),
)  # fmt: skip


@pytest.mark.parametrize(("tool", "arguments"), CHANGES)
async def test_every_change_with_an_undo_is_undone_to_the_same_spec(
    world: World, tool: str, arguments: dict[str, Any]
) -> None:
    before = specs(world)
    planned, _ = await carried(world, tool, **arguments)
    changed = specs(world)
    assert [path for path in before if before[path] != changed[path]] == [
        path
        for path in before
        if path.endswith(f"/{arguments['name']}") and before[path] != changed[path]
    ]
    assert changed != before
    assert planned.undo is not None
    back = await call(world, planned.undo)
    for step in back.steps:
        await world.commit(step)
    assert specs(world) == before


@pytest.mark.parametrize(("tool", "arguments"), CHANGES)
async def test_a_plan_names_what_it_touches_and_shows_every_field(
    world: World, tool: str, arguments: dict[str, Any]
) -> None:
    planned = await plan(world, tool, **arguments)
    kind = planned.steps[0].kind
    assert [str(each) for each in planned.touches] == [
        f"k8s:shop-eu/shop/{kind}/{arguments['name']}"
    ]
    assert planned.deltas
    assert planned.check is not None


async def test_an_image_typo_is_mended_by_the_revision_before(world: World) -> None:
    planned, verdict = await carried(world, "rollback_deployment", name="report-export", **SHOP)
    assert [str(each) for each in planned.deltas] == [
        f"spec.template.spec.containers[report-export].image: {BAD} -> {GOOD}"
    ]
    assert planned.summary == (
        "Roll Deployment/report-export in shop back from revision 3 to revision 2: "
        "its pod is replaced."
    )
    assert str(planned.undo) == (
        "rollback_deployment(name='report-export', namespace='shop', revision=3)"
    )
    assert [each.code for each in planned.ailing] == ["K8S201"]
    assert verdict == Verdict(
        Turn.WELL,
        "1 of 1 pods of Deployment/report-export are of the newest template and ready, and stay so",
    )


async def test_going_back_gives_the_old_revision_a_new_number_and_leaves_the_last_one_its_own(
    world: World,
) -> None:
    """So the undo that was named before still means what it meant."""
    planned, _ = await carried(world, "rollback_deployment", name="report-export", **SHOP)
    number = "deployment.kubernetes.io/revision"
    sets = {
        raw["metadata"]["name"]: raw["metadata"]["annotations"][number]
        for raw in world.objects.values()
        if raw["kind"] == "ReplicaSet" and raw["metadata"]["name"].startswith("report-export")
    }
    assert sets == {"report-export-6b9f7c4d58": "4", "report-export-84c6d5f97": "3"}
    assert planned.undo is not None
    assert planned.undo.arguments["revision"] == 3


async def test_without_a_history_the_undo_is_the_inverse_patch() -> None:
    made = world_with()
    the(made, "Deployment", "report-export")["spec"]["revisionHistoryLimit"] = 0
    planned = await plan(made, "rollback_deployment", name="report-export", **SHOP)
    assert planned.undo is not None
    assert planned.undo.tool == "update_resource"
    await made.commit(planned.steps[0])
    back = await call(made, planned.undo)
    assert [str(each) for each in back.deltas] == [
        f"spec.template.spec.containers[report-export].image: {GOOD} -> {BAD}"
    ]


async def test_a_rollback_without_a_former_revision_says_which_are_kept(world: World) -> None:
    with pytest.raises(Invalid, match="no revision to go back to; nothing was done") as caught:
        await plan(world, "rollback_deployment", name="storefront", **SHOP)
    assert "storefront:5.2.1, the present one" in unmarked(caught.value.hint)
    with pytest.raises(Invalid, match="no revision 9; nothing"):
        await plan(world, "rollback_deployment", name="report-export", revision=9, **SHOP)
    with pytest.raises(Invalid, match="has the template of revision 3; nothing"):
        await plan(world, "rollback_deployment", name="report-export", revision=3, **SHOP)


async def test_a_restart_that_cannot_help_says_so_before_and_after(world: World) -> None:
    planned, verdict = await carried(world, "restart_deployment", name="report-export", **SHOP)
    assert planned.warnings[0].startswith(
        f"a restart cannot help: image {BAD} does not exist in its registry; "
    )
    assert verdict.turn is Turn.FAILING
    assert verdict.told.startswith(
        "the restart did not help: Deployment/report-export still fails with the same cause: image"
    )
    assert [each.code for each in verdict.findings] == ["K8S201"]
    back = "rollback_deployment(name='report-export', namespace='shop', revision=2)"
    assert planned.warnings[0].endswith(f"What would help: {back}")
    assert verdict.told.endswith(f"What would help: {back}")


async def test_the_next_step_of_a_finding_is_the_very_change_that_mends_it(world: World) -> None:
    """What the rules can work out is a call that can be made as it stands."""
    told = await ask(world, "get_failing_pods", Diagnosis, **SHOP)
    step = next(each.next_step for each in told.findings if each.code == "K8S201")
    mended = await call(world, Call(step.tool, step.arguments))
    await world.commit(mended.steps[0])
    assert (await look(world, step.tool, mended)).turn is Turn.WELL
    wrong = one(name="storefront", readinessProbe={"httpGet": {"port": 9090}})
    await carried(world, "update_resource", **WEB, patch=wrong)
    world.clock += timedelta(minutes=2)
    told = await ask(world, "get_failing_pods", Diagnosis, **SHOP)
    step = next(each.next_step for each in told.findings if each.code == "K8S501")
    assert step.words == "Let the readiness probe ask port 8080, which the container declares."
    mended = await call(world, Call(step.tool, step.arguments))
    await world.commit(mended.steps[0])
    assert (await look(world, step.tool, mended)).turn is Turn.WELL


async def test_the_next_step_of_a_selector_that_misses_is_the_right_selector(world: World) -> None:
    missing = {"spec": {"selector": {"app": "storefrnt"}}}
    arguments = {**SERVICE, "name": "storefront", "patch": missing}
    _, verdict = await carried(world, "update_resource", **arguments)
    step = verdict.findings[0].next_step
    assert step.arguments["patch"] == {"spec": {"selector": {"app": "storefront"}}}
    mended = await call(world, Call(step.tool, step.arguments))
    await world.commit(mended.steps[0])
    assert (await look(world, step.tool, mended)).turn is Turn.WELL


async def test_a_restart_of_a_crash_loop_says_that_it_restarts_already(world: World) -> None:
    planned, verdict = await carried(world, "restart_deployment", name="orders-api", **SHOP)
    assert planned.warnings[0].startswith("a restart will hardly help, its pods are started again")
    assert verdict.turn is Turn.FAILING
    assert "did not help" in verdict.told


async def test_a_restart_of_what_is_well_is_well(world: World) -> None:
    planned, verdict = await carried(world, "restart_deployment", name="storefront", **SHOP)
    assert planned.warnings == ()
    assert planned.blast.pods == 3
    assert verdict.turn is Turn.WELL


@pytest.mark.parametrize(
    ("spec", "why", "hint"),
    [
        ({"paused": True}, "is paused", "update_resource"),
        ({"replicas": 0}, "has no pods to restart", ""),
    ],
)
async def test_a_restart_that_would_reach_no_pod_is_refused(
    world: World, spec: Json, why: str, hint: str
) -> None:
    the(world, "Deployment", "storefront")["spec"] |= spec
    with pytest.raises(Conflict, match=why) as caught:
        await plan(world, name="storefront", **SHOP)
    assert "nothing was done" in str(caught.value)
    assert hint in caught.value.hint


async def test_a_restart_under_on_delete_is_refused_with_the_change_that_lets_it_roll(
    world: World,
) -> None:
    the(world, "StatefulSet", "orders-db")["spec"]["updateStrategy"] = {"type": "OnDelete"}
    with pytest.raises(Conflict, match="OnDelete") as caught:
        await plan(world, name="orders-db", **SHOP)
    assert "{'updateStrategy': {'type': 'RollingUpdate'}}" in caught.value.hint


async def test_the_right_env_mends_a_program_and_what_is_secret_is_only_marked(
    world: World,
) -> None:
    variables = [
        {"name": "DB_HOST", "value": "storefront"},
        {"name": "API_PASSWORD", "value": "correct-horse"},
    ]
    planned, verdict = await carried(
        world, "update_resource", **API, patch=one(name="orders-api", env=variables)
    )
    assert "\ue002correct-horse\ue003" in planned.deltas[1].after
    assert verdict.turn is Turn.WELL


async def test_a_wrong_probe_port_is_under_way_and_then_mended(world: World) -> None:
    wrong = one(name="storefront", readinessProbe={"httpGet": {"port": 9090}})
    planned, verdict = await carried(world, "update_resource", **WEB, patch=wrong)
    assert [str(each) for each in planned.deltas] == [
        "spec.template.spec.containers[storefront].readinessProbe.httpGet.port: 8080 -> 9090"
    ]
    assert verdict.turn is Turn.UNDER_WAY
    right = one(name="storefront", readinessProbe={"httpGet": {"port": 8080}})
    assert (await carried(world, "update_resource", **WEB, patch=right))[1].turn is Turn.WELL


async def test_a_selector_that_misses_is_foreseen_and_found(world: World) -> None:
    service = {"kind": "Service", "name": "storefront", **SHOP}
    planned, verdict = await carried(
        world, "update_resource", **service, patch={"spec": {"selector": {"app": "storefrnt"}}}
    )
    assert planned.warnings[0].startswith(
        "after this: Service shop/storefront selects app=storefrnt, which no pod has"
    )
    assert verdict.turn is Turn.FAILING
    assert verdict.findings[0].code == "K8S661"
    assert planned.undo is not None
    back = await call(world, planned.undo)
    await world.commit(back.steps[0])
    again = await look(world, "update_resource", back)
    assert again.told == "Service/storefront is changed and has 3 ready endpoints"


async def test_what_is_changed_again_by_somebody_is_said(world: World) -> None:
    planned, _ = await carried(
        world, "update_resource", **REPORT, patch=one(name="report-export", image=GOOD)
    )
    the(world, "Deployment", "report-export")["spec"]["template"]["spec"]["containers"][0][
        "image"
    ] = BAD
    verdict = await look(world, "update_resource", planned)
    assert verdict == Verdict(
        Turn.FAILING,
        "somebody has changed spec.template.spec.containers[report-export].image of "
        "Deployment/report-export again since",
    )  # fmt: skip


async def test_an_undo_of_what_was_changed_since_is_refused(world: World) -> None:
    planned, _ = await carried(
        world, "update_resource", **REPORT, patch=one(name="report-export", image=GOOD)
    )
    the(world, "Deployment", "report-export")["spec"]["template"]["spec"]["containers"][0][
        "image"
    ] = "x"
    assert planned.undo is not None
    with pytest.raises(Invalid, match="does not hold; nothing was done"):
        await call(world, planned.undo)  # fmt: skip


async def test_a_change_of_what_was_written_meanwhile_is_refused(world: World) -> None:
    planned = await plan(world, "scale_deployment", name="storefront", replicas=5, **SHOP)
    the(world, "Deployment", "storefront")["spec"]["replicas"] = 4
    with pytest.raises(
        Conflict, match=r"spec.replicas of Deployment/storefront was changed meanwhile"
    ):
        await world.commit(planned.steps[0])
    the(world, "Deployment", "storefront")["spec"]["replicas"] = 3
    the(world, "Deployment", "storefront")["metadata"]["uid"] = "another"
    with pytest.raises(Conflict, match="made anew; nothing was done"):
        await world.commit(planned.steps[0])


@pytest.mark.parametrize("number", [-1, 10**9, 10_001])
async def test_a_number_of_pods_beyond_all_bounds_is_refused(world: World, number: int) -> None:
    with pytest.raises(Invalid, match="replicas"):
        await plan(world, "scale_deployment", name="storefront", replicas=number, **SHOP)
    with pytest.raises(Invalid, match="replicas"):
        await plan(world, "update_resource", **WEB, patch={"spec": {"replicas": number}})
    with pytest.raises(Invalid, match="scaled to 3 already; nothing was done"):
        await plan(world, "scale_deployment", name="storefront", replicas=3, **SHOP)


def scaler(least: int = 2, most: int = 4) -> Json:
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "storefront"}
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": meta("web", "shop"),
        "spec": {"scaleTargetRef": target, "minReplicas": least, "maxReplicas": most},
        "status": {"currentReplicas": 3, "desiredReplicas": 3},
    }


@pytest.mark.parametrize(
    ("replicas", "bounds"),
    [(8, {"minReplicas": 8, "maxReplicas": 8}), (1, {"minReplicas": 1}), (4, {"minReplicas": 4})],
)
async def test_an_autoscaler_is_told_of_with_the_change_to_make_instead(
    replicas: int, bounds: Json
) -> None:
    made = world_with(scaler())
    with pytest.raises(Conflict, match="decides how many pods Deployment/storefront has") as caught:
        await plan(made, "scale_deployment", name="storefront", replicas=replicas, **SHOP)
    instead = Call(
        "update_resource",
        {
            "kind": "HorizontalPodAutoscaler",
            "name": "web",
            "namespace": "shop",
            "patch": {"spec": bounds},
        },
    )
    assert str(instead) in caught.value.hint
    told = await call(made, instead)
    assert told.blast.replicas == bounds.get("maxReplicas", 4)
    with pytest.raises(Conflict, match="decides how many pods"):
        await plan(made, "update_resource", **WEB, patch={"spec": {"replicas": replicas}})


async def test_to_nothing_and_back_an_autoscaler_lets_one_scale() -> None:
    made = world_with(scaler())
    planned = await plan(made, "scale_deployment", name="storefront", replicas=0, **SHOP)
    assert "is switched off while there are 0 replicas" in planned.warnings[0]
    await made.commit(planned.steps[0])
    assert planned.undo is not None
    back = await call(made, planned.undo)
    assert "takes over from there" in back.warnings[0]


def budget(least: int) -> Json:
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": meta("web", "shop"),
        "spec": {"minAvailable": least, "selector": {"matchLabels": {"app": "storefront"}}},
        "status": {"currentHealthy": 3, "desiredHealthy": least, "expectedPods": 3},
    }


async def test_a_budget_is_told_of_where_the_change_does_not_heed_it() -> None:
    made = world_with(budget(3))
    the(made, "Deployment", "storefront")["spec"]["strategy"] = {
        "type": "RollingUpdate",
        "rollingUpdate": {"maxUnavailable": 1, "maxSurge": 0},
    }
    planned = await plan(made, name="storefront", **SHOP)
    assert list(planned.warnings) == [
        (
            "up to 1 of its pods are away at once, though PodDisruptionBudget web wants 3 healthy: "
            "rollouts do not heed budgets"
        )
    ]
    fewer = await plan(made, "scale_deployment", name="storefront", replicas=2, **SHOP)
    assert "a node with one cannot be drained" in fewer.warnings[0]


async def test_a_quota_without_room_is_told_of() -> None:
    quota = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": meta("small", "shop"),
        "spec": {"hard": {"pods": "8"}},
        "status": {"hard": {"pods": "8"}, "used": {"pods": "7"}},
    }
    planned = await plan(
        world_with(quota), "scale_deployment", name="storefront", replicas=6, **SHOP
    )
    assert list(planned.warnings) == [
        (
            "ResourceQuota small leaves 1 of pods, and the 3 pods that this adds need 3: some may "
            "not be created"
        )
    ]


MANAGED: tuple[tuple[Json, str], ...] = (
    ({"annotations": {"meta.helm.sh/release-name": "web"}}, "Helm release web manages it"),
    (
        {"annotations": {"argocd.argoproj.io/tracking-id": "web:apps/Deployment:shop/web"}},
        "Argo CD application web manages it",
    ),
    (
        {"labels": {"kustomize.toolkit.fluxcd.io/name": "apps"}},
        "Flux Kustomization /apps manages it",
    ),
    ({"managedFields": [{"manager": "Terraform", "operation": "Apply"}]}, "Terraform manages it"),
    (
        {"ownerReferences": [{"kind": "Shop", "name": "eu", "uid": "u", "controller": True}]},
        "Shop/eu (an operator's) manages it",
    ),
)


@pytest.mark.parametrize(("head", "who"), MANAGED)
async def test_whoever_takes_the_change_back_is_named_with_where_to_change_it(
    head: Json, who: str
) -> None:
    made = world_with()
    the(made, "Deployment", "storefront")["metadata"] |= head
    for tool, more in (
        ("scale_deployment", {"replicas": 5}),
        ("update_resource", {"kind": "Deployment", "patch": {"spec": {"minReadySeconds": 5}}}),
    ):
        planned = await plan(made, tool, name="storefront", **SHOP, **more)
        told = next(each for each in planned.warnings if each.startswith(who))
        assert "change" in told
        assert "instead" in told
    planned = await plan(made, name="storefront", **SHOP)
    assert any(w.startswith(who) and "a restart changes nothing" in w for w in planned.warnings)


async def test_more_rights_and_open_doors_are_warned_of(world: World) -> None:
    rights = one(name="storefront", securityContext={"privileged": True})
    planned = await plan(world, "update_resource", **WEB, patch=rights)
    assert "what its pods may do on a node or in the cluster: privileged" in planned.warnings[0]
    opened = await plan(
        world, "update_resource", kind="Service", name="storefront", **SHOP,
        patch={"spec": {"type": "LoadBalancer"}},
    )  # fmt: skip
    assert "to callers outside of the cluster: LoadBalancer" in opened.warnings[0]


async def test_who_reads_a_config_map_is_told(world: World) -> None:
    planned = await plan(
        world, "update_resource", kind="ConfigMap", name="storefront", **SHOP,
        patch={"data": {"THEME": "winter"}},
    )  # fmt: skip
    assert planned.warnings[0].startswith("Deployment/storefront read it")
    frozen = await plan(
        world, "update_resource", kind="ConfigMap", name="storefront", **SHOP,
        patch={"immutable": True},
    )  # fmt: skip
    assert frozen.undo is None
    assert "immutable" in frozen.irreversible


async def test_fewer_pods_that_take_their_data_with_them_cannot_be_undone(world: World) -> None:
    spec = the(world, "StatefulSet", "orders-db")["spec"]
    spec["persistentVolumeClaimRetentionPolicy"] = {"whenScaled": "Delete"}
    spec["volumeClaimTemplates"] = [{"metadata": {"name": "data"}}]
    planned = await plan(world, "scale_deployment", name="orders-db", replicas=0, **SHOP)
    assert planned.undo is None
    assert "deleted with their data" in planned.irreversible


async def test_an_object_that_is_not_there_is_answered_with_the_near_ones(world: World) -> None:
    with pytest.raises(NotFound, match="no Service 'storefrnt'") as caught:
        await plan(
            world, "update_resource", kind="Service", name="storefrnt", **SHOP,
            patch={"spec": {"type": "NodePort"}},
        )  # fmt: skip
    assert "'storefront'" in caught.value.hint
    with pytest.raises(Invalid, match="kind"):
        await plan(
            world, "update_resource", kind="Secret", name="orders-db", **SHOP, patch={"data": {}}
        )
    made = the(world, "Deployment", "canary")
    made = {**made, "kind": "DaemonSet", "metadata": {**made["metadata"], "name": "agent"}}
    with pytest.raises(Invalid, match="one pod on each node"):
        await plan(world_with(made), "scale_deployment", name="agent", replicas=2, **SHOP)


async def test_a_plan_is_the_same_though_the_status_moves(world: World) -> None:
    async def digest() -> str:
        planned = await plan(
            world, "update_resource", **API, patch=one(name="orders-api", image="a:1")
        )
        return planned.digest("update_resource", "k8s:shop-eu")

    first = await digest()
    raw = the(world, "Deployment", "orders-api")
    raw["status"] |= {"replicas": 7, "unavailableReplicas": 7}
    raw["metadata"] |= {"resourceVersion": "77", "managedFields": [{"manager": "kubelet"}]}
    assert await digest() == first


async def test_mending_the_database_mends_what_waits_for_it(world: World) -> None:
    """The demo world is a world: what follows from a change follows."""
    anywhere = {"spec": {"template": {"spec": {"nodeSelector": None}}}}
    _, verdict = await carried(
        world, "update_resource", kind="StatefulSet", name="orders-db", **SHOP, patch=anywhere
    )
    assert verdict.turn is Turn.WELL
    assert the(world, "Deployment", "orders-api")["status"]["readyReplicas"] == 2


async def test_the_spoken_refusals_of_the_api_have_a_hint(world: World) -> None:
    both = one(name="storefront", readinessProbe={"tcpSocket": {"port": 8080}})
    with pytest.raises(Invalid, match=r"more than 1 handler type.*nothing was done") as caught:
        await plan(world, "update_resource", **WEB, patch=both)
    assert "set it to null" in caught.value.hint
    other = {"spec": {"selector": {"matchLabels": {"app": "x"}}}}
    with pytest.raises(Invalid, match="immutable") as caught:
        await plan(world, "update_resource", **WEB, patch=other)
    assert "make the object anew" in caught.value.hint


async def test_a_former_revision_with_other_labels_is_no_revision_of_another_workload() -> None:
    spec = {"containers": [container("other", "registry.example/other:1")]}
    made = world_with(*deployment("report-exporter", "shop", spec, "aaaaaaaaa", wanted=1, ready=1))
    planned = await plan(made, "rollback_deployment", name="report-export", **SHOP)
    assert "report-exporter" not in str(planned.deltas)


async def test_rights_that_lack_are_told_as_not_checked() -> None:
    class Strict(World):
        async def get(self, path: str, /, **query: str) -> Json:
            if "poddisruptionbudgets" in path or "resourcequotas" in path:
                raise Denied(f"{path} is not for you")
            return await super().get(path, **query)

    made = Strict.of(CONTEXT, CLOCK, incident.objects(), incident.logs())
    planned = await plan(made, name="storefront", **SHOP)
    assert [each.partition(":")[0] for each in planned.warnings] == ["not checked"] * 2
