"""Why no node takes a pod: the scheduler's counts, held against what the nodes really have.

The reasons are those of the scheduler's plug-ins (k8s.io/kubernetes/pkg/scheduler/framework).
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from fivetabs.core import near, term
from fivetabs.core.patterns import Pattern
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.cases import PodCase
from fivetabs.providers.kubernetes.shapes.fields import part, parts, words
from fivetabs.providers.kubernetes.shapes.machines import Node
from fivetabs.providers.kubernetes.shapes.quantities import amount, total, written
from fivetabs.providers.kubernetes.shapes.selectors import Clause, plain_selector

_FEW = 3
_LACKING = Pattern(r"Insufficient (\S+)")
_NO_CLAIM = Pattern(r'persistentvolumeclaim "([^"]+)" not found')


def explained(case: PodCase, message: str) -> str:
    """What the scheduler's message means for this pod and these nodes; empty when nothing more."""
    told: list[str] = []
    for mark, explain in _REASONS:
        if mark in message:
            told += (words for words in explain(case) if not any(words in each for each in told))
    return "; ".join(told)


def asked(case: PodCase, resource: str) -> Decimal:
    """How much of a resource a pod asks for: the sum of what stays, or its greediest init."""
    spec = case.pod.spec
    stays = total(c.requests.get(resource, "0") for c in spec.mains)
    firsts = (amount(c.requests.get(resource, "0")) for c in spec.containers if c.role == "init")
    return max(stays, *(each or Decimal(0) for each in firsts), Decimal(0))


def _resources(case: PodCase) -> Iterator[str]:
    for name in dict.fromkeys(_LACKING.findall(_message(case))):
        resource = name.rstrip(".,")
        want = asked(case, resource)
        usable = [node for node in case.nodes if not (node.lost or node.cordoned)]
        offers = [
            (offer, node)
            for node in usable or case.nodes
            if (offer := amount(node.allocatable.get(resource, "0"))) is not None
        ]
        asks = f"it asks for {term(resource)} {written(want, resource)}"
        if not offers:
            yield asks
            continue
        most, largest = max(offers, key=lambda each: (each[0], each[1].name))
        if most == 0:
            yield f"{asks}, and no node offers any"
        elif want > most:
            yield f"{asks}, the largest node ({largest.name}) offers {written(most, resource)}"
        else:
            fitting = [node for offer, node in offers if offer >= want]
            yield f"{asks}; what {_names(fitting)} could offer is taken by other pods"


def _labels(case: PodCase) -> Iterator[str]:
    """Which required label no node has, or which nodes have it and cannot be used."""
    for clauses in _wanted(case):
        fitting = [n for n in case.nodes if all(c.holds(n.labels) for c in clauses)]
        if fitting:
            yield f"only {_names(fitting)} has {_said(clauses)}{_unusable(fitting, case)}"
            continue
        for clause in clauses:
            if case.nodes and not any(clause.holds(node.labels) for node in case.nodes):
                yield f"no node has {term(str(clause))}{_near_label(clause, case.nodes)}"
                break
        else:
            yield f"it wants {_said(clauses)}"


def _wanted(case: PodCase) -> Iterator[tuple[Clause, ...]]:
    spec = case.pod.spec
    chosen = plain_selector({"selector": dict(spec.node_selector)}, "selector").clauses
    required = part(
        spec.raw, "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"
    )
    terms = parts(required, "nodeSelectorTerms")
    for each in terms:
        clauses = tuple(
            Clause(e["key"], e["operator"], words(e, "values"))
            for e in parts(each, "matchExpressions")
        )
        if chosen or clauses:
            yield (*chosen, *clauses)
    if chosen and not terms:
        yield chosen


def _unusable(nodes: Sequence[Node], case: PodCase) -> str:
    why = [reason for node in nodes if (reason := _turned_away(node, case))]
    return f", and {' and '.join(why[:_FEW])}" if why else ""


def _turned_away(node: Node, case: PodCase) -> str:
    if node.lost:
        return f"{node.name} is not ready"
    if node.cordoned:
        return f"{node.name} is cordoned"
    taints = node.repels(parts(case.pod.spec.raw, "tolerations"))
    return f"{node.name} has the taint {term(str(taints[0]))}" if taints else ""


def _near_label(clause: Clause, nodes: Sequence[Node]) -> str:
    values = sorted({n.labels[clause.key] for n in nodes if clause.key in n.labels})
    if values:
        have = " and ".join(term(f"{clause.key}={value}") for value in values[:_FEW])
        return f" (they have {have})"
    close = near(clause.key, {key for node in nodes for key in node.labels})
    return f" (the nearest label is {term(close[0])})" if close else ""


