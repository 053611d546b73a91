"""What needs what inside an account, and under which names others know its things. Pure."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from fivetabs.core import Link, Relation, Subject
from fivetabs.providers.aws.shapes.alarms import Alarm
from fivetabs.providers.aws.shapes.snapshots import Place, Snapshot
from fivetabs.providers.aws.tools.estate_cases import survey

_RINGS, _NO_DATA = "ALARM", "INSUFFICIENT_DATA"


def links(snapshot: Snapshot) -> tuple[Link, ...]:
    """Alarms to what they watch, load balancers to targets, groups to instances to volumes."""
    accused = frozenset(
        each for f in survey(snapshot).findings for each in (f.subject, *f.symptoms)
    )
    return tuple(link for place in snapshot.places for link in _of(place, accused))


def aliases(snapshot: Snapshot) -> Mapping[str, Subject]:
    """Ids, ARNs, addresses, host names, bucket names and queue URLs; each means one thing."""
    known: dict[str, Subject] = {}
    for subject, names in _named(snapshot):
        for name in names:
            if name:
                known.setdefault(name, subject)
    return MappingProxyType(dict(sorted(known.items())))


def _named(snapshot: Snapshot) -> Iterator[tuple[Subject, tuple[str, ...]]]:
    for place in snapshot.places:
        yield from _machines(place, snapshot.account)
        yield from _services(place, snapshot.account)
    for e in snapshot.buckets:
        name = e.bucket.name
        hosts = (f"{name}.s3.amazonaws.com", f"{name}.s3.{e.bucket.region}.amazonaws.com")
        yield e.subject, (name, f"arn:aws:s3:::{name}", *hosts)


def _machines(place: Place, account: str) -> Iterator[tuple[Subject, tuple[str, ...]]]:
    arn = f"arn:aws:ec2:{place.region}:{account}:"
    for i in place.instances:
        placing = place.placing(i.id)
        own = (i.id, f"aws:///{i.zone}/{i.id}", f"{arn}instance/{i.id}")
        yield i.subject, (*own, *(placing.names if placing else ()))
    for v in place.volumes:
        yield v.subject, (v.id, f"{arn}volume/{v.id}")
    for g in place.security_groups:
        yield g.subject, (g.id, f"{arn}security-group/{g.id}")
    for s in place.scaling_groups:
        yield s.subject, (s.arn,)


def _services(place: Place, account: str) -> Iterator[tuple[Subject, tuple[str, ...]]]:
    where = f"{place.region}:{account}"
    for b in place.balancers:
        yield b.subject, (b.host, b.arn, b.key)
    for t in place.target_groups:
        yield t.subject, (t.arn, t.key)
    for d in place.databases:
        yield d.subject, (d.host, f"{d.host}:{d.port}" if d.host else "", d.arn)
    for q in place.queues:
        yield q.subject, (q.url, q.name, f"arn:aws:sqs:{where}:{q.name}")
    for a in place.alarms:
        yield a.subject, (f"arn:aws:cloudwatch:{where}:alarm:{a.name}",)


def _of(place: Place, accused: frozenset[str]) -> Iterator[Link]:
    instances = {i.id: i.subject for i in place.instances}
    yield from _alarms(place, accused)
    yield from _attached(place)
    yield from _routes(place, instances)
    by_arn = {g.arn: g.subject for g in place.target_groups}
    for scaling in place.scaling_groups:
        for member in scaling.instances:
            if member in instances:
                yield Link(scaling.subject, Relation.MADE_OF, instances[member])
        for arn in scaling.target_groups:
            if arn in by_arn:
                yield Link(by_arn[arn], Relation.MADE_OF, scaling.subject, "registers its targets")


def _attached(place: Place) -> Iterator[Link]:
    volumes = {v.id: v.subject for v in place.volumes}
    for instance in place.instances:
        placing = place.placing(instance.id)
        for volume in placing.volumes if placing else ():
            if volume in volumes:
                yield Link(instance.subject, Relation.MOUNTS, volumes[volume], "attached")


def _routes(place: Place, instances: Mapping[str, Subject]) -> Iterator[Link]:
    for group in place.target_groups:
        for target in group.targets or ():
            known = instances.get(target.id, target.id)
            via = f"target at port {target.port}" if target.port else "target"
            yield Link(group.subject, Relation.ROUTES_TO, known, via)
        for balancer in place.balancers:
            if balancer.arn in group.balancers:
                yield Link(balancer.subject, Relation.ROUTES_TO, group.subject)


def _alarms(place: Place, accused: frozenset[str]) -> Iterator[Link]:
    """Alarms need what they watch; what only an alarm speaks of needs the alarm."""
    names = {alarm.name: alarm.subject for alarm in place.alarms}
    for alarm in place.alarms:
        for child in alarm.children:
            if child in names and child != alarm.name:
                yield Link(alarm.subject, Relation.WATCHES, names[child], "its rule")
        for target, via in _watched(place, alarm):
            # Without requests a load balancer or queue has no data and is well; an instance is not.
            if alarm.state == _NO_DATA and target.parts[0] != "ec2":
                continue
            yield Link(alarm.subject, Relation.WATCHES, target, via)
            if alarm.state == _RINGS and not alarm.scaling and str(target) not in accused:
                yield Link(target, Relation.WATCHED_BY, alarm.subject, "it is in ALARM")


def _watched(place: Place, alarm: Alarm) -> Iterator[tuple[Subject, str]]:
    """What an alarm's dimensions name, where it is among what was read."""
    known: dict[tuple[str, str], Subject] = {
        **{("InstanceId", i.id): i.subject for i in place.instances},
        **{("VolumeId", v.id): v.subject for v in place.volumes},
        **{("LoadBalancer", b.key): b.subject for b in place.balancers},
        **{("TargetGroup", t.key): t.subject for t in place.target_groups},
        **{("AutoScalingGroupName", s.name): s.subject for s in place.scaling_groups},
        **{("DBInstanceIdentifier", d.name): d.subject for d in place.databases},
        **{("QueueName", q.name): q.subject for q in place.queues},
    }
    for name, value in alarm.dimensions:
        if subject := known.get((name, value)):
            yield subject, f"its dimension {name}"
