"""What our entry says: absolute paths, what is needed on PATH, no secret, a person's own words."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from fivetabs.app.settings import AppSettings
from fivetabs.cli.houses import PROVIDERS
from fivetabs.cli.setup.entry import Entry, entered
from fivetabs.cli.setup.environment import carry, ours
from fivetabs.cli.setup.launching import Launch, launch, own_arguments
from fivetabs.cli.setup.needing import gather, joined, look
from fivetabs.cli.setup.places import places
from fivetabs.cli.setup.telling import diff
from fivetabs.core import NotConfigured, Program

PLACES = {each.client: each for each in places("linux", "/home/ada", {})}
UV, PIPX = "/home/ada/.cache/uv/archive-v0/x/bin/python", "/home/ada/.cache/pipx/1f/bin/python"
ENTRY = Entry(Launch("/opt/fivetabs"), (), {"PATH": "/a:/b"})


def program(folder: Path, name: str, content: str = "#!/bin/sh\n") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(content)
    file.chmod(0o755)
    return file


def test_the_programs_that_were_found_are_on_the_path_in_the_persons_own_order(
    tmp_path: Path,
) -> None:
    program(tmp_path / "b", "kubelogin")
    program(tmp_path / "a", "aws", "#!/usr/bin/env -S python-of-mine\n")
    program(tmp_path / "c", "python-of-mine")
    absolute = program(tmp_path / "d", "helper")
    path = os.pathsep.join(str(tmp_path / name) for name in "abce")
    wanted = (
        Program("kubelogin", "exec plugin of 'eks'"),
        Program("aws", "for the person", needed=False),
        Program("tofu", "plans and states", needed=False),
        Program(str(absolute), "credential_process of 'prod'"),
        Program("gke-gcloud-auth-plugin", "exec plugin of 'gke'"),
    )
    found = look(wanted, path)
    assert [each.name for each in found.missing] == ["gke-gcloud-auth-plugin"]
    assert joined(found, path, "linux") == os.pathsep.join(
        [*(str(tmp_path / name) for name in "abc"), "/usr/local/bin", "/usr/bin", "/bin"]
    )
    assert joined(found, path, "darwin").endswith("/usr/bin:/bin:/usr/sbin:/sbin")
    assert joined(found, path, "win32", "C:\\Windows").endswith(
        f"C:\\Windows\\System32{os.pathsep}C:\\Windows"
    )


def test_a_house_whose_configuration_cannot_be_read_is_named_and_the_others_go_on() -> None:
    def broken() -> tuple[Program, ...]:
        raise NotConfigured("config is not YAML (line 3)")

    def odd() -> tuple[Program, ...]:
        raise AttributeError

    one = Program("aws", "for the person")
    asked = [("Kubernetes", broken), ("Docker", odd), ("AWS", lambda: (one,))]
    programs, unread = gather(asked, NotConfigured)
    assert programs == (one,)
    assert unread[0] == "Kubernetes: config is not YAML (line 3)"
    assert unread[1].startswith("Docker: its configuration is not laid out")


def test_each_house_names_the_programs_that_its_configuration_has_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kubeconfig").write_text(
        "users:\n- {name: eks, user: {exec: {command: aws-iam-authenticator}}}\n"
        "- {name: local, user: {exec: {command: ./login}}}\n- {name: plain, user: {token: t}}\n"
        "- {name: empty}\n"
    )
    (tmp_path / "aws").write_text("[profile prod]\ncredential_process = /opt/saml login --quiet\n")
    (tmp_path / "docker").mkdir()
    (tmp_path / "docker" / "config.json").write_text(
        '{"credsStore": "desktop", "credHelpers": {"x.dkr.ecr": "ecr-login"}}'
    )
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "kubeconfig"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "aws"))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    monkeypatch.setenv("DOCKER_HOST", "ssh://ops@far")
    named = {
        house.name: {p.name for p in house.programs(house.settings()) if p.needed}
        for house in PROVIDERS
    }
    assert named == {
        "kubernetes": {"aws-iam-authenticator", str(tmp_path / "login")},
        "aws": {"/opt/saml"},
        "docker": {"docker-credential-desktop", "docker-credential-ecr-login", "ssh"},
        "terraform": set(),
    }


def test_a_credential_process_with_an_open_quote_is_a_fault_of_the_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "aws").write_text("[profile prod]\ncredential_process = /opt/saml 'login\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "aws"))
    (aws,) = (house for house in PROVIDERS if house.name == "aws")
    with pytest.raises(NotConfigured, match="cannot be read"):
        list(aws.programs(aws.settings()))


def test_what_is_set_is_handed_on_but_no_secret() -> None:
    environment = {
        "KUBECONFIG": f"kube/one{os.pathsep}/etc/two",
        "AWS_PROFILE": "prod",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "DOCKER_HOST": "tcp://ada:hunter22@box:2376",
        "AWS_REGION": "",
        "FIVETABS_CHANGES": "off",
        "FIVETABS_KUBERNETES__GRACE": "90",
        "FIVETABS_RIG_KUBE": "/x",
        "AWS_ENDPOINT_URL": "looks-like-a-key",
    }
    houses = {house.name: house.settings for house in PROVIDERS}
    names = ("KUBECONFIG", "AWS_PROFILE", "AWS_REGION", "DOCKER_HOST", "AWS_ENDPOINT_URL")
    carried = carry(
        environment,
        (*names, *ours(AppSettings, houses)),
        lambda value: value == "looks-like-a-key",
        lambda path: path if path.startswith("/") else f"/here/{path}",
    )
    assert carried.values == {
        "KUBECONFIG": f"/here/kube/one{os.pathsep}/etc/two",
        "AWS_PROFILE": "prod",
        "FIVETABS_CHANGES": "off",
        "FIVETABS_KUBERNETES__GRACE": "90",
    }
    assert carried.secret == ("DOCKER_HOST", "AWS_ENDPOINT_URL")


@pytest.mark.parametrize(
    ("executable", "origin", "started"),
    [
        (UV, "", Launch("/bin/uvx", ("fivetabs",))),
        (
            UV,
            "git+ssh://x@c0ffee",
            Launch("/bin/uvx", ("--from", "git+ssh://x@c0ffee", "fivetabs")),
        ),
        (PIPX, "", Launch("/bin/pipx", ("run", "fivetabs"))),
        (PIPX, "file:///x", Launch("/bin/pipx", ("run", "--spec", "file:///x", "fivetabs"))),
        ("/opt/nowhere/bin/python", "", Launch("/bin/fivetabs")),
    ],
)
def test_a_passing_environment_is_started_by_what_made_it(
    executable: str, origin: str, started: Launch
) -> None:
    assert launch(executable, lambda name: f"/bin/{name}", origin) == started
    assert own_arguments((*started.before, "--demo")) == ("--demo",)


def test_an_installed_command_is_named_where_it_is(tmp_path: Path) -> None:
    file = program(tmp_path, "fivetabs")
    assert launch(str(tmp_path / "python"), lambda _: None) == Launch(str(file))


@pytest.mark.parametrize("client", list(PLACES))
def test_an_entry_is_put_where_the_client_reads_it(client: str) -> None:
    place = PLACES[client]
    whole: Any = json.loads(entered("", place, ENTRY))
    entry = whole[place.key]["fivetabs"]
    assert entry["command"] == "/opt/fivetabs"
    assert entry["env"] == {"PATH": "/a:/b"}
    assert entry.get("type") == ("stdio" if client in {"vscode", "claude-code"} else None)


def test_what_a_person_put_into_the_entry_stays() -> None:
    text = (
        '{"mcpServers": {"fivetabs": {"command": "/bin/uvx", "args": ["fivetabs", "--changes", '
        '"off"], // mine\n "disabled": true, "env": {"FIVETABS_BUDGET": "800", "PATH": "/old"}}}}'
    )
    assert entered(text, PLACES["cursor"], ENTRY) == (
        '{"mcpServers": {"fivetabs": {"command": "/opt/fivetabs", "args": ["--changes", "off"], '
        '// mine\n "disabled": true, "env": {"FIVETABS_BUDGET": "800", "PATH": "/a:/b"}}}}'
    )
    asked = Entry(Launch("/opt/fivetabs"), ("--demo",), {})
    assert '"args": ["--demo"], // mine' in entered(text, PLACES["cursor"], asked)


def test_a_diff_shows_what_changes_and_no_secret() -> None:
    def veil(text: str) -> str:
        return text.replace("hunter22", "<secret>")

    before = '{\r\n "key": "hunter22",\r\n "a": "\u202e"\r\n}'
    after = before.replace("\u202e", "b")
    assert diff("mcp.json", before, after, veil).split("\n") == [
        *("--- mcp.json", "+++ mcp.json", "@@ -1,5 +1,5 @@", " {", '  "key": "<secret>",'),
        *('- "a": "\\u202e"', '+ "a": "b"', " }", " \\ no line end at the end of the file"),
    ]


def test_in_a_file_of_one_wide_line_the_changed_part_is_shown() -> None:
    before = '{"a":"' + "x" * 900 + '"}'
    after = before[:-1] + ',"b":1}'
    told = diff("mcp.json", before, after, str)
    assert told.endswith('in line 1, from column 908:\n+,"b":1')
    assert len(told) < 500
