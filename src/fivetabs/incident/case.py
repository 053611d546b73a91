"""All that an investigation goes by, and what of it concerns the thing that was asked about."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from fivetabs.core import Evidence, Part, Subject, Told
from fivetabs.incident.folding import Incident, hearsay
from fivetabs.incident.graph import Graph
from fivetabs.incident.subjects import Meant, named_after


@dataclass(frozen=True, slots=True)
class Case:
    """What was read, how it hangs together, and what is meant.

    `seen` is what a closer look at the thing itself brought; `missing` what it could not read.
    """

    parts: tuple[Part, ...]
    told: tuple[Told, ...]
    graph: Graph
    troubles: tuple[Incident, ...]
    meant: Meant
    clock: datetime
    namespace: str = ""
    seen: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def now(self) -> datetime:
        """The time by the clock of what was read."""
        return max((part.now for part in self.parts if part.now), default=self.clock)

    @property
    def names(self) -> frozenset[str]:
        """The things that are meant, written out."""
        return frozenset(map(str, self.meant.subjects))

    def mine(self) -> list[Incident]:
        """The incidents of what was asked about: its own, else those of what it needs.

        A pod that nothing owns is known by its name alone to be of the workload that is meant.
        """
        own = [each for each in self.troubles if self.names & set(each.subjects())]
        if own:
            return own
        paths = (found for each in self.meant.subjects for found in self.graph.paths(each))
        needed = {str(subject) for subject, path in paths if not hearsay(path)}
        sick = [each for each in self.troubles if not each.latent]
        lies = [e for e in sick if needed & {e.cause.subject, *e.cause.symptoms}]
        return lies or [
            each
            for each in sick
            if any(named_after(s, m) for s in each.subjects() for m in self.meant.subjects)
        ]

    def worst(self) -> list[Incident]:
        """The worst incident, one of the namespace first; none where nothing is sick."""
        sick = [each for each in self.troubles if not each.latent]
        return sorted(sick, key=lambda each: not each.touches(self.namespace))[:1]

    def needed(self) -> list[Subject]:
        """Everything that the things which are meant need, near things first."""
        found = (s for each in self.meant.subjects for s, _ in self.graph.paths(each))
        return list(dict.fromkeys(found))

    def own(self, incident: Incident) -> Collection[Subject]:
        """What the incident is about, and what that is part of."""
        named = set(incident.subjects())
        changed = (change.subject for each in self.told for change in each.history.changes)
        known = (*self.graph.needs, *self.graph.serves, *changed)
        own = sorted({s for s in known if str(s) in named}, key=str)
        return dict.fromkeys((*own, *self.graph.wholes(own)))

    def path(self, incident: Incident, own: Collection[Subject]) -> Collection[Subject]:
        """What is on the way from a symptom to the cause, and what the incident needs first hand.

        A change of a pod's node or configuration is a change of the pod.
        """
        ways = (s for path in incident.paths for link in path for s in (link.source, link.target))
        on_way = [s for s in ways if isinstance(s, Subject)]
        first_hand = (link.target for each in own for link in self.graph.needs.get(each, ()))
        near = [s for s in first_hand if isinstance(s, Subject)]
        return dict.fromkeys((*on_way, *near))

    def roots(self, incident: Incident, own: Collection[Subject]) -> Collection[Subject]:
        """What can have brought it about: the cause, what that is part of and needs first hand.

        What lies between cause and symptom only suffers from both.
        """
        named = {incident.cause.subject, *incident.cause.symptoms}
        cause = [each for each in own if str(each) in named]
        wholes = self.graph.wholes(cause)
        needed = (link.target for each in cause for link in self.graph.needs.get(each, ()))
        return dict.fromkeys((*cause, *wholes, *(s for s in needed if isinstance(s, Subject))))

    def strangers(self) -> tuple[Subject, ...]:
        """What was less likely meant, and does not belong to what was."""
        meant = self.meant.subjects
        kin = {*meant, *self.needed(), *self.graph.wholes(meant)}
        others = (each for each in self.meant.others if each not in kin)
        return tuple(
            each for each in others if not any(named_after(str(each), one) for one in meant)
        )


def homes(parts: Sequence[Part], subject: Subject) -> list[Part]:
    """The parts that can tell of a thing: of several targets of its house, its own.

    A part may be wider than the thing's target (all regions of an account): it shares its start.
    """
    scheme, target = subject.scheme, f"{subject.scheme}:{subject.target}"
    same = [part for part in parts if part.target.partition(":")[0] == scheme]
    own = [part for part in same if part.target == target]
    start = target.partition("/")[0]
    return own or [part for part in same if part.target.partition("/")[0] == start] or same
