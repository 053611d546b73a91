"""What happened to the bill."""

from collections.abc import Iterator

from fivetabs.core import Evidence, Found, Severity, rule, term
from fivetabs.providers.aws.shapes.costs import Move

_LEAST_SHARE = 0.05
_LEAST_COST = 1.0


@rule("AWS401", Severity.WARNING)
def usage_type_rose(move: Move) -> Iterator[Found]:
    """A usage type costs clearly more than on the same weekdays before.

    Find what began to use it on that day.
    """
    if move.change >= _LEAST_COST and move.share >= _LEAST_SHARE:
        since = f" since {move.first_day}" if move.first_day else ""
        money = f"{move.cost:.2f} {move.currency}, {move.before:.2f} before"
        yield Found(
            move.subject,
            f"{term(move.usage_type)} ({term(move.service)}) rose by {move.change:.2f}{since}: "
            f"{money}",
            (
                Evidence(
                    quote=money,
                    source="ce:GetCostAndUsage",
                    time=move.first_day.isoformat() if move.first_day else "",
                ),
            ),
            words=_words(move.usage_type),
        )


def _words(usage_type: str) -> str:
    if "DataTransfer-Regional" in usage_type:
        return (
            "Traffic between availability zones: find services that began to talk across zones "
            "on that day (a moved node, a replica in another zone)."
        )
    return ""
