"""The few things a tool may say. Tools return these values; `app.render` turns them into words.

Every answer starts with `summary`: the totals and the worst, in one sentence. The pipeline stamps
`target`, `observed` and `demo`; a tool fills `missing` with each part of the world it could not
read, and `notes` with what the reader should know or call next.
"""

from pydantic import BaseModel, ConfigDict

from fivetabs.core.findings import Finding


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class JobState(_Value):
    """A long call that goes on: ask again with its handle, or cancel it."""

    handle: str
    state: str
    seconds: int


class Answer(_Value):
    """Anything a tool can return to the model."""

    summary: str
    target: str = ""
    observed: str = ""
    demo: bool = False
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    job: JobState | None = None


class Table(_Value):
    """Rows under named columns. `total` counts what exists, not what is shown."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | float, ...], ...]
    total: int


class Listing(Answer):
    """Some rows of a longer list, worst first."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str | int | float, ...], ...] = ()
    total: int


class Detail(Answer):
    """Facts about one thing or one question, and tables that belong to it."""

    facts: dict[str, str | int | float | bool] = {}
    tables: tuple[Table, ...] = ()
    findings: tuple[Finding, ...] = ()


class Log(Answer):
    """Lines of text written by somebody else's program, newest last.

    `read`, `matched` and `shown` count lines: those the backend sent, those that passed the
    filters, those in `text`.
    """

    source: str
    text: str
    read: int
    matched: int
    shown: int


class Diagnosis(Answer):
    """What is wrong, worst and most basic first; and what was checked and is healthy."""

    findings: tuple[Finding, ...] = ()
    healthy: tuple[str, ...] = ()


class Outcome(Answer):
    """What a plan would do (`planned`), did (`done`), or could not finish (`failed`)."""

    state: str
    steps: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    digest: str = ""
    undo: str = ""
    irreversible: str = ""
