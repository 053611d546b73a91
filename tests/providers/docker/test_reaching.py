"""Reaching an engine, and each way that fails: over a socket, a port, TLS and ssh."""

import asyncio
import os
import socket
import ssl
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from fivetabs.core import (
    Expired,
    Fault,
    NotConfigured,
    TimedOut,
    Unauthorised,
    Unreachable,
)
from fivetabs.providers.docker.auth import Endpoint
from fivetabs.providers.docker.demo import edge
from fivetabs.providers.docker.live import connect
from fivetabs.providers.docker.live.faults import unreached
from fivetabs.providers.docker.settings import Settings
from tests.providers.docker.certificates import Authority, authority
from tests.providers.docker.configuring import QUICK, configured, keys_of
from tests.providers.docker.serving import Engine, on_port, on_socket

pytestmark = pytest.mark.anyio

SLOW = Settings(quiet=2)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty Docker configuration, and none of this machine's DOCKER_* variables."""
    for name in [n for n in os.environ if n.startswith("DOCKER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    return tmp_path


@pytest.fixture
def ca(tmp_path: Path) -> Authority:
    return authority(tmp_path / "authority")


async def count(target: str | None = None) -> int:
    """How many containers the engine that is meant has."""
    async with connect(QUICK, target) as connection:
        return len(await connection.view.get("/containers/json", all="1"))


async def failure(target: str | None = None) -> Fault:
    with pytest.raises(Fault) as caught:
        await count(target)
    assert caught.value.hint
    return caught.value


async def test_docker_host_names_a_socket(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with on_socket(Engine(edge()), home / "d.sock") as url:
        monkeypatch.setenv("DOCKER_HOST", url)
        assert await count() == 5
        assert await count(url) == 5


async def test_docker_host_names_a_port(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with on_port(Engine(edge())) as port:
        monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{port}")
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        assert await count() == 5


async def test_a_socket_that_is_not_there_says_how_to_start_docker(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{home}/none.sock")
    fault = await failure()
    assert isinstance(fault, NotConfigured)
    assert "there is no Docker socket at" in str(fault)
    assert "systemctl start docker" in fault.hint


async def test_a_socket_nobody_listens_on_is_unreachable(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(home / "stale.sock"))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{home}/stale.sock")
    fault = await failure()
    assert isinstance(fault, Unreachable)
    assert "nothing listens" in str(fault)


def test_a_socket_one_may_not_open_points_to_the_docker_group() -> None:
    error = ConnectionError("refused")
    error.__cause__ = PermissionError(13, "Permission denied")
    fault = unreached(Endpoint("default", "unix", path="/var/run/docker.sock"), error, "")
    assert isinstance(fault, Unauthorised)
    assert "docker group" in fault.hint


async def test_a_closed_port_is_unreachable(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{port}")
    fault = await failure()
    assert isinstance(fault, Unreachable)
    assert f"127.0.0.1:{port}" in str(fault)


async def test_a_name_nobody_knows_is_unreachable(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://no-such-host.invalid:2375")
    assert isinstance(await failure(), Unreachable)


@asynccontextmanager
async def listening(reply: bytes | None) -> AsyncGenerator[int, None]:
    """A port that says one thing to everybody and hangs up, or that never says anything."""
    released = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await (released.wait() if reply is None else reader.read(100))
        writer.write(reply or b"")
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield int(server.sockets[0].getsockname()[1])
        released.set()
        server.close()
        await asyncio.sleep(0)


@pytest.mark.parametrize("verify", ["", "1"])
async def test_a_listener_that_never_answers_times_out(
    verify: str, home: Path, monkeypatch: pytest.MonkeyPatch, ca: Authority
) -> None:
    async with listening(None) as port:
        monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{port}")
        monkeypatch.setenv("DOCKER_TLS_VERIFY", verify)
        monkeypatch.setenv("DOCKER_CERT_PATH", str(ca.issue(home / "keys")))
        assert isinstance(await failure(), TimedOut)


@pytest.mark.parametrize(
    "reply",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhello",
        b"",
    ],
)
async def test_what_is_no_engine_is_said_to_be_none(
    reply: bytes, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listening(reply) as port:
        monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{port}")
        fault = await failure()
    assert isinstance(fault, Unreachable)
    assert "is no Docker engine" in str(fault)


async def test_tls_with_the_keys_of_docker_cert_path(
    home: Path, monkeypatch: pytest.MonkeyPatch, ca: Authority
) -> None:
    async with on_port(Engine(edge()), ca.serving()) as port:
        monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{port}")
        monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
        monkeypatch.setenv("DOCKER_CERT_PATH", str(ca.issue(home / "keys")))
        assert await count() == 5


async def test_tls_with_the_keys_of_a_context(home: Path, ca: Authority) -> None:
    ca.issue(keys_of(home, "prod"))
    async with on_port(Engine(edge()), ca.serving()) as port:
        configured(home, "prod", f"tcp://127.0.0.1:{port}")
        assert await count() == 5
        assert await count("prod") == 5


async def test_a_connection_knows_which_other_contexts_there_are(
    home: Path, tmp_path: Path
) -> None:
    socket_file = tmp_path / "engine.sock"
    async with on_socket(Engine(edge()), socket_file):
        configured(home, "prod", f"unix://{socket_file}")
        async with connect(QUICK, None) as connection:
            assert connection.targets == ("default", "prod")


async def test_an_engine_of_another_authority_is_not_trusted(home: Path, ca: Authority) -> None:
    authority(home / "other").issue(keys_of(home, "prod"))
    async with on_port(Engine(edge()), ca.serving()) as port:
        configured(home, "prod", f"tcp://127.0.0.1:{port}")
        fault = await failure()
    assert isinstance(fault, Unauthorised)
    assert "is not trusted" in str(fault)


async def test_a_context_may_skip_the_check_of_the_engine(home: Path, ca: Authority) -> None:
    folder = ca.issue(keys_of(home, "prod"))
    (folder / "ca.pem").unlink()
    async with on_port(Engine(edge()), ca.serving()) as port:
        configured(home, "prod", f"tcp://127.0.0.1:{port}", SkipTLSVerify=True)
        assert await count() == 5


@asynccontextmanager
async def refusing(context: ssl.SSLContext) -> AsyncGenerator[int, None]:
    """A TLS port that ends each failed handshake with its alert, as Go's servers do."""

    def refuse() -> None:
        connection, _ = listener.accept()
        with connection, connection.dup() as raw:
            with (
                suppress(OSError),
                context.wrap_socket(
                    connection, server_side=True, do_handshake_on_connect=False
                ) as tls,
            ):
                tls.do_handshake()
            # Closing with bytes unread would reset the connection and lose the alert.
            with suppress(OSError):
                while raw.recv(4096):
                    pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        refused = asyncio.ensure_future(asyncio.to_thread(refuse))
        yield listener.getsockname()[1]
        await refused


async def test_a_missing_client_certificate_is_said(home: Path, ca: Authority) -> None:
    folder = ca.issue(keys_of(home, "prod"))
    (folder / "cert.pem").unlink()
    async with refusing(ca.serving()) as port:
        configured(home, "prod", f"tcp://127.0.0.1:{port}")
        fault = await failure()
    assert isinstance(fault, Unauthorised)
    assert "client certificate" in str(fault)


async def test_an_expired_client_certificate_is_said(home: Path, ca: Authority) -> None:
    ca.issue(keys_of(home, "prod"), days=-1)
    async with refusing(ca.serving()) as port:
        configured(home, "prod", f"tcp://127.0.0.1:{port}")
        fault = await failure()
    assert isinstance(fault, Expired)
    assert "our client certificate has expired" in str(fault)


async def test_an_expired_certificate_of_the_engine_is_said(home: Path, ca: Authority) -> None:
    ca.issue(keys_of(home, "prod"))
    async with on_port(Engine(edge()), ca.serving(days=-1)) as port:
        configured(home, "prod", f"tcp://127.0.0.1:{port}")
        fault = await failure()
    assert isinstance(fault, Expired)


async def test_tls_where_none_is_spoken(home: Path, ca: Authority) -> None:
    ca.issue(keys_of(home, "prod"))
    async with listening(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        configured(home, "prod", f"tcp://127.0.0.1:{port}")
        fault = await failure()
    assert isinstance(fault, Unreachable)
    assert "does it speak TLS" in fault.hint


async def test_no_tls_where_it_is_spoken(home: Path) -> None:
    said = b"Client sent an HTTP request to an HTTPS server.\n"
    head = b"HTTP/1.0 400 Bad Request\r\nContent-Length: %d\r\n\r\n" % len(said)
    async with listening(head + said) as port:
        configured(home, "prod", f"tcp://127.0.0.1:{port}")
        fault = await failure()
    assert isinstance(fault, NotConfigured)
    assert "DOCKER_TLS_VERIFY=1" in fault.hint


async def test_keys_that_are_none_are_not_configured(home: Path, ca: Authority) -> None:
    (ca.issue(keys_of(home, "prod")) / "key.pem").write_text("no key")
    configured(home, "prod", "tcp://127.0.0.1:2376")
    fault = await failure()
    assert isinstance(fault, NotConfigured)
    assert "key.pem" in fault.hint


DIAL = """#!{python}
import socket, sys, threading, os
open({log!r}, "a").write(" ".join(sys.argv[1:]) + chr(10))
open({log!r} + ".pids", "a").write(str(os.getpid()) + chr(10))
words = {words!r}
if words:
    sys.exit(sys.stderr.write(words) and 255)
engine = socket.socket(socket.AF_UNIX)
engine.connect({engine!r})
def answer():
    while data := engine.recv(65536):
        os.write(1, data)
    os._exit(0)
threading.Thread(target=answer, daemon=True).start()
while data := os.read(0, 65536):
    engine.sendall(data)
"""


@pytest.fixture
def fake_ssh(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An `ssh` that carries its standard input to the socket `d.sock`, or says `words`."""
    folder = home / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    return folder


def install(fake_ssh: Path, words: str = "") -> Path:
    log = fake_ssh / "log"
    engine = str(fake_ssh.parent / "d.sock")
    program = fake_ssh / "ssh"
    program.write_text(DIAL.format(python=sys.executable, log=str(log), words=words, engine=engine))
    program.chmod(0o755)
    return log


def living(pids: Path) -> list[str]:
    return [pid for pid in pids.read_text().split() if Path("/proc", pid).exists()]


async def test_ssh_dials_the_engine_of_the_other_host(fake_ssh: Path, home: Path) -> None:
    log = install(fake_ssh)
    configured(home, "far", "ssh://deploy@edge-1.example:2222")
    async with on_socket(Engine(edge()), home / "d.sock"):
        async with connect(SLOW, None) as connection:
            first = await connection.view.get("/containers/json", all="1")
            ids = [each["Id"] for each in first]
            await asyncio.gather(*(connection.view.get(f"/containers/{i}/json") for i in ids))
        assert len(first) == 5
    said = log.read_text().splitlines()
    options = "-o BatchMode=yes -o ConnectTimeout=3 -T -l deploy -p 2222"
    assert set(said) == {f"{options} -- edge-1.example docker system dial-stdio"}
    assert len(said) <= 6
    assert not living(fake_ssh / "log.pids")


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("deploy@edge-1: Permission denied (publickey).", Unauthorised),
        ("Host key verification failed.", Unauthorised),
        ("bash: line 1: docker: command not found", NotConfigured),
        ("ssh: Could not resolve hostname edge-1: Name or service not known", Unreachable),
        ("ssh: connect to host edge-1 port 22: Connection timed out", Unreachable),
    ],
)
async def test_what_ssh_complains_of_is_the_fault(
    words: str, fault: type[Fault], fake_ssh: Path, home: Path
) -> None:
    install(fake_ssh, words)
    configured(home, "far", "ssh://edge-1")
    with pytest.raises(fault) as caught:
        async with connect(SLOW, None):
            pass
    assert words.rsplit(":", maxsplit=1)[-1].strip(".") in str(caught.value)
    assert caught.value.hint


async def test_without_an_ssh_program_ssh_hosts_are_not_configured(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured(home, "far", "ssh://edge-1")
    monkeypatch.setenv("PATH", str(home))
    assert isinstance(await failure(), NotConfigured)
