"""What terraform itself refuses: each becomes its Fault, with the line that mends it."""

from pathlib import Path

import pytest

from fivetabs.core import Fault, Invalid, NotConfigured
from fivetabs.core.quoting import unmarked
from tests.providers.terraform.worlds import call, everything_in, needs_terraform, opened, write

pytestmark = [pytest.mark.anyio, needs_terraform]

CHECKED = """
resource "terraform_data" "fine" { input = 1 }
variable "low" { default = 1 }
resource "terraform_data" "bad" {
  input = 1
  lifecycle {
    precondition {
      condition     = var.low > 5
      error_message = "low is too low"
    }
  }
}
"""

BROKEN: dict[str, tuple[str, type[Fault], str]] = {
    "syntax": (
        'resource "terraform_data" "x" { input = \n',
        Invalid,
        (
            "terraform failed in infra/it: main.tf:1: Invalid expression: Expected the start of an "
            "expression, but found an invalid expression token. | "
            "correct infra/it/main.tf:1; no plan can be trusted until it is"
        ),
    ),
    "reference": (
        'resource "terraform_data" "x" { input = var.nope }\n',
        Invalid,
        (
            "terraform failed in infra/it: main.tf:1: Reference to undeclared "
            "input variable: An input "
            'variable with the name "nope" has not been declared. This variable '
            "can be declared with "
            'a variable "nope" {} block. | '
            "correct infra/it/main.tf:1; no plan can be trusted until it is"
        ),
    ),
    "partial": (
        CHECKED,
        Invalid,
        (
            "terraform failed in infra/it (1 change was planned before it failed): "
            "main.tf:8: Resource "
            "precondition failed: low is too low | "
            "correct infra/it/main.tf:8; no plan can be trusted until it is"
        ),
    ),
    "variable": (
        'variable "region" {}\n',
        Invalid,
        (
            "terraform failed in infra/it: main.tf:1: No value for required "
            "variable: The root module "
            'input variable "region" is not set, and has no default value. Use a -var or -var-file '
            "command line argument to provide a value for this variable. | "
            "put the value into terraform.tfvars, or set TF_VAR_<name> in the server's environment"
        ),
    ),
    "backend": (
        'terraform {\n  backend "local" { path = "x.tfstate" }\n}\n',
        NotConfigured,
        (
            "infra/it is not initialised: Backend initialization required, please run "
            '"terraform init"; this server never runs init | '
            "run: terraform -chdir=PATH init"
        ),
    ),
    "module": (
        'module "m" { source = "./m" }\n',
        NotConfigured,
        (
            "infra/it is not initialised: Module not installed; this server never runs init | "
            "run: terraform -chdir=PATH init"
        ),
    ),
    "provider": (
        'resource "random_pet" "x" {}\n',
        NotConfigured,
        (
            "infra/it is not initialised: Inconsistent dependency lock file; this "
            "server never runs "
            "init | run: terraform -chdir=PATH init"
        ),
    ),
}


@pytest.mark.parametrize("what", BROKEN)
async def test_each_refusal_of_terraform_becomes_its_fault(tmp_path: Path, what: str) -> None:
    text, kind, told = BROKEN[what]
    folder = write(tmp_path / "infra" / "it", text)
    before = everything_in(tmp_path)
    async with opened(tmp_path / "infra") as view:
        with pytest.raises(kind) as fault:
            await call(view, "run_terraform_plan", directory="infra/it")
    assert type(fault.value) is kind
    said = unmarked(f"{fault.value} | {fault.value.hint}")
    assert said.replace(str(folder), "PATH") == told
    assert everything_in(tmp_path) == before


@pytest.mark.parametrize("tool", ["run_terraform_plan", "check_terraform_state"])
async def test_a_required_version_that_is_not_here_is_told(tmp_path: Path, tool: str) -> None:
    write(tmp_path / "infra" / "it", 'terraform {\n  required_version = ">= 99.0"\n}\n')
    async with opened(tmp_path / "infra") as view:
        with pytest.raises(
            Invalid, match=r"main\.tf:\d+: \ue000Unsupported Terraform Core ver"
        ) as fault:
            await call(view, tool, directory="it")
    assert "FIVETABS_TERRAFORM__BINARY" in fault.value.hint


@pytest.mark.parametrize("tool", ["run_terraform_plan", "check_terraform_state"])
async def test_a_state_of_a_newer_terraform_is_told(tmp_path: Path, tool: str) -> None:
    folder = write(tmp_path / "infra" / "it", 'resource "terraform_data" "x" {}\n')
    state = '{"version": 5, "terraform_version": "9.9.9", "serial": 1, "lineage": "a"}'
    (folder / "terraform.tfstate").write_text(state)
    async with opened(tmp_path / "infra") as view:
        with pytest.raises(Invalid, match=r"was created by Terraform 9\.9\.9") as fault:
            await call(view, tool, directory="it")
    assert "newer terraform" in fault.value.hint
