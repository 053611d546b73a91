"""Which runs of a pod's containers are read for their logs, and how each one's log is had."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from fivetabs.core import age
from fivetabs.core.logs import Source, Splitter, stamped
from fivetabs.providers.kubernetes.port import LOGS, Cluster, path_to
from fivetabs.providers.kubernetes.shapes.containers import Container
from fivetabs.providers.kubernetes.shapes.pods import Pod

MOST_LINES = 2_000_000
"""The newest lines of one run that are asked for."""

_YOUNG = timedelta(seconds=10)
_LOOPING = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a container: the one `before`, or the present one.

    `beside`: both of them are read. `words` say which run it is and how it ended.
    """

    container: Container
    before: bool
    beside: bool
    words: str
    label: str = ""

    def source(self, cluster: Cluster, pod: Pod, seconds: int) -> Source:
        """Its log as the reader wants it; `seconds` is how far back (0: all of it).

        Lines of the run before are never new: startedAt is a whole second, and may be theirs too.
        """
        path = path_to(LOGS, pod.namespace, pod.name)
        query = {"container": self.container.name, "timestamps": "true"}
        query |= {"previous": "true"} if self.before else {}
        query |= {"sinceSeconds": str(seconds)} if seconds else {}

        def begin(most: int) -> AsyncIterator[bytes]:
            return cluster.stream(path, **query, tailLines=str(most or MOST_LINES))

        return Source(
            self.label,
            begin,
            partial(Splitter, stamped),
            self.container.state.started if self.beside and not self.before else None,
            lane=self.container.name,
        )


def runs_of(containers: Sequence[Container], now: datetime, *, previous: bool) -> tuple[Run, ...]:
    """What is read of these containers, each run labelled where there is more than one."""
    return labelled([run for each in containers for run in _runs(each, now, previous=previous)])


def labelled(runs: Sequence[Run]) -> tuple[Run, ...]:
    """The runs, each with what tells it from the others."""
    several = len({run.container.name for run in runs}) > 1

    def label(run: Run) -> str:
        which = ("before" if run.before else "now") if run.beside else ""
        return " ".join(filter(None, (run.container.name if several else "", which)))

    return tuple(replace(run, label=label(run)) for run in runs)


def other_run(run: Run, now: datetime) -> Run | None:
    """What to read where a run gave nothing: the other one, if there was one."""
    container = run.container
    if run.beside or not (run.before or container.restarts):
        return None
    before = not run.before
    return Run(container, before, beside=False, words=_words(container, now, before=before))


def ever_ran(container: Container) -> bool:
    """Whether it can have a log."""
    return container.state.word in {"running", "terminated"} or bool(container.last.word)


def _runs(container: Container, now: datetime, *, previous: bool) -> Iterator[Run]:
    if not ever_ran(container):
        return
    waits = container.state.word == "waiting"
    both = not previous and not waits and _loops(container, now)
    if previous or waits or both:
        yield Run(container, before=True, beside=both, words=_words(container, now, before=True))
    if not (previous or waits):
        yield Run(container, before=False, beside=both, words=_words(container, now, before=False))


def _loops(container: Container, now: datetime) -> bool:
    """Whether it crashed not long ago: what it said then and what it says now belong together."""
    last, state = container.last, container.state
    if last.word != "terminated" or state.word != "running":
        return False
    young = state.started is not None and now - state.started < _YOUNG
    recent = last.finished is None or now - last.finished < _LOOPING
    return young or (recent and last.exit_code != 0)


def _words(container: Container, now: datetime, *, before: bool) -> str:
    end = container.last if before else container.state
    told = "previous run" if before else "present run"
    if end.word != "terminated":
        return told
    ago = f" {age(end.finished, now)} ago" if end.finished else ""
    told = f"{told}, ended{ago} with exit {end.exit_code}"
    return f"{told} ({end.reason})" if end.reason else told
