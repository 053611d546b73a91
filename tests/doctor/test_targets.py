"""Several targets of the real houses: all at once, one of them dead, and files that change."""

import json
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import pytest

from fivetabs.app.calls import App, open_app
from fivetabs.app.settings import AppSettings, Changes
from fivetabs.cli.houses import PROVIDERS, SPANNING
from fivetabs.core import Denied, Invalid, Listing
from fivetabs.providers.docker.demo import edge
from tests.doctor.test_docker import context
from tests.providers.aws.serving import HOST, Behaviour
from tests.providers.aws.serving import serve as serve_aws
from tests.providers.docker.serving import Engine, on_socket
from tests.providers.kubernetes.wire import Server, closed_port, kubeconfig, serve

pytestmark = pytest.mark.anyio
KEYS = "aws_access_key_id = {0}\naws_secret_access_key = {0}\n"


@asynccontextmanager
async def opened(
    changes: Changes = Changes.ASK, targets: tuple[str, ...] = ()
) -> AsyncGenerator[App]:
    marks = count()
    settings = AppSettings(changes=changes, targets=targets)
    given = {p.name: p.settings() for p in PROVIDERS}
    new_mark = (f"mark{number}" for number in marks)
    async with open_app(PROVIDERS, settings, given, lambda: next(new_mark), SPANNING) as app:
        yield app


async def test_all_contexts_answer_at_once_and_a_dead_one_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serve(Server()) as server:
        path = kubeconfig(home, server.port)
        whole = json.loads(path.read_text())
        whole["clusters"].append(
            {"name": "dead", "cluster": {"server": f"http://127.0.0.1:{closed_port()}"}}
        )
        whole["contexts"].append({"name": "gone", "context": {"cluster": "dead", "user": "u"}})
        path.write_text(json.dumps(whole))
        monkeypatch.setenv("KUBECONFIG", str(path))
        async with opened() as app:
            answer = await app.call("get_pod_status", {"namespace": "shop", "target": "all"})
            one = await app.call("get_pod_status", {"namespace": "shop"})
    assert isinstance(answer, Listing)
    assert answer.summary.startswith("1 of 2 targets answer. k8s:shop-eu: ")
    assert {row[0] for row in answer.rows} == {"k8s:shop-eu"}
    assert answer.missing[0].startswith("gone: unreachable: ")
    assert isinstance(one, Listing)
    assert one.columns[0] != "target"


@pytest.mark.parametrize("named", [{}, {"target": "edge"}])
async def test_a_docker_host_that_is_not_allowed_is_not_even_pinged(
    home: Path, open_folder: Path, named: dict[str, str]
) -> None:
    engine = Engine(edge())
    async with on_socket(engine, open_folder / "d.sock") as url:
        context(home / ".docker", "edge", url)
        async with opened(targets=("docker:other",)) as app:
            with pytest.raises(Denied, match="docker:edge may not be used here"):
                await app.call("list_containers", named)
        assert engine.asked == []
        async with opened(targets=("docker:ed*",)) as app:
            await app.call("list_containers", named)
    assert engine.asked


async def test_two_docker_hosts_of_which_one_is_dead(home: Path, open_folder: Path) -> None:
    folder = home / ".docker"
    async with on_socket(Engine(edge()), open_folder / "d.sock") as url:
        context(folder, "edge", url)
        context(folder, "dead", f"unix://{open_folder}/nobody.sock", current=False)
        async with opened() as app:
            answer = await app.call("list_containers", {"target": "all"})
    assert isinstance(answer, Listing)
    assert {row[0] for row in answer.rows} == {"docker:edge"}
    assert any(each.startswith("dead: misconfigured: ") for each in answer.missing)


async def test_another_docker_context_is_used_as_soon_as_it_is_the_current_one(
    home: Path, open_folder: Path
) -> None:
    folder = home / ".docker"
    async with (
        on_socket(Engine(edge()), open_folder / "a.sock") as first,
        on_socket(Engine(edge()), open_folder / "b.sock") as second,
        opened() as app,
    ):
        context(folder, "first", first)
        assert (await app.call("list_containers", {})).target == "docker:first"
        context(folder, "second", second)
        assert (await app.call("list_containers", {})).target == "docker:second"


@pytest.fixture
def aws(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Behaviour]:
    (home / ".aws").mkdir()
    (home / ".aws" / "config").write_text("[default]\nregion = eu-west-1\n")
    (home / ".aws" / "credentials").write_text(f"[default]\n{KEYS.format('first')}")
    behaviour = Behaviour()
    with serve_aws(behaviour) as port:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{HOST}")
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
        yield behaviour


async def test_aws_keys_and_region_are_read_again_when_the_files_change(
    aws: Behaviour, home: Path
) -> None:
    async with opened() as app:
        assert (await app.call("list_ec2_instances", {})).target.endswith("/eu-west-1")
        (home / ".aws" / "config").write_text("[default]\nregion = us-east-1\n")
        assert (await app.call("list_ec2_instances", {})).target.endswith("/us-east-1")
        asked = aws.operations().count("sts:GetCallerIdentity")
        (home / ".aws" / "credentials").write_text(f"[default]\n{KEYS.format('another-key')}")
        await app.call("list_ec2_instances", {})
    assert aws.operations().count("sts:GetCallerIdentity") == asked + 1


async def test_with_two_profiles_a_reboot_must_name_its_own(aws: Behaviour, home: Path) -> None:
    keys = KEYS.format("testing")
    (home / ".aws" / "credentials").write_text(f"[default]\n{keys}[prod]\n{keys}")
    async with opened(Changes.MODEL) as app:
        listed = await app.call("list_ec2_instances", {})
        assert isinstance(listed, Listing)
        at = listed.columns.index("id") if "id" in listed.columns else 0
        name = next(str(row[at]) for row in listed.rows if str(row[at]).startswith("i-"))
        with pytest.raises(Invalid, match="2 targets, so target must be named") as error:
            await app.call("restart_instance", {"instance_id": name})
    assert "default, prod" in error.value.hint
    assert "RebootInstances" not in [
        each.operation for each in aws.asked if each.params.get("DryRun") != "true"
    ]
