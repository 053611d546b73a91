"""Our entry for this machine and this shell: settings, programs and variables put together."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from fivetabs.app.settings import AppSettings
from fivetabs.cli.arguments import flags
from fivetabs.cli.houses import PROVIDERS
from fivetabs.cli.settings import Settings, load
from fivetabs.cli.setup.entry import Entry
from fivetabs.cli.setup.environment import THEIRS, Carried, carry, ours
from fivetabs.cli.setup.launching import installed_from, launch
from fivetabs.cli.setup.needing import Found, gather, joined, look
from fivetabs.core import Fault


def compose(
    options: argparse.Namespace, veil: Callable[[str], str]
) -> tuple[Entry, tuple[str, ...]]:
    """The entry for this machine and this shell, and what a person should know of it.

    Raises:
        Invalid: If the settings are wrong: the server would not start with them.
    """
    settings = load(PROVIDERS, flags(options), options.config)
    found, unread = _programs(settings)
    names = (*THEIRS, *ours(AppSettings, {p.name: p.settings for p in PROVIDERS}))
    carried = carry(os.environ, names, lambda value: veil(value) != value)
    env = dict(carried.values)
    path, windows = os.environ.get("PATH", ""), os.environ.get("SYSTEMROOT", "")
    if found.folders:
        env["PATH"] = joined(found, path, sys.platform, windows)
    return Entry(launch(origin=installed_from()), _arguments(options), env), (
        *_notes(found, carried),
        *unread,
    )


def _programs(settings: Settings) -> tuple[Found, tuple[str, ...]]:
    asks = [(p.title, lambda p=p: p.programs(settings.houses[p.name])) for p in PROVIDERS]
    programs, unread = gather(asks, Fault)
    return look(programs, os.environ.get("PATH", "")), unread


def _notes(found: Found, carried: Carried) -> list[str]:
    notes = [f"not on your PATH: {each.name} ({each.reason})" for each in found.missing]
    if carried.values:
        notes.append(f"handed on from this shell: {', '.join(carried.values)}")
    if carried.secret:
        notes.append(f"not handed on, for they hold secrets: {', '.join(carried.secret)}")
    return notes


def _arguments(options: argparse.Namespace) -> tuple[str, ...]:
    given = ["--demo"] if options.demo else []
    if options.config:
        given += ["--config", str(Path(options.config).absolute())]
    if options.changes:
        given += ["--changes", options.changes]
    for pair in options.set or ():
        given += ["--set", pair]
    return tuple(given)
