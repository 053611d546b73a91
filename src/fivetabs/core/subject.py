"""What a finding, a change or a link is about: one thing, named with the target it lives on."""

from dataclasses import dataclass
from typing import Self

from fivetabs.core.quoting import plain, term


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """One thing in the world, named with the target it lives on.

    Written `k8s:<context>/<namespace>/Pod/<name>`, `aws:<account>/<region>/ec2/<id>`,
    `docker:<host>/container/<name>`, `tf:<directory>/<address>`. The last part may itself hold
    slashes (a context that is an ARN, a directory); `parts` keeps them apart. A part that is more
    than a plain word (an alarm's name, a key of `for_each`) is written quoted.
    """

    scheme: str
    target: str
    parts: tuple[str, ...]

    def __str__(self) -> str:
        whole = "/".join((self.target, *self.parts))
        if not plain(whole):  # Nearly always it is, and one look is enough.
            whole = "/".join(map(term, (self.target, *self.parts)))
        return f"{self.scheme}:{whole}"

    @property
    def name(self) -> str:
        """The last part: what people call it."""
        return self.parts[-1] if self.parts else self.target

    def within(self, *parts: str) -> Self:
        """Another subject on the same target."""
        return type(self)(self.scheme, self.target, parts)


def written(target: str) -> str:
    """A target, `k8s:prod`, as an answer writes it: a name that is more than a word is quoted."""
    scheme, colon, name = target.partition(":")
    return str(Subject(scheme, name, ())) if colon else target
