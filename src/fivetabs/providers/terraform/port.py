"""What can be asked of Terraform's working directories, and the closed set of commands for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Never, Protocol, TypeAlias

SCHEME = "tf"
Raw: TypeAlias = Mapping[str, Any]
Step: TypeAlias = Never


@dataclass(frozen=True, slots=True)
class Subcommand:
    """One command line that only reads. `{file}` is a path in our own private folder."""

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
READS = (VERSION, GRAPH, WORKSPACES, STATE, SHOW, PLAN)


@dataclass(frozen=True, slots=True)
class PlanRaw:
    """One plan: `plan` is `terraform show -json`, `diagnostics` those of `terraform plan -json`.

    `serial` is that of the state the plan was made from, None where it could not be told.
    `lock` is the lock that somebody held on a local state meanwhile, `writes` the data sources that
    write a file whenever they are read (archive_file).
    """

    directory: str
    workspace: str
    backend: str
    plan: Raw
    diagnostics: tuple[Raw, ...] = ()
    serial: int | None = None
    lock: Raw | None = None
    writes: tuple[str, ...] = ()


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
        """Make a plan and keep nothing of it. A directory is `<root>/<path>` or absolute."""
        ...

    async def state(self, directory: str, /) -> StateRaw:
        """Read the state as it is, without refreshing it."""
        ...

    async def directories(self) -> tuple[Directory, ...]:
        """The configurations found below the allowed roots."""
        ...

    def now(self) -> datetime:
        """The clock ages are told by."""
        ...
