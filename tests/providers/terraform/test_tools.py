"""What the two tools answer in the demo world, and on worlds that are far larger."""

import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest
from inline_snapshot import snapshot

from fivetabs.core import Invalid, NotFound
from fivetabs.core.quoting import unmarked
from fivetabs.providers.terraform import PROVIDER
from fivetabs.providers.terraform.demo import NOW
from fivetabs.providers.terraform.port import (
    Directory,
    PlanRaw,
    Saved,
    Standing,
    StateRaw,
    Workspaces,
)
from tests.providers.terraform.worlds import TOOLS, call, rows

pytestmark = pytest.mark.anyio


@pytest.fixture
async def demo() -> AsyncGenerator[Workspaces]:
    async with PROVIDER.demo(None) as connection:
        yield connection.view


async def test_the_plan_of_the_demo_incident(demo: Workspaces) -> None:
    answer = await call(demo, "run_terraform_plan", directory="infra/shop")
    assert answer.summary == (
        "infra/shop: 1 to change; update aws_instance.worker_c; drift: 1 changed outside Terraform "
        "(aws_instance.worker_c instance_type: m5.large → t3.small)."
    )
    assert rows(answer, "Changes") == (
        ("update", "aws_instance.worker_c", "instance_type: t3.small → m5.large", ""),
    )
    assert rows(answer, "Drift") == (
        ("aws_instance.worker_c", "instance_type: m5.large → t3.small", "changes it back"),
    )
    assert answer.facts == snapshot(
        {
            "to_add": 0,
            "to_change": 1,
            "to_replace": 0,
            "to_destroy": 0,
            "drifted": 1,
            "unchanged": 12,
            "serial": 42,
            "plan": "666020ff9671",
            "workspace": "default",
            "backend": "s3",
            "terraform_version": "1.11.4",
        }
    )
    (finding,) = answer.findings
    assert (finding.code, finding.subject) == ("TF101", "tf:infra/shop/aws_instance.worker_c")


async def test_a_directory_without_changes(demo: Workspaces) -> None:
    answer = await call(demo, "run_terraform_plan", directory="infra/network")
    assert answer.summary == "infra/network: no changes; 6 resources match the configuration."
    assert answer.tables == answer.findings == answer.notes == ()


async def test_a_plan_can_be_narrowed(demo: Workspaces) -> None:
    answer = await call(demo, "run_terraform_plan", directory="shop", address="aws_s3_bucket")
    assert answer.tables == ()
    assert answer.notes[0] == "no change or drift has 'aws_s3_bucket' in its address"


async def test_the_state_of_the_demo_incident(demo: Workspaces) -> None:
    answer = await call(demo, "check_terraform_state", directory="infra/shop")
    assert answer.summary == "infra/shop: serial 42, 13 resources of 7 types, 2 outputs."
    assert len(rows(answer, "Resources")) == 15
    assert rows(answer, "Outputs") == (
        ("cluster_endpoint", "https://7C1E5A9B3D.gr7.eu-west-1.eks.amazonaws.com"),
        ("db_password", "<sensitive>"),
    )
    assert "Vq7w" not in answer.model_dump_json()


async def test_one_resource_shows_its_attributes(demo: Workspaces) -> None:
    answer = await call(demo, "check_terraform_state", directory="shop", address="worker_c_status")
    assert ("threshold", "1") in rows(answer, "Attributes")
    password = await call(demo, "check_terraform_state", directory="shop", address="password.db")
    assert ("result", "<sensitive>") in rows(password, "Attributes")


async def test_an_address_that_is_not_there_has_near_ones(demo: Workspaces) -> None:
    answer = await call(
        demo, "check_terraform_state", directory="shop", address="aws_instance.workerc"
    )
    assert answer.notes[0].startswith("did you mean 'aws_instance.worker_c'")


async def test_wrong_directories_and_targets_are_told(demo: Workspaces) -> None:
    with pytest.raises(NotFound) as fault:
        await call(demo, "run_terraform_plan", directory="infra/shp")
    assert fault.value.hint == "did you mean 'infra/shop'?"
    with pytest.raises(Invalid, match="name one directory of 2"):
        await call(demo, "run_terraform_plan")
    with pytest.raises(NotFound, match="'x' is no allowed root"):
        async with PROVIDER.demo("x"):
            pass


def test_the_tools_are_declared_as_what_they_are() -> None:
    assert {(t.name, str(t.effect), t.long) for t in PROVIDER.tools} == {
        ("run_terraform_plan", "read", True),
        ("check_terraform_state", "read", False),
        ("apply_terraform_plan", "destroy", False),
    }
    for tool in PROVIDER.tools:
        assert 25 <= len(tool.description.split()) <= 55
        schema = json.dumps(tool.arguments.model_json_schema())
        assert "$ref" not in schema
        assert "anyOf" not in schema


@dataclass(frozen=True)
class Huge:
    """Any plan and state, in memory."""

    plan_json: dict[str, Any]
    state_json: dict[str, Any]
    runs_allowed: bool = True

    async def plan(self, directory: str, /) -> PlanRaw:
        return PlanRaw(directory, "default", "s3", self.plan_json, serial=1)

    async def state(self, directory: str, /) -> StateRaw:
        return StateRaw(directory, "default", "s3", self.state_json)

    async def saved(self, directory: str, plan: str, /) -> Saved:
        raw = replace(await self.plan(directory), kept=plan)
        return Saved(raw, "/x", "0" * 64, NOW, 1, "a", 1, "a", runs_allowed=self.runs_allowed)

    async def standing(self, directory: str, /) -> Standing:
        return Standing(2, directory, 0)

    async def directories(self) -> tuple[Directory, ...]:
        return ()

    def now(self) -> datetime:
        return NOW


