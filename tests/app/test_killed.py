"""Killed with signal 9 at every moment of a change: the record tells truly what was done."""

import subprocess
import sys
from pathlib import Path

from fivetabs.app.course import told_again
from fivetabs.app.store.accounts import told_of
from fivetabs.app.store.approvals import Approvals
from fivetabs.app.store.checking import check, lines
from tests.app.filling import KEY

LATER = 60.0
BOXES = ("a", "b")


def test_the_record_is_true_wherever_the_process_was_killed(tmp_path: Path) -> None:
    command = (sys.executable, "-m", "tests.app.filling", str(tmp_path))
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert int(done.stdout) > 20
    for moment in range(1, int(done.stdout) + 2):
        _is_true(tmp_path / str(moment))


def _is_true(folder: Path) -> None:
    really = [box for box in BOXES if (folder / f"box-{box}").exists()]
    made = check(folder, "")
    assert made.whole or not made.lines, made
    account = told_of(lines(folder, about=KEY), KEY)
    done = [BOXES[s.number - 1] for s in account.steps if s.state == "done"]
    doubtful = [BOXES[step.number - 1] for step in account.unknown]
    assert set(done) <= set(really) <= {*done, *doubtful}, (folder.name, account.told)
    now = [0.0]
    approvals = Approvals(folder / "approvals.db", 600, lambda: now[0], str)
    request = approvals.find(KEY)
    if request is None or not request.spent:
        assert not really
        return
    told = told_again(request, request.beat + LATER)
    assert told.state in {"interrupted", "done"}
    kept = len(told.steps)
    assert kept <= len(really) <= kept + ("it may be done or not" in " ".join(told.notes))
