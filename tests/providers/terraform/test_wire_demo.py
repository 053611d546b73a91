"""The live view over a real process that serves the demo world: the same answers as the demo."""

import json
from pathlib import Path

import pytest

from fivetabs.core import Denied, Invalid, NotConfigured
from fivetabs.providers.terraform import PROVIDER
from fivetabs.providers.terraform.live.view import LiveWorkspaces
from fivetabs.providers.terraform.port import CHANGES, READS, Subcommand
from fivetabs.providers.terraform.settings import Settings
from tests.providers.terraform.worlds import call, everything_in, fake_binary, opened, write

pytestmark = pytest.mark.anyio


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("shop", "network"):
        folder = write(tmp_path / "infra" / name, "# the demo world\n")
        (folder / ".terraform").mkdir()
        chosen = {"backend": {"type": "s3"}}
        (folder / ".terraform" / "terraform.tfstate").write_text(json.dumps(chosen))
    return tmp_path / "infra"


@pytest.mark.parametrize("tool", ["run_terraform_plan", "check_terraform_state"])
@pytest.mark.parametrize("directory", ["infra/shop", "infra/network"])
async def test_live_answers_equal_demo_answers(
    root: Path, tmp_path: Path, tool: str, directory: str
) -> None:
    async with opened(root, binary=fake_binary(tmp_path)) as live, PROVIDER.demo(None) as demo:
        assert await call(live, tool, directory=directory) == await call(
            demo.view, tool, directory=directory
        )


async def test_only_fixed_command_lines_are_run_and_nothing_is_left(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", None)
    before = everything_in(root)
    async with opened(root, binary=fake_binary(tmp_path)) as live:
        await call(live, "run_terraform_plan", directory="infra/shop")
        await call(live, "check_terraform_state", directory="infra/shop")
    calls = [json.loads(line)["argv"] for line in (tmp_path / "calls").read_text().splitlines()]
    patterns = [each.argv for each in READS]
    for argv in calls:
        assert any(
            len(argv) == len(each)
            and all(a == b or "{file}" in b for a, b in zip(argv, each, strict=True))
            for each in patterns
        )
    assert everything_in(root) == before
    assert list((tmp_path / "tmp").iterdir()) == []


async def test_the_environment_is_scrubbed(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped = (
        "TF_CLI_ARGS",
        "TF_CLI_ARGS_plan",
        "TF_REATTACH_PROVIDERS",
        "TF_LOG",
        "TF_LOG_PATH",
        "TF_CLI_CONFIG_FILE",
        "TERRAFORM_CONFIG",
        "TF_INPUT",
    )
    kept = ("TF_VAR_size", "AWS_PROFILE", "TF_TOKEN_app_terraform_io", "TF_HTTP_PASSWORD")
    for name in (*dropped, *kept):
        monkeypatch.setenv(name, "x")
    async with opened(root, binary=fake_binary(tmp_path)) as live:
        await call(live, "check_terraform_state", directory="shop")
    (line,) = (tmp_path / "calls").read_text().splitlines()
    environment = json.loads(line)["environment"]
    assert not set(dropped) & set(environment)
    assert {name: environment[name] for name in kept} == dict.fromkeys(kept, "x")
    assert environment["CHECKPOINT_DISABLE"] == "1"
    assert not environment["TF_DATA_DIR"].startswith(str(root))


async def test_the_cli_configuration_is_handed_on_only_when_allowed(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", "/etc/terraformrc")
    async with opened(root, binary=fake_binary(tmp_path), allow_cli_config=True) as live:
        await call(live, "check_terraform_state", directory="shop")
    environment = json.loads((tmp_path / "calls").read_text())["environment"]
    assert environment["TF_CLI_CONFIG_FILE"] == "/etc/terraformrc"


async def test_garbage_is_told_as_garbage(root: Path, tmp_path: Path) -> None:
    (root / "shop" / "say").write_text("Welcome to the wrong program!")
    async with opened(root, binary=fake_binary(tmp_path)) as live:
        with pytest.raises(Invalid, match="is not a JSON object: \ue000'Welcome to") as fault:
            await call(live, "check_terraform_state", directory="shop")
        assert fault.value.hint == "is the binary really terraform or tofu?"


async def test_a_state_of_another_format_is_refused(root: Path, tmp_path: Path) -> None:
    (root / "shop" / "say").write_text('{"version": 3, "terraform_version": "0.11.14"}')
    async with opened(root, binary=fake_binary(tmp_path)) as live:
        with pytest.raises(Invalid, match="has format 3, not 4") as fault:
            await call(live, "check_terraform_state", directory="shop")
        assert "0.11.14" in fault.value.hint


async def test_plans_that_would_run_elsewhere_are_not_started(root: Path, tmp_path: Path) -> None:
    chosen = {"backend": {"type": "cloud", "config": {"hostname": "127.0.0.1:1"}}}
    (root / "shop" / ".terraform" / "terraform.tfstate").write_text(json.dumps(chosen))
    async with opened(root, binary=fake_binary(tmp_path)) as live:
        with pytest.raises(Invalid, match="plans on HCP Terraform"):
            await call(live, "run_terraform_plan", directory="shop")


async def test_a_command_that_is_no_read_is_refused(root: Path, tmp_path: Path) -> None:
    async with opened(root, binary=fake_binary(tmp_path)) as live:
        assert isinstance(live, LiveWorkspaces)
        terraform = live.terraform
        async with terraform.session(terraform.folders.locate("shop")) as session:
            for what in (Subcommand("apply", ("apply",)), *CHANGES):
                with pytest.raises(Denied, match="terraform apply is not a read"):
                    await terraform.run(session, what)


async def test_a_missing_binary_is_not_configured(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotConfigured, match="'/no/such' does not exist"):
        async with opened(root, binary="/no/such"):
            pass
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("fivetabs.providers.terraform.auth.PLACES", ())
    with pytest.raises(NotConfigured, match="neither terraform nor tofu") as fault:
        async with opened(root):
            pass
    assert "FIVETABS_TERRAFORM__BINARY" in fault.value.hint


async def test_tofu_serves_where_there_is_no_terraform(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_binary(tmp_path / "bin", "tofu")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr("fivetabs.providers.terraform.auth.PLACES", ())
    async with opened(root) as live:
        assert (await call(live, "check_terraform_state", directory="shop")).facts["serial"] == 42


@pytest.mark.parametrize(
    ("allowed", "told"),
    [
        ((), "no folder is allowed for Terraform"),
        (("infra",), "is not an absolute path"),
        (("/no/such/folder",), "none of the allowed Terraform folders exists"),
    ],
)
async def test_without_an_allowed_folder_the_answer_says_how_to_allow(
    allowed: tuple[str, ...], told: str
) -> None:
    with pytest.raises(NotConfigured, match=told) as fault:
        async with PROVIDER.live(Settings(allowed_dirs=allowed), None):
            pass
    assert "TERRAFORM_ALLOWED_DIRS=" in fault.value.hint
