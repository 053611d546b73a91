"""The account's share of the estate: findings, what needs what, names, and what changed."""

# ruff: noqa: E501  (snapshots hold whole sentences)

from datetime import UTC, datetime, timedelta

import pytest
from inline_snapshot import snapshot

from fivetabs.core import Relation, Scope, first_of
from fivetabs.core.quoting import unmarked
from fivetabs.providers.aws import PROVIDER
from fivetabs.providers.aws.auth.targets import Target
from fivetabs.providers.aws.demo import World
from fivetabs.providers.aws.rules import balancing
from fivetabs.providers.aws.shapes.snapshots import Snapshot
from fivetabs.providers.aws.shapes.trails import parse_written
from fivetabs.providers.aws.tools.estate import CHART
from tests.providers.aws.rule_cases_estate import (
    ESTATE_CASES,
    LATE,
    NO_CAPACITY,
    SUBNET,
    behind,
    guard,
    opening,
)

pytestmark = pytest.mark.anyio


async def loaded(target: Target = Target()) -> Snapshot:  # noqa: B008  (frozen)
    return await CHART.load(World(target), Scope())


async def test_the_incident_is_told_with_its_beginning() -> None:
    survey = CHART.survey(await loaded())
    found = [
        (f.code, f.subject.partition("/")[2], unmarked(f.cause), f.since) for f in survey.findings
    ]
    assert found == snapshot(
        [
            (
                "AWS201",
                "eu-west-1/cloudwatch/worker-c-status-check",
                "worker-c-status-check is in ALARM since 2026-03-12T10:02:24Z: Maximum of AWS/EC2 StatusCheckFailed [InstanceId=i-0c3a5f7e9b1d20003] >= 1 for 1 of 1 x 60s",
                "2026-03-12T10:02:24Z",
            ),
            (
                "AWS101",
                "eu-west-1/ec2/i-0c3a5f7e9b1d20003",
                "i-0c3a5f7e9b1d20003 (worker-c), t3.small in eu-west-1c: instance status check fails since 2026-03-12T10:02:00Z",
                "2026-03-12T10:02:00Z",
            ),
            (
                "AWS202",
                "eu-west-1/cloudwatch/shop-capacity",
                'shop-capacity is in ALARM since 2026-03-12T10:02:31Z: ALARM("worker-c-status-check") OR ALARM("disk-worker-a")',
                "2026-03-12T10:02:31Z",
            ),
            (
                "AWS502",
                "eu-west-1/targetgroup/shop-ingress",
                "1 of 3 targets of shop-ingress is unhealthy (behind shop): i-0c3a5f7e9b1d20003 (worker-c) at port 30080: 1 Target.Timeout (Request timed out)",
                "",
            ),
            (
                "AWS203",
                "eu-west-1/cloudwatch/api-latency-p99",
                "api-latency-p99 has had no data since 2026-03-11T22:40:03Z: p99 of AWS/ApplicationELB TargetResponseTime [LoadBalancer=app/shop/5d0e1f2a3b4c5d6e] > 1.5 for 3 of 3 x 300s",
                "2026-03-11T22:40:03Z",
            ),
            (
                "AWS109",
                "eu-west-1/ec2/i-0d4e5f6a7b8c90004",
                "i-0d4e5f6a7b8c90004 (bastion) is stopped (User initiated (2026-02-27 17:41:08 GMT))",
                "",
            ),
        ]
    )
    assert survey.healthy == snapshot(
        (
            "2 running instances of 3 passing the status checks",
            "1 alarm OK",
            "3 attached volumes",
            "3 buckets not public",
        )
    )
    assert survey.missing == ()


