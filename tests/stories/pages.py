"""docs/evals.md: what the stories have shown, what failed among it."""

import re
from collections.abc import Iterable, Iterator

from tests.stories.running import Told
from tests.stories.scores import LIMIT, Score

_SOCKET, _LONGEST = re.compile(r"docker:unix://\S+?\.sock"), 240
_PATH = re.compile(r"(?<![\w:/])/(?:tmp|work|root|home|var)/[^\s:,;]+/")

HEAD = """\
# Evals: stories on real backends

Each story makes one trouble (or none) happen on the rig's real Kubernetes, Docker Engine, moto
server and terraform, beside a healthy neighbour, and asks one question, once. An answer is right if
its first finding names the right subject *and* the right cause. A false accusation is a critical or
warning finding about the neighbour, or about anything at all where nothing is wrong. The stories
are data in `tests/stories/`; `make eval` tells them all and writes this page. The seconds are of a
machine that does other work too, and the server gives its backends three times its usual patience
for that reason; tokens are the server's own estimate of the larger of an
answer's two forms. A report (`get_health_report`) tells the whole estate: of it, the findings that
touch the story's own things are ranked.
"""


def page(score: Score) -> str:
    """The whole page."""
    return "\n".join((HEAD, *_figures(score), "", *_missed(score), *_table(score.told)))


def _figures(score: Score) -> Iterator[str]:
    most = max(each.tokens for each in score.told)
    yield "| what | bar | now |"
    yield "|---|---|---|"
    yield f"| faults, of them across houses | 30, 10 | {len(score.faults)}, {len(score.across)} |"
    yield f"| nothing wrong | 8 | {len(score.quiet)} |"
    yield f"| right subject and cause at rank 1 | 90 % | {score.within(1):.0%} |"
    yield f"| within the first three | 95 % | {score.within(3):.0%} |"
    yield f"| answers with a false accusation | 0 | {len(score.accused)} |"
    yield f"| tokens of the largest answer | {LIMIT} | {most} |"
    mean = sum(each.tokens for each in score.told) / len(score.told)
    yield f"| tokens in the mean | 800 | {mean:.0f} |"
    seconds = sorted(each.seconds for each in score.told)
    median, longest = seconds[len(seconds) // 2], seconds[-1]
    yield f"| seconds: median, longest | -, 10 | {median:.1f}, {longest:.1f} |"


def _missed(score: Score) -> Iterator[str]:
    if not score.missed:
        yield "No story is missed.\n"
        return
    yield "## What is missed\n"
    for each in score.missed:
        wanted = "no accusation" if each.story.quiet else "/".join(each.story.codes)
        place = f"at rank {each.rank}" if each.rank else "not told"
        wrong = f"; accused: {', '.join(each.accused)}" if each.accused else f" {place}"
        yield f"* `{each.story.name}` (wanted {wanted}{wrong}). First was: {_told(each)}"
    yield ""


def _told(told: Told) -> str:
    """What was said first, without the paths of the machine it was said on."""
    said = _PATH.sub("", _SOCKET.sub("docker:", told.first))
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]} ..."


def _table(told: Iterable[Told]) -> Iterator[str]:
    yield "## Every story\n"
    yield "| story | asked | wanted | rank | tokens | seconds |"
    yield "|---|---|---|---|---|---|"
    for each in sorted(told, key=lambda t: t.story.name):
        story = each.story
        asked = "get_health_report" if story.report else story.about
        wanted = "/".join(story.codes) or "nothing"
        rank = "-" if story.quiet else each.rank or "none"
        yield (
            f"| {story.name} | {asked} | {wanted} | {rank} | {each.tokens} | {each.seconds:.1f} |"
        )
    yield ""
