"""`server.json`, the entry in the MCP registry.

Source: modelcontextprotocol/registry, `server.json` of 2025-12-11. `OWNER` stands for whoever
publishes it, here and in the README, where the registry looks for the same name.
"""

from typing import Any

from bundle.boxes import Box, boxes
from bundle.manifest import DESCRIPTION
from fivetabs import __version__

NAME = "io.github.OWNER/fivetabs"
_SCHEMA = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json"
_FORMATS = {"boolean": "boolean", "number": "number", "file": "filepath"}.get


def server_json() -> dict[str, Any]:
    """The whole entry, as JSON."""
    return {
        "$schema": _SCHEMA,
        "name": NAME,
        "title": "fivetabs",
        "description": DESCRIPTION,
        "version": __version__,
        "packages": [
            {
                "registryType": "pypi",
                "identifier": "fivetabs",
                "version": __version__,
                "runtimeHint": "uvx",
                "transport": {"type": "stdio"},
                "environmentVariables": [_variable(b) for b in boxes() if b.variable != "PATH"],
            }
        ],
    }


def _variable(box: Box) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": box.variable,
        "description": box.description,
        "format": _FORMATS(box.kind, "string"),
        "isRequired": False,
        "isSecret": False,
    }
    default = str(box.default).lower() if isinstance(box.default, bool) else str(box.default)
    told |= {"default": default} if default else {}
    return told | ({"choices": list(map(str, box.choices))} if box.choices else {})
