"""Carrying out one step on a real account, and its dry run: the only place here that changes it."""

import asyncio
from functools import partial
from typing import Any, cast

from fivetabs.core import Denied, NotFound, TimedOut, Unavailable
from fivetabs.providers.aws.live.asked import Asked
from fivetabs.providers.aws.live.clients import Clients
from fivetabs.providers.aws.live.faults import SILENT, fault_of
from fivetabs.providers.aws.live.threads import Threads
from fivetabs.providers.aws.port import CHANGES, Account, Json, Step
from fivetabs.providers.aws.shapes.reboots import check_identity, rebooted

_SERVICE, _OPERATION = "ec2", "RebootInstances"
_WOULD_WORK = "DryRunOperation"


async def dry_run(clients: Clients, threads: Threads, step: Step) -> None:
    """Ask whether the step would be done. EC2 answers a dry run with an error either way.

    Raises:
        Denied: If it would be refused.
        Fault: If the service cannot be asked.
    """
    try:
        await _sent(clients, threads, step, DryRun=True)
    except Exception as error:
        if _code(error) == _WOULD_WORK:
            return
        raise fault_of(error, _asked(clients, step)) from error
    raise Denied(f"{_SERVICE}:{_OPERATION} does not know dry runs here; nothing was done")


async def commit(account: Account, clients: Clients, threads: Threads, step: Step) -> str:
    """Reboot one instance. It is sent once and never repeated.

    EC2 has no precondition of its own, so the instance is read once more right before: it has to be
    running and launched when it was.

    Raises:
        Conflict: If it is not that instance any more.
        Fault: If the service refuses, or it is not known whether it did it.
    """
    named = {"InstanceIds": [step.instance_id]}
    try:
        raw = await account.read(_SERVICE, "DescribeInstances", step.region, **named)
    except NotFound:
        raw = {}
    check_identity(step, raw)
    try:
        await _sent(clients, threads, step)
    except Exception as error:
        fault = fault_of(error, _asked(clients, step))
        if not isinstance(fault, Unavailable):
            raise fault from error
        told = f"{fault}; whether {step.instance_id} was rebooted is not known"
        raise type(fault)(told, hint=fault.hint) from error
    return rebooted(step)


async def _sent(clients: Clients, threads: Threads, step: Step, **more: Any) -> Json:
    if _OPERATION not in CHANGES[_SERVICE]:
        raise Denied(f"{_SERVICE}:{_OPERATION} is not among the changes of this server")
    params: Json = {"InstanceIds": [step.instance_id], **more}
    ask = partial(clients.ask, _SERVICE, step.region, _OPERATION, params)
    seconds = clients.settings.read_seconds
    async with threads.place():
        try:
            async with asyncio.timeout(seconds):
                return await threads.run(ask)
        except TimeoutError as error:
            told = f"{_SERVICE}:{_OPERATION} in {step.region} was not answered within {seconds:g} s"
            raise TimedOut(told, hint=SILENT) from error


def _code(error: Exception) -> str:
    told = cast("Json", getattr(error, "response", None) or {})
    return str(told.get("Error", {}).get("Code", ""))


def _asked(clients: Clients, step: Step) -> Asked:
    return Asked(clients.identity.profile, _SERVICE, _OPERATION, step.region)
