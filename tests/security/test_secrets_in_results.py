"""Secrets in results: one planted in every text of every backend, none of them in any answer.

Some stand there alone and are known by their form; others are values of variables, flags, tags and
attributes whose name says what they are, and turn up again in logs without it.
"""

import base64
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import cycle
from random import Random
from typing import Any
from urllib.parse import quote

import pytest

from fivetabs.app.redact import Redactor
from fivetabs.app.render import structured, text
from fivetabs.core import Answer, Fault, Page
from fivetabs.providers.docker.demo import World as Engine
from fivetabs.providers.kubernetes.demo.world import World as Cluster
from tests.corpus import expand
from tests.security.hostile import leaves
from tests.security.poison import poisoned
from tests.security.probing import opened
from tests.security.test_prompt_injection import CALLS, GROUNDS, WORLDS
from tests.security.worlds import cluster, engine

pytestmark = pytest.mark.anyio

TOKENS = (
    "gh~p_{alnum:36}",
    "AK~IA{b32:16}",
    "gl~pat-{b64url:20}",
    "xo~xb-{digit:12}-{digit:12}-{alnum:24}",
    "sk~_live_{alnum:24}",
    "hv~s.{b64url:95}",
    "https://anna:{alnum:14}@example.com/",
    "{jwt}",
)
# Words of the backend's own, and keys.
ENUMS = re.compile(
    r"\{\}$|(?i:state|statevalue|status|type|reason|code|phase|action|mode|region|operator|uri"
    r"|permission)$"
)
# Logs come as bytes, which are not poisoned here (see below); of buckets only facts are shown; a
# house in which nothing matches what was asked about has nothing to show; a Terraform plan that was
# not made before is not known. A dry run refuses what is
# another at each read, as everything is here; that plans hide secrets is tested in the house.
SHOW_NONE = {
    "get_pod_logs",
    "get_container_logs",
    "list_s3_buckets",
    "investigate",
    "rollback_deployment",
    "update_resource",
    "apply_terraform_plan",
}
_TELLING = 8
_COMMON = {"https://", "eyJhbGci", "sk_live_"}


class Secrets:
    """Secrets as they are needed, every one different, and which of them came to light."""

    def __init__(self) -> None:
        self._seed = Random("planted")  # noqa: S311
        self._templates = cycle(TOKENS)
        self.planted: list[str] = []

    def token(self) -> str:
        """One that is known by its form."""
        made = expand(next(self._templates), self._seed)
        self.planted.append(made.split("anna:")[-1].split("@example")[0])
        return made

    def password(self) -> str:
        """One that only its name gives away."""
        made = expand("{alnum:7}-{word:5}{digit:2}", self._seed)
        self.planted.append(made)
        return made

    def in_answer(self, answer: Answer) -> list[str]:
        """Those of which a telling part is in either form of an answer."""
        return self.within("\n".join((text(answer), *leaves(structured(answer)))))

    def within(self, told: str) -> list[str]:
        """Those of which a telling part is in a text."""
        shown = _parts(told)
        return [each for each in self.planted if not shown.isdisjoint(_parts(each) - _COMMON)]


def _parts(words: str) -> set[str]:
    return {words[at : at + _TELLING] for at in range(len(words) - _TELLING + 1)}


async def _asked(
    provider: Any, secrets: Secrets, tool: str, given: Mapping[str, Any], budget: int
) -> tuple[list[str], bool]:
    """The secrets that came to light in an answer and its pages, and whether any marker did."""
    async with opened(provider, budget=budget) as app:
        try:
            answer: Answer = await app.call(tool, given)
        except Fault as fault:
            told = f"{fault}\n{fault.hint}"
            return secrets.within(told), "<secret:" in told
        found, marked = secrets.in_answer(answer), "<secret:" in text(answer)
        page = 1
        while answer.more is not None and page:
            read = {"handle": answer.more.handle, "page": page, "budget": 8000}
            shown = await app.call("read_more", read)
            assert isinstance(shown, Page)
            found += secrets.in_answer(shown)
            marked = marked or "<secret:" in text(shown)
            page = page + 1 if page < shown.pages else 0
    return found, marked


@pytest.mark.parametrize("budget", [200, 2000, 8000])
@pytest.mark.parametrize(("house", "tool", "arguments"), CALLS)
async def test_no_secret_in_any_text_of_a_backend_is_shown(
    house: str, tool: str, arguments: Mapping[str, Any], budget: int
) -> None:
    """Fitting shortens and cuts: what is left of a secret is as secret as the whole."""
    secrets = Secrets()
    ground = GROUNDS[house]

    def change(path: str, told: str) -> str:
        narrow = ground.limited.search(path) or ENUMS.search(path) or not told
        return told if narrow else f"{told} {secrets.token()}"

    provider = poisoned(ground.provider, WORLDS[house], change)
    shown, marked = await _asked(provider, secrets, tool, arguments, budget)
    assert not shown
    assert marked or tool in SHOW_NONE or budget == 200, "a secret that never arrives shows nothing"


