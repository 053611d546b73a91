"""`fivetabs audit verify|show|export`: the record of every call and decision, for a person."""

import argparse
import json
import sys
from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from fivetabs.app.store.accounts import told_of
from fivetabs.app.store.checking import Check, check, follow, lines, snapshot
from fivetabs.app.store.folders import found_folder
from fivetabs.app.store.lines import Line
from fivetabs.cli.arguments import flags
from fivetabs.cli.events import Wanted, plain, words
from fivetabs.cli.houses import PROVIDERS
from fivetabs.cli.settings import load
from fivetabs.cli.timeline import timeline
from fivetabs.core import Fault, Invalid

_SHORTEST_HEAD = 12
_COLOURS = (("agreed", "green"), ("declined", "red"), ("refused", "red"), ("trail", "bold red"))


def verify(options: argparse.Namespace) -> int:
    """Say whether the trail is whole; 1 if not, or if there is none."""
    return _told(options, _verify)


def show(options: argparse.Namespace) -> int:
    """List lines, or tell one change; 1 if the trail is not whole."""
    return _told(options, _show)


def export(options: argparse.Namespace) -> int:
    """Print a timeline in Markdown; 1 if the trail is not whole."""
    return _told(options, _export)


def _told(options: argparse.Namespace, act: Callable[[argparse.Namespace, Path], int]) -> int:
    try:
        app = load(PROVIDERS, flags(options), options.config).app
        return act(options, found_folder(app.state, demo=app.demo))
    except Fault as fault:
        print(f"fivetabs: {plain(str(fault))}", file=sys.stderr)
        if fault.hint:
            print(f"  {plain(fault.hint)}", file=sys.stderr)
        return 1


def _verify(options: argparse.Namespace, folder: Path) -> int:
    noted = options.head.rpartition(":")[2].lower()
    if noted and len(noted) < _SHORTEST_HEAD:
        raise Invalid(f"--head: give {_SHORTEST_HEAD} or more of its digits")
    made = check(folder, noted)
    good = made.whole and (not noted or bool(made.noted_at))
    print(_verdict_json(made, good=good) if options.json else _verdict(made, folder, good=good))
    return 0 if good else 1


def _verdict(made: Check, folder: Path, *, good: bool) -> str:
    told: list[str] = []
    if made.lines:
        times = f"{plain(made.first_time)} to {plain(made.last_time)}"
        told += [f"{made.lines} lines from {times} in {folder}", f"head {made.n}:{made.head}"]
    elif not made.flaws:
        told.append(f"there is no record in {folder}: nothing was ever written, or all was deleted")
    for flaw in made.flaws:
        place = f"{flaw.place}: " if flaw.place else ""
        told.append(f"{'BROKEN' if flaw.broken else 'note'}  {plain(f'{place}{flaw.told}')}")
        if flaw.hint:
            told.append(f"        {plain(flaw.hint)}")
    if made.more_flaws:
        told.append(f"BROKEN  and {made.more_flaws} places more")
    if made.noted and made.noted_at:
        told.append(f"the noted head is line {made.noted_at}: up to there nothing was rewritten")
    elif made.noted:
        told.append("BROKEN  the noted head is not in this record: it was rewritten since")
    if good:
        told.append(
            "whole: nothing was changed, moved, put in or cut off. Whoever can write all your "
            "files could have\nrewritten all of it: note the head elsewhere, and ask later with "
            "--head whether it is still in here."
        )
    return "\n".join(told)


def _verdict_json(made: Check, *, good: bool) -> str:
    found = [
        {"place": f.place, "broken": f.broken, "told": f.told, "hint": f.hint} for f in made.flaws
    ]
    value = {
        "whole": good,
        "lines": made.lines,
        "n": made.n,
        "head": made.head,
        "first": made.first_time,
        "last": made.last_time,
        "noted_at": made.noted_at or None,
        "flaws": found,
        "more_flaws": made.more_flaws,
    }
    return json.dumps(value, indent=2)


def _show(options: argparse.Namespace, folder: Path) -> int:
    now = datetime.now(UTC)
    wanted = Wanted.of(options.since, options.until, options.tool, options.event, now=now)
    if options.change:
        return _show_change(options, folder, wanted)
    taken = snapshot(folder)
    made = Check(taken.mark)
    kept = (line for line in follow(taken, made) if wanted.has(line))
    _print(deque(kept, maxlen=options.last or None), as_json=options.json)
    return _ended(made)


def _show_change(options: argparse.Namespace, folder: Path, wanted: Wanted) -> int:
    about = tuple(lines(folder, about=options.change))
    account = told_of(about, options.change)
    own = [e for e in about if e.facts.get("id") == options.change and wanted.has(e)]
    _print(own, as_json=options.json)
    if not options.json:
        head = " ".join(filter(None, (account.id, account.tool, account.target)))
        print(f"\n{plain(head)}: {plain(account.summary)}\n{plain(account.told)}")
    return _ended(check(folder))


def _export(options: argparse.Namespace, folder: Path) -> int:
    wanted = Wanted.of(options.since, options.until, now=datetime.now(UTC))
    taken = snapshot(folder)
    made = Check(taken.mark)
    print(timeline(tuple(follow(taken, made)), wanted, made))
    return _ended(made)


def _ended(made: Check) -> int:
    if made.whole:
        return 0
    why = "it is not whole" if made.lines or made.flaws else "there is none"
    print(f"fivetabs: beware, the record: {why}. See: fivetabs audit verify", file=sys.stderr)
    return 1


def _print(shown: Iterable[Line], *, as_json: bool) -> None:
    if as_json:
        for line in shown:
            print(line)
    elif sys.stdout.isatty():
        _table(shown)
    else:
        for line in shown:
            print(f"{line.time}  {line.n:>6}  {plain(line.event):9}  {words(line)}")


def _table(shown: Iterable[Line]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("time", "line", "event", "what", box=None, pad_edge=False)
    for line in shown:
        style = dict(_COLOURS).get(line.event, "")
        cells = (line.time, str(line.n), plain(line.event), words(line))
        table.add_row(*(Text(cell, style=style) for cell in cells))
    Console(highlight=False).print(table)
