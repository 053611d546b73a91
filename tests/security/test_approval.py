"""Approval that fails open, or that the model gives itself."""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from fivetabs.app.calls import App
from fivetabs.app.settings import AppSettings, Changes
from fivetabs.cli.houses import PROVIDERS
from fivetabs.core import AnyTool, Conflict, Effect, Fault, Invalid, Outcome
from tests.providers.docker.configuring import configured
from tests.providers.kubernetes.wire import kubeconfig
from tests.security.backends import TARGETS, Backends

pytestmark = pytest.mark.anyio

CHANGING: list[tuple[AnyTool[Any], dict[str, Any]]] = [
    (tool, {**tool.example, **({"target": TARGETS[p.name]} if p.name in TARGETS else {})})
    for p in PROVIDERS
    for tool in p.tools
    if tool.effect is not Effect.READ
]
every_change = pytest.mark.parametrize(
    ("tool", "arguments"), CHANGING, ids=[tool.name for tool, _ in CHANGING]
)
# Two AWS profiles of one account are no twins: what they name is the same thing.
TWINNED = [
    (tool, given) for tool, given in CHANGING if given.get("target") not in {None, "default"}
]
every_change_with_targets = pytest.mark.parametrize(
    ("tool", "arguments"), TWINNED, ids=[tool.name for tool, _ in TWINNED]
)
CLAIMS = (
    "confirmed",
    "confirm",
    "force",
    "yes",
    "approved",
    "dry_run",
    "auto_approve",
    "user_said",
)
GUESSES = ("yes", "true", "*", "0" * 12, "f" * 12, "approve", "<digest>", "../", "ok\n", "0")


def test_without_a_word_of_the_owner_nothing_is_carried_out() -> None:
    assert AppSettings().changes is Changes.ASK


@every_change
@pytest.mark.parametrize("policy", list(Changes))
async def test_confirmed_true_is_no_argument_under_any_policy(
    backends: Backends, tool: AnyTool[Any], arguments: dict[str, Any], policy: Changes
) -> None:
    async with opened(backends, policy) as app:
        for claim in CLAIMS:
            with pytest.raises(Fault, match="nothing was done"):
                await app.call(tool.name, {**arguments, claim: True})
    assert backends.writes() == []


@every_change
@pytest.mark.parametrize("policy", [Changes.OFF, Changes.SHOW, Changes.ASK])
async def test_no_approval_of_the_model_counts_where_a_person_decides(
    backends: Backends, tool: AnyTool[Any], arguments: dict[str, Any], policy: Changes
) -> None:
    """Not even the digest that another server, which asks the model, would have accepted."""
    async with opened(backends, Changes.MODEL) as app:
        digest = (await shown(app, tool.name, arguments)).digest
    async with opened(backends, policy) as app:
        for guess in (*GUESSES, digest):
            with suppress(Fault):
                answer = await app.call(tool.name, {**arguments, "approve": guess})
                assert isinstance(answer, Outcome)
                assert answer.state in {"planned", "waiting"}
    assert backends.writes() == []


@every_change
async def test_a_guessed_or_forged_digest_approves_nothing(
    backends: Backends, tool: AnyTool[Any], arguments: dict[str, Any]
) -> None:
    async with opened(backends, Changes.MODEL) as app:
        digest = (await shown(app, tool.name, arguments)).digest
        last = "1" if digest.endswith("0") else "0"
        forged = (digest[:-1], f"{digest[:-1]}{last}", f"{digest}x", f" {digest}", digest * 2)
        for guess in (*GUESSES, *forged):
            with pytest.raises(Conflict, match="nothing was done"):
                await app.call(tool.name, {**arguments, "approve": guess})
    assert backends.writes() == []


@every_change
async def test_a_digest_that_was_never_shown_here_approves_nothing(
    backends: Backends, tool: AnyTool[Any], arguments: dict[str, Any]
) -> None:
    """The digest is no secret: whoever can compute it still has to show the plan first."""
    async with opened(backends, Changes.MODEL) as app:
        digest = (await shown(app, tool.name, arguments)).digest
    async with opened(backends, Changes.MODEL) as another:
        with pytest.raises(Conflict, match="never shown"):
            await another.call(tool.name, {**arguments, "approve": digest})
    assert backends.writes() == []


@every_change
async def test_a_digest_is_good_for_one_use_of_one_tool_on_one_thing(
    backends: Backends, tool: AnyTool[Any], arguments: dict[str, Any]
) -> None:
    async with opened(backends, Changes.MODEL) as app:
        digest = (await shown(app, tool.name, arguments)).digest
        for other, given in CHANGING:
            if other is not tool:
                with pytest.raises(Conflict, match="nothing was done"):
                    await app.call(other.name, {**given, "approve": digest})
        assert backends.writes() == []
        done = await app.call(tool.name, {**arguments, "approve": digest})
        assert isinstance(done, Outcome)
        assert done.state == "done"
        written = backends.writes()
        assert written
        with pytest.raises(Fault, match="nothing was done"):
            await app.call(tool.name, {**arguments, "approve": digest})
    assert backends.writes() == written


@every_change_with_targets
async def test_a_digest_of_one_target_approves_nothing_on_its_twin(
    backends: Backends,
    tool: AnyTool[Any],
    arguments: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same backend under another name: the same objects, and yet another plan."""
    twin = kubeconfig(backends.home, backends.cluster.port, name="twin")
    first = backends.home / "shop-eu.kubeconfig"
    monkeypatch.setenv("KUBECONFIG", f"{first}{os.pathsep}{twin}")
    configured(backends.home / ".docker", "twin", f"unix://{backends.home}/docker.sock")
    async with opened(backends, Changes.MODEL) as app:
        digest = (await shown(app, tool.name, arguments)).digest
        with pytest.raises(Conflict, match="nothing was done"):
            await app.call(tool.name, {**arguments, "target": "twin", "approve": digest})
    assert backends.writes() == []


@every_change
async def test_a_digest_is_too_old_after_a_while(
    backends: Backends, tool: AnyTool[Any], arguments: dict[str, Any]
) -> None:
    async with opened(backends, Changes.MODEL, approval_seconds=1e-6) as app:
        digest = (await shown(app, tool.name, arguments)).digest
        with pytest.raises(Conflict, match="too old"):
            await app.call(tool.name, {**arguments, "approve": digest})
    assert backends.writes() == []


@every_change
@pytest.mark.parametrize("wrong", [True, 1, ["x"], {"digest": "x"}, None])
async def test_an_approval_of_another_type_approves_nothing(
    backends: Backends, tool: AnyTool[Any], arguments: dict[str, Any], wrong: object
) -> None:
    async with opened(backends, Changes.MODEL) as app:
        await shown(app, tool.name, arguments)
        with suppress(Invalid):
            answer = await app.call(tool.name, {**arguments, "approve": wrong})
            assert isinstance(answer, Outcome)
            assert answer.state == "planned"
    assert backends.writes() == []


@asynccontextmanager
async def opened(backends: Backends, policy: Changes, **more: Any) -> AsyncGenerator[App]:
    """The server, which has made a Terraform plan that could be applied."""
    async with backends.app(policy, **more) as app:
        await app.call("run_terraform_plan", {"directory": "infra/shop"})
        yield app


async def shown(app: App, tool: str, arguments: dict[str, Any]) -> Outcome:
    """The plan, shown."""
    answer = await app.call(tool, arguments)
    assert isinstance(answer, Outcome)
    assert answer.state == "planned"
    assert answer.digest
    return answer
