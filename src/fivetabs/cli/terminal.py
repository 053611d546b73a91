"""`fivetabs report|investigate|changes|logs|doctor`: answers for people, by the path of all calls.

On a terminal in colour and as wide as it is; piped, the plain text that a model would read.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from types import MappingProxyType
from typing import Any

from fivetabs.app.fitting.answers import CEILING
from fivetabs.app.render import structured, text
from fivetabs.cli.call import told
from fivetabs.core import Answer, Detail, Severity, parse_span

_MINUTE = 60
_TOOLS = MappingProxyType(
    {
        "pod": ("get_pod_logs", "pod_name"),
        "container": ("get_container_logs", "container_name"),
        "group": ("get_cloudwatch_logs", "log_group"),
    }
)


def report(options: argparse.Namespace) -> int:
    """The health report."""
    return _asked(options, "get_health_report", _where(options))


def investigate(options: argparse.Namespace) -> int:
    """Why something is broken; without words the worst there is."""
    arguments = {"about": " ".join(options.about), **_where(options)}
    return _asked(options, "investigate", arguments)


def changes(options: argparse.Namespace) -> int:
    """What changed lately; 2 when the time cannot be read."""
    try:
        seconds = parse_span(options.since).total_seconds()
    except ValueError as error:
        print(f"fivetabs changes: {error}", file=sys.stderr)
        return 2
    arguments = {"minutes": max(1, round(seconds / _MINUTE)), **_where(options)}
    return _asked(options, "get_recent_changes", arguments)


def logs(options: argparse.Namespace) -> int:
    """The last lines of something that writes them."""
    tool, name = _TOOLS[options.of]
    given = {
        name: options.name,
        "lines": options.lines,
        "since": options.since,
        "grep": options.grep,
        "target": options.target,
        "namespace": options.namespace,
        "previous": "true" if options.previous else "",
    }
    return _asked(options, tool, given)


def doctor(options: argparse.Namespace) -> int:
    """How every house is reached; 1 when something is broken."""
    house, every = options.house, "all" if options.all else ""
    arguments = {"target": options.target or ":".join(filter(None, (house, every)))}
    return _asked(options, "check_connections", arguments, _broken)


def _where(options: argparse.Namespace) -> dict[str, str]:
    return {"namespace": options.namespace, "target": options.target}


def _fine(_: Answer) -> int:
    return 0


def _broken(answer: Answer) -> int:
    """Whether a connection that somebody set up is broken."""
    found = answer.findings if isinstance(answer, Detail) else ()
    return int(any(each.severity is Severity.CRITICAL for each in found))


def _asked(
    options: argparse.Namespace,
    tool: str,
    arguments: Mapping[str, Any],
    status: Callable[[Answer], int] = _fine,
) -> int:
    given = {name: value for name, value in arguments.items() if value}

    def show(answer: Answer) -> int:
        _shown(options, answer)
        return status(answer)

    return told(options, tool, lambda: {**given, "budget": CEILING}, show, _waiting)


def _shown(options: argparse.Namespace, answer: Answer) -> None:
    if options.json:
        print(json.dumps(structured(answer), indent=2))
    elif sys.stdout.isatty():
        from fivetabs.cli.pages import show  # noqa: PLC0415  (rich is not for pipes)

        show(answer)
    else:
        print(text(answer))


def _waiting() -> AbstractContextManager[object]:
    """A spinner, where somebody can see one."""
    if not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console

    return Console(stderr=True).status("asking ...")
