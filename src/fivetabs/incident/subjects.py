"""From a name or plain words to the things they mean, over all houses."""

from collections.abc import Sequence
from dataclasses import dataclass

from fivetabs.core import Match, NotFound, Part, Subject, did_you_mean, written
from fivetabs.core.patterns import Pattern
from fivetabs.core.quoting import unmarked
from fivetabs.incident.folding import Incident
from fivetabs.incident.graph import CLOSED

_SURE = 0.95
_NEAR = 0.15
_FEW = 5
_TELLING = 2
_WORD = Pattern(r"[\w.-]+")


@dataclass(frozen=True, slots=True)
class Meant:
    """The subjects that words mean, the likeliest first, and those that were less likely.

    `guessed`: no word was found in a name; these are what comes nearest to them.
    """

    subjects: tuple[Subject, ...]
    others: tuple[Subject, ...] = ()
    guessed: bool = False


def meant(parts: Sequence[Part], words: str, troubles: Sequence[Incident]) -> Meant:
    """What the words mean; of things that fit equally well, the sick ones.

    Raises:
        NotFound: If they match nothing, with the nearest names; or if they name a thing on another
            target than those that were read, where the nearest name would be another thing.
    """
    own = _of_target(parts, words.strip())
    sick = {name for each in troubles for name in each.subjects()}
    found = [match for part in own for match in part.find(words)]
    found.sort(key=lambda m: (-m.score, str(m.subject) not in sick, str(m.subject)))
    if not found:
        raise _nothing(parts, words)
    best = found[0].score
    close = [m for m in found if m.score >= best - (0.0 if best >= _SURE else _NEAR)]
    ill = [m for m in close if str(m.subject) in sick]
    chosen: list[Match] = ill or close
    subjects = tuple(dict.fromkeys(m.subject for m in chosen))
    rest = tuple(dict.fromkeys(m.subject for m in found if m.subject not in subjects))
    guessed = best < _SURE and not _said(parts, subjects, words)
    return Meant(subjects[:_FEW], (*subjects[_FEW:], *rest)[:_FEW], guessed)


def named_after(thing: str, maker: Subject) -> bool:
    """Whether a thing has the name of another, beside it, in front of its own: as pods have."""
    home = Subject(maker.scheme, maker.target, maker.parts[:-2])
    return thing.startswith(f"{home}/") and thing.rpartition("/")[2].startswith(f"{maker.name}-")


def _of_target(parts: Sequence[Part], words: str) -> Sequence[Part]:
    """The parts to look in: of a subject that is written out only its own target.

    So in a house whose parts are whole targets; an account or a folder has many.
    """
    scheme, _, rest = words.partition(":")
    read = [part for part in parts if part.target.startswith(f"{scheme}:")]
    if scheme not in CLOSED or not read or not rest.partition("/")[2]:
        return parts
    if own := [part for part in read if words.startswith(_starts(part, scheme))]:
        return own
    names = ", ".join(written(part.target) for part in read)
    unread = [f"{part.house}: {part.status}" for part in parts if part.status and not part.unset]
    doubt = f"; not read: {'; '.join(unread)}" if unread else ""
    hint = f"call again with its target, such as target={words.partition('/')[0]}"
    raise NotFound(
        f"{words} is on another target than what was read: {names}{doubt}",
        hint="call again when its target answers" if unread else hint,
    )


def _starts(part: Part, scheme: str) -> tuple[str, str]:
    """How the subjects of a part begin: as they are, and as they are written in an answer."""
    _, _, target = part.target.partition(":")
    return f"{part.target}/", f"{unmarked(str(Subject(scheme, target, ())))}/"


def _said(parts: Sequence[Part], subjects: Sequence[Subject], words: str) -> bool:
    """Whether the words name one of the subjects, in part or by one of its other names."""
    told = [word for word in _WORD.findall(words.lower()) if len(word) >= _TELLING]
    names = " ".join(map(str, subjects)).lower()
    if any(word in names or word.removesuffix("s") in names for word in told):
        return True
    other = (a.lower() for part in parts for a, s in part.aliases.items() if s in subjects)
    return not set(told).isdisjoint(other)


def _nothing(parts: Sequence[Part], words: str) -> NotFound:
    names = {alias for part in parts for alias in part.aliases}
    names |= {
        link.source.name
        for part in parts
        for link in part.links
        if isinstance(link.source, Subject)
    }
    unread = [part.house for part in parts if part.status]
    doubt = f" ({', '.join(unread)} could not be read)" if unread else ""
    return NotFound(
        f"nothing in what could be read matches {words!r}{doubt}",
        hint=did_you_mean(
            words, names, otherwise="get_health_report() shows all that is wrong, by its name"
        ),
    )
