"""CloudWatch Logs Insights: one query over log groups, started, followed to its end, or stopped."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from fivetabs.core import Fault, Invalid, Listing, NotFound, read, term
from fivetabs.providers.aws.port import Account, Json
from fivetabs.providers.aws.shapes.insights import PRICE, Found
from fivetabs.providers.aws.shapes.log_groups import size
from fivetabs.providers.aws.tools.group_names import Named, find_group, group_name, list_groups
from fivetabs.providers.aws.tools.insights import follow
from fivetabs.providers.aws.tools.regions import ask_regions
from fivetabs.providers.aws.tools.windows import Since, Until, Window, window

ERRORS = (
    "fields @timestamp, {origin}, @message"
    " | filter @message like /(?i)(error|exception|fatal|panic|timed out|traceback)/"
    " | sort @timestamp desc | limit 50"
)
"""What is asked when nothing is: the newest events that speak of errors, and where they stand."""

_MOST_GROUPS = 50
_MOST_ROWS = 1000
_CENT = 0.01
_TIME = "@timestamp"
_VARYING = (_TIME, "@ingestionTime", "@logStream")
_FAILED = "ask again with a shorter window or a simpler query"

Query = Annotated[str, Field(description="Unset: the newest errors.")]
GroupNames = Annotated[str, Field(description="Comma-separated; parts, or /aws/lambda/*.")]


@read(
    example={"log_groups": "/shop/orders-api"},
    questions=(
        "Run a Logs Insights query: errors per hour since yesterday",
        "Count events by status over several log groups",
        "Query the newest errors of all log groups under /aws/lambda/",
    ),
    title="Run a Logs Insights query",
    long=True,
)
async def run_logs_query(
    account: Account,
    /,
    log_groups: GroupNames,
    query: Query = "",
    since: Since = "",
    until: Until = "",
) -> Listing:
    """Run a CloudWatch Logs Insights query over one or several log groups: filter, count, group and
    sort events; by default the newest errors. AWS bills what it scans; the answer says it. For
    lines use get_cloudwatch_logs.
    """  # noqa: D205
    span = window(since, until, account.now())
    groups = await _groups(account, log_groups)
    origin = "@log" if len(groups) > 1 else "@logStream"
    asked = _Asked(groups, span, query or ERRORS.format(origin=origin), default=not query)
    found, stopped = await follow(account, groups[0].region, **asked.question)
    if found.status == "Failed":
        raise Fault("Logs Insights says that the query failed, and not why", hint=_FAILED)
    return Listing(
        summary=_summary(found, asked),
        columns=found.columns,
        rows=found.rows,
        total=found.total,
        missing=tuple(_missing(found, asked, stopped)),
        notes=tuple(_notes(found, asked)),
        kin=tuple(_times(found)),
        fold_on=tuple(name for name in found.columns if name not in _VARYING),
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question to Logs Insights; `default` when nobody wrote its query."""

    groups: Sequence[Named]
    span: Window
    query: str
    default: bool

    @property
    def question(self) -> Json:
        """The parameters of StartQuery; its times are in seconds."""
        return {
            "logGroupNames": [group.name for group in self.groups],
            "startTime": int(self.span.start.timestamp()),
            "endTime": int(self.span.end.timestamp()),
            "queryString": self.query,
            "limit": _MOST_ROWS,
        }


async def _groups(account: Account, text: str) -> Sequence[Named]:
    """The groups that are meant, all of one region."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    groups = {each.name: each for part in parts for each in await _meant(account, part)}
    regions = sorted({each.region for each in groups.values()})
    if not groups:
        raise Invalid("log_groups names no log group", hint="list_log_groups shows them")
    if len(regions) > 1:
        raise Invalid(
            f"a query runs in one region, and these groups are in {' and '.join(regions)}",
            hint="ask once for each region, named as target",
        )
    if len(groups) > _MOST_GROUPS:
        raise Invalid(
            f"a query covers {_MOST_GROUPS} log groups at most, and these are {len(groups)}",
            hint="name fewer, or narrow the beginning before the *",
        )
    return tuple(groups.values())


async def _meant(account: Account, part: str) -> tuple[Named, ...]:
    """One group by its name or a part of it, or all whose name begins with what is before `*`."""
    if not part.endswith("*") or part.endswith(":*"):
        return (await find_group(account, part),)
    prefix = part.removesuffix("*")
    how = {"logGroupNamePrefix": group_name(prefix)} if prefix else {}
    asked = await ask_regions(account, lambda region: list_groups(account, region, 2, **how))
    found = [group for _, groups in asked.answers for group in groups.found]
    if not found:
        raise NotFound(
            f"no log group in {asked.where} begins with {prefix!r}", hint="see list_log_groups"
        )
    return tuple(Named(each.name, each.region, missing=asked.missing) for each in found)


def _summary(found: Found, asked: _Asked) -> str:
    groups = asked.groups
    where = groups[0].name if len(groups) == 1 else f"{len(groups)} log groups"
    what = "events that speak of errors, newest first," if asked.default else "rows"
    rows = f"{len(found.rows)} {what}" if found.rows else f"No {what.partition(',')[0]}"
    told = f"{rows} from {where} in {groups[0].region} {asked.span}"
    if not found.counted:
        return f"{told}."
    return f"{told}: {found.matched} of {found.scanned} events scanned match."


def _missing(found: Found, asked: _Asked, stopped: str) -> Iterator[str]:
    if stopped:
        yield stopped
    elif found.status != "Complete":
        yield f"the query ended as {term(found.status)}: what it found may be a part"
    if len(found.rows) >= _MOST_ROWS or found.total > len(found.rows):
        yield f"rows after the first {len(found.rows)}: let the query count or narrow them"
    yield from dict.fromkeys(gap for group in asked.groups for gap in group.missing)


def _notes(found: Found, asked: _Asked) -> Iterator[str]:
    yield from (group.note for group in asked.groups if group.note)
    if asked.default:
        yield f"query: {asked.query}"
    yield from found.odd
    scanned = f"scanned {size(found.bytes)}, {_money(found.cost)}"
    yield (
        f"Logs Insights bills {PRICE} USD for each GB scanned (us-east-1; other regions differ): "
        f"this query {scanned if found.counted else 'does not tell what it scanned'}"
    )


def _money(cost: float) -> str:
    return f"about {cost:.2f} USD" if cost >= _CENT else "less than a cent"


def _times(found: Found) -> Iterator[str]:
    """For rows that differ in time alone: their span, under which they are told together."""
    if _TIME not in found.columns:
        return
    place = found.columns.index(_TIME)
    same = [i for i, name in enumerate(found.columns) if name not in _VARYING]
    times: dict[object, list[str]] = {}
    for row in found.rows:
        times.setdefault(tuple(row[i] for i in same), []).append(str(row[place]))
    for row in found.rows:
        alike = times[tuple(row[i] for i in same)]
        yield f"{min(alike)}..{max(alike)}" if len(alike) > 1 else ""
