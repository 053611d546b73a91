"""Clusters that are extreme in one way each, with nothing made up that an API server refuses."""

from collections.abc import Iterator

from fivetabs.providers.kubernetes.demo.objects import (
    condition,
    ended,
    event,
    meta,
    node,
    running,
    status_of,
    waiting,
)
from fivetabs.providers.kubernetes.port import Json
from tests.large.dice import app, letters, prose
from tests.large.kubernetes.crowd import Crowd
from tests.large.kubernetes.seats import LONG_AGO, Seat
from tests.large.kubernetes.ways import WAYS

_LONGEST_NAME, _LONGEST_LABEL = 253, 63
FAT = "fat"
_CALM = tuple(name for name in WAYS if name not in {"stuck", "node lost"})


def all_failing(count: int = 5000) -> Crowd:
    """Every pod fails, of a workload of its own, with words that no other has."""
    objects, logs = [*_spaces(20)], dict[tuple[str, str, bool], str]()
    failing = dict[str, str]()
    for number in range(count):
        how = _CALM[number % len(_CALM)]
        name = f"{app(number % 300)}-{number}"
        seat = Seat(f"team-{number % 20:02}", name, 0, "node-01", detail=f"{letters(name, 12)}")
        sick = WAYS[how].make(seat)
        objects += [sick.pod, *sick.events]
        failing[seat.key] = WAYS[how].code
        if sick.words:
            logs[seat.name, seat.app, True] = sick.words
    return Crowd.of(objects, logs, failing)


def lonely(count: int = 10_000) -> Crowd:
    """Pods that nothing owns, all in one namespace; every hundredth crashes."""
    objects, failing = [*_spaces(1)], dict[str, str]()
    for number in range(count):
        seat = Seat("team-00", f"lone-{number}", 0, f"node-{number % 60:02}", kind="")
        if number % 100:
            objects.append(seat.well())
            continue
        sick = WAYS["no process"].make(seat)
        objects += [sick.pod, *sick.events]
        failing[seat.key] = WAYS["no process"].code
    return Crowd.of(objects, {}, failing)


def fat_pod() -> Crowd:
    """One pod with everything in excess: 40 containers, 200 variables each, 100 conditions, events.

    Its name has 253 characters, its namespace and labels 63, its annotations 200 kB.
    """
    namespace = "n" * _LONGEST_LABEL
    name = f"{FAT}-{'x' * (_LONGEST_NAME - len(FAT) - 1)}"
    specs = [_fat_container(number) for number in range(40)]
    statuses = [_fat_status(spec, number) for number, spec in enumerate(specs)]
    labels = {f"{'l' * 60}{number:03}": "v" * _LONGEST_LABEL for number in range(40)}
    noted = {"notes.example/blob": "z" * 200_000}
    head = meta(name, namespace, created=LONG_AGO, labels=labels, annotations=noted)
    seat = Seat(namespace, FAT, 0, "node-01")
    fat = seat.pod(statuses, containers=specs) | {"metadata": head}
    fat["status"]["conditions"] += [_fat_condition(number) for number in range(100)]
    events = [_fat_event(fat, number) for number in range(3000)]
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": meta(namespace)}
    failing = {f"{namespace}/{name}": "K8S102"}
    return Crowd.of([space, *_nodes(), fat, *events], {}, failing)


def noisy(count: int = 3000) -> Crowd:
    """Three thousand warning events about healthy pods, each with two kilobytes of text."""
    objects = [*_spaces(1)]
    for number in range(count):
        seat = Seat("team-00", f"chatty-{number % 300}", number // 300, "node-01")
        about = seat.well()
        words = f"Readiness probe failed: {prose(f'noise/{number}', 250)}"
        objects += [about, event(about, "Pod", "Unhealthy", words, count=number)]
    return Crowd.of(objects, {}, {})


def long_names() -> Crowd:
    """Three hundred failing pods with names as long as their events' names allow: over 200."""
    objects, failing = [*_spaces(1)], dict[str, str]()
    for number in range(300):
        stem = f"w{number:03}-" + "y" * (_LONGEST_NAME - 60)
        seat = Seat("team-00", stem, 0, "node-01", detail=letters(stem, 12))
        sick = WAYS["error"].make(seat)
        objects += [sick.pod, *sick.events]
        failing[seat.key] = "K8S102"
    return Crowd.of(objects, {}, failing)


def _spaces(count: int) -> Iterator[Json]:
    yield from _nodes()
    for name in ("default", *(f"team-{number:02}" for number in range(count))):
        yield {"apiVersion": "v1", "kind": "Namespace", "metadata": meta(name)}


def _nodes() -> Iterator[Json]:
    ready = condition("Ready", "True", LONG_AGO, "KubeletReady")
    for number in range(60):
        yield node(f"node-{number:02}", f"aws:///eu-west-1a/i-{number:017x}", "10.0.0.9", ready)


def _fat_container(number: int) -> Json:
    variables = [
        {
            "name": f"VARIABLE_{each:03}",
            "valueFrom": {"secretKeyRef": {"name": f"secret-{number}", "key": f"key-{each:03}"}},
        }
        for each in range(200)
    ]
    return {
        "name": f"part-{number:02}",
        "image": f"registry.example/{'deep/' * 30}part-{number:02}@sha256:{'0a' * 32}",
        "command": ["/bin/sh", "-c", prose(f"command/{number}", 300)],
        "env": variables,
        "ports": [{"containerPort": 8000 + each} for each in range(50)],
        "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "32Mi"}},
    }


def _fat_status(spec: Json, number: int) -> Json:
    if number % 8:
        return status_of(spec, running(LONG_AGO))
    message = {"message": prose(f"death/{number}", 400)}
    last = {"terminated": {**ended(1, "Error", "10:11", "10:11:30")["terminated"], **message}}
    return status_of(spec, waiting("CrashLoopBackOff", "back-off"), last=last, restarts=20)


def _fat_condition(number: int) -> Json:
    words = prose(f"condition/{number}", 60)
    status = "False" if number % 2 else "True"
    return condition(f"example.com/Condition{number:03}", status, "09:00", "Because", words)


def _fat_event(fat: Json, number: int) -> Json:
    told = event(fat, "Pod", f"Reason{number:04}", prose(f"event/{number}", 120), count=number + 1)
    told["metadata"]["name"] = f"fat.{number:04}"
    return told
