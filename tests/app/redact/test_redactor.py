"""The redactor: markers, marks of ours, known values, the structure of an answer, tricks."""

import ast
import base64
import json
import logging
import re
from pathlib import Path
from threading import Thread
from urllib.parse import quote

import pytest

from fivetabs.app.redact import RedactingFormatter, Redactor, library
from fivetabs.core import (
    Detail,
    Diagnosis,
    Evidence,
    Finding,
    Invalid,
    Listing,
    Log,
    NextStep,
    Outcome,
    Severity,
    Table,
    quoted,
)
from fivetabs.core.quoting import CLOSE, HIDE, OPEN, secret

GITHUB = "gh" + "p_" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0dF3gH6"
AWS_ID = "AK" + "IAQ3EGRT7Y2K5LMN4P"
PASSWORD = "Tr0ub4dor&3"
MARKER = re.compile(r"<secret:[0-9a-f]{4,}>")


def marker_in(text: str) -> str:
    found = MARKER.findall(text)
    assert len(found) == 1, text
    return found[0]


def test_equal_secrets_have_equal_markers_and_others_do_not(redactor: Redactor) -> None:
    log, env = redactor.text(f"sent {GITHUB} away"), redactor.text(f"TOKEN={GITHUB}")
    assert marker_in(log) == marker_in(env)
    assert marker_in(redactor.text(f"{GITHUB}x")) != marker_in(log)


def test_markers_depend_on_the_key() -> None:
    one, other = Redactor(b"one"), Redactor(b"other")
    assert one.text(GITHUB) != other.text(GITHUB)
    assert one.text(GITHUB) == Redactor(b"one").text(GITHUB)


def test_two_secrets_never_share_a_marker_and_keep_their_own() -> None:
    """Four hex digits are 65,536 names; among 2,000 secrets some begin alike."""
    redactor = Redactor(b"key")
    values = [f"pw{number:05d}x" for number in range(2000)]
    shown = [marker_in(redactor.text(f"password={value}")) for value in values]
    assert len(set(shown)) == len(values)
    assert min(map(len, shown)) < max(map(len, shown))
    assert [marker_in(redactor.text(f"password={value}")) for value in values] == shown


def test_a_marker_that_somebody_wrote_protects_nothing_beside_it(redactor: Redactor) -> None:
    shown = redactor.text(f"password=<secret:ab12>{PASSWORD}")
    assert PASSWORD not in shown
    assert redactor.text("password=<secret:ab12>") == "password=<secret:ab12>"


@pytest.mark.parametrize(
    "split", ["\x1b[31m", "\u200b", "\u2060", "\x00", "\u00ad", "\U000e0041", "\ufe0f", "\u034f"]
)
def test_a_secret_split_by_what_nobody_sees_is_hidden(redactor: Redactor, split: str) -> None:
    broken = split.join((GITHUB[:12], GITHUB[12:]))
    assert redactor.text(f"a {broken} b") == redactor.text(f"a {GITHUB} b")
    assert GITHUB[:12] not in redactor.text(f"a {broken} b")


@pytest.mark.parametrize("at", range(0, len(GITHUB) + 1, 5))
def test_quotes_stay_and_hide_no_secret_wherever_they_begin_or_end(
    redactor: Redactor, at: int
) -> None:
    for text in (
        f"a {GITHUB[:at]}{OPEN}{GITHUB[at:]} b{CLOSE} c",
        f"{OPEN}a {GITHUB[:at]}{CLOSE}{GITHUB[at:]} c",
        f"a {GITHUB[:at]}{OPEN}{CLOSE}{GITHUB[at:]} c",
    ):
        shown = redactor.text(text)
        assert "gh" + "p_" not in shown
        assert GITHUB[-6:] not in shown
        assert [c for c in shown if c in OPEN + CLOSE] == [OPEN, CLOSE]
        assert shown.startswith((f"{OPEN}a ", "a "))
        assert shown.endswith(" c")


def test_quoted_text_keeps_its_place_around_a_secret(redactor: Redactor) -> None:
    shown = redactor.text(f"event {quoted(f'DB_PASSWORD={PASSWORD} x')} seen")
    name = marker_in(shown)
    assert shown == f"event {OPEN}DB_PASSWORD={name} x{CLOSE} seen"


def test_a_value_marked_as_secret_is_hidden_there_and_wherever_else_it_stands() -> None:
    redactor = Redactor(b"key")
    shown = redactor.text(f"set to {secret('blue-Whale-7741')}; log: refused blue-Whale-7741")
    assert "Whale" not in shown
    assert len(set(MARKER.findall(shown))) == 1
    assert redactor.text(f"short {secret('ab')}!").startswith("short <secret:")


def test_a_marked_secret_whose_end_was_cut_off_is_hidden_to_the_end(redactor: Redactor) -> None:
    assert "Whale" not in redactor.text(f"set to {HIDE}blue-Wha")
    assert "blue" not in redactor.text(f"set to {HIDE}blue-Wha")


