"""Reading what a pod's containers wrote, of the runs that matter."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fivetabs.core import Denied, Fault, Invalid, NotFound, Unavailable, parse_span
from fivetabs.core.logs import Digest, Failure, Wish, digest
from fivetabs.providers.kubernetes.port import Cluster
from fivetabs.providers.kubernetes.shapes.containers import Container
from fivetabs.providers.kubernetes.shapes.pods import Pod
from fivetabs.providers.kubernetes.tools.last_words import last_lines
from fivetabs.providers.kubernetes.tools.runs import Run, ever_ran, labelled, other_run, runs_of
from fivetabs.providers.kubernetes.tools.spoken import Spoken


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of which pod. `since` is how far back, empty for all there is."""

    cluster: Cluster
    pod: Pod
    wish: Wish
    since: str
    previous: bool


async def hear(asked: Asked, wanted: Sequence[Container]) -> Spoken:
    """The logs of these containers, as one.

    Where a run has no log or has said nothing, the other run is read, unless one was asked for.

    Raises:
        Fault: If the cluster cannot be asked, or refuses.
    """
    now = asked.cluster.now()
    runs = runs_of(wanted, now, previous=asked.previous)
    found = await _read(asked, runs)
    better = labelled([each for run in runs for each in _instead(asked, run, found)])
    if better != runs:
        runs, found = better, await _read(asked, better)
    failures = {each.label: each for each in found.faults}
    _must_answer(failures)
    silent = tuple(
        (run.container.name, _told(failures[run.label]))
        for run in runs
        if run.label in failures and not _gone(failures[run.label].fault)
    )
    looked = tuple(_looked(asked.pod, each, runs, failures) for each in wanted)
    last = await _hidden_last_words(asked, runs, found)
    heard = replace(found, faults=())
    return Spoken(asked.pod, asked.wish, asked.since, runs, looked, heard, silent, last)


async def _read(asked: Asked, runs: Sequence[Run]) -> Digest:
    seconds = int(parse_span(asked.since).total_seconds()) if asked.since else 0
    sources = [run.source(asked.cluster, asked.pod, seconds) for run in runs]
    return await digest(sources, asked.wish, lenient=True)


def _instead(asked: Asked, run: Run, found: Digest) -> Iterator[Run]:
    """What should have been read: this run, the other one, or nothing."""
    failed = next((each for each in found.faults if each.label == run.label), None)
    other = other_run(run, asked.cluster.now())
    if asked.previous:
        yield run
    elif failed is not None and run.before and _gone(failed.fault):
        yield from (other,) if other else ()
    elif failed is not None or run.before or asked.since or _read_of(run, found):
        yield run
    else:
        yield other or run


def _read_of(run: Run, found: Digest) -> int:
    return sum(lines for label, lines in found.by_source if label == run.label)


def _must_answer(failures: Mapping[str, Failure]) -> None:
    for each in failures.values():
        refused = isinstance(each.fault, Unavailable | Denied | Invalid)
        if refused and not each.begun and not _gone(each.fault):
            raise each.fault


def _gone(fault: Fault) -> bool:
    """Whether there is no such log any more: its container or its file has been removed."""
    return isinstance(fault, NotFound) or "not found" in str(fault)


def _told(failure: Failure) -> Fault:
    fault = failure.fault
    return type(fault)(f"it broke off: {fault}", hint=fault.hint) if failure.begun else fault


def _looked(
    pod: Pod, container: Container, runs: Sequence[Run], failures: Mapping[str, Failure]
) -> str:
    mine = [run for run in runs if run.container.name == container.name]
    if not ever_ran(container):
        return f"{container.name} (never ran: {container.state.reason or f'pod {pod.phase}'})"
    told = " and ".join(_outcome(run, failures.get(run.label)) for run in mine)
    return f"{container.name} ({told or 'no log kept'})"


def _outcome(run: Run, failure: Failure | None) -> str:
    if failure is None or failure.begun:
        return run.words
    return f"no log kept: {failure.fault}" if _gone(failure.fault) else "its log cannot be read"


async def _hidden_last_words(asked: Asked, runs: Sequence[Run], found: Digest) -> tuple[str, ...]:
    """The end of the run before, where so many lines of the present one follow."""
    wish = asked.wish
    if wish.page > 1 or wish.grep or wish.exclude:
        return ()
    now = [run for run in runs if run.beside and not run.before]
    hidden = [run for run in now if _read_of(run, found) >= found.shown]
    told = await asyncio.gather(
        *(last_lines(asked.cluster, asked.pod, run.container, before=True) for run in hidden),
        return_exceptions=True,
    )
    return tuple(line for lines in told if not isinstance(lines, BaseException) for line in lines)
