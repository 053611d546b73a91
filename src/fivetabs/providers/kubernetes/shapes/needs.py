"""What the configuration of each workload needs, resolved against what there is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fivetabs.core import Link, Relation, Subject, term
from fivetabs.core.patterns import Pattern
from fivetabs.providers.kubernetes.shapes.cases import PodCase
from fivetabs.providers.kubernetes.shapes.configs import ConfigMap
from fivetabs.providers.kubernetes.shapes.links import who
from fivetabs.providers.kubernetes.shapes.services import Service
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot
from fivetabs.providers.kubernetes.shapes.specs import Variable
from fivetabs.providers.kubernetes.shapes.spoken import hosts_in
from fivetabs.providers.kubernetes.shapes.wiring import Place, User, Wire

_ARN = Pattern(r"\barn:aws[\w-]{0,20}:[a-z0-9-]{1,40}:[^\s\"',;]{1,400}")
_BUCKET = Pattern(r"\bs3[an]?://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])")
_HOSTED = Pattern(r"\b([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\.s3[.-][a-z0-9.-]{0,40}amazonaws\.com")
_QUEUE = Pattern(
    r"https://(?:sqs\.[a-z0-9-]+|[a-z0-9-]+\.queue)\.amazonaws\.com/\d{12}/[\w.-]{1,80}"
)
_THING = Pattern(r"(?:^|_)(BUCKET|QUEUE|TABLE|TOPIC|STREAM)(?:_NAME)?$", re.IGNORECASE)
_PLAIN = Pattern(r"[A-Za-z0-9][\w.-]{2,254}")


@dataclass(frozen=True, slots=True)
class Need:
    """A wire that leads to a place in this cluster; `service` is None where there is none."""

    wire: Wire
    place: Place
    service: Service | None


def needs_of(snapshot: Snapshot) -> Iterator[Need]:
    """Every wire into a namespace whose Services were read, of users that should run."""
    for wire in snapshot.wires:
        place = snapshot.place(wire.address.host, wire.user.namespace)
        if place is not None and snapshot.knows(Service, place.namespace):
            service = snapshot.find(Service, place.namespace, place.service)
            yield Need(wire, place, service)


def own(snapshot: Snapshot, wire: Wire) -> bool:
    """Whether a wire leads back to the user itself, as between the members of a StatefulSet."""
    place = snapshot.place(wire.address.host, wire.user.namespace)
    service = place and snapshot.find(Service, place.namespace, place.service)
    mine = snapshot.chosen(service) if service else ()
    return any(user.key == wire.user.key for user in mine)


def heard(case: PodCase) -> tuple[str, ...]:
    """All last words of a pod's crashed containers."""
    return tuple(line for _, words in sorted(case.words.items()) for line in words)


def dependencies(snapshot: Snapshot) -> Iterator[Link]:
    """Links to what addresses, names of foreign things, and complaints in logs lead to."""
    for wire in snapshot.wires:
        if own(snapshot, wire):
            continue
        target = _target(snapshot, wire.address.host, wire.user.namespace)
        for source in _sources(snapshot, wire.user):
            yield Link(source, Relation.DEPENDS_ON, target, wire.via)
    for user in snapshot.users:
        for alias, via in _foreign(snapshot, user):
            for source in _sources(snapshot, user):
                yield Link(source, Relation.DEPENDS_ON, alias, via)
    for case in snapshot.cases:
        for address, _ in hosts_in(heard(case)):
            place = snapshot.place(address.host, case.pod.namespace)
            known = place and snapshot.find(Service, place.namespace, place.service)
            if known or "." in address.host:
                target = _target(snapshot, address.host, case.pod.namespace)
                yield Link(case.subject, Relation.DEPENDS_ON, target, f"its log names {address}")


def _sources(snapshot: Snapshot, user: User) -> tuple[Subject, ...]:
    pods = (case.subject for case in snapshot.suspects(user) if case.pod.owner is not None)
    return (who(snapshot, user), *pods)


def _target(snapshot: Snapshot, host: str, namespace: str) -> Subject | str:
    place = snapshot.place(host, namespace)
    if place is None:
        return host
    return snapshot.subject("Service", place.namespace, place.service)


def _foreign(snapshot: Snapshot, user: User) -> Iterator[tuple[str, str]]:
    """Names under which other houses may know what a user's variables and arguments hold."""
    for container in user.spec.containers:
        for each in container.env:
            for alias in aliases_in(each.name, _value(snapshot, user, each)):
                yield alias, f"env {term(each.name)} of container {container.name}"
        for alias in aliases_in("", " ".join((*container.command, *container.args))):
            yield alias, f"arguments of container {container.name}"
    for reference in user.spec.references:
        config = snapshot.find(ConfigMap, user.namespace, reference.name)
        if reference.kind == "ConfigMap" and config and not reference.key:
            for key, text in config.data.items():
                for alias in aliases_in(key, text):
                    yield alias, f"key {key} of ConfigMap {reference.name}"


def _value(snapshot: Snapshot, user: User, variable: Variable) -> str:
    source = variable.source
    if source is None or source.kind != "ConfigMap":
        return variable.value
    config = snapshot.find(ConfigMap, user.namespace, source.name)
    return config.data.get(source.key, "") if config else ""


def aliases_in(name: str, text: str) -> Iterator[str]:
    """ARNs, buckets, queues, and what a variable of a telling name holds."""
    yield from dict.fromkeys(_ARN.findall(text))
    yield from dict.fromkeys((*_BUCKET.findall(text), *_HOSTED.findall(text)))
    for queue in dict.fromkeys(_QUEUE.findall(text)):
        yield queue
        yield queue.rpartition("/")[2]
    if _THING.search(name) and _PLAIN.fullmatch(text):
        yield text
