"""What is said of a way to a target: each rule fires on one case and stays quiet on another."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from fivetabs.core import (
    Ending,
    Expired,
    Fault,
    Flaw,
    Misconfigured,
    NotConfigured,
    Severity,
    TimedOut,
    Unauthorised,
    Way,
    run_rules,
)
from fivetabs.incident.rules.connections import RULES, Passage

NOW = datetime(2026, 3, 12, 10, 14, tzinfo=UTC)
READY = Way(target="k8s:a", asked=True)


def way(fault: Fault | None = None, **more: object) -> Way:
    return Way(target="k8s:a", fault=fault, **more)  # type: ignore[arg-type]


def ends(left: timedelta) -> tuple[Ending, ...]:
    return (Ending("the token", NOW + left, "renew it", notice=timedelta(hours=1)),)


CASES = {
    "CON101": (way(Misconfigured("no such file", hint="mend it")), way(NotConfigured("nothing"))),
    "CON102": (way(NotConfigured("nothing")), way(Misconfigured("no such file"))),
    "CON103": (way(TimedOut("silent")), READY),
    "CON104": (way(Expired("old")), way(Unauthorised("no"))),
    "CON105": (way(Unauthorised("no")), way(Expired("old"))),
    "CON106": (way(Fault("odd")), way(TimedOut("silent"))),
    "CON201": (way(TimedOut("silent"), default=False), way(TimedOut("silent"))),
    "CON202": (way(ends=ends(timedelta(minutes=5))), way(ends=ends(timedelta(days=5)))),
    "CON203": (way(behind=timedelta(minutes=2)), way(behind=timedelta(seconds=5))),
    "CON204": (way(lacks=("list nodes",)), READY),
    "CON206": (way(withheld=("patch deployments.apps",)), READY),
    "CON205": (way(flaws=(Flaw("two of a name", "rename one"),)), READY),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_explains_itself_fires_and_stays_quiet(rule: object) -> None:
    (this,) = [each for each in RULES if each is rule]
    assert re.fullmatch(r"CON\d{3}", this.code)
    assert 10 <= len(this.title) <= 90
    assert len(this.fix) >= 20
    fires, quiet = CASES[this.code]
    assert list(this(Passage(fires, NOW)))
    assert not list(this(Passage(quiet, NOW)))


def test_codes_are_unique() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("fault", [None, *(case[0].fault for case in CASES.values())])
def test_every_fault_of_the_default_target_is_one_finding(fault: Fault | None) -> None:
    found = run_rules(RULES, [Passage(way(fault), NOW)])
    assert len(found) == (fault is not None)
    assert all(each.cause == str(fault) for each in found)


def test_what_nobody_set_up_is_no_failure_and_another_target_no_critical_one() -> None:
    unset, other = CASES["CON102"][0], CASES["CON201"][0]
    assert run_rules(RULES, [Passage(unset, NOW)])[0].severity is Severity.INFO
    assert run_rules(RULES, [Passage(other, NOW)])[0].severity is Severity.WARNING


def test_what_has_run_out_is_told_once() -> None:
    gone = ends(-timedelta(hours=1))
    assert [f.code for f in run_rules(RULES, [Passage(way(ends=gone), NOW)])] == ["CON202"]
    expired = way(Expired("old"), ends=gone)
    assert [f.code for f in run_rules(RULES, [Passage(expired, NOW)])] == ["CON104"]


def test_two_flaws_of_one_target_are_two_findings() -> None:
    both = way(flaws=(Flaw("two of a name", "rename"), Flaw("too old", "upgrade")))
    assert len(run_rules(RULES, [Passage(both, NOW)])) == 2
