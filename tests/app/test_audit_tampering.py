"""Another hand at the audit trail: whatever it does to file or anchor is found and named."""

import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fivetabs.app.store.anchors import anchored
from fivetabs.app.store.checking import Check, check
from fivetabs.app.store.database import NAME
from fivetabs.app.store.lines import Line, read, sealed
from fivetabs.core import Fault
from tests.app.trails import files, forged, lines_of, opened, written

LINES = 9
Rows = list[bytes]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "state"
    made.mkdir(mode=0o700)
    written(made, LINES)
    return made


def rows(folder: Path) -> Rows:
    return files(folder)[0].read_bytes().splitlines(keepends=True)


def put(folder: Path, changed: Rows) -> None:
    files(folder)[0].write_bytes(b"".join(changed))


def broken(made: Check) -> list[str]:
    return [f"{flaw.number} {flaw.told}" for flaw in made.flaws if flaw.broken]


def add(folder: Path, *events: str) -> None:
    with closing(opened(folder, server="next00")) as audit:
        for event in events or ("call",):
            audit.add(event, {})


def test_a_trail_nobody_touched_is_whole(folder: Path) -> None:
    made = check(folder)
    assert (made.lines, made.n, made.flaws, made.whole) == (LINES, LINES, [], True)


def resealed(changed: Rows, start: int) -> Rows:
    """The rows with every hash from `start` on made anew, as a careful forger would."""
    made = changed[:start]
    prev = read(made[-1]).hash if made else "0" * 64
    for n, raw in enumerate(changed[start:], start + 1):
        line = read(raw)
        data, prev = sealed(Line(n, line.time, line.server, line.event, line.facts, prev, ""))
        made.append(data)
    return made


def edited(r: Rows) -> Rows:
    return [*r[:4], r[4].replace(b"shop-5", b"shop-X"), *r[5:]]


def edited_and_rehashed(r: Rows) -> Rows:
    old = read(r[4])
    facts = {**old.facts, "ok": False}
    new = Line(old.n, old.time, old.server, old.event, facts, old.prev, "")
    return [*r[:4], sealed(new)[0], *r[5:]]


HANDS: list[tuple[str, Callable[[Rows], Rows], str]] = [
    ("a value", edited, "5 this line was changed or damaged after it was written"),
    ("rehashed", edited_and_rehashed, "6 line 6 follows another line 5 than the one before it"),
    ("deleted", lambda r: [*r[:4], *r[5:]], "5 line 5 is missing before this one"),
    ("several", lambda r: [*r[:3], *r[6:]], "4 lines 4 to 6 are missing before this one"),
    ("first", lambda r: r[1:], "1 lines 1 to 1 are missing|1 line 1 is missing"),
    ("swapped", lambda r: [*r[:3], r[4], r[3], *r[5:]], "5 line 4 stands after line 5: moved"),
    ("twice", lambda r: [*r[:5], r[4], *r[5:]], "6 line 5 stands after line 5: moved, repeated"),
    ("garbage", lambda r: [*r[:5], b"hello\n", *r[5:]], "6 this is no line of the trail"),
    ("empty line", lambda r: [*r[:5], b"\n", *r[5:]], "6 this is no line of the trail"),
    ("tail", lambda r: r[:-1], "0 the last line is missing: 9 were anchored and 8 are there"),
    ("tails", lambda r: r[:-4], "0 the last 4 lines are missing: 9 were anchored and 5"),
    ("mid-line", lambda r: [*r[:-1], r[-1][:50]], "9 this line was changed or damaged"),
    ("last edit", lambda r: [*r[:-1], r[-1].replace(b"shop", b"shoP")], "9 this line was changed"),
    ("emptied", lambda _: [], "0 the last 9 lines are missing: 9 were anchored and 0 are there"),
    ("no end", lambda r: [*r, forged(read(r[-1]), ok=True)], "0 the last line was never anchored"),
    ("resealed", lambda r: resealed([*r[:3], *r[4:], r[3]], 3), "0 line 9 is another one than was"),
    ("shorter", lambda r: resealed([*r[:3], *r[4:]], 3), "0 the last line is missing"),
    ("spaces", lambda r: [*r[:4], r[4].replace(b'":', b'": '), *r[5:]], "5 this line was changed"),
    ("upper", lambda r: [*r[:4], r[4][:-67] + r[4][-67:].upper(), *r[5:]], "5 this line was cha"),
    ("returns", lambda r: [each.replace(b"\n", b"\r\n") for each in r], "1 this line was changed"),
]


