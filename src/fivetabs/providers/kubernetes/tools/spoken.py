"""What was asked of a pod's containers and what they said, as one answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from fivetabs.core import Fault, Log
from fivetabs.core.logs.selecting import Selection
from fivetabs.providers.kubernetes.shapes.pods import Pod
from fivetabs.providers.kubernetes.tools.telling import count

SEARCHED = 50_000


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for."""

    lines: int
    previous: bool
    since: str
    grep: str
    exclude: str


@dataclass(frozen=True, slots=True)
class Part:
    """One container's share of the answer; `run` says which run, or why there is nothing.

    `silent` is what kept the log from being read, where there is one.
    """

    container: str
    run: str
    chosen: Selection
    silent: Fault | None = None


def as_log(pod: Pod, parts: Sequence[Part], wish: Wish, notes: Sequence[str]) -> Log:
    """The answer, whatever could be read."""
    where = f"{pod.namespace}/{pod.name}"
    shown = sum(len(part.chosen.lines) for part in parts)
    read_ = sum(part.chosen.read for part in parts)
    matched = sum(part.chosen.matched for part in parts)
    return Log(
        summary=_summary(where, parts, shown, wish),
        source="; ".join(f"{where}/{part.container} ({part.run})" for part in parts),
        text=_text(parts),
        read=read_,
        matched=matched,
        shown=shown,
        notes=tuple(notes),
    )


def _summary(where: str, parts: Sequence[Part], shown: int, wish: Wish) -> str:
    if shown:
        runs = ", ".join(f"{p.container}: {p.run}" for p in parts if p.chosen.lines)
        return f"The last {count(shown, 'line')} of {where} ({runs})."
    looked = "; ".join(f"{part.container}: {part.run}" for part in parts) or "no container"
    matching = " that match" if wish.grep or wish.exclude else ""
    newer = f" of the last {wish.since}" if wish.since else ""
    return f"There are no lines{matching}{newer} in {where}; looked at {looked}."


def _text(parts: Sequence[Part]) -> str:
    spoken = [part for part in parts if part.chosen.lines]
    if len(parts) == 1:
        return "\n".join(line for part in spoken for line in part.chosen.lines)
    return "\n".join(
        line for p in spoken for line in (f"== {p.container} ({p.run})", *p.chosen.lines)
    )


def cuts_in(parts: Sequence[Part], wish: Wish) -> list[str]:
    """What was left out, in words."""
    cuts: list[str] = []
    filtered = wish.grep or wish.exclude
    for part in parts:
        if filtered and part.chosen.read >= SEARCHED:
            cuts.append(f"{part.container}: only its last {SEARCHED} lines were searched")
        elif not filtered and part.chosen.read >= wish.lines:
            cuts.append(f"{part.container}: older lines are left out; raise lines, or use grep")
    return cuts
