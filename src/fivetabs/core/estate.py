"""The vocabulary that spans the houses: what there is, what needs what, and what has changed.

Each house tells its part of the estate through a `Chart`: it reads once (`load`), and the rest is
pure. Above the houses `incident/` merges what they tell into one graph and knows no house.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from fivetabs.core.findings import Evidence, Finding
from fivetabs.core.subject import Subject
from fivetabs.core.ways import Ways

V = TypeVar("V")
T = TypeVar("T")


class Relation(StrEnum):
    """How one thing needs another. Always read from the thing that needs to the thing it needs."""

    RUNS_ON = "runs on"  # pod -> node, node -> EC2 instance
    MADE_OF = "made of"  # Deployment -> ReplicaSet -> pod, namespace -> what is in it
    ROUTES_TO = "routes to"  # Ingress -> Service -> pod, target group -> instance
    READS = "reads"  # pod -> ConfigMap, Secret, service account
    MOUNTS = "mounts"  # pod -> claim -> volume
    USES_IMAGE = "uses image"  # container -> image
    WATCHES = "watches"  # alarm -> what its dimensions name, HPA -> workload
    WATCHED_BY = "watched by"  # what has no finding of its own -> an alarm that rings over it
    MANAGED_BY = "managed by"  # a thing -> the Terraform address that makes it
    LIMITED_BY = "limited by"  # workload -> quota, LimitRange, budget, policy, webhook
    DEPENDS_ON = "depends on"  # pod -> what its configuration or its log names


@dataclass(frozen=True, slots=True)
class Link:
    """`source` needs `target`: while the target is sick, the source's trouble may be its symptom.

    A thing of another house is an alias (a host name, an ARN, an instance id, an image digest), a
    plain `str` that is looked up in what all houses published; one that nobody knows is dropped.
    `via` says where the link was seen (`env DB_HOST of container api`), for the chain of causes.
    """

    source: Subject | str
    relation: Relation
    target: Subject | str
    via: str = ""


@dataclass(frozen=True, slots=True)
class Survey:
    """What a house found: what is wrong, what was checked and is well, what could not be read.

    `healthy` are short counted phrases (`214 pods`, `12 Services with ready endpoints`); `missing`
    say what and why (`Ingresses: denied: ...`).
    """

    findings: tuple[Finding, ...] = ()
    healthy: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A thing that a name or words may mean; `score` from 0 to 1, 1 for its exact name."""

    subject: Subject
    score: float


@dataclass(frozen=True, slots=True)
class Closer:
    """What a second, closer look at one suspect brought: its log clustered, its own story.

    `replaces` are codes of rules of which one speaks for a subject: what they say now goes before
    what they said of it at first sight.
    """

    evidence: tuple[Evidence, ...] = ()
    findings: tuple[Finding, ...] = ()
    links: tuple[Link, ...] = ()
    missing: tuple[str, ...] = ()
    replaces: frozenset[str] = frozenset()


class Nature(StrEnum):
    """How a change came about. Only what was done brings trouble about; what failed shows it."""

    DONE = "done"  # somebody or something decided it: a rollout, an edit, an API write
    FOLLOWED = "followed"  # a backend carried out what was decided: it scaled, started, launched
    FAILED = "failed"  # something did not work: a probe, a start, an alarm that went off


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened to a subject. `before` and `after` where they are known.

    `what` is a short phrase of ours with this case's names (`image changed in revision 4`); `who`
    a person, controller or role where the backend knows; `source` where it was read. `what` need
    not repeat the subject: the two stand side by side.
    """

    subject: Subject
    when: datetime
    what: str
    source: str
    who: str = ""
    before: str = ""
    after: str = ""
    count: int = 1
    nature: Nature = Nature.DONE


@dataclass(frozen=True, slots=True)
class History:
    """Changes since a time, newest last; what was looked through, and what could not be."""

    changes: tuple[Change, ...] = ()
    checked: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """How much of the estate is asked about. An empty namespace is everything."""

    namespace: str = ""


@dataclass(frozen=True, slots=True)
class Chart(Generic[V, T]):
    """How a house tells its part of the estate. `T` is its own snapshot, opaque to all others.

    `load` reads what `survey` and `links` need, in few calls and each kind once. `aliases` are the
    names under which other houses know this one's things. `look` reads closer, for one suspect.
    All but `load`, `look` and `changes` are pure, and give the same for the same snapshot.
    `checks` says in a few words what the rules of the house look at; it is asked in a thread before
    anything else, because a chart's modules may be imported when it is first used.
    """

    load: Callable[[V, Scope], Awaitable[T]]
    survey: Callable[[T], Survey]
    links: Callable[[T], tuple[Link, ...]]
    aliases: Callable[[T], Mapping[str, Subject]]
    find: Callable[[T, str], tuple[Match, ...]]
    look: Callable[[V, T, Subject], Awaitable[Closer]]
    changes: Callable[[V, datetime, Scope], Awaitable[History]]
    checks: Callable[[], str] = str


def _nothing(_: str) -> tuple[Match, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Part:
    """One house's share of the estate as `incident/` sees it, or why there is none.

    `house` is the provider's title. `status` is empty when the house was read, else the fault's
    status and words, and `hint` what mends it; `unset` when the house is not configured at all.
    `now` is the time by the clock of what was read.
    """

    house: str
    target: str = ""
    status: str = ""
    hint: str = ""
    unset: bool = False
    now: datetime | None = None
    survey: Survey = field(default_factory=Survey)
    links: tuple[Link, ...] = ()
    aliases: Mapping[str, Subject] = field(default_factory=dict[str, Subject])
    find: Callable[[str], tuple[Match, ...]] = _nothing
    checks: str = ""
    snapshot: Any = None


@dataclass(frozen=True, slots=True)
class Told:
    """One house's history, or why there is none and what mends that."""

    house: str
    history: History = field(default_factory=History)
    status: str = ""
    hint: str = ""
    unset: bool = False
    now: datetime | None = None
    target: str = ""


class Estate(Protocol):
    """All houses at once, each within its deadline: what the tools that span them may ask."""

    def aimed(self, target: str, /) -> "Estate":
        """The same, but only of the targets named (`docker, k8s:staging`; `all`: every one).

        Raises:
            Invalid: If they name no house.
        """
        ...

    def now(self) -> datetime:
        """The time that ages are counted from."""
        ...

    async def parts(self, scope: Scope, /) -> tuple[Part, ...]:
        """Every house's share, in the order of the houses; a house that fails says so in it."""
        ...

    async def look(self, part: Part, subject: Subject, /) -> Closer:
        """A closer look at one subject of that part; what cannot be read is in `missing`."""
        ...

    async def histories(self, span: timedelta, scope: Scope, /) -> tuple[Told, ...]:
        """What changed in every house in the last `span`."""
        ...

    async def ways(self) -> tuple[Ways, ...]:
        """The ways to the targets of every house: those meant by a call without target are asked.

        Of an estate that is aimed, only those that are aimed at, and all of these are asked.
        """
        ...
