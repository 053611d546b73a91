"""A state of 2,000 resources and a plan of 2,000 changes; and states and plans that are extreme."""

from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fivetabs.core import Connection, NotFound
from fivetabs.providers.terraform.port import (
    Directory,
    PlanRaw,
    Saved,
    Standing,
    StateRaw,
    Step,
    Workspaces,
)
from tests.large.closed import refuse
from tests.large.dice import app, digits, prose

Json = dict[str, Any]
CLOCK = datetime(2026, 3, 12, 10, 14, tzinfo=UTC)
DIRECTORY = "infra/large"
HUGE = "aws_s3_object.huge"
_KINDS = (
    *("instance", "db_instance", "s3_bucket", "iam_role", "iam_policy", "subnet", "route_table"),
    *("security_group", "security_group_rule", "lb", "lb_listener", "lb_target_group", "eip"),
    *("ebs_volume", "sqs_queue", "sns_topic", "sns_topic_subscription", "lambda_function"),
    *("cloudwatch_metric_alarm", "cloudwatch_log_group", "dynamodb_table", "kms_key", "vpc"),
    *("kms_alias", "route53_record", "acm_certificate", "ecr_repository", "ecs_service"),
    *("ecs_task_definition", "autoscaling_group", "launch_template", "key_pair", "nat_gateway"),
    *("internet_gateway", "network_acl", "efs_file_system", "secretsmanager_secret", "waf_rule"),
    *("elasticache_cluster", "opensearch_domain"),
)
_ACTIONS = (
    (["create"], 700),
    (["update"], 800),
    (["delete", "create"], 300),
    (["delete"], 200),
)
_WORDS = {"create": "create", "update": "update", "delete create": "replace", "delete": "destroy"}


@dataclass(frozen=True)
class Truth:
    """What there is: actions by address, drift, resources by address with their status, outputs."""

    changes: Mapping[str, str]
    drift: frozenset[str]
    resources: Mapping[str, str]
    outputs: frozenset[str]

    def count(self, action: str) -> int:
        """How many changes have this action."""
        return Counter(self.changes.values())[action]


SAVED = "7461b678861c"


@dataclass(frozen=True)
class Room:
    """One working directory with its plan and its state, in memory."""

    plan_json: Json
    state_json: Json
    truth: Truth

    async def plan(self, directory: str, /) -> PlanRaw:
        """The plan."""
        diagnostics = tuple(
            {
                "severity": "warning",
                "summary": f"Deprecated argument {n}",
                "detail": prose(f"w/{n}", 60),
            }
            for n in range(40)
        )
        return PlanRaw(_known(directory), "default", "s3", self.plan_json, diagnostics, serial=77)

    async def state(self, directory: str, /) -> StateRaw:
        """The state."""
        return StateRaw(_known(directory), "default", "s3", self.state_json)

    async def saved(self, directory: str, plan: str, /) -> Saved:
        """The plan, kept; nothing has moved since."""
        raw = await self.plan(directory)
        lineage = str(self.state_json["lineage"])
        return Saved(raw, directory, plan * 5, CLOCK, 77, lineage, 77, lineage, runs_allowed=True)

    async def standing(self, directory: str, /) -> Standing:
        """The state as it is; the plan is still to be applied."""
        _known(directory)
        return Standing(77, str(self.state_json["lineage"]), len(self.truth.changes))

    async def directories(self) -> tuple[Directory, ...]:
        """The only one."""
        return (Directory(DIRECTORY, initialised=True),)

    def now(self) -> datetime:
        """The clock stands still."""
        return CLOCK


@asynccontextmanager
async def opened(room: Room) -> AsyncGenerator[Connection[Workspaces, Step]]:
    """The directory as the house opens one."""

    yield Connection(room, refuse, "tf:infra", room.now)


def everyday() -> Room:
    """2,000 resources of 40 types, 200 outputs; 2,000 changes, 500 of them drifted."""
    addresses = [_address(number) for number in range(2000)]
    actions = [action for action, count in _ACTIONS for _ in range(count)]
    changes = [_change(addresses[n], actions[n * 7919 % 2000], n) for n in range(2000)]
    drift = [_drift(addresses[number * 4], number) for number in range(500)]
    outputs = {f"output_{n:03}": {"value": _value(n)} for n in range(200)}
    for n in range(0, 200, 20):
        outputs[f"output_{n:03}"] = {"value": f"hush-{digits(f'o/{n}', 12)}", "sensitive": True}
    return _room(addresses, changes, drift, outputs)


