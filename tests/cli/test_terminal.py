"""What people ask on a terminal: report, investigate, changes, logs and doctor."""

import json
import os
import pty
import struct
import subprocess
import sys
import termios
from fcntl import ioctl
from pathlib import Path

import pytest

from tests.commands import COMMAND, ran

_OURS = ("FIVETABS_", "KUBE", "AWS_", "DOCKER_", "TERRAFORM_", "TF_", "XDG_", "NO_COLOR", "COLUMNS")
EACH = [
    ("report", "5 incidents"),
    ("investigate orders-api", "i-0c3a5f7e9b1d20003"),
    ("changes --since 2h", "ModifyInstanceAttribute"),
    ("logs broken-app", "There are no lines"),
    ("logs checkout-worker --of container --lines 5", "checkout-worker"),
    ("doctor", "No connection is broken: 4 ready."),
]


def environment(home: Path, **more: str) -> dict[str, str]:
    """An environment without any of this machine's configuration."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith(_OURS)}
    own = {"HOME": str(home), "AWS_EC2_METADATA_DISABLED": "true", "TERM": "xterm-256color"}
    return {**kept, **own, "PYTHONPATH": os.pathsep.join(sys.path), **more}


def piped(home: Path, *argv: str, **more: str) -> "subprocess.CompletedProcess[str]":
    return ran(*argv, environment=environment(home, **more))


def seen(home: Path, *argv: str, columns: int = 100, **more: str) -> str:
    """What a person sees on a terminal of this width."""
    near, far = pty.openpty()
    ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    child = subprocess.Popen(
        [*COMMAND, *argv], stdin=far, stdout=far, stderr=far, env=environment(home, **more)
    )
    os.close(far)
    shown = b""
    try:
        while piece := os.read(near, 65536):
            shown += piece
    except OSError:
        pass  # The far end is closed: all has been said.
    os.close(near)
    assert child.wait(timeout=60) == 0
    return shown.decode()


@pytest.mark.parametrize(("argv", "told"), EACH)
def test_piped_it_is_plain_text(tmp_path: Path, argv: str, told: str) -> None:
    done = piped(tmp_path, *argv.split(), "--demo")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("DEMO DATA")
    assert told in done.stdout
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize(("argv", "told"), EACH)
def test_on_a_terminal_it_has_colours_and_a_spinner_and_no_fences(
    tmp_path: Path, argv: str, told: str
) -> None:
    shown = seen(tmp_path, *argv.split(), "--demo", columns=400)
    assert told in shown
    assert "asking ..." in shown
    assert "\x1b[" in shown
    assert "<data-" not in shown


def test_no_line_is_wider_than_the_terminal(tmp_path: Path) -> None:
    from rich.text import Text

    shown = seen(tmp_path, "changes", "--since", "2h", "--demo", columns=72)
    lines = [Text.from_ansi(line).plain for line in shown.splitlines() if "asking" not in line]
    assert max(map(len, lines)) <= 72
    assert any("ModifyInstanceAttribute" in line for line in lines)


def test_who_wants_no_colour_gets_none(tmp_path: Path) -> None:
    shown = seen(tmp_path, "report", "--demo", NO_COLOR="1")
    assert "\x1b[31m" not in shown
    assert "\x1b[1;31m" not in shown
    assert "5 incidents" in shown


@pytest.mark.parametrize(("argv", "told"), EACH)
def test_the_structured_form_is_the_answer_as_json(tmp_path: Path, argv: str, told: str) -> None:
    value = json.loads(piped(tmp_path, *argv.split(), "--demo", "--json").stdout)
    assert value["demo"] is True
    assert told in json.dumps(value)


def test_a_time_that_cannot_be_read_is_wrong_usage(tmp_path: Path) -> None:
    done = piped(tmp_path, "changes", "--since", "yesterday", "--demo")
    assert done.returncode == 2
    assert "2h" in done.stderr


def test_a_pod_that_is_not_there_ends_with_1(tmp_path: Path) -> None:
    done = piped(tmp_path, "logs", "orders-ap", "--demo", "-n", "shop")
    assert done.returncode == 1
    assert "orders-api" in done.stderr


def test_the_doctor_minds_no_house_that_nobody_set_up(tmp_path: Path) -> None:
    done = piped(tmp_path, "doctor")
    assert done.returncode == 0, done.stdout
    assert "4 not configured" in done.stdout


def test_the_doctor_ends_with_1_when_something_is_broken_and_tells_the_others(
    tmp_path: Path,
) -> None:
    done = piped(tmp_path, "doctor", KUBECONFIG=str(tmp_path / "gone"))
    assert done.returncode == 1
    assert "[critical CON101]" in done.stdout
    assert "unset KUBECONFIG" in done.stdout
    assert "3 not configured" in done.stdout


def test_the_doctor_of_one_house_looks_at_no_other(tmp_path: Path) -> None:
    done = piped(tmp_path, "doctor", "docker", KUBECONFIG=str(tmp_path / "gone"))
    assert done.returncode == 0
    assert "CON101" not in done.stdout


def test_the_doctor_of_no_house_is_wrong_usage(tmp_path: Path) -> None:
    assert piped(tmp_path, "doctor", "kubernets").returncode == 2


def test_the_doctor_shows_no_secret(tmp_path: Path) -> None:
    path, token = tmp_path / "config", "eyJhbGciOiJub25lIn0.eyJleHAiOjF9.c2lnbmF0dXJl"
    context = {"name": "c", "context": {"cluster": "c", "user": "u"}}
    cluster = {"name": "c", "cluster": {"server": "http://127.0.0.1:9"}}
    users = [{"name": "u", "user": {"token": token}}]
    whole = {"clusters": [cluster], "users": users, "contexts": [context], "current-context": "c"}
    path.write_text(json.dumps(whole))
    done = piped(tmp_path, "doctor", "--json", KUBECONFIG=str(path))
    assert done.returncode == 1
    assert token not in done.stdout + done.stderr
    codes = {each["subject"]: each["code"] for each in json.loads(done.stdout)["findings"][:1]}
    assert codes == {"k8s:c": "CON103"}, done.stdout + done.stderr
    assert "ran out 1970-01-01T00:00:01Z" in done.stdout


def test_the_settings_that_are_no_defaults_are_shown_with_their_origin(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('[kubernetes]\ngrace = 11\n[docker]\nhosts = ["tcp://me:hunter2@h:1"]\n')
    argv = ("settings", "--changed", "--config", str(file))
    done = piped(tmp_path, *argv, FIVETABS_BUDGET="900")
    assert done.returncode == 0, done.stderr
    assert "FIVETABS_BUDGET" in done.stdout
    assert f"{file}:2" in done.stdout
    assert "hunter2" not in done.stdout
    told = json.loads(piped(tmp_path, *argv, "--json").stdout)
    assert told["settings"]["kubernetes.grace"] == {"value": "11", "from": f"{file}:2"}
    shown = seen(tmp_path, "settings", columns=200)
    assert "kubernetes.grace" in shown


def test_settings_that_are_wrong_are_told_with_their_line(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('budget = 900\nchangs = "off"\n')
    done = piped(tmp_path, "settings", "--config", str(file))
    assert done.returncode == 1
    assert f"{file}:2: there is no setting 'changs'; did you mean 'changes'?" in done.stderr


@pytest.mark.parametrize("argv", ["report", "call list_containers", "settings", "tools"])
def test_a_reader_that_stops_reading_ends_it_without_a_word(tmp_path: Path, argv: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [*COMMAND, "--demo", *argv.split()],
        stdin=subprocess.DEVNULL,
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
        timeout=60,
        env=environment(tmp_path),
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        ("report --target docker", "[docker:edge-1, observed"),
        ("investigate checkout-worker --target docker,k8s", "[docker:edge-1, k8s:shop-eu"),
        ("changes --target aws", "looked through AWS: CloudTrail"),
        ("doctor --target docker", "No connection is broken: 1 ready."),
    ],
)
def test_the_targets_that_are_named_are_asked_alone(tmp_path: Path, argv: str, told: str) -> None:
    done = piped(tmp_path, *argv.split(), "--demo")
    assert done.returncode == 0
    assert told in done.stdout


def test_targets_of_no_house_are_a_failed_call_that_says_how_to_write_them(tmp_path: Path) -> None:
    done = piped(tmp_path, "report", "--target", "staging", "--demo")
    assert done.returncode == 1
    assert "write it as k8s:staging" in done.stderr
