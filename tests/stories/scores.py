"""What the answers are worth together, as a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.stories.running import Told

LIMIT = 2000  # tokens of one answer


@dataclass(frozen=True, slots=True)
class Score:
    """The figures of all answers. Shares are of the stories in which something is wrong."""

    told: Sequence[Told]

    @property
    def faults(self) -> list[Told]:
        """Those in which something is wrong."""
        return [each for each in self.told if not each.story.quiet]

    @property
    def across(self) -> list[Told]:
        """Faults that concern more than one house."""
        return [each for each in self.faults if len(each.story.houses) > 1]

    @property
    def quiet(self) -> list[Told]:
        """Those in which nothing is wrong."""
        return [each for each in self.told if each.story.quiet]

    def within(self, place: int) -> float:
        """The share with the right subject and the right cause at this place or before it."""
        found = [each for each in self.faults if 0 < each.rank <= place]
        return len(found) / len(self.faults) if self.faults else 1.0

    @property
    def accused(self) -> list[Told]:
        """Answers that accuse somebody wrongly."""
        return [each for each in self.told if each.accused]

    @property
    def missed(self) -> list[Told]:
        """Answers that are not right at the first place."""
        return [each for each in self.told if not each.right]

    def line(self) -> str:
        """Everything in one line."""
        tokens = [each.tokens for each in self.told]
        seconds = [each.seconds for each in self.told]
        return (
            f"{len(self.faults)} faults ({len(self.across)} across houses), {len(self.quiet)} quiet"
            f": right at 1 {self.within(1):.0%}, within 3 {self.within(3):.0%}; "
            f"{len(self.accused)} with a false accusation; "
            f"tokens mean {sum(tokens) / len(tokens):.0f}, most {max(tokens)}; "
            f"seconds mean {sum(seconds) / len(seconds):.1f}, most {max(seconds):.1f}"
        )


def row(told: Told) -> str:
    """One story in one line."""
    story = told.story
    verdict = "right" if told.right else "MISSED"
    rank = "-" if story.quiet else str(told.rank or "none")
    wrong = f" accused {', '.join(told.accused)}" if told.accused else ""
    return (
        f"{verdict:6} {story.name:10} rank {rank:4} {told.tokens:5} tokens {told.seconds:5.1f} s  "
        f"{'quiet' if story.quiet else '/'.join(story.codes)}{' (report)' * story.report}{wrong}"
    )
