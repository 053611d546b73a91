"""Set-ups of Kubernetes that are really broken: the true cause, and the command that mends it."""

import base64
import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.doctor.asking import cells, checked, diagnosed, worst
from tests.providers.docker.certificates import Authority, authority
from tests.providers.kubernetes.wire import Server, closed_port, kubeconfig, serve

pytestmark = pytest.mark.anyio
NotRoot = Callable[[], AbstractContextManager[None]]
EXEC = "client.authentication.k8s.io/v1"


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with serve(Server()) as running:
        yield running


@pytest.fixture
def files(home: Path, monkeypatch: pytest.MonkeyPatch) -> "Files":
    return Files(home, monkeypatch)


class Files:
    """Kubeconfigs in a temporary home."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home, self.monkeypatch = home, monkeypatch

    def use(self, port: int, change: Any = None, *, user: dict[str, Any] | None = None) -> Path:
        """A kubeconfig of one context, changed before it is used."""
        path = kubeconfig(self.home, port, user=user)
        if change is not None:
            content = json.loads(path.read_text())
            change(content)
            path.write_text(json.dumps(content))
        self.monkeypatch.setenv("KUBECONFIG", str(path))
        return path

    def plugin(self, script: str) -> dict[str, Any]:
        path = self.home / "get-token"
        path.write_text(f"#!{sys.executable}\n{script}\n")
        path.chmod(0o700)
        return {"exec": {"apiVersion": EXEC, "command": str(path)}}


def current(name: str) -> Callable[[dict[str, Any]], None]:
    """Another context is the current one."""

    def change(content: dict[str, Any]) -> None:
        content["current-context"] = name

    return change


def token(seconds: int) -> str:
    """A JWT that runs out so many seconds from now."""
    end = datetime.now(UTC) + timedelta(seconds=seconds)
    claims = base64.urlsafe_b64encode(json.dumps({"exp": int(end.timestamp())}).encode())
    return f"eyJhbGciOiJub25lIn0.{claims.decode().rstrip('=')}.x"


async def test_a_context_that_works_is_ready_and_says_as_whom(server: Server, files: Files) -> None:
    path = files.use(server.port)
    answer = await checked("kubernetes")
    assert not answer.findings
    assert cells(answer, "status") == ["ready"]
    assert cells(answer, "as") == ["viewer"]
    assert cells(answer, "version") == ["v1.34.4"]
    assert cells(answer, "from") == [str(path)]


async def test_no_kubeconfig_at_all_is_no_failure(home: Path) -> None:
    answer = await checked("kubernetes")
    diagnosed(answer, "CON102", "no kubeconfig to use", "set KUBECONFIG")
    assert worst(answer).severity == "info"


async def test_a_plugin_that_is_missing(server: Server, files: Files) -> None:
    spec = {"exec": {"apiVersion": EXEC, "command": "gke-gcloud-auth-plugin-of-nobody"}}
    files.use(server.port, user=spec)
    answer = await checked("kubernetes")
    diagnosed(answer, "CON101", "not on this process's PATH", "install gke-gcloud-auth-plugin")


async def test_a_plugin_that_is_only_off_the_path(
    server: Server, files: Files, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = home / "bin"
    place.mkdir()
    (place / "cloud-token").write_text("#!/bin/sh\nexit 1\n")
    (place / "cloud-token").chmod(0o700)
    monkeypatch.setenv("PATH", "/nowhere")
    files.use(server.port, user={"exec": {"apiVersion": EXEC, "command": "cloud-token"}})
    diagnosed(await checked("kubernetes"), "CON101", "cloud-token", f"PATH={place}")


async def test_a_plugin_that_fails(server: Server, files: Files) -> None:
    files.use(server.port, user=files.plugin("import sys; sys.exit('no such cluster: shop')"))
    answer = await checked("kubernetes")
    diagnosed(answer, "CON105", "no such cluster: shop", "run it by hand")
    assert "exit 1" in worst(answer).cause


async def test_a_plugin_whose_login_has_run_out(server: Server, files: Files) -> None:
    script = "import sys; sys.exit('The SSO session has expired, run aws sso login')"
    files.use(server.port, user=files.plugin(script))
    diagnosed(await checked("kubernetes"), "CON104", "SSO session has expired", "log in again")


async def test_a_token_that_has_run_out(server: Server, files: Files) -> None:
    files.use(server.port, user={"token": token(-3600)})
    answer = await checked("kubernetes")
    diagnosed(answer, "CON104", "the token of context shop-eu ran out", "set-credentials u --token")


async def test_a_token_that_runs_out_soon_is_told_before(server: Server, files: Files) -> None:
    short = token(600)
    server.accepts.add(short)
    files.use(server.port, user={"token": short})
    diagnosed(await checked("kubernetes"), "CON202", "the token runs out at", "set-credentials u")


async def test_a_token_of_another_cluster(server: Server, files: Files) -> None:
    files.use(server.port, user={"token": "of-another"})
    diagnosed(await checked("kubernetes"), "CON105", "does not accept context shop-eu", "log in")


@pytest.fixture
def keys(home: Path) -> Authority:
    return authority(home / "authority")


def over_tls(host: str, port: int, ca: Path) -> Any:
    def change(content: dict[str, Any]) -> None:
        content["clusters"][0]["cluster"] = {
            "server": f"https://{host}:{port}",
            "certificate-authority": str(ca),
        }

    return change


async def test_a_client_certificate_that_has_run_out(files: Files, keys: Authority) -> None:
    shown = keys.issue(files.home / "server")
    old = keys.issue(files.home / "client", days=-2)
    user = {"client-certificate": str(old / "cert.pem"), "client-key": str(old / "key.pem")}
    async with serve(Server(), shown) as server:
        files.use(server.port, over_tls("127.0.0.1", server.port, shown / "ca.pem"), user=user)
        answer = await checked("kubernetes")
    diagnosed(answer, "CON104", "the client certificate of context shop-eu ran out", "renew")
    assert "kubectl config set-credentials u --client-certificate" in worst(answer).next_step.words


async def test_the_wrong_authority(files: Files, keys: Authority) -> None:
    shown, other = keys.issue(files.home / "server"), authority(files.home / "other")
    async with serve(Server(), shown) as server:
        ca = other.folder / "ca.pem"
        files.use(server.port, over_tls("127.0.0.1", server.port, ca))
        answer = await checked("kubernetes")
    diagnosed(answer, "CON103", "not trusted", "kubectl config set-cluster c --certificate-auth")


async def test_a_certificate_for_another_name(files: Files, keys: Authority) -> None:
    shown = keys.issue(files.home / "server")
    async with serve(Server(), shown) as server:
        files.use(server.port, over_tls("localhost", server.port, shown / "ca.pem"))
        answer = await checked("kubernetes")
    diagnosed(answer, "CON103", "for another name", "set-cluster c --tls-server-name")


async def test_a_server_certificate_that_has_run_out(files: Files, keys: Authority) -> None:
    shown = keys.issue(files.home / "server", days=-2)
    async with serve(Server(), shown) as server:
        files.use(server.port, over_tls("127.0.0.1", server.port, shown / "ca.pem"))
        answer = await checked("kubernetes")
    diagnosed(answer, "CON103", "has expired", "certs renew apiserver")


async def test_a_server_certificate_that_runs_out_soon(files: Files, keys: Authority) -> None:
    shown = keys.issue(files.home / "server", days=3)
    async with serve(Server(), shown) as server:
        files.use(server.port, over_tls("127.0.0.1", server.port, shown / "ca.pem"))
        answer = await checked("kubernetes")
    assert cells(answer, "status") == ["ready"]
    diagnosed(answer, "CON202", "the server's certificate runs out", "certs renew apiserver")


async def test_an_authority_file_that_is_not_there(server: Server, files: Files) -> None:
    gone = files.home / "gone.pem"
    files.use(server.port, over_tls("127.0.0.1", server.port, gone))
    diagnosed(await checked("kubernetes"), "CON101", "cannot be used", "certificate-authority")


async def test_a_port_where_nobody_listens(files: Files) -> None:
    files.use(closed_port())
    answer = await checked("kubernetes")
    diagnosed(answer, "CON103", "cannot be reached", "kubectl --context shop-eu version")


async def test_a_name_that_dns_does_not_know(files: Files) -> None:
    def change(content: dict[str, Any]) -> None:
        content["clusters"][0]["cluster"]["server"] = "http://cluster.invalid:6443"

    files.use(0, change)
    answer = await checked("kubernetes")
    diagnosed(answer, "CON103", "cluster.invalid", "getent hosts cluster.invalid")


@pytest.mark.parametrize("closed", ["file", "folder"])
async def test_a_kubeconfig_that_may_not_be_read(
    files: Files,
    open_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    not_root: NotRoot,
    closed: str,
) -> None:
    inside = open_folder / "kube"
    inside.mkdir(mode=0o755)
    path = kubeconfig(inside, closed_port())
    monkeypatch.setenv("KUBECONFIG", str(path))
    assert worst(await checked("kubernetes")).code == "CON103"  # All that is needed is imported.
    {"file": path, "folder": inside}[closed].chmod(0)
    with not_root():
        answer = await checked("kubernetes")
    inside.chmod(0o755)
    diagnosed(answer, "CON101", f"may not read {path}", f"chmod u+r {path}")


async def test_a_kubeconfig_that_is_a_folder(files: Files, monkeypatch: Any) -> None:
    monkeypatch.setenv("KUBECONFIG", str(files.home))
    diagnosed(await checked("kubernetes"), "CON101", "is not a file", "KUBECONFIG")


async def test_a_kubeconfig_that_is_no_yaml(server: Server, files: Files) -> None:
    path = files.use(server.port)
    path.write_text("clusters:\n- name: c\n  cluster: {server: [\n")
    answer = await checked("kubernetes")
    diagnosed(answer, "CON101", f"{path} is not YAML (line 4)", "correct the file")


async def test_no_current_context(server: Server, files: Files) -> None:
    files.use(server.port, current(""))
    answer = await checked("kubernetes")
    diagnosed(answer, "CON101", "no current context", "run: kubectl config use-context shop-eu")


async def test_a_current_context_that_is_not_there(server: Server, files: Files) -> None:
    files.use(server.port, current("shop-eu2"))
    answer = await checked("kubernetes")
    diagnosed(answer, "CON101", "current-context is 'shop-eu2'", "config use-context shop-eu")


@pytest.mark.parametrize("kind", ["user", "cluster"])
async def test_a_context_that_names_what_is_not_there(
    server: Server, files: Files, kind: str
) -> None:
    def change(content: dict[str, Any]) -> None:
        content["contexts"][0]["context"][kind] = "gone"

    files.use(server.port, change)
    only = {"user": "u", "cluster": "c"}[kind]
    answer = await checked("kubernetes")
    diagnosed(answer, "CON101", f"names {kind} 'gone'", f"set-context shop-eu --{kind}={only}")


async def test_a_name_in_two_files_that_means_two_things(
    server: Server, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = files.use(server.port)
    second = files.home / "second"
    second.write_text(first.read_text().replace('"default"', '"shop"'))
    monkeypatch.setenv("KUBECONFIG", os.pathsep.join((str(first), str(second))))
    answer = await checked("kubernetes")
    assert cells(answer, "status") == ["ready"]
    mend = f"kubectl --kubeconfig {second} config rename-context shop-eu shop-eu-2"
    diagnosed(answer, "CON205", "context 'shop-eu' is in", mend)


@pytest.mark.parametrize("named", [":", "/nowhere/config"])
async def test_a_variable_that_names_no_file(
    home: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv("KUBECONFIG", named)
    diagnosed(await checked("kubernetes"), "CON101", "KUBECONFIG names", "unset KUBECONFIG")


async def test_the_current_context_is_the_same_when_it_is_named(files: Files) -> None:
    async with serve(Server()) as server:
        path = files.use(server.port)
        answer = await checked("kubernetes", target="shop-eu")
    assert cells(answer, "target") == ["k8s:shop-eu"]
    assert cells(answer, "from") == [str(path)]


async def test_rights_that_the_tools_will_miss(files: Files) -> None:
    async with serve(Server(forbids=frozenset({"nodes", "events"}))) as server:
        files.use(server.port)
        answer = await checked("kubernetes")
    diagnosed(answer, "CON204", "viewer may not: list events, list nodes", "permissions kubernetes")


async def test_rights_that_only_changes_need_are_worth_knowing_and_no_trouble(files: Files) -> None:
    async with serve(Server(forbids=frozenset({"patch"}))) as server:
        files.use(server.port)
        answer = await checked("kubernetes")
    mend = "fivetabs permissions kubernetes --changes | kubectl apply -f -"
    diagnosed(answer, "CON206", "may not: patch deployments.apps, patch statefulsets.apps", mend)
    assert answer.summary.startswith("No connection is broken")


async def test_a_clock_that_is_off(files: Files) -> None:
    async with serve(Server(ahead=timedelta(minutes=10))) as server:
        files.use(server.port)
        answer = await checked("kubernetes")
    diagnosed(answer, "CON203", "behind that of k8s:shop-eu", "timedatectl set-ntp true")


async def test_an_api_server_that_is_too_old(files: Files) -> None:
    async with serve(Server(version="v1.20.15")) as server:
        files.use(server.port)
        answer = await checked("kubernetes")
    diagnosed(answer, "CON205", "v1.20.15", "upgrade the cluster")


async def test_something_that_is_no_api_server(files: Files) -> None:
    async with serve(Server(garbage="<html>hello</html>")) as server:
        files.use(server.port)
        answer = await checked("kubernetes")
    assert worst(answer).severity == "critical"
    assert "API server" in worst(answer).cause


async def test_other_contexts_are_named_and_asked_only_when_wanted(
    server: Server, files: Files
) -> None:
    def change(content: dict[str, Any]) -> None:
        context = content["contexts"][0]["context"]
        content["contexts"].append({"name": "other", "context": context})
        content["contexts"].append({"name": "old", "context": {**context, "cluster": "gone"}})

    files.use(server.port, change)
    answer = await checked("kubernetes")
    assert cells(answer, "status") == ["ready", "misconfigured"]
    diagnosed(answer, "CON201", "names cluster 'gone'", "set-context old")
    assert any("not asked: other" in each for each in answer.notes)
    assert cells(await checked("kubernetes", every=True), "status") == [
        "ready",
        "misconfigured",
        "ready",
    ]
