"""The few things a tool may say. Tools return these values; `app.render` turns them into words.

Every answer starts with `summary`: the totals and the worst, in one sentence. The pipeline stamps
`target`, `observed` and `demo`; a tool fills `missing` with each part of the world it could not
read, and `notes` with what the reader should know or call next.
"""

from pydantic import BaseModel, ConfigDict, Field

from fivetabs.core.findings import Finding

Cell = str | int | float


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class JobState(_Value):
    """A long call that goes on: ask again with its handle, or cancel it."""

    handle: str
    state: str
    seconds: int


class More(_Value):
    """What an answer left out, and the handle under which `read_more` has all of it."""

    handle: str
    left: str


class Answer(_Value):
    """Anything a tool can return to the model.

    Tools say everything they know; the pipeline fits it into the caller's budget, and fills `more`
    with what had to be left out and `fence` with the mark that encloses other programs' words.
    """

    summary: str
    target: str = ""
    observed: str = ""
    demo: bool = False
    fence: str = ""
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    job: JobState | None = None
    more: More | None = None


class Rows(_Value):
    """Rows under named columns, worst first. `total` counts what exists, not what is shown.

    Three fields are for the pipeline and not shown: `kin` names for each row what it is one of
    (`Deployment/web`; empty: the row stands alone), and rows of equal kin fold where the columns
    `fold_on` are equal too. `own` are the columns whose sentences are ours: in any other one a cell
    of many words is taken for somebody else's, quoted or not.
    """

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    total: int
    kin: tuple[str, ...] = Field(default=(), exclude=True)
    fold_on: tuple[str, ...] = Field(default=(), exclude=True)
    own: tuple[str, ...] = Field(default=(), exclude=True)


class Table(Rows):
    """Rows that belong to one thing or question."""

    title: str


class Listing(Rows, Answer):
    """Some rows of a longer list, worst first."""


class Detail(Answer):
    """Facts about one thing or one question, and tables that belong to it."""

    facts: dict[str, str | int | float | bool] = {}
    tables: tuple[Table, ...] = ()
    findings: tuple[Finding, ...] = ()


class Log(Answer):
    """Lines of text written by somebody else's program, newest last.

    `read`, `matched` and `shown` count lines: those the backend sent, those that passed the
    filters, those in `text`. `tables` hold what a long log was clustered into.
    """

    source: str
    text: str
    read: int
    matched: int
    shown: int
    tables: tuple[Table, ...] = ()


class Page(Rows, Answer):
    """A part of what an earlier answer left out: rows of its `part`, or lines of its log."""

    part: str = ""
    page: int
    pages: int
    text: str = ""


class Diagnosis(Answer):
    """What is wrong, worst and most basic first; and what was checked and is healthy."""

    findings: tuple[Finding, ...] = ()
    healthy: tuple[str, ...] = ()


class Investigation(Diagnosis):
    """A diagnosis with its chain of causes, symptom first, and what changed near the onset."""

    chain: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


class Outcome(Answer):
    """What a plan would do, or did.

    `state` is planned, waiting (for a person), declined, under way, done or failed. `id` names the
    request: `undo` takes it, and the same call with `approve=<id>` tells how it went on. `result`
    says how it turned out, `wrong` what is wrong with the changed things now, with the next step.
    """

    state: str
    id: str = ""
    steps: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    digest: str = ""
    undo: str = ""
    irreversible: str = ""
    result: str = ""
    wrong: tuple[str, ...] = ()
