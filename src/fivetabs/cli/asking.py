"""The command line of what people ask: report, investigate, changes, logs, doctor, settings."""

import argparse
from collections.abc import Callable
from typing import Any

_DOCTOR = """\
Looks at every house and says where it is configured, whether it answers and as whom, which rights
are missing, what runs out, and what mends each problem.
Ends with 0 when nothing is broken (a house that nobody set up is not), 1 when something is, 2 for
wrong usage.
"""
_LOGS = """\
  fivetabs logs checkout-api                 a pod, or the sickest pod of a workload
  fivetabs logs nginx --of container         a Docker container
  fivetabs logs /aws/lambda/x --of group     a CloudWatch log group
"""
Later = Callable[[str, str], Callable[[argparse.Namespace], int]]


def add_asking(commands: Any, shared: Callable[..., None], later: Later) -> None:
    """Add these sub-commands to a parser's. `shared` adds what all commands take."""
    for name, add in (
        ("report", _report),
        ("investigate", _investigate),
        ("changes", _changes),
        ("logs", _logs),
        ("doctor", _doctor),
    ):
        parser: argparse.ArgumentParser = add(commands, name)
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        parser.add_argument("--json", action="store_true", help="print the structured form")
        shared(parser, again=True)
        parser.set_defaults(run=later("terminal", name))


def add_settings(commands: Any, shared: Callable[..., None], later: Later) -> None:
    """Add the sub-command that prints the settings."""
    parser = commands.add_parser("settings", help="what holds here, and where each value came from")
    parser.add_argument("--changed", action="store_true", help="only what is not the default")
    parser.add_argument("--json", action="store_true", help="print JSON")
    shared(parser, again=True)
    parser.set_defaults(run=later("effective", "run"))


def _report(commands: Any, name: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help="the health of all of it, on one page")
    _add_targets(parser)
    _add_namespace(parser)
    return parser


def _investigate(commands: Any, name: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help="why something is broken: fivetabs investigate api")
    parser.add_argument("about", nargs="*", metavar="WORDS", help="a name; none: the worst")
    _add_targets(parser)
    _add_namespace(parser)
    return parser


def _changes(commands: Any, name: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help="what changed lately, in all four houses")
    parser.add_argument("--since", default="1h", metavar="TIME", help="how far back, e.g. 2h, 3d")
    _add_targets(parser)
    _add_namespace(parser)
    return parser


def _logs(commands: Any, name: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help="the last lines of a pod, container or log group")
    parser.description = _LOGS
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--of", choices=("pod", "container", "group"), default="pod")
    parser.add_argument("--lines", default="", metavar="N")
    parser.add_argument("--since", default="", metavar="TIME", help="only newer ones, e.g. 15m")
    parser.add_argument("--grep", default="", metavar="RE2", help="only lines that match")
    parser.add_argument("--previous", action="store_true", help="the run before (of a pod)")
    parser.add_argument("--target", default="", help="context, profile/region or Docker context")
    _add_namespace(parser)
    return parser


def _doctor(commands: Any, name: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help="is each house configured, reachable, and as whom")
    parser.description = _DOCTOR
    houses = ("kubernetes", "aws", "docker", "terraform")
    parser.add_argument("house", nargs="?", default="", choices=("", *houses), metavar="HOUSE")
    parser.add_argument(
        "--all", action="store_true", help="ask every context and profile, not only the default"
    )
    _add_targets(parser)
    return parser


def _add_targets(parser: argparse.ArgumentParser) -> None:
    told = "these instead of each house's default, e.g. docker,k8s:staging,aws:prod/all; all"
    parser.add_argument("--target", default="", metavar="TARGETS", help=told)


def _add_namespace(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-n", "--namespace", default="", help="only this Kubernetes namespace")
