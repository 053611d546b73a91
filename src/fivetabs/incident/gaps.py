"""What could not be read, and why: whole houses first, then one line for each house."""

from collections.abc import Iterable, Sequence

from fivetabs.core import STATUSES, Part, Told, shortened
from fivetabs.core.quoting import OPEN

DOUBT = "; parts could not be checked, see below"
_NAMED = 4
_LONGEST, _TELLING = 110, 30


def unread(
    parts: Sequence[Part], histories: Sequence[Told] = (), more: Iterable[str] = ()
) -> tuple[str, ...]:
    """One line for each house of what could not be read; `more` are lines of no house.

    A house that is not set up here is no gap. What could be read neither for the diagnosis nor for
    the changes is told once.
    """
    changes = {told.house: told for told in histories}
    houses = dict.fromkeys((*(p.house for p in parts), *changes))
    known = {part.house: part for part in parts}
    told = (_of(known.get(house), changes.get(house)) for house in houses)
    return (*filter(None, told), *map(_brief, dict.fromkeys(more)))


def was_read(part: Part) -> bool:
    """Whether anything of a house was read: one that opened may still have refused everything."""
    survey = part.survey
    return not part.status and bool(survey.healthy or survey.findings or not survey.missing)


def nothing_read(parts: Sequence[Part | Told]) -> str:
    """What is said instead of an answer when no house at all could be read."""
    names = ", ".join(p.house for p in parts)
    if len(parts) == 1:
        told = "is not set up here" if parts[0].unset else "could not be read, see below"
        return f"Nothing could be checked: {names} {told}."
    if all(p.unset for p in parts):
        return f"Nothing could be checked: none of {names} is set up here."
    return f"Nothing could be checked: none of {names} could be read, see below."


def not_set_up(parts: Sequence[Part | Told]) -> tuple[str, ...]:
    """Houses that are not set up are no gap; what sets them up is told where there is no other."""
    alone = all(p.status for p in parts)
    return tuple(_not_here(p, mend=alone) for p in parts if p.unset)


def _not_here(part: Part | Told, *, mend: bool) -> str:
    told = f"{part.house} is not set up here: {part.status}"
    return f"{told} ({part.hint})" if mend and part.hint else told


def _of(part: Part | None, told: Told | None) -> str:
    house = part.house if part else told.house if told else ""
    if (part and part.unset) or (told and told.unset):
        return ""
    if part and part.status:
        return f"{house}: {part.status}" + (f" ({part.hint})" if part.hint else "")
    known = part.survey.missing if part else ()
    changes = [told.status] if told and told.status else list(told.history.missing if told else ())
    lines = _folded(known)
    lines += [f"changes: {each}" for each in _folded(c for c in changes if c not in known)]
    return f"{house}: {'; '.join(lines)}" if lines else ""


def _folded(lines: Iterable[str]) -> list[str]:
    """Reads that failed in the same way as one, with the first one's reason."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for line in dict.fromkeys(lines):
        what, status, why = _parsed(line)
        groups.setdefault(status or line, []).append((what, why))
    return [_group(status, several) for status, several in groups.items()]


def _parsed(line: str) -> tuple[str, str, str]:
    """`what: status: why`; without a status of ours all of it is `why`."""
    for status in sorted(STATUSES, key=len, reverse=True):
        what, found, why = line.partition(f": {status}: ")
        if found:
            return what, status, why
    return "", "", line


def _group(status: str, several: Sequence[tuple[str, str]]) -> str:
    (what, why), *others = several
    if not what:
        return _brief(why)
    if not others:
        return f"{what}: {status}: {_brief(why)}"
    names = ", ".join(each for each, _ in several[:_NAMED])
    rest = f" and {len(several) - _NAMED} more" if len(several) > _NAMED else ""
    return f"{names}{rest}: {status}, the first: {_brief(why)}"


def _brief(words: str) -> str:
    """Without what a backend added to it, unless that is all there is."""
    own = words.partition(OPEN)[0].rstrip(" :(")
    return shortened(own if len(own) >= _TELLING else words, _LONGEST)
