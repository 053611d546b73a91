"""The ways to Terraform's folders: which are allowed and there, and which binary runs in them."""

import asyncio
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from fivetabs.core import Fault, Flaw, Misconfigured, Way, term
from fivetabs.providers.terraform.auth import (
    child_environment,
    find_binary,
    find_roots,
    roots_by_name,
)
from fivetabs.providers.terraform.live.folders import Folders, configuration_files
from fivetabs.providers.terraform.live.outputs import whole
from fivetabs.providers.terraform.live.private import new_folder
from fivetabs.providers.terraform.live.view import LiveWorkspaces
from fivetabs.providers.terraform.port import SCHEME, VERSION, Directory
from fivetabs.providers.terraform.settings import Settings
from fivetabs.providers.terraform.shapes.directories import needs_init
from fivetabs.providers.terraform.shapes.versions import (
    OLDEST,
    Version,
    parse_version,
    required_in,
    satisfies,
)

_ALLOWED = "TERRAFORM_ALLOWED_DIRS"
_BINARY = "FIVETABS_TERRAFORM__BINARY"
_SECONDS = 10.0
_LARGEST = 1024 * 1024
_MOST = 8


def found(settings: Settings) -> tuple[Way, ...]:
    """A way for each allowed folder, by its name; unset means all of them. Nothing is run."""
    source = f"allowed_dirs ({_ALLOWED})"
    try:
        roots = find_roots(settings)
        binary = find_binary(settings)
    except Fault as fault:
        return (Way(target=SCHEME, source=source, fault=fault),)
    folders = Folders(roots, settings.search_depth)
    gone = tuple(_gone(settings))
    ways = (
        _way(folders, name, root, binary, source) for name, root in roots_by_name(roots).items()
    )
    return tuple(
        replace(w, flaws=gone + w.flaws if i == 0 else w.flaws) for i, w in enumerate(ways)
    )


def _gone(settings: Settings) -> Iterator[Flaw]:
    for each in settings.allowed_dirs:
        if not Path(each).expanduser().is_dir():
            yield Flaw(f"the allowed folder {each} is not there", f"take it out of {_ALLOWED}")


def _way(folders: Folders, name: str, root: Path, binary: str, source: str) -> Way:
    way = Way(target=f"{SCHEME}:{name}", name=name, source=source, address=str(root))
    if not os.access(root, os.R_OK | os.X_OK):
        mend = f"run: chmod u+rx {root} (or sudo chown $USER {root})"
        return replace(way, fault=Misconfigured(f"this user may not read {root}", hint=mend))
    inside = Folders((root,), folders.depth).found()
    if not inside:
        return replace(
            way,
            fault=Misconfigured(
                f"there is no Terraform configuration (*.tf) in {root}, nor "
                f"{folders.depth} folders below",
                hint=f"set {_ALLOWED} to the folder that holds your *.tf files",
            ),
        )
    program = Path(binary).name
    paths = [(each, _path(root, each)) for each in inside]
    raw = [(each, path) for each, path in paths if not each.initialised and _needs_init(path)]
    flaws = tuple(_uninitialised(program, each, path) for each, path in raw[:_MOST])
    if len(raw) == len(paths):
        first = flaws[0]
        return replace(way, fault=Misconfigured(first.words, hint=first.mend), flaws=flaws[1:])
    return replace(way, flaws=flaws)


def _needs_init(path: Path) -> bool:
    return any(map(needs_init, _sources(path)))


def _uninitialised(binary: str, directory: Directory, path: Path) -> Flaw:
    words = f"{term(directory.name)} is not initialised (it has no .terraform folder)"
    return Flaw(words, f"run: {binary} -chdir={term(str(path))} init")


def _path(root: Path, directory: Directory) -> Path:
    """A directory's name begins with its root's."""
    return root.joinpath(*Path(directory.name).parts[1:])


async def ask(view: LiveWorkspaces, way: Way) -> Way:
    """The binary's version, and whether the configurations accept it.

    Raises:
        Misconfigured: If the binary cannot be run, or is too old.
    """
    terraform = view.terraform
    told = await _version(view)
    version = parse_version(told)
    shown = replace(way, version=f"{Path(terraform.binary).name} {term(told)}")
    if version is None:
        raise Misconfigured(
            f"{terraform.binary} tells no version", hint=f"is it terraform or tofu? set {_BINARY}"
        )
    if version < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise Misconfigured(
            f"{terraform.binary} is {term(told)}, older than {oldest}: it cannot print plans",
            hint=f"install a newer one, or set {_BINARY}=/path/to/terraform",
        )
    depth = terraform.folders.depth
    wanting = await asyncio.to_thread(lambda: tuple(_wanting(way, version, depth)))
    return replace(shown, identity="this user", flaws=(*way.flaws, *wanting[:_MOST]))


async def _version(view: LiveWorkspaces) -> str:
    terraform, ours = view.terraform, new_folder()
    try:
        environment = child_environment(terraform.settings, os.environ, str(ours.data))
        async with asyncio.timeout(_SECONDS):
            done = await terraform.processes.run(
                (terraform.binary, *VERSION.argv), cwd=ours.path, environment=environment
            )
    except TimeoutError as error:
        raise Misconfigured(
            f"{terraform.binary} does not tell its version within {_SECONDS:g} s",
            hint=f"run it by hand: {terraform.binary} version",
        ) from error
    finally:
        ours.close()
    return str(whole(done.out, f"{terraform.binary} version").get("terraform_version", ""))


def _wanting(way: Way, version: Version, depth: int) -> Iterator[Flaw]:
    """Directories that ask for another version."""
    root = Path(way.address)
    for each in Folders((root,), depth).found():
        for constraint in _required(_path(root, each)):
            if not satisfies(version, constraint):
                is_ = ".".join(map(str, version))
                words = f"{term(each.name)} wants Terraform {term(constraint)}, and this is {is_}"
                yield Flaw(words, f"set {_BINARY} to a terraform that it accepts")


def _required(path: Path) -> Iterator[str]:
    for source in _sources(path):
        yield from required_in(source)


def _sources(path: Path) -> Iterator[str]:
    for file in configuration_files(path):
        if file.is_file() and file.stat().st_size <= _LARGEST:
            yield file.read_text("utf-8", errors="replace")
