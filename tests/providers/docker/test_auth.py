"""Which engine is meant: as the docker command line finds out."""

import json
from pathlib import Path

import pytest

from fivetabs.core import Denied, Fault, Invalid, Misconfigured, NotConfigured, NotFound
from fivetabs.providers.docker.auth import DEFAULT_SOCKET, Docker, Endpoint
from fivetabs.providers.docker.demo import connect
from fivetabs.providers.docker.live.ssh import command
from tests.providers.docker.configuring import configured


def where(folder: Path, target: str | None = None, **environment: str) -> Endpoint:
    return Docker(folder, environment).endpoint(target, ())


def test_nothing_configured_is_the_default_socket(tmp_path: Path) -> None:
    found = where(tmp_path)
    assert (str(found), found.label) == (DEFAULT_SOCKET, "default")


def test_docker_host_goes_before_docker_context_before_the_current_one(tmp_path: Path) -> None:
    configured(tmp_path, "prod", "tcp://prod:2375")
    configured(tmp_path, "test", "tcp://test:2375")
    assert where(tmp_path).label == "test"
    assert where(tmp_path, DOCKER_CONTEXT="prod").label == "prod"
    host = "unix:///run/other.sock"
    assert where(tmp_path, DOCKER_CONTEXT="prod", DOCKER_HOST=host).label == host
    assert where(tmp_path, "prod", DOCKER_HOST=host).label == "prod"
    assert where(tmp_path, "default", DOCKER_CONTEXT="prod").label == "default"


def test_docker_config_moves_the_folder(tmp_path: Path) -> None:
    assert Docker.of({"DOCKER_CONFIG": str(tmp_path)}).folder == tmp_path
    assert Docker.of({}).folder == Path.home() / ".docker"


def test_an_unknown_context_gets_the_near_names(tmp_path: Path) -> None:
    configured(tmp_path, "production", "tcp://prod:2375")
    with pytest.raises(NotFound) as caught:
        where(tmp_path, "prodction")
    assert "there is no Docker context 'prodction'" in str(caught.value)
    assert "'production'" in caught.value.hint


def test_a_current_context_that_is_gone_is_said(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"currentContext": "gone"}))
    with pytest.raises(Misconfigured, match="'gone'"):
        where(tmp_path)


@pytest.mark.parametrize(
    ("host", "written"),
    [
        ("tcp://h", "tcp://h:2375"),
        ("h:1234", "tcp://h:1234"),
        ("http://h:1/", "tcp://h:1"),
        ("https://h", "tcp://h:2376"),
        ("tcp://[::1]:2375", "tcp://::1:2375"),
        ("ssh://me@h:22/run/user/1/docker.sock", "ssh://me@h:22/run/user/1/docker.sock"),
        ("unix:///a/b.sock", "unix:///a/b.sock"),
    ],
)
def test_a_host_is_read_as_docker_reads_it(host: str, written: str, tmp_path: Path) -> None:
    assert str(where(tmp_path, DOCKER_HOST=host)) == written


@pytest.mark.parametrize(
    ("host", "fault"),
    [
        ("npipe:////./pipe/docker_engine", NotConfigured),
        ("fd://", NotConfigured),
        ("tcp://", Invalid),
        ("tcp://h:port", Invalid),
        ("ssh://-oProxyCommand=touch%20x", Invalid),
        ("ssh://-l@h", Invalid),
        ("tcp://[::1", Invalid),
    ],
)
def test_a_host_of_no_use_is_refused(host: str, fault: type[Fault], tmp_path: Path) -> None:
    with pytest.raises(fault):
        where(tmp_path, DOCKER_HOST=host)


def test_a_url_that_nobody_configured_is_not_opened(tmp_path: Path) -> None:
    configured(tmp_path, "prod", "tcp://prod:2375")
    for url in ("tcp://169.254.169.254:80", "ssh://evil", "unix:///run/secret.sock"):
        with pytest.raises(Denied) as caught:
            where(tmp_path, url)
        assert "docker context create" in caught.value.hint


def test_a_url_that_somebody_configured_is_opened(tmp_path: Path) -> None:
    configured(tmp_path, "prod", "tcp://prod:2375")
    assert where(tmp_path, "tcp://prod:2375").label == "prod"
    assert where(tmp_path, DEFAULT_SOCKET).kind == "unix"
    allowed = Docker(tmp_path, {}).endpoint("tcp://build:2375", ("tcp://build:2375",))
    assert allowed.host == "build"


def test_a_password_in_a_host_is_not_shown(tmp_path: Path) -> None:
    found = where(tmp_path, DOCKER_HOST="ssh://me:secret@h")
    assert "secret" not in found.label + str(found)


def test_tls_without_its_authority_is_not_configured(tmp_path: Path) -> None:
    with pytest.raises(NotConfigured) as caught:
        where(tmp_path, DOCKER_HOST="tcp://h:2376", DOCKER_TLS_VERIFY="1")
    assert "DOCKER_CERT_PATH" in caught.value.hint


@pytest.mark.parametrize("text", ["{", "[]", '{"Name": "prod"}', '{"Endpoints": {"docker": null}}'])
def test_a_broken_context_is_not_configured(text: str, tmp_path: Path) -> None:
    configured(tmp_path, "prod", "tcp://prod:2375")
    (file,) = tmp_path.glob("contexts/meta/*/meta.json")
    file.write_text(text)
    with pytest.raises(NotConfigured):
        where(tmp_path)


def test_the_remote_socket_of_an_ssh_host_is_handed_on(tmp_path: Path) -> None:
    found = where(tmp_path, DOCKER_HOST="ssh://h/run/user/1000/docker.sock")
    assert command("ssh", found, 3)[-6:] == (
        *("h", "docker", "--host", "unix:///run/user/1000/docker.sock"),
        *("system", "dial-stdio"),
    )


@pytest.mark.anyio
async def test_the_demo_has_one_target() -> None:
    async with connect("edge-1") as connection:
        assert connection.target == "docker:edge-1"
    with pytest.raises(NotFound) as caught:
        async with connect("edge1"):
            pass
    assert caught.value.hint == "did you mean 'edge-1'?"
