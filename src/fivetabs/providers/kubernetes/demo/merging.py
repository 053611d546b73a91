"""Strategic merge patches as the API server carries them out on the kinds that may be changed.

The merge keys are those of the API's own types (`patchMergeKey` in k8s.io/api); a list without one
is replaced as a whole.
"""

from collections.abc import Mapping
from copy import deepcopy
from types import MappingProxyType
from typing import Any, cast

from fivetabs.core import Invalid, quoted
from fivetabs.providers.kubernetes.port import Json

_ORDER, _DELETE = "$setElementOrder/", "$deleteFromPrimitiveList/"
_KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "containers": ("name",),
        "initContainers": ("name",),
        "ephemeralContainers": ("name",),
        "env": ("name",),
        "imagePullSecrets": ("name",),
        "volumes": ("name",),
        "ports": ("containerPort", "port"),
        "volumeMounts": ("mountPath",),
        "volumeDevices": ("devicePath",),
        "hostAliases": ("ip",),
        "topologySpreadConstraints": ("topologyKey",),
    }
)


def merge(old: Json, patch: Json) -> Json:
    """The object with a patch merged into it; null takes a field away.

    Raises:
        Invalid: If an element of a list lacks its key.
    """
    made = deepcopy(old)
    for name, value in patch.items():
        if name.startswith("$"):
            _direct(made, name, cast("list[Any]", value))
        elif value is None:
            made.pop(name, None)
        elif isinstance(value, dict):
            made[name] = merge(_part(made.get(name)), cast("Json", value))
        elif isinstance(value, list) and name in _KEYS:
            there = cast("list[Json]", made.get(name) or [])
            made[name] = _merge_lists(name, there, cast("list[Json]", value))
        else:
            made[name] = value
    return made


def _part(value: Any) -> Json:
    return cast("Json", value) if isinstance(value, dict) else {}


def _direct(made: Json, directive: str, told: list[Any]) -> None:
    """A directive that takes scalars out of a list, or says in which order its elements are."""
    field = directive.partition("/")[2]
    there = cast("list[Any]", made.get(field) or [])
    if directive.startswith(_DELETE):
        made[field] = [each for each in there if each not in told]
    elif directive.startswith(_ORDER) and field in _KEYS:
        key = _key_of(field, there)
        names = [each[key] for each in told]
        made[field] = sorted(there, key=lambda e: _place(names, e[key]))


def _place(names: list[Any], name: Any) -> int:
    return names.index(name) if name in names else len(names)


def _key_of(field: str, elements: list[Json]) -> str:
    keys = _KEYS[field]
    return next((key for key in keys if any(key in each for each in elements)), keys[0])


def _merge_lists(name: str, old: list[Json], new: list[Json]) -> list[Json]:
    key = _key_of(name, [*old, *new])
    made: list[Json] = deepcopy(old)
    for each in new:
        if key not in each:
            told = f"map: {each} does not contain declared merge key: {key}"
            raise Invalid(quoted(told))
        at = next((i for i, one in enumerate(made) if one.get(key) == each[key]), None)
        if each.get("$patch") == "delete":
            made = [one for one in made if one.get(key) != each[key]]
        elif at is None:
            made.append({k: v for k, v in each.items() if not k.startswith("$")})
        else:
            made[at] = merge(made[at], each)
    return made
