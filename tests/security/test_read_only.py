"""Read-only that is not: writes that are still there, reads that act, views that can write."""

import inspect
from contextlib import suppress
from typing import Any

import pytest
from mcp import Client

from fivetabs.app.settings import Changes
from fivetabs.cli.houses import PROVIDERS
from fivetabs.core import AnyTool, Denied, Effect, Fault, Invalid, Outcome
from fivetabs.providers.aws.port import CHANGES as REBOOTS
from fivetabs.providers.aws.port import READS as OPERATIONS
from fivetabs.providers.docker.port import CHANGES, READS, is_read
from fivetabs.providers.kubernetes.port import READS as KINDS
from fivetabs.providers.kubernetes.port import check_path
from fivetabs.providers.terraform.port import CHANGES as APPLIES
from fivetabs.providers.terraform.port import READS as COMMANDS
from fivetabs.server import build
from tests.security.backends import TARGETS, Backends

pytestmark = pytest.mark.anyio

TOOLS: list[AnyTool[Any]] = [tool for provider in PROVIDERS for tool in provider.tools]
CHANGING = [pytest.param(t, id=t.name) for t in TOOLS if t.effect is not Effect.READ]
HOMES: dict[str, dict[str, str]] = {
    tool.name: {"target": TARGETS[provider.name]} if provider.name in TARGETS else {}
    for provider in PROVIDERS
    for tool in provider.tools
}
READING = [pytest.param(t, id=t.name) for t in TOOLS if t.effect is Effect.READ]

# A GET of each of these acts, hands out secrets, or opens a way in.
ACTING = (
    "/api/v1/namespaces/a/pods/b/exec",
    "/api/v1/namespaces/a/pods/b/attach",
    "/api/v1/namespaces/a/pods/b/portforward",
    "/api/v1/namespaces/a/pods/b/proxy",
    "/api/v1/namespaces/a/pods/b/proxy/anything",
    "/api/v1/namespaces/a/pods/b/ephemeralcontainers",
    "/api/v1/namespaces/a/pods/b/eviction",
    "/api/v1/namespaces/a/pods/b/binding",
    "/api/v1/namespaces/a/services/b/proxy",
    "/api/v1/namespaces/a/services/b:80/proxy/admin",
    "/api/v1/nodes/b/proxy",
    "/api/v1/nodes/b/proxy/run/a/b/c",
    "/api/v1/nodes/b/proxy/exec/a/b/c",
    "/api/v1/proxy/nodes/b",
    "/api/v1/watch/pods",
    "/api/v1/namespaces/a/secrets/b",
    "/api/v1/secrets",
    "/api/v1/namespaces/a/serviceaccounts/b/token",
    "/apis/apps/v1/namespaces/a/deployments/b/scale",
    "/apis/apps/v1/namespaces/a/deployments/b/status",
    "/apis/certificates.k8s.io/v1/certificatesigningrequests",
    "/logs/kubelet.log",
    "/debug/pprof/cmdline",
    "/metrics",
    "/",
)
DOCKER_ACTING = (
    "/containers/a/exec",
    "/containers/a/attach",
    "/containers/a/attach/ws",
    "/containers/a/archive",
    "/containers/a/export",
    "/containers/a/restart",
    "/containers/a/kill",
    "/containers/a/copy",
    "/exec/a/start",
    "/images/a/get",
    "/build",
    "/swarm/unlockkey",
    "/secrets",
    "/configs/a",
    "/plugins/a/json",
    "/containers/a%2f..%2fb/json",
    "/containers/../secrets/json",
    "/v1.41/containers/a/json",
    "//containers/a/json",
)
LOOKING = ("Describe", "Get", "List", "Filter", "Lookup", "Simulate")
QUERIES = ("StartQuery", "StopQuery")  # CloudWatch Logs Insights: a search, by another verb.
SECRETS = frozenset(
    {
        "GetSecretValue",
        "GetParameter",
        "GetParameters",
        "GetParametersByPath",
        "GetObject",
        "GetPasswordData",
        "GetSessionToken",
        "GetFederationToken",
        "GetAuthorizationToken",
        "GetRoleCredentials",
        "DescribeInstanceAttribute",
    }
)
WRITING = (
    "create",
    "delete",
    "put",
    "post",
    "patch",
    "remove",
    "update",
    "commit",
    "apply",
    "exec",
)


@pytest.mark.parametrize("tool", CHANGING)
async def test_cve_2025_59376_with_changes_off_a_write_is_neither_listed_nor_callable(
    backends: Backends, tool: AnyTool[Any]
) -> None:
    async with backends.app(Changes.OFF) as app, Client(build(app)) as client:
        listed = [each.name for each in (await client.list_tools()).tools]
        assert tool.name not in listed
        for extra in ({}, {"approve": "0" * 12}, {"confirmed": True}):
            result = await client.call_tool(tool.name, {**tool.example, **extra})
            assert result.is_error
        with pytest.raises(Denied, match="nothing was done"):
            await app.call(tool.name, tool.example)
    assert backends.writes() == []
    assert not [line for line in backends.cluster.asked if "PATCH" in line]


