"""`python -m bench [row ...]`: prints every figure beside its floor and its bar."""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bench import tokens
from bench.figures import Line, Note, printed
from bench.rows import (
    crash,
    dead,
    failing,
    health,
    logs,
    memory,
    names,
    namespace,
    report,
    start,
    steady,
    together,
)
from bench.stand import Stand


@dataclass(frozen=True)
class Row:
    """One row of the performance table."""

    name: str
    title: str
    measure: Callable[[Stand], Awaitable[list[Line]]]


ROWS = (
    Row("start", start.TITLE, start.measure),
    Row("memory", memory.TITLE, memory.measure),
    Row("failing", failing.TITLE, failing.measure),
    Row("crash", crash.TITLE, crash.measure),
    Row("logs", logs.TITLE, logs.measure),
    Row("health", health.TITLE, health.measure),
    Row("report", report.TITLE, report.measure),
    Row("namespace", namespace.TITLE, namespace.measure),
    Row("together", together.TITLE, together.measure),
    Row("steady", steady.TITLE, steady.measure),
    Row("dead", dead.TITLE, dead.measure),
    Row("names", names.TITLE, names.measure),
    Row("tokens", tokens.TITLE, tokens.measure),
)


def main() -> int:
    """Measure the rows asked for, or all."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    names_of = [row.name for row in ROWS]
    parser.add_argument("rows", nargs="*", metavar="row", help=", ".join(names_of))
    asked = parser.parse_args().rows
    if unknown := [name for name in asked if name not in names_of]:
        parser.error(f"no such row: {', '.join(unknown)} (there are: {', '.join(names_of)})")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # So that the stand is taken down.
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}; medians; s = seconds")
    asyncio.run(_all([row for row in ROWS if row.name in asked or not asked]))
    return 0


async def _all(rows: list[Row]) -> None:
    with Stand() as stand:
        for row in rows:
            print(f"\n{row.name}: {row.title}", flush=True)
            for line in await _measured(row, stand):
                print(printed(line), flush=True)


async def _measured(row: Row, stand: Stand) -> list[Line]:
    """The row's lines; one that breaks off says so and takes no other with it."""
    try:
        return await row.measure(stand)
    except Exception as error:  # noqa: BLE001
        return [Note(f"could not be measured: {type(error).__name__}: {error}")]


if __name__ == "__main__":
    sys.exit(main())
