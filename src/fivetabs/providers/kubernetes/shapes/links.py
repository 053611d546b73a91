"""What needs what in the cluster, and what of other houses it needs."""

from collections.abc import Iterator

from fivetabs.core import Link, Relation, Subject, term
from fivetabs.providers.kubernetes.shapes.admission import ApiService, Mutating, Validating
from fivetabs.providers.kubernetes.shapes.cases import PodCase
from fivetabs.providers.kubernetes.shapes.controllers import StatefulSet
from fivetabs.providers.kubernetes.shapes.ingresses import Ingress
from fivetabs.providers.kubernetes.shapes.limits import Autoscaler, Budget
from fivetabs.providers.kubernetes.shapes.machines import Node
from fivetabs.providers.kubernetes.shapes.owners import parse_controller
from fivetabs.providers.kubernetes.shapes.services import Service
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot
from fivetabs.providers.kubernetes.shapes.specs import PodSpec
from fivetabs.providers.kubernetes.shapes.storage import Claim, Volume
from fivetabs.providers.kubernetes.shapes.wiring import User

_METRICS = "v1beta1.metrics.k8s.io"


def links_of(snapshot: Snapshot) -> Iterator[Link]:
    """Every link but those that only addresses and logs tell (`dependencies`)."""
    yield from _runs(snapshot)
    for case in snapshot.cases:
        yield from _made(snapshot, case)
        yield from _named(snapshot, case.subject, case.pod.namespace, case.pod.spec)
        yield from _placed(snapshot, case)
    for user in snapshot.users:
        if user.owner.kind != "Pod":
            yield from _named(snapshot, who(snapshot, user), user.namespace, user.spec)
    yield from _sets(snapshot)
    yield from _routes(snapshot)
    yield from _stored(snapshot)
    yield from _watched(snapshot)
    yield from _asked(snapshot)


def who(snapshot: Snapshot, user: User) -> Subject:
    """The identity of a user."""
    return snapshot.subject(user.owner.kind, user.namespace, user.owner.name)


def _runs(snapshot: Snapshot) -> Iterator[Link]:
    for row in snapshot.pods:
        if row.node:
            pod = snapshot.subject("Pod", row.namespace, row.name)
            yield Link(pod, Relation.RUNS_ON, snapshot.subject("Node", "", row.node))
    for node in snapshot.all(Node):
        instance = node.provider_id.rpartition("/")[2]
        if instance:
            via = f"providerID {node.provider_id}"
            yield Link(node.subject(snapshot.context), Relation.RUNS_ON, instance, via)


def _made(snapshot: Snapshot, case: PodCase) -> Iterator[Link]:
    """From the workload down to the pod, through the ReplicaSet or Job between them."""
    maker, owner, space = case.pod.controller, case.pod.owner, case.pod.namespace
    if maker is None or owner is None:
        return
    near = snapshot.subject(maker.kind, space, maker.name)
    yield Link(near, Relation.MADE_OF, case.subject)
    if owner != maker:
        yield Link(snapshot.subject(owner.kind, space, owner.name), Relation.MADE_OF, near)


def _sets(snapshot: Snapshot) -> Iterator[Link]:
    """What made the ReplicaSets and Jobs that lack pods."""
    for case in snapshot.shortages:
        kind, _, name = case.whose.partition("/")
        above = snapshot.subject(kind, case.workload.namespace, name)
        if above != case.subject:
            yield Link(above, Relation.MADE_OF, case.subject)
    for row in snapshot.sets:
        if row.number("desired") and row.number("ready") < row.number("desired"):
            maker = parse_controller(row.meta)
            if maker is not None:
                made = snapshot.subject("ReplicaSet", row.namespace, row.name)
                above = snapshot.subject(maker.kind, row.namespace, maker.name)
                yield Link(above, Relation.MADE_OF, made)


def _named(snapshot: Snapshot, source: Subject, space: str, spec: PodSpec) -> Iterator[Link]:
    """ConfigMaps, Secrets, claims, the service account and the images of a pod."""
    for each in spec.references:
        if each.name:
            claim = each.kind == "PersistentVolumeClaim"
            relation = Relation.MOUNTS if claim else Relation.READS
            yield Link(source, relation, snapshot.subject(each.kind, space, each.name), each.via)
    if spec.service_account != "default":
        account = snapshot.subject("ServiceAccount", space, spec.service_account)
        yield Link(source, Relation.READS, account, "serviceAccountName")
    for container in spec.containers:
        if container.image:
            yield Link(source, Relation.USES_IMAGE, container.image, f"container {container.name}")


def _placed(snapshot: Snapshot, case: PodCase) -> Iterator[Link]:
    """A pod without a node needs those that its selector chooses and that are not to be had."""
    wanted = case.pod.spec.node_selector
    if case.pod.node or not wanted:
        return
    for node in snapshot.all(Node):
        if wanted.items() <= node.labels.items() and (node.lost or node.cordoned):
            told = ", ".join(term(f"{key}={value}") for key, value in sorted(wanted.items()))
            target = node.subject(snapshot.context)
            yield Link(case.subject, Relation.DEPENDS_ON, target, f"nodeSelector {told}")


