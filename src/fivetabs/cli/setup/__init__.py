"""`fivetabs setup`: put the server into the settings of the clients that are on this machine."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_bytes

from fivetabs.app.redact import Redactor
from fivetabs.cli.setup.composing import compose
from fivetabs.cli.setup.entry import Entry, entered, taken_out
from fivetabs.cli.setup.finding import chosen, known_here
from fivetabs.cli.setup.places import ENTRY, Place, key_of
from fivetabs.cli.setup.reading import Broken
from fivetabs.cli.setup.splicing import Lost
from fivetabs.cli.setup.telling import diff
from fivetabs.cli.setup.writing import copies, read_text, write_text
from fivetabs.cli.terminals import Terminal, on_terminal
from fivetabs.core import Denied, Fault

__all__ = ["run"]


@dataclass(frozen=True, slots=True)
class Edit:
    """One file, and what it would become."""

    place: Place
    file: Path
    before: str | None
    after: str


def run(options: argparse.Namespace) -> int:
    """Do it: 0 when every file is as it should be, 1 when one could not be changed."""
    redactor = Redactor(token_bytes(32))
    try:
        if options.print:
            print(_printed(options.client or ["claude-desktop"], options, redactor.text))
            return 0
        return _set_up(options, redactor.text)
    except Fault as fault:
        print(f"fivetabs setup: {fault}", *filter(None, [fault.hint]), sep="\n", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 1


def _printed(
    clients: Sequence[str], options: argparse.Namespace, veil: Callable[[str], str]
) -> str:
    """The block for each client; notes about it go to stderr."""
    entry, notes = compose(options, veil)
    for note in notes:
        print(veil(note), file=sys.stderr)
    blocks: list[str] = []
    for client in clients:
        typed = client in {"vscode", "claude-code"}
        value = {key_of(client): {ENTRY: entry.value(typed=typed)}}
        blocks.append(json.dumps(value, indent=2, ensure_ascii=False))
    return "\n".join(blocks)


def _set_up(options: argparse.Namespace, veil: Callable[[str], str]) -> int:
    terminal = Terminal()
    found = chosen(known_here(), options.client or (), project=options.project)
    entry, notes = (None, ()) if options.remove else compose(options, veil)
    edits: list[Edit] = []
    failed = 0
    for place, file in found:
        try:
            edits.append(_edit(place, file, entry))
        except (Fault, Broken, Lost) as error:
            failed += 1
            terminal.say(f"{place.title}: {file}: {error}; nothing was changed")
    for note in notes:
        terminal.say(veil(note))
    changed = [each for each in edits if each.after != (each.before or "")]
    for each in edits:
        _show(terminal, each, veil, removing=options.remove)
    if changed and not options.dry_run:
        _agree(terminal, yes=options.yes)
        failed += sum(not _write(terminal, each) for each in changed)
        if not options.remove:
            terminal.say("What it can reach, and what mends the rest: fivetabs doctor")
    return 1 if failed else 0


def _edit(place: Place, file: Path, entry: Entry | None) -> Edit:
    before = read_text(file)
    if entry is not None:
        return Edit(place, file, before, entered(before or "", place, entry))
    return Edit(place, file, before, taken_out(before or "", place, copies(file)))


def _show(terminal: Terminal, edit: Edit, veil: Callable[[str], str], *, removing: bool) -> None:
    if edit.after == (edit.before or ""):
        word = "is not in it" if removing else "already set up"
        terminal.say(f"{edit.place.title}: {edit.file}: {word}")
        return
    terminal.say(f"{edit.place.title}:")
    terminal.say(diff(str(edit.file), edit.before, edit.after, veil))


def _agree(terminal: Terminal, *, yes: bool) -> None:
    if yes:
        return
    if not on_terminal():
        raise Denied(
            "nothing was written: that takes a person at a terminal",
            hint="run it in a terminal window, or add --yes",
        )
    if not terminal.yes("Write this?"):
        raise Denied("nothing was written")


def _write(terminal: Terminal, edit: Edit) -> bool:
    try:
        copy = write_text(edit.file, edit.before, edit.after, lambda: datetime.now(UTC))
    except Fault as fault:
        terminal.say(f"{edit.place.title}: {fault}")
        return False
    kept = f"; as it was: {copy}" if copy else ""
    terminal.say(f"{edit.place.title}: written{kept}. Start {edit.place.title} again to use it.")
    return True
