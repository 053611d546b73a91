"""`fivetabs completion SHELL`, and the words that a shell is told when a person presses TAB."""

import argparse
from typing import Any, cast

from fivetabs.cli.houses import known_labels


def run(options: argparse.Namespace) -> int:
    """Print the shell's own script. It asks this command each time, so it need not be renewed."""
    from argcomplete.shell_integration import shellcode

    print(shellcode(["fivetabs"], True, options.shell))
    return 0


def complete(parser: argparse.ArgumentParser) -> None:
    """Answer the shell, and end."""
    from argcomplete.finders import CompletionFinder

    CompletionFinder()(parser)


def tools(prefix: str, _: argparse.Namespace) -> list[str]:
    """The tools that begin so."""
    return [label.name for label in known_labels() if label.name.startswith(prefix)]


def fields(prefix: str, asked: argparse.Namespace) -> list[str]:
    """The arguments of the tool that was named, each with its equals sign; its choices after it."""
    named = [each for each in known_labels() if each.name == asked.tool]
    known = cast("dict[str, Any]", named[0].takes["properties"]) if named else {}
    field, equals, _ = prefix.partition("=")
    if not equals:
        return [f"{name}=" for name in known if name.startswith(prefix)]
    return [f"{field}={choice}" for choice in _choices(known.get(field, {}))]


def _choices(schema: dict[str, Any]) -> list[str]:
    if schema.get("type") == "boolean":
        return ["true", "false"]
    return [str(each) for each in schema.get("enum", ())]
