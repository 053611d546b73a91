"""Stories made to happen on the rig, and asked about: many namespaces at once, one call each."""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult, TextContent

from tests.rig import Rig
from tests.rig.waiting import GaveUpError
from tests.stories.stage import Stage
from tests.stories.story import BYSTANDER, Story
from tests.tokens import estimate

AT_ONCE = 10  # stories: a node takes only so many pods, and two cores so many restarts
ASKED_AT_ONCE = 2
# The backends share this machine with ten stories, and with whatever else runs on it: so they get
# three times what the server would give them.
PATIENCE = MappingProxyType(
    {
        "FIVETABS_HOUSE_SECONDS": "24",
        "FIVETABS_KUBERNETES__QUIET": "6",
        "FIVETABS_DOCKER__QUIET": "6",
        "FIVETABS_AWS__QUIET_SECONDS": "5",
        "FIVETABS_AWS__LIST_SECONDS": "15",
    }
)


@dataclass(frozen=True, slots=True)
class Told:
    """One answer, judged. `rank` counts from 1; 0 is not among the findings at all.

    `failed`: the story has not come about on the rig, so nobody was asked.
    """

    story: Story
    rank: int
    accused: tuple[str, ...]
    tokens: int
    seconds: float
    first: str
    text: str
    failed: bool = False

    @property
    def right(self) -> bool:
        """Whether the answer is right at the first place, and accuses nobody."""
        told = self.story.quiet or self.rank == 1
        return told and not self.accused and not self.failed


@asynccontextmanager
async def attached() -> AsyncGenerator[Client]:
    """A client of a server over stdio, with the environment of this process."""
    parameters = StdioServerParameters(
        command=sys.executable, args=["-m", "fivetabs"], env={**PATIENCE, **os.environ}
    )
    async with Client(parameters) as client:
        yield client


async def tell(
    rig: Rig, client: Client, stories: Sequence[Story], *, thrice: bool = False
) -> AsyncGenerator[Told]:
    """Make stories happen, many at once, and ask about each once; the answers as they come.

    `thrice`: by its question, in plain words, and by the report.
    """
    theatre = Theatre(Stage(rig), client, thrice)
    tasks = [asyncio.create_task(theatre.tell(story)) for story in stories]
    try:
        for each in asyncio.as_completed(tasks):
            for told in await each:
                yield told
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@dataclass(frozen=True, slots=True)
class Theatre:
    """A stage, whom to ask, and how many stories and questions there may be at once."""

    stage: Stage
    client: Client
    thrice: bool = False
    playing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    asking: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(ASKED_AT_ONCE))

    async def tell(self, story: Story) -> list[Told]:
        """Make it happen, ask once (or in each of its ways), and clear it away."""
        async with self.playing:
            try:
                await self.stage.make(story)
                await self.stage.seen(story, story.signs)
                await asyncio.sleep(story.after)
                async with self.asking:
                    ways = story.ways if self.thrice else (story,)
                    return [await _asked(self.client, way) for way in ways]
            except GaveUpError as error:
                return [Told(story, 0, (), 0, 0.0, str(error), str(error), failed=True)]
            finally:
                await asyncio.to_thread(self.stage.clear, story)


async def _asked(client: Client, story: Story) -> Told:
    tool, arguments = story.question
    start = time.monotonic()
    result = await client.call_tool(tool, dict(arguments))
    seconds = time.monotonic() - start
    return judged(story, _text(result), result.structured_content or {}, seconds)


def _text(result: CallToolResult) -> str:
    return "".join(each.text for each in result.content if isinstance(each, TextContent))


def judged(story: Story, text: str, answer: dict[str, Any], seconds: float) -> Told:
    """What an answer is worth: the place of the right finding, and who was accused wrongly."""
    findings = [f for f in answer.get("findings", []) if _concerns(story, f)]
    places = [i for i, f in enumerate(findings, 1) if _right(story, f)]
    first: dict[str, Any] = findings[0] if findings else {}
    both = (text, json.dumps(answer, separators=(",", ":"), ensure_ascii=False))
    return Told(
        story=story,
        rank=places[0] if places else 0,
        accused=tuple(_accused(story, findings)),
        tokens=max(map(estimate, both)),
        seconds=seconds,
        first=f"{first['code']} {first['subject']}: {first['cause']}"
        if first
        else text.partition("\n")[0],
        text=text,
    )


def _concerns(story: Story, finding: dict[str, Any]) -> bool:
    """A report tells the whole estate; of it, only what touches the story's namespace counts."""
    if not story.report:
        return True
    named = (finding["subject"], *finding.get("symptoms", ()))
    space = story.seeded or story.name
    return any(f"/{space}/" in each or each.endswith(f"/{space}") for each in named)


def _right(story: Story, finding: dict[str, Any]) -> bool:
    cause = finding["cause"].lower()
    return (
        finding["code"] in story.codes
        and any(end in finding["subject"] for end in story.subjects)
        and all(any(w.lower() in cause for w in word.split("|")) for word in story.words)
    )


def _accused(story: Story, findings: Sequence[dict[str, Any]]) -> list[str]:
    """Whom a critical or warning finding names wrongly: the bystander, anybody if all is well."""
    named = [
        each
        for f in findings
        if f["severity"] != "info"
        for each in (f["subject"], *f.get("symptoms", ()))
    ]
    if story.quiet:
        return named
    return [each for each in named if f"/{BYSTANDER}" in each]
