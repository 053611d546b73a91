"""The rig's working directories: real terraform, a real provider, real drift."""

import os
from pathlib import Path
from shutil import rmtree

import pytest

from fivetabs.core import Denied, Detail, Invalid, NotConfigured
from fivetabs.providers.terraform import PROVIDER
from fivetabs.providers.terraform.settings import Settings
from tests.carrying import allowed, seen_through
from tests.providers.terraform.worlds import (
    call,
    everything_in,
    opened,
    rows,
    terraform,
    write,
)
from tests.rig import Rig
from tests.rig.terraform import sources

pytestmark = [pytest.mark.anyio, pytest.mark.live]


@pytest.fixture
def root(on_rig: Rig) -> Path:
    return Path(os.environ["TERRAFORM_ALLOWED_DIRS"])


async def test_a_plan_tells_real_drift_from_the_change(root: Path, on_rig: Rig) -> None:
    before = everything_in(root)
    async with opened(root) as view:
        answer = await call(view, "run_terraform_plan", directory="infra/shop")
    assert everything_in(root) == before
    assert answer.facts["serial"] == 42
    assert ("update", "terraform_data.storefront") in {each[:2] for each in rows(answer, "Changes")}
    if on_rig.facts.get("terraform-drift") != "yes":
        pytest.skip("no local provider could be built, so nothing drifts")
    drift = {each[0] for each in rows(answer, "Drift")}
    assert drift == {"local_file.worker_c", "local_file.ingress"}
    assert answer.facts["drifted"] == 2
    assert {each.code for each in answer.findings} == {"TF101"}
    assert {each.subject for each in answer.findings} == {
        "tf:infra/shop/local_file.worker_c",
        "tf:infra/shop/local_file.ingress",
    }


async def test_a_state_is_read_and_its_secrets_stay_in_it(root: Path) -> None:
    before = everything_in(root)
    async with opened(root) as view:
        answer = await call(view, "check_terraform_state", directory="infra/shop")
    assert everything_in(root) == before
    assert answer.facts["serial"] == 42
    assert ("db_password", "<sensitive>") in rows(answer, "Outputs")
    assert "not-a-real-secret" not in answer.model_dump_json()


async def test_a_directory_as_it_should_be_has_no_changes(root: Path) -> None:
    async with opened(root) as view:
        answer = await call(view, "run_terraform_plan", directory="infra/clean")
    assert answer.summary == "infra/clean: no changes; 1 resource matches the configuration."


@pytest.mark.parametrize(
    ("directory", "kind"),
    [("broken", Invalid), ("external", Denied), ("escape", Denied)],
)
async def test_what_cannot_or_must_not_be_planned(
    root: Path, directory: str, kind: type[Exception]
) -> None:
    before = everything_in(root)
    async with opened(root) as view:
        with pytest.raises(kind):
            await call(view, "run_terraform_plan", directory=f"infra/{directory}")
    assert everything_in(root) == before


async def test_an_uninitialised_directory_says_what_to_run(root: Path) -> None:
    async with opened(root) as view:
        answer = await call(view, "check_terraform_state", directory="infra/uninitialised")
    assert "no state" in answer.summary


async def test_a_plan_is_applied_with_a_real_provider_and_the_former_configuration_undoes_it(
    root: Path, on_rig: Rig, tmp_path: Path
) -> None:
    if on_rig.facts.get("terraform-drift") != "yes":
        pytest.skip("no local provider could be built")
    folder = write(root / "applied", sources.REQUIRE_LOCAL, "versions.tf")
    text = 'resource "local_file" "it" {\n  filename = "${path.module}/it"\n  content = "%s"\n}\n'
    chosen = Settings.model_validate({"allowed_dirs": (str(root),)})
    try:
        write(folder, text % "first")
        terraform(folder, "init", TF_CLI_CONFIG_FILE=os.environ["TF_CLI_CONFIG_FILE"])
        terraform(folder, "apply", "-auto-approve")
        async with allowed(PROVIDER, tmp_path, chosen) as app:
            for word in ("second", "first"):
                write(folder, text % word)
                made = await app.call("run_terraform_plan", {"directory": "applied"})
                assert isinstance(made, Detail)
                given = {"directory": "applied", "plan": made.facts["plan"]}
                outcome = await seen_through(app, "apply_terraform_plan", given)
                assert outcome.state == "done", outcome
                assert "nothing is left to apply" in outcome.result
                assert (folder / "it").read_text() == word
    finally:
        rmtree(folder)


async def test_a_slow_state_is_waited_for(root: Path) -> None:
    async with opened(root, quiet=1) as view:
        answer = await call(view, "check_terraform_state", directory="infra/slow")
    assert answer.facts["resources"] == 1


async def test_without_the_variable_nothing_is_allowed(on_rig: Rig) -> None:
    with pytest.raises(NotConfigured):
        async with opened(Path("/nowhere"), allowed_dirs=()):
            pass
