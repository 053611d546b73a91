"""Where each client keeps its list of servers, on macOS, Linux and Windows.

A pure table: nothing here looks at a disk. Sources: the clients' own manuals (Claude Desktop
"Edit Config", Claude Code "MCP scopes" and CLAUDE_CONFIG_DIR, Cursor `mcp.json`, VS Code "MCP
configuration reference"); for Claude Desktop as a Windows package, whose files Windows keeps apart
for it, anthropics/claude-code#26073.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath, PureWindowsPath

NAMES = ("claude-desktop", "claude-code", "cursor", "vscode")
ENTRY = "fivetabs"
_PACKAGE = "Claude_*"


@dataclass(frozen=True, slots=True)
class Place:
    """One file that a client reads.

    `sign` is the file or folder that shows that the client is here; it may be a pattern, and then
    `file` is too. `typed`: an entry says `"type": "stdio"`. `project` is the file that the client
    reads in a project's folder.
    """

    client: str
    title: str
    key: str
    file: PurePath
    sign: PurePath
    project: str = ""
    typed: bool = False

    @property
    def path(self) -> tuple[str, str]:
        """The names that lead to our entry."""
        return self.key, ENTRY


def places(platform: str, home: str, environment: Mapping[str, str]) -> tuple[Place, ...]:
    """Every place that a client may have on this system, in the order of `NAMES`.

    `platform` is `sys.platform`: darwin, win32, and everything else is treated as Linux.
    """
    return (
        *_claude_desktop(platform, home, environment),
        _claude_code(platform, home, environment),
        _cursor(platform, home),
        *_vscode(platform, home, environment),
    )


def key_of(client: str) -> str:
    """Under which name a client lists its servers; most took it from Claude Desktop."""
    return "servers" if client == "vscode" else "mcpServers"


def _claude_desktop(platform: str, home: str, environment: Mapping[str, str]) -> Iterator[Place]:
    for folder in _claude_folders(platform, home, environment):
        file = folder / "claude_desktop_config.json"
        yield Place(NAMES[0], "Claude Desktop", key_of(NAMES[0]), file, folder)


def _claude_folders(platform: str, home: str, environment: Mapping[str, str]) -> Iterator[PurePath]:
    yield _applications(platform, home, environment) / "Claude"
    if platform == "win32":
        local = environment.get("LOCALAPPDATA")
        start = PureWindowsPath(local) if local else PureWindowsPath(home, "AppData", "Local")
        yield start / "Packages" / _PACKAGE / "LocalCache" / "Roaming" / "Claude"


def _claude_code(platform: str, home: str, environment: Mapping[str, str]) -> Place:
    named = environment.get("CLAUDE_CONFIG_DIR")
    folder = _path(platform, named or home)
    sign = folder if named else folder / ".claude"
    title, key = "Claude Code", key_of(NAMES[1])
    return Place(NAMES[1], title, key, folder / ".claude.json", sign, ".mcp.json", typed=True)


def _cursor(platform: str, home: str) -> Place:
    folder = _path(platform, home) / ".cursor"
    return Place(
        NAMES[2], "Cursor", key_of(NAMES[2]), folder / "mcp.json", folder, ".cursor/mcp.json"
    )


def _vscode(platform: str, home: str, environment: Mapping[str, str]) -> Iterator[Place]:
    for name, title in (("Code", "VS Code"), ("Code - Insiders", "VS Code Insiders")):
        folder = _applications(platform, home, environment) / name
        file, key = folder / "User" / "mcp.json", key_of(NAMES[3])
        yield Place(NAMES[3], title, key, file, folder, ".vscode/mcp.json", typed=True)


def _applications(platform: str, home: str, environment: Mapping[str, str]) -> PurePath:
    """Where applications keep their data, as Electron's `appData` has it."""
    if platform == "darwin":
        return PurePosixPath(home, "Library", "Application Support")
    if platform == "win32":
        roaming = environment.get("APPDATA")
        return PureWindowsPath(roaming) if roaming else PureWindowsPath(home, "AppData", "Roaming")
    return PurePosixPath(environment.get("XDG_CONFIG_HOME") or PurePosixPath(home, ".config"))


def _path(platform: str, path: str) -> PurePath:
    return PureWindowsPath(path) if platform == "win32" else PurePosixPath(path)
