"""The stand: real backends, each started when a row first asks for it, all gone at the end."""

import os
import sys
import tempfile
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Self

from bench import o200k, standins, terraform
from bench.world import load as world
from bench.world import server
from tests.rig import Rig
from tests.rig.kubernetes import auth
from tests.rig.ledger import Ledger
from tests.rig.ledger import load as remember


@dataclass
class Stand:
    """Where every row measures: moto and the Docker Engine are the rig's, the cluster is ours."""

    rig: Rig = field(default_factory=lambda: Rig(_folder()))
    tokens: o200k.Counter = field(default_factory=o200k.Counter)

    @property
    def ledger(self) -> Ledger:
        """What was started, for the rig to end."""
        return self.rig.ledger

    @cached_property
    def cluster(self) -> auth.Access:
        """An API server that holds the world; that of FIVETABS_BENCH_WORLD if it is set."""
        if kept := os.environ.get("FIVETABS_BENCH_WORLD"):
            access = auth.access(remember(Path(kept)))
        else:
            say("starting an API server and writing 5,000 pods")
            access = server.up(self.ledger)
            world.load(access, int(self.ledger.facts["kubelet-port"]))
        self.ledger.export(KUBECONFIG=str(access.usual()))
        return access

    @cached_property
    def account(self) -> str:
        """The address of a moto server."""
        self._start("aws", "moto")
        return self.ledger.environment["AWS_ENDPOINT_URL"]

    @cached_property
    def engine(self) -> str:
        """The address of a Docker Engine with five containers."""
        self._start("docker", "a Docker Engine")
        return self.ledger.environment["DOCKER_HOST"]

    @cached_property
    def root(self) -> Path:
        """A Terraform directory with a state."""
        return terraform.make(self.ledger.part("bench-terraform"))

    @cached_property
    def wide(self) -> dict[str, str]:
        """What leads to an account of 400 instances and a host of 300 containers, both served."""
        say("serving 400 instances and 300 containers")
        ports = {name: standins.start(self.ledger, name) for name in standins.WORLDS}
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{ports['aws']}",
            "DOCKER_HOST": f"tcp://127.0.0.1:{ports['docker']}",
            "AWS_ACCESS_KEY_ID": "bench",
            "AWS_SECRET_ACCESS_KEY": "bench",
            "AWS_REGION": "eu-west-1",
        }

    @property
    def crowded(self) -> dict[str, str]:
        """What the server needs to find the large worlds of all four."""
        _ = self.cluster
        return {**self.ledger.environment, **self.wide, **self._terraform}

    @property
    def _terraform(self) -> dict[str, str]:
        return {"TERRAFORM_ALLOWED_DIRS": str(self.root.parent), "CHECKPOINT_DISABLE": "1"}

    @property
    def environment(self) -> dict[str, str]:
        """What the server needs to find all four; starts those that do not run yet."""
        _ = (self.cluster, self.account, self.engine)
        return {**self.ledger.environment, **self._terraform}

    def count(self, *texts: str) -> list[int]:
        """The o200k tokens of each text."""
        return self.tokens.count(texts)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End what was started and remove what was written."""
        self.tokens.close()
        self.rig.down()

    def _start(self, part: str, words: str) -> None:
        if reasons := Rig.missing([part]):
            raise OSError(f"{words} cannot run here: {'; '.join(reasons)}")
        say(f"starting {words}")
        self.rig.up([part])


def say(words: str) -> None:
    """Tell who waits what is going on."""
    print(f"  ({words})", file=sys.stderr, flush=True)


def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="fivetabs-bench-"))
