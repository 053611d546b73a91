"""Check blocks, conditions and assertions, as plans and states carry their results."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fivetabs.providers.terraform.shapes.raw import items, mapping


@dataclass(frozen=True, slots=True)
class Check:
    """A `check`, condition or variable validation. Its status: pass, fail, error or unknown."""

    address: str
    status: str
    problems: tuple[str, ...] = ()


def parse_plan_checks(raw: Iterable[Mapping[str, Any]] | None) -> tuple[Check, ...]:
    """The `checks` of `terraform show -json`."""
    return tuple(
        Check(
            str(mapping(each, "address").get("to_display", "")),
            str(each.get("status", "unknown")),
            tuple(_problems(each)),
        )
        for each in raw or ()
    )


def parse_state_checks(raw: Iterable[Mapping[str, Any]] | None) -> tuple[Check, ...]:
    """The `check_results` of a state file."""
    return tuple(
        Check(
            str(each.get("config_addr", "")),
            str(each.get("status", "unknown")),
            tuple(
                str(message)
                for part in items(each, "objects")
                for message in part.get("failure_messages") or ()
            ),
        )
        for each in raw or ()
    )


def _problems(check: Mapping[str, Any]) -> Iterator[str]:
    for each in items(check, "instances"):
        for problem in items(each, "problems"):
            yield str(problem.get("message", ""))
