"""Workloads whose pods could not even be created."""

from collections.abc import Iterator

from fivetabs.core import Found, Severity, rule, term
from fivetabs.core.patterns import Pattern
from fivetabs.providers.kubernetes.rules.saying import quote, seen
from fivetabs.providers.kubernetes.shapes.cases import WorkloadCase

_QUOTA = ("exceeded quota", "failed quota", "insufficient quota")
_ACCOUNT = ("service account", "serviceaccount")
_LIMITS = ("maximum ", "minimum ", "limit to request ratio", "must be less than or equal")
_WEBHOOK = Pattern(r'failed calling webhook "([^"]*)"')
_UNANSWERED = (
    ("not found", "its Service does not exist"),
    ("no endpoints available", "its Service has no ready endpoint"),
    ("connection refused", "its pod refuses the connection"),
    ("deadline exceeded", "it does not answer in time"),
    ("timeout", "it does not answer in time"),
    ("x509", "its certificate is not trusted"),
    ("no such host", "its name is not known"),
)
_ADMISSION = (
    "admission webhook",
    "violates PodSecurity",
    "failed calling webhook",
    "ValidatingAdmissionPolicy",
    "denied request",
    "denied the request",
)


@rule("K8S601", Severity.CRITICAL, basic=True)
def over_quota(case: WorkloadCase) -> Iterator[Found]:
    """A namespace's quota forbids more pods.

    Raise the ResourceQuota, free what uses it up, or ask for less.
    """
    yield from _refused(case, _QUOTA, "the namespace's quota forbids it")


@rule("K8S602", Severity.CRITICAL, basic=True)
def outside_limits(case: WorkloadCase) -> Iterator[Found]:
    """A pod asks for more or less than the namespace's LimitRange allows.

    Bring the containers' requests and limits into the range, or change the LimitRange.
    """
    yield from _refused(case, _LIMITS, "the namespace's LimitRange forbids it")


@rule("K8S603", Severity.CRITICAL, basic=True)
def refused_by_admission(case: WorkloadCase) -> Iterator[Found]:
    """An admission rule refuses a workload's pods.

    Change the pod template to what the policy asks for, or mend the webhook that refuses it.
    """
    yield from _refused(case, _ADMISSION, "admission refuses it")


@rule("K8S607", Severity.CRITICAL, basic=True)
def priority_missing(case: WorkloadCase) -> Iterator[Found]:
    """A pod template names a priority class that does not exist.

    Create the PriorityClass, or name one that exists in the pod template.
    """
    yield from _refused(case, ("no PriorityClass with name",), "its priority class is missing")


@rule("K8S608", Severity.CRITICAL)
def webhook_silent(case: WorkloadCase) -> Iterator[Found]:
    """An admission webhook does not answer, so a workload's pods are refused.

    Bring the webhook's Service and pods back, or delete its configuration if it has no owner.
    """
    found = _WEBHOOK.search(case.message)
    if found is not None:
        text = case.message.lower()
        why = next((words for mark, words in _UNANSWERED if mark in text), "it cannot be asked")
        yield from _refused(
            case, ("failed calling webhook",), f"webhook {term(found[1])} does not answer: {why}"
        )


@rule("K8S604", Severity.CRITICAL, basic=True)
def service_account_missing(case: WorkloadCase) -> Iterator[Found]:
    """A workload's service account does not exist.

    Create the service account, or name one that exists in the pod template.
    """
    yield from _refused(case, _ACCOUNT, "its service account is missing")


@rule("K8S605", Severity.CRITICAL)
def not_created(case: WorkloadCase) -> Iterator[Found]:
    """A workload's pods cannot be created.

    Mend what the API server complains of; it is quoted below.
    """
    yield from _refused(case, ("",), "the API server refuses it")


@rule("K8S606", Severity.WARNING)
def job_failed(case: WorkloadCase) -> Iterator[Found]:
    """A Job has given up, and its pods are gone.

    Mend what its pods complained of and create the Job again; raise backoffLimit if tries ran out.
    """
    gave_up = next((c for c in case.workload.conditions if c.type == "Failed"), None)
    if case.workload.kind == "Job" and gave_up is not None and gave_up.status == "True":
        yield Found(
            case.subject,
            f"{case.whose} has failed and left no pod ({gave_up.reason}): {quote(gave_up.message)}",
            (seen(gave_up.message, f"{case.workload.name} condition Failed", gave_up.since),),
            tool="get_pod_status",
            arguments={"namespace": case.workload.namespace},
            fold=f"{case.workload.namespace}/{case.whose}",
            since=gave_up.since,
        )


def _refused(case: WorkloadCase, marks: tuple[str, ...], why: str) -> Iterator[Found]:
    if not case.message or not any(mark in case.message for mark in marks):
        return
    made = case.workload
    yield Found(
        case.subject,
        f"{case.whose} lacks {case.lacking} of {made.wanted} pods, they could not be created: "
        f"{why}: {quote(_told(case.message))}",
        (seen(case.message, case.source, case.time),),
        tool="get_pod_status",
        arguments={"namespace": made.namespace},
        fold=f"{made.namespace}/{case.whose}",
        since=case.time,
    )


def _told(message: str) -> str:
    """The API server's sentence without the name of a pod that never was."""
    _, found, rest = message.partition(" is forbidden: ")
    return rest if found else message
