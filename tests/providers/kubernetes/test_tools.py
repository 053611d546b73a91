"""What the tools say of the demo world."""
# ruff: noqa: E501  (a snapshot is as long as what is said)

import pytest
from inline_snapshot import snapshot

from fivetabs.core import Detail, Diagnosis, Invalid, Listing, Log, NotFound
from fivetabs.providers.kubernetes import PROVIDER
from fivetabs.providers.kubernetes.demo import make_world
from fivetabs.providers.kubernetes.demo.world import World
from fivetabs.providers.kubernetes.port import CHANGES, Json, Restart
from fivetabs.providers.kubernetes.shapes.permissions import cluster_role
from tests.providers.kubernetes.calling import ask, plan

pytestmark = pytest.mark.anyio


@pytest.fixture
def world() -> World:
    return make_world()


async def test_pods_are_listed_as_kubectl_prints_them_the_sick_first(world: World) -> None:
    told = await ask(world, "get_pod_status", Listing)
    assert told.summary == snapshot(
        "11 pods in all namespaces: 5 Running, 3 CrashLoopBackOff, 1 Completed, 1 ImagePullBackOff, 1 Pending; 5 not well, shown first."
    )
    assert told.rows == snapshot(
        (
            (
                "default",
                "broken-app-5d4f8c7b9-k7x2m",
                "0/1",
                "CrashLoopBackOff",
                14,
                "79s",
                "50m",
                "worker-a",
            ),
            (
                "shop",
                "orders-api-6c9d8f7b5-t7w9z",
                "0/1",
                "CrashLoopBackOff",
                6,
                "2m43s",
                "9d",
                "worker-b",
            ),
            (
                "shop",
                "orders-api-6c9d8f7b5-x2k4p",
                "0/1",
                "CrashLoopBackOff",
                6,
                "3m8s",
                "9d",
                "worker-a",
            ),
            ("shop", "orders-db-0", "0/1", "Pending", 0, "", "9m", ""),
            (
                "shop",
                "report-export-84c6d5f97-m3j8t",
                "0/1",
                "ImagePullBackOff",
                0,
                "",
                "33m",
                "worker-b",
            ),
            ("kube-system", "coredns-5f7d8b9c6-h5d8w", "1/1", "Running", 0, "", "13d", "worker-a"),
            ("kube-system", "coredns-5f7d8b9c6-q9x2c", "1/1", "Running", 0, "", "13d", "worker-b"),
            ("shop", "storefront-7d5b9c64f8-4hq2n", "1/1", "Running", 0, "", "13d", "worker-a"),
            ("shop", "storefront-7d5b9c64f8-b8m5d", "1/1", "Running", 1, "9d", "13d", "worker-b"),
            ("shop", "storefront-7d5b9c64f8-z6r3v", "1/1", "Running", 0, "", "13d", "worker-a"),
            ("shop", "nightly-invoice-9p4ks", "0/1", "Completed", 0, "", "8h", "worker-b"),
        )
    )


async def test_every_failing_pod_is_named_with_its_cause_and_no_healthy_one(world: World) -> None:
    told = await ask(world, "get_failing_pods", Diagnosis)
    assert told.summary == snapshot(
        "5 of 11 pods in all namespaces are failing; worst: container orders-api of Deployment/orders-api exits 1 (restarted 6 times, now CrashLoopBackOff): \ue000FATAL could not connect to orders-db:5432: connection refused\ue001"
    )
    assert [(f.code, f.subject, f.symptoms) for f in told.findings] == snapshot(
        [
            (
                "K8S102",
                "k8s:shop-eu/shop/Pod/orders-api-6c9d8f7b5-t7w9z",
                ("k8s:shop-eu/shop/Pod/orders-api-6c9d8f7b5-x2k4p",),
            ),
            ("K8S101", "k8s:shop-eu/default/Pod/broken-app-5d4f8c7b9-k7x2m", ()),
            ("K8S401", "k8s:shop-eu/shop/Pod/orders-db-0", ()),
            ("K8S201", "k8s:shop-eu/shop/Pod/report-export-84c6d5f97-m3j8t", ()),
        ]
    )
    assert [f.cause for f in told.findings] == snapshot(
        [
            "container orders-api of Deployment/orders-api exits 1 (restarted 6 times, now CrashLoopBackOff): \ue000FATAL could not connect to orders-db:5432: connection refused\ue001",
            "container broken-app of Deployment/broken-app exits 0 after 0s again and again (restarted 14 times, now CrashLoopBackOff): busybox:1.36 with its default command does not keep running",
            "StatefulSet/orders-db has been Pending for 9m: no node takes it: only worker-c has disk=ssd, and worker-c is not ready (\ue0000/3 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }, 2 node(s) didn't match Pod's node affinity/selector.\ue001)",
            "image registry.example/shop/report-export:2.4.0-rc does not exist in its registry; container report-export of Deployment/report-export is ImagePullBackOff",
        ]
    )
    assert told.healthy == snapshot(
        (
            "6 pods well; all by status: 5 Running, 3 CrashLoopBackOff, 1 Completed, 1 ImagePullBackOff, 1 Pending",
            "checked too: 7 ReplicaSets, 1 StatefulSet, 1 Job (1 done: their failed tries do not count)",
        )
    )


