"""Settings: a file, over it the environment, over that the flags; and a wrong one is told."""

import os
from pathlib import Path
from random import Random
from typing import Any

import pytest

from fivetabs.app.settings import Changes
from fivetabs.cli.arguments import flags, parse
from fivetabs.cli.effective import rows_of
from fivetabs.cli.houses import PROVIDERS
from fivetabs.cli.origins import lines_of
from fivetabs.cli.settings import Settings, load
from fivetabs.core import Invalid


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A home of our own, and none of this machine's settings."""
    for name in list(os.environ):
        if name.startswith("FIVETABS_") or name in {"KUBE_MOCK_MODE", "TERRAFORM_ALLOWED_DIRS"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path


def loaded(*argv: str) -> Settings:
    options = parse(argv)
    return load(PROVIDERS, flags(options), options.config)


def house(settings: Settings, name: str) -> Any:
    return settings.houses[name]


def write(home: Path, text: str) -> Path:
    file = home / "fivetabs" / "settings.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    return file


def test_without_any_setting_a_person_must_agree_and_nothing_is_made_up() -> None:
    settings = loaded()
    assert settings.app.changes is Changes.ASK
    assert settings.app.demo is False
    assert house(settings, "terraform").allowed_dirs == ()


def test_the_environment_beats_the_file_and_a_flag_beats_both(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(home, 'changes = "off"\n[kubernetes]\ngrace = 11\n')
    assert loaded().app.changes is Changes.OFF
    assert house(loaded(), "kubernetes").grace == 11
    monkeypatch.setenv("FIVETABS_CHANGES", "show")
    monkeypatch.setenv("FIVETABS_KUBERNETES__GRACE", "12")
    assert loaded().app.changes is Changes.SHOW
    assert house(loaded(), "kubernetes").grace == 12
    settings = loaded("--changes", "model", "--set", "kubernetes.grace=13")
    assert settings.app.changes is Changes.MODEL
    assert house(settings, "kubernetes").grace == 13


@pytest.mark.parametrize(
    ("name", "value"),
    [("FIVETABS_DEMO", "1"), ("KUBE_MOCK_MODE", "true"), ("FIVETABS_DEMO", "true")],
)
def test_the_demo_world_is_asked_for_by_its_variables(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert loaded().app.demo is True


def test_the_demo_world_is_not_entered_by_a_variable_that_says_no(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KUBE_MOCK_MODE", "false")
    assert loaded().app.demo is False


def test_terraforms_directories_are_a_path_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERRAFORM_ALLOWED_DIRS", os.pathsep.join(("/infra", "/more")))
    assert house(loaded(), "terraform").allowed_dirs == ("/infra", "/more")


def test_a_named_file_is_read_instead_of_the_usual_one(home: Path) -> None:
    write(home, 'changes = "off"\n')
    other = home / "other.toml"
    other.write_text('changes = "allow"\n')
    assert loaded("--config", str(other)).app.changes is Changes.ALLOW


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('changs = "off"', "did you mean 'changes'"),
        ('changes = "sometimes"', "changes"),
        ("[kubernetes]\ngrase = 1", "kubernetes.grase"),
        ("[kubernetes]\ngrace = 'soon'", "kubernetes.grace"),
        ("changes = ", "settings.toml"),
    ],
)
def test_a_wrong_file_is_an_error_that_names_the_place(home: Path, text: str, told: str) -> None:
    write(home, text)
    with pytest.raises(Invalid, match="settings") as error:
        loaded()
    assert told in str(error.value)


LONG = """\
# What holds on this laptop.
changes = "ask"

[kubernetes]
grace = 30
grase = 1

[docker]
hosts = [
  "tcp://a:2375",
  "tcp://b:2375",
]
quiet = "long"

[[policy]]
match = "k8s:prod-*"
chnages = "off"
"""


def test_every_wrong_key_and_value_is_told_with_its_line_and_what_was_meant(home: Path) -> None:
    file = write(home, LONG)
    with pytest.raises(Invalid) as error:
        loaded()
    told = str(error.value)
    assert f"{file}:6: there is no setting 'kubernetes.grase'; did you mean 'kubernetes.gra" in told
    assert f"{file}:13: docker.quiet: Input should be a valid number" in told
    assert f"{file}:17: there is no setting 'policy.0.chnages'" in told
    assert "'policy.0.changes'" in told


def test_the_line_is_where_the_statement_begins_whatever_its_values_hold() -> None:
    text = 'a = """\nb = 1\n"""\n\n# c = 2\n[t]\nd = [\n 1,\n 2]\n[[e]]\nf = 1\n[[e]]\nf = 2\n'
    lines = lines_of(text)
    assert lines["a",] == 1
    assert ("b",) not in lines
    assert ("c",) not in lines
    assert lines["t",] == 6
    assert lines["t", "d"] == 7
    assert (lines["e", 0, "f"], lines["e", 1, "f"]) == (11, 13)


def test_lines_are_right_in_every_file_that_is_made_by_chance() -> None:
    """Keys of many forms between comments, blank lines and values that look like keys."""
    dice = Random(7)  # noqa: S311  (the same files in every run)
    values = ("1", '"k9 = 2"', "[\n  1,\n  2,\n]", '"""\nk8 = 1\n"""', "{ x = 1 }", "'#'")
    for _ in range(60):
        rows, meant = list[str](), dict[str, int]()
        for number in range(dice.randint(1, 12)):
            rows += [dice.choice(("", "# k7 = 1"))] * dice.randint(0, 2)
            meant[f"k{number}x"] = len(rows) + 1
            rows += f"k{number}x = {dice.choice(values)}".splitlines()
        lines = lines_of("\n".join(rows))
        assert {key: lines[key,] for key in meant} == meant


def test_a_variable_of_ours_that_sets_nothing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIVETABS_CHANGS", "off")
    with pytest.raises(Invalid, match="FIVETABS_CHANGS: there is no such setting") as error:
        loaded()
    assert "did you mean FIVETABS_CHANGES?" in str(error.value)


def test_a_wrong_value_of_a_variable_or_a_flag_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Invalid, match=r"flag --set kubernetes.grace: kubernetes.grace"):
        loaded("--set", "kubernetes.grace=soon")
    monkeypatch.setenv("FIVETABS_KUBERNETES__GRASE", "3")
    with pytest.raises(Invalid, match="FIVETABS_KUBERNETES__GRASE: there is no setting"):
        loaded()


def test_where_each_value_came_from_is_known(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(home, 'budget = 900\nchanges = "off"\n[kubernetes]\ngrace = 11\nquiet = 3\n')
    monkeypatch.setenv("FIVETABS_CHANGES", "show")
    monkeypatch.setenv("TERRAFORM_ALLOWED_DIRS", "/infra")
    monkeypatch.setenv("KUBE_MOCK_MODE", "true")
    origins = {name: (v, o) for name, v, o in rows_of(loaded("--set", "kubernetes.quiet=4"))}
    assert origins["budget"] == ("900", f"{file}:1")
    assert origins["changes"] == ('"show"', "FIVETABS_CHANGES")
    assert origins["kubernetes.grace"] == ("11", f"{file}:4")
    assert origins["kubernetes.quiet"] == ("4", "flag --set kubernetes.quiet")
    assert origins["terraform.allowed_dirs"] == ('["/infra"]', "TERRAFORM_ALLOWED_DIRS")
    assert origins["demo"] == ("true", "KUBE_MOCK_MODE")
    assert origins["most_pods"] == ("100", "default")


def test_a_named_file_that_is_not_there_is_an_error(home: Path) -> None:
    with pytest.raises(Invalid, match="No such file"):
        loaded("--config", str(home / "nowhere.toml"))
