"""EC2 instances."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Annotated

from pydantic import AfterValidator, Field

from fivetabs.core import Cell, Finding, Listing, age, quoted, read, run_rules, stamp, term
from fivetabs.core.patterns import Pattern
from fivetabs.providers.aws.port import Account
from fivetabs.providers.aws.shapes.instances import STATES, Instance
from fivetabs.providers.aws.tools.fleets import RULES, instances_in
from fivetabs.providers.aws.tools.regions import ask_regions
from fivetabs.providers.aws.tools.worst import worst_first

_COLUMNS = ("id", "name", "type", "state", "checks", "zone", "age", "launched", "ip", "why")
_COUNTER = Pattern(r"[-_.]?[0-9a-f]*[0-9][0-9a-f]*$")
_ALONE = 10


def _known_state(state: str) -> str:
    if state and state not in STATES:
        raise ValueError(f"an instance is {', '.join(STATES[:-1])} or {STATES[-1]}")
    return state


State = Annotated[str, AfterValidator(_known_state), Field(description="Only this state.")]
Name = Annotated[str, Field(description="Part of the id or Name.")]
Tag = Annotated[str, Field(description="key or key=value.")]


@read(
    example={},
    questions=(
        "Which EC2 instances are running?",
        "Did any EC2 instance fail its status check?",
        "List my AWS servers with their type and IP",
    ),
    title="List EC2 instances",
)
async def list_ec2_instances(
    account: Account, /, state: State = "", name: Name = "", tag: Tag = ""
) -> Listing:
    """List EC2 instances (AWS servers, virtual machines), impaired first: type, running or
    stopped and why, failed status checks, scheduled events, zone, launch age, private IP.
    For alarms on them use get_cloudwatch_alarms.
    """  # noqa: D205
    asked = await ask_regions(account, partial(instances_in, account))
    everything = [each for _, found in asked.answers for each in found]
    chosen = [each for each in everything if _wanted(each, state, name, tag)]
    findings = run_rules(RULES, chosen)
    sick = _ranks(findings)
    chosen.sort(key=lambda i: (sick.get(str(i.subject), len(findings)), i.region, i.state, i.name))
    now = account.now()
    picked = f" of {len(everything)}" if len(chosen) != len(everything) else ""
    return Listing(
        summary=f"{len(chosen)}{picked} EC2 instances in {asked.where}: "
        f"{_states(chosen)}. {_worst(findings, len(sick))}",
        columns=_COLUMNS,
        rows=tuple(_row(each, now) for each in chosen),
        total=len(chosen),
        missing=asked.missing,
        notes=tuple(worst_first(findings)),
        kin=tuple(_kin(each, place, sick) for place, each in enumerate(chosen)),
        fold_on=("type", "state", "checks"),
        own=("why",),
    )


def _wanted(instance: Instance, state: str, name: str, tag: str) -> bool:
    key, equals, value = tag.partition("=")
    tags = dict(instance.tags)
    return (
        (not state or instance.state == state)
        and (not name or name.lower() in f"{instance.id} {instance.name}".lower())
        and (not tag or (key in tags and (not equals or tags[key] == value)))
    )


def _ranks(findings: Sequence[Finding]) -> dict[str, int]:
    """How bad each subject is: the place of its worst finding."""
    ranks: dict[str, int] = {}
    for place, finding in enumerate(findings):
        for subject in (finding.subject, *finding.symptoms):
            ranks.setdefault(subject, place)
    return ranks


def _row(instance: Instance, now: datetime) -> tuple[Cell, ...]:
    launched = instance.launched
    return (
        instance.id,
        term(instance.name),
        instance.type,
        instance.state,
        instance.checks.words,
        instance.zone,
        age(launched, now) if launched else "",
        stamp(launched) if launched else "",
        instance.private_ip,
        "; ".join(_why(instance, now)),
    )


def _why(instance: Instance, now: datetime) -> Iterator[str]:
    if since := instance.checks.since:
        yield f"impaired for {age(since, now)}, since {stamp(since)}"
    for event in instance.checks.events:
        yield f"{term(event.code)} {stamp(event.start) if event.start else ''}".strip()
    if instance.state != "running" and instance.reason:
        yield quoted(instance.reason)


def _kin(instance: Instance, place: int, sick: Mapping[str, int]) -> str:
    """Many of one group or one kind of name are told together, but for the first that are sick."""
    if str(instance.subject) in sick and place < _ALONE:
        return ""
    kin = instance.group or _COUNTER.sub("", instance.name)
    return f"{term(kin)}* in {instance.region}" if kin else f"unnamed in {instance.region}"


def _states(instances: Sequence[Instance]) -> str:
    counts = Counter(i.state for i in instances)
    return ", ".join(f"{n} {state}" for state, n in counts.most_common()) or "none"


def _worst(findings: Sequence[Finding], sick: int) -> str:
    if not findings:
        return "Status checks pass and no event is scheduled."
    return f"{sick} need{'s' if sick == 1 else ''} attention; worst: {findings[0].cause}."
