"""All stories."""

from tests.stories import houses, network, programs, quiet, workings
from tests.stories.story import Story, named_apart

STORIES: tuple[Story, ...] = tuple(
    named_apart(
        [
            *programs.stories(),
            *workings.stories(),
            *network.stories(),
            *houses.stories(),
            *quiet.stories(),
        ]
    )
)
