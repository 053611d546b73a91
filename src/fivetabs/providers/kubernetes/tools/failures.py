"""Which pods are failing, and why."""

import asyncio
from collections import Counter
from collections.abc import Sequence

from fivetabs.core import Diagnosis, Finding, first_of, read, shortened
from fivetabs.providers.kubernetes.port import Cluster
from fivetabs.providers.kubernetes.rules.order import POD_RULES, WORKLOAD_RULES
from fivetabs.providers.kubernetes.tools.arguments import Everywhere
from fivetabs.providers.kubernetes.tools.evidence import cases
from fivetabs.providers.kubernetes.tools.last_words import with_last_words
from fivetabs.providers.kubernetes.tools.namespaces import require_namespace
from fivetabs.providers.kubernetes.tools.placing import with_nodes
from fivetabs.providers.kubernetes.tools.reading import Gaps
from fivetabs.providers.kubernetes.tools.shortages import shortages
from fivetabs.providers.kubernetes.tools.telling import count, counted, somewhere
from fivetabs.providers.kubernetes.tools.triage import Scene, finished_jobs, look, suspects

_WORST = 160


@read(
    example={"namespace": "shop"},
    questions=(
        "Which pods are failing?",
        "Why are pods crashing or pending in the shop namespace?",
        "Is anything broken in the cluster?",
    ),
)
async def get_failing_pods(cluster: Cluster, /, namespace: Everywhere = "") -> Diagnosis:
    """Find failing pods in a namespace or the cluster: crashing, pending, unready, and why.

    Tells whether anything is broken: findings with cause, evidence and next step, worst first; also
    workloads whose pods cannot be created. Healthy pods are only counted; for a list of all pods
    use get_pod_status.
    """
    scene = await look(cluster, namespace)
    if namespace and not scene.pods and not any(scene.makers.values()):
        await require_namespace(cluster, namespace)
    gaps = Gaps(list(scene.missing))
    found = await cases(cluster, scene, await suspects(scene), gaps)
    told = await with_nodes(cluster, await with_last_words(cluster, found, gaps), gaps)
    accused = first_of(POD_RULES, told)
    await asyncio.sleep(0)  # Hundreds of suspects take some milliseconds, while others wait.
    lacking = first_of(WORKLOAD_RULES, await shortages(cluster, scene))
    failing = len({pod for found in accused for pod in (found.subject, *found.symptoms)})
    findings = (*accused, *lacking)
    return Diagnosis(
        summary=_summary(scene, namespace, failing, lacking, findings),
        findings=findings,
        healthy=_healthy(scene, failing),
        missing=tuple(gaps.told),
    )


def _summary(
    scene: Scene,
    namespace: str,
    failing: int,
    lacking: Sequence[Finding],
    findings: Sequence[Finding],
) -> str:
    total, where = len(scene.pods), somewhere(namespace)
    if not findings:
        return f"None of {count(total, 'pod')} {where} is failing."
    verb = "is" if failing == 1 else "are"
    more = f", and {count(len(lacking), 'workload')} cannot get all pods" if lacking else ""
    return (
        f"{failing} of {count(total, 'pod')} {where} {verb} failing{more}; "
        f"worst: {shortened(findings[0].cause, _WORST)}"
    )


def _healthy(scene: Scene, failing: int) -> tuple[str, ...]:
    told = counted(Counter(row.status for row in scene.pods))
    well = len(scene.pods) - failing
    lines = [f"{count(well, 'pod')} well; all by status: {told}"] if told else []
    kinds = ((kind, len(found)) for kind, found in scene.makers.items() if found)
    made = ", ".join(count(number, kind) for kind, number in kinds)
    checked = f"checked too: {made}" if made else ""
    forgiven = len(finished_jobs(scene))
    done = f" ({forgiven} done: their failed tries do not count)" if forgiven else ""
    return tuple(line for line in (*lines, f"{checked}{done}") if line)
