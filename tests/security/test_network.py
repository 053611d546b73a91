"""Ports that are open, requests that are sent elsewhere, tokens that go to somebody else."""

import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from fivetabs.cli.houses import PROVIDERS
from fivetabs.core import AnyTool, Fault
from tests.providers.kubernetes.wire import kubeconfig
from tests.security.backends import Backends
from tests.security.listening import listening
from tests.test_wire import Pipe

pytestmark = pytest.mark.anyio

TOOLS = [pytest.param(p.name, tool, id=tool.name) for p in PROVIDERS for tool in p.tools]
LISTENING = "0A"
_ACCEPTING = 0x10000


@pytest.mark.skipif(sys.platform != "linux", reason="sockets are looked up in /proc")
@pytest.mark.parametrize("more", [(), ("--demo",)], ids=["live", "demo"])
def test_cve_2025_64443_cve_2025_66414_cve_2025_66416_the_server_opens_no_port(
    home: Path, more: tuple[str, ...]
) -> None:
    """No page a browser shows can reach it: it speaks on stdin and stdout, and listens nowhere."""
    command = (sys.executable, "-m", "fivetabs", *more)
    environment = {**os.environ, "HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**environment, "DOCKER_HOST": f"unix://{home}/none.sock"},
    ) as process:
        try:
            pipe = Pipe(process)
            pipe.initialize()
            for number, name in enumerate(("get_failing_pods", "list_containers"), 2):
                pipe.request(number, "tools/call", {"name": name, "arguments": {}})
                pipe.receive(number)
            assert listening_sockets(process.pid) == []
        finally:
            process.kill()


@pytest.mark.parametrize(("house", "tool"), TOOLS)
async def test_no_redirect_of_a_backend_is_followed(
    backends: Backends, house: str, tool: AnyTool[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A redirect would carry the token, or the signature, to whoever the answer names."""
    async with listening() as other, listening() as sender:
        elsewhere = f"http://127.0.0.1:{other.port}/latest/meta-data/"
        backends.cluster.sending_to = backends.engine.sending_to = elsewhere
        sender.answer = (
            f"HTTP/1.1 307 Elsewhere\r\nLocation: {elsewhere}\r\n"
            "x-amz-bucket-region: us-east-1\r\nContent-Length: 0\r\n\r\n"
        ).encode()
        if house == "aws":
            monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{sender.port}")
        async with backends.app() as app:
            with suppress(Fault):
                await app.call(tool.name, tool.example)
        assert other.asked == []
        asked = {"kubernetes": backends.cluster.asked, "docker": backends.engine.asked}
        assert asked.get(house, sender.asked if house == "aws" else ["runs a program"])


@pytest.mark.parametrize(("house", "tool"), TOOLS)
async def test_no_word_of_the_model_is_an_address_that_is_asked(
    backends: Backends, house: str, tool: AnyTool[Any]
) -> None:
    """SSRF: not the metadata service of a cloud, not the host itself, in any spelling."""
    async with listening() as other, backends.app() as app:
        names = [n for n, field in tool.arguments.model_fields.items() if field.annotation is str]
        for name in (*names, "target"):
            for address in addresses(other.port):
                with suppress(Fault):
                    await app.call(tool.name, {**tool.example, name: address})
        assert other.asked == []


async def test_the_token_of_one_context_never_reaches_the_server_of_another(
    backends: Backends, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listening() as one, listening() as two:
        files = [
            kubeconfig(folder(backends.home, name), port, name=name, user={"token": f"of-{name}"})
            for name, port in (("one", one.port), ("two", two.port))
        ]
        merged = merge(files, backends.home / "merged")
        monkeypatch.setenv("KUBECONFIG", str(merged))
        tools = [tool for p in PROVIDERS if p.name == "kubernetes" for tool in p.tools]
        async with backends.app() as app:
            for target in ("one", "two", "one"):
                for tool in tools:
                    with suppress(Fault):
                        await app.call(tool.name, {**tool.example, "target": target})
        assert one.asked
        assert two.asked
        assert not [head for head in one.asked if "of-two" in head]
        assert not [head for head in two.asked if "of-one" in head]


async def test_where_there_are_credentials_the_metadata_service_is_not_asked(
    backends: Backends, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listening() as metadata:
        monkeypatch.delenv("AWS_EC2_METADATA_DISABLED")
        address = f"http://127.0.0.1:{metadata.port}"
        monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", address)
        tools = [tool for p in PROVIDERS if p.name == "aws" for tool in p.tools]
        async with backends.app() as app:
            for tool in tools:
                with suppress(Fault):
                    await app.call(tool.name, tool.example)
        assert metadata.asked == []


def addresses(port: int) -> tuple[str, ...]:
    """The listener, as somebody would write it who hopes that it is asked."""
    return (
        f"http://127.0.0.1:{port}/latest/meta-data/iam/security-credentials/",
        f"127.0.0.1:{port}",
        f"tcp://127.0.0.1:{port}",
        f"//2130706433:{port}/",
        f"http://user@[::ffff:127.0.0.1]:{port}/",
    )


def folder(home: Path, name: str) -> Path:
    made = home / name
    made.mkdir()
    return made


def merge(files: list[Path], path: Path) -> Path:
    """One kubeconfig of two, whose clusters and users have names of their own."""
    told = [file.read_text() for file in files]
    first, second = told[0], re.sub(r'"([cu])"', r'"\1-2"', told[1])
    (path.parent / "first").write_text(first)
    (path.parent / "second").write_text(second)
    return Path(os.pathsep.join(str(path.parent / name) for name in ("first", "second")))


def listening_sockets(pid: int) -> list[str]:
    """Every socket of a process that accepts connections, as the kernel lists them."""
    mine = {
        target.removeprefix("socket:[").removesuffix("]")
        for each in Path(f"/proc/{pid}/fd").iterdir()
        if (target := str(each.readlink())).startswith("socket:")
    }
    found: list[str] = []
    for name in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[9] in mine and fields[3] == LISTENING:
                found.append(line)
    for line in Path(f"/proc/{pid}/net/unix").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[6] in mine and int(fields[3], 16) & _ACCEPTING:
            found.append(line)
    return found