async def test_a_healthy_namespace_is_said_to_be_healthy(world: World) -> None:
    told = await ask(world, "get_failing_pods", Diagnosis, namespace="kube-system")
    assert told.summary == snapshot("None of 2 pods in kube-system is failing.")
    assert told.findings == ()


async def test_a_workloads_name_gives_the_last_words_of_its_sickest_pod(world: World) -> None:
    told = await ask(world, "get_pod_logs", Log, pod_name="orders-api", namespace="shop", lines=2)
    assert told.source == snapshot(
        "shop/orders-api-6c9d8f7b5-t7w9z/orders-api (previous run, ended 2m43s ago with exit 1 (Error))"
    )
    assert told.text == snapshot("""\
2026-03-12T10:11:17Z WARN  attempt 2 of 3 failed, retrying in 1s
FATAL could not connect to orders-db:5432: connection refused\
""")
    assert told.notes == snapshot(
        (
            "critical K8S102: container orders-api of Deployment/orders-api exits 1 (restarted 6 times, now CrashLoopBackOff): \ue000FATAL could not connect to orders-db:5432: connection refused\ue001. Next: Read the log of the run before and mend what it complains of.",
            "orders-api-6c9d8f7b5-t7w9z (CrashLoopBackOff, one of 2) was taken for Deployment/orders-api",
            "3 older lines: page=2 with until='2026-03-12T10:11:17.001000Z', so that pages stay as they are, or use grep",
        )
    )


async def test_a_crash_loop_that_said_nothing_is_told_as_such(world: World) -> None:
    told = await ask(world, "get_pod_logs", Log, pod_name="broken-app")
    assert told.summary == snapshot(
        "There are no lines in default/broken-app-5d4f8c7b9-k7x2m; looked at broken-app: previous run, ended 1m19s ago with exit 0 (Completed)."
    )
    assert told.text == ""
    assert any("K8S101" in note and "keep running" in note for note in told.notes)


async def test_lines_are_searched_and_counted(world: World) -> None:
    told = await ask(
        world,
        "get_pod_logs",
        Log,
        pod_name="storefront",
        namespace="shop",
        grep=r"/products/1[1-3]\d",
        exclude="/products/12",
        lines=3,
    )
    assert (told.read, told.matched, told.shown) == (60, 20, 3)


async def test_a_pattern_that_could_hang_is_refused(world: World) -> None:
    with pytest.raises(Invalid, match="not a usable pattern"):
        await ask(
            world, "get_pod_logs", Log, pod_name="storefront", namespace="shop", grep=r"(a)\1"
        )


async def test_a_pod_that_never_ran_has_no_lines(world: World) -> None:
    told = await ask(world, "get_pod_logs", Log, pod_name="orders-db-0", namespace="shop")
    assert told.summary == snapshot(
        "There are no lines in shop/orders-db-0; looked at postgres: never ran: pod Pending."
    )


async def test_an_unknown_container_is_answered_with_the_known_ones(world: World) -> None:
    with pytest.raises(NotFound, match="no container 'app'") as caught:
        await ask(
            world, "get_pod_logs", Log, pod_name="orders-api", namespace="shop", container="app"
        )
    assert "orders-api" in caught.value.hint


async def test_a_workload_scaled_to_zero_has_no_pod_and_that_is_said(world: World) -> None:
    with pytest.raises(NotFound, match="Deployment/canary in shop has no pod: it is scaled to 0"):
        await ask(world, "get_pod_logs", Log, pod_name="canary", namespace="shop")


