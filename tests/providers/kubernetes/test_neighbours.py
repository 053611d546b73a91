"""What is like a fault and is none, and the same fault in another place."""

import pytest

from fivetabs.core import first_of
from fivetabs.providers.kubernetes.demo.objects import container, ended, event, running
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.rules.order import POD_RULES
from fivetabs.providers.kubernetes.shapes.cases import PodCase
from fivetabs.providers.kubernetes.shapes.signs import named_host, read_sign, telling_line
from tests.providers.kubernetes.casting import PROBE, cart, case, crashed, told, unready, waits


def codes(found: PodCase) -> list[str]:
    return [finding.code for finding in first_of(POD_RULES, [found])]


def test_a_start_within_its_startup_probes_time_is_not_accused() -> None:
    raw = unready("10:10:00", startupProbe=PROBE | {"failureThreshold": 30})
    raw["status"]["containerStatuses"][0] |= {"started": False, "state": running("10:10")}
    assert codes(case(raw)) == []


def test_a_crash_loop_that_has_run_well_for_a_while_is_over() -> None:
    last = ended(1, "Error", "10:11:00", "10:11:10")
    assert codes(case(cart(running("10:11:20"), last=last, restarts=3))) == []
    assert codes(case(cart(running("10:13:40"), last=last, restarts=3))) == ["K8S102"]


def test_a_probes_kill_is_known_by_its_time_when_the_events_have_ceased() -> None:
    """The kubelet sends 25 events of one pod, then one in five minutes."""
    raw = _killed_after("10:11:20")
    old = event(
        raw,
        "Pod",
        "Unhealthy",
        "Liveness probe failed: HTTP probe failed with statuscode: 500",
        last="10:02:00",
        field="spec.containers{cart}",
    )
    assert codes(case(raw, old)) == ["K8S108"]
    assert codes(case(_killed_after("08:00:00"), old)) == ["K8S104"]


def test_a_program_that_ends_by_itself_is_not_said_to_be_killed_by_a_probe() -> None:
    raw = crashed(1, spec={"livenessProbe": PROBE})
    failing = told(raw, "Unhealthy", "Liveness probe failed: connection refused")
    assert codes(failing) == ["K8S102"]


def test_a_killed_child_of_a_limited_container_is_a_want_of_memory() -> None:
    spec: Json = {"resources": {"limits": {"memory": "64Mi"}}}
    lines = {"cart": ("worker 3 started", "Killed")}
    assert codes(case(crashed(137, spec=spec), words=lines)) == ["K8S103"]
    assert codes(case(crashed(1), words={"cart": ("Killed",)})) == ["K8S102"]


def test_an_init_container_says_that_the_others_do_not_start() -> None:
    words = {"cart": ("sh: DATABASE_URL: parameter not set",)}
    (found,) = first_of(POD_RULES, [case(crashed(2, role="init", phase="Pending"), words=words)])
    assert found.code == "K8S112"
    assert "its main containers do not start" in found.cause


def test_a_sick_sidecar_is_said_to_be_beside_a_well_program() -> None:
    raw = crashed(1)
    other = container("proxy", "registry.example/proxy:1")
    raw["spec"]["containers"].append(other)
    well = {"name": "proxy", "ready": True, "restartCount": 0, "state": running("09:00")}
    raw["status"]["containerStatuses"].append(well)
    (found,) = first_of(POD_RULES, [case(raw)])
    assert "proxy beside it well" in found.cause


def test_two_containers_that_want_one_port_are_both_named() -> None:
    raw = crashed(1, spec={"ports": [{"containerPort": 8080}]})
    rival = container("proxy", "registry.example/proxy:1", ports=[{"containerPort": 8080}])
    raw["spec"]["containers"].append(rival)
    words = {"cart": ("bind: Address already in use",)}
    (found,) = first_of(POD_RULES, [case(raw, words=words)])
    assert "port 8080, which is in use: container proxy of the same pod has it" in found.cause


