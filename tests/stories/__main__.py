"""`make eval`: tell every story on the rig and print how the answers fare."""

import argparse
import asyncio
import os
import sys
from pathlib import Path

from tests.rig import Rig
from tests.stories.catalogue import STORIES
from tests.stories.pages import page
from tests.stories.running import Told, attached, tell
from tests.stories.scores import Score, row


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.stories", description=__doc__)
    parser.add_argument("names", nargs="*", help="only these stories, or all of these places")
    parser.add_argument("--write", type=Path, help="the page to write")
    parser.add_argument("--ways", action="store_true", help="ask in plain words and by report too")
    parser.add_argument("--answers", action="store_true", help="print every answer that missed")
    return parser.parse_args()


def _named(name: str, names: list[str]) -> bool:
    """Whether a story is meant: by its name, or with all of its place (`north`)."""
    return name in names or name.partition("-")[0] in names


async def _told(rig: Rig, names: list[str], *, thrice: bool) -> list[Told]:
    chosen = [story for story in STORIES if not names or _named(story.name, names)]
    answers: list[Told] = []
    async with attached() as client:
        async for told in tell(rig, client, chosen, thrice=thrice):
            sys.stdout.write(f"{row(told)}\n")
            sys.stdout.flush()
            answers.append(told)
    return answers


def main() -> int:
    """Run the stories on a rig that is up, or on one that is brought up and taken down again."""
    given = _arguments()
    rig = Rig()
    if reasons := rig.missing():
        sys.stderr.write("".join(f"rig: {reason}\n" for reason in reasons))
        return 2
    own = not rig.environment
    try:
        if own:
            rig.up()
        os.environ.update(rig.environment)
        told = asyncio.run(_told(rig, given.names, thrice=given.ways))
    finally:
        if own:
            rig.down()
    score = Score(told)
    for each in score.missed if given.answers else ():
        sys.stdout.write(f"\n--- {each.story.name}\n{each.text}\n")
    sys.stdout.write(f"{score.line()}\n")
    if given.write:
        given.write.write_text(page(score))
    return 0


if __name__ == "__main__":
    sys.exit(main())
