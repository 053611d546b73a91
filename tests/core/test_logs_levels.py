"""How serious a line is."""

import pytest

from fivetabs.core.logs.levels import Judge, level_named


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("ERROR pool exhausted", "error"),
        ("2026-11-25 10:00:00,123 ERROR [main] x", "error"),
        ("[error] 31#31: *89 no live upstreams", "error"),
        ("E1125 10:00:00.123456       1 reflector.go:12] boom", "error"),
        ("I1125 10:00:00.123456       1 reflector.go:12] error was handled", "info"),
        ("level=warning msg=x", "warning"),
        ('time="2026-11-25" level=error msg="x"', "error"),
        ("<critical> disk", "error"),
        ("FATAL could not connect", "error"),
        ("WARN  attempt 1 of 3 failed", "warning"),
        ("info: server listening", "info"),
        ("DEBUG cache hit", "debug"),
        ("Error: Cannot find module 'x'", "error"),
        ("java.lang.IllegalStateException: x", "error"),
        ("panic: runtime error: index out of range", "error"),
        ("dial tcp 10.0.0.1:5432: connect: connection refused", "error"),
        ("Segmentation fault (core dumped)", "error"),
        ("error: no such file", "error"),
        ("error: 0x80070005", "error"),
        ("done errors=3", "error"),
        ("1 failed, 12 passed", "error"),
        ('10.0.0.1 - "GET / HTTP/1.1" 503 3', "error"),
        ("retrying in 5s", "warning"),
        ("this option is deprecated", "warning"),
        ("listening on :8080", ""),
        ("", ""),
    ],
)
def test_a_line_has_the_level_it_names_or_its_words_suggest(line: str, level: str) -> None:
    assert Judge().level(line.encode())[0] == level


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("job finished: 0 errors, 0 warnings", ""),
        ("error_count=0 failed=0", ""),
        ("errors: none", ""),
        ("failed: false, ok", ""),
        ("no error", ""),
        ("finished without any errors at all", ""),
        ("0 failed, 12 passed", ""),
        ("error handler installed", ""),
        ('{"errors":[],"failed":null}', ""),
        ('10.0.0.1 - "GET /error.css HTTP/1.1" 200 3', ""),
        ("INFO done, no errors", "info"),
        ("118 invoices sent, 0 failed", ""),
    ],
)
def test_a_line_that_denies_errors_is_none(line: str, level: str) -> None:
    assert Judge().level(line.encode()) == (level, False)


def test_words_worse_than_the_level_are_told() -> None:
    assert Judge().level(b"INFO request failed: connection refused") == ("info", True)
    assert Judge().level(b"DEBUG trace of the request") == ("debug", False)


@pytest.mark.parametrize(
    ("name", "level"),
    [("WARN", "warning"), ("Information", "info"), ("50", "error"), ("30", "info"), ("blue", "")],
)
def test_names_and_numbers_of_levels_are_known(name: str, level: str) -> None:
    assert level_named(name) == level


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        ('"GET / HTTP/1.1" 404 12', "404"),
        ("exited with code 137", "137"),
        ("exit status 2 after 17 ms", "2"),
        ('{"statusCode":502,"ms":3}', "502"),
        ("0 errors in 12 files", "none"),
        ("3 errors in 12 files", "some"),
        ("took 12 ms", None),
    ],
)
def test_numbers_that_mean_something_are_told_from_those_that_vary(
    line: str, numbers: str | None
) -> None:
    assert Judge().numbers(line.encode()) == numbers
