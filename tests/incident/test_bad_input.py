"""Names that are nowhere, and worlds as they should not be: every one is answered."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta

import pytest

from fivetabs.app.calls import App
from fivetabs.app.render import text
from fivetabs.core import Diagnosis, Investigation, Listing, NotFound
from fivetabs.providers.kubernetes.demo import CLOCK, incident
from fivetabs.providers.kubernetes.port import Json
from tests.incident.doors import cluster_of, serving
from tests.large.worlds import world_of
from tests.tokens import estimate

pytestmark = pytest.mark.anyio


async def diagnosed(app: App) -> tuple[Diagnosis, Investigation, Listing]:
    """All three tools, each of which has to answer."""
    report = await app.call("get_health_report", {"budget": 8000})
    asked = await app.call("investigate", {"about": "broken-app"})
    changed = await app.call("get_recent_changes", {"minutes": 240, "budget": 8000})
    assert isinstance(report, Diagnosis)
    assert isinstance(asked, Investigation)
    assert isinstance(changed, Listing)
    return report, asked, changed


async def test_a_name_with_a_slip_is_answered_for_the_nearest_and_says_so() -> None:
    async with serving() as app:
        told = await app.call("investigate", {"about": "storefrnot"})
        named = await app.call("investigate", {"about": "why is storefront slow"})
        by_address = await app.call("investigate", {"about": "what about 10.0.1.11"})
    assert told.summary.startswith("No name is like that; the nearest is k8s:shop-eu/shop/")
    assert "storefront" in told.summary
    assert "No name is like that" not in f"{named.summary} {by_address.summary}"


async def test_a_name_that_is_nothing_like_any_is_answered_with_names_that_are() -> None:
    async with serving() as app:
        with pytest.raises(NotFound) as error:
            await app.call("investigate", {"about": "strfrunt"})
    assert "storefront" in error.value.hint


@pytest.mark.parametrize("about", ["xyzzy plugh", "why is it not working", "%$&", "\N{FIRE}"])
async def test_words_that_match_nothing_lead_to_what_is_wrong(about: str) -> None:
    async with serving() as app:
        with pytest.raises(NotFound) as error:
            await app.call("investigate", {"about": about})
    assert "matches" in str(error.value)
    assert "get_health_report" in error.value.hint


async def test_a_namespace_that_is_not_there_is_well_and_empty_or_not_found() -> None:
    async with serving() as app:
        report = await app.call("get_health_report", {"namespace": "nowhere"})
        with pytest.raises(NotFound):
            await app.call("investigate", {"about": "broken-app", "namespace": "nowhere"})
    assert isinstance(report, Diagnosis)
    assert not any("/default/" in each.subject for each in report.findings)


@pytest.mark.parametrize("minutes", [-90, 30])
async def test_a_cluster_whose_clock_is_another_is_diagnosed(minutes: int) -> None:
    """Behind its own events, all of which lie in its future; or ahead of them."""
    clock = CLOCK + timedelta(minutes=minutes)
    async with serving(kubernetes=cluster_of(incident.objects(), clock)) as app:
        report, asked, changed = await diagnosed(app)
    assert any(f.code == "K8S101" for f in report.findings)
    assert asked.findings[0].code == "K8S101"
    assert changed.rows
    assert not any(
        told in text(each) for each in (report, asked, changed) for told in (" -1", "(-")
    )


def _without(*kinds: str) -> Iterator[Json]:
    return (each for each in incident.objects() if each["kind"] not in kinds)


def _orphans() -> list[Json]:
    made = [deepcopy(each) for each in incident.objects()]
    for each in made:
        each["metadata"].pop("ownerReferences", None)
    return made


async def test_objects_without_owners_are_diagnosed() -> None:
    async with serving(kubernetes=cluster_of(_orphans())) as app:
        report, asked, _ = await diagnosed(app)
    assert any("Pod/broken-app" in f.subject for f in report.findings)
    assert "Pod/broken-app" in asked.findings[0].subject


@pytest.mark.parametrize(
    "gone",
    [
        ("Deployment", "ReplicaSet", "StatefulSet"),
        ("Node",),
        ("Namespace",),
        ("ConfigMap", "PersistentVolumeClaim", "Secret"),
        ("Service", "EndpointSlice"),
        ("Event",),
    ],
    ids=lambda kinds: kinds[0],
)
async def test_what_others_need_may_be_gone_already(gone: tuple[str, ...]) -> None:
    async with serving(kubernetes=cluster_of(list(_without(*gone)))) as app:
        report, asked, _ = await diagnosed(app)
    assert any("broken-app" in f.subject for f in report.findings)
    assert "broken-app" in asked.findings[0].subject


async def test_everything_may_be_on_its_way_out() -> None:
    made = [deepcopy(each) for each in incident.objects()]
    for each in made:
        each["metadata"] |= {
            "deletionTimestamp": "2026-03-12T10:13:55Z",
            "finalizers": ["kubernetes.io/test"],
        }
    async with serving(kubernetes=cluster_of(made)) as app:
        report, _, changed = await diagnosed(app)
    assert report.summary
    assert any("is being deleted" in str(row) for row in changed.rows)


async def test_thousands_of_events_accuse_nobody_and_fit() -> None:
    noisy = world_of("kubernetes", "3,000 long events").provider()
    async with serving(kubernetes=noisy.live) as app:
        report = await app.call("get_health_report", {})
        changed = await app.call("get_recent_changes", {"minutes": 600})
        asked = await app.call("investigate", {"about": "chatty-7"})
    assert isinstance(report, Diagnosis)
    assert isinstance(asked, Investigation)
    mine = [f for f in report.findings if f.subject.startswith("k8s:")]
    assert not [f for f in mine if f.severity != "info"]
    assert asked.summary.startswith("Nothing is wrong with ")
    for answer in (report, changed, asked):
        assert estimate(text(answer)) <= 2000
