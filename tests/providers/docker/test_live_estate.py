"""The chart against the rig's real engine: faults that are made here, told by their cause."""

import os
import signal
import subprocess
import time
from collections.abc import AsyncGenerator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from fivetabs.core import Connection, Scope
from fivetabs.core.quoting import unmarked
from fivetabs.providers.docker import PROVIDER
from fivetabs.providers.docker.port import Engine, Step
from fivetabs.providers.docker.tools.estate import CHART
from tests.rig import Rig

pytestmark = [pytest.mark.anyio, pytest.mark.live]

IMAGE = "busybox:1.36"
STAY = ("sleep", "900")
PATIENCE = 30.0


@pytest.fixture
async def engine(on_rig: Rig) -> AsyncGenerator[Connection[Engine, Step]]:
    async with PROVIDER.live(PROVIDER.settings(), None) as connection:
        yield connection


def docker(*words: str, fails: bool = False) -> str:
    done = subprocess.run(["docker", *words], capture_output=True, text=True, check=not fails)
    return done.stdout.strip()


@pytest.fixture
def own(on_rig: Rig) -> Iterator[None]:
    """Whatever a test makes under a name that begins with `estate-` is gone afterwards."""
    yield
    if ids := docker("ps", "-aq", "--filter", "name=^estate-").split():
        docker("rm", "-f", "-v", *ids)
    for kind in ("network", "volume"):
        if names := docker(kind, "ls", "-q", "--filter", "name=estate-").split():
            docker(kind, "rm", *names)


def run(name: str, *options: str, does: tuple[str, ...] = STAY, fails: bool = False) -> None:
    inside = () if any("network" in each for each in options) else ("--network=none",)
    docker("run", "-d", *inside, f"--name=estate-{name}", *options, IMAGE, *does, fails=fails)


def of_project(service: str, needs: str = "") -> tuple[str, ...]:
    labels = {"project": "estate", "service": service, "depends_on": needs}
    return tuple(f"--label=com.docker.compose.{k}={v}" for k, v in labels.items())


async def causes(engine: Connection[Engine, Step], name: str, code: str) -> str:
    """What is said of a container under this code, as soon as it is said."""
    end = time.monotonic() + PATIENCE
    while True:
        found = CHART.survey(await CHART.load(engine.view, Scope())).findings
        said = {f.code: unmarked(f.cause) for f in found if f.subject.endswith(f"/estate-{name}")}
        if code in said or time.monotonic() > end:
            return said.get(code, f"nothing; instead: {said}")


async def test_a_port_that_another_container_holds(
    engine: Connection[Engine, Step], own: None
) -> None:
    network = ("--network=edge_default", "--publish=127.0.0.1:18431:80")
    run("first", *network)
    run("second", *network, fails=True)
    said = await causes(engine, "second", "DKR111")
    assert said.endswith("port 18431 of the host is held by container estate-first")


async def test_what_is_mounted_and_not_there(
    engine: Connection[Engine, Step], own: None, tmp_path: Path
) -> None:
    run("mount", f"--volume={tmp_path}:/etc/passwd", fails=True)
    said = await causes(engine, "mount", "DKR112")
    assert said.endswith(
        "which it mounts at /etc/passwd, is a folder where a file is wanted, or the other way round"
    )


async def test_a_network_that_was_removed(engine: Connection[Engine, Step], own: None) -> None:
    docker("network", "create", "--opt=com.docker.network.bridge.name=estnet0", "estate-net")
    run("lost", "--network=estate-net")
    docker("stop", "-t", "0", "estate-lost")
    docker("network", "rm", "estate-net")
    docker("start", "estate-lost", fails=True)
    assert "network estate-net that it was made for is gone" in await causes(
        engine, "lost", "DKR113"
    )


