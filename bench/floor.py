"""The least work that could answer: Tables and events fetched plainly, with nothing done to them.

`python -m bench.floor` reads a JSON list of [path, accept] on each line of stdin, fetches all of
them at once from the current context's server, parses the JSON, and prints wall and CPU seconds.
"""

import asyncio
import json
import os
import ssl
import sys
from base64 import b64decode
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx2

JSON = "application/json"
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
Asked = tuple[str, str]
TRIAGE: tuple[Asked, ...] = (
    ("/api/v1/pods", TABLE),
    ("/apis/apps/v1/replicasets", TABLE),
    ("/apis/apps/v1/statefulsets", TABLE),
    ("/apis/apps/v1/daemonsets", TABLE),
    ("/apis/batch/v1/jobs", TABLE),
    ("/api/v1/events?fieldSelector=type%3DWarning", JSON),
)


@dataclass(frozen=True)
class Spent:
    """What one fetch cost (s)."""

    wall: float
    cpu: float


@dataclass
class Floor:
    """The process that fetches."""

    process: asyncio.subprocess.Process

    async def fetch(self, asked: Sequence[Asked]) -> Spent:
        """Fetch all of these at once."""
        stdin, stdout = self.process.stdin, self.process.stdout
        if not stdin or not stdout:
            raise OSError("the floor has no pipes")
        stdin.write(f"{json.dumps(list(asked))}\n".encode())
        return Spent(*json.loads(await stdout.readline()))


@asynccontextmanager
async def fetching(environment: dict[str, str]) -> AsyncGenerator[Floor]:
    """A floor that has made its first connections."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bench.floor",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, **environment},
        cwd=Path(__file__).parent.parent,
    )
    floor = Floor(process)
    try:
        await floor.fetch([("/version", JSON)] * len(TRIAGE))
        yield floor
    finally:
        if process.stdin:
            process.stdin.close()
        await process.wait()


def _client() -> "httpx2.AsyncClient":
    import httpx2

    known: Any = json.loads(Path(os.environ["KUBECONFIG"]).read_text())
    cluster = known["clusters"][0]["cluster"]
    trust = ssl.create_default_context(
        cadata=b64decode(cluster["certificate-authority-data"]).decode()
    )
    token = known["users"][0]["user"]["token"]
    return httpx2.AsyncClient(
        base_url=cluster["server"],
        verify=trust,
        headers={"Authorization": f"Bearer {token}"},
        timeout=60,
        trust_env=False,
    )


async def _serve() -> None:
    async with _client() as client:
        while line := await asyncio.to_thread(sys.stdin.readline):
            wall, cpu = perf_counter(), process_time()
            await asyncio.gather(*(_one(client, *each) for each in json.loads(line)))
            print(json.dumps([perf_counter() - wall, process_time() - cpu]), flush=True)


async def _one(client: "httpx2.AsyncClient", path: str, accept: str) -> Any:
    answer = await client.get(path, headers={"Accept": accept})
    return json.loads(answer.raise_for_status().content)


if __name__ == "__main__":
    asyncio.run(_serve())
