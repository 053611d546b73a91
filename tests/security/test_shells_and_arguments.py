"""Shells, command lines and options built from the model's words; and where the words would go."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from fivetabs.app.settings import Changes
from fivetabs.cli.houses import PROVIDERS
from fivetabs.core import AnyTool, Fault
from fivetabs.providers.terraform.port import READS
from tests.security.backends import Backends
from tests.security.listening import listening

pytestmark = pytest.mark.anyio

TEXTS = [
    pytest.param(tool, name, id=f"{tool.name}.{name}")
    for provider in PROVIDERS
    for tool in provider.tools
    for name in (
        *(n for n, field in tool.arguments.model_fields.items() if field.annotation is str),
        *(("target",) if provider.target else ()),
    )
]
every_text = pytest.mark.parametrize(("tool", "argument"), TEXTS)


@pytest.fixture
def marker(home: Path) -> Path:
    """A file that any command smuggled in would make."""
    return home / "smuggled"


def commands(marker: Path) -> tuple[str, ...]:
    touch = f"touch {marker}"
    return (
        f"x; {touch}",
        f"x && {touch}",
        f"x | {touch}",
        f"$({touch})",
        f"`{touch}`",
        f"x\n{touch}\n",
        f"'; {touch}; '",
        f'"; {touch}; "',
        f"${{IFS}}{touch}",
    )


def options(marker: Path, port: int) -> tuple[str, ...]:
    return (
        f"--server=http://127.0.0.1:{port}",
        f"--kubeconfig={marker}",
        f"-s=http://127.0.0.1:{port}",
        f"--host=tcp://127.0.0.1:{port}",
        f"--endpoint-url=http://127.0.0.1:{port}",
        f"-chdir={marker.parent}",
        f"-out={marker}",
        f"-var-file={marker}",
        f"--as=system:masters --server=http://127.0.0.1:{port}",
        "-",
        "--",
        "--help",
    )


@every_text
async def test_cve_2025_53355_cve_2025_66404_no_shell_reads_the_models_words(
    backends: Backends, marker: Path, tool: AnyTool[Any], argument: str
) -> None:
    """Also CVE-2025-69902, CVE-2025-59377, GHSA-fgmx-xfp3-w28p: words that a shell would obey."""
    async with backends.app(Changes.ALLOW) as app:
        for words in commands(marker):
            with suppress(Fault):
                await app.call(tool.name, {**tool.example, argument: words})
    _nothing_made(marker)
    _only_fixed_command_lines(backends)


@every_text
async def test_ghsa_wmg3_h8mf_wgvr_a_value_that_begins_with_a_dash_is_no_option(
    backends: Backends, marker: Path, tool: AnyTool[Any], argument: str
) -> None:
    async with listening() as other, backends.app(Changes.ALLOW) as app:
        for words in options(marker, other.port):
            with suppress(Fault):
                await app.call(tool.name, {**tool.example, argument: words})
    _nothing_made(marker)
    assert other.asked == []
    _only_fixed_command_lines(backends)


async def test_ghsa_qmcc_whxh_2p3p_a_resource_named_like_an_option_sends_no_token_out(
    backends: Backends,
) -> None:
    """The backends themselves hold things of that name; every tool's own reads come across them."""
    async with listening() as other:
        _name_things(backends, f"--server=http://127.0.0.1:{other.port}")
        async with backends.app() as app:
            for provider in PROVIDERS:
                for tool in provider.tools:
                    with suppress(Fault):
                        await app.call(tool.name, tool.example)
        assert other.asked == []
    _only_fixed_command_lines(backends)


def _name_things(backends: Backends, name: str) -> None:
    world = backends.cluster.world
    for raw in world.objects.values():
        if raw["kind"] in {"Pod", "Deployment"}:
            raw["metadata"]["name"] = name
            raw["metadata"].setdefault("labels", {})["pod-template-hash"] = name
            for owner in raw["metadata"].get("ownerReferences", ()):
                owner["name"] = name
    for container in backends.engine.world.containers:
        container["summary"]["Names"].append(f"/{name}")
        container["summary"]["Labels"] = {"com.docker.compose.service": name}


def _nothing_made(marker: Path) -> None:
    assert not marker.exists()


def _only_fixed_command_lines(backends: Backends) -> None:
    """Every command line was one of the closed set, with nothing in it but our own file's name."""
    for call in backends.terraform_calls():
        assert any(_fits(call["argv"], each.argv) for each in READS), json.dumps(call["argv"])


def _fits(argv: list[str], pattern: tuple[str, ...]) -> bool:
    return len(argv) == len(pattern) and all(
        given == wanted or ("{file}" in wanted and given.endswith("/plan"))
        for given, wanted in zip(argv, pattern, strict=True)
    )
