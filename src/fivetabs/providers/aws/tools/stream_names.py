"""Which streams of a log group a name or a part of one means."""

from collections.abc import Sequence
from typing import Any

from fivetabs.core import Invalid, NotFound, near, term
from fivetabs.providers.aws.port import Account
from fivetabs.providers.aws.shapes.log_groups import LONGEST_NAME
from fivetabs.providers.aws.tools.group_names import Named

_MOST = 100  # As many as FilterLogEvents takes.
_PAGES = 4
_PAGE = 50
_MOST_NAMED = 5


async def find_streams(account: Account, group: Named, text: str) -> tuple[str, ...]:
    """The streams whose name holds `text`, those written to last first, 100 at most.

    Only the 200 streams written to last are searched by a part, older ones by their beginning.

    Raises:
        Invalid: If no stream can be named so.
        NotFound: If there is none, with the near names.
    """
    if ":" in text or "*" in text or len(text) > LONGEST_NAME:
        raise Invalid("a log stream's name has at most 512 characters, and no ':' and no '*'")
    low = text.lower()
    recent = await _names(account, group, orderBy="LastEventTime", descending=True)
    found = [name for name in recent if low in name.lower()]
    found = found or await _names(account, group, logStreamNamePrefix=text)
    if not found:
        raise NotFound(
            f"no stream of {group.name} has {text!r} in its name, "
            f"of the {len(recent)} written to last",
            hint=_nearest(text, recent),
        )
    return tuple(found[:_MOST])


async def _names(account: Account, group: Named, **how: Any) -> list[str]:
    names: list[str] = []
    left = _PAGES
    async for page in account.pages(
        "logs", "DescribeLogStreams", group.region, logGroupName=group.name, limit=_PAGE, **how
    ):
        names += [each["logStreamName"] for each in page.get("logStreams", ())]
        left -= 1
        if not left:
            break
    return names


def _nearest(text: str, recent: Sequence[str]) -> str:
    names = near(text, recent) or tuple(recent[:_MOST_NAMED])
    return f"near or newest: {', '.join(map(term, names))}" if names else "it has no streams"
