"""What each rule says, and of what it says nothing."""

from datetime import timedelta

import pytest

from fivetabs.core import first_of
from fivetabs.core.quoting import unmarked
from fivetabs.providers.docker import PROVIDER
from fivetabs.providers.docker.rules.containers import CAUSES, Case
from fivetabs.providers.docker.shapes.containers import Check
from tests.providers.docker.rule_cases import CASES, ENDED, NOW, PORT, case

CAUSE = {
    "DKR101": "web restarts over and over: 16 restarts, last exit code 1; last ended "
    "2026-03-12T08:14:00Z (2h ago)",
    "DKR102": "web was killed for memory (exit code 137) at 2026-03-12T08:14:00Z (2h ago)",
    "DKR103": "web is unhealthy: its health check failed 5 times in a row, last with exit code 1: "
    "no upstreams",
    "DKR104": "web exited with code 3 at 2026-03-12T08:14:00Z (2h ago)",
    "DKR105": "web is dead: its removal failed half way: device or resource busy",
    "DKR106": f"web was created but could not be started: {PORT}",
}


def causes(evidence: Case) -> list[str]:
    return [unmarked(finding.cause) for finding in first_of(CAUSES, (evidence,))]


def test_every_rule_of_the_house_has_a_case_and_a_place_in_the_order() -> None:
    codes = {rule.code for rule in PROVIDER.rules}
    assert codes == set(CASES) == {rule.code for rule in CAUSES}


@pytest.mark.parametrize("code", CASES)
def test_a_rule_fires_on_its_case_and_is_the_first_to_explain_it(code: str) -> None:
    fires, quiet = CASES[code]
    assert causes(fires) == [CAUSE[code]]
    (rule,) = (each for each in CAUSES if each.code == code)
    assert not list(rule(quiet))


@pytest.mark.parametrize(
    "well",
    [
        case(),
        case(state="exited", finished=ENDED),
        case(state="paused"),
        case(state="created"),
        case(health="starting", started=NOW),
        case(restarts=2, started=NOW - timedelta(seconds=20)),
        case(state="exited", exit_code=137, policy="unless-stopped", finished=ENDED),
    ],
    ids=["running", "exited 0", "paused", "created", "starting", "stumbled", "stopped by hand"],
)
def test_what_is_well_or_stopped_by_hand_is_not_accused(well: Case) -> None:
    assert causes(well) == []


def test_a_loop_is_seen_while_it_runs() -> None:
    looping = case(restarts=7, started=NOW - timedelta(seconds=3), finished=NOW)
    assert "web restarts over and over: 7 restarts" in causes(looping)[0]


def test_a_loop_for_memory_is_explained_by_the_memory() -> None:
    looping = case(
        state="restarting", exit_code=137, oom_killed=True, restarts=9, memory_limit=256 << 20
    )
    assert "killed for memory at its limit of 256m" in causes(looping)[0]


def test_a_process_killed_in_a_running_container_is_told_apart() -> None:
    assert "while the container ran on" in causes(case(oom_killed=True))[0]


def test_a_container_that_gave_up_after_its_retries_is_accused() -> None:
    gave_up = case(state="exited", exit_code=1, restarts=5, policy="on-failure", finished=ENDED)
    assert "exited with code 1 after 5 restarts" in causes(gave_up)[0]


def test_a_long_health_check_output_is_cut() -> None:
    check = Check(1, "<html>\n" + "x" * 5000, NOW)
    (cause,) = causes(case(health="unhealthy", failing_streak=3, last_check=check))
    assert len(cause) < 500


def test_the_next_step_is_a_call_of_our_own() -> None:
    (finding,) = first_of(CAUSES, (CASES["DKR101"][0],))
    assert finding.next_step.tool == "get_container_logs"
    assert finding.next_step.arguments == {"container_name": "web"}
    assert finding.subject == "docker:edge-1/container/web"
