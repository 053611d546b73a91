"""What the trail says of a change: done, not done, or not to be known."""

from collections.abc import Iterator
from typing import Any

import pytest

from fivetabs.app.store.accounts import Stage, told_of
from fivetabs.app.store.lines import Line

TIME = "2026-03-12T10:14:{:02}.000Z"
Events = tuple[tuple[str, dict[str, Any]], ...]
ASKED: Events = (
    ("plan", {"tool": "restart_deployment", "target": "prod", "summary": "Restart web"}),
    ("asked", {"way": "terminal"}),
)
AGREED: Events = (*ASKED, ("agreed", {"who": "ada", "way": "terminal"}))
BEGUN: Events = (*AGREED, ("begin", {"digest": "d1", "steps": 3}))


def step(number: int, state: str, told: str = "") -> tuple[str, dict[str, Any]]:
    return ("step", {"number": number, "of": 3, "state": state, "told": told})


def lines(events: Events, change: str = "c0ffee") -> Iterator[Line]:
    for n, (event, facts) in enumerate(events, 1):
        own = facts if event == "trail" else {"id": change, **facts}
        yield Line(n, TIME.format(n), "5e7f01", event, own, "", "")


def told(events: Events) -> str:
    return told_of(lines(events), "c0ffee").told


def test_nothing_is_told_of_a_change_that_is_not_recorded() -> None:
    account = told_of(lines(BEGUN), "0ther5")
    assert (account.stage, account.steps) == (Stage.UNHEARD, ())
    assert account.told == "Nothing is recorded of a change '0ther5'."


@pytest.mark.parametrize(
    ("events", "stage", "says"),
    [
        (ASKED[:1], Stage.PLANNED, "nobody was asked"),
        (ASKED, Stage.PLANNED, "a person was asked at 2026-03-12T10:14:02.000Z"),
        (
            (*ASKED, ("declined", {"who": "ada", "way": "terminal"})),
            Stage.DECLINED,
            "ada declined at 2026-03-12T10:14:03.000Z (terminal)",
        ),
        (
            (*AGREED, ("refused", {"why": "the world moved"})),
            Stage.DECLINED,
            "refused at 2026-03-12T10:14:04.000Z: the world moved",
        ),
        (AGREED, Stage.AGREED, "though ada agreed"),
        (BEGUN, Stage.BEGUN, "None of 3 steps was begun: nothing was done"),
    ],
)
def test_what_was_not_begun_was_not_done(events: Events, stage: Stage, says: str) -> None:
    account = told_of(lines(events), "c0ffee")
    assert account.stage is stage
    assert "nothing was done" in account.told
    assert says in account.told


def test_a_step_without_an_end_may_or_may_not_have_been_carried_out() -> None:
    events = (*BEGUN, step(1, "begun"), step(1, "done"), step(2, "begun"))
    account = told_of(lines(events), "c0ffee")
    assert account.stage is Stage.BEGUN
    assert [each.state for each in account.steps] == ["done", "begun", ""]
    assert [each.number for each in account.unknown] == [2]
    assert account.told == (
        "ada agreed at 2026-03-12T10:14:03.000Z (terminal). "
        "Begun at 2026-03-12T10:14:04.000Z by server 5e7f01. "
        "Step 1 of 3 was done; step 2 of 3 was begun at 2026-03-12T10:14:07.000Z and its end is "
        "not recorded: it may or may not have been carried out; look with the tool that reads what "
        "it changes; step 3 was not begun. "
        "The end of the change is not recorded: it is under way still, or its server ended."
    )


def test_the_plan_names_the_read_that_shows_what_became_of_it() -> None:
    plan = ("plan", {"check": "list_pods(namespace='shop')"})
    assert "look with list_pods(namespace='shop')" in told((plan, *BEGUN[2:], step(1, "begun")))


def test_all_steps_done_and_no_end_is_told_as_both() -> None:
    done = tuple(step(n, state) for n in (1, 2, 3) for state in ("begun", "done"))
    account = told_of(lines((*BEGUN, *done)), "c0ffee")
    assert "All 3 steps were done. The end of the change is not recorded" in account.told


def test_a_change_that_ended_tells_its_end_and_how_it_turned_out() -> None:
    done = tuple(step(n, state) for n in (1, 2, 3) for state in ("begun", "done"))
    seen = ("verified", {"turn": "failing", "told": "still the same cause."})
    account = told_of(lines((*BEGUN, *done, ("end", {"state": "done"}), seen)), "c0ffee")
    assert (account.stage, account.state, account.turn) == (Stage.ENDED, "done", "failing")
    assert account.told.endswith(
        "Ended at 2026-03-12T10:14:11.000Z, done. "
        "Looked at since, 2026-03-12T10:14:12.000Z: failing: still the same cause."
    )


@pytest.mark.parametrize("failed", [(), (step(2, "failed", "denied"),)])
def test_a_change_that_failed_tells_how_far_it_came(failed: Events) -> None:
    end = ("end", {"state": "failed", "told": "denied: no right to patch"})
    events = (*BEGUN, step(1, "begun"), step(1, "done"), step(2, "begun"), *failed, end)
    account = told_of(lines(events), "c0ffee")
    assert "Step 1 of 3 was done; step 2 of 3 " in account.told
    assert "step 3 was not begun" in account.told
    assert "failed: denied: no right to patch" in account.told
    assert "All 3" not in account.told


def test_a_record_that_is_not_whole_in_the_middle_is_a_doubt() -> None:
    events = (*BEGUN, step(1, "begun"), ("trail", {"kind": "torn"}))
    account = told_of(lines(events), "c0ffee")
    assert account.doubt == "line 6 says that the record before it is not whole"
    assert account.told.endswith("But line 6 says that the record before it is not whole.")


def test_a_change_begun_twice_is_told_as_that() -> None:
    assert "It was begun 2 times" in told((*BEGUN, BEGUN[-1]))


def test_a_step_without_agreement_is_told_as_that() -> None:
    account = told_of(lines((step(1, "begun"),)), "c0ffee")
    assert "No agreement of anybody is recorded. Its beginning is not recorded." in account.told


@pytest.mark.parametrize("number", [None, "2", -1, 10**12, 1.5, [1]])
def test_a_forged_step_breaks_no_reader(number: object) -> None:
    events = (*BEGUN, ("step", {"number": number, "of": number, "state": ["done"]}))
    assert len(told_of(lines(events), "c0ffee").steps) == 3


def test_other_changes_in_between_are_other_changes() -> None:
    mixed = [*lines(BEGUN), *lines((*BEGUN, step(1, "begun"), step(1, "done")), "0ther5")]
    assert "None of 3 steps was begun" in told_of(mixed, "c0ffee").told
    assert "Step 1 of 3 was done" in told_of(mixed, "0ther5").told