async def test_a_pod_of_another_namespace_is_found_there(world: World) -> None:
    with pytest.raises(NotFound, match="it exists in shop") as caught:
        await ask(world, "describe_pod", Detail, pod_name="orders-db-0")
    assert caught.value.hint == "call again with namespace='shop'"


async def test_a_misspelt_pod_is_answered_with_the_near_names(world: World) -> None:
    with pytest.raises(NotFound, match="no pod or workload 'order-db-0'") as caught:
        await ask(world, "describe_pod", Detail, pod_name="order-db-0", namespace="shop")
    assert "orders-db-0" in caught.value.hint


async def test_a_misspelt_namespace_is_not_an_empty_one(world: World) -> None:
    with pytest.raises(NotFound, match="no namespace 'shpo'") as caught:
        await ask(world, "get_pod_status", Listing, namespace="shpo")
    assert "'shop'" in caught.value.hint


@pytest.mark.parametrize("name", ["-o", "../secrets/x", "a/b", "a b", "a\nb", "Üb", "a" * 254, ""])
async def test_no_name_outside_the_grammar_reaches_a_path(name: str, world: World) -> None:
    with pytest.raises(Invalid):
        await ask(world, "describe_pod", Detail, pod_name=name)


async def test_a_pod_is_described_without_boilerplate(world: World) -> None:
    told = await ask(
        world, "describe_pod", Detail, pod_name="orders-api-6c9d8f7b5-x2k4p", namespace="shop"
    )
    assert told.summary == snapshot(
        "Pod shop/orders-api-6c9d8f7b5-x2k4p is CrashLoopBackOff, 0/1 ready, 6 restarts, 9d old."
    )
    assert told.facts == snapshot(
        {
            "owner": "Deployment/orders-api > ReplicaSet/orders-api-6c9d8f7b5",
            "node": "worker-a",
            "address": "10.42.1.23",
            "qos": "Burstable",
            "created": "2026-03-03T09:12:00Z",
            "conditions_true": "PodScheduled",
        }
    )
    assert [each.rows for each in told.tables] == snapshot(
        [
            (
                (
                    "orders-api",
                    "registry.example/shop/orders-api:1.8.2",
                    "waiting: CrashLoopBackOff",
                    6,
                    "Error, exit 1 after 3s, 3m8s ago",
                    "cpu=100m.. memory=128Mi..256Mi",
                    "readiness GET :8080/ready every 5s, timeout 1s, 3 failures",
                ),
            ),
            (
                (
                    "Ready",
                    "False",
                    "9m",
                    "ContainersNotReady",
                    "\ue000containers with unready status: [orders-api]\ue001",
                ),
            ),
            (("secret/orders-db:password (env)",),),
            (
                (
                    "20s ago",
                    "Warning",
                    "BackOff",
                    38,
                    "\ue000Back-off restarting failed container orders-api in pod orders-api-6c9d8f7b5-x2k4p\ue001",
                ),
            ),
        ]
    )
    assert [each.code for each in told.findings] == ["K8S102"]


async def test_a_restart_is_planned_by_identity_and_changes_nothing(world: World) -> None:
    before = str(world.objects)
    planned = await plan(world, name="orders-api", namespace="shop")
    assert str(world.objects) == before
    assert planned.summary == snapshot(
        "Restart Deployment/orders-api in shop: its 2 pods are replaced (0 ready now)."
    )
    assert planned.steps == snapshot(
        (
            Restart(
                kind="Deployment",
                namespace="shop",
                name="orders-api",
                uid="18a072f7-3af2-4cbc-a395-809c00850f48",
                template="88e08a6fa84f",
            ),
        )
    )
    assert planned.warnings == snapshot(
        (
            "a restart will hardly help, its pods are started again and again already: container orders-api of Deployment/orders-api exits 1 (restarted 6 times, now CrashLoopBackOff): \ue000FATAL could not connect to orders-db:5432: connection refused\ue001. Next: Read the log of the run before and mend what it complains of.",
        )
    )
    assert planned.irreversible
    assert str(planned.check) == "get_pod_status(namespace='shop', name='orders-api')"


async def test_a_restart_makes_the_pods_anew(world: World) -> None:
    planned = await plan(world, name="storefront", namespace="shop")
    before = await ask(world, "get_pod_status", Listing, namespace="shop", name="storefront")
    await world.commit(planned.steps[0])
    after = await ask(world, "get_pod_status", Listing, namespace="shop", name="storefront")
    assert before.total == after.total == 3
    assert not {row[0] for row in before.rows} & {row[0] for row in after.rows}


