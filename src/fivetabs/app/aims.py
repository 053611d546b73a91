"""Which targets of which houses a call about all of them is aimed at."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from fivetabs.app.connections import AnyProvider, Connections
from fivetabs.app.spreading import MOST, meant
from fivetabs.core import EVERYWHERE, Fault, Invalid, did_you_mean


@dataclass(frozen=True, slots=True)
class Aim:
    """One target of one house: `name` as a caller gives it (None: the house's own default).

    `label` tells it from others of its house. `fault` is why it will not be asked.
    """

    provider: AnyProvider
    name: str | None = None
    label: str = ""
    fault: Fault | None = None


def read_aims(text: str, providers: Sequence[AnyProvider]) -> tuple[Aim, ...]:
    """Read `docker, k8s:staging, aws:prod/all`; `all` is every target of every house.

    Without words it is each house's default. A house alone is that house's default.

    Raises:
        Invalid: If a part names no house.
    """
    if not text.strip():
        return tuple(Aim(each, label=each.title) for each in providers)
    if text.strip() == EVERYWHERE:
        return tuple(Aim(each, EVERYWHERE, each.title) for each in providers)
    parts = (part.strip() for part in text.split(","))
    return _once(_aim(part, providers) for part in parts if part)


def _aim(part: str, providers: Sequence[AnyProvider]) -> Aim:
    scheme, _, name = part.partition(":")
    for each in providers:
        if scheme.lower() in {each.scheme, each.name}:
            return Aim(each, name or None, each.title)
    known = [each.scheme for each in providers]
    near = did_you_mean(
        scheme, known, otherwise=f"write it as k8s:{part}; houses: {', '.join(known)}"
    )
    raise Invalid(f"{part!r} names no house", hint=near)


async def spread_aims(aims: Sequence[Aim], connections: Connections) -> tuple[Aim, ...]:
    """The same with each target on its own, and a label that tells it from the others."""
    found = [each for aim in aims for each in await _each(aim, connections)]
    counts = Counter(each.provider.name for each in found)
    return _once(_labelled(a) if counts[a.provider.name] > 1 else a for a in found)


def _once(aims: Iterable[Aim]) -> tuple[Aim, ...]:
    return tuple({(each.provider.name, each.name): each for each in aims}.values())


async def _each(aim: Aim, connections: Connections) -> tuple[Aim, ...]:
    try:
        names = await meant(aim.provider, aim.name, connections)
    except Fault as fault:
        return (Aim(aim.provider, aim.name, aim.label, fault),)
    if not names:
        return (_alone(aim),)
    return tuple(_some(aim, names))


def _some(aim: Aim, names: Sequence[str | None]) -> Iterator[Aim]:
    for name in names[:MOST]:
        yield Aim(aim.provider, name, aim.label)
    if rest := names[MOST:]:
        told = Fault(f"{len(rest)} more targets were not asked, only {MOST}")
        yield Aim(aim.provider, "the rest", aim.label, told)


def _alone(aim: Aim) -> Aim:
    """A house that has but one target takes `all` for it."""
    if aim.name == EVERYWHERE and not aim.provider.target:
        return Aim(aim.provider, None, aim.label)
    return aim


def _labelled(aim: Aim) -> Aim:
    label = f"{aim.label} ({aim.name or 'the default target'})"
    return Aim(aim.provider, aim.name, label, aim.fault)
