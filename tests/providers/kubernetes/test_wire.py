"""The real client against the demo world behind real HTTP."""

import asyncio
import base64
import json
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from copy import deepcopy
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from fivetabs.core import (
    Answer,
    Conflict,
    Connection,
    Denied,
    Detail,
    Diagnosis,
    Expired,
    Fault,
    Listing,
    Log,
    NotConfigured,
    NotFound,
    Scope,
    TimedOut,
    Unauthorised,
    Unavailable,
    Unreachable,
)
from fivetabs.providers.kubernetes import PROVIDER, live
from fivetabs.providers.kubernetes.demo import CLOCK, make_world
from fivetabs.providers.kubernetes.demo.world import World
from fivetabs.providers.kubernetes.port import LOGS, PODS, READS, Cluster, Step, path_to
from fivetabs.providers.kubernetes.settings import Settings
from fivetabs.providers.kubernetes.shapes.kinds import RIGHTS
from tests.providers.kubernetes.calling import ask, plan
from tests.providers.kubernetes.wire import Server, closed_port, deaf, kubeconfig, serve

pytestmark = pytest.mark.anyio
Open = Connection[Cluster, Step]


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with serve(Server()) as running:
        yield running


@pytest.fixture
def use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for kubeconfigs, and none of the developer's own in sight."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("KUBECONFIG", "KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".kube").mkdir()
    return tmp_path


@asynccontextmanager
async def opened(target: str | None = None, **settings: float | str) -> AsyncGenerator[Open]:
    async with PROVIDER.live(Settings.model_validate(settings), target) as connection:
        yield connection


def configure(folder: Path, monkeypatch: pytest.MonkeyPatch, port: int, **more: object) -> Path:
    path = kubeconfig(folder, port, **more)  # type: ignore[arg-type]
    monkeypatch.setenv("KUBECONFIG", str(path))
    return path


async def pods(connection: Open) -> object:
    return await connection.view.get(path_to(PODS, "shop"))


CALLS: tuple[tuple[str, type[Answer], dict[str, object]], ...] = (
    ("get_pod_status", Listing, {"namespace": "shop"}),
    ("get_pod_status", Listing, {}),
    ("get_failing_pods", Diagnosis, {"namespace": "shop"}),
    ("get_failing_pods", Diagnosis, {}),
    ("get_pod_logs", Log, {"pod_name": "orders-api", "namespace": "shop"}),
    ("describe_pod", Detail, {"pod_name": "orders-db-0", "namespace": "shop"}),
)


