"""What the audit trail says was done of a change, and what nobody can know from it. Pure.

A step is recorded as begun, on the disk, before it is carried out, and as done or failed after. So
a step without a beginning was not carried out, and one with a beginning alone may have been or not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, cast

from fivetabs.app.store.lines import Line
from fivetabs.app.store.mending import SIGN

_MOST = 10_000
_DECISIONS = ("agreed", "declined", "refused")


class Stage(StrEnum):
    """How far a change came."""

    UNHEARD = "not recorded"
    PLANNED = "planned"
    DECLINED = "declined"
    AGREED = "agreed"
    BEGUN = "begun, its end not recorded"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class StepTold:
    """The last that is recorded of one step: `begun`, `done`, `failed`, or nothing (empty)."""

    number: int
    state: str = ""
    told: str = ""
    time: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """The story of one change. `told` is the whole of it in sentences.

    `state` is what the end said (`done`, `failed`), `turn` the last verdict, `by` the server that
    carried it out, `doubt` why the record itself may not be whole.
    """

    id: str
    stage: Stage
    told: str
    tool: str = ""
    target: str = ""
    summary: str = ""
    digest: str = ""
    state: str = ""
    turn: str = ""
    by: str = ""
    steps: tuple[StepTold, ...] = ()
    doubt: str = ""

    @property
    def unknown(self) -> tuple[StepTold, ...]:
        """The steps that may or may not have been carried out."""
        return tuple(step for step in self.steps if step.state == "begun")


@dataclass(slots=True)
class _Story:
    """The lines of one change, by event: the first plan, the last of everything else."""

    seen: dict[str, Line] = field(default_factory=dict[str, Line])
    steps: dict[int, StepTold] = field(default_factory=dict[int, StepTold])
    begun: int = 0
    of: int = 0
    gaps: list[str] = field(default_factory=list[str])

    def read(self, line: Line) -> None:
        facts = line.facts
        match line.event:
            case "step":
                number = _number(facts.get("number"))
                told = str(facts.get("told") or "")
                self.steps[number] = StepTold(number, str(facts.get("state")), told, line.time)
                self.of = max(self.of, number, _number(facts.get("of")))
            case "begin":
                self.begun += 1
                self.of = max(self.of, _count(facts.get("steps")))
                self.seen["begin"] = line
            case "plan":
                self.seen.setdefault("plan", line)
            case _:
                self.seen[line.event] = line

    def fact(self, event: str, name: str) -> str:
        """A fact of one event; with `event` empty, of the first one that tells it."""
        seen = [self.seen[event]] if event in self.seen else () if event else self.seen.values()
        return next((str(line.facts[name]) for line in seen if line.facts.get(name)), "")


def told_of(lines: Iterable[Line], change: str) -> Account:
    """Read the events of a change, in the order of the trail.

    The trail's own signs of torn or missing lines are heeded where they stand among them: what is
    missing then may have been told there.
    """
    story = _Story()
    for line in lines:
        if line.event == SIGN and "begin" in story.seen and "end" not in story.seen:
            story.gaps.append(f"line {line.n} says that the record before it is not whole")
        elif line.facts.get("id") == change:
            story.read(line)
    stage = _stage(story)
    steps = tuple(story.steps.get(n, StepTold(n)) for n in range(1, story.of + 1))
    doubt = "; ".join(story.gaps)
    begin = story.seen.get("begin")
    return Account(
        id=change,
        stage=stage,
        told=_told(story, stage, steps, doubt, change),
        tool=story.fact("", "tool"),
        target=story.fact("", "target"),
        summary=story.fact("", "summary"),
        digest=story.fact("begin", "digest") or story.fact("", "digest"),
        state=story.fact("end", "state"),
        turn=story.fact("verified", "turn"),
        by=begin.server if begin else "",
        steps=steps,
        doubt=doubt,
    )


def _stage(story: _Story) -> Stage:
    if "end" in story.seen:
        return Stage.ENDED
    if "begin" in story.seen or story.steps:
        return Stage.BEGUN
    decided = [story.seen[each] for each in _DECISIONS if each in story.seen]
    if decided:
        last = max(decided, key=lambda line: line.n)
        return Stage.AGREED if last.event == "agreed" else Stage.DECLINED
    return Stage.PLANNED if story.seen else Stage.UNHEARD


def _told(story: _Story, stage: Stage, steps: tuple[StepTold, ...], doubt: str, change: str) -> str:
    match stage:
        case Stage.UNHEARD:
            return f"Nothing is recorded of a change {change!r}."
        case Stage.PLANNED:
            asked = story.seen.get("asked")
            waits = f"a person was asked at {asked.time}" if asked else "nobody was asked"
            return (
                f"Not begun, nothing was done: the plan was shown, {waits} and no answer is told."
            )
        case Stage.DECLINED:
            return f"Not begun, nothing was done: {_decision(story)}."
        case Stage.AGREED:
            return f"Not begun, nothing was done, though {_decision(story)}."
        case Stage.BEGUN | Stage.ENDED:
            parts = (_agreement(story), *_beginning(story), _of_steps(steps, story), _ending(story))
            whole = (*parts, f"But {doubt}" if doubt else "")
            return " ".join(f"{each}." for each in whole if each)


def _decision(story: _Story) -> str:
    lines = [story.seen[each] for each in _DECISIONS if each in story.seen]
    last = max(lines, key=lambda line: line.n)
    if last.event == "refused":
        return f"it was refused at {last.time}: {last.facts.get('why')}"
    who, way = last.facts.get("who") or "somebody", last.facts.get("way")
    return f"{who} {last.event} at {last.time}{f' ({way})' if way else ''}"


def _agreement(story: _Story) -> str:
    if "agreed" in story.seen:
        agreed = story.seen["agreed"]
        who, way = agreed.facts.get("who") or "somebody", agreed.facts.get("way")
        return f"{who} agreed at {agreed.time}{f' ({way})' if way else ''}"
    return "No agreement of anybody is recorded"


def _beginning(story: _Story) -> tuple[str, ...]:
    begin = story.seen.get("begin")
    if begin is None:
        return ("Its beginning is not recorded",)
    more = f"It was begun {story.begun} times, the last" if story.begun > 1 else "Begun"
    return (f"{more} at {begin.time} by server {begin.server}",)


def _of_steps(steps: tuple[StepTold, ...], story: _Story) -> str:
    if not steps or all(not step.state for step in steps):
        many = f"none of {len(steps)} steps" if len(steps) > 1 else "no step"
        return f"{_capital(many)} was begun: nothing was done"
    if all(step.state == "done" for step in steps):
        return "Its one step was done" if len(steps) == 1 else f"All {len(steps)} steps were done"
    told = [_of_step(step, len(steps), story) for step in steps if step.state]
    left = [str(step.number) for step in steps if not step.state]
    if left:
        were = f"step {left[0]} was" if len(left) == 1 else f"steps {', '.join(left)} were"
        told.append(f"{were} not begun")
    return _capital("; ".join(told))


def _of_step(step: StepTold, of: int, story: _Story) -> str:
    name = f"step {step.number} of {of}"
    match step.state:
        case "begun" if "end" in story.seen:
            return f"{name} was begun at {step.time} and did not come to its end"
        case "begun":
            check = story.fact("", "check") or "the tool that reads what it changes"
            return (
                f"{name} was begun at {step.time} and its end is not recorded: it may or may not "
                f"have been carried out; look with {check}"
            )
        case "failed":
            return f"{name} failed{f' ({step.told})' if step.told else ''}"
        case _:
            return f"{name} was {step.state}"


def _ending(story: _Story) -> str:
    end, verified = story.seen.get("end"), story.seen.get("verified")
    if end is None:
        told = "The end of the change is not recorded: it is under way still, or its server ended"
    else:
        told = f"Ended at {end.time}, {end.facts.get('state')}{_colon(end.facts)}"
    if verified is not None:
        told += f". Looked at since, {verified.time}: {verified.facts.get('turn')}"
        told += _colon(verified.facts)
    return told


def _colon(facts: Mapping[str, Any]) -> str:
    told = str(facts.get("told") or "").rstrip(".")
    return f": {told}" if told else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _number(value: object) -> int:
    return value if isinstance(value, int) and 0 < value < _MOST else 0


def _count(value: object) -> int:
    """Steps as a number, or as a list of them."""
    if isinstance(value, list | tuple):
        return min(len(cast("list[Any]", value)), _MOST)
    return _number(value)
