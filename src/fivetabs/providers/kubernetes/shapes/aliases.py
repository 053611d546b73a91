"""Names of the cluster's things as others know them, and what plain words mean in here."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from fivetabs.core import Match, Subject
from fivetabs.core.patterns import Pattern
from fivetabs.providers.kubernetes.shapes.ingresses import Ingress
from fivetabs.providers.kubernetes.shapes.machines import Node
from fivetabs.providers.kubernetes.shapes.services import Service
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot

_MOST = 20
_NEAR = 0.8
_EXACT_ONLY = 0.5
_FILLERS = Pattern(
    r"an?|and|are|at|be|broken|by|can|cannot|down|errors?|fail(s|ing)|for|from|has|in?|is|it|my|not"
    r"|of|on|or|our|pods?|slow|the|there|to|up|was|we|what|when|where|which|why|with|working"
)
# Of things that match alike the one that people deploy comes first.
_RANK = ("Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job", "Service", "Ingress", "Node")


def aliases(snapshot: Snapshot) -> Mapping[str, Subject]:
    """How containers, functions and people outside write names of this cluster's things."""
    return dict(sorted(_aliases(snapshot)))


def _aliases(snapshot: Snapshot) -> Iterator[tuple[str, Subject]]:
    for node in snapshot.all(Node):
        yield node.provider_id or node.name, node.subject(snapshot.context)
        if not node.provider_id:  # Else the addresses are those of the machine that it runs on.
            for _, address in node.addresses:
                yield address.lower(), node.subject(snapshot.context)
    for ingress in snapshot.all(Ingress):
        for route in ingress.routes:
            if route.host and "*" not in route.host:
                yield route.host.lower(), ingress.subject(snapshot.context)
    for case in snapshot.cases:
        if case.pod.address and not case.pod.spec.host_network:
            yield case.pod.address, case.subject
    yield from _services(snapshot)


def _services(snapshot: Snapshot) -> Iterator[tuple[str, Subject]]:
    """By DNS; one of a compound name that is the only one of it also by that alone."""
    often = Counter(service.name for service in snapshot.all(Service))
    for service in snapshot.all(Service):
        subject = service.subject(snapshot.context)
        for tail in ("", ".svc", ".svc.cluster.local"):
            yield f"{service.name}.{service.namespace}{tail}", subject
        if "-" in service.name and often[service.name] == 1:
            yield service.name, subject


def find(snapshot: Snapshot, words: str) -> tuple[Match, ...]:
    """What a name or plain words may mean, the likeliest first.

    An exact name (alone, or as `kind/name` or `namespace/name`) scores 1; all words of a name in
    the text 0.9; some of them, or a name that is nearly it, less; nothing on nonsense.
    """
    text = words.strip().lower()
    told = re.findall(r"[a-z0-9]+", text)
    tokens = frozenset(each for each in told if not _FILLERS.fullmatch(each))
    if not tokens:
        return ()
    asked = frozenset(re.findall(r"[a-z0-9][a-z0-9./-]*[a-z0-9]|[a-z0-9]", text))
    found = {subject: _score(subject, asked, tokens) for subject in _subjects(snapshot)}
    if " " not in text and max(found.values(), default=0) < 1:
        found.update(_nearly(found, text))
    least = _EXACT_ONLY if 1.0 in found.values() else 0.0
    told = [Match(subject, score) for subject, score in found.items() if score > least]
    told.sort(key=lambda m: (-m.score, _rank(m.subject), m.subject))
    return tuple(told[:_MOST])


def _subjects(snapshot: Snapshot) -> Iterator[Subject]:
    for kind, shelf in snapshot.shelves.items():
        if kind.KIND not in {"Lease", "EndpointSlice", "PodMetrics", "NodeMetrics"}:
            for each in shelf:
                yield each.subject(snapshot.context)
    for row in snapshot.pods:
        yield snapshot.subject("Pod", row.namespace, row.name)


def _score(subject: Subject, asked: frozenset[str], tokens: frozenset[str]) -> float:
    *space, kind, name = subject.parts
    forms = {name, f"{kind.lower()}/{name}", *(f"{each}/{name}" for each in space)}
    if asked & forms:
        others = {kind.lower(), f"{kind.lower()}s", *space}
        return 1.0 if len(asked) == 1 or asked & others else 0.97
    pieces = frozenset(re.findall(r"[a-z0-9]+", name))
    hit = pieces & tokens
    if not hit:
        return 0.0
    about = {kind.lower(), *space} & tokens
    share = len(hit) / len(pieces)
    told = len(hit | about) / len(tokens)
    return round(min(0.9, 0.6 * share + 0.3 * told), 3)


def _rank(subject: Subject) -> int:
    kind = subject.parts[-2]
    return _RANK.index(kind) if kind in _RANK else len(_RANK)


def _nearly(found: Mapping[Subject, float], text: str) -> Iterator[tuple[Subject, float]]:
    """Names that differ by a slip of the keyboard; not among thousands of pods."""
    for subject, score in found.items():
        if subject.parts[-2] != "Pod":
            likeness = SequenceMatcher(None, text, subject.name).quick_ratio()
            if likeness >= _NEAR:
                yield subject, max(score, round(0.9 * likeness, 3))
