"""All four houses for real, over loopback, each in front of its demo world; every request noted."""

import json
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from fivetabs.providers.docker.demo import edge
from tests.providers.aws import serving as aws
from tests.providers.docker.configuring import configured
from tests.providers.docker.serving import on_socket
from tests.providers.kubernetes.wire import kubeconfig, serve
from tests.providers.terraform.worlds import fake_binary, write
from tests.security.backends import Backends, Cluster, Engine

_OWN = ("AWS_", "DOCKER_", "KUBE", "TF_", "FIVETABS_", "TERRAFORM_")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder without any configuration, and an environment that names none."""
    for name in tuple(os.environ):
        if name.startswith(_OWN) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return tmp_path


@pytest.fixture
async def backends(home: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Backends]:
    """The four backends, and the environment that leads to them."""
    cluster, engine, account = Cluster(), Engine(edge()), aws.Behaviour()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(serve(cluster))
        url = await stack.enter_async_context(on_socket(engine, home / "docker.sock"))
        port = stack.enter_context(aws.serve(account))
        _configure_aws(home)
        (home / ".docker").mkdir()
        configured(home / ".docker", "edge-1", url)
        for name, value in {
            "KUBECONFIG": str(kubeconfig(home, cluster.port)),
            "AWS_ENDPOINT_URL": f"http://{aws.HOST}",
            "HTTP_PROXY": f"http://127.0.0.1:{port}",
            "NO_PROXY": "127.0.0.1",
        }.items():
            monkeypatch.setenv(name, value)
        yield Backends(
            home, cluster, engine, account, _working_directories(home), fake_binary(home)
        )


def _configure_aws(home: Path) -> None:
    (home / ".aws").mkdir()
    keys = "aws_access_key_id = testing\naws_secret_access_key = testing\n"
    (home / ".aws" / "credentials").write_text(f"[default]\n{keys}[prod]\n{keys}")
    (home / ".aws" / "config").write_text("[default]\nregion = eu-west-1\n")


def _working_directories(home: Path) -> Path:
    for name in ("shop", "network"):
        folder = write(home / "infra" / name, "# the demo world\n")
        (folder / ".terraform").mkdir()
        chosen = {"backend": {"type": "s3"}}
        (folder / ".terraform" / "terraform.tfstate").write_text(json.dumps(chosen))
    return home / "infra"
