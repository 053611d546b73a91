"""Where each client keeps its list, as tables for the three systems; only Linux is also tried."""

from pathlib import PurePosixPath, PureWindowsPath

import pytest

from fivetabs.cli.setup.places import NAMES, places

MAC, WINDOWS = "/Users/ada", "C:\\Users\\ada"
LIBRARY, ROAMING = f"{MAC}/Library/Application Support", f"{WINDOWS}\\AppData\\Roaming"
PACKAGE = "D:\\L\\Packages\\Claude_*\\LocalCache\\Roaming"
DESKTOP = "claude_desktop_config.json"
TABLE: list[tuple[str, str, dict[str, str], str, str]] = [
    ("darwin", MAC, {}, "claude-desktop", f"{LIBRARY}/Claude/{DESKTOP}"),
    ("darwin", MAC, {}, "claude-code", "/Users/ada/.claude.json"),
    ("darwin", MAC, {"CLAUDE_CONFIG_DIR": "/opt/c"}, "claude-code", "/opt/c/.claude.json"),
    ("darwin", MAC, {}, "cursor", "/Users/ada/.cursor/mcp.json"),
    ("darwin", MAC, {}, "vscode", f"{LIBRARY}/Code/User/mcp.json"),
    ("darwin", MAC, {}, "vscode", f"{LIBRARY}/Code - Insiders/User/mcp.json"),
    ("linux", "/home/ada", {}, "claude-desktop", f"/home/ada/.config/Claude/{DESKTOP}"),
    ("linux", "/home/ada", {"XDG_CONFIG_HOME": "/c"}, "claude-desktop", f"/c/Claude/{DESKTOP}"),
    ("linux", "/home/ada", {}, "claude-code", "/home/ada/.claude.json"),
    ("linux", "/home/ada", {}, "cursor", "/home/ada/.cursor/mcp.json"),
    ("linux", "/home/ada", {}, "vscode", "/home/ada/.config/Code/User/mcp.json"),
    ("linux", "/home/ada", {"XDG_CONFIG_HOME": "/c"}, "vscode", "/c/Code/User/mcp.json"),
    ("win32", WINDOWS, {"APPDATA": "D:\\R"}, "claude-desktop", f"D:\\R\\Claude\\{DESKTOP}"),
    ("win32", WINDOWS, {}, "claude-desktop", f"{ROAMING}\\Claude\\{DESKTOP}"),
    (
        "win32",
        WINDOWS,
        {"LOCALAPPDATA": "D:\\L"},
        "claude-desktop",
        f"{PACKAGE}\\Claude\\{DESKTOP}",
    ),
    ("win32", WINDOWS, {}, "claude-code", "C:\\Users\\ada\\.claude.json"),
    ("win32", WINDOWS, {}, "cursor", "C:\\Users\\ada\\.cursor\\mcp.json"),
    ("win32", WINDOWS, {}, "vscode", f"{ROAMING}\\Code\\User\\mcp.json"),
    ("win32", WINDOWS, {"APPDATA": "D:\\R"}, "vscode", "D:\\R\\Code\\User\\mcp.json"),
]


@pytest.mark.parametrize(("platform", "home", "environment", "client", "file"), TABLE)
def test_the_file_of_a_client(
    platform: str, home: str, environment: dict[str, str], client: str, file: str
) -> None:
    found = [str(p.file) for p in places(platform, home, environment) if p.client == client]
    assert file in found


@pytest.mark.parametrize("platform", ["darwin", "linux", "win32"])
def test_every_client_has_a_place_on_every_system(platform: str) -> None:
    home = WINDOWS if platform == "win32" else "/home/ada"
    kind = PureWindowsPath if platform == "win32" else PurePosixPath
    found = places(platform, home, {})
    assert tuple(dict.fromkeys(each.client for each in found)) == NAMES
    for each in found:
        assert isinstance(each.file, kind)
        assert each.file.is_absolute()
        assert each.sign.is_absolute()
        assert each.path == (("servers" if each.client == "vscode" else "mcpServers"), "fivetabs")
