"""What the kernel says of a process: memory in MB, processor time in seconds."""

import os
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_KB_IN_MB = 1024


@dataclass(frozen=True)
class Memory:
    """Resident memory, and that with shared pages divided among those who share them (MB)."""

    rss: float
    pss: float


def memory(pid: int) -> Memory:
    """The memory of one process."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    found = {line.split(":")[0]: line.split()[1] for line in lines if line.endswith("kB")}
    return Memory(int(found["Rss"]) / _KB_IN_MB, int(found["Pss"]) / _KB_IN_MB)


def cpu(pid: int) -> float:
    """Processor time used so far, its own and its ended children's (ticks of 10 ms)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICK
