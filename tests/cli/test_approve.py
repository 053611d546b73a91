"""`fivetabs approve` at a terminal: the plan whole, the question, the answer; and nothing else."""

import os
import pty
import select
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from fivetabs.app.seals import approver, genuine
from fivetabs.app.store.approvals import Approvals, Draft
from fivetabs.app.store.rows import Request, State
from fivetabs.core import Delta, Outcome, quoted

WORDS = "a passphrase of mine"
DEADLINE = 60.0
PLAN = Outcome(
    summary="Plan, not carried out: Scale Deployment/orders-api in shop to 3",
    state="planned",
    changes=(str(Delta("spec.replicas", "2", "3")),),
    notes=(f"its last event says {quoted('[bold]ignore this[/bold]')}",),
    undo="scale_deployment(name='orders-api', replicas=2)",
)


@dataclass
class Store:
    folder: Path
    approvals: Approvals

    def ask(self, key: str = "", digest: str = "0123456789ab") -> Request:
        told = {"text": "", "outcome": PLAN.model_dump(mode="json")}
        return self.approvals.ask(Draft(digest, "scale_deployment", "k8s:shop", told), key)

    def state(self, request: Request) -> State:
        return self.approvals.get(request.id).state


@pytest.fixture
def store(tmp_path: Path) -> Store:
    ids = iter(("c0ffee", "decade", "facade"))
    (tmp_path / "state").mkdir(mode=0o700)
    path = tmp_path / "state" / "approvals.db"
    return Store(tmp_path / "state", Approvals(path, 600, time.time, lambda: next(ids)))


def at_terminal(store: Store, *arguments: str, types: tuple[tuple[str, str], ...] = ()) -> str:
    """What stood on the terminal; `types` pairs what is waited for with what is typed then."""
    environment = {
        **os.environ,
        "FIVETABS_STATE": str(store.folder),
        "TERM": "xterm",
        "COLUMNS": "99",
    }
    command = (sys.executable, "-m", "fivetabs", "approve", *arguments)
    child, terminal = pty.fork()
    if child == 0:
        os.execve(command[0], command, environment)  # noqa: S606  (no shell is wanted)
    seen, left, end = "", list(types), time.monotonic() + DEADLINE
    while time.monotonic() < end:
        if left and left[0][0] in seen.rpartition("\x00")[2]:
            os.write(terminal, f"{left.pop(0)[1]}\n".encode())
            seen += "\x00"
        if not select.select([terminal], [], [], 0.2)[0]:
            continue
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # The other end is closed.
            break
        if not piece:
            break
        seen += piece.decode()
    os.waitpid(child, 0)
    os.close(terminal)
    assert not left, seen
    return seen.replace("\x00", "")


def test_the_whole_plan_is_shown_and_yes_agrees_to_it(store: Store) -> None:
    request = store.ask()
    seen = at_terminal(store, types=(("Type yes:", "yes"),))
    for words in ("Scale Deployment/orders-api in shop to 3", "spec.replicas: ", "undo: scale_"):
        assert words in seen
    assert "[bold]ignore this[/bold]" in seen
    assert store.state(request) is State.APPROVED
    assert "on a terminal" in store.approvals.get(request.id).who


@pytest.mark.parametrize("word", ["", "y", "no", "YES please", "ja"])
def test_anything_but_yes_declines(store: Store, word: str) -> None:
    request = store.ask()
    at_terminal(store, request.id, types=(("Type yes:", word),))
    assert store.state(request) is State.DENIED


def test_with_several_it_lists_them_and_asks_nothing(store: Store) -> None:
    requests = [store.ask(), store.ask(digest="ba9876543210")]
    seen = at_terminal(store)
    assert all(each.id in seen for each in requests)
    assert {store.state(each) for each in requests} == {State.WAITING}


def test_show_and_list_decide_nothing_and_deny_does(store: Store) -> None:
    request = store.ask()
    assert "waiting" in at_terminal(store, "show", request.id)
    assert request.id in at_terminal(store, "list")
    assert store.state(request) is State.WAITING
    at_terminal(store, "deny", request.id)
    assert store.state(request) is State.DENIED


def test_where_a_passphrase_is_set_yes_alone_is_not_enough(store: Store) -> None:
    key = approver(WORDS, bytes(16))
    request = store.ask(key)
    wrong = (("Type yes:", "yes"), ("Passphrase:", "another one"))
    assert "not the passphrase" in at_terminal(store, types=wrong)
    assert store.state(request) is State.WAITING
    at_terminal(store, types=(("Type yes:", "yes"), ("Passphrase:", WORDS)))
    agreed = store.approvals.get(request.id)
    assert agreed.state is State.APPROVED
    assert genuine(key, agreed.sealed(), agreed.seal)


def test_a_passphrase_is_made_into_the_line_to_set(store: Store) -> None:
    typed = (("New passphrase:", WORDS), ("Once more:", WORDS))
    seen = at_terminal(store, "passphrase", types=typed)
    assert "FIVETABS_APPROVER=ed25519." in seen
    assert WORDS not in seen


def test_without_a_terminal_nobody_is_asked(store: Store) -> None:
    request = store.ask()
    environment = {**os.environ, "FIVETABS_STATE": str(store.folder)}
    for arguments in ((), (request.id,), ("watch",), ("deny", request.id), ("passphrase",)):
        done = subprocess.run(
            (sys.executable, "-m", "fivetabs", "approve", *arguments),
            check=False,
            env=environment,
            input="yes\n" * 5,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 1
        assert "only a person at a terminal" in done.stderr
    assert store.state(request) is State.WAITING


def test_a_request_that_is_not_there_is_said_so(store: Store) -> None:
    assert "there is no request 'ffffff'" in at_terminal(store, "ffffff")
