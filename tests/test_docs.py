"""What people read is true: generated pages are fresh, and what the README names exists."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.docs import ROOT, pages

PAGES = list(pages())
TRACKED = subprocess.run(
    ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
).stdout.split()


@pytest.mark.parametrize(("path", "content"), PAGES, ids=[p.name for p, _ in PAGES])
def test_a_generated_page_is_fresh(path: Path, content: str) -> None:
    assert path.read_text("utf-8") == content, "run `make docs`"


def test_the_readme_shows_the_two_commands_on_its_first_screen() -> None:
    first = "\n".join((ROOT / "README.md").read_text("utf-8").splitlines()[:40])
    assert "make demo" in first
    assert "make test" in first


def test_every_make_target_the_readme_names_exists() -> None:
    named = set(re.findall(r"(?m)(?:`|^)make ([a-z-]+)", (ROOT / "README.md").read_text("utf-8")))
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert named <= targets


def test_every_link_inside_the_project_leads_somewhere() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text("utf-8")):
            if "://" not in link:
                assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_dependencies_are_pinned_with_hashes_and_name_no_host() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
        "dependencies"
    ]
    for name in ("requirements.txt", "requirements-run.txt"):
        locked = (ROOT / name).read_text("utf-8")
        assert "://" not in locked
        pins = re.findall(r"^([A-Za-z0-9_.-]+)==", locked, re.MULTILINE)
        assert len(pins) == len(re.findall(r"^[A-Za-z0-9].*\\\n    --hash=", locked, re.MULTILINE))
        have = {pin.lower().replace("_", "-") for pin in pins}
        for each in declared:
            wanted = re.split(r"[<>=\[ ]", each)[0].lower().replace("_", "-")
            assert wanted in have, f"{name}: run `make lock`"


def test_no_tracked_file_names_a_registry_host() -> None:
    hosts = ("pypi" + ".org", "python" + "hosted", "registry." + "npmjs", "proxy." + "golang")
    for name in TRACKED:
        path = ROOT / name
        if path.is_file() and path.stat().st_size < 1_000_000:
            content = path.read_text("utf-8", errors="replace")
            assert not [host for host in hosts if host in content], name
