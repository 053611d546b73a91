"""Names of many things, in as few tokens as they can be told apart with."""

from collections.abc import Iterator, Sequence

from fivetabs.core.patterns import Pattern
from fivetabs.core.quoting import OPEN

_LAST = 3  # Namespace, kind and name: what comes before them is the target.
_LAST_PART = Pattern(r"[a-z0-9]{1,10}")


def near(subject: str, symptom: str) -> str:
    """A symptom without what it shares with the subject."""
    if OPEN in symptom or OPEN in subject:
        return symptom  # A slash within a quote parts nothing.
    place, _, name = symptom.rpartition("/")
    if not place or subject.startswith(f"{place}/"):
        return name
    ours, theirs = subject.split("/"), symptom.split("/")
    same = len(ours) - _LAST if len(ours) == len(theirs) else 1
    if same > 0 and ours[:same] == theirs[:same]:
        return "/".join(theirs[same:])
    return symptom


def beside(subject: str, other: str, symptom: str) -> str:
    """A short name that was near `other`, as it is called near `subject`."""
    if "/" in symptom or OPEN in other:
        return symptom
    return near(subject, f"{other.rpartition('/')[0]}/{symptom}")


def braced(names: Sequence[str]) -> Iterator[str]:
    """The names, those that differ in their last part alone as a shell writes them."""
    groups: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        stem, mark, last = name.rpartition("-")
        alike = mark and _LAST_PART.fullmatch(last) and OPEN not in name
        groups.setdefault(f"{stem}-" if alike else name, []).append(last if alike else "")
    for stem, lasts in groups.items():
        if len(lasts) == 1:
            yield f"{stem}{lasts[0]}"
        else:
            yield f"{stem}{{{','.join(lasts)}}}"
