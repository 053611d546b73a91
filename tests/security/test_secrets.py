"""Secrets in results: what other servers of this kind were reported to show."""

import base64
import json
from collections.abc import Mapping
from typing import Any

import pytest

from fivetabs.app.calls import App
from fivetabs.app.render import fault_text, structured, text
from fivetabs.app.settings import Changes
from fivetabs.cli.houses import PROVIDERS
from fivetabs.core import Effect, Fault
from fivetabs.providers.aws.port import READS
from tests.providers.kubernetes.wire import kubeconfig
from tests.security.backends import Backends

pytestmark = pytest.mark.anyio

# Made up for this file; of a form that no detector knows, so that knowing them is all that helps.
TOKEN = "Zk3v9Plnt0kube8Qw2xT7mRr4"  # noqa: S105
KEY = "cGxhbnRlZC1jbGllbnQta2V5LTAwMQ9x"
ACCESS = "wJplantedSecretAccessKey7/q2ZpL0aB4cD5eF6g"
DATABASE = "Hq8pLnt7Zx2Wv9Tz51"
STATE = "Vq7w-demo-orders-db-9Zk2"
SIGNATURE = "5d41402abc4b2a76b9719d911017c592aa0f3c1e8b7d6e5f4a3b2c1d0e9f8a7b"
SIGNED = (
    "https://shop-assets.s3.amazonaws.com/export.csv?X-Amz-Algorithm=AWS4-HMAC-SHA256"
    f"&X-Amz-Credential=AKIAQ3EGRPLANTED0001%2F20260312&X-Amz-Signature={SIGNATURE}"
)
PLANTED = (TOKEN, KEY, ACCESS, DATABASE, STATE, SIGNATURE)
OPERATIONS = [operation for operations in READS.values() for operation in operations]
MORE: list[tuple[str, Mapping[str, Any]]] = [
    ("describe_pod", {"pod_name": "orders-api", "namespace": "shop"}),
    ("get_pod_logs", {"pod_name": "orders-api", "namespace": "shop", "grep": "X-Amz"}),
    ("get_container_logs", {"container_name": "edge-proxy", "grep": "planted"}),
    ("check_terraform_state", {"directory": "infra/shop", "address": "random_password.db"}),
    ("get_health_report", {}),
    ("investigate", {"about": "orders-api"}),
    ("get_recent_changes", {"minutes": 10_000}),
]
CALLS = [*((tool.name, tool.example) for p in PROVIDERS for tool in p.tools), *MORE]
every_call = pytest.mark.parametrize(("tool", "arguments"), CALLS, ids=[name for name, _ in CALLS])


@pytest.fixture
def planted(backends: Backends, monkeypatch: pytest.MonkeyPatch) -> Backends:
    """Secrets in each place that a report or an advisory names."""
    user = {"token": TOKEN, "client-key-data": KEY}
    path = kubeconfig(backends.home, backends.cluster.port, name="shop-eu", user=user)
    monkeypatch.setenv("KUBECONFIG", str(path))
    backends.cluster.accepts = {TOKEN}
    world = backends.cluster.world
    world.logs = {
        key: f"{told}{SIGNED}\nAuthorization: Bearer {TOKEN}\n" for key, told in world.logs.items()
    }
    keys = (
        f"[default]\naws_access_key_id = AKIAQ3EGRPLANTED0001\naws_secret_access_key = {ACCESS}\n"
    )
    (backends.home / ".aws" / "credentials").write_text(keys)
    for container in backends.engine.world.containers:
        container["inspect"]["Config"]["Env"] = [f"DB_PASSWORD={DATABASE}"]
        container["inspect"]["Config"]["Labels"]["db.password"] = DATABASE
        container["inspect"]["State"]["Error"] = f"dial db: password {DATABASE} was refused"
        last = container["log"][-1][1] if container["log"] else "2026-03-12T10:13:00.0Z"
        container["log"].append([2, last, f"cannot log in with {DATABASE}, planted"])
    return backends


@pytest.mark.parametrize(
    ("tool", "arguments"), CALLS, ids=lambda v: v if isinstance(v, str) else ""
)
async def test_no_planted_secret_is_in_any_answer(
    planted: Backends, tool: str, arguments: Mapping[str, Any]
) -> None:
    """A kubeconfig's token and key, `docker inspect` env, sensitive state, a pre-signed URL."""
    async with planted.app(budget=8000) as app:
        # Whatever was learned first stays hidden in what comes after.
        for name, given in ((tool, arguments), ("list_containers", {}), (tool, arguments)):
            assert_hidden(await said(app, name, given))


@pytest.mark.parametrize("code", [400, 401, 403, 500])
@pytest.mark.parametrize(
    ("tool", "arguments"), CALLS, ids=lambda v: v if isinstance(v, str) else ""
)
async def test_no_planted_secret_is_in_any_error(
    planted: Backends, tool: str, arguments: Mapping[str, Any], code: int
) -> None:
    """A backend that repeats the header it was sent, and the key it was signed with."""
    words = f"Authorization: Bearer {TOKEN} was refused; see {SIGNED}"
    planted.cluster.refusing, planted.cluster.words = code, words
    planted.engine.refusing, planted.engine.words = code, words
    for operation in OPERATIONS:
        planted.account.errors[operation] = (code, "Refused", f"the key {ACCESS} was refused")
    async with planted.app() as app:
        assert_hidden(await said(app, tool, arguments))


@pytest.mark.parametrize("policy", list(Changes))
async def test_read_only_mode_hides_what_every_mode_hides(
    planted: Backends, policy: Changes
) -> None:
    """Two servers showed the kubeconfig's token and key although they were read-only."""
    async with planted.app(policy) as app:
        for p in PROVIDERS:
            for tool in p.tools:
                if tool.effect is Effect.READ:
                    assert_hidden(await said(app, tool.name, tool.example))


def assert_hidden(told: str) -> None:
    """No secret stands there, as it is or encoded as backends encode."""
    for secret in PLANTED:
        assert secret not in told
        assert base64.b64encode(secret.encode()).decode() not in told


async def said(app: App, tool: str, arguments: Mapping[str, Any]) -> str:
    """All that the model would get, in both forms."""
    try:
        answer = await app.call(tool, arguments)
    except Fault as fault:
        return fault_text(fault, demo=False)
    return f"{text(answer)}\n{json.dumps(structured(answer), ensure_ascii=False)}"
