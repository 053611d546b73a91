"""Names that lead elsewhere: out of a root, to another path of an API, through a prefix."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from fivetabs.app.settings import Changes
from fivetabs.cli.houses import PROVIDERS
from fivetabs.core import AnyTool, Denied, Fault, Invalid
from fivetabs.providers.docker.port import is_read
from fivetabs.providers.kubernetes.port import check_path
from tests.providers.terraform.worlds import write
from tests.security.backends import Backends

pytestmark = pytest.mark.anyio

PATHS = (
    "../../../secrets/db",
    "..",
    ".",
    "/etc/passwd",
    "x/../../secrets",
    "x/exec",
    "x/proxy",
    "x%2f..%2f..%2fsecrets",
    "%2e%2e/%2e%2e/secrets",
    "..%252f..%252fsecrets",
    "\uff0e\uff0e/\uff0e\uff0e",
    "\u2025/secrets",
    "x\u2215secrets",
    "x\u2044secrets",
    "x\\..\\secrets",
    "x?watch=true",
    "x#fragment",
    "x;a=b",
    "x\x00/secrets",
    "x\r\nHost: attacker",
    "x/json/../../images",
)
TEXTS = [
    pytest.param(tool, name, id=f"{tool.name}.{name}")
    for provider in PROVIDERS
    for tool in provider.tools
    for name in (
        *(n for n, field in tool.arguments.model_fields.items() if field.annotation is str),
        *(("target",) if provider.target else ()),
    )
]


@pytest.mark.parametrize(("tool", "argument"), TEXTS)
async def test_cve_2026_4270_a_name_leads_to_no_other_path_of_an_api(
    backends: Backends, tool: AnyTool[Any], argument: str
) -> None:
    async with backends.app(Changes.ALLOW) as app:
        for words in PATHS:
            with suppress(Fault):
                await app.call(tool.name, {**tool.example, argument: words})
    for line in backends.cluster.asked:
        path = line.split(" ")[1].partition("?")[0]
        assert unquote(path) == path
        if path != "/version":
            check_path(path)
    for line in backends.engine.asked:
        path = line.split(" ")[1].partition("?")[0].partition("/containers")
        whole = f"{path[1]}{path[2]}"
        assert path[0] == "/_ping" or is_read(whole) or whole.endswith("/restart"), line
    # A log group may be called "..": it stands in the body of a request to "/".
    assert not [each for each in backends.account.asked if ".." in unquote(each.path)]


@pytest.fixture
def outside(backends: Backends) -> Iterator[Path]:
    """Configurations beside the allowed root, which nothing may read; links lead there."""
    root = backends.infra
    for name in ("infra-evil", "infrastructure", "elsewhere"):
        write(root.parent / name, 'output "planted" {\n  value = "outside-the-root"\n}\n')
    (root / "link").symlink_to(root.parent / "elsewhere")
    (root / "shop" / "up").symlink_to(root.parent)
    write(root / "leak", "# nothing\n")
    (root / "leak" / "more.tf").symlink_to(root.parent / "elsewhere" / "main.tf")
    yield root.parent
    assert not [call for call in backends.terraform_calls() if "elsewhere" in str(call["argv"])]


def escapes(root: Path) -> tuple[str, ...]:
    beside = root.parent
    return (
        f"{beside}/infra-evil",
        f"{beside}/infrastructure",
        f"{root}-evil",
        f"{root}/../infra-evil",
        "infra/../infra-evil",
        "../infra-evil",
        "infra-evil",
        "infra/link",
        f"{root}/link",
        "infra/shop/up/elsewhere",
        f"{root}/shop/up/infra-evil",
        "infra/leak",
        "infra/./../infra-evil",
        "infra/%2e%2e/infra-evil",
        "infra/\uff0e\uff0e/infra-evil",
        "~/infra-evil",
        f"file://{beside}/infra-evil",
        "/etc",
        "/",
    )


@pytest.mark.parametrize("tool", ["run_terraform_plan", "check_terraform_state"])
async def test_prefix_checks_opt_infra_does_not_allow_opt_infra_evil(
    backends: Backends, outside: Path, tool: str
) -> None:
    """Nor does a link out of the root, a folder above, or a file that leads out of it."""
    async with backends.app() as app:
        for directory in escapes(backends.infra):
            with pytest.raises(Fault) as refused:
                await app.call(tool, {"directory": directory})
            assert "outside-the-root" not in f"{refused.value} {refused.value.hint}", directory
    assert backends.terraform_calls() == []


@pytest.mark.parametrize("path", [f"/api/v1/namespaces/a/pods/{each}" for each in PATHS])
def test_no_path_of_kubernetes_outside_its_reads_is_let_through(path: str) -> None:
    with pytest.raises((Denied, Invalid)):
        check_path(path)
