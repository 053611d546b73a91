"""Which directories are allowed, and what is said of the others."""

from pathlib import Path

import pytest

from fivetabs.core import Denied, Invalid, NotFound
from fivetabs.providers.terraform.live.folders import Folders
from fivetabs.providers.terraform.shapes.directories import needs_init
from fivetabs.providers.terraform.shapes.versions import required_in
from tests.providers.terraform.worlds import TOOLS, write

EMPTY = "# nothing\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = (tmp_path / "infra").resolve()
    for name in ("shop", "network", "deep/er/down"):
        write(root / name, EMPTY)
    (root / "shop" / ".terraform").mkdir()
    write(root / "shop" / ".terraform" / "modules" / "x", EMPTY)
    (root / "notes").mkdir()
    return root


def test_a_directory_is_named_from_its_root_or_absolutely(root: Path) -> None:
    folders = Folders((root,), 5)
    for name in ("infra/shop", "shop", str(root / "shop"), f"{root}/shop/"):
        assert folders.locate(name).path == root / "shop"
        assert folders.locate(name).name == "infra/shop"
    assert folders.locate("infra/deep/er/down").name == "infra/deep/er/down"


def test_the_configurations_below_the_roots_are_found(root: Path) -> None:
    assert [(each.name, each.initialised) for each in Folders((root,), 5).found()] == [
        ("infra/deep/er/down", False),
        ("infra/network", False),
        ("infra/shop", True),
    ]
    assert [each.name for each in Folders((root,), 1).found()] == ["infra/network", "infra/shop"]


def test_the_one_initialised_directory_need_not_be_named(root: Path) -> None:
    folders = Folders((root,), 5)
    assert folders.locate("").name == "infra/shop"
    (root / "network" / ".terraform").mkdir()
    with pytest.raises(Invalid, match="name one directory of 2") as fault:
        folders.locate("")
    assert fault.value.hint == "there are infra/network, infra/shop"


def test_roots_of_the_same_name_are_told_apart(tmp_path: Path) -> None:
    one, two = (write(tmp_path / each / "infra", EMPTY) for each in ("a", "b"))
    folders = Folders((one, two), 5)
    assert [each.name for each in folders.found()] == [str(one), str(two)]
    assert folders.locate(str(two)).path == two


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("infra/shp", "did you mean 'infra/shop'?"),
        ("netwrk", "did you mean 'infra/network'?"),
        ("zzz", "there are infra/deep/er/down, infra/network, infra/shop"),
    ],
)
def test_an_unknown_directory_has_near_ones(root: Path, name: str, hint: str) -> None:
    with pytest.raises(NotFound) as fault:
        Folders((root,), 5).locate(name)
    assert fault.value.hint == hint


@pytest.mark.parametrize("name", ["infra/notes", "infra"])
def test_a_folder_without_configuration_is_no_directory(root: Path, name: str) -> None:
    with pytest.raises(Invalid, match="holds no Terraform configuration"):
        Folders((root,), 5).locate(name)


def outside(root: Path, tmp_path: Path) -> list[str]:
    evil = write(tmp_path / "infra-evil", EMPTY)
    (root / "link").symlink_to(evil)
    (root / "up").symlink_to("..")
    (root / "round").symlink_to("round")
    return [str(evil), "infra/link", str(root / "link"), "infra/up/infra-evil", "../infra-evil",
            f"{root}/../infra-evil", "/", "/etc", "infra/up"]  # fmt: skip


def test_nothing_outside_the_roots_is_read(root: Path, tmp_path: Path) -> None:
    for name in outside(root, tmp_path):
        with pytest.raises(Denied, match="outside the folders that are allowed") as fault:
            Folders((root,), 5).locate(name)
        assert str(root) in fault.value.hint
    assert all("link" not in each.name for each in Folders((root,), 5).found())


def test_what_is_outside_is_not_told_to_exist_or_not(root: Path, tmp_path: Path) -> None:
    told: list[str] = []
    for name in (str(tmp_path), str(tmp_path / "nothing")):
        with pytest.raises(Denied) as fault:
            Folders((root,), 5).locate(name)
        told.append(str(fault.value).replace(name, "X"))
    assert told[0] == told[1]


def test_links_in_a_circle_lead_nowhere(root: Path) -> None:
    (root / "round").symlink_to("round")
    with pytest.raises((Denied, NotFound)):
        Folders((root,), 5).locate("infra/round")


def test_a_file_that_leads_out_is_refused(root: Path, tmp_path: Path) -> None:
    secret = write(tmp_path / "other", EMPTY, "secret.tf") / "secret.tf"
    (root / "shop" / "more.tf").symlink_to(secret)
    with pytest.raises(Denied, match=r"'more\.tf' is outside"):
        Folders((root,), 5).locate("shop")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("-chdir=/etc", "must not begin with '-'"),
        ("../etc", "must not contain '..'"),
        ("infra/../../etc", "must not contain '..'"),
        ("infra\n/shop", "one line of printable text"),
        ("infra\x00shop", "one line of printable text"),
        ("~/infra", "'~' is not expanded"),
    ],
)
@pytest.mark.parametrize("tool", ["run_terraform_plan", "check_terraform_state"])
def test_a_name_that_could_be_anything_else_is_refused(tool: str, name: str, told: str) -> None:
    with pytest.raises(Invalid, match="nothing was done") as fault:
        TOOLS[tool].parse({"directory": name})
    assert told in str(fault.value)


@pytest.mark.parametrize(
    "source",
    [
        'provider "aws" {}',
        "  provider aws {}",
        'terraform {\n  backend "s3" {}\n}',
        "terraform {\n  cloud {}\n}",
        'terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws" }\n  }\n}',
        'resource "aws_instance" "web" {}',
        "resource aws_instance web {}",
        'resource "terraform_database" "x" {}',
        'data "aws_ami" "x" {}',
        'module "network" {\n  source = "./network"\n}',
        '{"resource": {"terraform_data": {"x": {}}}}',
    ],
)
def test_what_asks_for_a_provider_a_module_or_a_backend_needs_init(source: str) -> None:
    assert needs_init(source)


@pytest.mark.parametrize(
    "source",
    [
        "",
        'resource "terraform_data" "x" {\n  input = 1\n}',
        'data "terraform_remote_state" "x" {\n  backend = "local"\n}',
        "locals {\n  data = 1\n  module = 2\n}",
        'output "x" {\n  value = 1\n}',
        'terraform {\n  required_version = ">= 1.5"\n}',
        '# resource "aws_instance" "web" {}',
        "\n" * 1_000_000,
    ],
)
def test_what_terraform_runs_with_by_itself_needs_no_init(source: str) -> None:
    assert not needs_init(source)
    assert len(required_in(source)) <= 1
