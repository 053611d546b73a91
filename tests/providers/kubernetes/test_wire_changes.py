"""Changes over real HTTP: the same plans as in memory, exactly these patches, refusals told."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from fivetabs.core import Conflict, Connection, Denied, Fault, Invalid, Turn, Unavailable
from fivetabs.providers.kubernetes import live
from fivetabs.providers.kubernetes.demo import CLOCK, make_world
from fivetabs.providers.kubernetes.port import Cluster, Draft, Edit, Field, Step
from fivetabs.providers.kubernetes.settings import Settings
from tests.providers.kubernetes.calling import call, look, plan
from tests.providers.kubernetes.wire import Server, kubeconfig, serve

pytestmark = pytest.mark.anyio
Open = Connection[Cluster, Step]
SHOP = {"namespace": "shop"}
PATH = "/apis/apps/v1/namespaces/shop/deployments/report-export"
GOOD = "registry.example/shop/report-export:2.3.1"
FIX = {
    "kind": "Deployment",
    "name": "report-export",
    **SHOP,
    "patch": {
        "spec": {"template": {"spec": {"containers": [{"name": "report-export", "image": GOOD}]}}}
    },
}
CHANGES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("restart_deployment", {"name": "storefront", **SHOP}),
    ("scale_deployment", {"name": "storefront", "replicas": 5, **SHOP}),
    ("rollback_deployment", {"name": "report-export", **SHOP}),
    ("update_resource", FIX),
    (
        "update_resource",
        {
            "kind": "ConfigMap",
            "name": "storefront",
            **SHOP,
            "patch": [{"op": "add", "path": "/data/ODD", "value": 'a <b> & "c" \\ é \u2028'}],
        },
    ),
)


@asynccontextmanager
async def opened(
    server: Server, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Open]:
    async with serve(server):
        monkeypatch.setenv("HOME", str(folder))
        monkeypatch.setenv("KUBECONFIG", str(kubeconfig(folder, server.port)))
        async with live.connect(Settings(), None, now=lambda: CLOCK) as connection:
            yield connection


@pytest.mark.parametrize(("tool", "arguments"), CHANGES)
async def test_a_change_is_planned_made_and_taken_back_as_in_the_demo(
    tool: str, arguments: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, here = Server(), make_world()
    async with opened(server, tmp_path, monkeypatch) as connection:
        planned = await plan(connection.view, tool, **arguments)
        assert planned == await plan(here, tool, **arguments)
        assert not server.patched
        assert await connection.commit(planned.steps[0]) == (
            await here.commit(planned.steps[0])
        ).replace("10:14:30Z", "10:14:00Z")
        if planned.undo is not None:
            back = await call(connection.view, planned.undo)
            assert back == await call(here, planned.undo)
            await connection.commit(back.steps[0])
            await here.commit(back.steps[0])
    kind = planned.steps[0].kind.lower()
    path = next(p for p in here.objects if p.endswith(f"/{kind}s/{arguments['name']}"))
    for part in ("spec", "data"):
        mine, theirs = (w.objects[path].get(part) for w in (server.world, here))
        if tool != "restart_deployment":
            assert mine == theirs


async def test_what_is_sent_is_one_json_patch_that_tests_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server()
    async with opened(server, tmp_path, monkeypatch) as connection:
        planned = await plan(connection.view, "update_resource", **FIX)
        dry = [each for each in server.asked if each.startswith("PATCH")]
        assert len(dry) == 2
        assert all("dryRun=All" in each and "fieldValidation=Strict" in each for each in dry)
        await connection.commit(planned.steps[0])
    (sent,) = server.patched
    image = "/spec/template/spec/containers/0/image"
    uid = server.world.objects[PATH]["metadata"]["uid"]
    assert sent == [
        {"op": "test", "path": "/metadata/uid", "value": uid},
        {
            "op": "test",
            "path": "/spec/template/spec/containers/0/name",
            "value": "report-export",
        },
        {"op": "test", "path": image, "value": "registry.example/shop/report-export:2.4.0-rc"},
        {"op": "replace", "path": image, "value": GOOD},
    ]


class Racing(Server):
    """Somebody else writes just when a change arrives; `once`, or each time."""

    field = "image"
    once = True

    async def _patch(self, request: Request, path: str, query: dict[str, str]) -> Response:
        if query.get("dryRun") != "All" and self.once:
            self.once = False
            raw = self.world.objects[path]
            raw["status"]["replicas"] = 99
            raw["metadata"]["resourceVersion"] = "99"
            if self.field:
                raw["spec"]["template"]["spec"]["containers"][0][self.field] = "somebody's"
        return await super()._patch(request, path, query)


async def test_a_field_that_changes_at_the_last_moment_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between our last look and the write only the server's own tests of the patch can tell."""
    server = Racing()
    async with opened(server, tmp_path, monkeypatch) as connection:
        planned = await plan(connection.view, "update_resource", **FIX)
        with pytest.raises(
            Conflict, match=r"image of Deployment/report-export was changed meanwhile"
        ):
            await connection.commit(planned.steps[0])
    container = server.world.objects[PATH]["spec"]["template"]["spec"]["containers"][0]
    assert container["image"] == "somebody's"


