"""Which allowed root was meant: by its folder's name, or by its path."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fivetabs.core import Invalid, NotFound, did_you_mean, spelled


@dataclass(frozen=True, slots=True)
class Root:
    """An allowed folder: its own name, empty for `/`, and its resolved path."""

    folder: str
    path: str


def by_name(roots: Sequence[Root]) -> Mapping[str, Root]:
    """Each root by its one name: its folder's, or its path where that is none or not its alone."""
    having = Counter(root.folder for root in roots)
    return {
        root.folder if root.folder and having[root.folder] == 1 else root.path: root
        for root in roots
    }


def meant(target: str, path: str, roots: Sequence[Root]) -> str:
    """The one name of the root that a target means; `path` is the target resolved, if it is one.

    Raises:
        Invalid: If several roots are called so.
        NotFound: If there is none.
    """
    known = by_name(roots)
    for name, root in known.items():
        if name == target or root.path == path:
            return name
    listed = f"roots: {', '.join(map(spelled, known))}"
    if sum(root.folder == target for root in roots) > 1:
        raise Invalid(f"several allowed roots are called {spelled(target)}", hint=listed)
    near = did_you_mean(target, known)
    hint = f"{near} {listed}" if near else listed
    raise NotFound(f"{spelled(target)} is no allowed root of Terraform", hint=hint)
