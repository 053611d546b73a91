"""What containers use, where the metrics API tells it, against what they may."""

from collections.abc import Iterator

from fivetabs.core import Found, Severity, rule
from fivetabs.providers.kubernetes.rules.naming import noted
from fivetabs.providers.kubernetes.shapes.configs import PodMetrics
from fivetabs.providers.kubernetes.shapes.quantities import amount
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot
from fivetabs.providers.kubernetes.shapes.specs import ContainerSpec
from fivetabs.providers.kubernetes.shapes.wiring import User

_FULL = 0.9


@rule("K8S731", Severity.WARNING)
def memory_nearly_full(snapshot: Snapshot) -> Iterator[Found]:
    """A container uses nearly all the memory that it may have: at its limit it is killed.

    Raise the memory limit, or find what grows in the program.
    """
    homes: dict[str, list[User]] = {}
    for user in snapshot.users:
        homes.setdefault(user.namespace, []).append(user)
    for metrics in snapshot.all(PodMetrics):
        near = homes.get(metrics.namespace, ())
        user = next((each for each in near if _is_of(metrics, each)), None)
        for container in user.spec.mains if user else ():
            used = metrics.usage.get(container.name, {}).get("memory", "")
            limit = container.limits.get("memory", "")
            if user and used and limit and _share(used, limit) >= _FULL:
                yield _found(snapshot, metrics, user, container, used)


def _found(
    snapshot: Snapshot, metrics: PodMetrics, user: User, container: ContainerSpec, used: str
) -> Found:
    limit = container.limits["memory"]
    return Found(
        snapshot.subject("Pod", metrics.namespace, metrics.name),
        f"container {container.name} of {user.owner} uses {used} of its memory limit {limit} "
        f"({_share(used, limit):.0%}); at the limit it is killed",
        (noted(f"memory {used}", f"metrics of {metrics.namespace}/{metrics.name}"),),
        fold=f"{user.key}|{container.name}",
    )


def _is_of(metrics: PodMetrics, user: User) -> bool:
    """Whether a pod is one of a user's: its metrics carry its labels, its name the user's."""
    labels = user.spec.labels
    mine = metrics.name.startswith(user.owner.name)
    return mine and (not metrics.labels or labels.items() <= metrics.labels.items())


def _share(used: str, limit: str) -> float:
    most = amount(limit)
    have = amount(used)
    return float(have / most) if have and most else 0.0
