"""Set-ups of Terraform that are really broken: the true cause, and the command that mends it."""

import json
import sys
from pathlib import Path

import pytest

from tests.doctor.asking import cells, checked, diagnosed, worst
from tests.providers.terraform.worlds import write

pytestmark = pytest.mark.anyio
PLAIN = 'resource "terraform_data" "x" {}\n'
NEEDY = f'{PLAIN}module "network" {{\n  source = "./network"\n}}\n'


@pytest.fixture
def infra(home: Path) -> Path:
    """An allowed root with one initialised directory."""
    write(home / "infra" / "shop", PLAIN)
    (home / "infra" / "shop" / ".terraform").mkdir()
    return home / "infra"


def binary(folder: Path, version: str) -> str:
    """A program that tells a version as terraform does."""
    told = json.dumps({"terraform_version": version})
    path = folder / "terraform"
    path.write_text(f"#!{sys.executable}\nprint({told!r})\n")
    path.chmod(0o700)
    return str(path)


async def test_a_folder_that_can_be_used_is_ready(infra: Path, home: Path) -> None:
    answer = await checked("terraform", allowed_dirs=(str(infra),), binary=binary(home, "1.9.5"))
    assert not answer.findings
    assert cells(answer, "status") == ["ready"]
    assert cells(answer, "version") == ["terraform 1.9.5"]
    assert cells(answer, "address") == [str(infra)]


async def test_no_allowed_folder_is_no_failure(home: Path) -> None:
    diagnosed(
        await checked("terraform"), "CON102", "no folder is allowed", "TERRAFORM_ALLOWED_DIRS"
    )


async def test_a_folder_that_is_not_there(home: Path) -> None:
    answer = await checked("terraform", allowed_dirs=("/nowhere/infra",))
    diagnosed(answer, "CON101", "none of the allowed Terraform folders exists", "correct TERRAFORM")


async def test_a_folder_that_is_not_there_beside_one_that_is(infra: Path, home: Path) -> None:
    dirs = (str(infra), "/nowhere/infra")
    answer = await checked("terraform", allowed_dirs=dirs, binary=binary(home, "1.9.5"))
    diagnosed(answer, "CON205", "/nowhere/infra is not there", "TERRAFORM_ALLOWED_DIRS")


async def test_a_folder_that_is_relative(home: Path) -> None:
    answer = await checked("terraform", allowed_dirs=("infra",))
    diagnosed(answer, "CON101", "not an absolute path", "TERRAFORM_ALLOWED_DIRS=/path/to/infra")


async def test_a_folder_without_any_configuration(home: Path) -> None:
    (home / "empty").mkdir()
    answer = await checked(
        "terraform", allowed_dirs=(str(home / "empty"),), binary=binary(home, "1.9.5")
    )
    diagnosed(answer, "CON101", "no Terraform configuration", "holds your *.tf files")


async def test_a_binary_that_is_missing(infra: Path) -> None:
    answer = await checked("terraform", allowed_dirs=(str(infra),), binary="/nowhere/terraform")
    diagnosed(answer, "CON101", "'/nowhere/terraform' does not exist", "FIVETABS_TERRAFORM__BINARY")


async def test_a_binary_that_is_another_program(infra: Path) -> None:
    answer = await checked("terraform", allowed_dirs=(str(infra),), binary="/bin/true")
    assert worst(answer).severity == "critical"
    assert "is the binary really terraform" in worst(answer).next_step.words


async def test_a_version_that_is_too_old(infra: Path, home: Path) -> None:
    answer = await checked("terraform", allowed_dirs=(str(infra),), binary=binary(home, "0.14.11"))
    diagnosed(answer, "CON101", "0.14.11, older than 0.15.3", "FIVETABS_TERRAFORM__BINARY")


async def test_a_version_that_the_configuration_does_not_accept(infra: Path, home: Path) -> None:
    write(infra / "shop", 'terraform {\n  required_version = ">= 1.10, < 2.0"\n}\n', "versions.tf")
    answer = await checked("terraform", allowed_dirs=(str(infra),), binary=binary(home, "1.9.5"))
    diagnosed(answer, "CON205", "infra/shop wants Terraform", "FIVETABS_TERRAFORM__BINARY")


async def test_a_directory_that_is_not_initialised(infra: Path, home: Path) -> None:
    (infra / "shop" / ".terraform").rmdir()
    write(infra / "shop", NEEDY)
    answer = await checked("terraform", allowed_dirs=(str(infra),), binary=binary(home, "1.9.5"))
    mend = f"run: terraform -chdir={infra / 'shop'} init"
    diagnosed(answer, "CON101", "infra/shop is not initialised", mend)


async def test_a_directory_that_needs_no_init_is_ready_without(infra: Path, home: Path) -> None:
    (infra / "shop" / ".terraform").rmdir()
    answer = await checked("terraform", allowed_dirs=(str(infra),), binary=binary(home, "1.9.5"))
    assert not answer.findings
    assert cells(answer, "status") == ["ready"]


async def test_one_directory_of_two_that_is_not_initialised(infra: Path, home: Path) -> None:
    write(infra / "network", NEEDY)
    answer = await checked("terraform", allowed_dirs=(str(infra),), binary=binary(home, "1.9.5"))
    assert cells(answer, "status") == ["ready"]
    mend = f"run: terraform -chdir={infra / 'network'} init"
    diagnosed(answer, "CON205", "infra/network is not initialised", mend)


async def test_each_of_two_roots_is_asked_by_its_name(infra: Path, home: Path) -> None:
    write(home / "other" / "network", NEEDY)
    dirs = (str(infra), str(home / "other"))
    answer = await checked("terraform", allowed_dirs=dirs, binary=binary(home, "1.9.5"))
    assert cells(answer, "target") == ["tf:infra", "tf:other"]
    assert cells(answer, "status") == ["ready", "misconfigured"]
    mend = f"run: terraform -chdir={home / 'other' / 'network'} init"
    diagnosed(answer, "CON101", "other/network is not initialised", mend)


@pytest.mark.parametrize("written", ["infra", "infra/", "{infra}", "{infra}/."])
async def test_a_root_that_is_named_is_asked_alone_however_it_is_written(
    infra: Path, home: Path, written: str
) -> None:
    write(infra / "shop", 'terraform {\n  required_version = ">= 1.10, < 2.0"\n}\n', "versions.tf")
    write(home / "other" / "network", NEEDY)
    dirs = (str(infra), str(home / "other"))
    target = written.format(infra=infra)
    answer = await checked(
        "terraform", target=target, allowed_dirs=dirs, binary=binary(home, "1.9.5")
    )
    assert cells(answer, "target") == ["tf:infra"]
    diagnosed(answer, "CON205", "infra/shop wants Terraform", "FIVETABS_TERRAFORM__BINARY")


async def test_a_root_that_is_not_allowed_is_no_way(infra: Path, home: Path) -> None:
    answer = await checked(
        "terraform", target="other", allowed_dirs=(str(infra),), binary=binary(home, "1.9.5")
    )
    diagnosed(answer, "CON101", "'other' is no allowed root", "roots: 'infra'")
