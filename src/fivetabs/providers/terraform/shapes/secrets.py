"""The secrets that plans and states hold: marked as sensitive, or called so by their names."""

from collections.abc import Iterator

from fivetabs.core.secrecy import secrets_of
from fivetabs.providers.terraform.port import PlanRaw, StateRaw
from fivetabs.providers.terraform.shapes.plans import secrets_of_plan
from fivetabs.providers.terraform.shapes.states import secrets_of_state


def secrets_in(raw: PlanRaw | StateRaw) -> Iterator[str]:
    """Secret values of a plan or state, marked ones first."""
    if isinstance(raw, PlanRaw):
        yield from secrets_of_plan(raw.plan)
        yield from secrets_of(raw.plan)
    elif raw.state is not None:
        yield from secrets_of_state(raw.state)
        yield from secrets_of(raw.state)