FORMS = {
    "raw": PASSWORD,
    "URL": quote(PASSWORD),
    "base64": base64.b64encode(PASSWORD.encode()).decode(),
    "base64 one byte in": base64.b64encode(f"a{PASSWORD}".encode()).decode(),
    "base64 two bytes in": base64.b64encode(f"ab{PASSWORD}\n".encode()).decode(),
    "base64 URL alphabet": base64.urlsafe_b64encode(f"user:{PASSWORD}".encode()).decode(),
    "JSON": json.dumps(PASSWORD)[1:-1],
    "JSON in JSON": json.dumps(json.dumps({"x": PASSWORD})),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_a_known_value_is_hidden_however_it_is_encoded(form: str) -> None:
    redactor = Redactor(b"key")
    redactor.learn([PASSWORD])
    shown = redactor.text(f"the log says {form} and goes on")
    assert form not in shown
    assert shown.startswith("the log says ")
    assert shown.endswith("and goes on")
    assert marker_in(shown) == marker_in(redactor.text(f"[{PASSWORD}]"))


def test_a_known_value_with_quotes_and_newlines_is_hidden_in_json_and_line_by_line() -> None:
    redactor = Redactor(b"key")
    value = 'first "line" of it\nand the second line\\of it'
    redactor.learn([value])
    for text in (json.dumps({"v": value}), json.dumps(json.dumps(value)), *value.splitlines()):
        assert "second line" not in redactor.text(text)
        assert "line" not in redactor.text(text)


@pytest.mark.parametrize("end", ["", "…", "...", " [line cut]"])
def test_a_known_value_whose_end_was_cut_off_is_hidden(end: str) -> None:
    redactor = Redactor(b"key")
    redactor.learn(["blue-Whale-7741-sings"])
    assert "blue" not in redactor.text(f"refused blue-Whale-77{end}")


@pytest.mark.parametrize(
    "value",
    [
        "true", "x", "postgres", "admin", "localhost", "8080", "12345678", "shop-frontend", "default",
        "db.shop.svc.cluster.local", "10.0.12.4", "10.0.12.4:5432", "https://example.com/login",
        "/run/secrets/db", "kube-system", "production", "redis-master-0", "eu-west-1", "web", "",
        "changeme", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db", "REDACTED", "****",
    ],
)  # fmt: skip
def test_what_is_too_ordinary_is_not_learned(value: str) -> None:
    redactor = Redactor(b"key")
    redactor.learn([value])
    text = f"pod {value} is well; see {value}."
    assert redactor.text(text) == text


def test_a_short_known_value_inside_a_longer_word_is_left(redactor: Redactor) -> None:
    redactor = Redactor(b"key")
    redactor.learn(["web7x2"])
    assert redactor.text("pod web7x29k is well, web7x2 not") != "pod web7x29k is well, web7x2 not"
    assert "web7x29k" in redactor.text("pod web7x29k is well, web7x2 not")


def test_known_values_are_bounded_and_the_newest_stay() -> None:
    redactor = Redactor(b"key")
    redactor.learn(f"value-{number:06d}-Zq" for number in range(5000))
    assert redactor.text("a value-000000-Zq") == "a value-000000-Zq"
    assert "value" not in redactor.text("a: value-004999-Zq").removeprefix("a: ")


def test_names_decide_where_form_cannot(redactor: Redactor) -> None:
    answer = Detail(
        summary="one container",
        facts={"name": "db", "db password": "bluewhale", "port": 5432, "pin": 1, "passcode": 4711},
        tables=(
            Table(
                title="environment",
                columns=("name", "value"),
                rows=(("POSTGRES_PASSWORD", "bluewhale"), ("PGDATA", "/var/lib/data")),
                total=2,
            ),
            Table(title="login", columns=("user", "password"), rows=(("app", "swan"),), total=1),
            Table(
                title="change",
                columns=("attribute", "before", "after"),
                rows=(("master_password", "old-one", "new-one"), ("size", "1", "2")),
                total=2,
            ),
        ),
    )
    shown = redactor.answer(answer)
    assert isinstance(shown, Detail)
    assert shown.facts["name"] == "db"
    assert shown.facts["port"] == 5432
    assert shown.facts["pin"] == 1
    assert marker_in(str(shown.facts["passcode"]))
    environment, login, change = shown.tables
    assert shown.facts["db password"] == environment.rows[0][1]
    assert environment.rows[1] == ("PGDATA", "/var/lib/data")
    assert login.rows[0][0] == "app"
    assert marker_in(str(login.rows[0][1]))
    assert change.rows[1] == ("size", "1", "2")
    assert all(marker_in(str(cell)) for cell in change.rows[0][1:])


def test_every_string_of_an_answer_is_treated(redactor: Redactor) -> None:
    finding = Finding(
        code="K8S101",
        severity=Severity.WARNING,
        subject=f"k8s:a/b/Pod/{GITHUB}",
        cause=f"it sent {GITHUB}",
        evidence=(Evidence(quote=GITHUB, source=GITHUB),),
        next_step=NextStep(words=GITHUB, tool="x", arguments={GITHUB: [GITHUB], "n": 1}),
        symptoms=(GITHUB,),
    )
    answers = (
        Diagnosis(summary=GITHUB, findings=(finding,), healthy=(GITHUB,), missing=(GITHUB,)),
        Listing(summary="x", columns=("a", GITHUB), rows=((GITHUB, 1),), total=1, kin=(GITHUB,)),
        Log(summary="x", source=GITHUB, text=f"a\n{GITHUB}\nb", read=3, matched=3, shown=3),
        Detail(summary="x", facts={GITHUB: GITHUB}, notes=(GITHUB,)),
    )
    for answer in answers:
        shown = redactor.answer(answer)
        assert type(shown) is type(answer)
        assert GITHUB not in repr(shown)
        assert "gh" + "p_" not in repr(shown)
        assert redactor.answer(shown) == shown


def test_what_the_pipeline_itself_wrote_stays(redactor: Redactor) -> None:
    digest = "sha256-" + "ab12" * 10
    answer = Outcome(
        summary="planned", state="planned", digest=digest, notes=(f"approve={digest}",)
    )
    assert redactor.answer(answer) is answer


def test_a_word_behind_a_flag_that_says_so_is_hidden(redactor: Redactor) -> None:
    step = NextStep(
        words="run", arguments={"command": ["app", "--db-password", "swan", "--port", "80"]}
    )
    shown = redactor.answer(
        Diagnosis(
            summary="x",
            findings=(
                Finding(code="A1", severity=Severity.INFO, subject="s", cause="c", next_step=step),
            ),
        )
    )
    command = shown.findings[0].next_step.arguments["command"]
    assert [command[0], command[1], *command[3:]] == ["app", "--db-password", "--port", "80"]
    assert marker_in(command[2])


def test_a_fault_keeps_its_kind_and_loses_its_secrets(redactor: Redactor) -> None:
    fault = redactor.fault(
        Invalid(f"no such thing: postgres://app:{PASSWORD}@db/shop", hint=f"export TOKEN={GITHUB}")
    )
    assert type(fault) is Invalid
    assert PASSWORD not in str(fault)
    assert GITHUB not in fault.hint


def test_a_log_line_and_its_traceback_lose_their_secrets(redactor: Redactor) -> None:
    formatter = RedactingFormatter(redactor)
    error = ValueError(f"cannot log in with password={PASSWORD}")
    record = logging.LogRecord(
        "fivetabs", logging.ERROR, __file__, 1, "sent %s", (GITHUB,), (type(error), error, None)
    )
    line = formatter.format(record)
    assert "ValueError" in line
    assert GITHUB not in line
    assert PASSWORD not in line


def test_a_line_that_cannot_be_formatted_is_not_printed(redactor: Redactor) -> None:
    record = logging.LogRecord("a.b", logging.ERROR, "", 1, "%d of " + GITHUB, ("x",), None)
    assert RedactingFormatter(redactor).format(record) == (
        "ERROR:a.b:a line that could not be made safe to print"
    )


@pytest.mark.parametrize(
    "text",
    [
        "password=" * 30_000, "password: \n" * 20_000, "a" * 300_000, "Aa0" * 100_000, "://a:" * 50_000,
        '{"password":"' * 20_000, "-----BEGIN RSA PRIVATE KEY-----" * 5_000, "eyJ" * 80_000, "\\" * 200_000,
        '"' * 200_000, "--token " * 30_000, "[" * 100_000, "secret.secret." * 20_000, "MIIEowIBAAK" * 20_000,
        "=" * 200_000, "name: PASSWORD\n" * 15_000, "Cookie: a=b; " * 20_000, "-" * 200_000, "@:/" * 60_000,
        f"{OPEN}{CLOSE}" * 50_000, HIDE * 50_000,
    ],
    ids=range(21),
)  # fmt: skip
def test_no_text_can_make_it_hang(redactor: Redactor, text: str) -> None:
    """Each of these would take a backtracking pattern longer than anybody waits."""
    assert isinstance(redactor.text(text), str)


def test_several_threads_may_use_it_at_once() -> None:
    redactor = Redactor(b"key")
    shown: list[str] = []

    def work(number: int) -> None:
        for turn in range(50):
            redactor.learn([f"learned-{number}-{turn}-Xy9"])
            shown.append(redactor.text(f"password={PASSWORD} learned-{number}-{turn}-Xy9"))

    threads = [Thread(target=work, args=(number,)) for number in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(shown) == 200
    assert not [text for text in shown if "learned" in text or PASSWORD in text]
    assert len({text.split()[0] for text in shown}) == 1


def test_of_the_library_nothing_is_used_but_scanning() -> None:
    """It could also validate and revoke what it finds, over the network."""
    source = Path(library.__file__).read_text("utf-8")
    used = {
        node.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "kingfisher"
    }
    assert used == {"Rules", "Scanner"}
