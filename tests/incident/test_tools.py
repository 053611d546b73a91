"""The report, the investigation and the changes, over a small estate."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fivetabs.core import (
    Answer,
    AnyTool,
    Change,
    Closer,
    Estate,
    Evidence,
    NotFound,
    Part,
    Subject,
    Told,
)
from fivetabs.incident.tools.changes import get_recent_changes
from fivetabs.incident.tools.investigations import investigate
from fivetabs.incident.tools.reports import get_health_report
from tests.incident.test_folding import APP
from tests.incident.world import (
    CONFIG,
    DB_POD,
    DEPLOYMENT,
    NODE,
    NOW,
    POD,
    Small,
    cloud,
    cluster,
    finding,
)

pytestmark = pytest.mark.anyio

SICK = cluster(finding("K4", POD, ago=9), finding("K5", DB_POD, ago=10), links=APP)
HANGING = Part("AWS", status="timed out: AWS was not read within 8 s", hint="is the VPN up?")
UNSET = Part("Docker", status="not configured: no socket", hint="start Docker", unset=True)


def changed(subject: Subject, minutes: int, what: str) -> Change:
    return Change(subject, NOW - timedelta(minutes=minutes), what, "test")


async def test_the_report_gives_the_verdict_and_what_is_well() -> None:
    told = await get_health_report.run(Small((SICK, cloud())))
    assert told.summary == "1 incident (1 critical); worst: K5 of db-0."
    assert [f.code for f in told.findings] == ["K5"]
    assert told.healthy == ("Kubernetes: 3 pods", "AWS: 4 instances")


async def test_a_house_that_hangs_is_named_and_the_others_are_told_in_full() -> None:
    told = await get_health_report.run(Small((SICK, HANGING)))
    assert [f.code for f in told.findings] == ["K5"]
    assert told.missing == ("AWS: timed out: AWS was not read within 8 s (is the VPN up?)",)
    assert "could not be checked" in told.summary


async def test_all_well_is_never_said_over_a_part_that_was_not_read() -> None:
    told = await get_health_report.run(Small((cluster(missing=("Ingresses: denied",)), HANGING)))
    assert told.summary == (
        "Nothing is wrong in what was checked (Kubernetes); parts could not be checked, see below."
    )
    assert "Kubernetes: Ingresses: denied" in told.missing


async def test_a_house_that_is_not_set_up_is_a_note_and_no_gap() -> None:
    told = await get_health_report.run(Small((cluster(), UNSET)))
    assert told.summary == "Nothing is wrong in what was checked (Kubernetes)."
    assert told.missing == ()
    assert told.notes == ("Docker is not set up here: not configured: no socket",)


async def test_nothing_read_at_all_is_not_health() -> None:
    told = await get_health_report.run(Small((HANGING,)))
    assert told.summary.startswith("Nothing could be checked")


async def test_a_house_that_refused_everything_is_not_among_the_healthy() -> None:
    refused = replace(cluster(missing=("pods: denied: no",)), house="AWS")
    refused = replace(refused, survey=replace(refused.survey, healthy=()))
    told = await get_health_report.run(Small((cluster(), refused)))
    assert told.summary.startswith("Nothing is wrong in what was checked (Kubernetes);")
    assert told.healthy == ("Kubernetes: 3 pods",)
    told = await get_health_report.run(Small((refused,)))
    assert told.summary.startswith("Nothing could be checked")


@pytest.mark.parametrize("tool", [get_health_report, investigate, get_recent_changes])
async def test_where_nothing_is_set_up_every_answer_says_so_and_what_sets_it_up(
    tool: AnyTool[Estate],
) -> None:
    unset = (UNSET, replace(UNSET, house="Terraform", hint="allow a folder"))
    untold = tuple(Told(p.house, status=p.status, hint=p.hint, unset=True) for p in unset)
    told = await tool.run(Small(unset, untold=untold))
    assert isinstance(told, Answer)
    assert told.summary == "Nothing could be checked: none of Docker, Terraform is set up here."
    assert told.notes == (
        "Docker is not set up here: not configured: no socket (start Docker)",
        "Terraform is not set up here: not configured: no socket (allow a folder)",
    )


async def test_a_search_where_nothing_could_be_read_does_not_deny_that_the_thing_exists() -> None:
    told = await investigate.run(Small((HANGING,)), about="api-1")
    assert told.summary.startswith("Nothing could be checked")
    assert told.missing == ("AWS: timed out: AWS was not read within 8 s (is the VPN up?)",)


@pytest.mark.parametrize("about", ["k8s:other/shop/Pod/api-1", " k8s:ctx-2/shop/Pod/api-1"])
async def test_a_thing_on_a_target_that_was_not_read_is_not_taken_for_another(about: str) -> None:
    with pytest.raises(NotFound, match="is on another target than what was read: k8s:ctx") as error:
        await investigate.run(Small((SICK, cloud())), about=about)
    assert error.value.hint.endswith(f"target={about.strip().partition('/')[0]}")


@pytest.mark.parametrize("about", ["docker: api-1", "k8s:api-1", "api-1: why?", "tf:infra/x"])
async def test_words_with_a_colon_in_them_are_just_words(about: str) -> None:
    with pytest.raises(NotFound, match="nothing in what could be read matches"):
        await investigate.run(Small((SICK, cloud())), about=about)


async def test_an_investigation_of_a_symptom_ends_at_its_cause_with_the_chain() -> None:
    told = await investigate.run(Small((SICK, cloud())), about="api-1")
    assert told.summary == "K4 of api-1. The cause: K5 of db-0."
    assert told.findings[0].subject == str(DB_POD)
    assert told.chain[0].startswith("Pod/api-1 -> ")


async def test_a_change_on_the_path_shortly_before_the_onset_is_the_suspect() -> None:
    changes = (
        Change(NODE, NOW - timedelta(minutes=14), "type changed", "trail", "dana", "m5", "t3"),
        changed(DB_POD, 11, "created"),
        changed(DEPLOYMENT, 2, "scaled"),
    )
    told = await investigate.run(Small((SICK,), changes), about="api-1")
    assert told.summary.endswith(
        f"Suspect: type changed (m5 -> t3) by dana on {NODE} at 2026-03-12T10:00:00Z, "
        "4m before it began."
    )


async def test_what_depends_on_something_sick_is_told_of_it() -> None:
    part = cluster(finding("K7", NODE, ago=30), links=APP)
    told = await investigate.run(Small((part,)), about="db-0")
    assert told.findings[0].code == "K7"


async def test_a_closer_look_adds_evidence_and_may_name_another_cause() -> None:
    part = cluster(finding("K4", POD, ago=9), links=APP)
    closer = Closer(
        evidence=(Evidence(quote="FATAL no settings", source="log"),),
        findings=(finding("K9", CONFIG, ago=10, basic=True),),
    )
    world = Small((part,), closer={POD: closer})
    told = await investigate.run(world, about="api-1")
    assert world.looked == [POD]
    assert told.findings[0].code == "K9"
    assert "seen K4" in [e.quote for e in told.findings[0].evidence]


async def test_without_a_subject_the_worst_incident_is_investigated() -> None:
    told = await investigate.run(Small((SICK,)))
    assert told.findings[0].code == "K5"


async def test_changes_on_the_path_before_the_onset_come_first() -> None:
    changes = (
        changed(DEPLOYMENT, 2, "scaled"),
        changed(NODE, 14, "cordoned"),
        changed(DEPLOYMENT, 170, "image changed"),
    )
    told = await investigate.run(Small((SICK,), changes), about="api-1")
    assert [row[3] for row in told.tables[0].rows] == ["cordoned", "image changed"]


async def test_nothing_wrong_says_what_was_ruled_out() -> None:
    told = await investigate.run(Small((cluster(links=APP), cloud())), about="api-1")
    assert told.summary == f"Nothing is wrong with {POD} in what was checked."
    assert told.healthy[0].startswith("what it needs, without a finding: ")
    assert "ConfigMap/settings" in told.healthy[0]


async def test_a_name_that_is_nowhere_is_answered_with_the_nearest() -> None:
    with pytest.raises(NotFound) as error:
        await investigate.run(Small((SICK,)), about="api-one")
    assert "api-1" in error.value.hint


async def test_changes_are_told_nearest_to_the_onset_first() -> None:
    changes = (
        changed(DEPLOYMENT, 1, "scaled"),
        changed(NODE, 11, "cordoned"),
        changed(DEPLOYMENT, 50, "image changed"),
    )
    told = await get_recent_changes.run(Small((SICK,), changes), minutes=60)
    assert [row[3] for row in told.rows] == ["cordoned", "image changed", "scaled"]
    assert "nearest first to the onset at 2026-03-12T10:04:00Z" in told.summary


async def test_without_trouble_the_newest_change_comes_first() -> None:
    changes = (changed(DEPLOYMENT, 50, "image changed"), changed(NODE, 11, "cordoned"))
    told = await get_recent_changes.run(Small((cluster(),), changes), minutes=60)
    assert [row[3] for row in told.rows] == ["cordoned", "image changed"]
    assert "newest first" in told.summary
