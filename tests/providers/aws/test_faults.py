"""Every way the backend fails becomes the Fault that says so, with what mends it."""

import socket
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fivetabs.core import (
    Denied,
    Expired,
    Fault,
    Invalid,
    NotConfigured,
    TimedOut,
    Unauthorised,
    Unavailable,
    Unreachable,
    quoted,
)
from tests.providers.aws.asking import QUICK, fault
from tests.providers.aws.serving import Behaviour

pytestmark = pytest.mark.anyio


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def silent_listener() -> Generator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        yield listener.getsockname()[1]


@pytest.mark.parametrize(
    ("status", "code", "kind", "words"),
    [
        (400, "ExpiredToken", Expired, "aws sso login --profile default"),
        (400, "RequestExpired", Expired, "aws sso login --profile default"),
        (401, "AuthFailure", Unauthorised, "aws sts get-caller-identity --profile default"),
        (403, "InvalidClientTokenId", Unauthorised, "get-caller-identity"),
        (403, "UnauthorizedOperation", Denied, "allow ec2:DescribeInstances"),
        (403, "AccessDenied", Denied, "allow ec2:DescribeInstances"),
        (401, "OptInRequired", Denied, "enable the region"),
        (400, "InvalidParameterValue", Invalid, ""),
        (500, "InternalError", Unavailable, "AWS Health"),
        (503, "RequestLimitExceeded", Unavailable, "again"),
    ],
)
async def test_an_error_of_aws_becomes_its_fault(
    aws: Behaviour, status: int, code: str, kind: type[Fault], words: str
) -> None:
    aws.errors["DescribeInstances"] = (status, code, "something was said")
    caught = await fault()
    assert type(caught) is kind
    assert words in caught.hint


async def test_a_denial_names_the_operation_and_drops_the_encoded_message(aws: Behaviour) -> None:
    said = "You are not authorized. Encoded authorization failure message: Q29t"
    aws.errors["DescribeInstances"] = (403, "UnauthorizedOperation", said)
    caught = await fault()
    words = quoted("You are not authorized.")
    assert str(caught) == f"AWS refused ec2:DescribeInstances in eu-west-1: {words}"


async def test_an_account_without_cost_explorer_is_told_how_to_enable_it(aws: Behaviour) -> None:
    said = "User not enabled for cost explorer access"
    aws.errors["GetCostAndUsage"] = (400, "AccessDeniedException", said)
    caught = await fault("get_aws_cost")
    assert isinstance(caught, NotConfigured)
    assert "Billing console" in caught.hint


async def test_garbage_is_told_from_aws(aws: Behaviour) -> None:
    aws.garbage.add("DescribeInstances")
    caught = await fault()
    assert isinstance(caught, Unreachable)
    assert "is not AWS" in str(caught)


async def test_a_listener_that_never_answers_times_out(
    configured: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with silent_listener() as port:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
        caught = await fault(settings=QUICK)
        assert isinstance(caught, TimedOut)
        assert "sts:GetCallerIdentity" in str(caught)
        assert "AWS_ENDPOINT_URL" in caught.hint


async def test_a_closed_port_is_unreachable(
    configured: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{closed_port()}")
    caught = await fault()
    assert isinstance(caught, Unreachable)
    assert "AWS_ENDPOINT_URL" in caught.hint
