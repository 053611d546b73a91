"""Answers within a budget: what stays, what folds, what is counted."""

import json
from random import Random

import pytest

from fivetabs.app.fence import fenced
from fivetabs.app.fitting import CEILING, LEAST, clip, fit, size
from fivetabs.app.render import structured, text
from fivetabs.core import (
    Answer,
    Detail,
    Diagnosis,
    Evidence,
    Finding,
    Listing,
    Log,
    NextStep,
    Severity,
    Table,
    quoted,
)
from tests.braces import written_out
from tests.tokens import estimate

COLUMNS = ("namespace", "name", "status", "restarts", "age", "zone")


def pods(number: int, *, sick: int = 0) -> Listing:
    rows = tuple(
        (
            f"team-{n % 7}",
            f"web-{n % 40}-6c9d8f7b5-{n:05x}",
            "CrashLoopBackOff" if n < sick else "Running",
            n % 3,
            f"{n % 90 + 1}d",
            "eu-west-1a",
        )
        for n in range(number)
    )
    kin = tuple("" if n < sick else f"Deployment/web-{n % 40}" for n in range(number))
    return Listing(
        summary=f"{number} pods",
        columns=COLUMNS,
        rows=rows,
        total=number,
        kin=kin,
        fold_on=("namespace", "status"),
    )


def findings(number: int) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            code=f"K8S{n % 9}01",
            severity=Severity.CRITICAL,
            subject=f"k8s:ctx/team-{n}/Pod/pod-{n}",
            cause=f"container app of Deployment/app-{n} exits 1: it cannot read its configuration",
            evidence=(Evidence(quote=f"FATAL {n} " * 30, source="log"),),
            next_step=NextStep(words="Mend it. Then look again.", tool="describe_pod"),
            affects=2,
            symptoms=(f"k8s:ctx/team-{n}/Pod/other-{n}",),
        )
        for n in range(number)
    )


LARGE: dict[str, Answer] = {
    "listing": pods(5000, sick=60),
    "diagnosis": Diagnosis(summary="300 wrong", findings=findings(300), healthy=("9 pods",)),
    "detail": Detail(
        summary="much",
        facts={f"fact {n}": "value " * 50 for n in range(200)},
        findings=findings(40),
        tables=tuple(
            Table(
                title=f"table {t}", columns=("a", "b"), rows=((t, "x y z " * 60),) * 400, total=400
            )
            for t in range(5)
        ),
        notes=("a long note " * 40,) * 30,
        missing=("a part that could not be read " * 20,) * 30,
    ),
    "log": Log(
        summary="a log",
        source="shop/web/app",
        text="\n".join(f"line {n} " + "word " * (n % 200) for n in range(3000)),
        read=3000,
        matched=3000,
        shown=3000,
    ),
    "one long line": Log(
        summary="a log", source="a", text="x9 " * 500_000, read=1, matched=1, shown=1
    ),
    "one long cell": Listing(
        summary="one", columns=("a", "b"), rows=(("a", "word " * 200_000),), total=1
    ),
    "long summary": Answer(summary="word " * 100_000),
}


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.parametrize("budget", [LEAST, 500, 2000, CEILING])
def test_both_forms_fit_any_budget_and_what_is_missing_is_counted(name: str, budget: int) -> None:
    shown = fenced(fit(LARGE[name], budget), lambda: "1f2e")
    assert estimate(text(shown)) <= budget
    assert estimate(json.dumps(structured(shown), ensure_ascii=False)) <= budget
    assert shown.more is not None
    assert shown.more.left in text(shown)


@pytest.mark.parametrize("name", ["listing", "diagnosis", "detail", "log"])
def test_most_of_a_budget_is_used(name: str) -> None:
    assert size(fit(LARGE[name], 2000)) >= 1200


def test_what_fits_is_left_as_it_is() -> None:
    small = pods(20)
    shown = fit(small, 2000)
    assert shown.more is None
    assert len(shown.rows) == 20


def test_sick_rows_stand_alone_and_well_ones_fold_under_their_owner() -> None:
    shown = fit(pods(700, sick=3), 8000)
    names = [str(row[1]) for row in shown.rows]
    assert names[:3] == [f"web-{n}-6c9d8f7b5-{n:05x}" for n in range(3)]
    assert "Deployment/web-5 x3" in names[3:]
    assert shown.total == 700
    assert shown.more is not None
    assert "rows are folded" in shown.more.left