async def test_commands_and_checks_that_cannot_run_are_told_apart(
    engine: Connection[Engine, Step], own: None
) -> None:
    often = ("--health-interval=1s", "--health-retries=1")
    run("typo", does=("no-such-program",), fails=True)
    run("shell", "--restart=always", does=("sh", "-c", "no-such-program"))
    run("short", "--restart=always", does=("true",))
    run("curl", *often, "--health-cmd=curl -f http://localhost/")
    run("late", *often, "--health-timeout=1s", "--health-cmd=sleep 20")
    assert "executable file not found" in await causes(engine, "typo", "DKR107")
    assert "ends with exit code 127" in await causes(engine, "shell", "DKR107")
    assert "has no long-running process" in await causes(engine, "short", "DKR110")
    assert "the program curl is not in the image" in await causes(engine, "curl", "DKR116")
    assert "had no answer within 1s" in await causes(engine, "late", "DKR117")


async def test_memory_crashes_and_kills_are_told_apart(
    engine: Connection[Engine, Step], own: None
) -> None:
    run("memory", "--memory=24m", does=("tail", "/dev/zero"))
    run("crash", does=("sh", "-c", "sh -c 'kill -SEGV $$'; exit 139"))
    run("stopped")
    docker("stop", "-t", "0", "estate-stopped")
    run("killed")
    pid = docker("inspect", "-f", "{{.State.Pid}}", "estate-killed")
    os.kill(int(pid), signal.SIGKILL)
    assert "at its limit of 24m" in await causes(engine, "memory", "DKR102")
    assert "139 (SIGSEGV" in await causes(engine, "crash", "DKR108")
    assert "no docker stop or docker kill" in await causes(engine, "killed", "DKR109")
    found = CHART.survey(await CHART.load(engine.view, Scope())).findings
    assert not [f for f in found if f.subject.endswith("/estate-stopped")]


async def test_a_stopped_dependency_and_what_waits_for_it(
    engine: Connection[Engine, Step], own: None
) -> None:
    run("db", *of_project("db"), "--restart=unless-stopped")
    run("api", *of_project("api", "db:service_started:false"))
    inside = (*of_project("web", "db:service_healthy:false"), "--network=none")
    docker("create", "--name=estate-web", *inside, IMAGE, *STAY)
    docker("stop", "-t", "0", "estate-db")
    assert "while estate-api of the Compose project estate" in await causes(engine, "db", "DKR118")
    assert "its dependency db does not run" in await causes(engine, "web", "DKR120")


async def test_an_image_that_was_removed_under_a_container(
    engine: Connection[Engine, Step], own: None
) -> None:
    run("made", does=("touch", "/made"))
    docker("wait", "estate-made")
    docker("commit", "estate-made", "estate-image:1")
    options = ("--network=none", "--name=estate-orphan")
    docker("run", "-d", *options, "estate-image:1", "true")
    docker("wait", "estate-orphan")
    docker("rmi", "-f", "estate-image:1")
    said = await causes(engine, "orphan", "DKR124")
    assert said.startswith("the image estate-image:1 of estate-orphan was removed")


async def test_what_happened_is_told_and_looking_leaves_no_trace(
    engine: Connection[Engine, Step], own: None
) -> None:
    name = f"story-{os.getpid()}"
    run(name, does=("sh", "-c", "echo 'ERROR cannot reach billing-db:5432'; exit 3"))
    docker("wait", f"estate-{name}")
    history = await CHART.changes(engine.view, engine.now() - timedelta(minutes=5), Scope())
    told = [c.what for c in history.changes if c.subject.name == f"estate-{name}"]
    assert told == ["container created", "container started", "container ended with exit code 3"]
    before = docker("ps", "-a", "--no-trunc", "--format={{.ID}} {{.Names}}")
    seen = await CHART.load(engine.view, Scope())
    closer = await CHART.look(engine.view, seen, seen.container(f"estate-{name}"))
    assert [e.quote for e in closer.evidence] == ["ERROR cannot reach billing-db:5432"]
    assert {link.target for link in closer.links} == {"billing-db:5432", "billing-db"}
    assert docker("ps", "-a", "--no-trunc", "--format={{.ID}} {{.Names}}") == before
