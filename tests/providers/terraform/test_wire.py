"""The real binary on real directories: plans, states, and each of terraform's refusals."""

import asyncio
import json
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from fivetabs.core import NotFound, quoted
from tests.providers.terraform.worlds import (
    call,
    everything_in,
    needs_terraform,
    opened,
    rows,
    terraform,
    write,
)

pytestmark = [pytest.mark.anyio, needs_terraform]

FIRST = """
variable "size" { default = "small" }
variable "password" {
  default   = "hunter2-hunter2"
  sensitive = true
}
resource "terraform_data" "kept" { input = "same" }
resource "terraform_data" "gone" { input = "old" }
resource "terraform_data" "sized" { input = var.size }
resource "terraform_data" "forced" {
  triggers_replace = [var.size]
  provisioner "local-exec" { command = "true" }
}
resource "terraform_data" "secret" { input = var.password }
output "size" { value = terraform_data.sized.output }
output "password" {
  value     = "as ${var.password}"
  sensitive = true
}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = write(tmp_path / "infra" / "shop", FIRST)
    terraform(folder, "init")
    terraform(folder, "apply", "-auto-approve")
    return folder


def serial_of(folder: Path) -> int:
    """How often terraform wrote while it applied depends on how busy the machine was."""
    return json.loads((folder / "terraform.tfstate").read_text())["serial"]


async def test_a_plan_tells_every_action_with_its_attributes(shop: Path) -> None:
    second = FIRST.replace('default = "small"', 'default = "big"').replace(
        'resource "terraform_data" "gone" { input = "old" }',
        'resource "terraform_data" "new" { input = "young" }',
    )
    write(shop, second)
    before = everything_in(shop)
    async with opened(shop.parent) as view:
        answer = await call(view, "run_terraform_plan", directory="infra/shop")
    assert everything_in(shop) == before
    assert answer.summary == (
        "infra/shop: 1 to add, 1 to change, 1 to replace, 1 to destroy; "
        "destroy terraform_data.gone."
    )
    assert rows(answer, "Changes") == snapshot(
        (
            ("destroy", "terraform_data.gone", "it is no longer in the configuration", ""),
            (
                "replace",
                "terraform_data.forced",
                'triggers_replace: ["small"] → ["big"]; +1 known after apply',
                "triggers_replace",
            ),
            (
                "update",
                "terraform_data.sized",
                "input: small → big; +1 known after apply",
                "",
            ),
            ("create", "terraform_data.new", "input: young; +2 known after apply", ""),
        )
    )
    assert rows(answer, "Outputs") == (("update", "size", "small → (known after apply)"),)
    assert answer.facts["serial"] == serial_of(shop)
    assert {each.code for each in answer.findings} == {"TF103", "TF104", "TF105"}
    assert "hunter2" not in answer.model_dump_json()


async def test_a_plan_without_changes_says_so(shop: Path) -> None:
    async with opened(shop.parent) as view:
        answer = await call(view, "run_terraform_plan")
    assert answer.summary == "infra/shop: no changes; 5 resources match the configuration."
    assert answer.tables == ()
    assert answer.findings == ()


async def test_a_state_is_read_as_it_is_and_its_secrets_stay_in_it(shop: Path) -> None:
    before = everything_in(shop)
    async with opened(shop.parent) as view:
        answer = await call(view, "check_terraform_state", directory="infra/shop")
        one = await call(
            view, "check_terraform_state", directory="infra/shop", address="terraform_data.secret"
        )
    assert everything_in(shop) == before
    assert answer.summary == (
        f"infra/shop: serial {serial_of(shop)}, 5 resources of 1 type, 2 outputs."
    )
    assert rows(answer, "Outputs") == (("password", "<sensitive>"), ("size", "small"))
    assert ("input", "<sensitive>") in rows(one, "Attributes")
    assert "hunter2" not in answer.model_dump_json() + one.model_dump_json()
    assert str(answer.facts["written"]).endswith("Z")


async def test_a_directory_in_which_nothing_was_applied_has_no_state(tmp_path: Path) -> None:
    write(tmp_path / "infra" / "new", 'resource "terraform_data" "x" {}\n')
    async with opened(tmp_path / "infra") as view:
        answer = await call(view, "check_terraform_state", directory="new")
        plan = await call(view, "run_terraform_plan", directory="new")
    assert answer.summary == "infra/new has no state: nothing was ever applied here."
    assert plan.summary == "infra/new: 1 to add; create terraform_data.x."


async def test_a_selected_workspace_that_is_not_there_is_not_made(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terraform(shop, "workspace", "new", "staging")
    before = everything_in(shop)
    monkeypatch.setenv("TF_WORKSPACE", "stagin")
    async with opened(shop.parent) as view:
        for tool in ("run_terraform_plan", "check_terraform_state"):
            with pytest.raises(NotFound, match="workspace 'stagin' is selected") as fault:
                await call(view, tool, directory="shop")
            assert fault.value.hint == "did you mean 'staging'?"
        monkeypatch.delenv("TF_WORKSPACE")
        plan = await call(view, "run_terraform_plan", directory="shop")
    assert plan.facts["workspace"] == "staging"
    assert plan.facts["to_add"] == 5
    assert everything_in(shop) == before


async def test_a_lock_is_told_and_not_taken(shop: Path) -> None:
    lock = {
        "Operation": "OperationTypeApply",
        "Who": "ana@desk",
        "Created": "2026-03-12T10:00:01.5Z",
    }
    (shop / ".terraform.tfstate.lock.info").write_text(json.dumps(lock))
    async with opened(shop.parent) as view:
        plan = await call(view, "run_terraform_plan", directory="shop")
        state = await call(view, "check_terraform_state", directory="shop")
    assert [each.code for each in (*plan.findings, *state.findings)] == ["TF108", "TF124"]
    assert plan.findings[0].cause == (
        "the state is locked by ana@desk for apply since 2026-03-12T10:00:01Z"
    )


async def test_a_data_folder_of_the_owners_choice_is_read(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(shop, 'terraform {\n  backend "local" { path = "own.tfstate" }\n}\n')
    monkeypatch.setenv("TF_DATA_DIR", ".own")
    terraform(shop, "init", "-migrate-state", "-force-copy", TF_DATA_DIR=".own")
    async with opened(shop.parent) as view:
        answer = await call(view, "check_terraform_state", directory="shop")
    assert answer.facts["resources"] == 5


async def test_identical_plans_in_flight_are_one(shop: Path) -> None:
    async with opened(shop.parent) as view:
        both = await asyncio.gather(view.plan("infra/shop"), view.plan("shop"))
    assert both[0] is both[1]


async def test_check_results_and_warnings_are_told(tmp_path: Path) -> None:
    text = """
    variable "size" { default = 1 }
    check "size" {
      assert {
        condition     = var.size > 5
        error_message = "size is too small"
      }
    }
    resource "terraform_data" "x" { input = var.size }
    """
    folder = write(tmp_path / "infra" / "it", text)
    terraform(folder, "apply", "-auto-approve")
    async with opened(folder) as view:
        plan = await call(view, "run_terraform_plan")
        state = await call(view, "check_terraform_state")
    assert [each.code for each in plan.findings] == ["TF107"]
    assert plan.findings[0].cause == f"check.size fails: {quoted('size is too small')}"
    assert [each.code for each in state.findings] == ["TF123"]
    assert plan.summary == "it: no changes; 1 resource matches the configuration."