@pytest.mark.parametrize(("hand", "says"), [h[1:] for h in HANDS], ids=[h[0] for h in HANDS])
def test_a_changed_file_is_found_at_its_line(
    folder: Path, hand: Callable[[Rows], Rows], says: str
) -> None:
    put(folder, hand(rows(folder)))
    found = broken(check(folder))
    assert any(each.startswith(tuple(says.split("|"))) for each in found), found


@pytest.mark.parametrize(("hand", "says"), [h[1:] for h in HANDS], ids=[h[0] for h in HANDS])
def test_going_on_to_write_hides_nothing(
    folder: Path, hand: Callable[[Rows], Rows], says: str
) -> None:
    put(folder, hand(rows(folder)))
    add(folder)
    add(folder)
    made = check(folder)
    assert broken(made)
    assert made.n >= LINES
    last = list(lines_of(folder))[-1]
    assert (last.server, last.event) == ("next00", "call")


@pytest.mark.parametrize("name", ["shop-4", "list_pods", "5e7f01", "10:00:0", "call"])
def test_one_changed_byte_anywhere_is_found(folder: Path, name: str) -> None:
    data = files(folder)[0].read_bytes()
    place = data.index(name.encode(), len(data) // 3)
    files(folder)[0].write_bytes(data[:place] + b"~" + data[place + 1 :])
    assert len(broken(check(folder))) == 1


def test_no_random_change_goes_unseen(folder: Path) -> None:
    """Bytes and lines changed, taken out, put in and moved at random, by a recorded seed."""
    whole = files(folder)[0].read_bytes()
    for seed in range(400):
        chance = random.Random(seed)  # noqa: S311
        data = bytearray(whole)
        for _ in range(chance.randint(1, 3)):
            start = chance.randrange(len(data))
            end = min(len(data), start + chance.choice((0, 1, 2, 60, 400)))
            piece = chance.choice((b"", chance.randbytes(3), b"\n", b"0", bytes(data[start:end])))
            data[start:end] = piece
        files(folder)[0].write_bytes(data)
        made = check(folder)
        assert made.whole == (bytes(data) in {whole, whole[:-1]}), f"seed {seed}"


def test_a_replaced_file_is_found(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir(mode=0o700)
    shutil.copy(written(other, LINES, server="f0f0f0"), files(folder)[0])
    assert broken(check(folder))[0].startswith("0 line 9 is another one than was anchored")


def test_a_deleted_file_is_found(folder: Path) -> None:
    files(folder)[0].unlink()
    (told,) = broken(check(folder))
    assert told.startswith("0 the last 9 lines are missing: 9 were anchored and 0 are there")
    assert "power" not in told
    add(folder)
    assert len(broken(check(folder))) == 2


def test_a_deleted_file_in_the_middle_is_found(folder: Path) -> None:
    written(folder, 40, largest=3000)
    files(folder)[1].unlink()
    assert "are missing before this one" in broken(check(folder))[0]


def test_a_file_among_the_others_is_found(folder: Path) -> None:
    last = list(lines_of(folder))[-1]
    (folder / "audit-000000000010.jsonl").write_bytes(forged(last, ok=True))
    (folder / "audit-000000000010.jsonl").chmod(0o600)
    assert broken(check(folder))[0].startswith("0 the last line was never anchored")


@pytest.mark.parametrize("again", [False, True], ids=["before a line", "after a line"])
def test_a_deleted_anchor_is_found(folder: Path, again: bool) -> None:  # noqa: FBT001
    for each in folder.glob(f"{NAME}*"):
        each.unlink()
    if again:
        add(folder)
    assert "the database was deleted or replaced" in broken(check(folder))[0]


def test_an_anchor_without_its_row_is_found(folder: Path) -> None:
    with closing(sqlite3.connect(folder / NAME)) as db:
        db.execute("DELETE FROM anchor")
        db.commit()
    assert "the database was deleted or replaced" in broken(check(folder))[0]


def test_an_older_anchor_that_was_put_back_is_found(folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / NAME, tmp_path / "old.db")
    add(folder, "call", "call", "call")
    shutil.copy(tmp_path / "old.db", folder / NAME)
    assert "or an older database was put back" in broken(check(folder))[0]
    add(folder)
    assert "3 lines after line 9 had not been anchored" in broken(check(folder))[0]


@pytest.mark.parametrize("column", ["count", "head", "file"])
def test_an_anchor_that_holds_nonsense_is_found(folder: Path, column: str) -> None:
    with closing(sqlite3.connect(folder / NAME)) as db:
        db.execute(f"UPDATE anchor SET {column} = x'00ff'")  # noqa: S608
        db.commit()
    assert "the anchor cannot be read" in broken(check(folder))[0]


def test_old_file_and_old_anchor_together_are_found_by_a_head_noted_elsewhere(
    folder: Path, tmp_path: Path
) -> None:
    old = tmp_path / "old"
    shutil.copytree(folder, old)
    add(folder, "agreed", "begin", "end")
    noted = check(folder).head
    shutil.rmtree(folder)
    shutil.copytree(old, folder)
    assert check(folder).whole  # Nothing inside the folder can tell.
    assert check(folder, noted).noted_at == 0
    assert check(folder, check(folder).head[:16]).noted_at == LINES


def test_a_file_that_others_can_write_is_told_with_the_command_that_mends_it(folder: Path) -> None:
    files(folder)[0].chmod(0o666)
    flaw = check(folder).flaws[0]
    assert "open to other users" in flaw.told
    assert flaw.hint == f"chmod 600 {files(folder)[0]}"


def test_a_link_in_the_place_of_a_file_is_not_followed(folder: Path, tmp_path: Path) -> None:
    files(folder)[0].rename(tmp_path / "elsewhere")
    (folder / "audit-000000000001.jsonl").symlink_to(tmp_path / "elsewhere")
    assert "symbolic link" in check(folder).flaws[0].told


def test_reading_makes_nothing_and_changes_nothing(folder: Path) -> None:
    before = {each.name: each.stat().st_mtime_ns for each in folder.glob("audit-*")}
    mark = anchored(folder / NAME)
    check(folder)
    assert {each.name: each.stat().st_mtime_ns for each in folder.glob("audit-*")} == before
    assert anchored(folder / NAME) == mark


def test_where_nothing_was_ever_written_nothing_is_called_whole(tmp_path: Path) -> None:
    assert not check(tmp_path / "nowhere").whole
    assert not (tmp_path / "nowhere").exists()


def test_a_forged_sign_of_the_trail_breaks_no_reader(folder: Path) -> None:
    last = list(lines_of(folder))[-1]
    for kind in ("ahead", "broken", "foreign", "torn", "unanchored", "\x1b[2J", ["a"], None):
        facts: dict[str, Any] = {
            "kind": kind,
            "anchored": [1],
            "found": {"x": {}},
            "bytes": "many",
            "lines": -1,
        }
        line = Line(last.n + 1, "yesterday", "x", "trail", facts, last.hash, "")
        with files(folder)[0].open("ab") as file:
            file.write(sealed(line)[0])
        assert broken(check(folder))
        last = list(lines_of(folder))[-1]


def torn_off(folder: Path, count: int) -> bytes:
    """A tenth line of which only so many bytes came to the disk, as a kill leaves it."""
    piece = forged(list(lines_of(folder))[-1], told="never whole")[:count]
    with files(folder)[0].open("ab") as file:
        file.write(piece)
    return piece


@pytest.mark.parametrize("count", [1, 2, 40, 180])
def test_a_torn_last_line_is_told_as_that_and_the_chain_goes_on(folder: Path, count: int) -> None:
    piece = torn_off(folder, count)
    before = check(folder)
    assert before.whole
    (flaw,) = before.flaws
    assert flaw.told.startswith(f"a line torn off after {count} bytes: its writer was killed")
    add(folder)
    after = check(folder)
    assert (after.whole, after.n) == (True, LINES + 2)
    assert "recorded at 2026" in after.flaws[0].told
    assert piece in files(folder)[0].read_bytes()
    sign = list(lines_of(folder))[-2]
    assert (sign.event, sign.facts["kind"], sign.facts["bytes"]) == ("trail", "torn", count)


def test_zeros_after_a_power_cut_are_a_torn_line(folder: Path) -> None:
    with files(folder)[0].open("ab") as file:
        file.write(b"\0" * 5000)
    add(folder)
    made = check(folder)
    assert made.whole
    assert "5000 bytes" in made.flaws[0].told


def test_a_torn_piece_that_is_changed_after_it_was_recorded_is_found(folder: Path) -> None:
    torn_off(folder, 40)
    add(folder)
    data = files(folder)[0].read_bytes()
    lines = data.splitlines(keepends=True)
    lines[LINES] = lines[LINES][:-2] + b"!\n"
    put(folder, lines)
    assert broken(check(folder))[0].startswith(f"{LINES + 1} this is no line of the trail")


def test_a_line_without_its_end_of_line_is_whole(folder: Path) -> None:
    data = files(folder)[0].read_bytes()
    files(folder)[0].write_bytes(data[:-1])
    assert check(folder).whole
    add(folder)
    made = check(folder)
    assert (made.whole, made.flaws, made.n) == (True, [], LINES + 1)


def test_a_line_whose_writer_ended_before_the_anchor_is_known_by_its_announced_hash(
    folder: Path,
) -> None:
    line = forged(list(lines_of(folder))[-1], told="mine")
    with closing(sqlite3.connect(folder / NAME)) as db:
        db.execute("UPDATE anchor SET next = ?", (read(line).hash,))
        db.commit()
    assert check(folder).whole  # Announced, and never written.
    with files(folder)[0].open("ab") as file:
        file.write(line)
    made = check(folder)
    assert made.whole
    assert made.flaws[0].told == (
        "line 10 was written and not yet anchored: its writer ended between the two"
    )
    add(folder)
    after = check(folder)
    assert (after.whole, after.flaws, after.n) == (True, [], LINES + 2)


def test_after_another_start_of_the_machine_a_power_cut_is_named_beside_another_hand(
    folder: Path,
) -> None:
    with closing(sqlite3.connect(folder / NAME)) as db:
        db.execute("UPDATE anchor SET boot = 'before'")
        db.commit()
    put(folder, rows(folder)[:-2])
    assert "or a power cut" in broken(check(folder))[0]
    add(folder)
    assert any("or a power cut" in each for each in broken(check(folder)))


def test_lines_known_to_be_on_the_disk_are_lost_by_no_power_cut(folder: Path) -> None:
    with closing(opened(folder)) as audit:
        audit.add("begin", {}, durable=True)
    with closing(sqlite3.connect(folder / NAME)) as db:
        db.execute("UPDATE anchor SET boot = 'before'")
        db.commit()
    put(folder, rows(folder)[:-1])
    assert "power" not in broken(check(folder))[0]


def test_thousands_of_flaws_are_counted_and_not_all_told(folder: Path) -> None:
    with files(folder)[0].open("ab") as file:
        file.write(b"x\n" * 5000 + rows(folder)[-1])
    made = check(folder)
    assert len(made.flaws) == 1000
    assert made.more_flaws > 3900
    assert not made.whole


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Windows has no owners of this kind")
def test_a_file_of_another_user_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    me = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: me + 1)
    assert "belongs to another user" in check_or_fault(folder)


def check_or_fault(folder: Path) -> str:
    try:
        return check(folder).flaws[0].told
    except Fault as fault:
        return str(fault)
