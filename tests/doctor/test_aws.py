"""Set-ups of AWS that are really broken: the true cause, and the command that mends it."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha1
from pathlib import Path

import pytest

from tests.doctor.asking import cells, checked, diagnosed, worst
from tests.providers.aws.serving import HOST, Behaviour, serve

pytestmark = pytest.mark.anyio
KEYS = "aws_access_key_id = testing\naws_secret_access_key = testing\n"
LATER = (datetime.now(UTC) + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M:%SZ")
BEFORE = (datetime.now(UTC) - timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def folder(home: Path) -> Path:
    """The folder of the AWS files, without any file."""
    (home / ".aws").mkdir()
    return home / ".aws"


@pytest.fixture
def aws(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Behaviour]:
    """The demo account over HTTP, and a default profile with keys in eu-west-1."""
    (folder / "config").write_text("[default]\nregion = eu-west-1\n")
    (folder / "credentials").write_text(f"[default]\n{KEYS}")
    behaviour = Behaviour()
    with serve(behaviour) as port:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{HOST}")
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
        yield behaviour


async def test_an_account_that_answers_is_ready_and_says_as_whom(aws: Behaviour) -> None:
    answer = await checked("aws")
    assert not answer.findings
    assert cells(answer, "status") == ["ready"]
    assert cells(answer, "target") == ["aws:123456789012/eu-west-1"]
    assert cells(answer, "as") == ["arn:aws:iam::123456789012:user/demo"]
    assert "shared-credentials-file" in cells(answer, "from")[0]
    assert "ce:GetCostAndUsage" not in aws.operations()


async def test_nothing_at_all_is_no_failure(home: Path) -> None:
    assert worst(await checked("aws")).code == "CON102"


async def test_no_credentials(folder: Path) -> None:
    (folder / "config").write_text("[default]\nregion = eu-west-1\n")
    diagnosed(
        await checked("aws"), "CON101", "no AWS credentials", "aws configure --profile default"
    )


async def test_a_profile_that_does_not_exist(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "credentials").write_text(f"[prod]\n{KEYS}")
    monkeypatch.setenv("AWS_PROFILE", "prd")
    diagnosed(await checked("aws"), "CON101", "no AWS profile 'prd'", "did you mean 'prod'")


async def test_half_a_pair_of_keys(folder: Path) -> None:
    (folder / "config").write_text("[default]\nregion = eu-west-1\n")
    (folder / "credentials").write_text("[default]\naws_access_key_id = testing\n")
    answer = await checked("aws")
    diagnosed(answer, "CON101", "aws_secret_access_key", "aws configure --profile default")


async def test_no_region(folder: Path) -> None:
    (folder / "credentials").write_text(f"[default]\n{KEYS}")
    diagnosed(await checked("aws"), "CON101", "no AWS region", "aws configure set region")


async def test_a_region_that_does_not_exist(folder: Path) -> None:
    (folder / "config").write_text("[default]\nregion = eu-wst-1\n")
    (folder / "credentials").write_text(f"[default]\n{KEYS}")
    diagnosed(
        await checked("aws"), "CON101", "no region 'eu-wst-1'", "set region eu-west-1 --profile"
    )


async def test_a_config_file_that_does_not_parse(folder: Path) -> None:
    (folder / "config").write_text("[default\nregion = eu-west-1\n")
    diagnosed(await checked("aws"), "CON101", "cannot be used", "~/.aws/config")


def sso(folder: Path, ends: str) -> None:
    """A profile that signs in by SSO, and the CLI's cache of its token."""
    (folder / "config").write_text(
        "[default]\nregion = eu-west-1\nsso_session = corp\nsso_account_id = 123456789012\n"
        "sso_role_name = viewer\n[sso-session corp]\nsso_region = eu-west-1\n"
        "sso_start_url = https://corp.example/start\n"
    )
    cache = folder / "sso" / "cache"
    cache.mkdir(parents=True)
    name = sha1(b"corp", usedforsecurity=False).hexdigest()
    token = {"accessToken": "t", "expiresAt": ends, "region": "eu-west-1"}
    (cache / f"{name}.json").write_text(json.dumps(token))


