"""What a pod's containers said, as one answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fivetabs.core import Fault, Log, Table, quoted
from fivetabs.core.logs import Digest, Wish
from fivetabs.providers.kubernetes.shapes.pods import Pod
from fivetabs.providers.kubernetes.tools.runs import Run
from fivetabs.providers.kubernetes.tools.telling import count


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was read of a pod; `since` is how far back, in the caller's words.

    `looked` says of each container what was read, or why it has nothing to say; `silent` are the
    containers whose log could not be had, each with the fault; `last` are the last lines of the
    run before, where the present run's newer ones would hide them.
    """

    pod: Pod
    wish: Wish
    since: str
    runs: tuple[Run, ...]
    looked: tuple[str, ...]
    found: Digest
    silent: tuple[tuple[str, Fault], ...]
    last: tuple[str, ...] = ()


def as_log(spoken: Spoken, notes: Sequence[str], missing: Sequence[str]) -> Log:
    """The answer, whatever could be read."""
    pod = spoken.pod
    where = f"{pod.namespace}/{pod.name}"
    log = spoken.found.log(
        summary=_summary(where, spoken),
        source="; ".join(f"{where}/{each}" for each in spoken.looked),
        notes=notes,
    )
    gaps = (f"log of {name} on {pod.node or 'no node'}: {why}" for name, why in spoken.silent)
    tables = (*_last_words(spoken.last), *log.tables)
    return log.model_copy(update={"missing": (*missing, *gaps), "tables": tables})


def _summary(where: str, spoken: Spoken) -> str:
    found, wish, since = spoken.found, spoken.wish, spoken.since
    matching = " that match" if wish.grep or wish.exclude else ""
    newer = f" of the last {since}" if since else ""
    if not found.matched:
        looked = "; ".join(_colon(each) for each in spoken.looked) or "no container"
        return f"There are no lines{matching}{newer} in {where}; looked at {looked}."
    said = [run for run in spoken.runs if run.label in found.spoken]
    runs = ", ".join(f"{run.container.name}: {run.words}" for run in said)
    told = count(found.shown, "line")
    if found.matched > found.shown:
        read = " that were read" if found.gaps else ""
        told = f"{found.shown} of {count(found.matched, 'line')}{read}"
    begin = f"Page {wish.page}, " if wish.page > 1 else "The last "
    shapes = "".join(_shapes(found))
    return f"{begin}{told}{matching}{newer} of {where} ({runs}).{shapes}"


def _shapes(found: Digest) -> Iterator[str]:
    if found.templates:
        errors = sum(each.level == "error" for each in found.templates)
        new = sum(each.new for each in found.templates)
        yield f" They have {count(len(found.templates), 'shape')}"
        yield f", {errors} of errors" if errors else ", none of an error"
        yield f", {new} new in the present run." if new else "."


def _last_words(lines: Sequence[str]) -> Iterator[Table]:
    if lines:
        rows = tuple((quoted(line),) for line in lines)
        yield Table(
            title="last lines of the run before", columns=("line",), rows=rows, total=len(rows)
        )


def _colon(looked: str) -> str:
    name, _, run = looked.partition(" (")
    return f"{name}: {run.removesuffix(')')}"
