"""What a story is: a setup, a question as a person would ask it, and the answer that is right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.rig.kubernetes.api import Manifest
from tests.rig.kubernetes.objects import deployment, probe, spec

BYSTANDER = "willow"
SOON = 8  # seconds after which manifests that were applied together are all there
Signs = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Box:
    """A Docker container, and what its engine says of it once it is as it should be."""

    name: str
    script: str
    options: tuple[str, ...]
    sign: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Steps:
    """What is done beside the first manifests.

    `later` is applied, then the `deleted` paths are deleted, once the `first` signs were seen.
    `aws` names what clouds.py makes before all else; its address goes where a manifest of the
    setup says `{made}`.
    """

    first: Signs = field(default_factory=dict[str, tuple[str, ...]])
    later: tuple[Manifest, ...] = ()
    deleted: tuple[str, ...] = ()
    docker: tuple[Box, ...] = ()
    aws: str = ""


NONE = Steps()


@dataclass(frozen=True, slots=True)
class Story:
    """One namespace of its own, one question, and what the answer must and must not say.

    `signs` are what Kubernetes itself says of each app before anybody is asked; `after` is how old
    (s) the trouble must be from then on, beyond the product's own patience with what is starting.
    `subjects` are ends of names, of which the right finding's subject has one; `codes` the rules
    that are right; `words` what its cause says. A quiet story has no codes, and may get no finding
    that accuses.
    A `seeded` one asks about a namespace of the rig's own incident and makes nothing.
    """

    name: str
    setup: tuple[Manifest, ...]
    about: str = ""
    signs: Signs = field(default_factory=dict[str, tuple[str, ...]])
    subjects: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    after: int = 0
    report: bool = False
    steps: Steps = NONE
    houses: tuple[str, ...] = ("Kubernetes",)
    seeded: str = ""

    @property
    def quiet(self) -> bool:
        """Whether nothing is wrong in it."""
        return not self.codes

    @property
    def question(self) -> tuple[str, Mapping[str, Any]]:
        """The tool that is called, once, and its arguments."""
        where = {"namespace": self.seeded or self.name}
        if self.report:
            return "get_health_report", where
        return "investigate", {"about": self.about, **where}

    @property
    def ways(self) -> tuple["Story", ...]:
        """The same trouble asked about otherwise: in plain words, and by the report."""
        name = next(reversed(tuple(self.signs)), self.about)
        plain = replace(self, about=f"why is {name} not working?", report=False)
        return (replace(self, report=False), plain, replace(self, report=True))


def checking(script: str, **fields: Any) -> Manifest:
    """A probe that runs a shell script now and then, not each second: many stories run at once."""
    return {**probe(script), "periodSeconds": 5, "timeoutSeconds": 5, **fields}


def bystander(space: str) -> Manifest:
    """The healthy neighbour that every namespace has."""
    return deployment(BYSTANDER, space, spec())


def mounted(volume: Manifest, place: str, body: Manifest, **fields: Any) -> Manifest:
    """A pod's spec of one container with one volume in it."""
    name = volume["name"]
    mounts = [{"name": name, "mountPath": place}]
    return spec({**body, "volumeMounts": mounts}, volumes=[volume], **fields)


def named_apart(stories: Sequence[Story]) -> Sequence[Story]:
    """The stories, if each has a name of its own; raise ValueError with those that do not."""
    names = [story.name for story in stories]
    if double := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"stories of one name: {', '.join(double)}")
    return stories
