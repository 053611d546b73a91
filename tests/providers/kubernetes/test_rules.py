"""Every rule fires on its case, and stays quiet where it must."""

import pytest

from fivetabs.core import first_of, quoted, run_rules
from fivetabs.providers.kubernetes import PROVIDER
from fivetabs.providers.kubernetes.rules.order import ESTATE_RULES, POD_RULES, WORKLOAD_RULES
from fivetabs.providers.kubernetes.shapes.cases import PodCase, WorkloadCase
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot
from tests.providers.kubernetes.casting import DONE, RECOVERED, WELL
from tests.providers.kubernetes.rule_cases import CASES

RULES = {rule.code: rule for rule in PROVIDER.rules}


def test_every_rule_has_its_two_cases_and_its_place_in_the_order() -> None:
    assert set(CASES) == set(RULES)
    assert {rule.code for rule in (*POD_RULES, *WORKLOAD_RULES, *ESTATE_RULES)} == set(RULES)


@pytest.mark.parametrize("code", sorted(CASES))
def test_the_rule_fires_with_words_of_the_case(code: str) -> None:
    fires, _ = CASES[code]
    found = [finding for finding, _ in RULES[code](fires)]
    assert len(found) == 1
    assert "cart" in found[0].cause
    assert found[0].evidence[0].quote
    assert found[0].next_step.words


@pytest.mark.parametrize("code", sorted(CASES))
def test_the_rule_stays_quiet(code: str) -> None:
    _, quiet = CASES[code]
    assert not list(RULES[code](quiet))


@pytest.mark.parametrize("code", sorted(CASES))
def test_the_most_specific_rule_explains_a_case(code: str) -> None:
    fires, _ = CASES[code]
    if isinstance(fires, Snapshot):
        (finding,) = run_rules(ESTATE_RULES, [fires])
    elif isinstance(fires, PodCase):
        (finding,) = first_of(POD_RULES, [fires])
    else:
        assert isinstance(fires, WorkloadCase)
        (finding,) = first_of(WORKLOAD_RULES, [fires])
    assert finding.code == code


@pytest.mark.parametrize("well", [WELL, RECOVERED, DONE], ids=["running", "recovered", "done"])
def test_the_healthy_are_not_accused(well: PodCase) -> None:
    assert first_of(POD_RULES, [well]) == ()


def test_the_last_words_are_in_the_cause() -> None:
    fires, _ = CASES["K8S102"]
    assert isinstance(fires, PodCase)
    (finding,) = first_of(POD_RULES, [fires])
    assert finding.cause.endswith(quoted("FATAL no licence key"))
    assert finding.next_step.tool == "get_pod_logs"
