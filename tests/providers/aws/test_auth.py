"""Profiles, regions and credentials, found as the AWS command line finds them."""

import stat
import sys
from pathlib import Path
from typing import Any, cast

import pytest

from fivetabs.core import (
    Expired,
    Fault,
    Invalid,
    Misconfigured,
    NotConfigured,
    NotFound,
    TimedOut,
    Unauthorised,
)
from fivetabs.providers.aws import PROVIDER
from fivetabs.providers.aws.auth.targets import Target, parse_target
from fivetabs.providers.aws.live import connect
from fivetabs.providers.aws.settings import Settings
from tests.providers.aws.serving import Behaviour

pytestmark = pytest.mark.anyio
PROFILES, REGIONS = ("default", "prod", "eu/odd"), frozenset(("eu-west-1", "us-east-1"))
PATIENT = Settings(sign_in_seconds=30, quiet_seconds=20)


async def target_of(target: str | None = None, settings: Settings = PATIENT) -> str:
    async with cast("Any", connect(settings, target)) as connection:
        return connection.target


async def fault(target: str | None = None, settings: Settings = PATIENT) -> Fault:
    with pytest.raises(Fault) as caught:
        await target_of(target, settings)
    return caught.value


@pytest.mark.parametrize(
    ("text", "target"),
    [
        (None, Target()),
        ("prod", Target(profile="prod")),
        ("eu/odd", Target(profile="eu/odd")),
        ("eu-west-1", Target(region="eu-west-1")),
        ("prod/us-east-1", Target(profile="prod", region="us-east-1")),
        ("all", Target(everywhere=True)),
        ("prod/all", Target(profile="prod", everywhere=True)),
    ],
)
def test_a_target_is_a_profile_a_region_both_or_all(text: str | None, target: Target) -> None:
    assert parse_target(text, PROFILES, REGIONS) == target


@pytest.mark.parametrize(
    ("text", "kind", "hint"),
    [
        ("", Invalid, "leave it out"),
        ("prdo", NotFound, "'prod'"),
        ("prod/eu-wst-1", NotFound, "'eu-west-1'"),
        ("nobody/eu-west-1", NotFound, "the profiles here: default, eu/odd, prod"),
        ("--endpoint-url=x", NotFound, ""),
    ],
)
def test_any_other_target_is_told_the_near_names(text: str, kind: type[Fault], hint: str) -> None:
    with pytest.raises(kind) as caught:
        parse_target(text, PROFILES, REGIONS)
    assert hint in caught.value.hint


async def test_the_default_profile_and_its_region_are_the_default(aws: Behaviour) -> None:
    assert await target_of() == "aws:123456789012/eu-west-1"


async def test_aws_region_wins_over_the_profiles_own(
    aws: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    assert await target_of() == "aws:123456789012/eu-central-1"
    assert await target_of("us-east-1") == "aws:123456789012/us-east-1"


async def test_no_credentials_says_how_to_get_some(
    clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    caught = await fault()
    assert isinstance(caught, NotConfigured)
    assert "aws configure --profile default" in caught.hint


async def test_no_region_says_how_to_set_one(configured: Path) -> None:
    caught = await fault("prod")
    assert isinstance(caught, NotConfigured)
    assert "AWS_REGION" in caught.hint
    assert "--profile prod" in caught.hint


async def test_a_misspelt_region_of_the_environment_is_refused_before_any_request(
    aws: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-wst-1")
    caught = await fault()
    assert isinstance(caught, Misconfigured)
    assert "set region eu-west-1" in caught.hint
    assert aws.asked == []


async def test_a_profile_of_the_environment_that_no_file_has(
    configured: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "prdo")
    caught = await fault()
    assert isinstance(caught, NotFound)
    assert "'prod'" in caught.hint


async def test_a_missing_sso_session_says_how_to_log_in(clean: Path) -> None:
    (clean / "config").write_text(
        "[profile corp]\nregion = eu-west-1\nsso_session = corp\nsso_account_id = 123456789012\n"
        "sso_role_name = ReadOnly\n[sso-session corp]\nsso_region = eu-west-1\n"
        "sso_start_url = https://corp.example/start\n"
    )
    caught = await fault("corp")
    assert isinstance(caught, Expired)
    assert "aws sso login --profile corp" in caught.hint


async def test_a_broken_configuration_file_is_named(
    clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (clean / "config").write_text("[default\nregion\n")
    caught = await fault()
    assert isinstance(caught, NotConfigured)
    assert "config" in str(caught)


def process(folder: Path, script: str) -> None:
    program = folder / "process"
    program.write_text(f"#!{sys.executable}\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (folder / "config").write_text(
        f"[profile tool]\nregion = eu-west-1\ncredential_process = {program}\n"
    )
    (folder / "credentials").unlink()


def running(told: Path) -> bool:
    return told.exists() and Path(f"/proc/{told.read_text()}").exists()


async def test_a_credential_process_gives_the_keys_and_cannot_read_our_input(
    aws: Behaviour, configured: Path
) -> None:
    keys = '{"Version": 1, "AccessKeyId": "a", "SecretAccessKey": "b"}'
    process(configured, f"import sys; assert not sys.stdin.read(); print('{keys}')")
    assert await target_of("tool") == "aws:123456789012/eu-west-1"


async def test_a_credential_process_that_fails_is_told_in_its_own_words(
    aws: Behaviour, configured: Path
) -> None:
    process(configured, "import sys; sys.exit('vault is sealed')")
    caught = await fault("tool")
    assert isinstance(caught, Unauthorised)
    assert "vault is sealed" in str(caught)


async def test_a_credential_process_that_hangs_is_stopped(aws: Behaviour, configured: Path) -> None:
    told = configured / "pid"
    script = f"import os, time; open({str(told)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    process(configured, script)
    settings = Settings(sign_in_seconds=2)
    caught = await fault("tool", settings)
    assert isinstance(caught, TimedOut)
    assert not running(told)


async def test_a_role_is_assumed_and_its_expiry_is_told(aws: Behaviour, configured: Path) -> None:
    with (configured / "config").open("a") as config:
        config.write(
            "[profile role]\nregion = eu-west-1\nsource_profile = prod\n"
            "role_arn = arn:aws:iam::123456789012:role/reader\n"
        )
    aws.errors["AssumeRole"] = (403, "ExpiredToken", "The security token is expired")
    caught = await fault("role")
    assert isinstance(caught, Expired)
    aws.errors["AssumeRole"] = (403, "AccessDenied", "not authorized to perform sts:AssumeRole")
    assert "sts:AssumeRole" in str(await fault("role"))


@pytest.mark.parametrize(
    ("target", "meant"),
    [
        ("all/eu-west-1", ("eu-west-1", "prod/eu-west-1")),
        ("all/all", ("all", "prod/all")),
        ("all", ()),
        ("prod/all", ()),
        ("all/", ("", "prod/")),
        ("prod", ()),
    ],
)
def test_every_profile_is_meant_only_by_all_before_the_slash(
    target: str, meant: tuple[str, ...]
) -> None:
    assert PROVIDER.spread(target, (None, "prod")) == meant


def test_a_profile_that_is_called_all_is_just_that_one() -> None:
    assert PROVIDER.spread("all/eu-west-1", (None, "all")) == ()