async def test_a_stateful_set_is_restarted_too(world: World) -> None:
    planned = await plan(world, name="orders-db", namespace="shop")
    assert planned.steps[0].kind == "StatefulSet"
    await world.commit(planned.steps[0])


async def test_an_unknown_deployment_is_answered_with_the_near_ones(world: World) -> None:
    with pytest.raises(NotFound) as caught:
        await plan(world, name="storefrnt", namespace="shop")
    assert "'storefront'" in caught.value.hint


async def test_a_deployment_of_another_namespace_is_found_there(world: World) -> None:
    with pytest.raises(NotFound, match="it exists in default"):
        await plan(world, name="broken-app", namespace="shop")


async def test_the_demo_knows_only_its_own_context() -> None:
    with pytest.raises(NotFound, match="no context 'prod'"):
        async with PROVIDER.demo("prod"):
            pass


def test_the_role_allows_the_reads_and_nothing_else() -> None:
    assert cluster_role()["rules"] == snapshot(
        [
            {
                "apiGroups": [""],
                "resources": [
                    "pods",
                    "events",
                    "namespaces",
                    "nodes",
                    "services",
                    "configmaps",
                    "serviceaccounts",
                    "persistentvolumeclaims",
                    "persistentvolumes",
                    "resourcequotas",
                    "limitranges",
                ],
                "verbs": ["get", "list"],
            },
            {
                "apiGroups": ["apps"],
                "resources": [
                    "deployments",
                    "replicasets",
                    "statefulsets",
                    "daemonsets",
                    "controllerrevisions",
                ],
                "verbs": ["get", "list"],
            },
            {"apiGroups": ["batch"], "resources": ["jobs", "cronjobs"], "verbs": ["get", "list"]},
            {
                "apiGroups": ["discovery.k8s.io"],
                "resources": ["endpointslices"],
                "verbs": ["get", "list"],
            },
            {
                "apiGroups": ["networking.k8s.io"],
                "resources": ["ingresses", "ingressclasses", "networkpolicies"],
                "verbs": ["get", "list"],
            },
            {
                "apiGroups": ["storage.k8s.io"],
                "resources": ["storageclasses"],
                "verbs": ["get", "list"],
            },
            {
                "apiGroups": ["autoscaling"],
                "resources": ["horizontalpodautoscalers"],
                "verbs": ["get", "list"],
            },
            {
                "apiGroups": ["policy"],
                "resources": ["poddisruptionbudgets"],
                "verbs": ["get", "list"],
            },
            {
                "apiGroups": ["scheduling.k8s.io"],
                "resources": ["priorityclasses"],
                "verbs": ["get", "list"],
            },
            {
                "apiGroups": ["admissionregistration.k8s.io"],
                "resources": ["validatingwebhookconfigurations", "mutatingwebhookconfigurations"],
                "verbs": ["get", "list"],
            },
            {
                "apiGroups": ["apiregistration.k8s.io"],
                "resources": ["apiservices"],
                "verbs": ["get", "list"],
            },
            {
                "apiGroups": ["coordination.k8s.io"],
                "resources": ["leases"],
                "verbs": ["get", "list"],
            },
            {
                "apiGroups": ["rbac.authorization.k8s.io"],
                "resources": ["roles", "rolebindings", "clusterroles", "clusterrolebindings"],
                "verbs": ["get", "list"],
            },
            {
                "apiGroups": ["metrics.k8s.io"],
                "resources": ["pods", "nodes"],
                "verbs": ["get", "list"],
            },
            {"apiGroups": [""], "resources": ["pods/log"], "verbs": ["get"]},
        ]
    )
    told = str(cluster_role(changes=True))
    assert "secrets" not in told
    assert "proxy" not in told
    assert not {"roles", "pods", "nodes", "namespaces"} & patched_kinds(cluster_role(changes=True))
    assert patched_kinds(cluster_role(changes=True)) == {each.plural for each in CHANGES}
    assert not patched_kinds(cluster_role())


def patched_kinds(role: Json) -> set[str]:
    """What a role lets be changed; by nothing but a patch."""
    rules = [rule for rule in role["rules"] if set(rule["verbs"]) - {"get", "list"}]
    assert all(rule["verbs"] == ["patch"] for rule in rules)
    return {name for rule in rules for name in rule["resources"]}
