"""All stories."""

from tests.stories import network, programs, quiet, workings
from tests.stories.story import Story, named_apart

STORIES: tuple[Story, ...] = tuple(
    named_apart([*programs.stories(), *workings.stories(), *network.stories(), *quiet.stories()])
)
