"""Few changes are told, those that may have to do with a trouble, what was decided first."""

from datetime import datetime, timedelta

from fivetabs.core import Change, History, Nature, Subject, Told
from fivetabs.incident.timeline import lately, on_path, ranked, suspect, table
from tests.incident.world import CONFIG, DB_POD, DEPLOYMENT, NODE, NOW, POD, SERVICE

ONSET = NOW - timedelta(minutes=10)
OWN, PATH = (POD, DEPLOYMENT), (NODE, CONFIG)


def changed(  # noqa: PLR0913  (a change has many sides)
    subject: Subject,
    before: float,
    what: str = "edited",
    nature: Nature = Nature.DONE,
    *,
    who: str = "",
    after: str = "",
) -> Change:
    when = ONSET - timedelta(minutes=before)
    return Change(subject, when, what, "test", who, after=after, nature=nature)


def told(*changes: Change) -> tuple[Told, ...]:
    return (Told("Kubernetes", History(changes)),)


def names(changes: list[Change]) -> list[str]:
    return [each.what for each in changes]


def of(*changes: Change) -> list[str]:
    return names(on_path(told(*changes), OWN, PATH, ONSET))


def test_what_is_not_on_the_path_is_not_told() -> None:
    assert of(changed(SERVICE, 1, "elsewhere"), changed(CONFIG, 1, "here")) == ["here"]


def test_what_was_decided_comes_first_and_the_nearest_of_it() -> None:
    assert of(
        changed(NODE, 1, "not ready", Nature.FAILED),
        changed(POD, 9, "older"),
        changed(DEPLOYMENT, 3, "newer"),
    ) == ["newer", "older", "not ready"]


def test_the_trouble_itself_is_not_told_as_a_change() -> None:
    assert of(changed(POD, 0, "BackOff", Nature.FAILED)) == []


def test_what_followed_from_a_decision_is_told_by_the_decision() -> None:
    scaled = changed(DEPLOYMENT, 4, "scaled", Nature.FOLLOWED)
    assert of(scaled, changed(DEPLOYMENT, 4.5, "revision 2")) == ["revision 2"]
    assert of(scaled, changed(DEPLOYMENT, 40, "revision 2")) == ["revision 2", "scaled"]


def test_a_neighbour_that_failed_long_before_has_nothing_to_do_with_it() -> None:
    failed = Nature.FAILED
    assert of(changed(NODE, 40, "x", failed), changed(NODE, 2, "y", failed)) == ["y"]


def test_what_came_long_after_the_onset_is_not_told() -> None:
    assert of(changed(POD, -6, "late"), changed(POD, -4, "soon")) == ["soon"]


def test_a_table_has_five_rows_and_says_how_many_there_are() -> None:
    changes = on_path(told(*(changed(POD, n, f"edit {n}") for n in range(8))), OWN, PATH, ONSET)
    shown = table(changes, ONSET, NOW)
    assert shown is not None
    assert (len(shown.rows), shown.total) == (5, 8)
    assert shown.rows[0][1] == "0s before"


def test_lately_is_newest_first_and_only_on_the_path() -> None:
    changes = told(changed(POD, 9, "older"), changed(POD, 2, "newer"), changed(DB_POD, 1, "other"))
    assert names(lately(changes, OWN)) == ["newer", "older"]


def test_the_suspect_is_of_the_roots_and_was_decided_within_the_hour_before() -> None:
    changes = [
        changed(DEPLOYMENT, 2, "between cause and symptom", who="dana"),
        changed(NODE, 90, "long ago", who="dana"),
        changed(NODE, 5, "drained", who="dana"),
        changed(NODE, 1, "not ready", Nature.FAILED, who="node-controller"),
        changed(NODE, 0.5, "registered", Nature.FOLLOWED, who="node-controller"),
        changed(NODE, -1, "after it", who="dana"),
    ]
    found = suspect(changes, (NODE,), ONSET)
    assert found is not None
    assert found.what == "drained"


def test_a_value_that_was_changed_for_somebody_is_suspect_where_nothing_was_decided() -> None:
    scaled = changed(NODE, 5, "scaled", Nature.FOLLOWED, after="0")
    assert suspect([scaled, changed(NODE, 1, "registered", Nature.FOLLOWED)], (NODE,), ONSET) == (
        scaled
    )


def test_without_an_onset_there_is_no_suspect() -> None:
    assert suspect([changed(NODE, 5)], (NODE,), None) is None


def test_the_changes_of_a_namespace_that_was_asked_for_come_first() -> None:
    changes = told(changed(NODE, 0, "near"), changed(POD, 50, "inside"))
    assert names(ranked(changes, ONSET, "shop")) == ["inside", "near"]
    assert names(ranked(changes, ONSET)) == ["near", "inside"]


def test_times_that_lie_in_the_future_are_told_and_break_nothing() -> None:
    """A backend whose clock runs ahead of ours."""
    ahead = NOW + timedelta(hours=3)
    change = Change(POD, ahead, "from tomorrow", "test")
    later: datetime = ahead + timedelta(minutes=1)
    (one,) = on_path(told(change), OWN, PATH, later)
    shown = table([one], None, NOW)
    assert shown is not None
    assert shown.rows[0][1] == "0s"
