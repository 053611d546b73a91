"""Prompt injection through what rules are shown: every message of every rule's evidence."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from importlib import import_module
from typing import Any, cast

import pytest

from fivetabs.app.fence import fenced
from fivetabs.app.redact import Redactor
from fivetabs.cli.houses import PROVIDERS
from fivetabs.core import Diagnosis, Rule
from tests.security.hostile import PAYLOAD, harm_in, marks

RULES = [pytest.param(p.name, rule, id=rule.code) for p in PROVIDERS for rule in p.rules]
# Fields that hold what somebody wrote, as it is: a rule that tells them has to mark them. Words
# that are marked where they are read (reasons, images, tags) are tested through the tools.
FREE = frozenset(
    {
        "message",
        "words",
        "error",
        "swarm_error",
        "output",
        "detail",
        "summary",
        "description",
        "problems",
        "warnings",
        "node_lost",
        "said",
    }
)


@pytest.mark.parametrize(("house", "rule"), RULES)
def test_no_message_in_a_rules_evidence_leaves_its_fence(house: str, rule: Rule[Any]) -> None:
    cases = import_module(f"tests.providers.{house}.rule_cases").CASES
    evidence, _ = cases[rule.code]
    findings = tuple(finding for finding, _ in rule(spoilt(evidence)))
    answer = Redactor(b"a key").answer(Diagnosis(summary="", findings=findings))
    drawn = marks()
    assert not harm_in(fenced(answer, lambda: next(drawn)))


def test_messages_do_arrive() -> None:
    """A rule may stay quiet before a spoilt message; this test rests on those that do not."""
    told = 0
    for each in RULES:
        house, rule = str(each.values[0]), cast("Rule[Any]", each.values[1])
        evidence, _ = import_module(f"tests.providers.{house}.rule_cases").CASES[rule.code]
        told += "zq-end" in repr(list(rule(spoilt(evidence))))
    assert told > len(RULES) // 4


def spoilt(value: Any, name: str = "") -> Any:
    """A copy of evidence with the payload behind every text of a free field."""
    match value:
        case str():
            return f"{value} {PAYLOAD}" if value and name in FREE else value
        case list() | tuple() if type(cast("object", value)) in (list, tuple):
            kind = cast("type[list[Any]]", type(cast("object", value)))
            return kind(spoilt(each, name) for each in cast("list[Any]", value))
        case Mapping():
            pairs = cast("Mapping[Any, Any]", value).items()
            return {key: spoilt(each, name) for key, each in pairs}
        case _ if is_dataclass(value) and not isinstance(value, type):
            given = {f.name: getattr(value, f.name) for f in fields(value) if f.init}
            made = {n: spoilt(each, n) for n, each in given.items()}
            return replace(value, **made)
        case _:
            return value
