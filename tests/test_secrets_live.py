"""Secrets planted through every backend's own API, then every tool called over real stdio.

Nothing of any of them is in a byte that the server wrote: not as it is, not percent-encoded, not in
base64. What only looks like a secret, planted beside them, is there.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fivetabs.cli.houses import PROVIDERS
from tests.planting import Seeds, aws, docker, forms, kubernetes, stdio, terraform
from tests.rig import Rig
from tests.rig.aws.seed import Account

pytestmark = [pytest.mark.anyio, pytest.mark.live]

POD = {"pod_name": kubernetes.NAME, "namespace": kubernetes.SPACE}
DEPLOYMENT = {"name": kubernetes.NAME, "namespace": kubernetes.SPACE, "target": "shop-eu"}
MAIN = "/spec/template/spec/containers/0"
ASKED: dict[str, tuple[dict[str, Any], ...]] = {
    "get_pod_status": ({}, {"namespace": kubernetes.SPACE}),
    "get_failing_pods": ({}, {"namespace": kubernetes.SPACE}, {"budget": 8000}),
    "get_pod_logs": (POD, {**POD, "lines": 500, "budget": 8000}, {**POD, "grep": "log|token|key"}),
    "describe_pod": (POD, {**POD, "budget": 8000}),
    "restart_deployment": (DEPLOYMENT,),
    "scale_deployment": ({**DEPLOYMENT, "replicas": 2},),
    "rollback_deployment": (DEPLOYMENT,),
    "update_resource": (
        {**DEPLOYMENT, "kind": "Deployment", "patch": [{"op": "remove", "path": f"{MAIN}/env/0"}]},
        {**DEPLOYMENT, "kind": "Deployment", "patch": [{"op": "remove", "path": f"{MAIN}/args"}]},
        {**DEPLOYMENT, "kind": "ConfigMap", "patch": {"data": {"app.properties": "port=81"}}},
    ),
    "get_aws_cost": ({"days": 3},),
    "list_ec2_instances": ({}, {"budget": 8000}),
    "get_cloudwatch_alarms": ({}, {"budget": 8000}),
    "list_s3_buckets": ({}, {"budget": 8000}),
    "list_log_groups": ({},),
    "get_cloudwatch_logs": ({"log_group": aws.GROUP}, {"log_group": aws.GROUP, "budget": 8000}),
    "run_logs_query": ({"log_groups": aws.GROUP},),
    "list_containers": ({}, {"budget": 8000}),
    "get_container_logs": (
        {"container_name": docker.NAME},
        {"container_name": docker.NAME, "lines": 500, "budget": 8000},
        {"container_name": "pier"},
    ),
    "restart_container": ({"container_name": docker.NAME},),
    "start_container": ({"container_name": docker.NAME},),
    "stop_container": ({"container_name": docker.NAME},),
    "restart_instance": ({"instance_id": "worker-c"},),
    "run_terraform_plan": (
        {"directory": terraform.NAME},
        {"directory": terraform.NAME, "budget": 8000},
    ),
    "apply_terraform_plan": ({"directory": terraform.NAME, "plan": "666020ff9671"},),
    "check_terraform_state": (
        {"directory": terraform.NAME},
        {"directory": terraform.NAME, "address": "terraform_data.db", "budget": 8000},
    ),
    "get_health_report": ({}, {"budget": 8000}),
    "investigate": ({}, {"about": kubernetes.NAME}, {"about": docker.NAME}),
    "get_recent_changes": ({}, {"minutes": 600}),
}
WRONG = ({"nonsense": "x"}, {"target": "nowhere"})


@pytest.fixture(scope="module")
def planted(rig: Rig) -> Iterator[dict[str, Seeds]]:
    endpoint = rig.environment["AWS_ENDPOINT_URL"]
    seeds = {
        "kubernetes": kubernetes.plant(rig.kubernetes.api),
        "docker": docker.plant(rig.ledger),
        "aws": aws.plant(Account(endpoint)),
        "terraform": terraform.plant(rig.ledger),
    }
    yield seeds
    docker.clear(rig.ledger)


async def test_not_one_planted_secret_is_in_any_byte_the_server_wrote(
    rig: Rig, planted: dict[str, Seeds], tmp_path: Path
) -> None:
    nobody_agrees = {"FIVETABS_ASKING_SECONDS": "0"}
    async with stdio.running(tmp_path / "server", rig.environment | nobody_agrees) as server:
        tools = [tool["name"] for tool in (await server.ask("tools/list"))["tools"]]
        answered = 0
        for name in tools:
            for given in (*_calls(name), *WRONG):
                answer = await server.ask("tools/call", name=name, arguments=given)
                answered += not answer.get("isError", True)
                await _read_on(server, answer)
        files = server.written()
    files = server.written() | files
    told = {name: _as_text(content) for name, content in files.items()}
    assert answered >= len(tools)
    _assert_nothing_leaked(planted, told)
    _assert_lookalikes_are_there(planted, told["stdout"])


def _calls(name: str) -> tuple[dict[str, Any], ...]:
    """The most telling calls of a tool; of one that is not known here, its own example."""
    if name in ASKED:
        return ASKED[name]
    examples = {tool.name: tool.example for house in PROVIDERS for tool in house.tools}
    return (dict(examples.get(name, {})),)


async def _read_on(server: stdio.Server, answer: dict[str, Any]) -> None:
    """Everything that an answer left out, page by page."""
    handle = _structure(answer).get("more", {}).get("handle")
    page, pages = 1, 1
    while handle and page <= pages:
        given = {"handle": handle, "page": page, "budget": 8000}
        shown = await server.ask("tools/call", name="read_more", arguments=given)
        pages = _structure(shown).get("pages", 0)
        page += 1


def _structure(answer: dict[str, Any]) -> dict[str, Any]:
    return answer.get("structuredContent") or {}


def _as_text(content: bytes) -> str:
    """The bytes, and, where they are JSON lines, once more with every escape undone."""
    raw = content.decode("utf-8", "replace")
    undone = raw.replace('\\"', '"').replace("\\n", "\n").replace("\\/", "/")
    return f"{raw}\n{re.sub(r'.u([0-9a-f]{4})', _character, undone)}"


def _character(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16)) if escape[0].startswith("\\") else escape[0]


def _assert_nothing_leaked(planted: dict[str, Seeds], told: dict[str, str]) -> None:
    secrets = {f"{h}: {p}": v for h, seeds in planted.items() for p, v in seeds.secrets.items()}
    assert len(secrets) >= 60
    assert len(set(secrets.values())) == len(secrets)
    leaked = [
        f"{place} in {file}"
        for place, secret in secrets.items()
        for file, text in told.items()
        if any(form in text for form in forms(secret))
    ]
    assert not leaked


def _assert_lookalikes_are_there(planted: dict[str, Seeds], told: str) -> None:
    gone = [
        f"{house}: {kind} {value}"
        for house, seeds in planted.items()
        for kind, value in seeds.harmless.items()
        if value not in told
    ]
    assert not gone


def test_every_tool_is_called_with_telling_arguments() -> None:
    """A new tool needs a line above, or its example is all that is tried."""
    known = {tool.name for house in PROVIDERS for tool in house.tools}
    assert known <= set(ASKED), json.dumps(sorted(known - set(ASKED)))