async def test_an_sso_session_that_has_run_out(folder: Path) -> None:
    sso(folder, BEFORE)
    answer = await checked("aws")
    diagnosed(answer, "CON104", "SSO session", "aws sso login --profile default")


async def test_an_sso_session_that_never_was(folder: Path) -> None:
    sso(folder, LATER)
    for each in (folder / "sso" / "cache").iterdir():
        each.unlink()
    diagnosed(await checked("aws"), "CON104", "expired or is missing", "aws sso login")


def process(folder: Path, script: str) -> None:
    """A profile whose credentials a program prints."""
    program = folder / "print_credentials.py"
    program.write_text(script)
    (folder / "config").write_text(
        f"[default]\nregion = eu-west-1\ncredential_process = {sys.executable} {program}\n"
    )


async def test_a_process_that_hands_out_expired_credentials(folder: Path) -> None:
    given = {
        "Version": 1,
        "AccessKeyId": "testing",
        "SecretAccessKey": "testing",
        "SessionToken": "testing",
        "Expiration": BEFORE,
    }
    process(folder, f"print({json.dumps(json.dumps(given))})")
    diagnosed(await checked("aws"), "CON104", "expired already", "credential_process")


async def test_a_process_that_fails(folder: Path) -> None:
    process(folder, "import sys; sys.exit('vault is sealed')")
    answer = await checked("aws")
    diagnosed(answer, "CON105", "vault is sealed", "aws sts get-caller-identity")


async def test_a_clock_that_is_off(aws: Behaviour) -> None:
    told = "The difference between the request time and the current time is too large."
    aws.errors["GetCallerIdentity"] = (403, "RequestTimeTooSkewed", told)
    aws.ahead = 1200.5
    answer = await checked("aws")
    diagnosed(answer, "CON105", "this machine's clock is ", "timedatectl set-ntp true")
    assert "behind AWS's" in worst(answer).cause


async def test_a_clock_that_is_off_by_less_than_aws_minds(aws: Behaviour) -> None:
    aws.ahead = -200
    diagnosed(await checked("aws"), "CON203", "ahead of that of aws:123456789012", "timedatectl")


async def test_a_clock_that_is_off_by_so_much_that_the_signature_is_of_no_use(
    aws: Behaviour,
) -> None:
    told = "Signature expired: 20260312T100000Z is now earlier than 20260312T101000Z"
    aws.errors["GetCallerIdentity"] = (403, "SignatureDoesNotMatch", told)
    diagnosed(await checked("aws"), "CON105", "this machine's clock", "timedatectl")


async def test_a_key_that_does_not_fit(aws: Behaviour) -> None:
    told = "The request signature we calculated does not match the signature you provided."
    aws.errors["GetCallerIdentity"] = (403, "SignatureDoesNotMatch", told)
    answer = await checked("aws")
    diagnosed(answer, "CON105", "does not accept the credentials of profile 'default'", "aws sts")


async def test_a_session_token_that_has_run_out(aws: Behaviour) -> None:
    told = "The security token included in the request is expired"
    aws.errors["GetCallerIdentity"] = (403, "ExpiredToken", told)
    diagnosed(await checked("aws"), "CON104", "have expired", "aws sso login --profile default")


async def test_an_endpoint_where_nobody_listens(
    aws: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HTTP_PROXY")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    diagnosed(await checked("aws"), "CON103", "cannot be reached", "AWS_ENDPOINT_URL")


async def test_rights_that_the_tools_will_miss(aws: Behaviour) -> None:
    for name in ("ListQueues", "DescribeLogGroups"):
        aws.errors[name] = (403, "AccessDeniedException", "not for you")
    answer = await checked("aws")
    diagnosed(answer, "CON204", "sqs:ListQueues", "fivetabs permissions aws")
    assert "logs:DescribeLogGroups" in worst(answer).cause


async def test_other_profiles_are_named_and_asked_only_when_wanted(
    aws: Behaviour, folder: Path
) -> None:
    (folder / "credentials").write_text(f"[default]\n{KEYS}[prod]\n{KEYS}")
    answer = await checked("aws")
    assert any("not asked: prod" in each for each in answer.notes)
    every = await checked("aws", every=True)
    assert cells(every, "status") == ["ready", "misconfigured"]
    diagnosed(every, "CON201", "no AWS region is configured for profile 'prod'", "--profile prod")
