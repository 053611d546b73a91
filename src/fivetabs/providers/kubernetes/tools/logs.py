"""What a pod's containers wrote."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from fivetabs.core import Log, NotFound, did_you_mean, first_of, read
from fivetabs.core.logs import Wish, parse_until
from fivetabs.providers.kubernetes.port import Cluster
from fivetabs.providers.kubernetes.rules.order import POD_RULES
from fivetabs.providers.kubernetes.shapes.cases import PodCase
from fivetabs.providers.kubernetes.shapes.containers import Container
from fivetabs.providers.kubernetes.shapes.pods import Pod, parse_pod
from fivetabs.providers.kubernetes.tools.arguments import (
    ContainerName,
    Namespace,
    PodOrWorkload,
    Since,
    Until,
)
from fivetabs.providers.kubernetes.tools.examination import examine
from fivetabs.providers.kubernetes.tools.hearing import Asked, hear
from fivetabs.providers.kubernetes.tools.locating import Located, locate
from fivetabs.providers.kubernetes.tools.spoken import Spoken, as_log

_LAST = 40


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
    lines: Annotated[int, Field(ge=0, le=2000, description="How many.")] = 0,
    previous: Annotated[bool, Field(description="Read the run before.")] = False,  # noqa: FBT002
    since: Since = "",
    container: ContainerName = "",
    grep: Annotated[str, Field(description="Only lines matching this RE2.")] = "",
    exclude: Annotated[str, Field(description="Drop lines matching this RE2.")] = "",
    page: Annotated[int, Field(ge=1, description="2: older.")] = 1,
    until: Until = "",
) -> Log:
    """Show the last log lines of a pod, or of a workload's sickest pod, from every container.

    After a crash it shows what the pod said before it crashed, unasked, and notes why it fails.
    Long logs are clustered, errors first. Can search lines for a pattern. For all failing pods use
    get_failing_pods; for Docker use get_container_logs.
    """
    wish = Wish(lines, grep, exclude, page, until=parse_until(until))
    wish.check()
    found = await locate(cluster, namespace or cluster.namespace, pod_name)
    pod = parse_pod(found.raw)
    asked = Asked(cluster, pod, wish, since, previous)
    return await _answer(asked, _wanted(pod, container), found)


async def _answer(asked: Asked, wanted: Sequence[Container], found: Located) -> Log:
    """The log and why the pod fails. A silent node is no fault where the cause is known anyway."""
    heard = hear(asked, wanted)
    spoken, (case, gaps) = await asyncio.gather(heard, examine(asked.cluster, found))
    causes = tuple(_causes(_with_words(case, spoken, wanted)))
    silent = len(spoken.silent) == len(spoken.runs) > 0 and not spoken.found.read
    if silent and not causes:
        raise spoken.silent[0][1]
    notes = tuple(filter(None, (*causes, found.chosen)))
    return as_log(spoken, notes, gaps.told)


def _with_words(case: PodCase, spoken: Spoken, wanted: Sequence[Container]) -> PodCase:
    """The case with what its container said; where several speak, the lines are not told apart."""
    wish = spoken.wish
    if len(wanted) != 1 or wish.grep or wish.exclude or wish.page > 1:
        return case
    lines = tuple(spoken.found.text.splitlines()[-_LAST:]) + spoken.last
    return replace(case, words={wanted[0].name: lines}) if lines else case


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
