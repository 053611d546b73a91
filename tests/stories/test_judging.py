"""Answers are judged strictly, and the stories are as many and as neutral as they should be."""

from typing import Any

import pytest

from tests.stories.catalogue import STORIES
from tests.stories.pages import page
from tests.stories.running import judged
from tests.stories.scores import Score
from tests.stories.story import BYSTANDER, Story

STORY = Story(
    "field", (), "aster", subjects=("/Pod/aster-",), codes=("K8S301",), words=("settings",)
)
QUIET = Story("field", (), "aster")


def finding(code: str, name: str, cause: str, severity: str = "critical") -> dict[str, Any]:
    subject = f"k8s:rig/field/{name}"
    return {"code": code, "severity": severity, "subject": subject, "cause": cause, "symptoms": []}


def answer(*findings: dict[str, Any]) -> dict[str, Any]:
    return {"findings": list(findings)}


RIGHT = finding("K8S301", "Pod/aster-1", "the ConfigMap settings does not exist")


def test_the_right_cause_of_the_right_subject_is_right() -> None:
    assert judged(STORY, "", answer(RIGHT), 0.0).right


@pytest.mark.parametrize(
    "wrong",
    [
        finding("K8S301", "Pod/briar-1", "the ConfigMap settings does not exist"),
        finding("K8S102", "Pod/aster-1", "the ConfigMap settings does not exist"),
        finding("K8S301", "Pod/aster-1", "the ConfigMap other does not exist"),
    ],
    ids=["subject", "code", "words"],
)
def test_a_wrong_subject_code_or_cause_is_wrong(wrong: dict[str, Any]) -> None:
    assert judged(STORY, "", answer(wrong), 0.0).rank == 0


def test_the_right_cause_at_the_second_place_is_within_three_and_not_first() -> None:
    other = finding("K8S102", "Pod/aster-1", "exits with 1")
    told = judged(STORY, "", answer(other, RIGHT), 0.0)
    assert (told.rank, told.right) == (2, False)
    assert (Score([told]).within(1), Score([told]).within(3)) == (0.0, 1.0)


def test_to_accuse_the_bystander_spoils_a_right_answer() -> None:
    wrong = finding("K8S102", f"Pod/{BYSTANDER}-1", "exits with 1", "warning")
    told = judged(STORY, "", answer(RIGHT, wrong), 0.0)
    assert told.rank == 1
    assert not told.right


def test_where_nothing_is_wrong_only_a_remark_is_allowed() -> None:
    remark = finding("K8S822", "Job/aster", "is suspended", "info")
    assert judged(QUIET, "", answer(remark), 0.0).right
    assert not judged(QUIET, "", answer(RIGHT), 0.0).right


def test_the_page_lists_what_was_missed() -> None:
    text = page(Score([judged(STORY, "no idea", answer(), 0.0)]))
    assert "`field` (wanted K8S301 not told). First was: no idea" in text


def test_there_are_as_many_stories_as_promised() -> None:
    faults = [story for story in STORIES if not story.quiet]
    assert len(faults) >= 30
    assert len([story for story in faults if len(story.houses) > 1]) >= 10
    assert len(STORIES) - len(faults) >= 8
