"""All rules over one snapshot: what is wrong, what is well, what was not read."""

from collections.abc import Iterator, Sequence

from fivetabs.core import Finding, Severity, Survey, run_rules
from fivetabs.providers.kubernetes.rules.order import ESTATE_RULES
from fivetabs.providers.kubernetes.shapes.controllers import CONTROLLERS
from fivetabs.providers.kubernetes.shapes.ingresses import Ingress
from fivetabs.providers.kubernetes.shapes.machines import Node
from fivetabs.providers.kubernetes.shapes.policies import NetworkPolicy
from fivetabs.providers.kubernetes.shapes.services import Service
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot
from fivetabs.providers.kubernetes.shapes.storage import Claim
from fivetabs.providers.kubernetes.shapes.things import Thing

_COUNTED: tuple[tuple[str, tuple[type[Thing], ...]], ...] = (
    ("workloads", CONTROLLERS),
    ("Services", (Service,)),
    ("Ingresses", (Ingress,)),
    ("NetworkPolicies", (NetworkPolicy,)),
    ("volume claims", (Claim,)),
)


def survey(snapshot: Snapshot) -> Survey:
    """Judge a snapshot."""
    found = (
        *snapshot.findings,
        *run_rules(ESTATE_RULES, (snapshot,)),
    )
    order = list(Severity)
    ranked = sorted(found, key=lambda f: (order.index(f.severity), -f.affects, f.subject, f.code))
    return Survey(tuple(ranked), tuple(_healthy(snapshot, ranked)), snapshot.missing)


def _healthy(snapshot: Snapshot, found: Sequence[Finding]) -> Iterator[str]:
    told = (finding for finding in found if not finding.latent)
    sick = {subject for finding in told for subject in (finding.subject, *finding.symptoms)}
    pods = (str(snapshot.subject("Pod", row.namespace, row.name)) for row in snapshot.pods)
    if snapshot.pods:
        yield f"{sum(pod not in sick for pod in pods)} of {len(snapshot.pods)} pods"
    ready = [node for node in snapshot.all(Node) if not node.lost]
    if ready:
        yield f"{len(ready)} of {len(snapshot.all(Node))} nodes"
    for what, kinds in _COUNTED:
        every = [each for kind in kinds for each in snapshot.all(kind)]
        well = [each for each in every if str(each.subject(snapshot.context)) not in sick]
        if every:
            yield f"{len(well)} of {len(every)} {what}"
    if any(each.kind == "Secret" for user in snapshot.users for each in user.spec.references):
        yield "Secrets only by what events say of them: they are not read"
