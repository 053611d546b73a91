"""What a person should know before a plan is applied. TF1xx; evidence is one plan."""

from collections.abc import Iterator, Sequence

from fivetabs.core import Evidence, Found, Severity, Subject, quoted, rule, shortened
from fivetabs.core.patterns import Pattern
from fivetabs.providers.terraform.port import SCHEME
from fivetabs.providers.terraform.shapes.changes import ResourceChange
from fivetabs.providers.terraform.shapes.plans import Drift, Planned
from fivetabs.providers.terraform.shapes.values import place

# Types whose destruction loses what they hold; matched as part of the type's name.
_HOLDERS = Pattern(
    r"_db_|_rds_|database|_bucket|_volume|_disk|_dynamodb_table|_file_system|_sql_|elasticache"
    r"|opensearch|elasticsearch|redshift|_docdb_|_neptune_|_kms_key|_key_vault|_secret"
    r"|_storage_account|_queue|_topic|_snapshot|_backup_vault|_file_share|_bigtable|_spanner"
    r"|_cosmosdb"
)
_LIGHT = (
    "_policy",
    "_acl",
    "_attachment",
    "_notification",
    "_versioning",
    "_group",
    "_controls",
    "_access_block",
    "_association",
    "_configuration",
    "_logging",
    "_subscription",
)
_SINGLY = 3
_NAMED = 3
_FIELDS = 3
_LONGEST = 160


@rule("TF101", Severity.WARNING)
def drift(plan: Planned) -> Iterator[Found]:
    """A resource was changed outside Terraform.

    Find who changed it. Keep the change by writing it into the configuration, or apply to undo it.
    """
    told = _FIELDS if len(plan.drift) <= _SINGLY else 1
    for each in plan.drift[:_SINGLY]:
        yield Found(
            _subject(plan, each.change.address),
            f"{place(each.change.address)} was {_drifted(each)} outside Terraform; "
            f"{_planned(each)}",
            (Evidence(quote=_fields(each.change, told), source="resource_drift of the plan"),),
        )
    if more := plan.drift[_SINGLY:]:
        yield Found(
            _subject(plan),
            f"{len(more)} more resources were changed outside Terraform: "
            f"{_names([each.change for each in more])}",
        )


@rule("TF102", Severity.CRITICAL)
def data_loss(plan: Planned) -> Iterator[Found]:
    """Applying would destroy something that holds data.

    Take a snapshot or backup first, or protect it with lifecycle { prevent_destroy = true }.
    """
    for action, words in (("destroy", "destroy"), ("replace", "destroy and create again")):
        if lost := [each for each in _acting(plan, action) if _holds_data(each)]:
            yield Found(
                _subject(plan, *(each.address for each in lost)),
                f"apply would {words} {_names(lost)}: what {_pronoun(lost)} lost",
            )


@rule("TF103", Severity.WARNING)
def destroys(plan: Planned) -> Iterator[Found]:
    """Applying would destroy resources.

    If a resource was only renamed, add a moved block; else see that nothing needs it any more.
    """
    lost = [each for each in _acting(plan, "destroy") if not _holds_data(each)]
    if lost:
        reasons = ", ".join(dict.fromkeys(each.reason for each in lost if each.reason))
        yield Found(
            _subject(plan, *(each.address for each in lost)),
            f"apply would destroy {_names(lost)}" + (f" ({reasons})" if reasons else ""),
        )


@rule("TF104", Severity.WARNING)
def replacements(plan: Planned) -> Iterator[Found]:
    """Applying would replace resources: each is destroyed and created again.

    Change the forcing attribute back, or add create_before_destroy where an interruption hurts.
    """
    lost = [each for each in _acting(plan, "replace") if not _holds_data(each)]
    singly = len(lost) if len(lost) <= _SINGLY else 1
    for each in lost[:singly]:
        forced = [field for field in each.fields if field.forces]
        cause = (
            f"{', '.join(map(place, each.forced_by))} forces it" if each.forced_by else each.reason
        )
        yield Found(
            _subject(plan, each.address),
            f"apply would replace {place(each.address)}" + (f": {cause}" if cause else ""),
            tuple(
                Evidence(quote=str(field), source="replace_paths of the plan")
                for field in forced[:1]
            ),
            fold=f"{each.pattern} {each.forced_by}",
        )
    if more := lost[singly:]:
        yield Found(_subject(plan), f"apply would replace {len(more)} more: {_names(more)}")


