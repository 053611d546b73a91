"""Calls that outlive a client's patience: start, look in again, cancel."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from fivetabs.core import Answer, Detail, Invalid, JobState, NotFound, did_you_mean

_MOST_KEPT = 32


@dataclass(slots=True)
class _Job:
    handle: str
    what: str
    key: object
    task: asyncio.Task[Answer]
    started: float
    known: bool = False


@dataclass(slots=True)
class Jobs:
    """Long calls of this process. `patience` is how long a caller waits for one, in seconds."""

    patience: float
    new_handle: Callable[[], str]
    jobs: dict[str, _Job] = field(default_factory=dict[str, _Job])

    async def start(self, what: str, key: object, work: Coroutine[Any, Any, Answer]) -> Answer:
        """Run `work`; answer with its result, or with a handle when it takes longer.

        The same `key` joins a run that is under way. A caller that is cancelled before it has the
        handle takes the run down with it.
        """
        job = next((j for j in self.jobs.values() if j.key == key and not j.task.done()), None)
        if job is not None:
            work.close()
            return await self._wait(job)
        task = asyncio.create_task(work)
        now = asyncio.get_running_loop().time()
        job = _Job(self.new_handle(), what, key, task, now)
        self._keep(job)
        try:
            return await self._wait(job)
        except asyncio.CancelledError:
            if not job.known:
                await _stop(task)
            raise

    async def look(self, handle: str) -> Answer:
        """The result of a job, or how it is going.

        Raises:
            NotFound: If this process has no such job.
            Fault: Whatever the job itself raised.
        """
        return await self._wait(self._find(handle))

    async def cancel(self, handle: str) -> Answer:
        """Stop a job and wait until it has stopped."""
        if not handle:
            raise Invalid("cancel needs the handle of a job", hint="pass job=<handle> as well")
        job = self._find(handle)
        ended = job.task.done()
        await _stop(job.task)
        told = "had ended already" if ended else "was cancelled; nothing is left running"
        return self._state(job, "done" if ended else "cancelled", f"{job.what} {told}.")

    async def aclose(self) -> None:
        """Stop every job."""
        await asyncio.gather(*(_stop(job.task) for job in self.jobs.values()))

    async def _wait(self, job: _Job) -> Answer:
        done, _ = await asyncio.wait({job.task}, timeout=self.patience)
        if not done:
            job.known = True
            told = f"{job.what} is still running. Call again with job={job.handle!r} to look in"
            return self._state(job, "running", f"{told}, and cancel=true to stop it.")
        if job.task.cancelled():
            return self._state(job, "cancelled", f"{job.what} was cancelled.")
        return job.task.result()

    def _state(self, job: _Job, state: str, summary: str) -> Detail:
        seconds = int(asyncio.get_running_loop().time() - job.started)
        return Detail(
            summary=summary, job=JobState(handle=job.handle, state=state, seconds=seconds)
        )

    def _find(self, handle: str) -> _Job:
        if handle not in self.jobs:
            raise NotFound(
                f"there is no job {handle!r} here; jobs live as long as this server's process",
                hint=did_you_mean(handle, self.jobs, otherwise="call again without job to start"),
            )
        return self.jobs[handle]

    def _keep(self, job: _Job) -> None:
        ended = [j.handle for j in self.jobs.values() if j.task.done()]
        for handle in ended[: max(0, len(self.jobs) - _MOST_KEPT + 1)]:
            del self.jobs[handle]
        self.jobs[job.handle] = job
        job.task.add_done_callback(_seen)


def _seen(task: asyncio.Task[Answer]) -> None:
    """A failed job whose asker has left is no unhandled error: the next look tells it."""
    if not task.cancelled():
        task.exception()


async def _stop(task: asyncio.Task[Any]) -> None:
    task.cancel()
    await asyncio.wait({task})