def endless() -> Room:
    """Addresses of 5,000 characters, an attribute of 1 MB, 400 attributes of one resource."""
    long = [f'module.{"deep" * 30}["{"k" * (4900 - n)}"].aws_instance.x["{n}"]' for n in range(60)]
    addresses = [HUGE, *long]
    changes = [_change(each, ["update"], number) for number, each in enumerate(addresses)]
    changes[0]["change"]["after"] = {"content": "x" * 1_000_000, "id": "a"}
    changes[1]["change"]["after"] |= {f"attribute_{n:03}": prose(f"a/{n}", 40) for n in range(400)}
    drift = [_drift(each, number) for number, each in enumerate(addresses)]
    outputs = {f"{'o' * 200}_{n}": {"value": prose(f"o/{n}", 2000)} for n in range(30)}
    room = _room(addresses, changes, drift, outputs)
    instance = room.state_json["resources"][0]["instances"][0]
    instance["attributes"] |= {"content": "x" * 1_000_000}
    return room


def _room(addresses: list[str], changes: list[Json], drift: list[Json], outputs: Json) -> Room:
    status = dict.fromkeys(addresses[7::100], "tainted")
    told = {each["address"]: _WORDS[" ".join(each["change"]["actions"])] for each in changes}
    state = {
        "version": 4,
        "serial": 77,
        "lineage": "2f1d0d0c-large",
        "terraform_version": "1.11.4",
        "outputs": outputs,
        "resources": [_block(each, status.get(each, "")) for each in addresses],
    }
    moved = {name: _moved_output(value) for name, value in outputs.items()}
    plan = {
        "terraform_version": "1.11.4",
        "resource_changes": changes,
        "resource_drift": drift,
        "output_changes": moved,
        "complete": True,
    }
    truth = Truth(
        changes=told,
        drift=frozenset(each["address"] for each in drift),
        resources={each: status.get(each, "ok") for each in addresses},
        outputs=frozenset(outputs),
    )
    return Room(plan, state, truth)


def _address(number: int) -> str:
    kind = _KINDS[number % len(_KINDS)]
    match number % 5:
        case 0:
            return f"aws_{kind}.{app(number % 280).replace('-', '_')}[{number // 280}]"
        case 1:
            return f'aws_{kind}.team["{app(number % 280)}-{number}"]'
        case 2:
            return f"module.{app(number % 40).replace('-', '_')}.aws_{kind}.this[{number // 40}]"
        case _:
            return f'module.platform["{number % 9}"].aws_{kind}.{app(number % 90)}_{number}'


def _change(address: str, actions: list[str], number: int) -> Json:
    before = _attributes(number)
    after = {**before, "instance_type": "m5.xlarge", "description": prose(f"after/{number}", 40)}
    if number % 6 == 0:
        after |= {f"setting_{n}": prose(f"{number}/{n}", 12) for n in range(10)}
    return {
        "address": address,
        "mode": "managed",
        "type": address.partition("aws_")[2].partition(".")[0],
        "change": {
            "actions": actions,
            "before": None if actions == ["create"] else before,
            "after": None if actions == ["delete"] else after,
            "after_unknown": {"arn": True} if "create" in actions else {},
            "replace_paths": [["instance_type"]] if len(actions) == 2 else [],
        },
    }


def _drift(address: str, number: int) -> Json:
    before = _attributes(number)
    after = {**before, "monitoring": False, "tags": {"Name": prose(f"drift/{number}", 3)}}
    change = {"actions": ["update"], "before": before, "after": after}
    return {"address": address, "mode": "managed", "type": "any", "change": change}


def _attributes(number: int) -> Json:
    return {
        "id": f"i-{digits(f'id/{number}', 17)}",
        "arn": f"arn:aws:ec2:eu-west-1:123456789012:instance/i-{digits(f'id/{number}', 17)}",
        "instance_type": "m5.large",
        "monitoring": True,
        "description": prose(f"before/{number}", 40),
        "tags": {"Name": app(number % 280), "Team": "platform"},
    }


def _moved_output(value: Json) -> Json:
    marks = {"before_sensitive": value.get("sensitive"), "after_sensitive": value.get("sensitive")}
    return {"actions": ["update"], "before": "old", "after": value["value"], **marks}


def _value(number: int) -> Any:
    return prose(f"output/{number}", 30) if number % 3 else [app(n) for n in range(number % 40 + 1)]


def _block(address: str, status: str) -> Json:
    """A state's block of one instance."""
    stem, _, key = address.partition("aws_")
    module = stem.rstrip(".")
    kind, _, rest = f"aws_{key}".partition(".")
    name, _, index = rest.partition("[")
    instance: Json = {"attributes": _attributes(sum(address.encode())), "status": status}
    if index:
        inner = index.rstrip("]")
        instance["index_key"] = int(inner) if inner.isdecimal() else inner.strip('"')
    provider = 'provider["registry.terraform.io/hashicorp/aws"]'
    block = {"mode": "managed", "type": kind, "name": name, "provider": provider}
    return {**block, **({"module": module} if module else {}), "instances": [instance]}


def _known(directory: str) -> str:
    if directory not in {"", DIRECTORY, "large"}:
        raise NotFound(f"there is no Terraform directory {directory!r}")
    return DIRECTORY
