"""Stories made to happen on the rig, and asked about: many namespaces at once, one call each."""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult, TextContent

from tests.rig import Rig
from tests.rig.kubernetes import signs
from tests.rig.kubernetes.api import Api, Manifest, RefusedError
from tests.rig.kubernetes.objects import namespace
from tests.stories.story import BYSTANDER, Signs, Story, bystander
from tests.tokens import estimate

DEADLINE = 200  # seconds in which a story must have come about
AT_ONCE = 3
WAVE = 24  # stories at once: a node takes only so many pods


@dataclass(frozen=True, slots=True)
class Told:
    """One answer, judged. `rank` counts from 1; 0 is not among the findings at all."""

    story: Story
    rank: int
    accused: tuple[str, ...]
    tokens: int
    seconds: float
    first: str
    text: str

    @property
    def right(self) -> bool:
        """Whether the answer is right at the first place, and accuses nobody."""
        return not self.accused and (self.story.quiet or self.rank == 1)


@asynccontextmanager
async def attached() -> AsyncGenerator[Client]:
    """A client of a server over stdio, with the environment of this process."""
    parameters = StdioServerParameters(
        command=sys.executable, args=["-m", "fivetabs"], env=dict(os.environ)
    )
    async with Client(parameters) as client:
        yield client


def waves(stories: Sequence[Story]) -> list[Sequence[Story]]:
    """The stories in the portions in which they are told."""
    return [stories[start : start + WAVE] for start in range(0, len(stories), WAVE)]


async def tell(rig: Rig, client: Client, stories: Sequence[Story]) -> list[Told]:
    """Make all of these happen at once, ask about each once, and clear them away."""
    api, gate = rig.kubernetes.api, asyncio.Semaphore(AT_ONCE)

    async def make(story: Story) -> float:
        async with gate:
            await asyncio.to_thread(_make, api, story)
        await _seen(api, story, {BYSTANDER: ("Ready",)})
        async with gate:
            await asyncio.to_thread(_add, api, story.setup)
        if story.steps.first:
            await _seen(api, story, story.steps.first)
            await asyncio.to_thread(_add, api, story.steps.later)
            for path in story.steps.deleted:
                await asyncio.to_thread(api.delete, path)
        return time.monotonic()

    try:
        begun = await asyncio.gather(*(make(story) for story in stories))
        ordered = sorted(zip(stories, begun, strict=True), key=lambda pair: pair[0].after)
        return [await _when_come(api, client, story, since) for story, since in ordered]
    finally:
        for story in stories:
            await asyncio.to_thread(_clear, api, story)


def _make(api: Api, story: Story) -> None:
    """The namespace and its bystander, who is well before anything else is there."""
    space, account = namespace(story.name)
    _add(api, (space, account, bystander(story.name)))


def _add(api: Api, manifests: Sequence[Manifest]) -> None:
    for manifest in manifests:
        api.apply(manifest)


def _clear(api: Api, story: Story) -> None:
    try:
        api.delete(f"/api/v1/namespaces/{story.name}")
    except RefusedError as error:
        if error.status not in {404, 409}:
            raise


async def _when_come(api: Api, client: Client, story: Story, since: float) -> Told:
    await _seen(api, story, story.signs)
    await asyncio.sleep(max(0.0, since + story.after - time.monotonic()))
    return await _asked(client, story)


async def _seen(api: Api, story: Story, wanted: Signs) -> None:
    """Wait for the signs; each need show only once: a crash loop looks different each second."""
    left = {name: set(words) for name, words in wanted.items()}
    try:
        async with asyncio.timeout(DEADLINE):
            while True:
                left = _left(left, await asyncio.to_thread(_words, api, story.name))
                if not left:
                    return
                await asyncio.sleep(1)
    except TimeoutError:
        raise AssertionError(f"{story.name} has not come about; still missing: {left}") from None


def _words(api: Api, space: str) -> dict[str, set[str]]:
    """What is said by each app, with the events of its pods, whose names begin with its own."""
    said = signs.everything(api, space)
    return {
        name: set().union(*(w for other, w in said.items() if other.startswith(name)))
        for name in said
    }


def _left(wanted: dict[str, set[str]], said: dict[str, set[str]]) -> dict[str, set[str]]:
    rest = {
        name: {word for word in words if not set(word.split("|")) & said.get(name, set())}
        for name, words in wanted.items()
    }
    return {name: words for name, words in rest.items() if words}


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
        first=f"{first['code']} {first['subject']}: {first['cause']}" if first else text[:300],
        text=text,
    )


def _concerns(story: Story, finding: dict[str, Any]) -> bool:
    """A report tells the whole estate; of it, only what touches the story's namespace counts."""
    if not story.report:
        return True
    named = (finding["subject"], *finding.get("symptoms", ()))
    return any(f"/{story.name}/" in each or each.endswith(f"/{story.name}") for each in named)


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
