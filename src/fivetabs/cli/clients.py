"""`fivetabs config CLIENT`: the block that a client's settings need, with absolute paths."""

import argparse
import json
import shutil
import sys
from pathlib import Path

_FILES = (
    ("claude-desktop", "claude_desktop_config.json (Settings > Developer > Edit Config)"),
    ("claude-code", ".mcp.json in the project, or: claude mcp add fivetabs -- COMMAND"),
    ("cursor", ".cursor/mcp.json in the project, or ~/.cursor/mcp.json"),
    ("vscode", ".vscode/mcp.json in the workspace"),
)


def run(options: argparse.Namespace) -> int:
    """Print where the block goes on stderr, and the block itself on stdout."""
    print(f"for {dict(_FILES)[options.client]}:", file=sys.stderr)
    print(block(options.client, command()))
    return 0


def block(client: str, path: str) -> str:
    """The JSON that makes `client` start the server at `path`."""
    key = "servers" if client == "vscode" else "mcpServers"
    entry: dict[str, object] = {"command": path, "args": []}
    if client == "vscode":
        entry = {"type": "stdio", **entry}
    return json.dumps({key: {"fivetabs": entry}}, indent=2)


def command() -> str:
    """The absolute path of this very command: desktop programs start servers with a bare PATH."""
    beside = Path(sys.executable).with_name("fivetabs")
    found = str(beside) if beside.exists() else shutil.which("fivetabs")
    return found or str(Path(sys.argv[0]).resolve())
