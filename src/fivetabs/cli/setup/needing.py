"""Which programs the server will need, and a PATH that holds them.

A desktop program starts servers with a bare PATH: without this, exec plugins are not found.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from fivetabs.core import Program

_LINUX = ("/usr/local/bin", "/usr/bin", "/bin")
_MACOS = (*_LINUX, "/usr/sbin", "/sbin")
_SHEBANG = b"#!"
_LONGEST = 256


@dataclass(frozen=True, slots=True)
class Found:
    """Which programs are where, and which are nowhere; each with who needs it."""

    where: Mapping[str, str]
    missing: tuple[Program, ...]

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders of the programs that were found by name, each once."""
        by_name = (path for name, path in self.where.items() if Path(name).name == name)
        return tuple(dict.fromkeys(str(Path(path).parent) for path in by_name))


def look(programs: Iterable[Program], path: str) -> Found:
    """Look for each program, and for the interpreter of each that is a script, on a PATH."""
    where: dict[str, str] = {}
    missing: list[Program] = []
    for program in programs:
        found = shutil.which(program.name, path=path)
        if found is None:
            missing += [program] if program.needed else []
            continue
        where[program.name] = os.path.abspath(found)  # noqa: PTH100  (a link's own folder counts)
        interpreter = _interpreter(found)
        if interpreter and (runs := shutil.which(interpreter, path=path)):
            where.setdefault(interpreter, os.path.abspath(runs))  # noqa: PTH100
    return Found(where, tuple(dict.fromkeys(missing)))


def joined(
    found: Found, path: str, platform: str, windows: str = "", separator: str = os.pathsep
) -> str:
    """A PATH of the needed folders, in the order of the person's own, then the system's."""
    own = [os.path.abspath(each) for each in path.split(separator) if each]  # noqa: PTH100
    order = {folder: at for at, folder in reversed(tuple(enumerate(own)))}
    needed = sorted(found.folders, key=lambda folder: order.get(folder, len(order)))
    return separator.join(dict.fromkeys((*needed, *_system(platform, windows))))


def _system(platform: str, windows: str) -> Iterator[str]:
    if platform == "win32":
        yield from (f"{windows}\\System32", windows) if windows else ()
    elif platform == "darwin":
        yield from _MACOS
    else:
        yield from _LINUX


def _interpreter(path: str) -> str:
    """The program that `#!/usr/bin/env NAME` names; none for anything else."""
    try:
        with Path(path).open("rb") as file:
            line = file.readline(_LONGEST)
    except OSError:
        return ""
    words = line.removeprefix(_SHEBANG).split() if line.startswith(_SHEBANG) else []
    named = [w for w in words[1:] if not w.startswith(b"-") and b"=" not in w]
    return os.fsdecode(named[0]) if words and words[0].endswith(b"/env") and named else ""


def gather(
    houses: Iterable[tuple[str, Callable[[], Iterable[Program]]]], faults: type[Exception]
) -> tuple[tuple[Program, ...], tuple[str, ...]]:
    """Every house's programs, and a sentence for each house whose configuration cannot be read."""
    programs: list[Program] = []
    unread: list[str] = []
    for title, ask in houses:
        try:
            programs.extend(ask())
        except faults as fault:
            unread.append(f"{title}: {fault}")
        except (AttributeError, KeyError, TypeError):
            unread.append(f"{title}: its configuration is not laid out as its own tools lay it out")
    return tuple(programs), tuple(unread)
