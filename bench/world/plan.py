"""Which workloads there are and how many pods of each are sick: pure, from one seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

SEED = 20261123
NAMESPACES = 50
NODES = 12
_LETTERS = "bcdfghjklmnpqrstvwxz2456789"
_TEAMS = ("shop", "billing", "search", "media", "ledger", "fleet", "mail", "maps", "auth", "data")
_APPS = (
    "checkout",
    "catalog",
    "gateway",
    "invoices",
    "indexer",
    "thumbnailer",
    "notifier",
    "router",
    "profile",
    "pricing",
)
# How the sick pods fail, and the sizes of the workloads that fail so: 60 pods in eleven ways.
SICK: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("error", (8, 3)),
    ("no-process", (1, 4)),
    ("memory", (5, 2)),
    ("image", (6, 1)),
    ("unschedulable", (7,)),
    ("config", (4,)),
    ("init", (3,)),
    ("evicted", (3,)),
    ("unready", (5, 1)),
    ("volume", (3,)),
    ("job", (2, 2)),
)
# Pods that look sick to a careless eye and are well; a few in every namespace.
TRAPS = ("old-restarts", "noise-events", "second-try")


@dataclass(frozen=True)
class Workload:
    """Something that makes pods. The first `sick` of its pods fail in the way `trouble` names."""

    kind: str
    namespace: str
    name: str
    replicas: int
    trouble: str = ""
    sick: int = 0

    @property
    def maker(self) -> str:
        """The name of the object that owns the pods."""
        if self.kind != "Deployment":
            return self.name
        return f"{self.name}-{_letters(f'{self.namespace}/{self.name}', 10)}"

    def pods(self) -> Iterator["Slot"]:
        """Each pod, with its trouble or trap, if any."""
        for index in range(self.replicas):
            sick = index < self.sick
            trap = "" if sick or self.sick else _trap(self, index)
            yield Slot(self, self._pod(index), self.trouble if sick else "", trap)

    def _pod(self, index: int) -> str:
        if self.kind == "StatefulSet":
            return f"{self.name}-{index}"
        return f"{self.maker}-{_letters(f'{self.namespace}/{self.name}/{index}', 5)}"


@dataclass(frozen=True)
class Slot:
    """One pod that is to be."""

    workload: Workload
    name: str
    trouble: str
    trap: str

    @property
    def key(self) -> tuple[str, str]:
        """Namespace and name."""
        return (self.workload.namespace, self.name)


def namespaces() -> list[str]:
    """The names of the namespaces."""
    return [f"{_TEAMS[n % len(_TEAMS)]}-{n // len(_TEAMS)}" for n in range(NAMESPACES)]


def workloads() -> list[Workload]:
    """Every workload: 100 pods in every namespace."""
    places = namespaces()
    chosen = Random(SEED).sample(places, sum(len(sizes) for _, sizes in SICK))  # noqa: S311
    well = ("", 0)
    sick = [(how, size) for how, sizes in SICK for size in sizes]
    troubles = dict(zip(chosen, sick, strict=True))
    return [each for place in places for each in _within(place, *troubles.get(place, well))]


def chatterbox() -> Slot:
    """The one pod that has written a million lines; it is well."""
    slots = (slot for each in workloads() if each.kind == "Deployment" for slot in each.pods())
    return next(slot for slot in slots if not slot.trouble and not slot.trap)


def _within(place: str, trouble: str, sick: int) -> Iterator[Workload]:
    fine = Random(f"{SEED}/{place}").sample(_APPS, 7)  # noqa: S311
    in_job = trouble == "job"
    for index, name in enumerate(fine):
        ill = bool(index == 0 and sick and not in_job)
        # An evicted pod is replaced; every other sick workload is sick as a whole.
        replicas = 10 if not ill or trouble == "evicted" else sick
        how, many = (trouble, sick) if ill else ("", 0)
        yield Workload("Deployment", place, name, replicas, how, many)
    short = 0 if not sick or in_job or trouble == "evicted" else 10 - sick
    yield Workload("StatefulSet", place, "store", 8 + short)
    yield Workload("DaemonSet", place, "log-agent", NODES)
    if in_job:
        yield Workload("Job", place, "migrate", sick, trouble, sick)
    yield Workload("Job", place, "import", 2)
    for number in range(8 - (sick if in_job else 0)):
        yield Workload("Job", place, f"report-{number:02}", 1)


def _trap(workload: Workload, index: int) -> str:
    if workload.kind == "Job":
        return TRAPS[2] if index < workload.replicas - 1 else ""
    dice = Random(f"{SEED}/trap/{workload.namespace}/{workload.name}/{index}").random()  # noqa: S311
    return TRAPS[0] if dice < 0.04 else TRAPS[1] if dice < 0.1 else ""


def _letters(of: str, count: int) -> str:
    dice = Random(f"{SEED}/name/{of}")  # noqa: S311
    return "".join(dice.choice(_LETTERS) for _ in range(count))
