"""Every rule: one case that fires, one that stays quiet, and the words it finds."""

import pytest
from inline_snapshot import snapshot

from fivetabs.core import Rule, Severity, run_rules
from fivetabs.providers.terraform import PROVIDER
from fivetabs.providers.terraform.rules.holding import HOLDING_RULES
from fivetabs.providers.terraform.rules.plans import PLAN_RULES
from fivetabs.providers.terraform.rules.states import STATE_RULES
from fivetabs.providers.terraform.shapes.plans import Drift
from tests.providers.terraform.rule_cases import CASES, FORCED, RESIZED, change, plan

RULES = {rule.code: rule for rule in PROVIDER.rules}


def causes(code: str) -> list[str]:
    fires, _ = CASES[code]
    return [found.cause for found, _ in RULES[code](fires)]


def test_every_rule_has_its_cases_and_is_run() -> None:
    assert set(CASES) == set(RULES)
    assert {rule.code for rule in (*PLAN_RULES, *STATE_RULES, *HOLDING_RULES)} == set(RULES)


@pytest.mark.parametrize("code", CASES)
def test_a_rule_fires_where_it_should_and_nowhere_else(code: str) -> None:
    fires, quiet = CASES[code]
    assert list(RULES[code](fires))
    assert list(RULES[code](quiet)) == []


@pytest.mark.parametrize("rule", PROVIDER.rules, ids=lambda rule: rule.code)
def test_a_rule_has_a_title_and_a_fix(rule: Rule[object]) -> None:
    assert rule.title
    assert rule.fix


def test_causes_name_the_names_and_numbers_of_the_case() -> None:
    assert {code: causes(code)[0] for code in CASES} == snapshot(
        {
            "TF101": (
                "aws_instance.a was changed (instance_type: m5.large → t3.small) outside "
                "Terraform; this plan would change it back"
            ),
            "TF102": "apply would destroy aws_db_instance.orders: what it holds is lost",
            "TF103": "apply would destroy aws_instance.a",
            "TF104": "apply would replace aws_instance.a: ami forces it",
            "TF105": "runs on apply: aws_instance.a (local-exec)",
            "TF106": "planning failed part of the way: \ue000boom\ue001",
            "TF107": "check.up fails: \ue000it is down\ue001",
            "TF108": "the state is locked by ana@desk for apply since 2026-03-12T10:00:01Z",
            "TF121": "aws_instance.a is tainted (its creation failed, or somebody tainted it)",
            "TF122": "aws_instance.a is deposed: replaced, but the old object was not destroyed",
            "TF123": "check.up failed at the last apply: error",
            "TF124": "the state is locked by ana@desk for apply since 2026-03-12T10:00:01Z",
            "TF125": (
                "the state of infra/shop is locked by ana@desk for apply since "
                "2026-03-11T17:20:11Z (16h ago)"
            ),
            "TF126": (
                "the state of infra/shop is locked by ana@desk for apply since "
                "2026-03-12T10:00:01Z (13m ago)"
            ),
            "TF127": (
                "the state of infra/shop cannot be read: \ue000state snapshot was "
                "created by Terraform v1.14.0, which is newer than current v1.11.4\ue001"
            ),
        }
    )


def test_many_drifted_resources_are_a_few_findings() -> None:
    drifted = tuple(
        Drift(change(f"aws_instance.w[{n}]", "update", fields=RESIZED), "leave") for n in range(300)
    )
    found = run_rules(PLAN_RULES, (plan(drift=drifted),))
    assert len(found) == 4
    assert found[0].cause.startswith("297 more resources were changed outside Terraform")
    assert "this plan leaves it so" in found[1].cause


def test_equal_replacements_fold() -> None:
    forced = tuple(
        change(f"aws_instance.w[{n}]", "replace", fields=FORCED.fields, forced_by=("ami",))
        for n in range(3)
    )
    (found,) = run_rules(PLAN_RULES, (plan(changes=forced),))
    assert found.affects == 3
    assert found.severity is Severity.WARNING
