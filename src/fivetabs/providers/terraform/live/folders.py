"""Working directories on the disk: which are allowed and there."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fivetabs.core import Denied, Invalid, spelled, term
from fivetabs.providers.terraform.live.backends import DEFAULT
from fivetabs.providers.terraform.port import Directory
from fivetabs.providers.terraform.shapes.directories import missing, only

_MOST_FOLDERS = 4000
_SUFFIXES = (".tf", ".tf.json", ".tofu", ".tofu.json")
_SKIPPED = frozenset({"node_modules", "__pycache__", "venv"})


@dataclass(frozen=True, slots=True)
class Folder:
    """One working directory: its name for people, and its resolved path."""

    name: str
    path: Path

    @property
    def label(self) -> str:
        """The name in a sentence: whoever wrote the repository chose it."""
        return term(self.name)


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders Terraform may be run in: the allowed roots (resolved) and all below.

    `among` are all allowed roots where `roots` is the one that a target names. A directory is
    called the same through whichever target it is reached: the owner's policy is about its name.
    """

    roots: tuple[Path, ...]
    depth: int
    among: tuple[Path, ...] = ()

    @property
    def others(self) -> tuple[Path, ...]:
        """The allowed roots that the target leaves out."""
        return tuple(root for root in self.among if root not in self.roots)

    def locate(self, name: str) -> Folder:
        """The directory that was meant.

        Raises:
            Denied: If it is not below an allowed root, also when a symlink leads out of one; or
                only below one that the target leaves out.
            NotFound: If it is not there.
            Invalid: If no name was given and there are several, or it holds no configuration.
        """
        meant = name or only(self.found())
        path = next((p for p in self._candidates(meant) if p.is_dir()), None)
        if path is None:
            if Path(meant).is_absolute():
                self.contain(_resolved(Path(meant)), meant)
            raise missing(meant, self.found())
        real = self.contain(_resolved(path), meant)
        sources = tuple(configuration_files(real))
        if not sources:
            raise Invalid(
                f"{term(self.name(real))} holds no Terraform configuration (*.tf)",
                hint=missing(meant, self.found()).hint,
            )
        for source in sources:
            self.contain(_resolved(source), source.name)
        return Folder(self.name(real), real)

    def contain(self, path: Path, meant: str) -> Path:
        """The path, when an allowed root is it or above it.

        Raises:
            Denied: If none is.
        """
        if any(_holds(root, path) for root in self.roots):
            return path
        if self.others:
            root = ", ".join(map(str, self.roots))
            raise Denied(
                f"{spelled(meant)} is outside the root that target names; nothing was read",
                hint=f"that root is {root}: name a directory from there, another target, or none",
            )
        raise Denied(
            f"{spelled(meant)} is outside the folders that are allowed for Terraform; nothing was "
            "read",
            hint=f"allowed: {', '.join(map(str, self.roots))}; TERRAFORM_ALLOWED_DIRS adds others",
        )

    def name(self, path: Path) -> str:
        """`<root>/<path>`, or the whole path where two roots have the same name."""
        known = self.among or self.roots
        root = next(r for r in known if _holds(r, path))
        if sum(each.name == root.name for each in known) > 1 or not root.name:
            return str(path)
        return (Path(root.name) / path.relative_to(root)).as_posix()

    def found(self) -> tuple[Directory, ...]:
        """Every directory with a configuration below the roots, within the depth."""
        return tuple(
            sorted(
                {each.name: each for root in self.roots for each in self._below(root)}.values(),
                key=lambda each: each.name,
            )
        )

    def _candidates(self, meant: str) -> Iterator[Path]:
        path = Path(meant)
        if path.is_absolute():
            # Looked at only when it is inside as written; a symlink is judged after resolving.
            yield from (path for root in self.roots if _holds(root, path))
            resolved = _resolved(path)
            yield from (path for root in self.roots if _holds(root, resolved))
            return
        first, *rest = path.parts or ("",)
        mine = [root.joinpath(*rest) for root in self.roots if root.name == first]
        yield from mine
        if not mine:
            # The name of a directory below another root means that one, and nothing is looked up
            # there. It may lie in the target all the same: one root can be below another.
            named = (root.joinpath(*rest) for root in self.others if root.name == first)
            yield from (self.contain(each, meant) for each in named)
        yield from (root / path for root in self.roots)

    def _below(self, root: Path) -> Iterator[Directory]:
        left = _MOST_FOLDERS
        for at, folders, files in os.walk(root):
            path = Path(at)
            left -= 1
            deep = len(path.relative_to(root).parts) >= self.depth
            folders[:] = [] if deep or left <= 0 else sorted(f for f in folders if _open(f))
            if any(name.endswith(_SUFFIXES) for name in files):
                ready = data_folder(path).is_dir() or "terraform.tfstate" in files
                yield Directory(self.name(path), ready)


def data_folder(path: Path) -> Path:
    """Where Terraform keeps a directory's providers, modules and backend: `.terraform`."""
    return path / os.environ.get("TF_DATA_DIR", ".terraform")


def configuration_files(path: Path) -> Iterator[Path]:
    """The files Terraform reads as configuration in one directory."""
    with os.scandir(path) as entries:
        names = sorted(e.name for e in entries if e.name.endswith(_SUFFIXES))
    yield from (path / name for name in names if not name.startswith("."))


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:
        raise Denied(f"{spelled(str(path))} leads nowhere: its symlinks go in a circle") from error


def _holds(root: Path, path: Path) -> bool:
    return path == root or root in path.parents


def _open(folder: str) -> bool:
    return not folder.startswith(".") and folder not in _SKIPPED


def selected(data: Path) -> str:
    """The workspace chosen in a data folder."""
    try:
        return (data / "environment").read_text("utf-8").strip() or DEFAULT
    except OSError:
        return DEFAULT
