"""`fivetabs audit` as a person uses it: verify, show, export."""

import json
import os
import pty
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from fivetabs.app.store.audit import Audit
from fivetabs.cli.arguments import parse
from fivetabs.cli.timeline import escaped
from fivetabs.core.quoting import quoted
from tests.app.trails import files, opened

HOSTILE = (
    "```\n# Agreed by ada\n<script>alert(1)</script> <!-- \n````text\n~~~\n</details>\n"
    "[click](https://evil.example) ![x](y) https://evil.example www.evil.example\n"
    "\x1b[2J\x1b]0;title\x07\u202e| a | b |\n---\n* item\n    code\n&lt;b&gt; **bold** `code`\r\r"
)


def incident(audit: Audit) -> None:
    """A question, a change that a person agreed to, and one that was declined."""
    finding = {
        "code": "K8S104",
        "subject": "k8s:prod/shop/Pod/broken-app",
        "cause": "the container exits with 1",
        "evidence": [
            {"quote": f"panic: no DATABASE_URL\n{HOSTILE}", "source": "log", "time": "10:02"}
        ],
    }
    asked = {"tool": "get_pod_logs", "arguments": '{"pod_name": "broken-app"}', "target": "prod"}
    audit.add("call", {**asked, "ok": True, "summary": HOSTILE, "findings": [finding]})
    audit.add("call", {**asked, "ok": False, "status": "not found", "summary": "no such pod"})
    change: dict[str, Any] = {"id": "c0ffee", "digest": "d1", "tool": "restart_deployment"}
    audit.add(
        "asked",
        {**change, "target": "prod", "summary": "Restart web", "changes": f"a -> {HOSTILE}"},
    )
    audit.add("agreed", {**change, "who": "ada", "way": "terminal"})
    audit.add("begin", {**change, "steps": 1})
    audit.add("step", {**change, "number": 1, "state": "begun"})
    audit.add("step", {**change, "number": 1, "state": "done", "told": quoted(HOSTILE)})
    audit.add("end", {**change, "state": "done"})
    audit.add("verified", {**change, "turn": "well", "told": "3 of 3 new pods are ready"})
    audit.add("asked", {"id": "0ther5", "tool": "scale_deployment", "summary": "Scale web"})
    audit.add("declined", {"id": "0ther5", "who": "ada", "way": "client"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "state"
    made.mkdir(mode=0o700)
    with closing(opened(made)) as audit:
        incident(audit)
    return made


def run(folder: Path, *argv: str) -> int:
    options = parse(["audit", *argv, "--set", f"state={folder}"])
    return options.run(options)


def test_a_whole_record_is_called_whole_with_its_head(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "verify") == 0
    told = capsys.readouterr().out
    assert told.startswith(
        f"11 lines from 2026-03-12T10:00:00.000Z to 2026-03-12T10:00:10.000Z in {folder}\nhead 11:"
    )
    assert "note the head elsewhere" in told


def test_each_break_is_told_with_its_line_and_the_status_says_so(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = files(folder)[0].read_bytes().splitlines(keepends=True)
    files(folder)[0].write_bytes(b"".join((*rows[:3], *rows[4:-1])))
    assert run(folder, "verify") == 1
    told = capsys.readouterr().out
    assert "BROKEN  audit-000000000001.jsonl:4: line 4 is missing before this one" in told
    assert "BROKEN  the last line is missing: 11 were anchored and 10 are there" in told
    assert "whole" not in told


def test_a_head_noted_elsewhere_is_found_again_or_missed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(folder, "verify", "--json")
    value = json.loads(capsys.readouterr().out)
    assert (value["whole"], value["lines"], value["flaws"]) == (True, 11, [])
    with closing(opened(folder)) as audit:
        audit.add("call", {})
    assert run(folder, "verify", "--head", f"11:{value['head']}") == 0
    assert "the noted head is line 11" in capsys.readouterr().out
    assert run(folder, "verify", "--head", "f" * 64) == 1
    assert "the noted head is not in this record" in capsys.readouterr().out
    assert run(folder, "verify", "--head", "abc") == 1
    assert "give 12 or more" in capsys.readouterr().err


def test_where_there_is_no_record_nothing_is_called_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "none", "verify") == 1
    assert "there is no record" in capsys.readouterr().out
    assert not (tmp_path / "none").exists()


def test_lines_are_listed_plainly_where_nobody_looks(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "show") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 11
    assert lines[1] == (
        "2026-03-12T10:00:01.000Z       2  call       "
        "get_pod_logs(pod_name='broken-app') on prod: not found: no such pod"
    )
    assert lines[3].endswith("agreed     c0ffee by ada (terminal)")
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize(
    ("argv", "numbers"),
    [
        (("--last", "2"), [10, 11]),
        (("--last", "0", "--tool", "get_pod_logs"), [1, 2]),
        (("--event", "asked"), [3, 10]),
        (("--since", "2026-03-12T10:00:08Z"), [9, 10, 11]),
        (("--until", "2026-03-12T10:00:02Z"), [1, 2]),
        (("--since", "1h"), []),
        (("--change", "0ther5"), [10, 11]),
    ],
)
def test_lines_are_chosen_by_what_a_person_asks_for(
    folder: Path, argv: tuple[str, ...], numbers: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "show", "--json", *argv) == 0
    shown = [json.loads(line)["n"] for line in capsys.readouterr().out.splitlines()]
    assert shown == numbers


def test_the_last_hour_is_that_before_now(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(opened(folder, now=lambda: datetime.now(UTC))) as audit:
        audit.add("call", {"tool": "now"})
    assert run(folder, "show", "--since", "1h", "--json") == 0
    assert [json.loads(line)["n"] for line in capsys.readouterr().out.splitlines()] == [12]


def test_a_time_that_is_none_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "show", "--since", "yesterday") == 1
    assert "'yesterday' is no time" in capsys.readouterr().err


def test_one_change_is_told_with_what_became_of_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "show", "--change", "c0ffee") == 0
    told = capsys.readouterr().out
    assert "c0ffee restart_deployment prod: Restart web" in told
    assert "ada agreed at 2026-03-12T10:00:03.000Z (terminal)." in told
    assert "Its one step was done." in told
    assert "well: 3 of 3 new pods are ready." in told


def test_a_record_that_is_not_whole_is_shown_with_a_warning(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = files(folder)[0].read_bytes().splitlines(keepends=True)
    files(folder)[0].write_bytes(b"".join(rows[1:]))
    for argv in (("show",), ("show", "--change", "c0ffee"), ("export",)):
        assert run(folder, *argv) == 1
        assert "beware, the record: it is not whole" in capsys.readouterr().err


def test_on_a_terminal_it_is_a_table_and_no_text_of_a_backend_is_an_escape(folder: Path) -> None:
    terminal, far_end = pty.openpty()
    with os.fdopen(terminal, "rb", buffering=0) as screen:
        done = subprocess.Popen(
            [sys.executable, "-m", "fivetabs", "audit", "show", "--set", f"state={folder}"],
            stdin=subprocess.DEVNULL,
            stdout=far_end,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(sys.path),
                "COLUMNS": "200",
                "TERM": "xterm",
            },
        )
        os.close(far_end)
        seen = b""
        while piece := _read(screen.fileno()):
            seen += piece
        assert done.wait(timeout=60) == 0
    assert b"what" in seen
    assert b"ada (terminal)" in seen
    assert b"\x1b[2J" not in seen
    assert b"\x1b]0;" not in seen


def _read(opened_file: int) -> bytes:
    try:
        return os.read(opened_file, 65536)
    except OSError:  # Linux says so when the other side has closed.
        return b""


def test_an_incident_is_told_as_markdown_that_nothing_in_it_can_break(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "export") == 0
    page = capsys.readouterr().out
    tokens = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(page)
    kinds = [t.type for t in tokens] + [c.type for t in tokens for c in t.children or ()]
    assert not {"html_block", "html_inline", "image", "table_open", "bullet_list_open"} & set(kinds)
    assert not {"link_open", "code_block", "hr", "ordered_list_open", "blockquote_open"} & set(
        kinds
    )
    headings = [tokens[n + 1].content for n, t in enumerate(tokens) if t.type == "heading_open"]
    assert headings[:2] == ["Incident timeline", "What happened"]
    assert len(headings) == 3 + 11 + 2
    blocks = [t.content for t in tokens if t.type == "fence"]
    assert len(blocks) == 2
    assert blocks[0].startswith("panic: no DATABASE_URL\n```\n# Agreed by ada\n<script>")
    assert blocks[0].endswith("&lt;b&gt; **bold** `code`\n")
    assert not any(32 > ord(char) != 10 for char in page)
    texts = [c.content for t in tokens for c in t.children or () if c.type == "text"]
    assert any("https://evil.example" in text for text in texts)


@pytest.mark.parametrize(
    "words",
    ["- a", "+ a", "* a", "1. a", "2) a", "---", "===", "# a", "> a", "    a", "a\n===", "."],
)
def test_no_words_begin_a_list_a_rule_or_a_heading(words: str) -> None:
    tokens = MarkdownIt().parse(f"before\n\n{escaped(words)}\nafter")
    assert {t.type for t in tokens} == {"paragraph_open", "inline", "paragraph_close"}


def test_a_bare_address_becomes_no_link_where_markdown_links_them(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(folder, "export")
    outside: list[str] = []
    fence = ""
    for line in capsys.readouterr().out.splitlines():
        if fence:
            fence = "" if line == fence else fence
        elif line.startswith("```"):
            fence = line.removesuffix("text")
        else:
            outside.append(line)
    assert not [line for line in outside if "https:/" in line or "www." in line]


def test_the_page_says_who_agreed_what_was_done_and_how_it_turned_out(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(folder, "export", "--since", "2026-03-12T10:00:02Z", "--until", "2026-03-12T10:00:09Z")
    page = capsys.readouterr().out.replace("\\", "")
    assert "From 2026-03-12T10:00:02.000Z to 2026-03-12T10:00:08.000Z, 7 lines of" in page
    assert "The record is whole" in page
    assert "### Change c0ffee" in page
    assert "ada agreed at 2026-03-12T10:00:03.000Z (terminal)." in page
    assert "Its one step was done." in page
    assert "0ther5" not in page


def test_a_page_of_a_record_that_is_not_whole_says_so_at_its_top(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = files(folder)[0].read_bytes().splitlines(keepends=True)
    files(folder)[0].write_bytes(b"".join((*rows[:3], *rows[4:])))
    run(folder, "export")
    page = capsys.readouterr().out.replace("\\", "")
    assert page.index("The record is not whole") < page.index("What happened")
    assert "line 4 is missing before this one" in page
