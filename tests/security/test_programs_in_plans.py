"""`terraform plan` runs code: what of it runs here, and what the model can add to it."""

import json
from pathlib import Path
from typing import Any

import pytest

from fivetabs.core import Denied, Fault
from fivetabs.providers.terraform.shapes.screens import PROGRAMS
from tests.providers.terraform.worlds import call as ask
from tests.providers.terraform.worlds import needs_terraform, opened, rows, terraform, write
from tests.security.backends import Backends

pytestmark = pytest.mark.anyio

TOOLS = ("run_terraform_plan", "check_terraform_state")
ADDED = {
    "TF_CLI_ARGS": "-destroy",
    "TF_CLI_ARGS_plan": "-out=/nowhere/planted",
    "TF_CLI_ARGS_state": "-state=/etc/passwd",
    "TF_REATTACH_PROVIDERS": '{"aws": {"Protocol": "grpc", "Addr": {"String": "/nowhere/evil"}}}',
    "TF_LOG": "TRACE",
    "TF_LOG_CORE": "TRACE",
    "TF_LOG_PATH": "/nowhere/planted.log",
    "TF_CLI_CONFIG_FILE": "/nowhere/evil.terraformrc",
    "TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE": "1",
    "TF_DATA_DIR": "/nowhere/evil",
    "TERRAFORM_CONFIG": "/nowhere/evil.terraformrc",
}
PLACES = {
    "in the root": "main.tf",
    "in JSON": "main.tf.json",
    "in an override": "main_override.tf",
}


@pytest.mark.parametrize("tool", TOOLS)
async def test_no_variable_of_the_environment_adds_arguments_providers_or_files(
    backends: Backends, tool: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in ADDED.items():
        monkeypatch.setenv(name, value)
    (backends.infra / "shop" / ".terraformrc").write_text("provider_installation {}\n")
    (backends.infra / "shop" / "terraform.rc").write_text("provider_installation {}\n")
    async with backends.app() as app:
        await app.call(tool, {"directory": "infra/shop"})
    for call in backends.terraform_calls():
        given = {name: call["environment"].get(name) for name in ADDED}
        assert {n for n, value in given.items() if value == ADDED[n]} == set()
        assert not [n for n in call["environment"] if n.startswith(("TF_CLI_", "TF_LOG"))]


@pytest.mark.parametrize("kind", PROGRAMS)
@pytest.mark.parametrize("place", PLACES)
async def test_data_that_runs_a_program_is_refused_before_terraform_is_run(
    backends: Backends, kind: str, place: str
) -> None:
    planted = backends.home / "planted"
    program = ["touch", str(planted)]
    text = f'data "{kind}" "x" {{\n  program = {json.dumps(program)}\n}}\n'
    if place == "in JSON":
        text = json.dumps({"data": {kind: {"x": {"program": program}}}})
    write(backends.infra / "shop", text, PLACES[place])
    async with backends.app() as app:
        with pytest.raises(Denied, match="runs a program"):
            await app.call("run_terraform_plan", {"directory": "infra/shop"})
    assert backends.terraform_calls() == []
    _not_made(planted)


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize(
    "more", [{"apply": True}, {"destroy": True}, {"var": "x=y"}, {"args": ["-out=x"]}, {"init": 1}]
)
async def test_no_argument_turns_a_look_into_an_apply(
    backends: Backends, tool: str, more: dict[str, Any]
) -> None:
    async with backends.app() as app:
        with pytest.raises(Fault, match="nothing was done"):
            await app.call(tool, {"directory": "infra/shop", **more})
    assert backends.terraform_calls() == []


@needs_terraform
async def test_a_provisioner_is_named_and_does_not_run(tmp_path: Path) -> None:
    planted = tmp_path / "planted"
    folder = write(
        tmp_path / "infra" / "it",
        f"""\
        resource "terraform_data" "hook" {{
          provisioner "local-exec" {{
            command = "touch {planted}"
          }}
        }}
        """,
    )
    terraform(folder, "init")
    async with opened(tmp_path / "infra") as view:
        plan = await ask(view, "run_terraform_plan", directory="it")
    assert rows(plan, "Changes")
    assert "TF105" in [finding.code for finding in plan.findings]
    _not_made(planted)


@needs_terraform
async def test_a_provider_that_is_not_installed_is_not_fetched(tmp_path: Path) -> None:
    """Reading never runs init: what is not there already is told, with the command that gets it."""
    write(
        tmp_path / "infra" / "it",
        """\
        terraform {
          required_providers {
            odd = { source = "attacker.example/odd/odd" }
          }
        }
        resource "odd_thing" "x" {}
        """,
    )
    async with opened(tmp_path / "infra") as view:
        with pytest.raises(Fault, match="not initialised") as refused:
            await ask(view, "run_terraform_plan", directory="it")
    assert "init" in refused.value.hint


def _not_made(path: Path) -> None:
    assert not path.exists()
