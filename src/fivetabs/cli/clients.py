"""`fivetabs config CLIENT`: the block that a client's settings need, with absolute paths."""

import argparse
import json
import sys

from fivetabs.cli import setup
from fivetabs.cli.setup.entry import Entry
from fivetabs.cli.setup.launching import launch
from fivetabs.cli.setup.places import ENTRY, key_of

_FILES = (
    ("claude-desktop", "claude_desktop_config.json (Settings > Developer > Edit Config)"),
    ("claude-code", ".mcp.json in the project, or: claude mcp add fivetabs -- COMMAND"),
    ("cursor", ".cursor/mcp.json in the project, or ~/.cursor/mcp.json"),
    ("vscode", ".vscode/mcp.json in the workspace, or the user's mcp.json"),
    ("other", "the client's own file; most name the list as it is here"),
)


def run(options: argparse.Namespace) -> int:
    """Print where the block goes on stderr, and the block itself on stdout."""
    print(f"for {dict(_FILES)[options.client]}:", file=sys.stderr)
    asked = {**vars(options), "client": [options.client], "print": True}
    return setup.run(argparse.Namespace(**asked))


def plain_block(client: str) -> str:
    """The shortest JSON that makes `client` start the server."""
    entry = Entry(launch(), (), {}).value(typed=client == "vscode")
    return json.dumps({key_of(client): {ENTRY: entry}}, indent=2)
