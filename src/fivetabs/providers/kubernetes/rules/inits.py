"""Pods that do not get past their init containers."""

from collections.abc import Iterator

from fivetabs.core import Found, Severity, age, rule, term
from fivetabs.providers.kubernetes.rules.saying import (
    accuse,
    from_end,
    from_log,
    quote,
    read_logs,
    restarts,
    said,
    seen,
    where,
)
from fivetabs.providers.kubernetes.shapes.cases import PodCase
from fivetabs.providers.kubernetes.shapes.containers import Container
from fivetabs.providers.kubernetes.shapes.signs import named_host


@rule("K8S110", Severity.CRITICAL)
def init_fails(case: PodCase) -> Iterator[Found]:
    """An init container fails, so the pod's main containers never start.

    Read that init container's log and mend what it waits for or complains of.
    """
    for container, end in case.crashed():
        if container.role == "init" and end.exit_code:
            host = named_host(case.words.get(container.name, ()))
            needs = f"; it needs {term(host)}" if host else ""
            yield accuse(
                case,
                f"{where(case, container)} exits {end.exit_code} ({restarts(container)}, pod "
                f"{case.status}), so its main containers do not start{needs}"
                f"{said(case, container)}",
                from_end(case, container, end),
                *from_log(case, container, end),
                fold=f"{container.name}|{end.exit_code}",
                since=case.began(container),
                **read_logs(case, container),
            )


@rule("K8S111", Severity.WARNING)
def init_hangs(case: PodCase) -> Iterator[Found]:
    """An init container does not come to an end.

    Read what it waits for in its log; the main containers start only when it has ended.
    """
    for container in case.pod.containers:
        since = container.state.started
        busy = container.role == "init" and container.state.word == "running"
        if busy and not case.settled and case.older_than(since, case.grace) and since:
            yield accuse(
                case,
                f"{where(case, container)} has been running {_runs(container)} for "
                f"{age(since, case.now)} (pod {case.status}), so its main containers do not start"
                f"{_host(case, container)}{said(case, container)}",
                seen(
                    f"running since, {case.status}",
                    f"{case.pod.name}/{container.name} state",
                    since,
                ),
                *from_log(case, container, container.state),
                fold=container.name,
                since=since,
                **read_logs(case, container, before=False),
            )


def _runs(container: Container) -> str:
    return quote(container.command) if container.command else "its command"


def _host(case: PodCase, container: Container) -> str:
    host = named_host(case.words.get(container.name, ()), container.command)
    return f"; it waits for {term(host)}" if host else ""
