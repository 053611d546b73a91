"""Applying a saved plan: what is shown before, and what is refused, without running terraform."""

# ruff: noqa: E501  (snapshots hold whole sentences)

from dataclasses import replace
from typing import Any

import pytest
from inline_snapshot import snapshot

from fivetabs.core import Conflict, Denied, Invalid, NotFound, Plan
from fivetabs.core.quoting import unmarked
from fivetabs.providers.terraform import PROVIDER
from fivetabs.providers.terraform.port import Apply, PlanRaw, Saved, Workspaces
from fivetabs.providers.terraform.shapes.applies import parse_applied, story
from tests.providers.terraform.test_tools import Huge
from tests.providers.terraform.worlds import TOOLS, call

pytestmark = pytest.mark.anyio
NAME = "0" * 12
Json = dict[str, Any]


async def plan(view: Workspaces, directory: str = "x", name: str = NAME) -> Plan[Apply]:
    tool = TOOLS["apply_terraform_plan"]
    made = await tool.run(view, **tool.parse({"directory": directory, "plan": name}))
    assert isinstance(made, Plan)
    return made  # pyright: ignore[reportUnknownVariableType]


def entry(address: str, actions: list[str], before: Any, after: Any, **more: Any) -> Json:
    kind = address.rpartition("module.")[2].split(".")[-2]
    change = {"actions": actions, "before": before, "after": after, **more.pop("change", {})}
    return {"address": address, "mode": "managed", "type": kind, "change": change, **more}


EVERYTHING: Json = {
    "resource_changes": [
        entry("aws_instance.web", ["update"], {"size": "s", "tags": {"a": "1"}}, {"size": "m"}),
        entry("aws_eip.new", ["create"], None, {"domain": "vpc"}),
        entry(
            "aws_db_instance.orders",
            ["delete", "create"],
            {"engine": "13", "password": "hunter2-hunter2"},
            {"engine": "15", "password": "hunter3-hunter3"},
            change={
                "replace_paths": [["engine"]],
                "before_sensitive": {"password": True},
                "after_sensitive": {"password": True},
            },
        ),
        entry("terraform_data.hook", ["create"], None, {"input": "x"}),
        entry(
            "aws_s3_bucket.old",
            ["delete"],
            {"bucket": "old"},
            None,
            action_reason="delete_because_no_resource_config",
        ),
        entry("aws_eip.moved", ["no-op"], {}, {}, previous_address="aws_eip.before"),
    ],
    "output_changes": {"size": {"actions": ["update"], "before": "s", "after": "m"}},
    "configuration": {
        "root_module": {
            "resources": [
                {"address": "terraform_data.hook", "provisioners": [{"type": "local-exec"}]}
            ]
        }
    },
}


async def test_every_change_is_named_by_its_address_the_destroys_first() -> None:
    made = await plan(Huge(EVERYTHING, {}))
    assert made.summary == snapshot(
        "Apply plan 000000000000 of x: 1 to destroy, 1 to replace, 1 to change, 2 to add, 1 output"
    )
    assert [unmarked(str(each)) for each in made.deltas] == snapshot(
        [
            "destroy aws_s3_bucket.old: there -> gone (it is no longer in the configuration)",
            "replace aws_db_instance.orders: there -> destroyed and created anew: engine forces it",
            "replace aws_db_instance.orders engine: 13 -> 15",
            "replace aws_db_instance.orders password: <sensitive> -> <sensitive>",
            "run local-exec: not run -> runs for terraform_data.hook",
            "update aws_instance.web size: s -> m",
            "update aws_instance.web tags.a: 1 -> null",
            "create aws_eip.new: not there -> domain = vpc",
            "create terraform_data.hook: not there -> input = x",
            "move aws_eip.before: - -> aws_eip.moved",
            "update output size: s -> m",
        ]
    )
    assert made.warnings == snapshot(
        (
            "runs on apply: local-exec of terraform_data.hook",
            "apply would destroy and create again aws_db_instance.orders: what it holds is lost",
            "apply would destroy aws_s3_bucket.old: what it holds is lost",
            "the plan was made 0s ago, for state serial 1",
        )
    )
    assert made.blast.destroyed == 2
    assert "hunter" not in repr(made)
    assert {str(each) for each in made.touches} >= {
        "tf:x",
        "tf:x/aws_s3_bucket.old",
        "tf:x/aws_db_instance.orders",
        "tf:x/aws_eip.moved",
    }
    assert "what the 2 destroyed held is gone" in made.irreversible


async def test_a_thousand_destroys_are_named_one_by_one() -> None:
    lost = [entry(f'aws_eip.a["{n}"]', ["delete"], {"id": n}, None) for n in range(1000)]
    made = await plan(Huge({"resource_changes": lost}, {}))
    assert made.blast.destroyed == 1000
    assert len({each.field for each in made.deltas}) == 1000