@rule("TF105", Severity.INFO)
def provisioners(plan: Planned) -> Iterator[Found]:
    """A changing resource has provisioners: they run when the plan is applied, not before.

    Read their commands in the configuration before applying.
    """
    if plan.provisioners:
        told = [f"{place(each.address)} ({place(each.type)})" for each in plan.provisioners]
        yield Found(
            _subject(plan, *(each.address for each in plan.provisioners)),
            f"runs on apply: {_some(told)}",
        )


@rule("TF106", Severity.CRITICAL)
def incomplete(plan: Planned) -> Iterator[Found]:
    """The plan is not whole: it is not the full answer to what apply would do.

    Mend the errors, or apply what the deferred resources wait for, and plan again.
    """
    errors = [quoted(str(each)) for each in plan.diagnostics if each.severity == "error"]
    if plan.errored or errors:
        yield Found(
            _subject(plan), f"planning failed part of the way: {_some(errors) or 'unknown'}"
        )
    elif plan.deferred or not plan.complete:
        waiting = _some([*map(place, plan.deferred)]) or "parts of the configuration"
        yield Found(_subject(plan), f"deferred to a later plan: {waiting}")


@rule("TF107", Severity.WARNING)
def failed_checks(plan: Planned) -> Iterator[Found]:
    """A check of the configuration fails.

    Read the condition in the configuration; a failing check block does not stop an apply.
    """
    for each in plan.checks:
        if each.status in ("fail", "error"):
            told = _some([*map(quoted, each.problems)]) or each.status
            yield Found(_subject(plan, each.address), f"{place(each.address)} fails: {told}")


@rule("TF108", Severity.WARNING)
def locked(plan: Planned) -> Iterator[Found]:
    """Somebody holds the state's lock while this plan was made without it.

    Wait for that operation and plan again; terraform force-unlock only when it is surely dead.
    """
    if plan.lock:
        yield Found(_subject(plan), f"the state is locked by {plan.lock}")


PLAN_RULES = (
    incomplete, data_loss, drift, destroys, replacements, failed_checks, locked, provisioners,
)  # fmt: skip


def _subject(plan: Planned, *addresses: str) -> Subject:
    return Subject(SCHEME, plan.directory, addresses if len(addresses) == 1 else ())


def _acting(plan: Planned, action: str) -> list[ResourceChange]:
    return [each for each in plan.changes if each.action == action]


def _holds_data(change: ResourceChange) -> bool:
    return bool(_HOLDERS.search(f"{change.type}_")) and not change.type.endswith(_LIGHT)


def _drifted(each: Drift) -> str:
    return "deleted" if each.change.action == "destroy" else f"changed ({_fields(each.change, 1)})"


def _planned(each: Drift) -> str:
    return {
        "revert": "this plan would change it back",
        "change": "this plan would change it, to something else",
        "leave": "this plan leaves it so and only notes it",
    }[each.planned]


def _fields(change: ResourceChange, most: int = _FIELDS) -> str:
    told = "; ".join(str(field) for field in change.fields[:most])
    told = shortened(told, _LONGEST)
    more = len(change.fields) + change.more + change.unknown - most
    return told + (f"; and {more} more" if more > 0 else "") or change.action


def _pronoun(changes: Sequence[ResourceChange]) -> str:
    return "it holds is" if len(changes) == 1 else "they hold is"


def _names(changes: Sequence[ResourceChange]) -> str:
    return _some([place(each.address) for each in changes])


def _some(told: Sequence[str]) -> str:
    more = f" and {len(told) - _NAMED} more" if len(told) > _NAMED else ""
    return ", ".join(told[:_NAMED]) + more
