"""A small made-up estate of parts, for tests of folding, reports and investigations."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from fivetabs.core import (
    Change,
    Closer,
    Evidence,
    Finding,
    History,
    Link,
    Match,
    NextStep,
    Part,
    Relation,
    Scope,
    Severity,
    Subject,
    Survey,
    Told,
    Way,
    Ways,
    stamp,
)

NOW = datetime(2026, 3, 12, 10, 14, tzinfo=UTC)
R = Relation


def k8s(kind: str, name: str, namespace: str = "shop") -> Subject:
    return Subject("k8s", "ctx", (namespace, kind, name))


POD, POD2 = k8s("Pod", "api-1"), k8s("Pod", "api-2")
DEPLOYMENT, SERVICE, INGRESS = (
    k8s("Deployment", "api"),
    k8s("Service", "api"),
    k8s("Ingress", "web"),
)
CONFIG, DB = k8s("ConfigMap", "settings"), k8s("Service", "db")
DB_POD, NODE = k8s("Pod", "db-0"), Subject("k8s", "ctx", ("", "Node", "worker-c"))
INSTANCE = Subject("aws", "1234/eu-west-1", ("ec2", "i-0c3"))
ALARM = Subject("aws", "1234/eu-west-1", ("alarm", "worker-c"))
ADDRESS = Subject("tf", "infra", ("aws_instance.worker_c",))


def finding(  # noqa: PLR0913  (a finding has many sides)
    code: str,
    subject: Subject,
    *,
    ago: int | None = None,
    severity: Severity = Severity.CRITICAL,
    basic: bool = False,
    about: Subject | None = None,
    symptoms: tuple[Subject, ...] = (),
) -> Finding:
    return Finding(
        code=code,
        severity=severity,
        subject=str(subject),
        cause=f"{code} of {subject.name}",
        since=stamp(NOW - timedelta(minutes=ago)) if ago is not None else "",
        evidence=(Evidence(quote=f"seen {code}", source="test"),),
        next_step=NextStep(words=f"mend {subject.name}"),
        affects=1 + len(symptoms),
        symptoms=tuple(map(str, symptoms)),
        basic=basic,
        about=str(about or ""),
    )


def needs(source: Subject, relation: Relation, target: Subject | str, via: str = "") -> Link:
    return Link(source, relation, target, via)


def cluster(
    *findings: Finding, links: tuple[Link, ...] = (), missing: tuple[str, ...] = ()
) -> Part:
    subjects = {link.source for link in links} | {link.target for link in links}
    known = sorted((s for s in subjects if isinstance(s, Subject)), key=str)

    def find(words: str) -> tuple[Match, ...]:
        return tuple(
            Match(s, 1.0 if s.name == words else 0.5) for s in known if words and words in s.name
        )

    return Part(
        "Kubernetes",
        "k8s:ctx",
        survey=Survey(findings, ("3 pods",), missing),
        links=links,
        aliases={s.name: s for s in known},
        find=find,
        now=NOW,
    )


def cloud(*findings: Finding, links: tuple[Link, ...] = ()) -> Part:
    return Part(
        "AWS",
        "aws:1234/eu-west-1",
        survey=Survey(findings, ("4 instances",)),
        links=links,
        aliases={"i-0c3": INSTANCE},
        now=NOW,
    )


def configuration() -> Part:
    return Part("Terraform", "tf:infra", aliases={"i-0c3": ADDRESS}, now=NOW)


@dataclass
class Small:
    """An estate of given parts; `closer` is what a closer look at a subject brings.

    `untold` are histories that were not read.
    """

    given: tuple[Part, ...]
    changes: tuple[Change, ...] = ()
    closer: dict[Subject, Closer] = field(default_factory=dict[Subject, Closer])
    looked: list[Subject] = field(default_factory=list[Subject])
    untold: tuple[Told, ...] = ()

    def now(self) -> datetime:
        return NOW

    async def parts(self, _: Scope, /) -> tuple[Part, ...]:
        return self.given

    async def look(self, _: Part, subject: Subject, /) -> Closer:
        self.looked.append(subject)
        return self.closer.get(subject, Closer())

    async def histories(self, _: timedelta, __: Scope, /) -> tuple[Told, ...]:
        return self.untold or (Told("Kubernetes", History(self.changes, ("rollouts",)), now=NOW),)

    def aimed(self, _: str, /) -> "Small":
        return self

    async def ways(self) -> tuple[Ways, ...]:
        """Every part is one way, and it is open."""
        return tuple(
            Ways(part.house, NOW, (Way(target=part.target, asked=True),)) for part in self.given
        )
