"""Which clients are on this machine, and which of their files are meant."""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from fivetabs.cli.setup.places import NAMES, Place, places
from fivetabs.core import Invalid, NotFound


def known_here() -> tuple[Place, ...]:
    """The table of places for this system and this person."""
    return places(sys.platform, str(Path.home()), os.environ)


def chosen(
    known: Sequence[Place], clients: Sequence[str], *, project: bool
) -> tuple[tuple[Place, Path], ...]:
    """The files to change: of the clients that were named, or of all that are here.

    A client that was named gets its file even where nothing shows that it was ever started.

    Raises:
        NotFound: If no client is here and none was named.
        Invalid: If a client's file is not known, or a project's is asked for and it has none.
    """
    if "other" in clients:
        raise Invalid("where another client keeps its list is not known", hint="add --print")
    if project:
        return tuple(_of_project(clients, known))
    found = tuple((place, file) for place in known for file in _present(place))
    if not clients:
        if not found:
            looked = "\n".join(f"  {place.title}: {place.sign}" for place in known)
            raise NotFound(
                f"no client was found; looked for\n{looked}",
                hint="name one with --client, or see the block with --print",
            )
        return found
    here = {place.client for place, _ in found}
    absent = {name: next(p for p in known if p.client == name) for name in clients}
    wanted = [(p, f) for p, f in found if p.client in clients]
    wanted += [(p, Path(p.file)) for name, p in absent.items() if name not in here]
    return tuple(sorted(wanted, key=lambda each: NAMES.index(each[0].client)))


def _present(place: Place) -> Iterator[Path]:
    """The place's file, for each folder or file that shows that the client is here."""
    sign, file = Path(place.sign), Path(place.file)
    if "*" not in str(sign):
        if sign.exists() or file.exists():
            yield file
        return
    for folder in sorted(Path(sign.anchor).glob(str(sign.relative_to(sign.anchor)))):
        yield folder / file.name


def _of_project(clients: Sequence[str], known: Sequence[Place]) -> Iterator[tuple[Place, Path]]:
    for name in clients or ("claude-code",):
        place = next(p for p in known if p.client == name)
        if not place.project:
            raise Invalid(f"{place.title} reads no file of a project")
        yield place, Path.cwd() / place.project
