"""A snapshot as cases for the rules, and what was checked and is well. Pure."""

from collections.abc import Iterator

from fivetabs.core import Finding, Survey, first_of, fold, run_rules
from fivetabs.providers.aws.rules import alarms, balancing, buckets, guarding, instances, scaling
from fivetabs.providers.aws.rules import standing as standing_rules
from fivetabs.providers.aws.rules import volumes as volume_rules
from fivetabs.providers.aws.rules.balancing import Behind
from fivetabs.providers.aws.rules.standing import Standing
from fivetabs.providers.aws.shapes.snapshots import Place, Snapshot

_INSTANCES = (
    instances.system_check_failed,
    instances.instance_check_failed,
    instances.volumes_check_failed,
    instances.event_scheduled,
    instances.ended_by_failure,
)
_STANDING = (standing_rules.needed_and_stopped, standing_rules.stopped)
_ALARMS = (alarms.metric_alarm, alarms.composite_alarm, alarms.no_data, alarms.nobody_told)
_BEHIND = (
    balancing.port_closed,
    balancing.nothing_healthy,
    balancing.some_unhealthy,
    balancing.nothing_registered,
)
_SCALING = (scaling.cannot_launch, scaling.suspended)
_VOLUMES = (volume_rules.volume_impaired, volume_rules.volume_in_error)
_DATABASES = (volume_rules.database_failing, volume_rules.database_off)


def survey(snapshot: Snapshot) -> Survey:
    """Every rule over every region, and over the buckets."""
    findings = [*run_rules((buckets.public_bucket,), snapshot.buckets)]
    for place in snapshot.places:
        findings += _of(place)
    accused = {subject for f in findings for subject in (f.subject, *f.symptoms)}
    missing = (*snapshot.missing, *(each for place in snapshot.places for each in place.missing))
    # By code and subject: nothing is folded that was not folded before.
    ordered = fold((f, f"{f.code} {f.subject}") for f in findings)
    return Survey(ordered, tuple(_healthy(snapshot, accused)), missing)


def _of(place: Place) -> Iterator[Finding]:
    yield from run_rules(_INSTANCES, place.instances)
    yield from run_rules(_STANDING, _standing(place))
    yield from run_rules(_ALARMS, place.alarms)
    yield from run_rules(_VOLUMES, place.volumes)
    yield from first_of(_BEHIND, _behind(place))
    yield from run_rules((balancing.balancer_failed,), place.balancers)
    yield from run_rules(_SCALING, place.scaling_groups)
    yield from run_rules(_DATABASES, place.databases)
    yield from run_rules((guarding.open_to_the_world,), place.security_groups)


def _behind(place: Place) -> Iterator[Behind]:
    for group in place.target_groups:
        balancers = tuple(b for b in place.balancers if b.arn in group.balancers)
        yield Behind(group, balancers, place.instances, place.security_groups or None)


def _standing(place: Place) -> Iterator[Standing]:
    for instance in place.instances:
        users = [
            f"target group {group.name}"
            for group in place.target_groups
            if any(target.id == instance.id for target in group.targets or ())
        ]
        yield Standing(instance, tuple(users))


def _healthy(snapshot: Snapshot, accused: set[str]) -> Iterator[str]:
    """Counts of what was read and that no finding names."""
    places = snapshot.places
    running = [i for p in places for i in p.instances if i.state == "running"]
    passing = [i for i in running if i.checks.instance == i.checks.system == "ok"]
    serving = [g for p in places for g in p.target_groups if g.of("healthy")]
    kinds = (
        (f"running instance{{}} of {len(running)} passing the status checks", passing),
        ("alarm{} OK", [a for p in places for a in p.alarms if a.state == "OK"]),
        ("attached volume{}", [v for p in places for v in p.volumes if v.status == "ok"]),
        ("target group{} with healthy targets", serving),
        ("scaling group{}", [g for p in places for g in p.scaling_groups]),
        ("database{}", [d for p in places for d in p.databases if d.status == "available"]),
        ("bucket{} not public", [e for e in snapshot.buckets if e.public == "no"]),
    )
    for words, things in kinds:
        count = sum(str(thing.subject) not in accused for thing in things)
        if count:
            yield f"{count} {words.format('' if count == 1 else 's')}"