def _routes(snapshot: Snapshot) -> Iterator[Link]:
    for ingress in snapshot.all(Ingress):
        source = ingress.subject(snapshot.context)
        for route in ingress.routes:
            if route.service:
                target = snapshot.subject("Service", ingress.namespace, route.service)
                yield Link(source, Relation.ROUTES_TO, target, f"backend of {route}")
        for secret, _ in ingress.tls:
            if secret:
                target = snapshot.subject("Secret", ingress.namespace, secret)
                yield Link(source, Relation.READS, target, "tls")
        if ingress.class_name:
            target = snapshot.subject("IngressClass", "", ingress.class_name)
            yield Link(source, Relation.DEPENDS_ON, target, "ingressClassName")
    for service in snapshot.all(Service):
        yield from _behind(snapshot, service)


def _behind(snapshot: Snapshot, service: Service) -> Iterator[Link]:
    source = service.subject(snapshot.context)
    via = "selector " + ",".join(term(f"{key}={value}") for key, value in service.selector.items())
    for user in snapshot.chosen(service):
        yield Link(source, Relation.ROUTES_TO, who(snapshot, user), via)
        for case in snapshot.suspects(user):
            yield Link(source, Relation.ROUTES_TO, case.subject, via)
    if service.external:
        place = snapshot.place(service.external, service.namespace)
        target = (
            snapshot.subject("Service", place.namespace, place.service)
            if place
            else service.external.lower()
        )
        yield Link(source, Relation.ROUTES_TO, target, f"externalName {term(service.external)}")


def _stored(snapshot: Snapshot) -> Iterator[Link]:
    for claim in snapshot.all(Claim):
        source = claim.subject(snapshot.context)
        if claim.volume:
            yield Link(
                source, Relation.MOUNTS, snapshot.subject("PersistentVolume", "", claim.volume)
            )
        if claim.class_name:
            target = snapshot.subject("StorageClass", "", claim.class_name)
            yield Link(source, Relation.DEPENDS_ON, target, "storageClassName")
    for volume in snapshot.all(Volume):
        if volume.handle:
            via = f"volume handle of {term(volume.driver) or 'the volume'}"
            alias = volume.handle.rpartition("/")[2]
            yield Link(volume.subject(snapshot.context), Relation.RUNS_ON, alias, via)
    for made in snapshot.all(StatefulSet):
        templates = [
            each["metadata"]["name"] for each in made.spec.get("volumeClaimTemplates") or ()
        ]
        stems = tuple(f"{template}-{made.name}-" for template in templates)
        for claim in snapshot.all(Claim):
            if stems and claim.namespace == made.namespace and claim.name.startswith(stems):
                target = claim.subject(snapshot.context)
                yield Link(
                    made.subject(snapshot.context), Relation.MOUNTS, target, "claim template"
                )


def _watched(snapshot: Snapshot) -> Iterator[Link]:
    for scaler in snapshot.all(Autoscaler):
        source = scaler.subject(snapshot.context)
        target = snapshot.subject(scaler.target.kind, scaler.namespace, scaler.target.name)
        yield Link(source, Relation.WATCHES, target, "scaleTargetRef")
        if any(
            metric.get("type") in {"Resource", "ContainerResource"} for metric in scaler.metrics
        ):
            api = snapshot.subject("APIService", "", _METRICS)
            yield Link(source, Relation.DEPENDS_ON, api, "resource metrics")
    for budget in snapshot.all(Budget):
        if budget.chooses_none:
            continue
        for user in snapshot.users:
            if user.namespace == budget.namespace and budget.selector.chooses(user.spec.labels):
                source = budget.subject(snapshot.context)
                yield Link(
                    source, Relation.WATCHES, who(snapshot, user), f"selector {budget.selector}"
                )


def _asked(snapshot: Snapshot) -> Iterator[Link]:
    """Webhooks and aggregated APIs need their Services; what they refuse needs them."""
    for kind in (Validating, Mutating):
        for each in snapshot.all(kind):
            for hook in each.hooks:
                if hook.service:
                    target = snapshot.subject("Service", *hook.service)
                    source = each.subject(snapshot.context)
                    yield Link(source, Relation.ROUTES_TO, target, f"webhook {hook.name}")
    for api in snapshot.all(ApiService):
        if api.service:
            target = snapshot.subject("Service", *api.service)
            yield Link(api.subject(snapshot.context), Relation.ROUTES_TO, target, "spec.service")
    for case in snapshot.shortages:
        yield from _refused(snapshot, case.subject, case.workload.namespace, case.message)


def _refused(snapshot: Snapshot, source: Subject, space: str, message: str) -> Iterator[Link]:
    """What a refusal names: a quota, a webhook, a service account."""
    quota = message.partition("exceeded quota: ")[2].partition(",")[0].strip()
    if quota:
        target = snapshot.subject("ResourceQuota", space, quota)
        yield Link(source, Relation.LIMITED_BY, target, "exceeded quota")
    for kind in (Validating, Mutating):
        for each in snapshot.all(kind):
            for hook in each.hooks:
                if f'webhook "{hook.name}"' in message:
                    target = each.subject(snapshot.context)
                    yield Link(source, Relation.LIMITED_BY, target, f"webhook {hook.name}")
