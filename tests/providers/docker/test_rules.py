"""What each rule says, and of what it says nothing."""

# ruff: noqa: E501  (snapshots hold whole sentences)

from datetime import timedelta
from types import MappingProxyType

import pytest

from fivetabs.core import first_of
from fivetabs.core.quoting import unmarked
from fivetabs.providers.docker import PROVIDER
from fivetabs.providers.docker.rules.containers import Case
from fivetabs.providers.docker.rules.order import BESIDE, CAUSES, CONTAINER, HOST
from fivetabs.providers.docker.shapes.containers import Check
from tests.providers.docker.rule_cases import CASES
from tests.providers.docker.rule_cases_exits import NO_WGET
from tests.providers.docker.rule_cases_starts import HELD, NO_BIND, TAKEN_BY_ANOTHER, WRONG_KIND
from tests.providers.docker.rule_subjects import ENDED, NOW, case

CAUSE = MappingProxyType(
    {
        "DKR101": "web restarts over and over: 16 restarts, last exit code 1; last ended 2026-03-12T08:14:00Z (2h ago)",
        "DKR102": "web was killed for memory (exit code 137) at 2026-03-12T08:14:00Z (2h ago)",
        "DKR103": "web is unhealthy: its health check failed 5 times in a row, last with exit code 1: no upstreams",
        "DKR104": "web exited with code 3 at 2026-03-12T08:14:00Z (2h ago)",
        "DKR105": "web is dead: its removal failed half way: device or resource busy",
        "DKR106": "web was created but could not be started: OCI runtime create failed: runc create failed: cgroup is not empty",
        "DKR107": "web cannot start: its command serve cannot be run: executable file not found in $PATH",
        "DKR108": "web crashed with exit code 139 (SIGSEGV, a bad memory access) at 2026-03-12T08:14:00Z (2h ago)",
        "DKR109": "web got SIGKILL (exit code 137) at 2026-03-12T08:14:00Z (2h ago), and no docker stop or docker kill came before it: the host's own memory, or a kill -9",
        "DKR110": "web has no long-running process: its command /app/web ends with exit code 0, and the restart policy always has started it again 9 times",
        "DKR111": "web cannot start: port 8080 of the host is held by container old-web",
        "DKR112": "web cannot start: /var/lib/docker/volumes/data/_data, which it mounts as volume data at /var/lib/data, is not there",
        "DKR113": "web cannot start: the network shop_default that it was made for is gone",
        "DKR114": "web cannot write: mkdir /var/lib/docker/overlay2/1a2b: no space left on device",
        "DKR115": "web cannot start: the host has no device /dev/ttyUSB0",
        "DKR116": "web counts as unhealthy because its health check cannot run: the program curl is not in the image",
        "DKR117": "web is unhealthy: its health check had no answer within 5s, 3 times in a row",
        "DKR118": "web was stopped through Docker with exit code 0 at 2026-03-12T08:14:00Z (2h ago), while api, front of the Compose project shop depend on it",
        "DKR119": "web needs the service db of the Compose project shop, which has no container on edge-1",
        "DKR120": "web was created and never started: its dependency db is unhealthy (db)",
        "DKR121": "web was created at 2026-03-12T07:14:00Z (3h ago) and never started",
        "DKR122": "web is paused (docker pause) while it publishes *:80",
        "DKR123": "web is paused (docker pause)",
        "DKR124": "the image web:1 of web was removed from edge-1: the container can be neither made anew nor scaled until it is pulled or built again",
        "DKR125": "web mounts the volume data, which is gone",
        "DKR126": "web got SIGKILL (exit code 137) at 2026-03-12T08:14:00Z (2h ago): docker kill, a docker stop that was not obeyed, or the host's own memory",
        "DKR201": "the engine on edge-1 takes orders over TCP without authentication",
        "DKR202": "the Swarm node on edge-1 is locked",
        "DKR203": "the engine on edge-1 (storage driver devicemapper) warns: WARNING: devicemapper: loopback devices",
        "DKR204": "IPv4 forwarding is off on edge-1: its 3 running containers on a bridge network reach nothing beyond the host",
    }
)


ALONE = [rule.code for rule in CONTAINER]


def causes(evidence: Case) -> list[str]:
    return [unmarked(finding.cause) for finding in first_of(CAUSES, (evidence,))]


def test_every_rule_of_the_house_has_a_case_and_a_place_in_the_order() -> None:
    codes = {rule.code for rule in PROVIDER.rules}
    assert codes == set(CASES) == {rule.code for rule in (*CONTAINER, *BESIDE, *HOST)}


def test_what_each_rule_says_of_its_case() -> None:
    said = {rule.code: list(rule(CASES[rule.code][0])) for rule in PROVIDER.rules}
    assert {code: unmarked(found[0][0].cause) for code, found in sorted(said.items())} == CAUSE


@pytest.mark.parametrize("code", ALONE)
def test_a_rule_is_the_first_to_explain_its_case(code: str) -> None:
    found = first_of(CONTAINER, (CASES[code][0],))
    assert [unmarked(each.cause) for each in found] == [CAUSE[code]]


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


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TAKEN_BY_ANOTHER, "web cannot start: port 8080 of the host is held by container old-web"),
        (NO_BIND, "web cannot start: /srv/conf, which it mounts, is not there"),
        (WRONG_KIND, "is a folder where a file is wanted, or the other way round"),
    ],
    ids=["port of newer engines", "bind source", "folder for a file"],
)
def test_the_engines_other_words_are_understood(error: str, said: str) -> None:
    assert said in causes(case(HELD, state="created", exit_code=128, error=error))[0]


def test_a_port_that_nobody_holds_now_was_taken_then() -> None:
    (cause,) = causes(case(state="created", error=TAKEN_BY_ANOTHER))
    assert cause == "web cannot start: port 8080 of the host was already taken"


def test_a_health_check_whose_program_the_runtime_does_not_find_is_the_matter() -> None:
    (cause,) = causes(case(health="unhealthy", failing_streak=3, last_check=NO_WGET))
    assert cause.endswith("its health check cannot run: the program wget is not in the image")


def test_what_ended_badly_long_ago_is_history() -> None:
    assert causes(case(state="exited", exit_code=1, finished=NOW - timedelta(days=8))) == []


def test_a_loop_says_what_its_exit_code_means() -> None:
    (cause,) = causes(case(state="restarting", exit_code=255, restarts=4, policy="always"))
    assert "last exit code 255 (also what an engine writes for what it found dead" in cause
