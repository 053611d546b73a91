"""The last lines that crashed containers wrote, read for one pod of each group."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from fivetabs.core import Fault, Invalid, NotFound
from fivetabs.core.logs import tail
from fivetabs.providers.kubernetes.port import LOGS, Cluster, path_to
from fivetabs.providers.kubernetes.shapes.cases import PodCase, last_crash
from fivetabs.providers.kubernetes.shapes.containers import Container
from fivetabs.providers.kubernetes.shapes.pods import Pod
from fivetabs.providers.kubernetes.tools.reading import Gaps

_GROUPS = 40
_AT_ONCE = 10
_LINES = 50  # a program that is called wrongly prints its whole usage after the error
_SECONDS = 2.5


async def with_last_words(
    cluster: Cluster, cases: Sequence[PodCase], gaps: Gaps
) -> tuple[PodCase, ...]:
    """The cases with the last lines of their crashed containers, of one for each group.

    The first by name is read, and speaks for those siblings that ended as it did. It is a help and
    no more: what cannot be read within 2.5 s is left out, and named in `gaps` unless there is no
    log to be read.
    """
    first: dict[str, int] = {}
    order = sorted(range(len(cases)), key=lambda i: cases[i].pod.name)
    for index in order:
        if _speakers(cases[index]):
            first.setdefault(cases[index].group, index)
    chosen = list(first.values())[:_GROUPS]
    gate = asyncio.Semaphore(_AT_ONCE)
    words = await asyncio.gather(*(_words(cluster, cases[i], gate, gaps) for i in chosen))
    heard = {cases[i].group: (cases[i], said) for i, said in zip(chosen, words, strict=True)}
    return tuple(_with(case, *heard[case.group]) if case.group in heard else case for case in cases)


def _with(case: PodCase, first: PodCase, said: dict[str, tuple[str, ...]]) -> PodCase:
    if case is first:
        return replace(case, words=said)
    known = {_fate(c, case) for c in case.pod.containers}
    shared = {c.name for c in first.pod.containers if _fate(c, first) in known}
    words = {name: lines for name, lines in said.items() if name in shared}
    return replace(case, words=words, speaker=first.pod.name) if words else case


def _fate(container: Container, case: PodCase) -> tuple[str, str, str, int | None]:
    """What siblings must have in common for one to speak for the other."""
    end = last_crash(container, case.pod.restart_policy, case.now)
    code = end.exit_code if end is not None and end.word == "terminated" else None
    return container.name, container.image, container.command, code


def _speakers(case: PodCase) -> list[Container]:
    crashed = [c for c, end in case.crashed() if end.word == "terminated"]
    hanging = [c for c in case.pod.containers if c.role == "init" and c.state.word == "running"]
    return crashed + hanging


async def _words(
    cluster: Cluster, case: PodCase, gate: asyncio.Semaphore, gaps: Gaps
) -> dict[str, tuple[str, ...]]:
    heard: dict[str, tuple[str, ...]] = {}
    for container in _speakers(case):
        try:
            async with asyncio.timeout(_SECONDS), gate:
                heard[container.name] = await _tail(cluster, case, container)
        except (NotFound, Invalid):
            continue  # The log has gone with its container.
        except (Fault, TimeoutError) as error:
            what = f"last words of {case.pod.namespace}/{case.pod.name}/{container.name}"
            why = str(error) or f"not read within {_SECONDS:g} s"
            gaps.told.append(f"{what} on {case.pod.node or 'no node'}: {why}")
    return heard


async def _tail(cluster: Cluster, case: PodCase, container: Container) -> tuple[str, ...]:
    current = container.state.word == "terminated" or (
        container.role == "init" and (container.state.word == "running")
    )
    return await last_lines(cluster, case.pod, container, before=not current)


async def last_lines(
    cluster: Cluster, pod: Pod, container: Container, *, before: bool
) -> tuple[str, ...]:
    """The last lines of one run that are not blank: a small read that others may share."""
    chunks = cluster.stream(
        path_to(LOGS, pod.namespace, pod.name),
        container=container.name,
        previous=str(before).lower(),
        tailLines=str(_LINES),
    )
    chosen = await tail(chunks, most=_LINES)
    return tuple(line for line in chosen.lines if line.strip())
