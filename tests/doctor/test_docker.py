"""Set-ups of Docker that are really broken: the true cause, and the command that mends it."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from fivetabs.providers.docker.demo import edge
from tests.doctor.asking import cells, checked, diagnosed, worst
from tests.providers.docker.certificates import Authority, authority
from tests.providers.docker.serving import Engine, on_port, on_socket

pytestmark = pytest.mark.anyio
NotRoot = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Docker's own folder; the home's path is too long for a socket, so files go in here too."""
    (home / ".docker").mkdir()
    monkeypatch.chdir(home)
    return home / ".docker"


def context(folder: Path, name: str, host: str, *, current: bool = True) -> None:
    meta = folder / "contexts" / "meta" / sha256(name.encode()).hexdigest()
    meta.mkdir(parents=True)
    told: dict[str, Any] = {"Name": name, "Endpoints": {"docker": {"Host": host}}}
    (meta / "meta.json").write_text(json.dumps(told))
    if current:
        (folder / "config.json").write_text(json.dumps({"currentContext": name}))


async def test_an_engine_that_answers_is_ready_and_says_from_where(
    folder: Path, open_folder: Path
) -> None:
    async with on_socket(Engine(edge()), open_folder / "d.sock") as url:
        context(folder, "edge", url)
        answer = await checked("docker")
    assert [f.code for f in answer.findings if f.code != "CON203"] == []
    assert cells(answer, "status") == ["ready"]
    assert cells(answer, "target") == ["docker:edge"]
    assert cells(answer, "from") == [f"currentContext in {folder / 'config.json'}"]
    assert "API 1.47" in cells(answer, "version")[0]


async def test_a_clock_that_is_off(folder: Path, open_folder: Path) -> None:
    """The demo engine's clock stands still on a day in March."""
    async with on_socket(Engine(edge()), open_folder / "d.sock") as url:
        context(folder, "edge", url)
        answer = await checked("docker")
    diagnosed(answer, "CON203", "ahead of that of docker:edge", "timedatectl set-ntp true")


async def test_a_socket_that_is_not_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    answer = await checked("docker")
    diagnosed(
        answer, "CON101", "no Docker socket at /nowhere/docker.sock", "systemctl start docker"
    )
    assert cells(answer, "from") == ["DOCKER_HOST"]


async def test_a_socket_that_may_not_be_opened(
    folder: Path, open_folder: Path, monkeypatch: pytest.MonkeyPatch, not_root: NotRoot
) -> None:
    path = open_folder / "d.sock"
    async with on_socket(Engine(edge()), path) as url:
        monkeypatch.setenv("DOCKER_HOST", url)
        await checked("docker")  # All that is needed is imported.
        path.chmod(0)
        monkeypatch.setenv("HOME", str(open_folder))
        with not_root():
            answer = await checked("docker")
    diagnosed(answer, "CON105", f"may not open the Docker socket {path}", "usermod -aG docker")


