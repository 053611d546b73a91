"""The bundle's manifest, made from the code: tools, prompts, and a form made from the settings.

Source: modelcontextprotocol/mcpb, MANIFEST.md (version 0.4, server type `uv`). A box that was left
empty reaches the server as an empty text, or as the placeholder itself: `server.py` drops both.
"""

from typing import Any

from bundle.boxes import Box, boxes
from fivetabs import __version__
from fivetabs.cli.houses import known_labels
from fivetabs.server import prompts

DESCRIPTION = "Reads your real Kubernetes, AWS, Docker and Terraform; proposes guarded changes."
_LONG = """\
Ask *give me a health report of my infrastructure* or *why is orders-api down*: one call reads all
four backends with your own credentials, on your machine, and answers with the cause, the evidence
and the next step. Reading changes nothing. A change is shown as a plan, and a person agrees."""


def manifest() -> dict[str, Any]:
    """The whole manifest, as JSON."""
    return {
        "manifest_version": "0.4",
        "name": "fivetabs",
        "display_name": "fivetabs",
        "version": __version__,
        "description": DESCRIPTION,
        "long_description": _LONG,
        "author": {"name": "The fivetabs authors"},
        "license": "MIT",
        "keywords": ["kubernetes", "aws", "docker", "terraform", "operations", "incidents"],
        "server": {"type": "uv", "entry_point": "server.py", "mcp_config": _start()},
        "tools": [{"name": t.name, "description": _first(t.description)} for t in known_labels()],
        "prompts": [_prompt()],
        "compatibility": {
            "platforms": ["darwin", "linux", "win32"],
            "runtimes": {"python": ">=3.11"},
        },
        "user_config": {box.name: _field(box) for box in boxes()},
    }


def _start() -> dict[str, Any]:
    args = ["run", "--directory", "${__dirname}", "server.py"]
    for box in boxes():
        args += [box.option, _value(box)] if box.option else []
    env = {box.variable: _value(box) for box in boxes() if not box.option}
    return {"command": "uv", "args": args, "env": env}


def _field(box: Box) -> dict[str, Any]:
    field: dict[str, Any] = {"type": box.kind, "title": box.title, "description": box.description}
    if box.option:
        return field | {"multiple": True, "required": False, "default": []}
    bounds = {"min": box.least, "max": box.most}
    told = {name: bound for name, bound in bounds.items() if bound is not None}
    return field | {"required": False, "default": box.default} | told


def _prompt() -> dict[str, Any]:
    return {
        "name": prompts.NAME,
        "description": prompts.TITLE,
        "arguments": ["about"],
        "text": prompts.triage("${arguments.about}"),
    }


def _value(box: Box) -> str:
    return f"${{user_config.{box.name}}}"


def _first(text: str) -> str:
    return text.split(". ", 1)[0].rstrip(".") + "."
