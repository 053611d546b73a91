"""Settings: a file, over it the environment, over that the flags; and a wrong one is told."""

import os
from pathlib import Path
from typing import Any

import pytest

from fivetabs.app.settings import Changes
from fivetabs.cli.arguments import flags, parse
from fivetabs.cli.houses import PROVIDERS
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


def test_a_named_file_that_is_not_there_is_an_error(home: Path) -> None:
    with pytest.raises(Invalid, match="No such file"):
        loaded("--config", str(home / "nowhere.toml"))