async def test_what_runs_programs_is_refused_unless_the_owner_allows_it() -> None:
    with pytest.raises(Denied, match="would run programs: terraform_data") as refused:
        await plan(Huge(EVERYTHING, {}, runs_allowed=False))
    assert "FIVETABS_TERRAFORM__ALLOW_PROVISIONERS=true" in refused.value.hint
    program = {"resource_changes": [entry("shell_script.x", ["create"], None, {})]}
    with pytest.raises(Denied, match="the resource type shell_script"):
        await plan(Huge(program, {}, runs_allowed=False))
    action = {**program, "action_invocations": [{"address": "action.local_command.x"}]}
    with pytest.raises(Denied, match=r"action\.local_command\.x"):
        await plan(Huge(action, {}, runs_allowed=False))


async def test_an_update_in_place_runs_no_provisioner() -> None:
    changes = [entry("terraform_data.hook", ["update"], {"input": "x"}, {"input": "y"})]
    made = await plan(Huge({**EVERYTHING, "resource_changes": changes}, {}, runs_allowed=False))
    assert not [each for each in made.deltas if each.field.startswith("run ")]


@pytest.mark.parametrize("part", [{"errored": True}, {"complete": False}, {"applyable": False}])
async def test_a_plan_that_is_not_whole_is_refused(part: Json) -> None:
    with pytest.raises(Invalid, match="is not whole or changes nothing"):
        await plan(Huge({**EVERYTHING, **part}, {}))


def saved(serial_now: int | None, lineage_now: str = "a", serial: int = 1) -> Saved:
    raw = PlanRaw("x", "default", "local", {})
    when = (serial, "a", serial_now, lineage_now)
    return Saved(raw, "/x", "0" * 64, Huge({}, {}).now(), *when, runs_allowed=False)


def test_a_state_has_moved_by_its_serial_or_its_lineage() -> None:
    assert not saved(1).moved
    assert saved(2).moved
    assert saved(1, "b").moved
    assert saved(None).moved
    assert not saved(None, "", serial=0).moved


async def test_the_demo_plan_is_applied_once_and_then_nothing_is_left() -> None:
    async with PROVIDER.demo(None) as connection:
        name = str(
            (await call(connection.view, "run_terraform_plan", directory="shop")).facts["plan"]
        )
        made = await plan(connection.view, "infra/shop", name)
        said = await connection.commit(made.steps[0])
        assert said == snapshot(
            "applied plan 666020ff9671 in infra/shop: 1 changed: aws_instance.worker_c; the state is at serial 43"
        )
        verify = TOOLS["apply_terraform_plan"].verify
        assert verify is not None
        assert (await verify(connection.view, made, connection.now())).told == snapshot(
            "the state of infra/shop went from serial 42 to 43; nothing is left to apply"
        )
        after = await call(connection.view, "run_terraform_plan", directory="shop")
        assert after.summary == "infra/shop: no changes; 13 resources match the configuration."
        with pytest.raises(Conflict, match="another plan by now; nothing was done"):
            await connection.commit(made.steps[0])
        with pytest.raises(NotFound, match="no plan"):
            await plan(connection.view, "infra/shop", name)


async def test_the_digest_is_of_the_plans_bytes_and_of_the_state() -> None:
    async with PROVIDER.demo(None) as connection:
        made = await plan(connection.view, "shop", "666020ff9671")
    digest = made.digest("apply_terraform_plan", "x")
    (step,) = made.steps
    for other in (
        replace(step, sha256="0" * 64),
        replace(step, serial=41),
        replace(step, lineage="other"),
        replace(step, path="/elsewhere"),
    ):
        assert replace(made, steps=(other,)).digest("apply_terraform_plan", "x") != digest


@pytest.mark.parametrize(
    "wrong",
    [
        *({"directory": "infra/shop"}, {"plan": NAME}, {"directory": "", "plan": NAME}),
        *({"directory": "x", "plan": "latest"}, {"directory": "x", "plan": "-out=/etc/passwd"}),
        *({"directory": "x", "plan": "../../tmp/a"}, {"directory": "-x", "plan": NAME}),
        {"directory": "x", "plan": NAME, "auto_approve": True},
    ],
)
def test_arguments_are_checked(wrong: Json) -> None:
    with pytest.raises(Invalid, match="nothing was done"):
        TOOLS["apply_terraform_plan"].parse(wrong)


def message(kind: str, address: str, action: str = "create") -> Json:
    return {"type": kind, "hook": {"resource": {"addr": address}, "action": action}}


def test_what_an_apply_did_is_told_from_its_own_messages() -> None:
    applied = parse_applied(
        [
            message("apply_start", "a.one"),
            message("apply_complete", "a.one"),
            message("apply_start", "a.two", "delete"),
            message("apply_complete", "a.two", "delete"),
            message("apply_start", "a.three"),
            message("apply_errored", "a.three"),
            message("apply_start", 'a.four["x y"]'),
            {"type": "diagnostic", "diagnostic": {"severity": "warning", "summary": "old"}},
        ]
    )
    assert unmarked(story(applied)) == snapshot(
        'done: 1 destroyed: a.two; 1 created: a.one; failed: a.three; begun, and not known whether done: a.four["x y"]'
    )
    assert applied.problems == ()
