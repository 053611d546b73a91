"""One pod in full, without the boilerplate."""

from collections.abc import Iterator
from contextlib import suppress

from fivetabs.core import (
    Detail,
    Finding,
    Invalid,
    NextStep,
    NotFound,
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

_CONTAINER_COLUMNS = ("container", "image", "state", "restarts", "last", "resources", "probes")
_CONDITION_COLUMNS = ("condition", "status", "since", "reason", "message")
_EVENT_COLUMNS = ("last", "type", "reason", "count", "message")
_MANY = 12
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
        tables=(_containers(case), *_conditions(case), *_uses(case), *_events(case)),
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
        # What made the pod may be gone already, or be called what no object can be called.
        with suppress(NotFound, Invalid):
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
        "reason": f"{pod.reason} {_line(pod.message)}".strip(),
        "conditions_true": _true(case),
    }
    return {name: value for name, value in facts.items() if value}


def _deleted(case: PodCase) -> str:
    gone = case.pod.deleted
    return f"due {stamp(gone)}, {age(gone, case.now)} ago" if gone else ""


def _true(case: PodCase) -> str:
    """The conditions that are as they should be, in one word each."""
    well = [c.type for c in case.pod.conditions if c.status == "True"]
    return f"all {len(well)}" if len(well) > _MANY else ", ".join(well)


def _conditions(case: PodCase) -> Iterator[Table]:
    """Those that are not as they should be; all of them where they are many."""
    known = sorted(case.pod.conditions, key=lambda c: c.status == "True")
    told = [c for c in known if c.status != "True" or len(known) > _MANY]
    rows = tuple(
        (c.type, c.status, age(c.since, case.now) if c.since else "", c.reason, _line(c.message))
        for c in told
    )
    if rows:
        kin = tuple("true" if c.status == "True" else "" for c in told)
        yield Table(
            title="conditions",
            columns=_CONDITION_COLUMNS,
            rows=rows,
            total=len(rows),
            kin=kin,
            fold_on=("status",),
        )


def _uses(case: PodCase) -> Iterator[Table]:
    if rows := tuple((each,) for each in case.pod.volumes):
        yield Table(title="uses", columns=("what",), rows=rows, total=len(rows))


def _containers(case: PodCase) -> Table:
    """The sick first, else in the order in which they start."""
    ordered = sorted(case.pod.containers, key=_is_well)
    rows = tuple(_container(case, each) for each in ordered)
    return Table(title="containers", columns=_CONTAINER_COLUMNS, rows=rows, total=len(rows))


def _is_well(container: Container) -> bool:
    ended_well = container.state.word == "terminated" and container.state.exit_code == 0
    return container.ready or ended_well or container.role == "ephemeral"


def _container(case: PodCase, container: Container) -> tuple[str | int, ...]:
    role = "" if container.role == "container" else f" ({container.role})"
    command = f" {_line(container.command)}" if container.command else ""
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
        rows = tuple(_event(case, each) for each in case.events)
        yield Table(title="events", columns=_EVENT_COLUMNS, rows=rows, total=len(case.events))


def _event(case: PodCase, event: Event) -> tuple[str | int, ...]:
    ago = f"{age(event.last, case.now)} ago"
    return (ago, event.type, event.reason, event.count, _line(event.message))


def _line(text: str) -> str:
    """What somebody wrote, on one line."""
    return quoted(" ".join(text.split()))
