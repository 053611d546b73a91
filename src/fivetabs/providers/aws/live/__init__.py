"""The real account: botocore in threads of our own, and the reads of the closed set only."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from fivetabs.core import Connection, Denied, Fault, TimedOut, veiled
from fivetabs.core.secrecy import Seen
from fivetabs.core.waiting import Flights, patient
from fivetabs.providers.aws.auth import (
    Identity,
    credentials_in_use,
    find_identity,
    sign_in,
)
from fivetabs.providers.aws.auth.files import stamp
from fivetabs.providers.aws.live.asked import Asked
from fivetabs.providers.aws.live.changes import commit, dry_run
from fivetabs.providers.aws.live.clients import Clients
from fivetabs.providers.aws.live.faults import SILENT, fault_of, retriable
from fivetabs.providers.aws.live.threads import Threads
from fivetabs.providers.aws.port import ALONE, READS, Account, Json, Step
from fivetabs.providers.aws.settings import Settings
from fivetabs.providers.aws.shapes.paging import every_page
from fivetabs.providers.aws.shapes.secrets import secrets_in

_RETRIES = (0.2, 0.8)


def _present() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def connect(
    settings: Settings, target: str | None, *, now: Callable[[], datetime] = _present
) -> AsyncGenerator[Connection[Account, Step]]:
    """Sign in and learn which account it is.

    Raises:
        Fault: If the target does not exist or the sign-in fails.
    """
    written = stamp()
    threads = Threads(asyncio.Semaphore(settings.concurrent_calls), settings.queue_seconds)
    identity = await _sign_in(threads, settings, target)
    account = LiveAccount(Clients(identity, settings), threads, now, settings.list_seconds)
    account.name = settings.account or await _account_id(account, identity)
    where = "all" if identity.everywhere else identity.region
    yield Connection(
        account,
        partial(commit, account, account.clients, threads),
        f"aws:{account.name}/{where}",
        now,
        tuple(sorted(identity.session.available_profiles)),
        secrets=lambda: (*credentials_in_use(identity), *account.seen),
        stale=lambda: stamp() != written,
    )


async def _sign_in(threads: Threads, settings: Settings, target: str | None) -> Identity:
    # The process of a profile is killed by its own timeout, which says more than this one.
    limit = settings.sign_in_seconds + 1
    profile = "default"
    try:
        async with asyncio.timeout(limit):
            identity = await threads.run(partial(find_identity, settings, target))
            profile = identity.profile
            await threads.run(partial(sign_in, identity))
    except TimeoutError as error:
        raise TimedOut(
            f"signing in to AWS as profile {profile!r} took longer than {limit:g} s",
            hint="check SSO, role and metadata access; FIVETABS_AWS__SIGN_IN_SECONDS allows more",
        ) from error
    except Exception as error:
        raise fault_of(error, Asked(profile)) from error
    return identity


async def _account_id(account: "LiveAccount", identity: Identity) -> str:
    """The account's id; a policy that hides even that leaves the profile's name."""
    try:
        return (await account.read("sts", "GetCallerIdentity"))["Account"]
    except Denied:
        return identity.profile
    except Fault as fault:
        # No connection is open yet, of which the keys could be learned that an answer may repeat.
        told = veiled(str(fault), credentials_in_use(identity))
        raise type(fault)(told, hint=fault.hint) from fault


@dataclass(slots=True)
class LiveAccount:
    """The view. Reads are shared while in flight, retried when throttled, and never hang."""

    clients: Clients
    threads: Threads
    now: Callable[[], datetime]
    list_seconds: float
    name: str = ""
    flights: Flights = field(default_factory=Flights)
    seen: Seen = field(default_factory=Seen, compare=False)

    async def regions(self) -> tuple[str, ...]:
        """The region of the target, or every one that the account has enabled."""
        if not self.clients.identity.everywhere:
            return (self.clients.identity.region,)
        answer = await self.read("ec2", "DescribeRegions")
        return tuple(sorted(each["RegionName"] for each in answer["Regions"]))

    async def read(self, service: str, operation: str, region: str = "", **params: Any) -> Json:
        """One answer of the closed set of reads."""
        if operation not in READS.get(service, ()):
            raise Denied(f"{service}:{operation} is not among the reads of this server")
        place = region or self.clients.home(service)
        fetch = partial(self._fetch, service, operation, place, params)
        if operation in ALONE:
            return await fetch()
        key = (service, operation, place, json.dumps(params, sort_keys=True))
        return await self.flights.share(key, fetch)

    def pages(
        self, service: str, operation: str, region: str = "", **params: Any
    ) -> AsyncIterator[Json]:
        """Every page of one read."""
        return every_page(
            operation, lambda more: self.read(service, operation, region, **params, **more)
        )

    async def preview(self, step: Step, /) -> None:
        """A dry run of a change."""
        await dry_run(self.clients, self.threads, step)

    async def _fetch(self, service: str, operation: str, region: str, params: Json) -> Json:
        asked = Asked(self.clients.identity.profile, service, operation, region)
        for pause in (*_RETRIES, None):
            try:
                return await self._once(service, operation, region, params)
            except Fault:
                raise
            except Exception as error:
                if pause is None or not retriable(error, begins=operation in ALONE):
                    raise fault_of(error, asked) from error
                await asyncio.sleep(pause)
        raise AssertionError  # The last round returns or raises.

    def _ask(self, service: str, region: str, operation: str, params: Json) -> Json:
        """One request, in a thread; the secrets in its answer are remembered."""
        answer = self.clients.ask(service, region, operation, params)
        self.seen.note(secrets_in(answer))
        return answer

    async def _once(self, service: str, operation: str, region: str, params: Json) -> Json:
        work = partial(self._ask, service, region, operation, params)
        async with self.threads.place():
            # Reading a service's model is our own work: it is no sign of a silent endpoint.
            await self.threads.run(partial(self.clients.client, service, region))
            try:
                return await patient(
                    self.threads.run(work),
                    partial(self._alive, service, operation, region),
                    quiet=self.clients.settings.quiet_seconds,
                )
            except TimedOut as fault:
                told = f"{service}:{operation} in {region}: {fault}"
                raise TimedOut(told, hint=SILENT) from fault

    async def _alive(self, service: str, operation: str, region: str) -> object:
        """One knock for all calls that wait for the same endpoint."""
        knock = partial(self.clients.knock, service, region)
        try:
            return await self.flights.share(
                ("knock", service, region), lambda: self.threads.run(knock)
            )
        except Fault:
            raise
        except Exception as error:
            asked = Asked(self.clients.identity.profile, service, operation, region)
            raise fault_of(error, asked) from error
