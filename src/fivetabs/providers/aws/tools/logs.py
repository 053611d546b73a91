"""Events of a CloudWatch log group."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from fivetabs.core import Fault, Log, Subject, Table, age, read, stamp, term
from fivetabs.core.logs import Digest, Wish, digest
from fivetabs.providers.aws.port import Account
from fivetabs.providers.aws.shapes.log_groups import moment
from fivetabs.providers.aws.tools.events import Events, Seen
from fivetabs.providers.aws.tools.group_names import Named, find_group, last_event
from fivetabs.providers.aws.tools.stream_names import find_streams
from fivetabs.providers.aws.tools.windows import Since, Until, Window, window

_MOST_NAMED = 5
_ASKED = 50

GroupName = Annotated[str, Field(description="Name, or part of one.")]
Stream = Annotated[str, Field(description="Part of its name.")]
Lines = Annotated[int, Field(ge=0, le=2000, description="Per page; 0: as suits.")]
Page = Annotated[int, Field(ge=1, description="1: the newest.")]


@read(
    example={"log_group": "/shop/orders-api"},
    questions=(
        "Show me the last CloudWatch logs of /shop/orders-api",
        "What did the order-events lambda write in the last hour?",
        "Look for errors in CloudWatch: what did the application write since 10:00?",
    ),
    title="Get CloudWatch logs",
)
async def get_cloudwatch_logs(  # noqa: PLR0913, PLR0917  (a tool's arguments are its schema)
    account: Account,
    /,
    log_group: GroupName,
    since: Since = "",
    until: Until = "",
    grep: Annotated[str, Field(description="RE2 to keep.")] = "",
    exclude: Annotated[str, Field(description="RE2 to drop.")] = "",
    stream: Stream = "",
    lines: Lines = 0,
    page: Page = 1,
) -> Log:
    """Get the logs of one CloudWatch log group, what a lambda or application wrote: clustered,
    errors first, then the last lines. To count, or for days, use run_logs_query.
    """  # noqa: D205
    span = window(since, until, account.now())
    wish = Wish(lines, grep, exclude, page, span.start, span.end)
    wish.check()
    group = await find_group(account, log_group)
    streams = await find_streams(account, group, stream) if stream else ()
    events = Events(account, group, span, streams)
    found = await digest([events.source()], wish)
    newest = "" if events.seen.streams else await _newest(account, group)
    return _told(events, wish, found, newest)


def _told(events: Events, wish: Wish, found: Digest, newest: str) -> Log:
    group, seen = events.group, events.seen
    place = f"{events.account.name}/{group.region}"
    answer = found.log(
        summary=_summary(group, events.window, found, seen, newest),
        source=str(Subject("aws", place, ("logs", group.name))),
        notes=tuple(_notes(events, wish)),
        missing=tuple(filter(None, (seen.gap, *group.missing))),
    )
    return answer.model_copy(update={"tables": (*answer.tables, *_streams(seen))})


async def _newest(account: Account, group: Named) -> str:
    """When the group was last written to, for a window that is empty."""
    try:
        when = await last_event(account, group.region, group.name)
    except Fault:
        return ""
    if when is None:
        return "; no stream of it has any"
    return f"; the newest it tells of is of {stamp(when)}, {age(when, account.now())} ago"


def _summary(group: Named, span: Window, found: Digest, seen: Seen, newest: str) -> str:
    where = f"{group.name} in {group.region}"
    if not found.read:
        doubt = " that were read" if seen.gap else ""
        return f"{where} has no events {span}{doubt}{newest}."
    events = f"{_many(seen.streams.total(), 'event')} of {_many(len(seen.streams), 'stream')}"
    told = f"{where}: {_many(found.read, 'line')} in {events} {span}"
    part = ", not all of them read" if seen.gap else ""
    matched = "" if found.matched == found.read else f"; {found.matched} match"
    return f"{told}{part}{matched}{_errors(found)}; {found.shown} shown."


def _errors(found: Digest) -> str:
    errors = [each for each in found.templates if each.level == "error"]
    if not errors:
        return ""
    shapes = f" of {len(errors)} shapes" if len(errors) > 1 else ""
    return f"; {_many(sum(each.count for each in errors), 'error')}{shapes}"


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _notes(events: Events, wish: Wish) -> Iterator[str]:
    group = events.group
    if group.note:
        yield group.note
    if events.streams:
        some = ", ".join(map(term, events.streams[:_MOST_NAMED]))
        left = len(events.streams) - _MOST_NAMED
        yield f"only of {some}" + (f" and {left} more streams" if left > 0 else "")
    if events.seen.gap:
        since = stamp(events.window.start)
        keep = f"filter @message like {_slashed(wish.grep)} | " if wish.grep else ""
        query = f"{keep}sort @timestamp desc | limit {wish.lines or _ASKED}"
        yield (
            f"all of it: run_logs_query(log_groups={group.name!r}, since={since!r}, "
            f"query='fields @timestamp, @message | {query}'), billed by what it scans"
        )


def _slashed(pattern: str) -> str:
    escaped = pattern.replace("/", r"\/")
    return f"/{escaped}/"


def _streams(seen: Seen) -> Iterator[Table]:
    """Who wrote it, where there are several."""
    if len(seen.streams) > 1:
        rows = tuple(
            (term(name), count, stamp(when) if (when := moment(seen.last[name])) else "")
            for name, count in seen.streams.most_common()
        )
        yield Table(
            title="events read, by stream",
            columns=("stream", "events", "last event"),
            rows=rows,
            total=len(rows),
        )