def _taints(case: PodCase) -> Iterator[str]:
    tolerations = parts(case.pod.spec.raw, "tolerations")

    def named(key: str) -> bool:
        """Since 1.34 the scheduler counts the taints, and names none."""
        return "{" not in _message(case) or key in _message(case)

    groups: dict[str, list[Node]] = {}
    for node in case.nodes:
        for taint in node.repels(tolerations):
            if named(taint.key) and not (node.cordoned or node.lost):
                groups.setdefault(str(taint), []).append(node)
    for taint, nodes in groups.items():
        yield f"it does not tolerate {term(taint)} of {_names(nodes)}"
    lost = [node for node in case.nodes if node.lost]
    if lost and named("node.kubernetes.io/"):
        yield f"{_names(lost)} {'is' if len(lost) == 1 else 'are'} not ready"


def _cordons(case: PodCase) -> Iterator[str]:
    closed = [node for node in case.nodes if node.cordoned]
    if closed:
        yield f"{_names(closed)} {'is' if len(closed) == 1 else 'are'} cordoned"


def _apart(case: PodCase) -> Iterator[str]:
    """Rules about what may or must run beside it."""
    for kind, verb in (("podAntiAffinity", "must not share"), ("podAffinity", "must share")):
        rules = parts(
            case.pod.spec.raw, "affinity", kind, "requiredDuringSchedulingIgnoredDuringExecution"
        )
        for each in rules:
            key = each.get("topologyKey") or ""
            yield f"it {verb} a {term(key)} with pods of {_chosen(each)}{_domains(case, key)}"


def _spread(case: PodCase) -> Iterator[str]:
    for each in parts(case.pod.spec.raw, "topologySpreadConstraints"):
        key = each.get("topologyKey") or ""
        if each.get("whenUnsatisfiable", "DoNotSchedule") == "DoNotSchedule":
            skew = each.get("maxSkew")
            yield f"spread over {term(key)} with maxSkew {skew} leaves no room{_domains(case, key)}"


def _domains(case: PodCase, key: str) -> str:
    if not case.nodes:
        return ""
    there = {node.labels[key] for node in case.nodes if key in node.labels}
    return f" (the nodes have {len(there)} of these)" if there else " (no node has that label)"


def _chosen(rule: Json) -> str:
    told = part(rule, "labelSelector", "matchLabels")
    more = (str(e.get("key")) for e in parts(rule, "labelSelector", "matchExpressions"))
    return ", ".join([*(term(f"{k}={v}") for k, v in sorted(told.items())), *map(term, more)])


def _ports(case: PodCase) -> Iterator[str]:
    taken = [str(p.host) for c in case.pod.spec.containers for p in c.ports if p.host]
    if not taken and case.pod.spec.host_network:
        taken = [str(p.number) for c in case.pod.spec.containers for p in c.ports]
    if taken:
        yield f"its host port {', '.join(taken)} is in use on every node it may run on"


def _crowded(case: PodCase) -> Iterator[str]:
    room = {node.name: node.allocatable.get("pods", "") for node in case.nodes}
    if room:
        full = ", ".join(f"{name} {pods}" for name, pods in sorted(room.items())[:_FEW])
        yield f"the nodes have as many pods as they may ({full})"


def _absent_claims(case: PodCase) -> Iterator[str]:
    for name in _NO_CLAIM.findall(_message(case)):
        yield f"its claim {term(name)} does not exist"


def _claims(case: PodCase) -> Iterator[str]:
    claims = dict.fromkeys(
        r.name for r in case.pod.spec.references if r.kind == "PersistentVolumeClaim" and r.name
    )
    if claims:
        yield f"it needs the claim {' and '.join(claims)}"


def _message(case: PodCase) -> str:
    placed = case.pod.condition("PodScheduled")
    return placed.message if placed is not None else ""


def _said(clauses: Sequence[Clause]) -> str:
    return " and ".join(term(str(clause)) for clause in clauses)


def _names(nodes: Sequence[Node]) -> str:
    names = sorted(node.name for node in nodes)
    if len(names) <= _FEW:
        return " and ".join(names)
    return f"{', '.join(names[:_FEW])} and {len(names) - _FEW} more"


_REASONS: tuple[tuple[str, Callable[[PodCase], Iterator[str]]], ...] = (
    ("Insufficient ", _resources),
    ("node affinity/selector", _labels),
    ("node selector", _labels),
    ("affinity rules", _apart),
    ("topology spread constraints", _spread),
    ("untolerated taint", _taints),
    ("were unschedulable", _cordons),
    ("free ports", _ports),
    ("Too many pods", _crowded),
    ('persistentvolumeclaim "', _absent_claims),
    ("PersistentVolumeClaim", _claims),
    ("persistent volumes to bind", _claims),
    ("volume node affinity conflict", _claims),
    ("PersistentVolume's node affinity", _claims),
    ("max volume count", _claims),
    ("available volume zone", _claims),
)
