"""Long logs of real pods: read whole, clustered, of both runs, every line within reach."""

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest

from fivetabs.core import Log
from fivetabs.providers.kubernetes import PROVIDER
from fivetabs.providers.kubernetes.settings import Settings
from tests.providers.kubernetes.calling import ask
from tests.rig import Rig
from tests.rig.kubernetes.api import path_of
from tests.rig.kubernetes.objects import container, pod, spec

pytestmark = [pytest.mark.anyio, pytest.mark.live]

NAME = "talks-a-lot"
TALK = """\
if [ -e /state/again ]; then
  seq 1 20000 | sed 's/.*/INFO request id=& took 12 ms/'
  echo "WARN the new flag is set"
else
  touch /state/again
  seq 1 100000 | sed 's/.*/INFO request id=& took 12 ms/'
  echo "FATAL lost the lease of shard 7"
  exit 1
fi
trap 'exit 0' TERM; while true; do sleep 1 & wait; done
"""
STATE: dict[str, Any] = {"volumeMounts": [{"name": "state", "mountPath": "/state"}]}
WHERE = {"pod_name": NAME, "namespace": "shop"}


@pytest.fixture
def talker(on_rig: Rig) -> Iterator[None]:
    """A pod that wrote 100,000 lines, crashed, and wrote 20,000 more."""
    volumes: list[dict[str, Any]] = [{"name": "state", "emptyDir": {}}]
    made = pod(NAME, "shop", spec(container(script=TALK, **STATE), volumes=volumes))
    api = on_rig.kubernetes.api
    api.call("POST", path_of(made).rpartition("/")[0], made)
    yield
    api.call("DELETE", f"{path_of(made)}?gracePeriodSeconds=0")


async def log(**arguments: Any) -> Log:
    async with PROVIDER.live(Settings(), None) as connection:
        return await ask(connection.view, "get_pod_logs", Log, **{**WHERE, **arguments})


async def settled() -> Log:
    """The log once both runs have said all they have to say."""
    deadline = time.monotonic() + 120
    found = await log()
    while found.read < 120_002:
        assert time.monotonic() < deadline, found.summary
        await asyncio.sleep(1)
        found = await log()
    return found


async def test_both_runs_of_a_talkative_pod_are_read_whole(talker: None) -> None:
    found = await settled()
    assert (found.read, found.matched, found.shown) == (120_002, 120_002, 15)
    kinds = next(each for each in found.tables if "shapes" in each.title)
    new = kinds.columns.index("new")
    told = [(row[0], row[1], row[new]) for row in kinds.rows]
    assert told == [(1, "error", ""), (1, "warning", "new"), (120_000, "info", "")]
    assert "FATAL lost the lease of shard 7" in str(kinds.rows[0][-1])
    assert found.text.endswith("now| WARN the new flag is set")
    until = next(n.split("until='")[1].split("'")[0] for n in found.notes if "until=" in n)
    oldest = await log(lines=2000, page=61, until=until)
    assert oldest.text.split("\n")[0] == "before| INFO request id=1 took 12 ms"
    assert oldest.shown == 2
    only = await log(grep="lease", previous=True)
    assert (only.read, only.matched) == (100_001, 1)
    assert only.text == "FATAL lost the lease of shard 7"
