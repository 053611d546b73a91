"""All stories, told on the rig: the right cause first, and nobody accused who is well."""

import pytest

from tests.rig import Rig
from tests.stories.catalogue import STORIES
from tests.stories.running import attached, tell
from tests.stories.scores import LIMIT, Score, row

pytestmark = [pytest.mark.anyio, pytest.mark.stories]


async def test_the_stories_are_told_right_in_one_call_each(on_rig: Rig) -> None:
    async with attached() as client:
        score = Score([told async for told in tell(on_rig, client, STORIES)])
    missed = "\n".join(map(row, score.missed))
    assert not score.accused, missed
    assert not [told for told in score.told if told.failed], missed
    assert score.within(1) >= 0.9, missed
    assert score.within(3) >= 0.95, missed
    assert max(told.tokens for told in score.told) <= LIMIT
