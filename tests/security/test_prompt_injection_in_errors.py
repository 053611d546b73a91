"""Prompt injection through a backend's errors: a webhook's refusal, an engine's complaint."""

import stat
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from fivetabs.cli.houses import PROVIDERS
from fivetabs.providers.aws.port import READS
from tests.security.backends import Backends
from tests.security.hostile import PAYLOAD
from tests.security.probing import asked

pytestmark = pytest.mark.anyio

CALLS = [
    pytest.param(p.name, tool.name, tool.example, id=tool.name)
    for p in PROVIDERS
    for tool in p.tools
]
# Only a plan made here before is known: the backend is not asked about any other.
ASKS_NOTHING = {"apply_terraform_plan"}
CODES = {
    "kubernetes": (400, 403, 404, 409, 422, 429, 500, 503),
    "docker": (400, 403, 404, 409, 500),
    "aws": (400, 403, 404, 503),
    "terraform": (1,),
}
# XML has no escape for control characters: AWS could not send them.
XML = "".join(c for c in PAYLOAD if c.isprintable() or c > "\x9f").replace("<", "&lt;")
BROKEN = """\
#!{python}
import json, sys
words = {words!r}
if sys.argv[1] == "graph":
    print("digraph {{}}")
elif sys.argv[1] == "plan":
    told = {{"severity": "error", "summary": words, "detail": words}}
    print(json.dumps({{"type": "diagnostic", "diagnostic": told}}))
    sys.exit(1)
else:
    sys.stderr.buffer.write(("Error: " + words + "\\n\\n" + words).encode("utf-8", "surrogatepass"))
    sys.exit(1)
"""


@pytest.mark.parametrize(("house", "tool", "arguments"), CALLS)
async def test_no_error_of_a_backend_leaves_its_fence(
    backends: Backends, house: str, tool: str, arguments: Mapping[str, Any]
) -> None:
    arrived = False
    for code in CODES[house]:
        _refuse(backends, house, code)
        async with backends.app() as app:
            found = await asked(app, tool, arguments)
        assert not found.harm, code
        arrived = arrived or found.arrived
    assert arrived or tool in ASKS_NOTHING


def _refuse(backends: Backends, house: str, code: int) -> None:
    match house:
        case "kubernetes":
            backends.cluster.refusing, backends.cluster.words = code, PAYLOAD
        case "docker":
            backends.engine.refusing, backends.engine.words = code, PAYLOAD
        case "aws":
            for operation in _operations():
                backends.account.errors[operation] = (
                    code,
                    "ZqAccessDenied" if code != 403 else "AccessDenied",
                    XML,
                )
        case _:
            _break(Path(backends.binary))


def _operations() -> list[str]:
    return [operation for operations in READS.values() for operation in operations]


def _break(binary: Path) -> None:
    binary.write_text(BROKEN.format(python=sys.executable, words=PAYLOAD))
    binary.chmod(binary.stat().st_mode | stat.S_IXUSR)