def test_a_folded_row_gives_the_span_of_numbers_and_ages() -> None:
    shown = fit(pods(700, sick=3), 8000)
    row = next(r for r in shown.rows if str(r[1]).startswith("Deployment/web-3 "))
    columns = dict(zip(shown.columns, row, strict=True))
    assert columns["restarts"] == "0..2"
    assert ".." in str(columns["age"])


def test_a_column_that_says_the_same_in_every_row_is_told_once() -> None:
    shown = fit(pods(20), 2000)
    assert "zone" not in shown.columns
    assert "the same in every row: status: Running, zone: eu-west-1a" in shown.notes


def test_a_value_is_only_called_the_same_when_the_rows_that_are_cut_have_it_too() -> None:
    rows = (*((n, "red") for n in range(3000)), (3000, "green"))
    shown = fit(Listing(summary="s", columns=("n", "colour"), rows=rows, total=3001), 500)
    assert "colour" in shown.columns
    assert not shown.notes


def test_an_empty_column_is_dropped() -> None:
    given = Listing(summary="s", columns=("a", "b"), rows=(("x", ""), ("y", "")), total=2)
    assert fit(given, 2000).columns == ("a",)


def test_sixty_failing_pods_are_all_named_within_the_default_budget() -> None:
    shown = fit(Diagnosis(summary="60 failing", findings=findings(30)), 2000)
    told = text(shown)
    for n in range(30):
        assert f"pod-{n}" in told
        assert f"other-{n}" in told


def test_sixty_pods_of_ten_causes_are_named_with_their_causes_in_both_forms() -> None:
    chance = Random(60)  # noqa: S311

    def part(length: int) -> str:
        return "".join(chance.choices("bcdfghjklmnpqrstvwxz2456789", k=length))

    names = [[f"catalog-{part(10)}-" for _ in range(2)] for _ in range(10)]
    pods = [[stem + part(5) for stem in stems for _ in range(3)] for stems in names]
    many = tuple(
        found.model_copy(
            update={
                "code": f"K8S{n:03}",
                "subject": f"k8s:ctx/team-{n}/Pod/{first}",
                "affects": 6,
                "symptoms": tuple(f"k8s:ctx/team-{n}/Pod/{each}" for each in others),
                "since": "2026-03-12T10:00:00Z",
            }
        )
        for n, (found, (first, *others)) in enumerate(zip(findings(10), pods, strict=True))
    )
    shown = fit(Diagnosis(summary="60 failing", findings=many), 2000)
    for form in (text(shown), json.dumps(structured(shown))):
        told = written_out(form)
        assert [pod for several in pods for pod in several if pod not in told] == []
        assert told.count("exits 1: it cannot read its configuration") == 10


def test_what_room_is_left_goes_to_the_names_of_the_worst() -> None:
    many = tuple(
        found.model_copy(
            update={
                "code": f"K8S{n:03}",
                "affects": 31,
                "symptoms": tuple(f"k8s:ctx/team-{n}/Pod/other-{n}-{m}" for m in range(30)),
            }
        )
        for n, found in enumerate(findings(9))
    )
    shown = fit(Diagnosis(summary="9 failing", findings=many), 1400).findings
    named = [written_out(str(found.symptoms)).count("other-") for found in shown]
    assert named == sorted(named, reverse=True)
    assert named[0] > 1
    assert all(found.symptoms[-1].endswith(" more") for found in shown)


def test_the_worst_finding_comes_first_and_keeps_its_cause() -> None:
    shown = fit(Diagnosis(summary="300 failing", findings=findings(300)), 2000)
    assert shown.findings[0].subject == "k8s:ctx/team-0/Pod/pod-0"
    assert "cannot read its configuration" in shown.findings[0].cause
    assert sum(found.affects for found in shown.findings) == 600


def test_the_newest_lines_of_a_log_stay() -> None:
    shown = fit(LARGE["log"], 2000)
    assert isinstance(shown, Log)
    assert "line 2999" in shown.text
    assert "line 0 " not in shown.text
    assert shown.shown == shown.text.count("\n") + 1


def test_a_cut_quote_is_still_a_quote() -> None:
    for most in range(5, 400, 7):
        cut = clip(f"cause: {quoted('evil words ' * 50)} and more", most)
        shown = fenced(Answer(summary=cut), lambda: "1f2e").summary
        assert shown.count("<data-1f2e>") == shown.count("</data-1f2e>")
        outside = "".join(p.partition("</data-1f2e>")[2] for p in shown.split("<data-1f2e>")[1:])
        assert "evil" not in outside
