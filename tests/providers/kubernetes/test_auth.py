"""Kubeconfig and credentials, as kubectl would read them."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from fivetabs.core import Expired, NotConfigured, TimedOut, Unauthorised
from fivetabs.providers.kubernetes import live
from fivetabs.providers.kubernetes.port import PODS, path_to
from fivetabs.providers.kubernetes.settings import Settings
from tests.providers.kubernetes.wire import TOKEN, Server, closed_port, kubeconfig, serve

pytestmark = pytest.mark.anyio

PLUGIN = """\
#!{python}
import datetime, json, os, sys
calls = {calls!r}
number = sum(1 for _ in open(calls)) if os.path.exists(calls) else 0
open(calls, "a").write("x\\n")
assert sys.stdin.read() == ""
info = json.loads(os.environ["KUBERNETES_EXEC_INFO"])
assert info["kind"] == "ExecCredential" and not info["spec"]["interactive"]
end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds={seconds})
status = {{"token": f"token-{{number}}", "expirationTimestamp": end.strftime("%Y-%m-%dT%H:%M:%SZ")}}
print(json.dumps({{"apiVersion": info["apiVersion"], "kind": "ExecCredential", "status": status}}))
"""


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with serve(Server()) as running:
        yield running


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("KUBECONFIG", "KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".kube").mkdir()
    return tmp_path


async def read(*, target: str | None = None, times: int = 1, **settings: Any) -> str:
    """Read a few times through one connection; the name it has."""
    async with live.connect(Settings.model_validate(settings), target) as connection:
        for _ in range(times):
            assert await connection.view.get(path_to(PODS, "shop"))
        return connection.target


def script(folder: Path, text: str) -> Path:
    path = folder / "get-token"
    path.write_text(text)
    path.chmod(0o700)
    return path


def plugin(command: str, **more: Any) -> dict[str, Any]:
    return {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": command, **more}}


async def test_the_usual_file_is_used_when_nothing_is_set(server: Server, home: Path) -> None:
    kubeconfig(home, server.port).rename(home / ".kube" / "config")
    assert await read() == "k8s:shop-eu"


async def test_of_two_files_the_first_to_set_a_thing_wins(
    server: Server, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = json.loads(kubeconfig(home, server.port).read_text())
    first, second = home / "first", home / "second"
    first.write_text(json.dumps({**whole, "users": [], "current-context": ""}))
    wrong = [{"name": "c", "cluster": {"server": f"http://127.0.0.1:{closed_port()}"}}]
    second.write_text(json.dumps({**whole, "clusters": wrong}))
    monkeypatch.setenv("KUBECONFIG", f"{home / 'absent'}:{first}:{second}")
    assert await read() == "k8s:shop-eu"


async def test_a_connection_knows_which_other_contexts_there_are(
    server: Server, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = json.loads(kubeconfig(home, server.port).read_text())
    (own,) = whole["contexts"]
    file = home / "several"
    file.write_text(json.dumps({**whole, "contexts": [own, {**own, "name": "a-spare"}]}))
    monkeypatch.setenv("KUBECONFIG", str(file))
    async with live.connect(Settings(), None) as connection:
        assert connection.targets == ("a-spare", "shop-eu")


async def test_a_token_file_is_relative_to_its_kubeconfig_and_read_anew(
    server: Server, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "token").write_text("first\n")
    monkeypatch.setenv(
        "KUBECONFIG", str(kubeconfig(home, server.port, user={"tokenFile": "token"}))
    )
    server.accepts = {"first"}
    async with live.connect(Settings(), None) as connection:
        await connection.view.get(path_to(PODS))
        (home / "token").write_text("second\n")
        server.accepts = {"second"}
        found = await connection.view.get(path_to(PODS))
    assert found["kind"] == "PodList"


async def test_a_pod_uses_its_service_account(
    server: Server, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = home / "account"
    account.mkdir()
    (account / "token").write_text(TOKEN)
    (account / "namespace").write_text("shop")
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", str(server.port))
    settings = Settings(service_account=str(account))
    async with live.connect(settings, None) as connection:
        assert connection.target == "k8s:in-cluster"
        assert connection.view.namespace == "shop"
        with pytest.raises(NotConfigured, match="certificate"):  # there is no ca.crt
            await connection.view.get(path_to(PODS))


async def test_a_plugin_runs_once_while_its_token_is_good(
    server: Server, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = home / "calls"
    path = script(home, PLUGIN.format(python=sys.executable, calls=str(calls), seconds=3600))
    config = kubeconfig(home, server.port, user=plugin(str(path)))
    monkeypatch.setenv("KUBECONFIG", str(config))
    server.accepts = {"token-0"}
    await read(times=3)
    assert len(calls.read_text().split()) == 1


async def test_a_plugin_runs_again_when_its_token_is_refused(
    server: Server, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = home / "calls"
    path = script(home, PLUGIN.format(python=sys.executable, calls=str(calls), seconds=3600))
    config = kubeconfig(home, server.port, user=plugin("./get-token"))
    assert path.parent == config.parent
    monkeypatch.setenv("KUBECONFIG", str(config))
    server.accepts = {"token-1"}
    await read(times=2)
    assert len(calls.read_text().split()) == 2


async def test_a_plugin_runs_again_when_its_token_has_run_out(
    server: Server, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = home / "calls"
    path = script(home, PLUGIN.format(python=sys.executable, calls=str(calls), seconds=-1))
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(home, server.port, user=plugin(str(path)))))
    server.accepts = {"token-0", "token-1"}
    await read(times=2)
    assert len(calls.read_text().split()) == 2
    assert not any("401" in each for each in server.asked)


async def test_a_missing_plugin_is_named_with_the_path(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = plugin("no-such-plugin", installHint="brew install no-such-plugin")
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(home, closed_port(), user=user)))
    with pytest.raises(
        NotConfigured, match="'no-such-plugin' is not on this process's PATH"
    ) as told:
        await read()
    assert "/bin" in str(told.value)
    assert told.value.hint == "brew install no-such-plugin"


@pytest.mark.parametrize(
    ("says", "fault"),
    [
        ("echo 'The SSO session has expired, run aws sso login' >&2; exit 255", Expired),
        ("echo 'no such cluster' >&2; exit 1", Unauthorised),
        ("echo not json", Unauthorised),
        ("echo '{\"status\": {}}'", Unauthorised),
    ],
)
async def test_a_failing_plugin_is_told_in_its_own_words(
    says: str, fault: type[Exception], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = script(home, f"#!/bin/sh\n{says}\n")
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(home, closed_port(), user=plugin(str(path)))))
    with pytest.raises(fault, match="exec plugin"):
        await read()


async def test_a_plugin_that_hangs_is_ended(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = script(home, "#!/bin/sh\nsleep 600\n")
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(home, closed_port(), user=plugin(str(path)))))
    with pytest.raises(TimedOut, match=r"did not end in 0\.3 s"):
        await read(plugin_timeout=0.3)


async def test_a_changed_kubeconfig_is_read_again(
    server: Server, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = kubeconfig(home, server.port, user={"token": "old"})
    monkeypatch.setenv("KUBECONFIG", str(path))
    server.accepts = {"new"}
    async with live.connect(Settings(), None) as connection:
        with pytest.raises(Unauthorised):
            await connection.view.get(path_to(PODS))
        kubeconfig(home, server.port, user={"token": "new"})
        assert await connection.view.get(path_to(PODS))


async def test_another_current_context_is_never_answered_under_the_old_name(
    server: Server, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = kubeconfig(home, server.port)
    monkeypatch.setenv("KUBECONFIG", str(path))
    async with live.connect(Settings(), None) as connection:
        await connection.view.get(path_to(PODS))
        path.write_text(kubeconfig(home, server.port, name="shop-us").read_text())
        with pytest.raises(Expired, match="shop-us, no longer shop-eu"):
            await connection.view.get(path_to(PODS))


async def test_a_proxy_of_the_cluster_is_used(
    server: Server, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bytes] = []

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        asked.append(head.split(b"\r\n")[0])
        back, there = await asyncio.open_connection("127.0.0.1", server.port)
        line, _, rest = head.partition(b"\r\n")
        method, address, version = line.split(b" ")
        there.write(b" ".join([method, b"/" + address.split(b"/", 3)[3], version]) + b"\r\n")
        there.write(b"Connection: close\r\n" + rest)
        writer.write(await back.read())
        await writer.drain()
        for each in (there, writer):
            each.close()

    proxy = await asyncio.start_server(forward, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}"
    config = kubeconfig(home, server.port, proxy=address)
    monkeypatch.setenv("KUBECONFIG", str(config))
    await read()
    proxy.close()
    assert asked[0].startswith(b"GET http://127.0.0.1:")