@pytest.mark.parametrize(
    ("line", "kind", "name"),
    [
        ("KeyError: 'DB_HOST'", "variable", "DB_HOST"),
        ("panic: required key DB_HOST missing value", "variable", "DB_HOST"),
        ("FATAL: environment variable PORT is not set", "variable", "PORT"),
        ("/start.sh: line 3: API_TOKEN: unbound variable", "variable", "API_TOKEN"),
        ("Error: ENOENT: no such file or directory, open '/cfg/a.json'", "file", "/cfg/a.json"),
        ("cat: can't open '/etc/x': No such file or directory", "file", "/etc/x"),
        ("Error: listen EADDRINUSE: address already in use :::3000", "port", "3000"),
        ("touch: /data/x: Permission denied", "permission", "/data/x"),
        ("mkdir: can't create directory '/var/c': Read-only file system", "readonly", "/var/c"),
    ],
)
def test_a_complaint_names_what_is_missing(line: str, kind: str, name: str) -> None:
    sign = read_sign(["starting", line, ""])
    assert sign is not None
    assert (sign.kind, sign.name) == (kind, name)


@pytest.mark.parametrize(
    "line",
    ["ERROR: table USERS is missing", "HTTP GET required", "retrying, 404 NOT FOUND", "done"],
)
def test_other_words_are_no_complaint_of_these(line: str) -> None:
    assert read_sign([line]) is None


def test_the_last_error_decides_though_an_earlier_line_is_telling() -> None:
    assert read_sign(["CACHE_URL is not set", "FATAL could not reach orders-db:5432"]) is None


@pytest.mark.parametrize(
    ("line", "host"),
    [
        ("dial tcp: lookup mydb on 10.96.0.10:53: no such host", "mydb"),
        ("dial tcp mydb:5432: connect: connection refused", "mydb:5432"),
        ("nc: bad address 'db'", "db"),
        ('could not translate host name "pg" to address', "pg"),
    ],
)
def test_a_log_names_the_host_that_is_waited_for(line: str, host: str) -> None:
    assert named_host([line]) == host


@pytest.mark.parametrize(
    ("command", "host"),
    [
        ("until nc -z -w 2 orders-db 5432; do sleep 1; done", "orders-db:5432"),
        ("until wget -q http://api.shop:8080/x; do sleep 1; done", "api.shop:8080"),
        ("until nslookup mydb; do sleep 1; done", "mydb"),
        ("sleep 86400", ""),
    ],
)
def test_a_command_names_the_host_that_is_waited_for(command: str, host: str) -> None:
    assert named_host([], command) == host


def test_the_telling_line_is_the_last_error_not_the_last_line() -> None:
    assert telling_line(["loading", "FATAL no licence key", "bye"]) == "FATAL no licence key"


def _killed_after(start: str) -> Json:
    last = ended(137, "Error", start, "10:12:00")
    return cart(
        {"waiting": {"reason": "CrashLoopBackOff"}},
        last=last,
        restarts=12,
        spec={"livenessProbe": PROBE},
    )


def test_what_cannot_heal_by_itself_is_told_at_once() -> None:
    """A Secret that the kubelet looked for twice; a probe whose command is not in the image."""
    raw = waits("ContainerCreating", created="10:13:56")
    gone = 'MountVolume.SetUp failed for volume "keys" : secret "cart-keys" not found'
    once = event(raw, "Pod", "FailedMount", gone, last="10:13:58")
    assert codes(case(raw, once)) == []
    assert codes(case(raw, once | {"count": 3})) == ["K8S303"]
    blind = unready("10:13:50", readinessProbe=PROBE)
    said = 'Readiness probe errored: exec: "curl": executable file not found in $PATH'
    assert codes(told(blind, "Unhealthy", said)) == ["K8S501"]
    assert codes(told(blind, "Unhealthy", "Readiness probe failed: refused")) == []


def test_what_every_namespace_gets_by_itself_is_waited_for() -> None:
    raw = waits("ContainerCreating", created="10:13:56")
    gone = 'MountVolume.SetUp failed for volume "api" : configmap "kube-root-ca.crt" not found'
    assert codes(case(raw, event(raw, "Pod", "FailedMount", gone) | {"count": 3})) == []
