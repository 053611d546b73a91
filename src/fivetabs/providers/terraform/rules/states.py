"""What is wrong with a state. TF12x; evidence is one state."""

from collections.abc import Iterator

from fivetabs.core import Found, Severity, Subject, quoted, rule
from fivetabs.providers.terraform.port import SCHEME
from fivetabs.providers.terraform.shapes.states import Resource, State
from fivetabs.providers.terraform.shapes.values import place

_NAMED = 3


@rule("TF121", Severity.WARNING)
def tainted(state: State) -> Iterator[Found]:
    """A resource is tainted: the next apply destroys it and creates it again.

    If it is in fact fine, terraform untaint it; else let the next apply replace it.
    """
    yield from _found(state, "tainted", "tainted (its creation failed, or somebody tainted it)")


@rule("TF122", Severity.WARNING)
def deposed(state: State) -> Iterator[Found]:
    """An old object is still there after its replacement was created.

    The next apply tries again to destroy it; see why that failed before.
    """
    yield from _found(state, "deposed", "deposed: replaced, but the old object was not destroyed")


@rule("TF123", Severity.WARNING)
def failed_checks(state: State) -> Iterator[Found]:
    """A check failed when the state was last written.

    Plan again to see whether it still fails.
    """
    for each in state.checks:
        if each.status in ("fail", "error"):
            told = "; ".join(map(quoted, each.problems[:_NAMED])) or each.status
            yield Found(
                Subject(SCHEME, state.directory, (each.address,)),
                f"{place(each.address)} failed at the last apply: {told}",
                tool="run_terraform_plan",
                arguments={"directory": state.directory},
            )


@rule("TF124", Severity.WARNING)
def locked(state: State) -> Iterator[Found]:
    """Somebody holds the state's lock: it may be about to change.

    Wait for that operation; terraform force-unlock only when it is surely dead.
    """
    if state.lock:
        subject = Subject(SCHEME, state.directory, ())
        yield Found(subject, f"the state is locked by {state.lock}")


STATE_RULES = (deposed, tainted, failed_checks, locked)


def _found(state: State, status: str, words: str) -> Iterator[Found]:
    sick: list[Resource] = [each for each in state.resources if each.status == status]
    if sick:
        names = ", ".join(place(each.address) for each in sick[:_NAMED])
        more = f" and {len(sick) - _NAMED} more" if len(sick) > _NAMED else ""
        parts = (sick[0].address,) if len(sick) == 1 else ()
        verb = "is" if len(sick) == 1 else "are"
        yield Found(
            Subject(SCHEME, state.directory, parts),
            f"{names}{more} {verb} {words}",
            tool="run_terraform_plan",
            arguments={"directory": state.directory},
        )
