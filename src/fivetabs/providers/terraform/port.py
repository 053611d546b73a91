"""What can be asked of Terraform's directories and done to them: closed sets of commands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeAlias

SCHEME = "tf"
Raw: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Subcommand:
    """One command line. `{file}` is a path in our own private folder."""

    name: str
    argv: tuple[str, ...]


VERSION = Subcommand("version", ("version", "-json"))
GRAPH = Subcommand("graph", ("graph", "-type=plan"))
WORKSPACES = Subcommand("workspace list", ("workspace", "list", "-no-color"))
STATE = Subcommand("state pull", ("state", "pull", "-no-color"))
SHOW = Subcommand("show", ("show", "-json", "-no-color", "{file}"))
PLAN = Subcommand(
    "plan",
    ("plan", "-json", "-input=false", "-lock=false", "-refresh=true", "-out={file}"),
)
CHECK = Subcommand(
    "plan -refresh=false",
    ("plan", "-json", "-input=false", "-lock=false", "-refresh=false"),
)
READS = (VERSION, GRAPH, WORKSPACES, STATE, SHOW, PLAN, CHECK)
"""Every command line the view ever runs."""

APPLY = Subcommand("apply", ("apply", "-json", "-input=false", "-lock=true", "{file}"))
CHANGES = (APPLY,)
"""Every command line a commit ever runs: a saved plan, whose file says all that is done."""


@dataclass(frozen=True, slots=True)
class Apply:
    """Apply exactly one saved plan.

    `sha256` is that of the plan's file, which says everything that is written and in which
    workspace; `serial` and `lineage` (a fingerprint) are those of the state it was made from, and
    `path` is the resolved working directory.
    """

    directory: str
    path: str
    sha256: str
    serial: int
    lineage: str


Step: TypeAlias = Apply


@dataclass(frozen=True, slots=True)
class PlanRaw:
    """One plan: `plan` is `terraform show -json`, `diagnostics` those of `terraform plan -json`.

    `serial` is that of the state the plan was made from, None where it could not be told.
    `lock` is the lock that somebody held on a local state meanwhile, `writes` the data sources that
    write a file whenever they are read (archive_file). `kept` is the name under which its file is
    kept to be applied, empty where it is not, and `target` the root that was named as target.
    """

    directory: str
    workspace: str
    backend: str
    plan: Raw
    diagnostics: tuple[Raw, ...] = ()
    serial: int | None = None
    lock: Raw | None = None
    writes: tuple[str, ...] = ()
    kept: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """A plan that was kept, read again from its file, beside the state as it is now.

    `path` is the resolved directory, `made` when the plan was made. `serial` and `lineage` are
    those of the state it was made from, the others those of the state now, which are None and empty
    where there is none. `runs_allowed`: the owner lets an apply run programs.
    """

    raw: PlanRaw
    path: str
    sha256: str
    made: datetime
    serial: int
    lineage: str
    serial_now: int | None
    lineage_now: str
    runs_allowed: bool

    @property
    def moved(self) -> bool:
        """Whether the state is another one than the plan was made from."""
        if self.serial_now is None:
            return self.serial > 0
        return (self.serial, self.lineage) != (self.serial_now, self.lineage_now)


@dataclass(frozen=True, slots=True)
class Standing:
    """A state now, and how many changes a plan without a refresh would still make to it."""

    serial: int | None
    lineage: str
    left: int


@dataclass(frozen=True, slots=True)
class StateRaw:
    """One state as `terraform state pull` prints it; None when nothing was ever applied.

    `state pull` writes its own version into what it prints; `written_by` is the version in the
    file itself, `modified` its time and `before` the state that the last write replaced, all known
    for a local state only.
    """

    directory: str
    workspace: str
    backend: str
    state: Raw | None
    written_by: str = ""
    modified: datetime | None = None
    lock: Raw | None = None
    before: Raw | None = None


@dataclass(frozen=True, slots=True)
class Directory:
    """A folder that holds a configuration, named from its allowed root (`infra/shop`)."""

    name: str
    initialised: bool


class Workspaces(Protocol):
    """All a tool may do with Terraform: look."""

    async def plan(self, directory: str, /) -> PlanRaw:
        """Make a plan; its file is kept for a while. A directory is `<root>/<path>` or absolute."""
        ...

    async def state(self, directory: str, /) -> StateRaw:
        """Read the state as it is, without refreshing it."""
        ...

    async def saved(self, directory: str, plan: str, /) -> Saved:
        """A plan that was kept under this name.

        Raises:
            NotFound: If none is kept so, for this directory.
            Conflict: If its file is not what was kept.
        """
        ...

    async def standing(self, directory: str, /) -> Standing:
        """The state now, and how far the configuration is from it."""
        ...

    async def directories(self) -> tuple[Directory, ...]:
        """The configurations found below the allowed roots."""
        ...

    def now(self) -> datetime:
        """The clock ages are told by."""
        ...
