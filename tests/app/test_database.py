"""The one database: private, shared by processes that start at once, its locks never lost."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

from fivetabs.app.store.database import NAME, open_database
from fivetabs.app.store.private import make_private

TRY = """
import sqlite3, sys
try:
    db = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
except sqlite3.OperationalError as error:
    print(error)
"""
HOLD = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("CREATE TABLE t (n INTEGER)")
db.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
db.execute("COMMIT")
"""
BEGIN = """
import sys
from pathlib import Path
from fivetabs.app.store.database import open_database
path = Path(sys.argv[1])
sys.stdin.readline()
for n in range(30):
    db = open_database(path)
    db.execute("CREATE TABLE IF NOT EXISTS t (n INTEGER)")
    db.execute("INSERT INTO t VALUES (1)")
    db.close()
"""


def run(script: str, path: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", script, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def test_opening_it_again_takes_no_lock_away_from_this_process(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with closing(open_database(path)) as holding:
        holding.execute("BEGIN IMMEDIATE")
        with closing(open_database(path)) as other:
            assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        out, _ = run(TRY, path).communicate(timeout=60)
    assert b"locked" in out


def test_processes_that_start_at_once_all_get_it(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with ExitStack() as ending:
        running = [ending.enter_context(run(BEGIN, path)) for _ in range(4)]
        for each in running:
            assert each.stdin
            each.stdin.write(b"go\n")
            each.stdin.flush()
        for each in running:
            each.communicate(timeout=240)
        assert [each.returncode for each in running] == [0, 0, 0, 0]
    with closing(open_database(path)) as db:
        assert db.execute("SELECT count(*) FROM t").fetchone() == (120,)


def test_it_waits_for_a_process_that_writes_before_the_log_is_on(tmp_path: Path) -> None:
    path = tmp_path / NAME
    make_private(path)
    with run(HOLD, path) as holding, ThreadPoolExecutor(1) as thread:
        assert holding.stdout
        assert holding.stdin
        assert holding.stdout.readline() == b"held\n"
        opening = thread.submit(open_database, path)
        deadline = time.monotonic() + 60
        while not opened_by_us(path) and not opening.done():
            assert time.monotonic() < deadline
        holding.stdin.write(b"go\n")
        holding.stdin.flush()
        with closing(opening.result(timeout=60)) as opened:
            assert opened.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def opened_by_us(path: Path) -> int:
    """How many descriptors this process has on it."""
    names = Path("/proc/self/fd").iterdir()
    return sum(os.path.realpath(each) == str(path.resolve()) for each in names)


def test_it_and_its_side_files_are_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with closing(open_database(tmp_path / NAME)) as db:
            db.execute("CREATE TABLE t (n INTEGER)")
            modes = {each.name: oct(each.stat().st_mode & 0o777) for each in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert modes == dict.fromkeys((NAME, f"{NAME}-wal", f"{NAME}-shm"), "0o600")