def changed(n: int) -> dict[str, Any]:
    actions = (["create"], ["update"], ["delete"], ["delete", "create"])[n % 4]
    values = {f"attribute_{i}": f"value {i} of {n} " + "x" * 80 for i in range(12)}
    after = {key: f"{value}!" for key, value in values.items()}
    return {
        "address": f'module.m{n % 40}.aws_instance.worker_{n}["key-{n}"]',
        "mode": "managed",
        "type": "aws_instance",
        "change": {
            "actions": actions,
            "before": None if actions == ["create"] else values,
            "after": None if actions == ["delete"] else after,
            "replace_paths": [["attribute_0"]] if len(actions) == 2 else [],
        },
    }


def huge() -> Huge:
    entries = [changed(n) for n in range(2000)]
    drift = [each for each in entries if each["change"]["actions"] == ["update"]]
    blocks = [
        {
            "mode": "managed",
            "type": f"aws_kind_{n % 30}",
            "name": f"resource_{n}",
            "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
            "instances": [
                {
                    "attributes": {"id": f"id-{n:05}" + "x" * 20},
                    "status": "tainted" if n % 100 == 7 else "",
                }
            ],
        }
        for n in range(2000)
    ]
    outputs = {f"output_{n}": {"value": f"value {n} " + "y" * 100} for n in range(60)}
    state = {"version": 4, "serial": 9, "resources": blocks, "outputs": outputs}
    return Huge({"resource_changes": entries, "resource_drift": drift}, state)


async def test_a_plan_of_two_thousand_changes_is_told_whole() -> None:
    answer = await call(huge(), "run_terraform_plan", directory="x")
    assert answer.summary.startswith(
        "x: 500 to add, 500 to change, 500 to replace, 500 to destroy; destroy module."
    )
    assert answer.facts["drifted"] == 500
    changes = next(table for table in answer.tables if table.title == "Changes")
    assert changes.total == len(changes.rows) == len({row[1] for row in changes.rows}) == 2000
    assert [row[0] for row in changes.rows] == [
        action for action in ("destroy", "replace", "update", "create") for _ in range(500)
    ]
    assert len(rows(answer, "Drift")) == 500


async def test_one_address_gives_every_attribute_of_its_change_in_full() -> None:
    address = 'module.m3.aws_instance.worker_3["key-3"]'
    answer = await call(huge(), "run_terraform_plan", directory="x", address=address)
    assert [row[0] for row in rows(answer, "Attributes")] == sorted(
        f"attribute_{i}" for i in range(12)
    )
    (first,) = (row for row in rows(answer, "Attributes") if row[0] == "attribute_0")
    assert unmarked(str(first[2])) == "value 0 of 3 " + "x" * 80 + "!"
    assert first[3] == "replacement"


async def test_a_state_of_two_thousand_resources_is_told_whole() -> None:
    answer = await call(huge(), "check_terraform_state", directory="x")
    assert answer.summary == (
        "x: serial 9, 2000 resources of 30 types, 20 of them tainted "
        "(aws_kind_7.resource_7), 60 outputs."
    )
    assert all(row[3] == "tainted" for row in rows(answer, "Resources")[:20])
    assert sum(int(row[1]) for row in rows(answer, "Resources by type")) == 2000
    assert len({row[0] for row in rows(answer, "Resources")}) == 2000
    assert len(rows(answer, "Outputs")) == 60


async def test_instances_that_change_alike_are_of_one_kin() -> None:
    def entry(n: int) -> dict[str, Any]:
        change = {"actions": ["update"], "before": {"n": 1}, "after": {"n": 2}}
        return {"address": f"aws_instance.w[{n}]", "type": "aws_instance", "change": change}

    view = Huge({"resource_changes": [entry(n) for n in range(10)]}, {})
    answer = await call(view, "run_terraform_plan", directory="x")
    (changes,) = answer.tables
    assert changes.rows[0] == ("update", "aws_instance.w[0]", "n: 1 → 2", "")
    assert set(changes.kin) == {"aws_instance.w[*]"}
    assert set(changes.fold_on) <= set(changes.columns)


async def test_a_plan_that_is_not_whole_never_reads_as_no_changes() -> None:
    for plan in ({"errored": True}, {"complete": False}):
        answer = await call(Huge(plan, {}), "run_terraform_plan", directory="x")
        assert answer.summary == "x: the plan is INCOMPLETE; no changes found so far."
        assert answer.missing
        assert [each.code for each in answer.findings] == ["TF106"]


async def test_drift_alone_is_told_as_drift_alone() -> None:
    drift = changed(1)
    answer = await call(Huge({"resource_drift": [drift]}, {}), "run_terraform_plan", directory="x")
    assert answer.summary.startswith("x: nothing to apply; drift: 1 changed outside Terraform (")
    assert answer.summary.endswith("1 of them not touched by this plan.")


def test_arguments_are_checked() -> None:
    with pytest.raises(Invalid, match="has no argument 'dir'"):
        TOOLS["run_terraform_plan"].parse({"dir": "infra/shop"})
    with pytest.raises(Invalid, match="valid string"):
        TOOLS["run_terraform_plan"].parse({"directory": 7})
