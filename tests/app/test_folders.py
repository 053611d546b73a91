"""The state folder: found, made private, and refused where others could reach it."""

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from fivetabs.app.store.folders import found_folder, state_folder
from fivetabs.core import Invalid, NotConfigured, Unavailable


def mode(folder: Path) -> str:
    return oct(folder.stat().st_mode & 0o7777)


def test_it_is_made_for_its_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        made = state_folder(str(tmp_path / "a" / "b"))
    finally:
        os.umask(before)
    assert made == tmp_path / "a" / "b"
    assert [mode(each) for each in (made, made.parent)] == ["0o700", "0o700"]


def test_the_demo_world_has_a_folder_of_its_own(tmp_path: Path) -> None:
    made = state_folder(str(tmp_path / "a"), demo=True)
    assert made == tmp_path / "a" / "demo" == found_folder(str(tmp_path / "a"), demo=True)
    assert [mode(each) for each in (made, made.parent)] == ["0o700", "0o700"]


def test_unset_it_is_where_the_desktop_keeps_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert state_folder("") == tmp_path / "state" / "fivetabs"
    monkeypatch.setenv("XDG_STATE_HOME", "not/absolute")
    assert state_folder("") == tmp_path / ".local" / "state" / "fivetabs"
    monkeypatch.delenv("XDG_STATE_HOME")
    assert state_folder("") == tmp_path / ".local" / "state" / "fivetabs"


def test_on_macos_and_windows_it_is_where_those_keep_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "Local"))
    monkeypatch.setattr("sys.platform", "darwin")
    assert found_folder("") == tmp_path / "Library" / "Application Support" / "fivetabs"
    monkeypatch.setattr("sys.platform", "win32")
    assert found_folder("") == tmp_path / "Local" / "fivetabs"


def test_a_relative_path_is_refused() -> None:
    with pytest.raises(Invalid, match="no absolute path"):
        state_folder("state")


def test_the_home_folder_may_be_written_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert state_folder("~/mine") == tmp_path / "mine"


@pytest.mark.parametrize("bits", [0o755, 0o770, 0o701])
def test_one_that_is_open_to_others_is_refused_with_the_command_that_mends_it(
    tmp_path: Path, bits: int
) -> None:
    folder = tmp_path / "it's"
    folder.mkdir()
    folder.chmod(bits)
    with pytest.raises(NotConfigured, match="open to other users") as caught:
        state_folder(str(folder))
    assert caught.value.hint.startswith("chmod 700 ")
    subprocess.run(shlex.split(caught.value.hint), check=True)  # As a person would copy it.
    assert state_folder(str(folder)) == folder


def test_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(NotConfigured, match="symbolic link"):
        state_folder(str(tmp_path / "link"))


def test_a_link_to_nowhere_is_refused_and_nothing_is_made(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(NotConfigured, match="symbolic link"):
        state_folder(str(tmp_path / "link"))
    assert not (tmp_path / "nowhere").exists()


def test_a_file_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch(mode=0o600)
    with pytest.raises(NotConfigured, match="is no folder"):
        state_folder(str(tmp_path / "file"))
    with pytest.raises(Unavailable):
        state_folder(str(tmp_path / "file" / "below"))


def test_another_users_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = state_folder(str(tmp_path / "mine"))
    me = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: me + 1)
    with pytest.raises(NotConfigured, match=f"another user .uid {me}."):
        state_folder(str(folder))


def test_below_a_folder_where_anybody_may_rename_it_is_refused(tmp_path: Path) -> None:
    loose = tmp_path / "loose"
    loose.mkdir()
    loose.chmod(0o777)
    with pytest.raises(NotConfigured, match="anybody may replace"):
        state_folder(str(loose / "mine"))
    loose.chmod(0o1777)
    assert state_folder(str(loose / "mine")) == loose / "mine"


def test_looking_for_it_makes_nothing(tmp_path: Path) -> None:
    assert not found_folder(str(tmp_path / "a")).exists()