async def test_what_rules_say_names_the_case() -> None:
    said = {
        rule.code: unmarked(next(iter(rule(ESTATE_CASES[rule.code][0])))[0].cause)
        for rule in PROVIDER.rules
        if rule.code in ESTATE_CASES
    }
    assert said == snapshot(
        {
            "AWS501": "no target of web is healthy (1 of 1 unhealthy) (behind shop): 1 Target.ResponseCodeMismatch (Health checks failed: [502]); it checks HTTP /healthz on traffic-port wants 200",
            "AWS502": "1 of 2 targets of web is unhealthy (behind shop): i-0c3a5f7e9b1d20003 at port 8080: 1 Target.ResponseCodeMismatch (Health checks failed: [502])",
            "AWS503": "web has no registered target at all (behind shop)",
            "AWS504": "1 target of web time out: no rule of their security groups (sg-1 (workers)) lets anything in at port 8080 (behind shop)",
            "AWS505": "load balancer shop is failed: no free addresses in subnet-1",
            "AWS701": "sg-1 (workers) lets the whole world in at 22 (SSH), 3389 (RDP), 1433 (SQL Server), 1521 (Oracle) and 7 more; it guards i-0c3a5f7e9b1d20003",
            "AWS601": "web has 2 of 4 wanted instances in service and cannot launch more, as AWS has no capacity of that type in the zone: We currently do not have sufficient m5.24xlarge capacity in the Availability Zone you requested (eu-west-1a). Launching EC2 instance failed.",
            "AWS602": "web has 2 of 4 wanted instances in service; suspended processes: Launch",
            "AWS108": "i-0c3a5f7e9b1d20003 is stopped, while target group web routes to it",
            "AWS109": "i-0c3a5f7e9b1d20003 is stopped",
            "AWS106": "volume vol-1 of i-0c3a5f7e9b1d20003 is impaired since 2026-03-12T10:02:00Z: Awaiting Action: Enable IO",
            "AWS107": "volume vol-1 of i-0c3a5f7e9b1d20003 is in the state error",
            "AWS801": "database orders (postgres 16.3) is storage-full",
            "AWS802": "database orders (postgres 16.3) is stopped",
        }
    )


def test_a_closed_port_explains_a_timeout_before_all_else() -> None:
    closed = behind(LATE, guards=(guard(opening(22, 22, SUBNET)),))
    order = (balancing.port_closed, balancing.nothing_healthy)
    assert [f.code for f in first_of(order, (closed,))] == ["AWS504"]


def test_no_cause_is_guessed_where_security_groups_were_not_read() -> None:
    assert not list(balancing.port_closed(behind(LATE, guards=None)))


def test_the_reason_of_a_failed_launch_is_told_in_words_and_quoted() -> None:
    (rule,) = (r for r in PROVIDER.rules if r.code == "AWS601")
    ((finding, _),) = rule(ESTATE_CASES["AWS601"][0])
    assert "AWS has no capacity of that type in the zone" in finding.cause
    assert finding.evidence[0].quote == NO_CAPACITY
    assert finding.since == "2026-03-12T09:53:00Z"


async def test_alarms_watch_and_groups_route_down_to_the_volume() -> None:
    told = {
        (str(link.source).rpartition("/")[2], link.relation, str(link.target))
        for link in CHART.links(await loaded())
    }
    instance = "aws:123456789012/eu-west-1/ec2/i-0c3a5f7e9b1d20003"
    assert {
        ("worker-c-status-check", Relation.WATCHES, instance),
        ("shop-capacity", Relation.WATCHES, "aws:123456789012/eu-west-1/cloudwatch/worker-c-status-check"),
        ("shop-ingress", Relation.ROUTES_TO, instance),
        ("shop", Relation.ROUTES_TO, "aws:123456789012/eu-west-1/targetgroup/shop-ingress"),
        ("i-0c3a5f7e9b1d20003", Relation.MOUNTS, "aws:123456789012/eu-west-1/ebs/vol-0c3a5f7e9b1d20001"),
    } <= told  # fmt: skip


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("i-0c3a5f7e9b1d20003", "i-0c3a5f7e9b1d20003"),
        ("aws:///eu-west-1c/i-0c3a5f7e9b1d20003", "i-0c3a5f7e9b1d20003"),
        ("10.0.3.13", "i-0c3a5f7e9b1d20003"),
        ("ip-10-0-3-13.eu-west-1.compute.internal", "i-0c3a5f7e9b1d20003"),
        ("shop-1508642119.eu-west-1.elb.amazonaws.com", "shop"),
        ("arn:aws:s3:::shop-assets-123456789012", "shop-assets-123456789012"),
    ],
)
async def test_others_know_a_thing_by_its_names(alias: str, name: str) -> None:
    assert CHART.aliases(await loaded())[alias].name == name


