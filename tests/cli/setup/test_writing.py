"""A config is written whole or not at all, with a copy, its mode and its link kept."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fivetabs.cli.setup.writing import copies, read_text, write_text
from fivetabs.core import Conflict, Invalid


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 11, 25, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


def test_the_mode_and_a_copy_are_kept_and_nothing_else_is_left(tmp_path: Path) -> None:
    file, clock = tmp_path / "mcp[1].json", Clock()
    file.write_bytes(b"\xef\xbb\xbf{}\r\n")
    file.chmod(0o640)
    before = read_text(file)
    copy = Path(write_text(file, before, '{"a": "ü"}', clock))
    assert file.read_bytes() == '{"a": "ü"}'.encode()
    assert copy.read_bytes() == b"\xef\xbb\xbf{}\r\n"
    assert {path.stat().st_mode & 0o777 for path in (file, copy)} == {0o640}
    write_text(file, '{"a": "ü"}', "[]", clock)
    assert list(copies(file)) == ['{"a": "ü"}', before]
    assert len(list(tmp_path.iterdir())) == 3


def test_a_link_stays_a_link_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    real, link = tmp_path / "dotfiles" / "mcp.json", tmp_path / "mcp.json"
    real.write_text("{}")
    link.symlink_to("dotfiles/mcp.json")
    copy = write_text(link, "{}", "[]", Clock())
    assert link.is_symlink()
    assert real.read_text() == "[]"
    assert Path(copy).parent == real.parent


def test_a_file_that_was_not_there_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "Code" / "User" / "mcp.json"
    assert read_text(file) is None
    assert write_text(file, None, "{}", Clock()) == ""
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_file_that_somebody_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "mcp.json"
    file.write_text("theirs")
    with pytest.raises(Conflict, match="meanwhile"):
        write_text(file, "{}", "[]", Clock())
    assert file.read_text() == "theirs"


def test_what_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mcp.json"
    file.write_bytes("{}".encode("utf-16"))
    with pytest.raises(Invalid, match=r"not UTF-8 \(byte 0\)"):
        read_text(file)


def test_a_file_that_was_made_read_only_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "mcp.json"
    file.write_text("{}")
    file.chmod(0o400)
    with pytest.raises(Invalid, match="is read-only"):
        write_text(file, "{}", "[]", Clock())
    assert file.read_text() == "{}"
