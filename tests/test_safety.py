"""The safety page is true: every class of the list has its row, and every test it names exists."""

import ast
import re
from pathlib import Path

from tests.docs import ROOT

PAGE = ROOT / "docs" / "safety.md"
# The classes of attack that advisories and reports about servers of this kind name.
CLASSES = (
    "A shell, or a command line built from the model's words",
    "Argument injection: a value that begins with `-`",
    "Path traversal and prefix checks",
    "Read-only that is not",
    "Secrets in results",
    "Approval that fails open, or that the model gives itself",
    "Prompt injection through results",
    "DNS rebinding and open binds",
    "Token reuse, address redirects, SSRF",
    "`terraform plan` runs code",
    "Results without a bound",
    "One broken backend takes the server down",
    "Silent fallback to made-up data",
)
ADVISORIES = (
    *("CVE-2025-53355", "CVE-2025-66404", "CVE-2025-69902", "CVE-2025-59377"),
    *("GHSA-fgmx-xfp3-w28p", "GHSA-wmg3-h8mf-wgvr", "GHSA-qmcc-whxh-2p3p", "CVE-2026-4270"),
    *("CVE-2025-59376", "CVE-2025-64443", "CVE-2025-66416", "CVE-2025-66414"),
)


def rows() -> dict[str, list[str]]:
    """The cells of each row of the table of advisories, by its class."""
    lines = PAGE.read_text("utf-8").splitlines()
    start = lines.index("| class | known cases | what stops it | replayed by |") + 2
    found: dict[str, list[str]] = {}
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        name, *cells = (cell.strip() for cell in line.strip("|").split(" | "))
        found[name] = cells
    return found


def test_every_class_has_a_row_with_what_stops_it_and_a_replay() -> None:
    table = rows()
    assert tuple(table) == CLASSES
    for name, (known, stops, replays) in table.items():
        assert known, name
        assert stops, name
        assert re.findall(r"`(test_\w+)`", replays), name


def test_every_advisory_is_named() -> None:
    known = " ".join(cells[0] for cells in rows().values())
    assert not [each for each in ADVISORIES if each not in known]


def test_every_test_that_is_named_exists() -> None:
    written = _tests()
    for name, cells in rows().items():
        for test in re.findall(r"`(test_\w+)`", cells[2]):
            assert test in written, f"{name}: {test}"


def test_every_replay_of_an_advisory_is_named() -> None:
    told = PAGE.read_text("utf-8")
    replays = [test for test in _tests() if re.match(r"test_(cve|ghsa)_", test)]
    assert replays
    assert not [test for test in replays if f"`{test}`" not in told]


def _tests() -> set[str]:
    return {
        node.name
        for file in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(Path(file).read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
    }
