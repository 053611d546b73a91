"""Results without a bound; one broken backend that takes the rest down; made-up data."""

import asyncio
import json
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from fivetabs.app.render import structured, text
from fivetabs.cli.houses import PROVIDERS
from fivetabs.core import Effect, Fault, Invalid, NotFound
from tests.providers.kubernetes.wire import deaf, kubeconfig
from tests.security.backends import Backends
from tests.security.probing import opened
from tests.security.test_prompt_injection import CALLS, everywhere
from tests.tokens import estimate

pytestmark = pytest.mark.anyio

TOOLS = [(p.name, tool.name, tool.example) for p in PROVIDERS for tool in p.tools]
READING = {t.name for p in PROVIDERS for t in p.tools if t.effect is Effect.READ}
HOUSES = [p.name for p in PROVIDERS]
DEFAULT = 2000
PATIENT: dict[str, dict[str, Any]] = {
    "kubernetes": {"quiet": 300.0, "connect_timeout": 300.0},
    "docker": {"quiet": 300.0, "connect_timeout": 300.0},
    "aws": {"quiet_seconds": 300.0, "sign_in_seconds": 300.0, "read_seconds": 300.0},
    "terraform": {"quiet": 300.0},
}
# Names of the demo world: seen where nothing is configured, somebody made them up.
DEMO = ("orders-api", "broken-app", "shop-eu", "edge-proxy", "worker-c", "123456789012", "DEMO")


@pytest.mark.parametrize(("house", "tool", "arguments"), CALLS)
async def test_a_700_000_token_pod_list_no_text_makes_an_answer_too_long(
    house: str, tool: str, arguments: Mapping[str, Any]
) -> None:
    """Every text of a backend fifty times longer; and the summary is there all the same."""
    async with opened(everywhere(house, lambda text: text + " word" * 200)) as app:
        try:
            answer = await app.call(tool, arguments)
        except Fault as fault:
            assert estimate(f"{fault} {fault.hint}") < DEFAULT  # noqa: PT017
        else:
            assert answer.summary
            assert estimate(text(answer)) <= DEFAULT
            assert estimate(json.dumps(structured(answer), ensure_ascii=False)) <= DEFAULT


@pytest.mark.parametrize("house", HOUSES)
async def test_a_house_that_hangs_holds_up_nobody_else(
    backends: Backends, house: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While its own tool still waits, every tool of the other houses has answered."""
    mine = next(call for call in TOOLS if call[0] == house and call[1] in READING)
    others = [call for call in TOOLS if call[0] != house]
    backends.settings.update(PATIENT)
    async with backends.app(call_seconds=600, open_seconds=600) as app:
        async with deaf() as port:
            _hang(backends, house, port, monkeypatch)
            waiting = asyncio.create_task(app.call(mine[1], mine[2]))
            for _, tool, arguments in others:
                with suppress(NotFound, Invalid):  # These are answers too: the house was asked.
                    await app.call(tool, arguments)
            assert not waiting.done()
        if house == "terraform":
            waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)


async def test_where_nothing_is_configured_nothing_is_made_up(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No cluster, no account, no engine, no folder: a plain word of it, and never a demo's row."""
    monkeypatch.setenv("DOCKER_HOST", f"unix://{home}/none.sock")
    monkeypatch.setenv("PATH", str(home))
    spanning: list[tuple[str, str, Mapping[str, Any]]] = [("", "get_health_report", {})]
    for _, tool, arguments in (*TOOLS, *spanning):
        told = _called(home, tool, arguments)
        asked = json.dumps(dict(arguments))
        assert not [name for name in DEMO if name in told and name not in asked], told


def test_no_sdk_is_imported_with_the_server() -> None:
    """One that does not import, or not fast, must not be the end of all four."""
    root = Path(__file__).parent.parent.parent
    settings = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    banned = settings["tool"]["ruff"]["lint"]["flake8-tidy-imports"]["banned-module-level-imports"]
    ours = _modules("import fivetabs.server, fivetabs.cli.houses")
    assert banned
    assert not set(banned) & (ours - _modules("import mcp.server.runner, mcp.server.stdio"))


def _modules(code: str) -> set[str]:
    """What is imported after some code has run in a new process."""
    command = [sys.executable, "-c", f"{code}; import sys; print(*sys.modules)"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    return set(done.stdout.split())


def _called(home: Path, tool: str, arguments: Mapping[str, Any]) -> str:
    """What the command line prints for one call, in an environment that names no backend."""
    words = [f"{name}={json.dumps(value)}" for name, value in arguments.items()]
    done = subprocess.run(
        [sys.executable, "-m", "fivetabs", "call", tool, *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=home,
    )
    assert "Traceback" not in done.stderr
    assert done.stdout + done.stderr
    return done.stdout + done.stderr


def _hang(backends: Backends, house: str, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a house's backend be one that takes a connection and says nothing."""
    match house:
        case "kubernetes":
            monkeypatch.setenv("KUBECONFIG", str(kubeconfig(backends.home, port, name="deaf")))
        case "docker":
            monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{port}")
        case "aws":
            monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
        case _:
            Path(backends.binary).write_text(f"#!{sys.executable}\nimport time\ntime.sleep(600)\n")