@pytest.mark.parametrize("call", CALLS)
async def test_the_live_view_answers_like_the_demo(
    call: tuple[str, type[Answer], dict[str, object]],
    server: Server,
    use: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name, kind, arguments = call
    configure(use, monkeypatch, server.port)
    async with live.connect(Settings(), None, now=lambda: CLOCK) as connection:
        assert connection.target == "k8s:shop-eu"
        said = await ask(connection.view, name, kind, **arguments)
    assert said == await ask(make_world(), name, kind, **arguments)


async def test_every_kind_of_the_estate_is_read_over_http_as_in_the_demo(
    server: Server, use: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart = PROVIDER.chart
    assert chart is not None
    configure(use, monkeypatch, server.port)
    async with live.connect(Settings(), None, now=lambda: CLOCK) as connection:
        told = await chart.load(connection.view, Scope())
    here = await chart.load(make_world(), Scope())
    assert told.shelves == here.shelves
    assert chart.survey(told) == chart.survey(here)
    assert chart.links(told) == chart.links(here)
    plurals = {each.plural for each in READS if not each.subresource}
    lists = {asked.partition("?")[0].rpartition("/")[2] for asked in server.asked}
    seldom = {"controllerrevisions", *(kind.resource.plural for kind in RIGHTS)}
    assert plurals - lists == seldom


async def test_a_denied_kind_of_the_estate_is_named_with_the_servers_words(
    server: Server, use: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart = PROVIDER.chart
    assert chart is not None
    configure(use, monkeypatch, server.port)
    server.denies = ("/ingresses", "/nodes")
    async with live.connect(Settings(), None, now=lambda: CLOCK) as connection:
        told = chart.survey(await chart.load(connection.view, Scope()))
    assert [each.partition(":")[0] for each in told.missing] == ["ingresses", "nodes"]
    assert all('User "viewer" cannot read' in each for each in told.missing)
    assert any(finding.code == "K8S101" for finding in told.findings)


async def test_a_restart_is_tried_out_and_then_carried_out(
    server: Server, use: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(use, monkeypatch, server.port)
    async with opened() as connection:
        planned = await plan(connection.view, name="orders-api", namespace="shop")
        assert any("dryRun=All" in each for each in server.asked if each.startswith("PATCH"))
        assert not server.patched
        server.conflicts = 2
        told = await connection.commit(planned.steps[0])
    assert "Deployment/orders-api in shop restarts since" in told
    assert [body["metadata"] for body in server.patched] == [{"resourceVersion": "1"}] * 3


async def test_a_restart_of_what_was_made_anew_is_refused(
    server: Server, use: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(use, monkeypatch, server.port)
    async with opened() as connection:
        planned = await plan(connection.view, name="orders-api", namespace="shop")
        path = "/apis/apps/v1/namespaces/shop/deployments/orders-api"
        server.world.objects[path]["metadata"]["uid"] = "another"
        with pytest.raises(Conflict, match="made anew"):
            await connection.commit(planned.steps[0])
    assert not server.patched


async def test_a_restart_whose_template_changed_meanwhile_is_refused(
    server: Server, use: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(use, monkeypatch, server.port)
    async with opened() as connection:
        planned = await plan(connection.view, name="orders-api", namespace="shop")
        path = "/apis/apps/v1/namespaces/shop/deployments/orders-api"
        containers = server.world.objects[path]["spec"]["template"]["spec"]["containers"]
        containers[0]["image"] = "registry.example/shop/orders-api:1.8.3"
        with pytest.raises(Conflict, match="pod template"):
            await connection.commit(planned.steps[0])


async def test_identical_reads_in_flight_share_one_request(
    server: Server, use: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(use, monkeypatch, server.port)
    async with opened() as connection:
        await asyncio.gather(*(pods(connection) for _ in range(8)))
    assert len(server.asked) == 1


async def tail(connection: Open, lines: int) -> bytes:
    path = path_to(LOGS, "shop", "orders-api-6c9d8f7b5-t7w9z")
    query = {"container": "orders-api", "previous": "true", "tailLines": str(lines)}
    return b"".join([chunk async for chunk in connection.view.stream(path, **query)])


async def test_the_same_few_last_lines_are_read_once_for_all_who_ask(
    server: Server, use: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(use, monkeypatch, server.port)
    async with opened() as connection:
        several = await asyncio.gather(*(tail(connection, 2) for _ in range(5)))
        assert len(server.asked) == 1
        assert {*several} == {b"\n".join((await tail(connection, 1000)).split(b"\n")[-3:])}


@pytest.mark.parametrize("call", CALLS[:4])
async def test_a_table_too_large_to_be_read_whole_is_answered_the_same(
    call: tuple[str, type[Answer], dict[str, object]],
    server: Server,
    use: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name, kind, arguments = call
    crowd(server.world)
    configure(use, monkeypatch, server.port)
    async with live.connect(Settings(), None, now=lambda: CLOCK) as connection:
        rows = (await connection.view.table(path_to(PODS), objects="Metadata"))["rows"]
        assert [type(row["object"]) for row in rows] == [str] * (len(rows) - 1) + [dict]
        said = await ask(connection.view, name, kind, **arguments)
    assert said == await ask(server.world, name, kind, **arguments)


def crowd(world: World) -> None:
    """Some hundred pods more, each with much that nobody looks at."""
    usual = [(path, raw) for path, raw in world.objects.items() if raw["kind"] == "Pod"]
    for path, raw in usual:
        for number in range(40):
            more = deepcopy(raw)
            more["metadata"]["name"] += f"-{number}"
            more["metadata"]["uid"] += f"-{number}"
            more["metadata"].setdefault("annotations", {})["note"] = '},{"cells":[' * 20
            world.objects[f"{path}-{number}"] = more


SYSTEM = {"pod_name": "coredns", "namespace": "kube-system"}


class Nodeless(Server):
    """An API server whose nodes are gone."""

    async def _found(self, request: Request, path: str) -> Response:
        if not path.endswith("/log"):
            return await super()._found(request, path)
        told = {"kind": "Status", "message": "no preferred addresses found; known addresses: []"}
        return JSONResponse(told, status_code=500)


async def test_a_silent_node_is_no_silent_cluster(
    use: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serve(Nodeless()) as server:
        configure(use, monkeypatch, server.port)
        async with opened() as connection:
            with pytest.raises(Fault, match="not the kubelet of the pod's node") as caught:
                await tail(connection, 2)
            assert not isinstance(caught.value, Unavailable)
            told = await ask(
                connection.view, "get_pod_logs", Log, pod_name="orders-api", namespace="shop"
            )
            assert told.missing[0].startswith("log of orders-api on worker-b: shop-eu answers, but")
            assert told.notes[0].startswith("critical K8S102")
            found = await ask(connection.view, "get_failing_pods", Diagnosis, namespace="shop")
            assert len(found.findings) == 3
            assert "last words of shop/orders-api-6c9d8f7b5-t7w9z" in found.missing[0]
            with pytest.raises(Fault, match="not the kubelet"):
                await ask(connection.view, "get_pod_logs", Log, **SYSTEM)


async def test_a_slow_answer_of_a_living_server_is_waited_for(
    server: Server, use: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(use, monkeypatch, server.port)
    server.slow = 1.2
    async with opened(quiet=0.5) as connection:
        assert await pods(connection)
    assert any("/version" in each for each in server.asked)


async def test_a_listener_that_never_answers_is_given_up(
    use: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with deaf() as port:
        configure(use, monkeypatch, port)
        begun = time.monotonic()
        async with opened(quiet=0.2) as connection:
            with pytest.raises(TimedOut, match="does not answer") as caught:
                await pods(connection)
    assert caught.value.hint
    assert time.monotonic() - begun < 5


async def test_a_closed_port_is_unreachable(use: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(use, monkeypatch, closed_port())
    async with opened() as connection:
        with pytest.raises(Unreachable, match=r"cannot be reached"):
            await pods(connection)


async def test_an_unknown_token_is_unauthorised(
    server: Server, use: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(use, monkeypatch, server.port, user={"token": "stolen"})
    async with opened() as connection:
        with pytest.raises(Unauthorised, match="does not accept context shop-eu"):
            await pods(connection)


async def test_a_token_that_ran_out_is_expired(
    server: Server, use: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = base64.urlsafe_b64encode(json.dumps({"exp": 1_700_000_000}).encode()).decode()
    configure(use, monkeypatch, server.port, user={"token": f"e30.{claims}.sig"})
    async with opened() as connection:
        with pytest.raises(Expired, match="2023-11-14T22:13:20Z"):
            await pods(connection)


async def test_a_refusal_is_denied_in_the_servers_words(
    server: Server, use: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(use, monkeypatch, server.port)
    server.denies = ("/pods",)
    async with opened() as connection:
        with pytest.raises(Denied, match='User "viewer" cannot read'):
            await pods(connection)


async def test_a_part_that_is_denied_is_named_as_missing(
    server: Server, use: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(use, monkeypatch, server.port)
    server.denies = ("/nodes", "/events")
    async with opened() as connection:
        told = await ask(connection.view, "get_failing_pods", Diagnosis, namespace="shop")
    assert len(told.findings) == 3
    assert [each.split(":")[0] for each in told.missing] == ["events", "nodes"]


async def test_something_else_than_an_api_server_is_recognised(
    server: Server, use: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(use, monkeypatch, server.port)
    server.garbage = "<html>welcome to nginx</html>"
    async with opened() as connection:
        with pytest.raises(Unreachable, match="does not answer like a Kubernetes API server"):
            await pods(connection)


async def test_no_configuration_at_all_says_where_was_looked(use: Path) -> None:
    with pytest.raises(NotConfigured, match="no kubeconfig") as caught:
        async with opened():
            pass
    assert ".kube/config" in str(caught.value)
    assert "KUBECONFIG" in caught.value.hint


async def test_a_kubeconfig_that_is_not_yaml_is_named(
    use: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = use / "broken"
    path.write_text("clusters: [")
    monkeypatch.setenv("KUBECONFIG", str(path))
    with pytest.raises(NotConfigured, match="broken is not YAML"):
        async with opened():
            pass


async def test_an_unknown_context_offers_the_near_ones(
    use: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(use, monkeypatch, 1)
    with pytest.raises(NotFound, match="shop-us") as caught:
        async with opened("shop-us"):
            pass
    assert "shop-eu" in caught.value.hint


async def test_nothing_outside_the_closed_set_is_ever_asked(
    server: Server, use: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(use, monkeypatch, server.port)
    forbidden = (
        "/api/v1/namespaces/shop/secrets",
        "/api/v1/nodes/worker-a/proxy/stats/summary",
        "/api/v1/namespaces/shop/pods/orders-db-0/exec",
        "/api/v1/namespaces/shop/pods/../secrets/orders-db",
        "/api/v1/namespaces/shop/pods/orders-db-0/log/x",
        "/apis/apps/v1/namespaces/shop/deployments/orders-api/scale",
    )
    async with opened() as connection:
        for path in forbidden:
            with pytest.raises(Denied, match="not among the reads"):
                await connection.view.get(path)
    assert not server.asked


async def test_cancelling_a_read_ends_it(
    server: Server, use: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(use, monkeypatch, server.port)
    server.slow = 30
    async with opened() as connection:
        reading = asyncio.create_task(ask(connection.view, "get_pod_status", Listing))

        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading


async def test_a_fault_never_carries_the_token(
    server: Server, use: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(use, monkeypatch, server.port, user={"token": "very-secret-token"})
    async with opened() as connection:
        with pytest.raises(Fault) as caught:
            await pods(connection)
    assert "very-secret-token" not in f"{caught.value} {caught.value.hint}"
