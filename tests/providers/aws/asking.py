"""Asking the tools of the live account, patiently or not, in the tests."""

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Any, cast

import pytest

from fivetabs.core import (
    Answer,
    Connection,
    Fault,
)
from fivetabs.providers.aws import PROVIDER
from fivetabs.providers.aws.demo import CLOCK
from fivetabs.providers.aws.live import connect
from fivetabs.providers.aws.port import Account
from fivetabs.providers.aws.settings import Settings

TOOLS = {tool.name: tool for tool in PROVIDER.tools}
PATIENT = Settings().model_copy(
    update={"quiet_seconds": 20.0, "sign_in_seconds": 30.0, "list_seconds": 60.0}
)
QUICK = PATIENT.model_copy(update={"quiet_seconds": 1.0})


def live(
    target: str | None = None, settings: Settings = PATIENT
) -> AbstractAsyncContextManager[Connection[Account, Any]]:
    return cast("Any", connect(settings, target, now=lambda: CLOCK))


async def ask(
    tool: str, target: str | None = None, settings: Settings = PATIENT, **arguments: Any
) -> Answer:
    async with live(target, settings) as connection:
        answer = await TOOLS[tool].run(connection.view, **TOOLS[tool].parse(arguments))
    assert isinstance(answer, Answer)
    return answer


async def fault(
    tool: str = "list_ec2_instances", target: str | None = None, settings: Settings = PATIENT
) -> Fault:
    with pytest.raises(Fault) as caught:
        await ask(tool, target, settings)
    return caught.value


async def until(happened: Any) -> None:
    async with asyncio.timeout(20):
        while not happened():  # noqa: ASYNC110  (it happens in a thread of the server)
            await asyncio.sleep(0.01)
