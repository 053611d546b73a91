"""Configurations that would run a program while a plan is made are refused before anything runs."""

import json
from pathlib import Path

import pytest

from fivetabs.core import Denied
from fivetabs.providers.terraform.shapes.masks import secret_form
from fivetabs.providers.terraform.shapes.screens import parse_graph, parse_json, parse_text
from tests.providers.terraform.worlds import (
    call,
    everything_in,
    fake_binary,
    needs_terraform,
    opened,
    terraform,
    write,
)

pytestmark = pytest.mark.anyio

EXTERNAL = 'data "external" "x" {\n  program = ["touch", "/tmp/ran"]\n}\n'
PLACES = {
    "main.tf": EXTERNAL,
    "unquoted.tf": "data external x {\n program = []\n}\n",
    "escaped.tf": EXTERNAL.replace("external", "ext\\u0065rnal"),
    "checked.tf": f'check "c" {{\n{EXTERNAL}}}\n',
    "local.tf": 'data "local_command" "x" {\n  command = "ls"\n}\n',
    "fooled.tf": f'locals {{\n  a = "${{upper("#")}}"\n}}\n{EXTERNAL}',
    "it.tf.json": json.dumps({"data": {"external": {"x": {"program": ["ls"]}}}}),
    "list.tf.json": json.dumps({"data": [{"external": [{"x": {"program": ["ls"]}}]}]}),
    "it.tofu": EXTERNAL,
}


@pytest.mark.parametrize("name", PLACES)
async def test_data_that_runs_a_program_is_refused(tmp_path: Path, name: str) -> None:
    folder = write(tmp_path / "infra" / "it", "# main\n")
    (folder / name).write_text(PLACES[name])
    before = everything_in(folder)
    async with opened(tmp_path / "infra", binary=fake_binary(tmp_path)) as view:
        with pytest.raises(Denied, match=r"infra/it was not planned: data\..*\.x") as fault:
            await call(view, "run_terraform_plan", directory="it")
    assert name in str(fault.value)
    assert "ALLOW_EXTERNAL_DATA" in fault.value.hint
    assert not (tmp_path / "calls").exists()
    assert everything_in(folder) == before


HARMLESS = """
# data "external" "commented" { program = [] }
// data "external" "commented" { program = [] }
/* data "external" "commented" {
} */
locals {
  text = "data \\"external\\" \\"quoted\\" {"
  here = <<-EOT
    data "external" "document" {
    }
  EOT
}
data "terraform_remote_state" "x" {
  backend = "local"
}
"""


def test_text_that_only_looks_like_it_is_not_accused() -> None:
    assert [each.address for each in parse_text(HARMLESS)] == ["data.terraform_remote_state.x"]
    assert parse_text(HARMLESS)[0].line == 13
    assert parse_json("not json") == ()
    assert parse_json('{"data": {"http": {"x": {}}}, "locals": {"data": "external"}}')[0].type == (
        "http"
    )


def test_the_graph_is_read_whichever_way_it_is_drawn() -> None:
    drawn = """digraph G {
      "data.external.a" [label="data.external.a"];
      "module.m[\\"k\\"].data.local_command.b" [label="b"];
      "[root] module.n.data.external.c (expand)" [label = "x"]
      "[root] aws_instance.data (expand)" -> "[root] ephemeral.shell_data.d (expand)"
      "aws_instance.external" [label="aws_instance.external"];
    }"""
    assert {(each.type, each.name) for each in parse_graph(drawn)} == {
        ("external", "a"),
        ("local_command", "b"),
        ("external", "c"),
        ("shell_data", "d"),
    }


async def test_the_graph_is_the_law_where_the_text_shows_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path / "infra" / "shop", "# the text hides it\n")
    write(folder, '"data.external.hidden"', "graph")
    async with opened(tmp_path / "infra", binary=fake_binary(tmp_path)) as view:
        with pytest.raises(Denied, match=r"data\.external\.hidden runs a program"):
            await call(view, "run_terraform_plan", directory="shop")
    ran = [json.loads(line)["argv"][0] for line in (tmp_path / "calls").read_text().splitlines()]
    assert ran == ["graph"]


async def test_the_owner_can_allow_it(tmp_path: Path) -> None:
    write(tmp_path / "infra" / "shop", EXTERNAL)
    binary = fake_binary(tmp_path)
    async with opened(tmp_path / "infra", binary=binary, allow_external_data=True) as view:
        assert (await call(view, "run_terraform_plan", directory="shop")).facts["serial"] == 42


async def test_data_that_writes_a_file_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "infra" / "shop", "# it\n")
    write(folder, '"data.archive_file.lambda"', "graph")
    async with opened(tmp_path / "infra", binary=fake_binary(tmp_path)) as view:
        answer = await call(view, "run_terraform_plan", directory="shop")
    assert "data.archive_file.lambda writes its file whenever a plan reads it" in answer.notes


@needs_terraform
async def test_installed_modules_are_looked_at_too(tmp_path: Path) -> None:
    inner = write(tmp_path / "infra" / "modules" / "inner", "# nothing yet\n")
    folder = write(tmp_path / "infra" / "it", 'module "m" {\n  source = "../modules/inner"\n}\n')
    terraform(folder, "init")
    async with opened(tmp_path / "infra") as view:
        assert (await call(view, "run_terraform_plan", directory="it")).facts["to_add"] == 0
        write(inner, EXTERNAL)
        with pytest.raises(Denied, match=r"data\.external\.x \(.*inner/main\.tf:1\)"):
            await call(view, "run_terraform_plan", directory="it")


@needs_terraform
async def test_a_module_outside_the_roots_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere", 'resource "terraform_data" "x" {}\n')
    folder = write(tmp_path / "infra" / "it", 'module "m" {\n  source = "../../elsewhere"\n}\n')
    terraform(folder, "init")
    async with opened(tmp_path / "infra") as view:
        with pytest.raises(Denied, match=r"'module m \(\.\./\.\./elsewhere\)'\ue001 is outside"):
            await call(view, "run_terraform_plan", directory="it")


@needs_terraform
async def test_a_module_that_became_a_link_outwards_is_refused(tmp_path: Path) -> None:
    inner = write(tmp_path / "infra" / "inner", "# nothing\n")
    folder = write(tmp_path / "infra" / "it", 'module "m" {\n  source = "../inner"\n}\n')
    terraform(folder, "init")
    inner.rename(tmp_path / "moved")
    inner.symlink_to(tmp_path / "moved")
    async with opened(tmp_path / "infra") as view:
        with pytest.raises(Denied, match="is outside the folders"):
            await call(view, "run_terraform_plan", directory="it")


@pytest.mark.parametrize("text", ['"\\', '"', "/*", "<<A\n", 'data "\\"', "a.", "eyJ-", "a://b:"])
def test_no_text_makes_looking_at_it_slow(text: str) -> None:
    evil = text * 100_000  # hours, if anything here were quadratic
    assert parse_text(evil) == ()
    assert len(parse_graph(evil)) == 0
    assert secret_form(evil) is (text == "eyJ-")
