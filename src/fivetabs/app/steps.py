"""The next steps of findings, as calls that go to the target which the findings are of."""

from collections.abc import Sequence

from fivetabs.app.connections import AnyProvider
from fivetabs.core import Answer, Detail, Diagnosis, Finding


def aimed(answer: Answer, provider: AnyProvider, target: str | None) -> Answer:
    """The answer of a target that was named, with next steps that name it too."""
    if not target or not isinstance(answer, Detail | Diagnosis):
        return answer
    return answer.model_copy(update={"findings": steps_at(answer.findings, provider, target)})


def steps_at(
    findings: Sequence[Finding], provider: AnyProvider, target: str | None
) -> tuple[Finding, ...]:
    """Without its target, a call that a finding advises would ask a namesake on the default one.

    Calls of other houses' tools stay as they are: the name means nothing to them.
    """
    if not target or not provider.target:
        return tuple(findings)
    own = {tool.name for tool in provider.tools}
    return tuple(_at(each, target) if each.next_step.tool in own else each for each in findings)


def _at(finding: Finding, target: str) -> Finding:
    step = finding.next_step
    given = {"target": target, **step.arguments}
    return finding.model_copy(update={"next_step": step.model_copy(update={"arguments": given})})
