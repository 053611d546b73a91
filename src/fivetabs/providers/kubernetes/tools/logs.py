"""What a pod's containers wrote."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from fivetabs.core import (
    Denied,
    Fault,
    Invalid,
    Log,
    NotFound,
    Unavailable,
    age,
    did_you_mean,
    first_of,
    parse_span,
    read,
)
from fivetabs.core.logs import compile_pattern
from fivetabs.core.logs.selecting import Selection, select
from fivetabs.providers.kubernetes.port import LOGS, Cluster, path_to
from fivetabs.providers.kubernetes.rules.order import POD_RULES
from fivetabs.providers.kubernetes.shapes.cases import PodCase
from fivetabs.providers.kubernetes.shapes.containers import Container
from fivetabs.providers.kubernetes.shapes.pods import Pod, parse_pod
from fivetabs.providers.kubernetes.tools.arguments import (
    ContainerName,
    Namespace,
    PodOrWorkload,
    Since,
)
from fivetabs.providers.kubernetes.tools.examination import examine
from fivetabs.providers.kubernetes.tools.locating import Located, locate
from fivetabs.providers.kubernetes.tools.reading import Gaps
from fivetabs.providers.kubernetes.tools.spoken import SEARCHED, Part, Wish, as_log, cuts_in

_YOUNG = timedelta(seconds=10)


@read(
    example={"pod_name": "orders-api", "namespace": "shop", "lines": 20},
    questions=(
        "Show me the logs of broken-app",
        "What did the pod say before it crashed?",
        "Search the log lines of the orders-api pod for errors",
    ),
)
async def get_pod_logs(  # noqa: PLR0913, PLR0917  (a tool's arguments are its schema)
    cluster: Cluster,
    /,
    pod_name: PodOrWorkload,
    namespace: Namespace = "",
    lines: Annotated[int, Field(ge=1, le=2000, description="Last lines per container.")] = 40,
    previous: Annotated[bool, Field(description="Read the run before.")] = False,  # noqa: FBT002
    since: Since = "",
    container: ContainerName = "",
    grep: Annotated[str, Field(description="Only lines matching this RE2.")] = "",
    exclude: Annotated[str, Field(description="Drop lines matching this RE2.")] = "",
) -> Log:
    """Show the last log lines of a pod, or of a workload's sickest pod, from every container.

    After a crash it shows what the pod said before it crashed, unasked, and notes why it fails.
    Can search lines for a pattern. For all failing pods use get_failing_pods; for Docker use
    get_container_logs.
    """
    wish = _checked(Wish(lines, previous, since, grep, exclude))
    found = await locate(cluster, namespace or cluster.namespace, pod_name)
    pod = parse_pod(found.raw)
    wanted = _wanted(pod, container)
    told, (case, gaps) = await asyncio.gather(
        asyncio.gather(*(_part(cluster, pod, each, wish) for each in wanted)),
        examine(cluster, found),
    )
    return _answer(found, pod, told, wish, tuple(_causes(case)), gaps)


def _checked(wish: Wish) -> Wish:
    """Wrong patterns are refused before anything is read."""
    for pattern in (wish.grep, wish.exclude):
        compile_pattern(pattern)
    return wish


def _answer(  # noqa: PLR0913, PLR0917  (all that was found out)
    found: Located, pod: Pod, told: Sequence[Part], wish: Wish, causes: Sequence[str], gaps: Gaps
) -> Log:
    """What was read. A node that keeps silent is no fault where the cause is known without it."""
    silent = [(part.container, part.silent) for part in told if part.silent]
    if silent and len(silent) == len(told) and not causes:
        raise silent[0][1]
    log = as_log(pod, told, wish, [*filter(None, (*causes, found.chosen, *cuts_in(told, wish)))])
    missing = (f"log of {name} on {pod.node or 'no node'}: {why}" for name, why in silent)
    return log.model_copy(update={"missing": (*gaps.told, *missing)})


def _causes(case: PodCase) -> Iterator[str]:
    """Why the pod fails, where a rule knows: so that its log and the cause come in one call."""
    for finding in first_of(POD_RULES, (case,)):
        told = f"{finding.severity.value} {finding.code}: {finding.cause}"
        yield f"{told}. Next: {finding.next_step.words}"


def _wanted(pod: Pod, name: str) -> tuple[Container, ...]:
    """The named container, or all that have something to say."""
    if name:
        found = tuple(c for c in pod.containers if c.name == name)
        if not found:
            names = [c.name for c in pod.containers]
            hint = did_you_mean(name, names, otherwise=f"its containers: {', '.join(names)}")
            raise NotFound(f"pod {pod.namespace}/{pod.name} has no container {name!r}", hint=hint)
        return found
    return tuple(c for c in pod.containers if not _done_init(c))


def _done_init(container: Container) -> bool:
    """An init container that did its work is not what is asked for."""
    state = container.state
    return container.role == "init" and (
        (state.word == "terminated" and state.exit_code == 0) or not state.word
    )


async def _part(cluster: Cluster, pod: Pod, container: Container, wish: Wish) -> Part:
    nothing = Selection((), 0, 0)
    if not _ever_ran(container):
        why = container.state.reason or f"pod {pod.phase}"
        return Part(container.name, f"never ran: {why}", nothing)
    before = wish.previous or _died_just_now(container, cluster.now())
    try:
        run, chosen = await _run(cluster, pod, container, wish, before=before)
        if not chosen.read and not before and container.restarts and not wish.since:
            run, chosen = await _run(cluster, pod, container, wish, before=True)
    except (Unavailable, Denied, Invalid):
        raise
    except Fault as fault:
        return Part(container.name, "its log cannot be read", nothing, fault)
    return Part(container.name, run, chosen)


async def _run(
    cluster: Cluster, pod: Pod, container: Container, wish: Wish, *, before: bool
) -> tuple[str, Selection]:
    """One run's lines; the present run's where the one before is gone and was not asked for."""
    try:
        chosen = await _lines(cluster, pod, container, wish, before=before)
    except Fault as fault:
        gone = "not found" in str(fault)
        if before and gone and not wish.previous:
            return await _run(cluster, pod, container, wish, before=False)
        if gone or isinstance(fault, NotFound):
            return f"no log kept: {fault}", Selection((), 0, 0)
        raise
    return _which(cluster, container, before=before), chosen


async def _lines(
    cluster: Cluster, pod: Pod, container: Container, wish: Wish, *, before: bool
) -> Selection:
    filtered = wish.grep or wish.exclude
    query = {"container": container.name, "tailLines": str(SEARCHED if filtered else wish.lines)}
    if before:
        query["previous"] = "true"
    if wish.since:
        query["sinceSeconds"] = str(int(parse_span(wish.since).total_seconds()))
    chunks = cluster.stream(path_to(LOGS, pod.namespace, pod.name), **query)
    return await select(chunks, most=wish.lines, grep=wish.grep, exclude=wish.exclude)


def _ever_ran(container: Container) -> bool:
    return container.state.word in {"running", "terminated"} or bool(container.last.word)


def _died_just_now(container: Container, now: datetime) -> bool:
    """Whether the present run is too young to have said anything of the crash before it."""
    if not container.last.word:
        return False
    started = container.state.started
    young = container.state.word == "running" and started is not None and now - started < _YOUNG
    return container.state.word == "waiting" or young


def _which(cluster: Cluster, container: Container, *, before: bool) -> str:
    end = container.last if before else container.state
    told = "previous run" if before else "present run"
    if end.word == "terminated":
        ago = f" {age(end.finished, cluster.now())} ago" if end.finished else ""
        told = f"{told}, ended{ago} with exit {end.exit_code}"
        return f"{told} ({end.reason})" if end.reason else told
    return told
