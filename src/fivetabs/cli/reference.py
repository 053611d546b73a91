"""`fivetabs tools`: what there is, from the declarations themselves."""

import argparse
from typing import Any

from fivetabs.cli.houses import every_offer
from fivetabs.core import AnyTool


def tools(options: argparse.Namespace) -> int:
    """Print every tool with its arguments and its first sentence."""
    print(markdown() if options.markdown else plain())
    return 0


def plain() -> str:
    """One line a tool."""
    lines = (f"{t.name:24} {first_sentence(t.description)}" for t in _tools())
    return "\n".join(lines)


def markdown() -> str:
    """The table in the README."""
    head = "| tool | arguments | what it answers |\n|---|---|---|"
    rows = (
        f"| `{t.name}` | {', '.join(f'`{a}`' for a in t.arguments.model_fields) or 'none'} "
        f"| {first_sentence(t.description)} |"
        for t in _tools()
    )
    return "\n".join((head, *rows))


def _tools() -> tuple[AnyTool[Any], ...]:
    return tuple(offer.tool for offer in every_offer())


def first_sentence(text: str) -> str:
    """Up to the first full stop that ends a sentence."""
    return text.split(". ", 1)[0].rstrip(".") + "."
