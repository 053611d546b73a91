"""The audit trail under several real processes at once, and under kill -9."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from fivetabs.app.store.accounts import Stage, told_of
from fivetabs.app.store.checking import check
from fivetabs.app.store.trail import entries, spans
from tests.app.trails import files, lines_of, opened

SERVERS, EACH = 4, 600
WRITE = """
import sys
from pathlib import Path
from tests.app.trails import opened
folder, server, lines = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
audit = opened(folder, server=server, largest=100_000)
sys.stdin.readline()
for n in range(lines):
    audit.add("call", {"n": n, "told": "x" * (n % 700)}, durable=n % 50 == 0)
"""
# One that is killed: it says each line only after it was written.
TELL = """
import sys
from pathlib import Path
from tests.app.trails import opened
folder, server = Path(sys.argv[1]), sys.argv[2]
audit = opened(folder, server=server, largest=1_000_000)
for n in range(100_000):
    audit.add("call", {"n": n, "told": "x" * (n * 7919 % 60_000)}, durable=n % 3 == 0)
    print(n, flush=True)
"""
# Each step of this change makes a file, and the trail is written as the server writes it.
CHANGE = """
import sys
from pathlib import Path
from tests.app.trails import opened
folder, change, steps = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
audit = opened(folder, server=change)
def add(event, **facts):
    audit.add(event, {"id": change, **facts}, durable=True)
    print(event, flush=True)
add("asked", tool="restart_box", target="shelf", summary="Restart")
add("agreed", who="ada", way="terminal")
add("begin", digest="d", steps=steps)
for number in range(1, steps + 1):
    add("step", number=number, state="begun")
    (folder / f"{change}-{number}.made").touch()
    print("made", flush=True)
    add("step", number=number, state="done")
add("end", state="done")
"""
# One whose writes to the trail end in the middle, at the n-th of them.
DIE = """
import os, signal, sys
from pathlib import Path
from tests.app.trails import opened
folder, how = Path(sys.argv[1]), sys.argv[2]
audit = opened(folder, server="dies00")
audit.add("call", {"n": 1})
write = os.write
def last(opened, data):
    write(opened, data[: {"none": 0, "half": len(data) // 2, "but one": -1}.get(how, len(data))])
    os.kill(os.getpid(), signal.SIGKILL)
os.write = last
audit.add("call", {"n": 2})
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "state"
    made.mkdir(mode=0o700)
    return made


def start(script: str, *argv: object) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, argv)],
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def ended(process: "subprocess.Popen[bytes]") -> None:
    process.communicate(timeout=240)


def test_several_servers_at_once_lose_and_mix_no_line(folder: Path) -> None:
    running = [start(WRITE, folder, f"server{n}", EACH) for n in range(SERVERS)]
    for each in running:
        assert each.stdin
        each.stdin.write(b"go\n")
    for each in running:
        ended(each)
        assert each.returncode == 0
    made = check(folder)
    assert (made.whole, made.flaws, made.lines) == (True, [], SERVERS * EACH)
    lines = list(lines_of(folder))
    assert Counter(line.server for line in lines) == {f"server{n}": EACH for n in range(SERVERS)}
    for n in range(SERVERS):
        own = [line.facts["n"] for line in lines if line.server == f"server{n}"]
        assert own == list(range(EACH))
    assert len(files(folder)) > 3


def test_several_threads_of_one_server_lose_and_mix_no_line(folder: Path) -> None:
    with closing(opened(folder)) as audit, ThreadPoolExecutor(8) as threads:
        for n in range(400):
            threads.submit(audit.add, "call", {"n": n}, durable=n % 50 == 0)
    made = check(folder)
    assert (made.whole, made.flaws, made.lines) == (True, [], 400)
    assert sorted(line.facts["n"] for line in lines_of(folder)) == list(range(400))


def test_a_trail_is_checked_while_others_write(folder: Path) -> None:
    writing = start(WRITE, folder, "server", 1500)
    assert writing.stdin
    writing.stdin.write(b"go\n")
    seen = 0
    while writing.poll() is None:
        made = check(folder)
        assert not made.flaws
        assert made.lines >= seen
        seen = made.lines
    ended(writing)
    assert check(folder).lines == 1500


def kill(process: "subprocess.Popen[bytes]", after: int) -> int:
    """End it without a warning once it has said so many lines; how many it said in all."""
    assert process.stdout
    said = 0
    while said < after and process.stdout.readline():
        said += 1
    process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate(timeout=60)
    return said + rest.count(b"\n")


def test_whenever_a_server_is_killed_no_line_that_was_told_is_lost(folder: Path) -> None:
    chance = random.Random(6)  # noqa: S311
    told = 0
    for n in range(8):
        servers = [start(TELL, folder, f"kill{n}{each}") for each in "ab"]
        told += sum(kill(each, chance.randrange(1, 40)) for each in servers)
        made = check(folder)
        assert made.whole, made.flaws
    with closing(opened(folder, server="after0")) as audit:
        audit.add("call", {})
    made = check(folder)
    assert made.whole, made.flaws
    written = [line for line in lines_of(folder) if line.event == "call"]
    assert told < len(written) <= told + 2 * 8 + 1
    assert all(each.raw for span in spans(folder) for each in entries(span))


@pytest.mark.parametrize("how", ["none", "half", "but one", "all"])
def test_a_kill_inside_a_write_is_known_for_what_it_is(folder: Path, how: str) -> None:
    dies = start(DIE, folder, how)
    ended(dies)
    assert dies.returncode == -signal.SIGKILL
    before = check(folder)
    assert before.whole
    assert [flaw.broken for flaw in before.flaws] == [False] * (how != "none")
    with closing(opened(folder, server="after0")) as audit:
        audit.add("call", {"n": 3})
    after = check(folder)
    assert after.whole, after.flaws
    kept = [line.facts["n"] for line in lines_of(folder) if line.event == "call"]
    assert kept == ([1, 2, 3] if how in {"all", "but one"} else [1, 3])
    signs = [line.facts["kind"] for line in lines_of(folder) if line.event == "trail"]
    assert signs == (["torn"] if how == "half" else [])


def test_wherever_a_change_is_killed_the_record_tells_what_was_and_was_not_done(
    folder: Path,
) -> None:
    chance = random.Random(60)  # noqa: S311
    stages: set[Stage] = set()
    steps = 4
    for n in range(24):
        change = f"c0de{n:02}"
        kill(start(CHANGE, folder, change, steps), chance.randrange(0, 18))
        account = told_of(lines_of(folder), change)
        stages.add(account.stage)
        states = {step.number: step.state for step in account.steps}
        for number in range(1, steps + 1):
            done = (folder / f"{change}-{number}.made").exists()
            state = states.get(number, "")
            assert done or state != "done", account
            assert not done or state in {"begun", "done"}, account
        if account.stage is Stage.BEGUN and account.unknown:
            assert "may or may not have been carried out" in account.told
    assert check(folder).whole
    assert Stage.BEGUN in stages