@pytest.mark.parametrize("policy", list(Changes))
@pytest.mark.parametrize("tool", READING)
async def test_a_read_writes_nothing_under_any_policy(
    backends: Backends, tool: AnyTool[Any], policy: Changes
) -> None:
    async with backends.app(policy) as app:
        with suppress(Fault):
            await app.call(tool.name, tool.example)
    assert backends.writes() == []
    asked = {(each.service, each.operation) for each in backends.account.asked}
    assert all(operation in OPERATIONS[service] for service, operation in asked)
    assert {call["argv"][0] for call in backends.terraform_calls()} <= {
        each.argv[0] for each in COMMANDS
    }


@pytest.mark.parametrize("policy", [Changes.SHOW, Changes.ASK, Changes.MODEL])
@pytest.mark.parametrize("tool", CHANGING)
async def test_a_change_that_is_only_shown_writes_nothing(
    backends: Backends, tool: AnyTool[Any], policy: Changes
) -> None:
    async with backends.app(policy) as app:
        await app.call("run_terraform_plan", {"directory": "infra/shop"})
        answer = await app.call(tool.name, {**tool.example, **HOMES[tool.name]})
        assert isinstance(answer, Outcome)
        assert answer.state == ("waiting" if policy is Changes.ASK else "planned")
    assert backends.writes() == []


@pytest.mark.parametrize("path", ACTING)
async def test_proxy_exec_attach_and_portforward_are_no_reads_of_a_cluster(
    backends: Backends, path: str
) -> None:
    with pytest.raises((Denied, Invalid)):
        check_path(path)
    await _refused(backends, "kubernetes", path)


@pytest.mark.parametrize("path", DOCKER_ACTING)
async def test_exec_attach_archive_and_secrets_are_no_reads_of_an_engine(
    backends: Backends, path: str
) -> None:
    assert not is_read(path)
    await _refused(backends, "docker", path)


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("ec2", "TerminateInstances"),
        ("ec2", "DescribeInstanceAttribute"),
        ("ec2", "GetPasswordData"),
        ("s3", "GetObject"),
        ("s3", "PutBucketPolicy"),
        ("sts", "AssumeRole"),
        ("sts", "GetSessionToken"),
        ("iam", "CreateAccessKey"),
        ("secretsmanager", "GetSecretValue"),
        ("ssm", "SendCommand"),
        ("ssm", "GetParameter"),
        ("lambda", "Invoke"),
    ],
)
async def test_no_other_operation_of_aws_is_ever_sent(
    backends: Backends, service: str, operation: str
) -> None:
    async with backends.app() as app:
        provider = app.offers["list_s3_buckets"].provider
        async with app.connections.use(provider, None) as connection:
            before = len(backends.account.asked)
            with pytest.raises(Denied):
                await connection.view.read(service, operation)
            assert len(backends.account.asked) == before


def test_the_closed_sets_hold_nothing_that_acts_or_hands_out_secrets() -> None:
    assert {each.subresource for each in KINDS} <= {"", "log"}
    assert "secrets" not in {each.plural for each in KINDS}
    assert not set(READS) & set(CHANGES)
    for operation in (each for operations in OPERATIONS.values() for each in operations):
        assert operation.startswith(LOOKING) or operation in QUERIES
        assert operation not in SECRETS
    assert {each.argv[0] for each in COMMANDS} == {
        "version",
        "graph",
        "workspace",
        "state",
        "show",
        "plan",
    }
    assert not {"apply", "destroy", "import", "taint", "init"} & {
        word for each in COMMANDS for word in each.argv
    }


def test_the_closed_sets_of_changes_hold_nothing_but_what_the_tools_do() -> None:
    assert dict(REBOOTS) == {"ec2": ("RebootInstances",)}
    assert set(CHANGES) == {f"/containers/{{id}}/{verb}" for verb in ("restart", "start", "stop")}
    (applies,) = APPLIES
    assert applies.argv == ("apply", "-json", "-input=false", "-lock=true", "{file}")


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda p: p.name)
async def test_a_view_has_no_method_that_writes(backends: Backends, provider: Any) -> None:
    async with backends.app() as app, app.connections.use(provider, None) as connection:
        seen = inspect.signature(provider.tools[0].run, eval_str=True).parameters
        port = next(iter(seen.values())).annotation
        methods = [name for name in dir(port) if not name.startswith("_")]
        assert methods
        assert not [name for name in methods if any(word in name for word in WRITING)]
        assert not hasattr(connection.view, "carry_out")


async def _refused(backends: Backends, house: str, path: str) -> None:
    """The view itself refuses, before anything is sent."""
    async with backends.app() as app:
        provider = next(o.provider for o in app.offers.values() if o.provider.name == house)
        async with app.connections.use(provider, None) as connection:
            before = list(_asked(backends, house))
            with pytest.raises((Denied, Invalid)):
                await connection.view.get(path)
            with pytest.raises((Denied, Invalid)):
                async for _ in connection.view.stream(path):
                    pass
            assert _asked(backends, house) == before


def _asked(backends: Backends, house: str) -> list[str]:
    return list(backends.cluster.asked if house == "kubernetes" else backends.engine.asked)