async def test_a_socket_on_which_nobody_listens(
    folder: Path, open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_socket(Engine(edge()), open_folder / "d.sock") as url:
        monkeypatch.setenv("DOCKER_HOST", url)
        (open_folder / "d.sock").rename(open_folder / "left.sock")
    monkeypatch.setenv("DOCKER_HOST", f"unix://{open_folder}/left.sock")
    diagnosed(await checked("docker"), "CON103", "nothing listens", "systemctl restart docker")


async def test_a_host_of_a_form_that_is_not_spoken(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "npipe:////./pipe/docker_engine")
    diagnosed(await checked("docker"), "CON101", "npipe://", "set DOCKER_HOST to a unix://")


async def test_a_context_that_does_not_exist(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context(folder, "edge", "unix:///x.sock", current=False)
    monkeypatch.setenv("DOCKER_CONTEXT", "egde")
    answer = await checked("docker")
    diagnosed(answer, "CON101", "no Docker context 'egde'", "docker context use edge")
    assert cells(answer, "from")[0] == "DOCKER_CONTEXT"


async def test_a_configuration_that_is_no_json(folder: Path) -> None:
    (folder / "config.json").write_text("{currentContext: edge}")
    diagnosed(await checked("docker"), "CON101", "cannot be read", f"mend {folder / 'config.json'}")


async def test_an_authority_that_is_not_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:2376")
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    diagnosed(await checked("docker"), "CON101", "ca.pem", "DOCKER_CERT_PATH")


@pytest.fixture
def keys(home: Path) -> Authority:
    return authority(home / "authority")


def by_tls(monkeypatch: pytest.MonkeyPatch, port: int, keys: Path) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{port}")
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    monkeypatch.setenv("DOCKER_CERT_PATH", str(keys))


async def test_an_engine_that_another_authority_vouches_for(
    folder: Path, keys: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = authority(folder / "other").issue(folder / "client")
    async with on_port(Engine(edge()), keys.serving()) as port:
        by_tls(monkeypatch, port, other)
        answer = await checked("docker")
    diagnosed(answer, "CON105", "is not trusted", "put the right ca.pem into DOCKER_CERT_PATH")


async def test_a_client_certificate_that_runs_out_soon(
    folder: Path, keys: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = keys.issue(folder / "client", days=2)
    async with on_port(Engine(edge()), keys.serving()) as port:
        by_tls(monkeypatch, port, client)
        answer = await checked("docker")
    found = [f for f in answer.findings if f.code == "CON202"]
    assert "the client certificate runs out at" in found[0].cause
    assert f"renew {client / 'cert.pem'}" in found[0].next_step.words


async def test_a_certificate_of_the_engine_that_runs_out_soon(
    folder: Path, keys: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = keys.issue(folder / "client", days=60)
    async with on_port(Engine(edge()), keys.serving(days=3)) as port:
        by_tls(monkeypatch, port, client)
        answer = await checked("docker")
    diagnosed(answer, "CON202", "the engine's certificate runs out at", "on 127.0.0.1 with your")


async def test_a_client_certificate_that_has_run_out(
    folder: Path, keys: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = keys.issue(folder / "client", days=-2)
    async with on_port(Engine(edge()), keys.serving()) as port:
        by_tls(monkeypatch, port, client)
        answer = await checked("docker")
    diagnosed(answer, "CON104", "certificate", "renew")


async def test_a_port_where_nobody_listens(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:9")
    answer = await checked("docker")
    diagnosed(
        answer, "CON103", "no Docker engine can be reached", "is Docker listening on 127.0.0.1"
    )


async def test_an_engine_that_is_too_old(folder: Path, open_folder: Path) -> None:
    async with on_socket(Engine(edge(), newest=(1, 39)), open_folder / "d.sock") as url:
        context(folder, "edge", url)
        answer = await checked("docker")
    found = [f for f in answer.findings if f.code == "CON205"]
    assert "1.39, older than 1.41" in found[0].cause
    assert "upgrade Docker" in found[0].next_step.words


async def test_a_version_of_the_api_that_the_engine_does_not_speak(
    folder: Path, open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_API_VERSION", "1.99")
    async with on_socket(Engine(edge()), open_folder / "d.sock") as url:
        context(folder, "edge", url)
        answer = await checked("docker")
    diagnosed(answer, "CON101", "too new", "unset DOCKER_API_VERSION")


async def test_one_dead_host_beside_a_live_one(folder: Path, open_folder: Path) -> None:
    async with on_socket(Engine(edge()), open_folder / "d.sock") as url:
        context(folder, "edge", url)
        context(folder, "dead", "tcp://127.0.0.1:9", current=False)
        answer = await checked("docker", every=True)
    told = dict(zip(cells(answer, "target"), cells(answer, "status"), strict=True))
    assert told["docker:edge"] == "ready"
    assert told["docker:dead (not the default)"] == "unreachable"
    assert [f.severity for f in answer.findings if f.code == "CON201"]
    assert worst(answer).severity == "warning"