CLUSTER_CALLS = [
    ("describe_pod", {"pod_name": "exits-one", "namespace": "zoo"}),
    ("get_pod_logs", {"pod_name": "exits-one", "namespace": "zoo"}),
    ("get_failing_pods", {"namespace": "zoo"}),
]


def _told(value: str) -> list[str]:
    """How a program may tell a value it was given."""
    packed = base64.b64encode(f"anna:{value}".encode()).decode()
    return [f"logging in with {value}", f"GET /?x={quote(value)}&y=1", f"sent {packed}"]


@pytest.mark.parametrize(("tool", "arguments"), CLUSTER_CALLS)
async def test_a_container_s_password_is_hidden_wherever_its_log_tells_it(
    tool: str, arguments: Mapping[str, Any]
) -> None:
    secrets = Secrets()

    def world() -> Cluster:
        made, values = cluster(), [secrets.password() for _ in range(3)]
        for raw in made.objects.values():
            if raw["kind"] == "Pod" and raw["metadata"]["name"] == "exits-one":
                env = [
                    {"name": "DB_PASSWORD", "value": values[0]},
                    {"name": "DATABASE_URL", "value": f"postgres://app:{values[1]}@db/shop"},
                    {"name": "DB_HOST", "value": "db.shop.svc"},
                ]
                raw["spec"]["containers"][0] |= {
                    "env": env,
                    "args": ["--admin-password", values[2]],
                }
        said = "\n".join(line for value in values for line in _told(value))
        logs = {key: f"{log}{said}\nFATAL db.shop.svc\n" for key, log in made.logs.items()}
        return replace(made, logs=logs)

    provider = poisoned(GROUNDS["kubernetes"].provider, world, lambda _, told: told)
    shown, _ = await _learning(provider, secrets, tool, arguments)
    assert not shown


async def _learning(
    provider: Any, secrets: Secrets, tool: str, given: Mapping[str, Any]
) -> tuple[list[str], bool]:
    """Like `_asked`, with the view's own secrets handed on, as a house does."""
    return await _asked(_handing_on(provider), secrets, tool, given, 8000)


def _handing_on(provider: Any) -> Any:
    @asynccontextmanager
    async def connect(target: str | None) -> AsyncGenerator[Any]:
        async with provider.demo(target) as connection:
            yield replace(connection, secrets=lambda: connection.view.seen)

    return replace(provider, demo=connect)


async def test_a_container_s_variables_and_labels_are_hidden_in_its_log() -> None:
    secrets = Secrets()

    def world() -> Engine:
        made = engine()
        for each in made.containers:
            if each["inspect"]["Name"] == "/edge-proxy":
                values = [secrets.password() for _ in range(4)]
                config = each["inspect"]["Config"]
                config["Env"] = [*config.get("Env", ()), f"DB_PASSWORD={values[0]}"]
                config["Labels"] = {**config.get("Labels", {}), "traefik.auth-token": values[1]}
                config["Cmd"] = ["serve", f"--api-key={values[2]}"]
                each["summary"]["Labels"] = config["Labels"]
                each["summary"]["Command"] = f"serve --api-key={values[2]} --password {values[3]}"
                config["Healthcheck"] = {"Test": ["CMD-SHELL", f"check --password {values[3]}"]}
                last = each["log"][-1][1] if each["log"] else "2026-03-12T10:13:00.0Z"
                each["log"] += [[1, last, line] for value in values for line in _told(value)]
        return made

    provider = _handing_on(poisoned(GROUNDS["docker"].provider, world, lambda _, told: told))
    for tool, arguments in (
        ("list_containers", {}),
        ("get_container_logs", {"container_name": "edge-proxy"}),
        ("restart_container", {"container_name": "edge-proxy"}),
    ):
        shown, marked = await _asked(provider, secrets, tool, arguments, 8000)
        assert not shown, tool
        assert marked or tool != "get_container_logs"


async def test_what_terraform_marks_as_sensitive_is_known_to_the_redactor() -> None:
    provider = GROUNDS["terraform"].provider
    async with provider.demo(None) as connection:
        await connection.view.state("shop")
        redactor = Redactor(b"key")
        redactor.learn(connection.secrets())
    assert "9Zk2" not in redactor.text("the log says Vq7w-demo-orders-db-9Zk2")