@pytest.mark.parametrize(
    ("words", "name", "score"),
    [
        ("worker-c", "i-0c3a5f7e9b1d20003", 1.0),
        ("i-0c3a5f7e9b1d20003", "i-0c3a5f7e9b1d20003", 1.0),
        ("why is worker-c unreachable?", "i-0c3a5f7e9b1d20003", 0.9),
        ("shop-capacity", "shop-capacity", 1.0),
        ("the backups bucket", "shop-backups-123456789012", 0.677),
    ],
)
async def test_a_name_or_plain_words_find_their_thing(words: str, name: str, score: float) -> None:
    first = CHART.find(await loaded(), words)[0]
    assert (first.subject.name, first.score) == (name, score)


async def test_nonsense_finds_nothing() -> None:
    assert CHART.find(await loaded(), "xyzzy plugh") == ()


async def test_a_closer_look_at_an_instance_tells_its_type_state_and_launch() -> None:
    seen = await loaded()
    (match,) = (m for m in CHART.find(seen, "worker-c") if m.score == 1)
    closer = await CHART.look(World(Target()), seen, match.subject)
    assert closer.evidence[0].quote.startswith("t3.small in eu-west-1c, running, launched")


async def test_a_closer_look_at_an_alarm_reads_its_history_and_points() -> None:
    seen = await loaded()
    (match,) = (m for m in CHART.find(seen, "worker-c-status-check") if m.score == 1)
    closer = await CHART.look(World(Target()), seen, match.subject)
    assert [e.quote for e in closer.evidence] == [
        "Alarm updated from OK to ALARM",
        "StatusCheckFailed, newest first: 1, 1, 1, 1, 1, 1, 1, 1, 1, 1",
    ]


async def test_who_changed_what_is_on_one_clock() -> None:
    world = World(Target())
    history = await CHART.changes(world, world.now() - timedelta(hours=1), Scope())
    told = [
        (c.when.strftime("%H:%M:%S"), c.subject.name, c.what, c.who, c.after)
        for c in history.changes
    ]
    assert told == snapshot(
        [
            ("09:57:02", "i-0c3a5f7e9b1d20003", "StopInstances", "dana", ""),
            (
                "09:58:31",
                "i-0c3a5f7e9b1d20003",
                "ModifyInstanceAttribute",
                "dana",
                "instanceType t3.small",
            ),
            ("09:58:39", "i-0c3a5f7e9b1d20003", "StartInstances", "dana", ""),
            ("09:58:41", "i-0c3a5f7e9b1d20003", "instance launched or started", "", "t3.small"),
            ("10:02:24", "worker-c-status-check", "alarm went to ALARM", "", "ALARM"),
            ("10:02:31", "shop-capacity", "alarm went to ALARM", "", "ALARM"),
        ]
    )


async def test_both_regions_are_read_for_all() -> None:
    seen = await loaded(Target(everywhere=True))
    assert [place.region for place in seen.places] == ["eu-west-1", "us-east-1"]
    assert seen.places[1].instances == ()


def test_a_writes_parameters_stay_behind_but_for_the_plain_ones() -> None:
    record = (
        '{"eventName": "RunInstances", "errorCode": "UnauthorizedOperation", "userIdentity": '
        '{"arn": "arn:aws:sts::1:assumed-role/deploy/ci"}, "requestParameters": {"userData": '
        '"hunter2", "instanceType": "m5.large", "masterUserPassword": "hunter2"}}'
    )
    raw = {
        "EventName": "RunInstances",
        "EventTime": datetime(2026, 3, 12, 10, tzinfo=UTC),
        "EventSource": "ec2.amazonaws.com",
        "CloudTrailEvent": record,
    }
    written = parse_written(raw, account="1", region="eu-west-1")
    assert "hunter2" not in repr(written)
    assert (written.who, written.details, written.refused) == (
        "deploy/ci",
        "instanceType m5.large",
        "UnauthorizedOperation",
    )
    assert str(written.subject) == "aws:1/eu-west-1/ec2/RunInstances"
