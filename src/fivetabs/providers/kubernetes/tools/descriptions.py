"""One pod in full, without the boilerplate."""

from collections.abc import Iterator

from fivetabs.core import (
    Detail,
    Finding,
    NextStep,
    Table,
    age,
    first_of,
    quoted,
    read,
    span,
    stamp,
)
from fivetabs.providers.kubernetes.port import JOBS, REPLICA_SETS, Cluster, path_to
from fivetabs.providers.kubernetes.rules.order import POD_RULES
from fivetabs.providers.kubernetes.shapes.cases import PodCase
from fivetabs.providers.kubernetes.shapes.containers import Container, State
from fivetabs.providers.kubernetes.shapes.events import Event
from fivetabs.providers.kubernetes.shapes.owners import parse_controller
from fivetabs.providers.kubernetes.shapes.pods import Pod
from fivetabs.providers.kubernetes.tools.arguments import Namespace, PodName
from fivetabs.providers.kubernetes.tools.examination import examine
from fivetabs.providers.kubernetes.tools.last_words import with_last_words
from fivetabs.providers.kubernetes.tools.locating import locate
from fivetabs.providers.kubernetes.tools.placing import with_nodes

_EVENTS = 8
_MESSAGE = 160
_CONTAINER_COLUMNS = ("container", "image", "state", "restarts", "last", "resources", "probes")
_EVENT_COLUMNS = ("last", "type", "reason", "count", "message")
Facts = dict[str, str | int | float | bool]


@read(
    example={"pod_name": "orders-db-0", "namespace": "shop"},
    questions=(
        "Describe the pod orders-db-0",
        "Which node does this pod run on, and what are its events and probes?",
        "What are the resource limits and conditions of pod orders-db-0?",
    ),
)
async def describe_pod(cluster: Cluster, /, pod_name: PodName, namespace: Namespace = "") -> Detail:
    """Describe one pod: owner, node, conditions, events, volumes, and what is wrong with it.

    For each container its image, state, last state, resource limits and probes. Shows no log lines
    and no secret values; for logs use get_pod_logs, for many pods use get_pod_status.
    """
    found = await locate(cluster, namespace or cluster.namespace, pod_name)
    case, gaps = await examine(cluster, found)
    told = await with_nodes(cluster, await with_last_words(cluster, (case,), gaps), gaps)
    findings = first_of(POD_RULES, told)
    chain = await gaps.allow("owners", _chain(cluster, case.pod), str(case.pod.controller or ""))
    return Detail(
        summary=_summary(case, found.row.ready, found.row.age),
        facts=_facts(case, chain),
        tables=(_containers(case), *_events(case)),
        findings=tuple(map(_without_self, findings)),
        missing=tuple(gaps.told),
        notes=(found.chosen,) if found.chosen else (),
    )


def _summary(case: PodCase, ready: str, printed_age: str) -> str:
    pod = case.pod
    restarts = sum(c.restarts for c in pod.containers)
    return (
        f"Pod {pod.namespace}/{pod.name} is {case.status}, {ready} ready, {restarts} restarts, "
        f"{printed_age} old."
    )


def _without_self(finding: Finding) -> Finding:
    """The next step is not the call that was just made."""
    step = finding.next_step
    if step.tool != "describe_pod":
        return finding
    return finding.model_copy(update={"next_step": NextStep(words=step.words)})


async def _chain(cluster: Cluster, pod: Pod) -> str:
    """`Deployment/shop > ReplicaSet/shop-6c9d` as the objects themselves say."""
    maker = pod.controller
    if maker is None:
        return ""
    known = {each.kind: each for each in (REPLICA_SETS, JOBS)}
    above = None
    if maker.kind in known:
        raw = await cluster.get(path_to(known[maker.kind], pod.namespace, maker.name))
        above = parse_controller(raw["metadata"])
    return f"{above} > {maker}" if above else str(maker)


def _facts(case: PodCase, chain: str) -> Facts:
    pod = case.pod
    node = f"{pod.node} ({quoted(case.node_lost)})" if case.node_lost else pod.node or "none yet"
    facts = {
        "owner": chain or "none (nobody makes it anew)",
        "node": node,
        "address": pod.address,
        "qos": pod.qos,
        "service_account": "" if pod.service_account == "default" else pod.service_account,
        "restart_policy": "" if pod.restart_policy == "Always" else pod.restart_policy,
        "node_selector": ", ".join(pod.selector),
        "created": stamp(pod.created) if pod.created else "",
        "deleted": _deleted(case),
        "finalizers": ", ".join(pod.finalizers),
        "reason": f"{pod.reason} {quoted(pod.message)}".strip(),
        "uses": ", ".join(pod.volumes),
        "conditions": "; ".join(_conditions(case)),
    }
    return {name: value for name, value in facts.items() if value}


def _deleted(case: PodCase) -> str:
    gone = case.pod.deleted
    return f"due {stamp(gone)}, {age(gone, case.now)} ago" if gone else ""


def _conditions(case: PodCase) -> Iterator[str]:
    """Those that are not as they should be, with their messages; the others in one word."""
    well = [c.type for c in case.pod.conditions if c.status == "True"]
    for c in case.pod.conditions:
        if c.status != "True":
            since = f" for {age(c.since, case.now)}" if c.since else ""
            yield f"{c.type}={c.status}{since} {c.reason} {quoted(c.message)}".strip()
    if well:
        yield f"true: {', '.join(well)}"


def _containers(case: PodCase) -> Table:
    rows = tuple(_container(case, each) for each in case.pod.containers)
    return Table(title="containers", columns=_CONTAINER_COLUMNS, rows=rows, total=len(rows))


def _container(case: PodCase, container: Container) -> tuple[str | int, ...]:
    role = "" if container.role == "container" else f" ({container.role})"
    command = f" {quoted(_cut(container.command, 60))}" if container.command else ""
    return (
        f"{container.name}{role}",
        f"{container.image}{command}",
        _state(case, container.state) + (", ready" if container.ready else ""),
        container.restarts,
        _state(case, container.last) if container.last.word else "",
        " ".join(f"{name}={asked}" for name, asked in container.resources.items()),
        "; ".join(f"{kind} {probe}" for kind, probe in container.probes.items()),
    )


def _state(case: PodCase, state: State) -> str:
    match state.word:
        case "running" if state.started:
            return f"running {age(state.started, case.now)}"
        case "waiting":
            return f"waiting: {state.reason}"
        case "terminated":
            ran = f" after {span(state.ran)}" if state.ran is not None else ""
            ago = f", {age(state.finished, case.now)} ago" if state.finished else ""
            return f"{state.reason or 'ended'}, exit {state.exit_code}{ran}{ago}"
        case _:
            return state.word or "not started"


def _events(case: PodCase) -> Iterator[Table]:
    if case.events:
        rows = tuple(_event(case, each) for each in case.events[:_EVENTS])
        yield Table(title="events", columns=_EVENT_COLUMNS, rows=rows, total=len(case.events))


def _event(case: PodCase, event: Event) -> tuple[str | int, ...]:
    ago = f"{age(event.last, case.now)} ago"
    return (ago, event.type, event.reason, event.count, quoted(_cut(event.message, _MESSAGE)))


def _cut(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 3]}..."
