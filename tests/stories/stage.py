"""Where stories are made to happen on the rig, seen to have happened, and cleared away."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from tests.rig import Rig
from tests.rig.kubernetes import signs
from tests.rig.kubernetes.api import CLUSTER_WIDE, Api, Manifest, RefusedError, path_of
from tests.rig.kubernetes.objects import namespace
from tests.rig.processes import DiedError, run
from tests.rig.waiting import GaveUpError, until
from tests.stories import clouds
from tests.stories.story import BYSTANDER, Box, Signs, Story, bystander

DEADLINE = 200  # seconds in which a story must have come about
AT_ONCE = 3
IMAGE = "busybox:1.36"


@dataclass
class Stage:
    """The rig, and what stories have made on it beside their namespaces."""

    rig: Rig
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    made: dict[str, clouds.Made] = field(default_factory=dict[str, clouds.Made])

    @property
    def api(self) -> Api:
        """The cluster's API, as its admin."""
        return self.rig.kubernetes.api

    async def make(self, story: Story) -> None:
        """Make everything of a story."""
        if story.seeded:
            return
        async with self.gate:
            await asyncio.to_thread(self._prepare, story)
        await self.seen(story, {BYSTANDER: ("Ready",)})
        async with self.gate:
            await asyncio.to_thread(self._add, self._setup(story))
        if story.steps.first:
            await self.seen(story, story.steps.first)
            await asyncio.to_thread(self._add, story.steps.later)
            for path in story.steps.deleted:
                await asyncio.to_thread(self.api.delete, path)

    async def seen(self, story: Story, wanted: Signs) -> None:
        """Wait for signs; each need show only once: a crash loop looks different each second."""
        left = {name: set(words) for name, words in wanted.items()}
        boxes = list(story.steps.docker) if wanted is story.signs else []
        try:
            async with asyncio.timeout(DEADLINE):
                while True:
                    left = _left(left, await asyncio.to_thread(_words, self.api, story.name))
                    boxes = [b for b in boxes if not await asyncio.to_thread(self._is_so, b)]
                    if not left and not boxes:
                        return
                    await asyncio.sleep(1)
        except TimeoutError:
            lacking = f"{left} {[box.name for box in boxes]}"
            raise GaveUpError(f"{story.name} has not come about: {lacking}") from None

    def clear(self, story: Story) -> None:
        """Remove what the story has made."""
        if story.seeded:
            return
        for path in story.steps.deleted:
            with suppress(RefusedError):
                self.api.merge(path, {"metadata": {"finalizers": None}})
        wide = (each for each in story.setup if each["kind"] in CLUSTER_WIDE)
        for path in (*map(path_of, wide), f"/api/v1/namespaces/{story.name}"):
            with suppress(RefusedError):
                self.api.delete(path)
        for box in story.steps.docker:
            with suppress(DiedError):
                self._docker("rm", "--force", box.name)
        if story.name in self.made:
            self.made.pop(story.name).remove()

    def _prepare(self, story: Story) -> None:
        """The namespace and its bystander, who is well before anything else is there."""
        until(lambda: not self._leaving(story.name), f"the end of the last {story.name}", DEADLINE)
        self._add((*namespace(story.name), bystander(story.name)))
        if story.steps.aws:
            self.made[story.name] = clouds.make(self.rig, story.steps.aws)
        for box in story.steps.docker:
            words = (*box.options, f"--name={box.name}", IMAGE, "sh", "-c", box.script)
            self._docker("run", "--detach", *words)

    def _leaving(self, space: str) -> bool:
        """Whether the namespace of an earlier telling is still there."""
        try:
            return "deletionTimestamp" in self.api.get(f"/api/v1/namespaces/{space}")["metadata"]
        except RefusedError:
            return False

    def _setup(self, story: Story) -> Sequence[Manifest]:
        if story.name not in self.made:
            return story.setup
        address = self.made[story.name].address
        return json.loads(json.dumps(story.setup).replace("{made}", address))

    def _add(self, manifests: Sequence[Manifest]) -> None:
        for manifest in manifests:
            self.api.apply(manifest)

    def _docker(self, *words: str) -> str:
        return run("docker", *words, env=self.rig.environment)

    def _is_so(self, box: Box) -> bool:
        what, value = box.sign
        (told,) = json.loads(self._docker("inspect", box.name))
        state: Mapping[str, Any] = told["State"]
        match what:
            case "Restarts":
                return told["RestartCount"] >= int(value)
            case "Health":
                return state["Health"]["Status"] == value
            case _:
                return state["Status"] == value


def _words(api: Api, space: str) -> dict[str, set[str]]:
    """What is said by each app, with the events of its pods, whose names begin with its own."""
    said = signs.everything(api, space)
    return {
        name: set().union(*(w for other, w in said.items() if other.startswith(name)))
        for name in said
    }


def _left(wanted: Mapping[str, set[str]], said: Mapping[str, set[str]]) -> dict[str, set[str]]:
    rest = {
        name: {word for word in words if not set(word.split("|")) & said.get(name, set())}
        for name, words in wanted.items()
    }
    return {name: words for name, words in rest.items() if words}
