"""How findings about pods are put into words, the same way in every rule."""

from datetime import datetime
from typing import Any

from fivetabs.core import Evidence, Found, quoted, shortened, span, stamp
from fivetabs.providers.kubernetes.shapes.cases import PodCase
from fivetabs.providers.kubernetes.shapes.containers import Container, State
from fivetabs.providers.kubernetes.shapes.events import Event
from fivetabs.providers.kubernetes.shapes.signs import telling_line

_LONGEST_QUOTE = 240
_LAST_WORDS = 3


def accuse(case: PodCase, cause: str, *evidence: Evidence, **more: Any) -> Found:
    """A finding about a pod. Unless told otherwise the next step is to describe the pod.

    `more` are the fields of `Found`; its `fold` is added to the pod's group.
    """
    same = more.pop("fold", "")
    more.setdefault("since", case.began())
    more.setdefault("tool", "describe_pod")
    more.setdefault("arguments", {"pod_name": case.pod.name, "namespace": case.pod.namespace})
    return Found(case.subject, cause, evidence, fold=f"{case.group}|{same}", **more)


def read_logs(case: PodCase, container: Container, *, before: bool = True) -> dict[str, Any]:
    """The next step that reads a run, as fields of a finding; the run before unless told so."""
    where = {"pod_name": case.pod.name, "namespace": case.pod.namespace}
    run = {"previous": True} if before else {}
    return {"tool": "get_pod_logs", "arguments": {**where, "container": container.name, **run}}


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
    return (seen(text, f"log of {_speaker(case, container)}, its end", end.finished),)


def from_line(case: PodCase, container: Container, end: State, line: str) -> Evidence:
    """The one line of the log that says why."""
    return seen(line, f"log of {_speaker(case, container)}", end.finished)


def said(case: PodCase, container: Container) -> str:
    """`: <the telling line of its last words>`; empty when there are none."""
    line = telling_line(case.words.get(container.name, ()))
    return f": {quote(line)}" if line else ""


def blocking(container: Container) -> str:
    """What an init container's failure means for the rest of the pod, as words to add."""
    return ", so its main containers do not start" if container.role == "init" else ""


def _speaker(case: PodCase, container: Container) -> str:
    return f"{case.speaker or case.pod.name}/{container.name}"


def restarts(container: Container) -> str:
    """`restarted 14 times`."""
    times = "once" if container.restarts == 1 else f"{container.restarts} times"
    return f"restarted {times}"


def now_doing(case: PodCase, container: Container) -> str:
    """`now CrashLoopBackOff`, and whether the pod's other containers run all the same."""
    if container.state.word == "running":
        return f"running again for the moment{_beside(case, container)}"
    word = container.state.reason or case.status
    return f"now {word}{_beside(case, container)}"


def _beside(case: PodCase, container: Container) -> str:
    others = [c for c in case.pod.containers if c.role != "ephemeral" and c.name != container.name]
    mains = [c for c in others if c.role != "init"]
    if container.role == "init" or not mains or not all(c.ready for c in mains):
        return ""
    return f"; {', '.join(c.name for c in mains)} beside it well"
