"""The floor of a report: what it asked for, asked again and parsed, and no more.

`python -m bench.rereading` reads one JSON list of requests on each line of stdin, makes them,
sixteen at a time, parses the answers (JSON or XML), runs `terraform state pull` where that is among
them, and prints wall and CPU seconds, its children's included.
"""

import asyncio
import base64
import json
import os
import resource
import ssl
import sys
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from bench.floor import Spent

if TYPE_CHECKING:
    import httpx2

_KEPT = ("authorization", "accept", "content-type", "x-amz-target", "x-amz-date", "accept-encoding")
_LONGEST_LINE = 64 * 1024 * 1024
_AT_ONCE = 16


@dataclass(frozen=True)
class Request:
    """One request as it was sent; `body` in base64. `STATE` and a directory: a Terraform state."""

    method: str
    url: str
    headers: dict[str, str]
    body: str = ""


STATE = "STATE"


def requests_in(sent: Iterable[bytearray], origin: str) -> Iterator[Request]:
    """The requests in what went over some connections, led to where they are answered."""
    for stream in sent:
        rest = bytes(stream)
        while b"\r\n\r\n" in rest:
            head, _, rest = rest.partition(b"\r\n\r\n")
            first, *lines = head.decode().split("\r\n")
            method, path, _ = first.split(" ")
            pairs = (line.partition(": ") for line in lines)
            given = {name: value for name, _, value in pairs}
            length = sum(int(given[name]) for name in given if name.lower() == "content-length")
            body, rest = rest[:length], rest[length:]
            kept = {name: given[name] for name in given if name.lower() in _KEPT}
            told = base64.b64encode(body).decode()
            yield Request(method, f"{origin}{path}", kept, told)


@dataclass
class Rereader:
    """The process that fetches and parses."""

    process: asyncio.subprocess.Process

    async def fetch(self, asked: Sequence[Request]) -> Spent:
        """All of these at once."""
        stdin, stdout = self.process.stdin, self.process.stdout
        if not stdin or not stdout:
            raise OSError("the floor has no pipes")
        stdin.write(f"{json.dumps([asdict(each) for each in asked])}\n".encode())
        return Spent(*json.loads(await stdout.readline()))


@asynccontextmanager
async def rereading(environment: dict[str, str]) -> AsyncGenerator[Rereader]:
    """A floor that has been started."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bench.rereading",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, **environment},
        cwd=Path(__file__).parent.parent,
        limit=_LONGEST_LINE,
    )
    try:
        yield Rereader(process)
    finally:
        if process.stdin:
            process.stdin.close()
        await process.wait()


def _client() -> "httpx2.AsyncClient":
    import httpx2

    known: Any = json.loads(Path(os.environ["KUBECONFIG"]).read_text())
    authority = known["clusters"][0]["cluster"]["certificate-authority-data"]
    trust = ssl.create_default_context(cadata=base64.b64decode(authority).decode())
    limits = httpx2.Limits(max_connections=_AT_ONCE)
    return httpx2.AsyncClient(verify=trust, timeout=60, trust_env=False, limits=limits)


async def _serve() -> None:
    async with _client() as client:
        while line := await asyncio.to_thread(sys.stdin.readline):
            asked = [Request(**each) for each in json.loads(line)]
            wall, cpu = perf_counter(), _cpu()
            await asyncio.gather(*(_one(client, each) for each in asked))
            print(json.dumps([perf_counter() - wall, _cpu() - cpu]), flush=True)


async def _answer(client: "httpx2.AsyncClient", asked: Request) -> "httpx2.Response":
    """The answer; asked once more where the server had just closed a connection that was kept."""
    import httpx2

    body = base64.b64decode(asked.body)
    sent = partial(client.request, asked.method, asked.url, headers=asked.headers, content=body)
    try:
        return await sent()
    except httpx2.ReadError:
        return await sent()


async def _one(client: "httpx2.AsyncClient", asked: Request) -> Any:
    if asked.method == STATE:
        pulled = await asyncio.create_subprocess_exec(
            *("terraform", "state", "pull"),
            cwd=asked.url,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        told, _ = await pulled.communicate()
        return json.loads(told)
    return _parsed((await _answer(client, asked)).content)


def _parsed(content: bytes) -> Any:
    """As much of it as a reader of any kind must do."""
    if content[:1] in b"{[":
        return json.loads(content) if content else None
    return ET.fromstring(content) if content[:1] == b"<" else content  # noqa: S314  (our own)


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + children.ru_utime + children.ru_stime


if __name__ == "__main__":
    asyncio.run(_serve())
