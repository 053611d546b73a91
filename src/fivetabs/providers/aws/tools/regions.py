"""One question to every region of the target at once; a region that fails is named, never lost."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from fivetabs.core import Fault
from fivetabs.providers.aws.port import Account

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked(Generic[T]):
    """The answers by region, and what could not be asked."""

    answers: tuple[tuple[str, T], ...]
    missing: tuple[str, ...]

    @property
    def where(self) -> str:
        """The regions that answered, in words."""
        names = [region for region, _ in self.answers]
        return names[0] if len(names) == 1 else f"{len(names)} regions"


async def ask_regions(account: Account, ask: Callable[[str], Awaitable[T]]) -> Asked[T]:
    """Ask every region of the target.

    Raises:
        Fault: The first region's, when not one answered.
    """
    regions = await account.regions()
    results = await asyncio.gather(*(_caught(ask(region)) for region in regions))
    answers = tuple(
        (region, answer.value)
        for region, answer in zip(regions, results, strict=True)
        if isinstance(answer, _Value)
    )
    faults = [
        (region, fault)
        for region, fault in zip(regions, results, strict=True)
        if isinstance(fault, Fault)
    ]
    if faults and not answers:
        raise faults[0][1]
    return Asked(answers, _told(faults))


@dataclass(frozen=True, slots=True)
class _Value(Generic[T]):
    value: T


async def _caught(asked: Awaitable[T]) -> _Value[T] | Fault:
    try:
        return _Value(await asked)
    except Fault as fault:
        return fault


def _told(faults: Sequence[tuple[str, Fault]]) -> tuple[str, ...]:
    alike: dict[str, list[str]] = {}
    for region, fault in faults:
        said = f"{fault.status}: {str(fault).replace(region, 'the region')}"
        alike.setdefault(said, []).append(region)
    return tuple(f"{', '.join(regions)}: {said}" for said, regions in alike.items())
