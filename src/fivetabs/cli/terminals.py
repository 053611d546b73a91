"""The terminal a person sits at: what they are shown, and how they are asked."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from getpass import getpass
from typing import TYPE_CHECKING

from fivetabs.app.persons import Question
from fivetabs.app.store.rows import Request
from fivetabs.core import Denied

if TYPE_CHECKING:
    from rich.console import Console

_ARROW = " -> "


def _console() -> "Console":
    from rich.console import Console

    return Console(highlight=False, soft_wrap=True)


def on_terminal() -> bool:
    """Whether a person may sit here: input and output are both a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


@dataclass(frozen=True, slots=True)
class Terminal:
    """Prints without interpreting anything that a backend wrote."""

    console: "Console" = field(default_factory=_console)

    def person(self) -> None:
        """Pass where a person sits in front of it.

        Raises:
            Denied: If input or output is not a terminal.
        """
        if not on_terminal():
            raise Denied(
                "only a person at a terminal can do this; nothing was decided",
                hint="run it yourself in a terminal window",
            )

    def say(self, words: str) -> None:
        """One line."""
        self.console.print(words, markup=False)

    def requests(self, requests: Sequence[Request], now: float) -> None:
        """A table of requests."""
        from rich.table import Table
        from rich.text import Text

        if not requests:
            self.say("Nothing waits for you.")
            return
        table = Table("id", "state", "asked", "plan", box=None, pad_edge=False)
        for each in requests:
            cells = (each.id, each.word(now), _when(each.asked), each.plan().summary)
            table.add_row(*map(Text, cells))
        self.console.print(table)

    def request(self, request: Request, now: float) -> None:
        """One plan, whole: what it would change in colour, its risks, the way back."""
        plan = request.plan()
        self._line(
            f"{request.id}: {request.tool} {request.target and f'on {request.target}'}", "bold"
        )
        self._line(plan.summary)
        for change in plan.changes:
            self._change(change)
        for note in plan.notes:
            self._line(f"  ! {note}", "yellow")
        self._line(f"  undo: {plan.undo or f'none: {plan.irreversible}'}", "dim")
        word = request.word(now)
        until = f", until {_when(request.expires)}" if word == "waiting" else ""
        self._line(f"  {word}{until}; plan {request.digest}", "dim")

    def yes(self, question: str) -> bool:
        """Whether the person typed yes, in full."""
        return self.console.input(f"{question} Type yes: ", markup=False).strip().lower() == "yes"

    def secret(self, prompt: str) -> str:
        """What the person typed, unseen."""
        return getpass(prompt)

    def _change(self, change: str) -> None:
        from rich.text import Text

        before, arrow, after = change.partition(_ARROW)
        field_, _, was = before.partition(": ")
        parts = (f"  {field_}: ", (was, "red"), arrow, (after, "green"))
        self.console.print(Text.assemble(*parts) if arrow else Text(f"  {change}"))

    def _line(self, words: str, style: str = "") -> None:
        from rich.text import Text

        self.console.print(Text(words, style=style))


@dataclass(frozen=True, slots=True)
class TerminalPerson:
    """Whoever ran `fivetabs call` on a terminal."""

    terminal: Terminal
    way: str = "terminal"

    async def agrees(self, question: Question) -> bool | None:
        """Show the plan and ask."""
        self.terminal.say(question.text)
        return await asyncio.to_thread(self.terminal.yes, "Carry out exactly this, once?")


def _when(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
