"""Whether a value is to be hidden, given what its name says."""

import re

from fivetabs.core.secrecy.names import Secrecy
from fivetabs.core.secrecy.values import (
    is_object_name,
    is_placeholder,
    is_random,
    is_reference,
    is_state,
    is_url,
)

_GIVE_NOTHING_AWAY = (is_placeholder, is_reference, is_state, is_url)
_COMPOUND = re.compile(r"[A-Za-z][A-Za-z ]{1,40}=[A-Za-z0-9]")
_SHORTEST_KEY = 3
_LONGEST_WORD = 20


def hides(value: str, said: Secrecy, *, chosen: bool = False, prose: bool = False) -> bool:
    """Whether a value under a name that says so is to be hidden.

    `chosen`: somebody set it, as a variable or a flag, so that even a plain word is a secret.
    `prose`: a sentence may go on after the colon.
    """
    value = value.strip().strip("\"'")
    if said is Secrecy.NONE or any(check(value) for check in _GIVE_NOTHING_AWAY):
        return False
    if said >= Secrecy.KEY:
        short = _SHORTEST_KEY if said is Secrecy.KEY or value.isdigit() else 0
        return len(value) >= short and not (prose and _is_sentence(value))
    if value.replace(".", "").isdigit() or " " in value or _COMPOUND.match(value):
        return False
    if chosen and (said is Secrecy.TOKEN or "-" not in value):
        return True
    if is_object_name(value):
        return False
    return is_random(value, fewest=8) or (said is Secrecy.TOKEN and _is_long_or_numbered(value))


def _is_long_or_numbered(value: str) -> bool:
    return len(value) > _LONGEST_WORD or any(map(str.isdigit, value))


def _is_sentence(value: str) -> bool:
    first, _, rest = value.partition(" ")
    return rest != "" and (is_state(first) or (first.islower() and first.isalpha()))
