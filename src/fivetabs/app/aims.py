"""Which targets of which houses a call about all of them is aimed at."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from fivetabs.app.connections import AnyProvider, Connections
from fivetabs.app.spreading import MOST, meant
from fivetabs.core import EVERYWHERE, Fault, Invalid, did_you_mean, term

_REST = "the rest"


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
        Invalid: If a part names no house, or ends where a target should stand; if there are none,
            or more than `MOST`.
    """
    if not text.strip():
        return tuple(Aim(each, label=each.title) for each in providers)
    parts = [part for part in map(str.strip, text.split(",")) if part]
    if [part.lower() for part in parts] == [EVERYWHERE]:
        return tuple(Aim(each, EVERYWHERE, each.title) for each in providers)
    if not parts:
        raise Invalid(f"{text!r} names no target", hint="leave it out for each house's default")
    if len(parts) > MOST:
        raise Invalid(f"{len(parts)} targets are too many, {MOST} at most", hint="name fewer")
    return _once(_aim(part, providers) for part in parts)


def _aim(part: str, providers: Sequence[AnyProvider]) -> Aim:
    scheme, colon, name = (each.strip() for each in part.partition(":"))
    for each in providers:
        if scheme.lower() in {each.scheme, each.name}:
            if colon and not name:
                hint = f"{scheme} alone is its default; {scheme}:all is every one"
                raise Invalid(f"{part!r} names no target", hint=hint)
            return Aim(each, name or None, each.title)
    known = [each.scheme for each in providers]
    if part.lower() == EVERYWHERE:
        alike = f"{EVERYWHERE} stands alone; write {known[0]}:{EVERYWHERE} for every one of a house"
        raise Invalid(f"{EVERYWHERE} among other targets", hint=alike)
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
        return (aim,)
    return tuple(_some(aim, names))


def _some(aim: Aim, names: Sequence[str | None]) -> Iterator[Aim]:
    for name in names[:MOST]:
        yield Aim(aim.provider, name, aim.label)
    if rest := names[MOST:]:
        told = Fault(f"{len(rest)} more targets were not asked, only {MOST}")
        yield Aim(aim.provider, _REST, aim.label, told)


def _labelled(aim: Aim) -> Aim:
    ours = {None: "the default target", _REST: _REST}
    label = f"{aim.label} ({ours.get(aim.name) or term(aim.name or '')})"
    return Aim(aim.provider, aim.name, label, aim.fault)
