"""Refusing, before anything runs, configurations that would run programs or leave their root."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fivetabs.core import Denied, term
from fivetabs.providers.terraform.live.folders import Folder, Folders, configuration_files
from fivetabs.providers.terraform.shapes.raw import items
from fivetabs.providers.terraform.shapes.screens import (
    PROGRAMS,
    WRITERS,
    DataSource,
    parse_graph,
    parse_json,
    parse_plan_sources,
    parse_text,
)

_LARGEST = 4 * 1024 * 1024


def screen_files(folders: Folders, folder: Folder, data: Path, *, allowed: bool) -> None:
    """Look at the configuration and its installed modules as text.

    Raises:
        Denied: If a module lies outside the allowed roots, or a data source runs a program.
    """
    for module in _modules(folders, folder, data):
        for file in configuration_files(module) if module.is_dir() else ():
            for source in _sources(file):
                if source.type in PROGRAMS and not allowed:
                    near = file.relative_to(folder.path) if folder.path in file.parents else file
                    place = f"{near}:{source.line}" if source.line else str(near)
                    raise _refused(folder, source, f" ({term(place)})")


def screen_graph(folder: Folder, text: str, *, allowed: bool) -> tuple[str, ...]:
    """Look at terraform's own graph; returns the data sources that write a file when read.

    Raises:
        Denied: If a data source runs a program.
    """
    sources = parse_graph(text)
    for source in sources:
        if source.type in PROGRAMS and not allowed:
            raise _refused(folder, source, "")
    return tuple(source.address for source in sources if source.type in WRITERS)


def screen_plan(folder: Folder, plan: Mapping[str, Any], *, allowed: bool) -> None:
    """Look at a saved plan's own configuration, which is the one that is applied.

    Raises:
        Denied: If a data source of it runs a program.
    """
    for source in parse_plan_sources(plan):
        if source.type in PROGRAMS and not allowed:
            raise _refused(folder, source, "")


def _modules(folders: Folders, folder: Folder, data: Path) -> Iterator[Path]:
    yield folder.path
    for each in _manifest(data):
        path = (folder.path / str(each.get("Dir", "."))).resolve()
        if data.resolve() not in path.parents:
            folders.contain(path, f"module {each.get('Key')} ({each.get('Source')})")
        yield path


def _manifest(data: Path) -> list[Any]:
    # Terraform loads a module only from where this file says, and refuses one that moved since.
    try:
        found: Any = json.loads((data / "modules" / "modules.json").read_text("utf-8"))
    except (OSError, ValueError):
        return []
    return items(found, "Modules") if isinstance(found, dict) else []  # pyright: ignore[reportUnknownArgumentType]


def _sources(file: Path) -> tuple[DataSource, ...]:
    try:
        if file.stat().st_size > _LARGEST:
            return ()
        text = file.read_text("utf-8", "replace")
    except OSError:
        return ()
    return parse_json(text) if file.name.endswith(".json") else parse_text(text)


def _refused(folder: Folder, source: DataSource, place: str) -> Denied:
    return Denied(
        f"{folder.label} was not planned: {term(source.address)}{place} runs a program on "
        "this machine as soon as a plan reads it",
        hint="if you trust the configuration, set FIVETABS_TERRAFORM__ALLOW_EXTERNAL_DATA=true",
    )
