"""One graph of what needs what, out of what every house told."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fivetabs.core import Link, Part, Relation, Subject

_DEEPEST = 8
_TERRAFORM = "tf"
CLOSED = frozenset({"k8s", "docker"})
"""Of these a part is a whole target with names of its own: one means nothing inside another."""
Path = tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """`needs`: each subject's links to what it needs; `serves`: the same links by their target."""

    needs: Mapping[Subject, tuple[Link, ...]]
    serves: Mapping[Subject, tuple[Link, ...]]

    def paths(self, start: Subject) -> Iterator[tuple[Subject, Path]]:
        """Everything that `start` needs, near things first, each with the shortest way to it."""
        seen, waiting = {start}, deque[tuple[Subject, Path]]([(start, ())])
        while waiting:
            here, path = waiting.popleft()
            if path:
                yield here, path
            if len(path) == _DEEPEST:
                continue
            for link in self.needs.get(here, ()):
                if isinstance(link.target, Subject) and link.target not in seen:
                    seen.add(link.target)
                    waiting.append((link.target, (*path, link)))

    def above(self, hit: Iterable[Subject]) -> list[Subject]:
        """What is made of, or routes to, nothing but subjects that are hit, at any height.

        Of things made of one another (a Deployment, its ReplicaSet) only the outermost.
        """
        down, found, grew = set(hit), list[Subject](), True
        while grew:
            grew = False
            for source in self._over(down):
                if source not in down and self._all_down(source, down):
                    down.add(source)
                    found.append(source)
                    grew = True
        inner = {link.target for each in found for link in self._made_of(each)}
        return sorted((each for each in found if each not in inner), key=str)

    def wholes(self, subjects: Iterable[Subject]) -> list[Subject]:
        """What these are parts of, at any height: a pod's ReplicaSet and Deployment."""
        waiting, found = deque(subjects), dict[Subject, None]()
        while waiting:
            for link in self.serves.get(waiting.popleft(), ()):
                whole = link.source
                if link.relation is Relation.MADE_OF and isinstance(whole, Subject):
                    if whole not in found:
                        waiting.append(whole)
                    found[whole] = None
        return list(found)

    def _made_of(self, subject: Subject) -> list[Link]:
        return [each for each in self.needs[subject] if each.relation is Relation.MADE_OF]

    def _over(self, down: Iterable[Subject]) -> list[Subject]:
        near = {
            link.source
            for each in down
            for link in self.serves.get(each, ())
            if link.relation in _CARRIED and isinstance(link.source, Subject)
        }
        return sorted(near, key=str)

    def _all_down(self, source: Subject, down: set[Subject]) -> bool:
        carried = [link for link in self.needs.get(source, ()) if link.relation in _CARRIED]
        return all(link.target in down for link in carried)


_CARRIED = (Relation.MADE_OF, Relation.ROUTES_TO)


def graph_of(parts: Sequence[Part]) -> Graph:
    """All links with their aliases resolved; what two houses know by one name is one thing.

    A name that Terraform knows too is of a thing that Terraform manages.
    """
    names = _names(parts)
    links = [
        resolved
        for part in parts
        for link in part.links
        if (resolved := _resolved(link, names)) is not None
    ]
    links += _managed(names)
    needs: dict[Subject, dict[Subject, Link]] = {}
    serves: dict[Subject, dict[Subject, Link]] = {}
    for link in sorted(links, key=_order):
        source, target = link.source, link.target
        if isinstance(source, Subject) and isinstance(target, Subject) and source != target:
            kept = _both(needs.setdefault(source, {}).get(target, link), link)
            needs[source][target] = serves.setdefault(target, {})[source] = kept
    return Graph(
        {subject: tuple(found.values()) for subject, found in needs.items()},
        {subject: tuple(found.values()) for subject, found in serves.items()},
    )


def _both(kept: Link, other: Link) -> Link:
    """Of two links between the same things the first, with what a log says of the second."""
    if kept.relation is not other.relation or "log" in kept.via or "log" not in other.via:
        return kept
    return replace(kept, via=f"{kept.via}; {other.via}")


def _names(parts: Sequence[Part]) -> dict[str, list[Subject]]:
    names: dict[str, list[Subject]] = {}
    for part in parts:
        for alias, subject in part.aliases.items():
            known = names.setdefault(alias.lower(), [])
            if subject not in known:
                known.append(subject)
    return names


def _resolved(link: Link, names: Mapping[str, Sequence[Subject]]) -> Link | None:
    source = _one(link.source, names, link.target)
    target = _one(link.target, names, link.source)
    if source is None or target is None:
        return None
    return Link(source, link.relation, target, link.via)


def _one(
    end: Subject | str, names: Mapping[str, Sequence[Subject]], user: Subject | str
) -> Subject | None:
    """The thing an alias means: the real one rather than the Terraform address that makes it.

    On the target of its user before any other; a name that fits things of two clusters or engines
    alike, from outside, means neither.
    """
    if isinstance(end, Subject):
        return end
    known = names.get(end.lower(), ())
    things = [each for each in known if each.scheme != _TERRAFORM] or list(known)
    if isinstance(user, Subject):
        home = (user.scheme, user.target)
        if here := [each for each in things if (each.scheme, each.target) == home]:
            return here[0]
        inner = user.scheme in CLOSED and "." not in end
        things = [each for each in things if not inner or each.scheme != user.scheme]
    if not things:
        return None
    first = things[0]
    twins = {each.target for each in things if each.scheme == first.scheme}
    return None if first.scheme in CLOSED and len(twins) > 1 else first


def _managed(names: Mapping[str, Sequence[Subject]]) -> Iterator[Link]:
    for known in names.values():
        makers = [subject for subject in known if subject.scheme == _TERRAFORM]
        for thing in known:
            for maker in makers:
                if thing.scheme != _TERRAFORM:
                    yield Link(thing, Relation.MANAGED_BY, maker)


def _order(link: Link) -> tuple[str, str, str, str]:
    return str(link.source), str(link.target), link.relation.value, link.via
