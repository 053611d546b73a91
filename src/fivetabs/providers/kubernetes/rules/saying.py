"""How findings about pods are put into words, the same way in every rule."""

from datetime import datetime
from typing import Any

from fivetabs.core import Evidence, Found, quoted, shortened, span, stamp
from fivetabs.providers.kubernetes.shapes.cases import PodCase
from fivetabs.providers.kubernetes.shapes.containers import Container, State
from fivetabs.providers.kubernetes.shapes.events import Event

_LONGEST_QUOTE = 240
_LAST_WORDS = 3


def accuse(case: PodCase, cause: str, *evidence: Evidence, **more: Any) -> Found:
    """A finding about a pod. Unless told otherwise the next step is to describe the pod.

    `more` are the fields of `Found`; its `fold` is added to the pod's group.
    """
    same = more.pop("fold", "")
    more.setdefault("tool", "describe_pod")
    more.setdefault("arguments", {"pod_name": case.pod.name, "namespace": case.pod.namespace})
    return Found(case.subject, cause, evidence, fold=f"{case.group}|{same}", **more)


def read_logs(case: PodCase, container: Container) -> dict[str, Any]:
    """The next step that reads the run before, as fields of a finding."""
    where = {"pod_name": case.pod.name, "namespace": case.pod.namespace}
    return {
        "tool": "get_pod_logs",
        "arguments": {**where, "container": container.name, "previous": True},
    }


def where(case: PodCase, container: Container) -> str:
    """`container app of Deployment/shop`."""
    role = "container" if container.role == "container" else f"{container.role} container"
    return f"{role} {container.name} of {case.whose}"


def quote(text: str) -> str:
    """Text of the backend as a part of a sentence: one marked line of a bearable length."""
    return quoted(one_line(text))


def one_line(text: str) -> str:
    """Text of the backend on one line, of a bearable length."""
    return shortened(" ".join(text.split()), _LONGEST_QUOTE)


def seen(text: str, source: str, when: datetime | None) -> Evidence:
    """Something the backend said."""
    return Evidence(quote=one_line(text), source=source, time=stamp(when) if when else "")


def from_event(event: Event) -> Evidence:
    """What an event says, with how often it was said."""
    times = f" x{event.count}" if event.count > 1 else ""
    return seen(event.message, f"event {event.reason}{times}", event.last)


def from_end(case: PodCase, container: Container, end: State) -> Evidence:
    """The state in which a run ended."""
    held = "state" if container.state == end else "lastState"
    code = f"exit {end.exit_code}" + (f" ({end.reason})" if end.reason else "")
    lasted = f" after {span(end.ran)}" if end.ran is not None else ""
    more = f": {end.message}" if end.message else ""
    return seen(f"{code}{lasted}{more}", f"{case.pod.name}/{container.name} {held}", end.finished)


def from_log(case: PodCase, container: Container, end: State) -> tuple[Evidence, ...]:
    """The last words of the run that ended, when they could be read."""
    words = case.words.get(container.name, ())
    if not words:
        return ()
    text = " | ".join(words[-_LAST_WORDS:])
    return (seen(text, f"log of {case.pod.name}/{container.name}, its end", end.finished),)


def restarts(container: Container) -> str:
    """`restarted 14 times`."""
    times = "once" if container.restarts == 1 else f"{container.restarts} times"
    return f"restarted {times}"


def now_doing(case: PodCase, container: Container) -> str:
    """`now in CrashLoopBackOff`, when that is so."""
    if container.state.word == "running":
        return "running again for the moment"
    word = container.state.reason or case.status
    return f"now {word}"
