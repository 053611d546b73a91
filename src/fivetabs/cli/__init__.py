"""The composition root and the terminal: the only place that knows houses and app together."""

import sys

from fivetabs.cli.arguments import parse

__all__ = ["main"]


def main() -> None:
    """The `fivetabs` command. Its exit status is 0, 1 for a failed call, 2 for wrong usage."""
    options = parse(sys.argv[1:])
    sys.exit(options.run(options))
