"""What differs between two revisions of a pod template."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fivetabs.core.patterns import Pattern
from fivetabs.core.quoting import quoted, secret, term
from fivetabs.providers.kubernetes.shapes.specs import ContainerSpec, PodSpec, Variable

_SECRET = Pattern(r"pass|secret|token|key|cred|pwd|auth|dsn|private|cert", re.IGNORECASE)
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs: its name, and its value before and after (empty: not set)."""

    what: str
    before: str
    after: str


def differences(old: PodSpec, new: PodSpec) -> Iterator[Difference]:
    """Images, commands, environment, resources, ports and what else is set for a pod."""
    before = {each.name: each for each in old.containers}
    after = {each.name: each for each in new.containers}
    for name in sorted({*before, *after}):
        if name not in after:
            yield Difference(f"container {name}", before[name].image, "")
        elif name not in before:
            yield Difference(f"container {name}", "", after[name].image)
        else:
            yield from _container(before[name], after[name])
    yield from _maps("nodeSelector", old.node_selector, new.node_selector)
    yield from _maps("label", old.labels, new.labels)
    yield from _one("serviceAccountName", old.service_account, new.service_account)
    yield from _one("priorityClassName", old.priority_class, new.priority_class)
    named = {f"{each.kind} {each.name} ({each.via})" for each in old.references}
    names = {f"{each.kind} {each.name} ({each.via})" for each in new.references}
    if named != names:
        gone, come = sorted(named - names), sorted(names - named)
        yield Difference("references", _cut(", ".join(gone)), _cut(", ".join(come)))


def _container(old: ContainerSpec, new: ContainerSpec) -> Iterator[Difference]:
    of = f" of container {new.name}"
    yield from _one(f"image{of}", old.image, new.image)
    yield from _one(f"command{of}", _words(old.command), _words(new.command))
    yield from _one(f"args{of}", _words(old.args), _words(new.args))
    yield from _maps(f"env{of}", _env(old.env), _env(new.env))
    yield from _maps(f"requests{of}", old.requests, new.requests)
    yield from _maps(f"limits{of}", old.limits, new.limits)
    yield from _one(f"ports{of}", _ports(old), _ports(new))
    yield from _one(f"probed ports{of}", ", ".join(old.probed), ", ".join(new.probed))


def _one(what: str, before: str, after: str) -> Iterator[Difference]:
    if before != after:
        yield Difference(what, before, after)


def _maps(what: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Difference]:
    for name in sorted({*before, *after}):
        if name == "pod-template-hash" or before.get(name) == after.get(name):
            continue
        head, _, tail = what.partition(" ")
        yield Difference(
            f"{head} {term(name)}{f' {tail}' if tail else ''}",
            before.get(name, ""),
            after.get(name, ""),
        )


def _env(env: tuple[Variable, ...]) -> Mapping[str, str]:
    return {each.name: _value(each) for each in env}


def _value(variable: Variable) -> str:
    """A value as it may be shown: one that may be secret only by its marker."""
    if variable.source is not None:
        source = variable.source
        return f"{source.kind} {source.name}:{source.key}"
    hides = _SECRET.search(variable.name) or "@" in variable.value
    return secret(variable.value) if hides else quoted(_cut(variable.value))


def _words(words: tuple[str, ...]) -> str:
    return quoted(_cut(" ".join(words)))


def _ports(container: ContainerSpec) -> str:
    told = (f"{each.number}" + (f" ({each.name})" if each.name else "") for each in container.ports)
    return ", ".join(told)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
