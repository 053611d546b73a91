"""The worst findings of a listing, beside its rows."""

from collections.abc import Iterator, Sequence

from fivetabs.core import Finding

_MOST = 3


def worst_first(findings: Sequence[Finding]) -> Iterator[str]:
    """The worst three findings with what to do next, and how many more the rows tell of."""
    for found in findings[:_MOST]:
        more = f" (and {found.affects - 1} more like this)" if found.affects > 1 else ""
        told = f"{found.severity.value} {found.code}: {found.cause}{more}"
        yield f"{told}. Next: {found.next_step.words}"
    if len(findings) > _MOST:
        yield f"{len(findings) - _MOST} more findings of lower rank: see the rows' why"
