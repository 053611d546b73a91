"""The audit trail as it is written: whole, bounded, private, and never mended in silence."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from fivetabs.app.store.audit import Audit
from fivetabs.app.store.checking import check
from fivetabs.app.store.database import NAME
from fivetabs.app.store.lines import LONGEST, NOTHING, bounded
from fivetabs.app.store.locks import FileLock
from fivetabs.app.store.trail import LOCK
from fivetabs.core import NotConfigured, TimedOut, Unavailable
from tests.app.trails import files, lines_of, opened, written


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "state"
    made.mkdir(mode=0o700)
    return made


@pytest.fixture
def writer(folder: Path) -> Iterator[Callable[[], Audit]]:
    with ExitStack() as stack:
        yield lambda: stack.enter_context(closing(opened(folder)))


def test_a_line_is_ascii_json_with_its_number_and_the_hash_of_the_one_before(folder: Path) -> None:
    raw = written(folder, 3).read_bytes().splitlines()
    values = [json.loads(each) for each in raw]
    assert [list(each) for each in values] == [
        ["n", "time", "server", "event", "facts", "prev", "hash"]
    ] * 3
    assert [each["n"] for each in values] == [1, 2, 3]
    assert [each["prev"] for each in values] == [NOTHING, values[0]["hash"], values[1]["hash"]]
    assert values[0]["time"] == "2026-03-12T10:00:00.000Z"
    assert all(each.isascii() for each in raw)


def test_whoever_has_sed_and_sha256sum_can_check_a_line(folder: Path) -> None:
    file = written(folder, 1)
    script = r"""head -n 1 "$1" | sed 's/,"hash":"[0-9a-f]*"}$/}/' | tr -d '\n' | sha256sum"""
    done = subprocess.run(
        ["sh", "-c", script, "sh", str(file)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split()[0] == next(lines_of(folder)).hash


def test_the_same_world_gives_the_same_bytes(tmp_path: Path) -> None:
    made = [tmp_path / name for name in ("one", "two")]
    for each in made:
        each.mkdir(mode=0o700)
    assert written(made[0]).read_bytes() == written(made[1]).read_bytes()


def test_a_trail_goes_on_in_the_next_process(folder: Path) -> None:
    written(folder, 2)
    written(folder, 2, server="0ther5")
    assert [(line.n, line.server) for line in lines_of(folder)] == [
        (1, "5e7f01"),
        (2, "5e7f01"),
        (3, "0ther5"),
        (4, "0ther5"),
    ]
    assert check(folder).whole


def test_nothing_is_made_before_the_first_line(folder: Path, writer: Callable[[], Audit]) -> None:
    writer()
    assert not list(folder.iterdir())


@pytest.mark.parametrize(
    "facts",
    [
        {"told": "\x1b[31mred\x00\x07\r\n\u202e\x7f\x9b"},
        {"told": "\ud800 alone, \ue000marks\ue001, \U0001f600"},
        {"n": float("nan"), "i": float("inf"), "big": 10**5000, "neg": -0.0},
        {2: "two", "2": "two again", 10: "ten", None: "none", True: "yes"},
        {"set": {1}, "bytes": b"x", "path": Path("/x"), "deep": {"a": [{"b": (1, 2)}]}},
    ],
)
def test_whatever_the_facts_hold_the_line_is_whole_and_without_control_characters(
    folder: Path, writer: Callable[[], Audit], facts: dict[Any, Any]
) -> None:
    audit = writer()
    audit.add("call", facts)
    audit.add("call", {})
    raw = files(folder)[0].read_bytes()
    assert all(32 <= byte < 127 or byte == 10 for byte in raw)
    assert raw.count(b"\n") == 2
    assert check(folder).whole


def test_facts_without_an_end_are_shortened_and_what_is_left_out_is_counted(
    folder: Path, writer: Callable[[], Audit]
) -> None:
    facts: dict[str, Any] = {"id": "c0ffee", "told": "x" * 1_000_000, "end": "y"}
    audit = writer()
    audit.add("end", facts)
    line = next(lines_of(folder))
    assert len(str(line)) < LONGEST
    assert (line.facts["id"], line.facts["end"]) == ("c0ffee", "y")
    assert "(+983616 characters)" in line.facts["told"]


@pytest.mark.parametrize(
    "facts",
    [
        {f"key{n}": "\U0001f600" * 9000 for n in range(5000)},
        {"list": [{"a": ["\x00" * 100] * 100}] * 1000},
        {"k" * 100_000: {"k" * 100_000: "\x1f" * 100_000}},
    ],
    ids=["many keys", "many items", "long keys"],
)
def test_no_facts_make_a_line_too_long(facts: dict[str, Any]) -> None:
    assert len(json.dumps(bounded(facts))) < LONGEST - 500


def test_facts_within_facts_without_end_are_cut() -> None:
    facts: dict[str, Any] = {"id": "c0ffee"}
    facts["self"] = facts
    assert bounded(facts)["id"] == "c0ffee"


@pytest.mark.parametrize("event", ["", "Call", "call\n", "a" * 40, "x\x1b"])
def test_an_event_is_a_plain_word(folder: Path, writer: Callable[[], Audit], event: str) -> None:
    with pytest.raises(ValueError, match="no name of an event"):
        writer().add(event, {})


def test_a_large_file_is_followed_by_another_and_the_chain_goes_on(folder: Path) -> None:
    written(folder, 40, largest=3000)
    made = check(folder)
    assert len(files(folder)) > 3
    assert (made.lines, made.n, made.whole) == (40, 40, True)
    assert files(folder)[1].name == f"audit-{read_first(files(folder)[1]):012d}.jsonl"


def read_first(file: Path) -> int:
    return json.loads(file.read_bytes().splitlines()[0])["n"]


def test_files_are_open_to_nobody_else_whatever_the_umask(
    folder: Path, writer: Callable[[], Audit]
) -> None:
    before = os.umask(0)
    try:
        written(folder, 2)
        kept = writer()
        kept.add("call", {})
        modes = {each.name: oct(each.stat().st_mode & 0o777) for each in folder.iterdir()}
    finally:
        os.umask(before)
    assert {NAME, LOCK, files(folder)[0].name} <= modes.keys()
    assert set(modes.values()) == {"0o600"}


def spoiled(folder: Path, name: str, how: str) -> None:
    file = folder / name
    match how:
        case "link":
            file.rename(folder.parent / name)
            file.symlink_to(folder.parent / name)
        case "hard link":
            os.link(file, folder.parent / name)
        case "open to others":
            file.chmod(0o644)
        case "folder":
            file.unlink()
            file.mkdir()
        case _:
            file.unlink()
            os.mkfifo(file, 0o600)


@pytest.mark.parametrize("how", ["link", "hard link", "open to others", "folder", "pipe"])
@pytest.mark.parametrize("name", ["audit-000000000001.jsonl", NAME, LOCK])
def test_nothing_is_written_through_what_is_not_ours_alone(
    folder: Path, writer: Callable[[], Audit], name: str, how: str
) -> None:
    written(folder, 2)
    spoiled(folder, name, how)
    with pytest.raises(Unavailable) as caught:
        writer().add("call", {})
    assert name in str(caught.value)


@pytest.mark.parametrize("name", ["audit-000000000001.jsonl", NAME])
def test_a_link_to_nowhere_makes_no_file_elsewhere(
    folder: Path, writer: Callable[[], Audit], name: str
) -> None:
    elsewhere = folder.parent / "elsewhere"
    (folder / name).symlink_to(elsewhere)
    with pytest.raises(NotConfigured, match="symbolic link"):
        writer().add("call", {})
    assert not elsewhere.exists()


def test_a_database_that_is_none_stops_the_writer(
    folder: Path, writer: Callable[[], Audit]
) -> None:
    written(folder, 3)
    (folder / NAME).write_bytes(b"no database at all, but longer than a header" * 99)
    with pytest.raises(Unavailable) as caught:
        writer().add("call", {})
    assert "rm -f" in caught.value.hint
    assert "cannot be read" in check(folder).flaws[-1].told


def test_a_database_that_is_empty_is_one_that_was_replaced(
    folder: Path, writer: Callable[[], Audit]
) -> None:
    written(folder, 3)
    (folder / NAME).write_bytes(b"")
    writer().add("call", {})
    assert "deleted or replaced" in check(folder).flaws[-1].told


def full(folder: Path, room: int) -> "subprocess.CompletedProcess[str]":
    """Write lines in a process that may make no file longer than what is there and `room`."""
    script = """
