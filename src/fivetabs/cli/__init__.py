"""The composition root and the terminal: the only place that knows houses and app together."""

import os
import signal
import sys

from fivetabs.cli.arguments import parse

__all__ = ["main"]


def main() -> None:
    """The `fivetabs` command. Its exit status is 0, 1 for a failed call, 2 for wrong usage.

    Whoever reads its output may stop reading (`| head`): then it ends as any Unix command does.
    """
    options = parse(sys.argv[1:])
    try:
        status = options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 128 + signal.SIGPIPE
    sys.exit(status)
