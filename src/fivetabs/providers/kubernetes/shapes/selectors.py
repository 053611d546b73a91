"""Label selectors, and whether they choose a set of labels."""

from collections.abc import Mapping
from dataclasses import dataclass

from fivetabs.core import term
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.fields import pairs, parts, words


@dataclass(frozen=True, slots=True)
class Clause:
    """One requirement: In, NotIn, Exists or DoesNotExist."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.operator == "In" and len(self.values) == 1:
            return term(f"{self.key}={self.values[0]}")
        told = f" ({', '.join(map(term, self.values))})" if self.values else ""
        return f"{term(self.key)} {self.operator}{told}"

    def holds(self, labels: Mapping[str, str]) -> bool:
        """Whether labels fulfil it."""
        match self.operator:
            case "In":
                return labels.get(self.key) in self.values
            case "NotIn":
                return self.key not in labels or labels[self.key] not in self.values
            case "Exists":
                return self.key in labels
            case "DoesNotExist":
                return self.key not in labels
            case _:
                return False


@dataclass(frozen=True, slots=True)
class Selector:
    """All clauses must hold; none at all chooses everything."""

    clauses: tuple[Clause, ...] = ()

    def __str__(self) -> str:
        return ",".join(map(str, self.clauses)) or "everything"

    def chooses(self, labels: Mapping[str, str]) -> bool:
        """Whether it chooses what has these labels."""
        return all(clause.holds(labels) for clause in self.clauses)

    def failing(self, labels: Mapping[str, str]) -> tuple[Clause, ...]:
        """The clauses that these labels do not fulfil."""
        return tuple(clause for clause in self.clauses if not clause.holds(labels))


def plain_selector(raw: Json, *names: str) -> Selector:
    """A map of labels, as Services have it."""
    return Selector(tuple(Clause(k, "In", (v,)) for k, v in pairs(raw, *names)))


def parse_selector(raw: Json | None) -> Selector:
    """A meta/v1 LabelSelector."""
    if not raw:
        return Selector()
    told = tuple(
        Clause(each["key"], each["operator"], words(each, "values"))
        for each in parts(raw, "matchExpressions")
    )
    return Selector((*plain_selector(raw, "matchLabels").clauses, *told))
