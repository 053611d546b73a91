"""Which of the known places are really here; Windows keeps packages under names of their own."""

from pathlib import Path

import pytest

from fivetabs.cli.setup.finding import chosen
from fivetabs.cli.setup.places import Place
from fivetabs.core import Invalid, NotFound


def table(folder: Path) -> tuple[Place, ...]:
    roaming, package = folder / "Roaming" / "Claude", folder / "Packages" / "Claude_*" / "Claude"
    desktop = ("claude-desktop", "Claude Desktop", "mcpServers")
    return (
        Place(*desktop, roaming / "config.json", roaming),
        Place(*desktop, package / "config.json", package),
        Place(
            "cursor", "Cursor", "mcpServers", folder / "mcp.json", folder / ".cursor", "here.json"
        ),
    )


def files(folder: Path, *clients: str) -> list[str]:
    found = chosen(table(folder), clients, project=False)
    return [str(file.relative_to(folder)) for _, file in found]


def test_a_package_is_found_by_the_pattern_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "Packages" / "Claude_pzs8" / "Claude").mkdir(parents=True)
    (tmp_path / "Packages" / "Another").mkdir()
    assert files(tmp_path) == ["Packages/Claude_pzs8/Claude/config.json"]
    (tmp_path / "Roaming" / "Claude").mkdir(parents=True)
    assert files(tmp_path, "claude-desktop") == [
        "Roaming/Claude/config.json",
        "Packages/Claude_pzs8/Claude/config.json",
    ]


def test_a_client_that_was_named_gets_its_first_place_where_it_never_was(tmp_path: Path) -> None:
    assert files(tmp_path, "cursor", "claude-desktop") == ["Roaming/Claude/config.json", "mcp.json"]


def test_where_nothing_is_found_or_known_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no client was found"):
        files(tmp_path)
    with pytest.raises(Invalid, match="not known"):
        files(tmp_path, "other")
    with pytest.raises(Invalid, match="no file of a project"):
        chosen(table(tmp_path), ["claude-desktop"], project=True)
