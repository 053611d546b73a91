"""Every rule fires on its case, stays quiet beside it, and says what to do."""

from typing import Any

import pytest

from fivetabs.core import Rule
from fivetabs.providers.aws import PROVIDER
from fivetabs.providers.aws.shapes.buckets import Block
from tests.providers.aws.rule_cases import CASES, alarm, exposure


def test_every_rule_has_its_cases() -> None:
    assert sorted(CASES) == sorted(rule.code for rule in PROVIDER.rules)


@pytest.mark.parametrize("rule", PROVIDER.rules, ids=lambda r: r.code)
def test_a_rule_fires_and_stays_quiet(rule: Rule[Any]) -> None:
    fires, quiet = CASES[rule.code]
    ((finding, _),) = rule(fires)
    assert finding.code == rule.code
    assert finding.subject.startswith("aws:123456789012")
    assert finding.next_step.words
    assert list(rule(quiet)) == []


def test_a_composite_alarm_names_what_it_follows() -> None:
    rules = {rule.code: rule for rule in PROVIDER.rules}
    rule_text = 'ALARM("a") OR ALARM(arn:aws:cloudwatch:eu-west-1:1:alarm:b)'
    ((finding, _),) = rules["AWS202"](alarm("ALARM", AlarmRule=rule_text))
    assert finding.next_step.words == "It follows a, b."


def test_a_grant_to_everybody_is_public_unless_acls_are_ignored() -> None:
    assert exposure(Block(), acl=("READ",)).public == "yes"
    assert exposure(Block(ignores_acls=True), acl=("READ",)).public == "no"
    assert exposure(Block(ignores_acls=True), policy=True).ways == ("policy",)
