"""One region's lists, each within its deadline; what fails is named and the rest goes on."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from fivetabs.core import Fault, Unavailable
from fivetabs.providers.aws.port import Account, Json

_MOST_PAGES = 20


@dataclass(slots=True)
class Lists:
    """Reads of one region. `missing` gathers what could not be read, and why.

    `silent` gathers the faults of an account that could not be asked at all; `read` counts answers.
    """

    account: Account
    region: str
    missing: list[str] = field(default_factory=list[str])
    silent: list[Unavailable] = field(default_factory=list[Unavailable])
    read: int = 0

    async def every(
        self, what: str, service: str, operation: str, *keys: str, **params: Any
    ) -> list[Any] | None:
        """All items under these keys of all pages; None where they could not be read."""
        try:
            async with asyncio.timeout(self.account.list_seconds):
                found = await everything(
                    self.account, service, operation, keys, self.region, **params
                )
            self.read += 1
        except (Fault, TimeoutError) as error:
            if isinstance(error, Unavailable):
                self.silent.append(error)
            self.missing.append(f"{what} in {self.region}: {why(error, self.account)}")
            return None
        return found

    async def one(self, service: str, operation: str, **params: Any) -> Json | Fault:
        """One answer, or the fault."""
        try:
            async with asyncio.timeout(self.account.list_seconds):
                return await self.account.read(service, operation, self.region, **params)
        except Fault as fault:
            return fault
        except TimeoutError:
            return Fault(f"not read within {self.account.list_seconds:g} s")


async def everything(
    account: Account,
    service: str,
    operation: str,
    keys: tuple[str, ...],
    region: str,
    **params: Any,
) -> list[Any]:
    """All items of all pages, within a bound.

    Raises:
        Fault: If a page cannot be read.
    """
    found: list[Any] = []
    count = 0
    async for page in account.pages(service, operation, region, **params):
        found += [item for key in keys for item in page.get(key, ())]
        count += 1
        if count >= _MOST_PAGES:
            break
    return found


def why(error: Fault | TimeoutError, account: Account) -> str:
    """Why something could not be read, in a few words."""
    if isinstance(error, Fault):
        return f"{error.status}: {error}"
    return f"timed out: not read within {account.list_seconds:g} s"
