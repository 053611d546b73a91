"""What people install is whole: the wheel, the bundle, and what both say of themselves."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from bundle.__main__ import lay_out
from bundle.boxes import boxes
from bundle.registry import NAME
from fivetabs import __version__
from fivetabs.app.settings import AppSettings
from fivetabs.cli.houses import PROVIDERS, every_offer
from fivetabs.cli.settings import load
from tests.docs import ROOT

MANIFEST: Any = json.loads((ROOT / "bundle" / "manifest.json").read_text("utf-8"))
REGISTRY: Any = json.loads((ROOT / "server.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder))
    (made,) = folder.glob("fivetabs-*.whl")
    return made


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    lay_out(tmp_path / "bundle")
    return tmp_path / "bundle"


def run(*argv: str, cwd: Path = ROOT, **environment: str) -> str:
    given = environment or dict(os.environ)
    done = subprocess.run(argv, cwd=cwd, env=given, capture_output=True, text=True, check=True)
    return done.stdout


async def tools(command: str, *arguments: str, **environment: str) -> set[str]:
    """What a client sees that starts this as a desktop program would."""
    given = {"PATH": "/usr/bin:/bin", "HOME": str(Path.home()), **environment}
    started = StdioServerParameters(command=command, args=list(arguments), env=given, cwd="/")
    async with Client(started) as client:
        return {tool.name for tool in (await client.list_tools()).tools}


@pytest.fixture
def installed(wheel: Path, tmp_path: Path) -> Path:
    """A new environment with the wheel alone; what it needs is lent from this one."""
    home, here = tmp_path / "venv", Path(sys.executable).parent
    run(sys.executable, "-m", "venv", "--without-pip", str(home))
    uv = ("uv", "pip", "install", "--offline", "--no-deps", "--quiet")
    run(str(here / uv[0]), *uv[1:], "--python", str(home / "bin" / "python"), str(wheel))
    (site,) = home.glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(f"{Path(pytest.__file__).parent.parent}\n")
    return home


def test_the_wheel_is_what_runs_in_an_environment_of_its_own(installed: Path) -> None:
    assert run(str(installed / "bin" / "fivetabs"), "--version") == f"fivetabs {__version__}\n"
    where = run(
        str(installed / "bin" / "python"), "-c", "import fivetabs; print(fivetabs.__file__)"
    )
    assert Path(where).is_relative_to(installed)


@pytest.mark.anyio
async def test_the_wheel_serves_every_tool(installed: Path) -> None:
    every = {offer.tool.name for offer in every_offer()}
    assert await tools(str(installed / "bin" / "fivetabs"), "--demo") == every


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(wheel: Path) -> None:
    listed = run("git", "ls-files", "src/fivetabs").split()
    tracked = {name.removeprefix("src/") for name in listed}
    inside = {n for n in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in n}
    assert tracked <= inside
    assert "fivetabs/cli/labels.json" in inside
    assert all((ROOT / "src" / name).exists() for name in inside)


@pytest.mark.anyio
async def test_the_bundle_starts_with_its_form_left_empty_and_filled_in(bundle: Path) -> None:
    """A box that was left empty comes as an empty text or as the placeholder itself."""
    start = (str(bundle / "server.py"), "--terraform", "--path", "${user_config.tool_dirs}")
    empty = {box.variable: box.default for box in boxes() if not box.option}
    words = {name: str(value).lower() for name, value in empty.items()}
    words["AWS_PROFILE"] = "${user_config.aws_profile}"
    every = {offer.tool.name for offer in every_offer()}
    assert await tools(sys.executable, *start, **words) == every
    looking = await tools(sys.executable, *start, **{**words, "FIVETABS_CHANGES": "off"})
    assert "get_pod_status" in looking
    assert "restart_deployment" not in looking


def test_folders_of_the_form_become_settings(bundle: Path) -> None:
    code = (
        "import os, server; server.settle(); print(os.environ['TERRAFORM_ALLOWED_DIRS']); "
        "print(os.environ['PATH']); print('AWS_PROFILE' in os.environ)"
    )
    filled = ("--terraform", "/one", "/two", "--path", "/opt/bin")
    told = run(sys.executable, "-c", code, *filled, cwd=bundle, PATH="/bin", AWS_PROFILE="")
    assert told.split() == [f"/one{os.pathsep}/two", f"/opt/bin{os.pathsep}/bin", "False"]


def test_the_bundle_installs_exactly_the_versions_that_are_tested(bundle: Path) -> None:
    locked = (ROOT / "requirements-run.txt").read_text("utf-8")
    pinned = re.findall(r"^([A-Za-z0-9._-]+==[^ \\]+)", locked, re.MULTILINE)
    project = (bundle / "pyproject.toml").read_text("utf-8")
    asked = re.findall(r'^    "([^ "]+)', project, re.MULTILINE)
    assert asked == pinned
    assert not list(bundle.rglob("__pycache__"))


def test_the_manifest_says_what_the_server_has() -> None:
    offers = {offer.tool.name: offer.tool for offer in every_offer()}
    assert MANIFEST["version"] == __version__
    assert [tool["name"] for tool in MANIFEST["tools"]] == list(offers)
    assert [prompt["name"] for prompt in MANIFEST["prompts"]] == ["triage"]
    handed = {*MANIFEST["server"]["mcp_config"]["env"].values()}
    handed |= {*MANIFEST["server"]["mcp_config"]["args"]}
    assert {f"${{user_config.{name}}}" for name in MANIFEST["user_config"]} <= handed


def test_what_the_form_starts_with_is_what_the_server_does_unasked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FIVETABS_CONFIG", str(tmp_path / "none.toml"))
    (tmp_path / "none.toml").touch()
    for box in boxes():
        if box.variable.startswith("FIVETABS_"):
            monkeypatch.setenv(box.variable, str(box.default).lower())
    assert load(PROVIDERS, {}).app == AppSettings()


def test_the_registrys_entry_keeps_its_rules() -> None:
    """server.json of 2025-12-11: the name's form, 100 characters, exact versions, no host."""
    (package,) = REGISTRY["packages"]
    assert REGISTRY["name"] == NAME
    assert re.fullmatch(r"[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+", NAME)
    assert f"mcp-name: {NAME}" in (ROOT / "README.md").read_text("utf-8")
    assert len(REGISTRY["description"]) <= 100
    assert REGISTRY["version"] == package["version"] == __version__
    assert package["registryType"] == "pypi"
    assert package["transport"] == {"type": "stdio"}
    assert "registryBaseUrl" not in package
    assert {v["name"] for v in package["environmentVariables"]} == {
        box.variable for box in boxes() if box.variable != "PATH"
    }
