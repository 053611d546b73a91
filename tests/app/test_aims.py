"""A call about everything that is aimed: at these targets of these houses, and at no other."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

import pytest

from fivetabs import incident
from fivetabs.app import render
from fivetabs.app.calls import App, open_app
from fivetabs.app.settings import AppSettings
from fivetabs.app.spreading import MOST
from fivetabs.core import (
    Change,
    Chart,
    Closer,
    Detail,
    Diagnosis,
    History,
    Invalid,
    Investigation,
    Listing,
    Match,
    Scope,
    Subject,
    Survey,
)
from tests.app.house import NOW, Settings, Shelf, house

pytestmark = pytest.mark.anyio
BOX = Subject("shelf", "main", ("box", "a"))


async def load(shelf: Shelf, _: Scope) -> Shelf:
    return shelf


async def look(_: Shelf, __: Shelf, ___: Subject) -> Closer:
    return Closer()


async def changes(_: Shelf, __: datetime, ___: Scope) -> History:
    return History((Change(BOX, NOW, "filled", "shelf"),), ("boxes",))


CHART: Chart[Shelf, Shelf] = Chart(
    load=load,
    survey=lambda shelf: Survey(healthy=(f"{len(shelf.boxes)} boxes",)),
    links=lambda _: (),
    aliases=lambda _: {},
    find=lambda _, words: (Match(BOX, 1.0),) if words == "a" else (),
    look=look,
    changes=changes,
    checks=lambda: "boxes",
)


@asynccontextmanager
async def opened(
    shelf: Shelf,
    rack: Shelf,
    targets: tuple[str, ...] = ("main", "side", "missing"),
    **more: Any,
) -> AsyncGenerator[App]:
    """Two houses, of which the shelf has several targets and the rack has one."""
    marks = count()
    shelves = replace(house(shelf, targets=targets), chart=CHART)
    racks = replace(house(rack, targets=("main",)), name="rack", title="Rack", scheme="rk")
    racks = replace(racks, chart=CHART, tools=())
    settings, given = AppSettings(**more), {"shelf": Settings(), "rack": Settings()}
    new_mark = lambda: f"m{next(marks)}"  # noqa: E731
    async with open_app((shelves, racks), settings, given, new_mark, (incident.provider,)) as app:
        yield app


async def report(app: App, target: str) -> Diagnosis:
    answer = await app.call("get_health_report", {"target": target} if target else {})
    assert isinstance(answer, Diagnosis)
    return answer


async def test_without_a_target_each_house_is_asked_for_its_default() -> None:
    shelf, rack = Shelf(), Shelf()
    async with opened(shelf, rack) as app:
        answer = await report(app, "")
    assert answer.healthy == ("Shelf: 2 boxes", "Rack: 2 boxes")
    assert (shelf.opened, rack.opened) == (1, 1)


@pytest.mark.parametrize("target", ["shelf:side", " shelf:side ,", "SHELF:side"])
async def test_what_is_aimed_at_one_target_opens_no_other(target: str) -> None:
    shelf, rack = Shelf(), Shelf()
    async with opened(shelf, rack) as app:
        answer = await report(app, target)
    assert answer.target == "shelf:side"
    assert answer.healthy == ("Shelf: 2 boxes",)
    assert (shelf.opened, rack.opened) == (1, 0)


@pytest.mark.parametrize("target", ["rk", "rack", "rk:main"])
async def test_a_house_is_known_by_its_name_and_by_its_scheme(target: str) -> None:
    shelf, rack = Shelf(), Shelf()
    async with opened(shelf, rack) as app:
        answer = await report(app, target)
    assert answer.healthy == ("Rack: 2 boxes",)
    assert shelf.opened == 0


async def test_several_targets_of_one_house_are_told_apart() -> None:
    async with opened(Shelf(), Shelf()) as app:
        answer = await report(app, "shelf, shelf:side, rk")
    assert answer.target == "shelf:main, shelf:side, shelf:main"
    assert answer.healthy == (
        "Shelf (the default target): 2 boxes",
        "Shelf (side): 2 boxes",
        "Rack: 2 boxes",
    )


async def test_one_that_is_named_twice_is_asked_once() -> None:
    shelf = Shelf()
    async with opened(shelf, Shelf()) as app:
        answer = await report(app, "shelf:side, shelf:side")
    assert answer.healthy == ("Shelf: 2 boxes",)


@pytest.mark.parametrize("target", ["all", "shelf:all, rk:all"])
async def test_all_is_every_target_and_one_that_fails_is_named(target: str) -> None:
    async with opened(Shelf(), Shelf()) as app:
        answer = await report(app, target)
    assert len(answer.healthy) == 3
    assert answer.missing == ("Shelf (missing): not found: no such shelf (did you mean 'main'?)",)
    assert "parts could not be checked" in answer.summary


async def test_of_very_many_targets_the_rest_is_said_to_be_left_out() -> None:
    names = tuple(f"shelf-{number}" for number in range(MOST + 3))
    async with opened(Shelf(), Shelf(), names, budget=8000) as app:
        answer = await report(app, "shelf:all")
    assert len(answer.healthy) == MOST
    assert answer.missing == (
        f"Shelf (the rest): failed: 3 more targets were not asked, only {MOST}",
    )


@pytest.mark.parametrize("target", ["side", "k8s:side", "shelf:side, other"])
async def test_words_that_name_no_house_are_refused_before_anything_is_opened(target: str) -> None:
    shelf = Shelf()
    async with opened(shelf, Shelf()) as app:
        with pytest.raises(Invalid, match="names no house") as error:
            await report(app, target)
    assert "shelf" in error.value.hint
    assert shelf.opened == 0


async def test_an_investigation_and_the_changes_are_aimed_in_the_same_way() -> None:
    shelf, rack = Shelf(), Shelf()
    async with opened(shelf, rack) as app:
        found = await app.call("investigate", {"about": "a", "target": "shelf:side"})
        told = await app.call("get_recent_changes", {"target": "shelf:side"})
    assert isinstance(found, Investigation)
    assert isinstance(told, Listing)
    assert (found.target, told.target, told.total) == ("shelf:side", "shelf:side", 1)
    assert rack.opened == 0


async def test_the_doctor_asks_a_target_that_is_named_as_if_it_were_the_default() -> None:
    async with opened(Shelf(), Shelf()) as app:
        answer = await app.call("check_connections", {"target": "shelf:missing"})
    assert isinstance(answer, Detail)
    (found,) = answer.findings
    assert (found.code, found.subject) == ("CON101", "shelf:missing")
    (table,) = answer.tables
    assert table.total == 1


async def test_the_doctor_of_all_asks_every_target() -> None:
    shelf = Shelf()
    async with opened(shelf, Shelf()) as app:
        answer = await app.call("check_connections", {"target": "all"})
    assert isinstance(answer, Detail)
    assert [each.code for each in answer.findings] == ["CON201"]
    (table,) = answer.tables
    assert table.total == 4
    assert shelf.opened == 3


async def test_a_demo_world_that_is_not_there_is_no_other_one() -> None:
    async with opened(Shelf(), Shelf(), demo=True) as app:
        answer = await app.call("check_connections", {"target": "shelf:missing"})
        everything = await report(app, "all")
    assert isinstance(answer, Detail)
    assert [each.code for each in answer.findings] == ["CON101"]
    assert everything.healthy == ("Shelf: 2 boxes", "Rack: 2 boxes")


@pytest.mark.parametrize("tool", ["get_health_report", "check_connections"])
@pytest.mark.parametrize("target", [",", "shelf:", "shelf: ", "all, shelf:side", "rk,shelf:"])
async def test_words_that_name_no_target_are_refused_and_mean_no_default(
    tool: str, target: str
) -> None:
    shelf, rack = Shelf(), Shelf()
    async with opened(shelf, rack) as app:
        with pytest.raises(Invalid, match=r"names no target|among other targets"):
            await app.call(tool, {"target": target})
    assert (shelf.opened, rack.opened) == (0, 0)


@pytest.mark.parametrize("target", ["ALL", "all,", " all "])
async def test_all_is_known_however_it_is_written(target: str) -> None:
    async with opened(Shelf(), Shelf()) as app:
        assert len((await report(app, target)).healthy) == 3


async def test_a_list_that_would_scan_a_network_is_refused() -> None:
    shelf = Shelf()
    async with opened(shelf, Shelf()) as app:
        with pytest.raises(Invalid, match=f"{MOST + 1} targets are too many"):
            await report(app, ",".join(f"shelf:{number}" for number in range(MOST + 1)))
    assert shelf.opened == 0


async def test_two_names_of_one_target_are_told_once() -> None:
    async with opened(Shelf(), Shelf()) as app:
        answer = await report(app, "shelf, shelf:main")
        changes = await app.call("get_recent_changes", {"target": "shelf, shelf:main"})
    assert answer.target == "shelf:main"
    assert answer.healthy == ("Shelf (the default target): 2 boxes",)
    assert isinstance(changes, Listing)
    assert changes.total == 1


@pytest.mark.parametrize("demo", [True, False])
@pytest.mark.parametrize("tool", ["get_health_report", "get_recent_changes", "check_connections"])
async def test_a_name_with_lines_of_its_own_stays_inside_a_fence(tool: str, demo: bool) -> None:  # noqa: FBT001
    async with opened(Shelf(), Shelf(), demo=demo) as app:
        answer = await app.call(tool, {"target": "shelf, shelf:x\nNOT READ: nothing"})
    text = render.text(answer)
    assert "x" in text
    assert "\nNOT READ: nothing" not in re.sub(r"(?s)<(data-\w+)>.*?</\1>", "", text)


async def test_the_demo_doctor_tells_of_every_target_that_is_named() -> None:
    async with opened(Shelf(), Shelf(), demo=True) as app:
        answer = await app.call("check_connections", {"target": "shelf, shelf:missing, rk"})
    assert isinstance(answer, Detail)
    (table,) = answer.tables
    assert [row[2] for row in table.rows] == ["ready", "not found", "ready"]


async def test_nothing_is_kept_of_the_words_of_a_call() -> None:
    async with opened(Shelf(), Shelf()) as app:
        for name in ("shelf:side", "shelf:other", "rk"):
            await report(app, name)
        kept = [key for key in app.connections.hosts if key[0] == "estate"]
    assert not kept
