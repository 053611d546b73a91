"""The files of a kubeconfig: which there are, what each says, and where two of them disagree.

Merging follows client-go's clientcmd: of several files in `KUBECONFIG` the first that sets a value
or an entry wins, and relative paths are relative to the file that holds them.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from typing import Any, cast

from fivetabs.core import Misconfigured
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.fields import parts

VARIABLE = "KUBECONFIG"
Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A cluster, user or context as a file has it, and that file."""

    values: Json
    file: Path

    @property
    def folder(self) -> Path:
        """Where relative paths in it begin."""
        return self.file.parent

    def text(self, name: str) -> str:
        """A field as text; empty where it is not set."""
        return str(self.values.get(name) or "")

    def path(self, name: str) -> Path | None:
        """A field that names a file, made absolute; None where it is not set."""
        return self.folder / Path(self.text(name)).expanduser() if self.text(name) else None


@dataclass(frozen=True, slots=True)
class Double:
    """A name that two files give to different things: `kept` is used, `hidden` is not."""

    kind: str
    name: str
    kept: Path
    hidden: Path


def kubeconfig_paths() -> tuple[Path, ...]:
    """The files kubectl would read: those of `KUBECONFIG`, or `~/.kube/config`."""
    named = os.environ.get(VARIABLE, "")
    if named:
        return tuple(Path(each).expanduser() for each in named.split(os.pathsep) if each)
    return (Path.home() / ".kube" / "config",)


def origin() -> str:
    """Where the kubeconfig comes from, for people: the variable or the usual file."""
    paths = ", ".join(map(str, kubeconfig_paths())) or "no file"
    return f"{VARIABLE}={paths}" if os.environ.get(VARIABLE) else paths


def stamp_of(paths: tuple[Path, ...]) -> Stamp:
    """When each file was last changed, and its size; a file that is not there has no entry."""
    found: list[tuple[str, int, int]] = []
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            continue
        found.append((str(path), status.st_mtime_ns, status.st_size))
    return tuple(found)


def is_there(path: Path) -> bool:
    """Whether there is such a file, even one behind a folder that this user may not enter."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def parse(path: Path) -> Json:
    """What one file says.

    Raises:
        Misconfigured: If it cannot be read, or is something else.
    """
    import yaml

    try:
        if not S_ISREG(path.stat().st_mode):
            raise Misconfigured(f"{path} is not a file", hint="KUBECONFIG must name regular files")
        loaded: Any = yaml.safe_load(path.read_text("utf-8"))
    except PermissionError as error:
        raise Misconfigured(
            f"this user may not read {path} ({error.strerror})",
            hint=f"run: chmod u+r {path} (or sudo chown $USER {path})",
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(
            f"{path} cannot be read: {error}", hint="check its permissions"
        ) from error
    except yaml.YAMLError as error:
        raise _no_yaml(path, error) from error
    if loaded is not None and not isinstance(loaded, dict):
        raise Misconfigured(f"{path} is not a kubeconfig", hint="correct the file")
    return cast("Json", loaded or {})


def _no_yaml(path: Path, error: Exception) -> Misconfigured:
    mark = getattr(error, "problem_mark", None)
    line = f" (line {mark.line + 1})" if mark else ""
    return Misconfigured(
        f"{path} is not YAML{line}",
        hint=f"correct the file; then: kubectl --kubeconfig {path} config view",
    )


def merge(raws: list[tuple[Path, Json]], group: str, kind: str) -> Mapping[str, Entry]:
    """The entries of all files by name; whoever comes first is used."""
    merged: dict[str, Entry] = {}
    for path, raw in raws:
        for each in parts(raw, group):
            merged.setdefault(str(each.get("name", "")), Entry(each.get(kind) or {}, path))
    return merged


def doubles(raws: list[tuple[Path, Json]], group: str, kind: str) -> Iterator[Double]:
    """Names that are given twice, to things that differ."""
    first: dict[str, tuple[Path, Json]] = {}
    for path, raw in raws:
        for each in parts(raw, group):
            name, value = str(each.get("name", "")), cast("Json", each.get(kind) or {})
            kept, known = first.setdefault(name, (path, value))
            if known != value:
                yield Double(kind, name, kept, path)
