"""The rig's memory: one JSON file that says what was started, so that any process can end it."""

import hashlib
import json
import tempfile
import threading
from dataclasses import asdict, dataclass, field
from os import getuid
from pathlib import Path


def default_folder() -> Path:
    """Where the rig lives unless told otherwise: one fixed folder for each user."""
    return Path(tempfile.gettempdir()) / f"fivetabs-rig-{getuid()}"


@dataclass(frozen=True)
class Process:
    """A process that the rig started; the start time tells it from a later one with its number."""

    name: str
    pid: int
    started: str


@dataclass
class Ledger:
    """Everything that `down` and `env` need to know, written down before it is needed."""

    folder: Path
    parts: list[str] = field(default_factory=list[str])
    processes: list[Process] = field(default_factory=list[Process])
    bridges: list[str] = field(default_factory=list[str])
    absent: list[str] = field(default_factory=list[str])
    sysctls: dict[str, str] = field(default_factory=dict[str, str])
    environment: dict[str, str] = field(default_factory=dict[str, str])
    facts: dict[str, str] = field(default_factory=dict[str, str])
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    @property
    def mark(self) -> str:
        """A short name of this rig alone, for bridges and cgroups."""
        return hashlib.sha256(str(self.folder).encode()).hexdigest()[:8]

    @property
    def cgroup(self) -> str:
        """The control group under which every container of this rig runs."""
        return f"/fivetabs-rig-{self.mark}"

    @property
    def file(self) -> Path:
        """Where the ledger is kept."""
        return self.folder / "rig.json"

    def part(self, name: str) -> Path:
        """A part's own folder, made when it is asked for."""
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def save(self) -> None:
        """Write everything down, all or nothing."""
        with self.lock:
            self.folder.mkdir(parents=True, exist_ok=True)
            kept = {
                "parts": self.parts,
                "processes": [asdict(process) for process in self.processes],
                "bridges": self.bridges,
                "absent": self.absent,
                "sysctls": self.sysctls,
                "environment": self.environment,
                "facts": self.facts,
            }
            draft = self.file.with_suffix(".draft")
            draft.write_text(json.dumps(kept, indent=2) + "\n")
            draft.replace(self.file)

    def export(self, **variables: str) -> None:
        """Add variables to the environment that users of the rig are to set."""
        with self.lock:
            self.environment.update(variables)
            self.save()

    def learn(self, **facts: str) -> None:
        """Remember what a part found out, for another part or another process."""
        with self.lock:
            self.facts.update(facts)
            self.save()


def load(folder: Path) -> Ledger:
    """The ledger of this folder; an empty one if nothing was ever written."""
    ledger = Ledger(folder)
    if ledger.file.exists():
        kept = json.loads(ledger.file.read_text())
        ledger.parts = kept["parts"]
        ledger.processes = [Process(**process) for process in kept["processes"]]
        ledger.bridges = kept["bridges"]
        ledger.absent = kept["absent"]
        ledger.sysctls = kept["sysctls"]
        ledger.environment = kept["environment"]
        ledger.facts = kept["facts"]
    return ledger
