"""An answer as a page for people: headings, tables as wide as the terminal, colours of weight."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from fivetabs.app.render import DEMO_MARK
from fivetabs.app.strings import mapped
from fivetabs.core import (
    STATUSES,
    Answer,
    Detail,
    Finding,
    Investigation,
    Log,
    NextStep,
    Rows,
    Severity,
)
from fivetabs.core.answers import Diagnosis

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.text import Text

_STYLES = MappingProxyType(
    {Severity.CRITICAL: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
)
_STATUS = MappingProxyType({"ready": "green", "not configured": "dim", "not asked": "dim"})
_KNOWN = STATUSES | _STATUS.keys()
_SHORT, _GAP, _CROWDED = 20, 3, 1.4
_WORDS = re.compile(r"</?data-[0-9a-f]+>")


def show(answer: Answer, console: "Console | None" = None) -> None:
    """Print an answer; nothing in it is taken for markup."""
    from rich.console import Console

    page = console or Console(highlight=False)
    for each in _parts(_unfenced(answer)):
        page.print(each, markup=False)


def _unfenced(answer: Answer) -> Answer:
    """Fences are for models: a person sees what stands in them as it is."""
    if not answer.fence:
        return answer
    plain = mapped(answer, lambda text, _: _WORDS.sub("", text))
    return plain.model_copy(update={"fence": ""})


def _parts(answer: Answer) -> "Iterator[RenderableType]":
    from rich.text import Text

    if answer.demo:
        yield Text(DEMO_MARK, style="reverse")
    yield Text(answer.summary, style="bold")
    where = ", ".join(filter(None, (answer.target, answer.observed)))
    if where:
        yield Text(where, style="dim")
    yield from _body(answer)
    yield from (Text(f"not read: {each}", style="yellow") for each in answer.missing)
    yield from (Text(f"note: {each}", style="dim") for each in answer.notes)
    if answer.more:
        yield Text(f"left out: {answer.more.left}", style="dim")


def _body(answer: Answer) -> "Iterator[RenderableType]":
    from rich.text import Text

    if isinstance(answer, Investigation):
        yield from (Text(f"  {each}", style="magenta") for each in answer.chain)
    if isinstance(answer, Diagnosis | Detail):
        for found in answer.findings:
            yield from _finding(found)
    if isinstance(answer, Diagnosis):
        yield from (Text(f"healthy: {each}", style="green") for each in answer.healthy)
    if isinstance(answer, Detail):
        yield from (Text(f"{name}: {value}") for name, value in answer.facts.items())
    if isinstance(answer, Rows):
        yield _table(answer, "")
    if isinstance(answer, Detail | Investigation | Log):
        yield from (_table(each, each.title) for each in answer.tables)
    if isinstance(answer, Log):
        yield Text(f"{answer.source}: {answer.shown} of {answer.read} lines", style="dim")
        yield Text(answer.text)


def _finding(found: Finding) -> "Iterator[RenderableType]":
    from rich.text import Text

    severity = Severity(found.severity)
    head = (f"\n{severity.value} {found.code}", _STYLES[severity])
    yield Text.assemble(head, "  ", (found.subject, "bold"))
    yield Text(f"  {found.cause}")
    for seen in found.evidence:
        yield Text(f"  seen: {seen.quote} ({seen.source})", style="dim")
    yield Text(f"  next: {_step(found.next_step)}", style="green")
    if found.symptoms:
        yield Text(f"  also: {', '.join(found.symptoms)}", style="dim")


def _step(step: NextStep) -> str:
    """The words, and the tool's call as a command of the shell."""
    if not step.tool:
        return step.words
    given = " ".join(f"{name}={value}" for name, value in step.arguments.items())
    return f"{step.words} (fivetabs call {step.tool} {given})"


def _table(rows: Rows, title: str) -> "RenderableType":
    from rich.text import Text

    heading = Text(f"{title} ({rows.total})" if title else "", style="italic")
    return _Sheet(rows, heading)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Rows as a table; where they are far wider than the page, one card for each row."""

    rows: Rows
    heading: "Text"

    def __rich_console__(
        self, console: "Console", options: "ConsoleOptions"
    ) -> "Iterator[RenderableType]":
        columns = [
            at for at, _ in enumerate(self.rows.columns) if any(str(r[at]) for r in self.rows.rows)
        ]
        widest = {at: max(len(str(row[at])) for row in self.rows.rows) for at in columns}
        if self.heading:
            yield self.heading
        if sum(widest.values()) + _GAP * len(widest) > _CROWDED * options.max_width:
            yield from self._cards(columns, widest)
        elif columns:
            yield self._table(columns, widest)

    def _cards(self, columns: Sequence[int], widest: Mapping[int, int]) -> "Iterator[Text]":
        from rich.text import Text

        for row in self.rows.rows:
            short = [str(row[at]) for at in columns if widest[at] <= _SHORT and row[at]]
            yield Text("  ".join(short), style="bold")
            for at in columns:
                if widest[at] > _SHORT and row[at]:
                    yield Text(f"  {self.rows.columns[at]}: {row[at]}")

    def _table(self, columns: Sequence[int], widest: Mapping[int, int]) -> "RenderableType":
        from rich import box
        from rich.table import Table

        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for at in columns:
            name = self.rows.columns[at]
            table.add_column(name, overflow="fold", no_wrap=widest[at] <= _SHORT)
        for row in self.rows.rows:
            table.add_row(*(_cell(str(row[at]), self.rows.columns[at]) for at in columns))
        return table


def _cell(cell: str, column: str) -> "Text":
    from rich.text import Text

    good = _STATUS.get(cell, "red")
    return Text(cell, style=good if column == "status" and cell in _KNOWN else "")
