"""The ConfigMap, Secret or key that a message of the kubelet says is missing."""

import re
from dataclasses import dataclass
from types import MappingProxyType

from fivetabs.core import Subject, near, term
from fivetabs.core.patterns import Pattern
from fivetabs.providers.kubernetes.shapes.cases import PodCase

_WHOLE = Pattern(r'(configmap|secret)s? "([^"]+)" not found', re.IGNORECASE)
_KEY = Pattern(r"couldn't find key (\S+) in (ConfigMap|Secret) [^/\s]+/(\S+)")
_ITEM = Pattern(r"references non-existent (config|secret) key: (\S+)")
_VOLUME = Pattern(r'for volume "([^"]+)"')
_KINDS = MappingProxyType({"configmap": "ConfigMap", "secret": "Secret"})


@dataclass(frozen=True, slots=True)
class Absent:
    """What is not there: the object itself, or `key` in it."""

    kind: str
    name: str
    key: str = ""


def absent_in(case: PodCase, message: str) -> Absent | None:
    """What a message says is missing, where it says so."""
    if found := _WHOLE.search(message):
        return Absent(_KINDS[found[1].lower()], found[2])
    if found := _KEY.search(message):
        return Absent(found[2], found[3].rstrip("."), found[1])
    item, volume = _ITEM.search(message), _VOLUME.search(message)
    if item and volume:
        kind = "ConfigMap" if item[1] == "config" else "Secret"
        name = _source(case, volume[1], kind)
        return Absent(kind, name, item[2]) if name else None
    return None


def subject_of(case: PodCase, absent: Absent | None) -> Subject | str:
    """The identity of what is missing, so that all that miss it are one trouble."""
    return case.near(absent.kind, absent.name) if absent is not None else ""


def hint(case: PodCase, absent: Absent | None) -> str:
    """What is there instead, as words to add; empty where that was not read."""
    if absent is None or absent.kind != "ConfigMap" or not case.maps:
        return ""
    if absent.key:
        keys = case.maps.get(absent.name, ())
        return f" (it has {', '.join(map(term, keys[:4]))})" if keys else ""
    close = near(absent.name, case.maps)
    return f" (there is {close[0]})" if close else ""


def _source(case: PodCase, volume: str, kind: str) -> str:
    """The object that a volume of this name is made from."""
    named = (r for r in case.pod.spec.references if r.kind == kind and r.via == f"volume {volume}")
    return next((r.name for r in named), "")
