"""All stories."""

from tests.stories import houses, neighbours, network, programs, quiet, quieter, workings
from tests.stories.story import Story, named_apart

STORIES: tuple[Story, ...] = tuple(
    named_apart(
        [
            *programs.stories(),
            *workings.stories(),
            *network.stories(),
            *houses.stories(),
            *neighbours.stories(),
            *quiet.stories(),
            *quieter.stories(),
        ]
    )
)