async def test_a_status_that_moves_at_the_last_moment_is_no_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Racing()
    server.field = ""
    async with opened(server, tmp_path, monkeypatch) as connection:
        planned = await plan(connection.view, "update_resource", **FIX)
        await connection.commit(planned.steps[0])
        assert (await look(connection.view, "update_resource", planned)).turn is not Turn.FAILING


async def test_a_conflict_is_tried_again_a_few_times_and_then_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server()
    async with opened(server, tmp_path, monkeypatch) as connection:
        planned = await plan(connection.view, "update_resource", **FIX)
        server.conflicts = 2
        await connection.commit(planned.steps[0])
        assert len(server.patched) == 3
        again = await plan(
            connection.view, "scale_deployment", name="storefront", replicas=5, **SHOP
        )
        server.conflicts = 99
        with pytest.raises(Conflict, match=r"modified.*; nothing was done"):
            await connection.commit(again.steps[0])
        assert len(server.patched) == 8


class Dropping(Server):
    """It writes, and then the connection breaks before it says so."""

    async def _patch(self, request: Request, path: str, query: dict[str, str]) -> Response:
        answer = await super()._patch(request, path, query)
        if query.get("dryRun") == "All":
            return answer
        return JSONResponse({"kind": "Status", "message": "gateway timeout"}, status_code=504)


async def test_where_no_answer_comes_it_is_said_that_it_is_not_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Dropping()
    async with opened(server, tmp_path, monkeypatch) as connection:
        planned = await plan(connection.view, "update_resource", **FIX)
        with pytest.raises(Unavailable, match="not known whether it was made") as caught:
            await connection.commit(planned.steps[0])
        assert "nothing was done" not in str(caught.value)
        assert "read the object again" in caught.value.hint


class Guarded(Server):
    """Admission refuses, in the dry run already."""

    async def answer(self, request: Request) -> Response:
        if request.method != "PATCH":
            return await super().answer(request)
        told = 'admission webhook "images.example" denied the request: only signed images'
        return JSONResponse({"kind": "Status", "message": told}, status_code=403)


async def test_what_admission_refuses_is_refused_before_anybody_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(Guarded(), tmp_path, monkeypatch) as connection:
        for tool, arguments in CHANGES:
            with pytest.raises(Denied, match="only signed images"):
                await plan(connection.view, tool, **arguments)


class Meddling(Server):
    """A webhook that writes a field of its own into whatever passes."""

    async def _patch(self, request: Request, path: str, query: dict[str, str]) -> Response:
        answer = await super()._patch(request, path, query)
        made = json.loads(bytes(answer.body))
        made.get("metadata", {}).setdefault("labels", {})["checked-by"] = "policy"
        return JSONResponse(made, status_code=answer.status_code)


async def test_what_admission_adds_is_shown_and_written_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Meddling()
    async with opened(server, tmp_path, monkeypatch) as connection:
        planned = await plan(connection.view, "update_resource", **FIX)
        assert any("checked-by" in str(each) for each in planned.deltas)
        await connection.commit(planned.steps[0])
    assert server.world.objects[PATH]["metadata"]["labels"] == {"checked-by": "policy"}


class Restless(Server):
    """The object is written each time that anybody looks at it."""

    async def answer(self, request: Request) -> Response:
        raw = self.world.objects.get(request.url.path)
        if raw is not None and raw["kind"] == "Deployment":
            version = int(raw["metadata"]["resourceVersion"]) + 1
            raw["metadata"]["resourceVersion"] = str(version)
        return await super().answer(request)


async def test_an_object_that_never_stands_still_is_not_planned_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What somebody else writes between two reads would else be shown as a change of ours."""
    async with opened(Restless(), tmp_path, monkeypatch) as connection:
        with pytest.raises(Conflict, match="is written all the time; nothing was done"):
            await plan(connection.view, "update_resource", **FIX)


async def test_a_step_that_is_not_among_the_changes_is_never_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server()
    forbidden: list[Step | Draft] = [
        Edit("Secret", "shop", "orders-db", "u", (Field("/data/a", "", '"b"'),)),
        Edit("Deployment", "shop", "orders-api", "u", (Field("/metadata/finalizers", "", "[]"),)),
        Edit("Deployment", "shop", "orders-api", "u", (Field("/status/replicas", "", "1"),)),
        Draft("ClusterRoleBinding", "shop", "admin", "{}", merge=True),
        Draft("Deployment", "shop", "../secrets/orders-db", "{}", merge=True),
    ]
    async with opened(server, tmp_path, monkeypatch) as connection:
        for step in forbidden:
            with pytest.raises((Denied, Invalid)):
                await connection.view.preview(step)
            if not isinstance(step, Draft):
                with pytest.raises(Fault):
                    await connection.commit(step)
    assert not server.asked


async def test_two_who_change_the_same_field_at_once_are_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server()
    async with opened(server, tmp_path, monkeypatch) as connection:
        plans = [
            await plan(connection.view, "scale_deployment", name="storefront", replicas=n, **SHOP)
            for n in (5, 6)
        ]
        done = await asyncio.gather(
            *(connection.commit(each.steps[0]) for each in plans), return_exceptions=True
        )
    refused = [each for each in done if isinstance(each, BaseException)]
    assert len(refused) == 1
    assert isinstance(refused[0], Conflict)
    path = "/apis/apps/v1/namespaces/shop/deployments/storefront"
    assert server.world.objects[path]["spec"]["replicas"] in {5, 6}
    assert len(server.world.objects[path]["metadata"]["annotations"]) == 1
