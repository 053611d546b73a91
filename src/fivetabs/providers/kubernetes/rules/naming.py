"""Labels and names that nearly fit, and how the rules about the estate put what they saw."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from difflib import SequenceMatcher

from fivetabs.core import Evidence, stamp, term
from fivetabs.providers.kubernetes.rules.saying import quote
from fivetabs.providers.kubernetes.shapes.usage import Use
from fivetabs.providers.kubernetes.shapes.wiring import User

_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A user whose pods a selector nearly chooses; `differs` says how, label by label.

    `right` is the selector that chooses them, where it takes no other labels, only other values,
    and no other user is near; empty where it is not as certain.
    """

    user: User
    differs: str
    score: float
    right: Mapping[str, str] = field(default_factory=dict[str, str])


def near_miss(name: str, selector: Mapping[str, str], users: Iterable[User]) -> NearMiss | None:
    """The user that a selector was most likely meant for, if there is one."""
    found = [miss for user in users if not user.idle and (miss := _miss(name, selector, user))]
    best = max(found, key=lambda m: (m.score, str(m.user.owner)), default=None)
    if best is not None and len(found) == 1 and selector.keys() <= best.user.spec.labels.keys():
        return replace(best, right={key: best.user.spec.labels[key] for key in selector})
    return best


def _miss(name: str, selector: Mapping[str, str], user: User) -> NearMiss | None:
    labels = user.spec.labels
    failing = [key for key, value in selector.items() if labels.get(key) != value]
    close = [key for key in failing if _close(key, selector[key], labels)]
    right = len(selector) - len(failing)
    same = user.owner.name == name
    meant = (right and len(failing) == 1) or len(close) == len(failing) or same
    if not meant:
        return None
    told = "; ".join(_told(key, selector[key], labels) for key in failing)
    score = right / len(selector) + len(close) / len(selector) / 2 + same
    return NearMiss(user, told, score)


def _close(key: str, value: str, labels: Mapping[str, str]) -> bool:
    """Whether the label is there by a near value, or its value under another key."""
    have = labels.get(key)
    if have is None:
        return value in labels.values()
    return value in have or have in value or alike(value, have)


def alike(one: str, other: str) -> bool:
    """Whether two names differ by little."""
    return SequenceMatcher(None, one.lower(), other.lower()).ratio() >= _ALIKE


def _told(key: str, value: str, labels: Mapping[str, str]) -> str:
    if key in labels:
        return f"{term(f'{key}={labels[key]}')}, not {term(f'{key}={value}')}"
    others = [term(f"{k}={v}") for k, v in sorted(labels.items()) if v == value]
    wanted = term(f"{key}={value}")
    return f"{' and '.join(others)}, not {wanted}" if others else f"no label {term(key)}"


def pairs_told(labels: Mapping[str, str]) -> str:
    """`app=web,tier=front`."""
    return ",".join(term(f"{key}={value}") for key, value in sorted(labels.items()))


def noted(text: str, source: str, when: datetime | None = None) -> Evidence:
    """Something that an object says, as one quote of evidence."""
    return Evidence(quote=quote(text), source=source, time=stamp(when) if when else "")


def used_by(uses: Iterable[Use]) -> str:
    """At most two uses, as the end of a sentence."""
    told = [use.words for use in uses]
    more = f" and {len(told) - 2} more" if len(told) > 2 else ""  # noqa: PLR2004  (two are shown)
    return f"; {'; '.join(told[:2])}{more}" if told else ""


def listed(words: Iterable[object], most: int = 6) -> str:
    """`a, b, c`; `none` for nothing."""
    told = [str(word) for word in words]
    more = f" and {len(told) - most} more" if len(told) > most else ""
    return f"{', '.join(told[:most])}{more}" if told else "none"
