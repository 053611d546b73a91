"""Several targets of one house: which may be used, when each is opened afresh, and all at once."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import pytest
from pydantic import ValidationError

from fivetabs.app.calls import App, open_app
from fivetabs.app.connections import Connections
from fivetabs.app.settings import AppSettings
from fivetabs.app.spreading import MOST, merged
from fivetabs.core import (
    Answer,
    Denied,
    Detail,
    Diagnosis,
    Finding,
    Invalid,
    Listing,
    NextStep,
    NotFound,
    Severity,
    Table,
    TimedOut,
    Unavailable,
)
from tests.app.house import Settings, Shelf, house

pytestmark = pytest.mark.anyio
THREE = ("main", "side", "missing")


@asynccontextmanager
async def opened(
    shelf: Shelf,
    targets: tuple[str, ...] = THREE,
    allowed: tuple[str, ...] = (),
    spans: tuple[str, ...] = (),
    **more: Any,
) -> AsyncGenerator[App]:
    marks = count()
    settings = AppSettings(**more).model_copy(update={"targets": allowed})
    given = ({"shelf": Settings()}, lambda: f"m{next(marks)}")
    async with open_app((house(shelf, targets=targets, spans=spans),), settings, *given) as app:
        yield app


async def test_a_target_that_the_owner_did_not_allow_is_refused() -> None:
    async with opened(Shelf(), allowed=("shelf:ma*",)) as app:
        assert (await app.call("list_boxes", {})).target == "shelf:main"
        with pytest.raises(Denied, match="shelf:side may not be used here") as error:
            await app.call("list_boxes", {"target": "side"})
    assert "FIVETABS_TARGETS" in error.value.hint


async def test_a_connection_that_spans_targets_is_refused_unless_all_are_allowed() -> None:
    """Whatever it is called: one target that is read with the others is one that is used."""
    spans = ("shelf:main", "shelf:side")
    async with opened(Shelf(), allowed=("shelf:ma*",), spans=spans) as app:
        with pytest.raises(Denied, match=r"; shelf:side may not be used here") as error:
            await app.call("list_boxes", {})
        assert error.value.hint == "name as target one that may be used: main"
        assert (await app.call("list_boxes", {"target": "main"})).target == "shelf:main"
    async with opened(Shelf(), allowed=("shelf:ma*", "shelf:si*"), spans=spans) as app:
        assert (await app.call("list_boxes", {})).target == "shelf:main"


async def test_a_house_that_no_pattern_names_is_not_limited() -> None:
    async with opened(Shelf(), allowed=("k8s:prod-*",)) as app:
        assert (await app.call("list_boxes", {"target": "side"})).target == "shelf:side"


@pytest.mark.parametrize("pattern", ["prod-*", "kubernetes:prod-*", "k8s:"])
def test_a_pattern_of_a_kind_that_does_not_exist_is_no_setting(pattern: str) -> None:
    with pytest.raises(ValidationError, match="write it like k8s:NAME"):
        AppSettings.model_validate({"targets": [pattern]})


async def test_a_connection_whose_files_have_changed_is_opened_afresh() -> None:
    shelf = Shelf()
    async with opened(shelf) as app:
        await app.call("list_boxes", {})
        await app.call("list_boxes", {})
        assert shelf.opened == 1
        shelf.stale = True
        await app.call("list_boxes", {})
    assert (shelf.opened, shelf.closed) == (2, 2)


async def test_all_targets_answer_at_once_and_the_one_that_fails_is_named() -> None:
    shelf = Shelf()
    async with opened(shelf) as app:
        answer = await app.call("list_boxes", {"target": "all"})
    assert isinstance(answer, Listing)
    assert answer.summary.startswith("2 of 3 targets answer. shelf:main: 2 boxes")
    assert answer.columns[0] == "target"
    assert [row[0] for row in answer.rows] == ["shelf:main"] * 2 + ["shelf:side"] * 2
    assert answer.total == 4
    assert answer.missing == ("missing: not found: no such shelf",)
    assert answer.target == "shelf:main, shelf:side"


async def test_nothing_is_spread_unless_it_is_asked_for() -> None:
    shelf = Shelf()
    async with opened(shelf) as app:
        await app.call("list_boxes", {})
    assert shelf.opened == 1


async def test_a_target_that_is_called_all_is_just_that_one() -> None:
    async with opened(Shelf(), targets=("main", "all")) as app:
        assert (await app.call("list_boxes", {"target": "all"})).target == "shelf:all"


@pytest.mark.parametrize(
    ("tool", "arguments"), [("update_box", {"box": "a"}), ("read_box", {}), ("run_long", {})]
)
async def test_a_change_a_log_and_a_job_never_spread(tool: str, arguments: dict[str, str]) -> None:
    shelf = Shelf()
    async with opened(shelf) as app:
        with pytest.raises(Invalid, match=r"never spreads|one target at a time"):
            await app.call(tool, {**arguments, "target": "all"})
    assert shelf.opened == 0


async def test_of_very_many_targets_the_rest_is_named() -> None:
    names = tuple(f"shelf-{number}" for number in range(MOST + 3))
    async with opened(Shelf(), targets=names, budget=8000) as app:
        answer = await app.call("list_boxes", {"target": "all"})
    assert sum("not asked" in each for each in answer.missing) == 3


async def test_where_no_target_answers_it_is_an_error_that_names_each() -> None:
    shelf = Shelf(broken=True)
    async with opened(shelf) as app:
        with pytest.raises(Unavailable, match="none of 3 targets answers") as error:
            await app.call("list_boxes", {"target": "all"})
    assert "the default target: expired" in str(error.value)


def finding(subject: str, severity: Severity) -> Finding:
    step = NextStep(words="mend it")
    return Finding(code="K8S101", severity=severity, subject=subject, cause="c", next_step=step)


def test_findings_of_all_targets_stand_worst_first_and_facts_name_their_target() -> None:
    mild, bad = finding("k8s:a/x", Severity.WARNING), finding("k8s:b/x", Severity.CRITICAL)
    told = (
        ("k8s:a", Diagnosis(summary="one", findings=(mild,), healthy=("3 pods",))),
        ("k8s:b", Diagnosis(summary="two", findings=(bad,), healthy=("4 pods",), missing=("m",))),
        ("k8s:c", TimedOut("silent")),
    )
    answer = merged(told)
    assert isinstance(answer, Diagnosis)
    assert [each.subject for each in answer.findings] == ["k8s:b/x", "k8s:a/x"]
    assert answer.healthy == ("k8s:a: 3 pods", "k8s:b: 4 pods")
    assert answer.missing == ("k8s:c: timed out: silent", "k8s:b: m")


def test_tables_of_one_title_become_one() -> None:
    def detail(name: str) -> Answer:
        table = Table(title="pods", columns=("name",), rows=((name,),), total=1)
        return Detail(summary=name, facts={"pods": 1}, tables=(table,))

    answer = merged((("k8s:a", detail("x")), ("k8s:b", detail("y"))))
    assert isinstance(answer, Detail)
    (table,) = answer.tables
    assert table.rows == (("k8s:a", "x"), ("k8s:b", "y"))
    assert table.total == 2
    assert answer.facts == {"k8s:a pods": 1, "k8s:b pods": 1}


async def test_a_demo_world_has_one_target() -> None:
    async with opened(Shelf(), demo=True) as app:
        assert (await app.call("list_boxes", {"target": "all"})).target == "shelf:main"


def test_what_is_not_there_is_not_found() -> None:
    with pytest.raises(Unavailable, match="a: not found: gone"):
        merged((("a", NotFound("gone")),))


async def test_a_pattern_without_a_star_is_no_cluster_of_a_longer_name() -> None:
    connections = Connections(
        demo=False, settings={}, open_seconds=1, allowed=("k8s:prod", "aws:1")
    )
    connections.check("k8s:prod")
    connections.check("aws:1/eu-west-1")
    with pytest.raises(Denied, match="k8s:prod/other may not be used"):
        connections.check("k8s:prod/other")
