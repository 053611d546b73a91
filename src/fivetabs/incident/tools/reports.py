"""The health of everything, on one page."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from fivetabs.core import Diagnosis, Estate, Finding, Part, Scope, Severity, read
from fivetabs.incident.folding import incidents
from fivetabs.incident.gaps import DOUBT, not_set_up, nothing_read, unread, was_read
from fivetabs.incident.graph import graph_of
from fivetabs.incident.telling import as_finding, checked, observed

_PROOF = 1

Namespace = Annotated[str, Field(description="Only this Kubernetes namespace; empty: all.")]


@read(
    example={},
    questions=(
        "Give me a health report of my infrastructure",
        "Is everything healthy, in Kubernetes, AWS, Docker and Terraform?",
        "What is wrong right now, anywhere?",
    ),
)
async def get_health_report(estate: Estate, /, namespace: Namespace = "") -> Diagnosis:
    """Give a health report of all infrastructure right now: Kubernetes, AWS, Docker, Terraform.

    What is wrong anywhere, on one page: the verdict, incidents worst first with cause, effect and
    next step, symptoms folded under their cause; what was checked and is healthy; what could not be
    checked. For the evidence on one of them use investigate; for cost, get_aws_cost.
    """
    parts = await estate.parts(Scope(namespace))
    troubles = [each for each in incidents(parts, graph_of(parts)) if not each.latent]
    troubles.sort(key=lambda each: not each.touches(namespace))
    found = [as_finding(each, _PROOF, 0) for each in troubles]
    answer = Diagnosis(
        summary=_verdict(parts, found, namespace),
        findings=tuple(found),
        healthy=checked(parts),
        missing=unread(parts),
        notes=not_set_up(parts),
    )
    return observed(answer, parts)


def _verdict(parts: Sequence[Part], found: Sequence[Finding], namespace: str) -> str:
    read_, where = [p for p in parts if was_read(p)], f" in {namespace}" if namespace else ""
    if not read_:
        return nothing_read(parts)
    names = ", ".join(p.house for p in read_)
    gaps = any(p.survey.missing or (p.status and not p.unset) for p in parts)
    doubt = DOUBT if gaps else ""
    counts = Counter(each.severity for each in found)
    if not counts[Severity.CRITICAL] + counts[Severity.WARNING]:
        also = f", {counts[Severity.INFO]} worth knowing" if found else ""
        return f"Nothing is wrong{where} in what was checked ({names}){also}{doubt}."
    told = ", ".join(f"{counts[s]} {s.value}" for s in Severity if counts[s])
    trouble = "incident" if len(found) == 1 else "incidents"
    return f"{len(found)} {trouble}{where} ({told}); worst: {found[0].cause}{doubt}."
