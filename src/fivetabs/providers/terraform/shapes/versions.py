"""Versions of Terraform, and the constraints by which a configuration asks for one.

Source: https://developer.hashicorp.com/terraform/language/expressions/version-constraints
"""

import re
from collections.abc import Callable, Mapping
from operator import eq, ge, gt, le, lt, ne
from types import MappingProxyType

OLDEST = (0, 15, 3)
"""`terraform plan -json`, which every plan here is made with, came with 0.15.3."""

Version = tuple[int, int, int]
_NUMBER = re.compile(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?")
_CONSTRAINT = re.compile(r"\s*(=|!=|>=|<=|>|<|~>)?\s*v?(\d+(?:\.\d+){0,2})\s*")
_REQUIRED = re.compile(r'^[ \t]*required_version[ \t]*=[ \t]*"([^"\n]+)"', re.MULTILINE)
_SIGNS: Mapping[str, Callable[[Version, Version], bool]] = MappingProxyType(
    {"=": eq, "!=": ne, ">=": ge, "<=": le, ">": gt, "<": lt}
)


def parse_version(text: str) -> Version | None:
    """`1.9.5`, `v1.9`; what follows (`-beta1`) does not count. None for anything else."""
    told = _NUMBER.match(text)
    return (int(told[1]), int(told[2] or 0), int(told[3] or 0)) if told else None


def required_in(source: str) -> tuple[str, ...]:
    """The constraints that the text of a configuration file sets for Terraform itself."""
    return tuple(_REQUIRED.findall(source))


def satisfies(version: Version, constraint: str) -> bool:
    """Whether a version is one of those asked for; what cannot be read asks for nothing."""
    told = [_CONSTRAINT.fullmatch(each) for each in constraint.split(",")]
    return all(_holds(version, each[1] or "=", each[2]) for each in told if each)


def _holds(version: Version, sign: str, wanted: str) -> bool:
    bound = parse_version(wanted) or (0, 0, 0)
    if sign == "~>":
        kept = max(1, wanted.count("."))
        return version >= bound and version[:kept] == bound[:kept]
    return _SIGNS[sign](version, bound)