import resource, signal, sys
from pathlib import Path
from fivetabs.core import Unavailable
from tests.app.trails import files, opened
folder, room = Path(sys.argv[1]), int(sys.argv[2])
audit = opened(folder)
audit.add("call", {})
limit = files(folder)[0].stat().st_size + room
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
told = 0
for _ in range(5):
    try:
        audit.add("call", {"told": "x" * 200}, durable=True)
    except Unavailable:
        told += 1
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
audit.add("call", {"told": "room again"})
print(told)
"""
    return subprocess.run(
        [sys.executable, "-c", script, str(folder), str(room)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        timeout=120,
    )


@pytest.mark.parametrize("room", [0, 1, 100, 300, 500])
def test_where_there_is_no_room_it_is_told_and_the_chain_is_whole_after(
    folder: Path, room: int
) -> None:
    written(folder, 300)  # So that the file, not the database, is what meets the limit.
    done = full(folder, room)
    assert int(done.stdout) >= 3
    made = check(folder)
    assert made.whole, made.flaws
    assert made.flaws == []
    assert list(lines_of(folder))[-1].facts == {"told": "room again"}


def test_a_folder_that_is_gone_is_told(folder: Path, writer: Callable[[], Audit]) -> None:
    audit = writer()
    folder.rmdir()
    with pytest.raises(Unavailable, match="No such file"):
        audit.add("call", {})


def test_a_lock_that_somebody_keeps_is_waited_for_and_then_told(folder: Path) -> None:
    first, second = FileLock(folder / LOCK), FileLock(folder / LOCK)
    with first.held(), pytest.raises(TimedOut, match="has held"), second.held(0.05):
        pass
    with second.held(0.05):
        pass


def test_a_lock_file_that_was_replaced_is_not_the_lock(folder: Path) -> None:
    first, second = FileLock(folder / LOCK), FileLock(folder / LOCK)
    with first.held():
        pass
    (folder / LOCK).unlink()
    with second.held(), pytest.raises(TimedOut), first.held(0.05):
        pass


def test_a_file_that_is_replaced_under_a_running_server_is_noticed(
    folder: Path, writer: Callable[[], Audit]
) -> None:
    audit = writer()
    audit.add("call", {"n": 1})
    file = files(folder)[0]
    kept = file.read_bytes()
    file.unlink()
    audit.add("call", {"n": 2})
    made = check(folder)
    assert not made.whole
    assert [line.event for line in lines_of(folder)] == ["trail", "call"]
    assert kept not in file.read_bytes()


def test_a_database_that_is_deleted_under_a_running_server_is_noticed(
    folder: Path, writer: Callable[[], Audit]
) -> None:
    audit = writer()
    audit.add("call", {"n": 1})
    for each in folder.glob(f"{NAME}*"):
        each.unlink()
    audit.add("call", {"n": 2})
    assert [line.event for line in lines_of(folder)] == ["call", "trail", "call"]
    assert "deleted or replaced" in check(folder).flaws[0].told
