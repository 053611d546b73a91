"""The command line. Each sub-command names the function that runs it."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from fivetabs import __version__
from fivetabs.app.settings import Changes
from fivetabs.cli.asking import add_asking, add_settings

_CLIENTS = ("claude-desktop", "claude-code", "cursor", "vscode")
_WHAT = """\
fivetabs is an MCP server: a client such as Claude Desktop, Claude Code, Cursor or VS Code starts it
and talks to it over stdin and stdout. Started bare on a terminal it only says this.
"""
_SETUP = """\
Finds Claude Desktop, Claude Code, Cursor and VS Code, shows what would change in their settings,
asks, and writes it, with a copy beside it. Nothing else in a file is touched. --demo, --changes,
--config and --set become arguments of the server.
"""
_APPROVE = """\
A change that an assistant proposed waits here until a person agrees to exactly that plan.
  fivetabs approve             the one that waits: its whole plan, and the question
  fivetabs approve ID          this one
  fivetabs approve list        all of them
  fivetabs approve show ID     one, without a question
  fivetabs approve deny ID     say no
  fivetabs approve watch       wait here, and be asked as they come
  fivetabs approve passphrase  choose a passphrase without which nothing is approved
"""


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The options, with `run` set to the function that carries them out."""
    parser = argparse.ArgumentParser(
        prog="fivetabs", description=_WHAT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    _shared(parser)
    parser.add_argument("--version", action="version", version=f"fivetabs {__version__}")
    parser.set_defaults(run=_later("serve", "run"))
    _add_commands(parser)
    if "_ARGCOMPLETE" in os.environ:
        _answer_the_shell(parser)
    return parser.parse_args(argv)


def _add_commands(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_call(commands.add_parser("call", help="run one tool: fivetabs call get_failing_pods"))
    demo = commands.add_parser("demo", help="ask the demo world the two questions, as a client")
    demo.set_defaults(run=_later("demo", "run"))
    tools = commands.add_parser("tools", help="list the tools")
    tools.add_argument("--markdown", action="store_true", help="as the table in the README")
    tools.set_defaults(run=_later("reference", "tools"))
    _add_setup(commands.add_parser("setup", help="attach fivetabs to the clients on this machine"))
    config = commands.add_parser("config", help="print the block that a client's settings need")
    config.add_argument("client", nargs="?", default=_CLIENTS[0], choices=(*_CLIENTS, "other"))
    config.set_defaults(run=_later("clients", "run"))
    rights = commands.add_parser("permissions", help="print the least rights that the tools need")
    rights.add_argument("house", choices=("kubernetes", "aws"))
    rights.add_argument("--changes", action="store_true", help="with what changes need")
    rights.set_defaults(run=_later("permissions", "run"))
    add_asking(commands, _shared, _later)
    add_settings(commands, _shared, _later)
    _add_approve(commands.add_parser("approve", help="see what waits for your word, and give it"))
    _add_audit(commands.add_parser("audit", help="see and check the record of all that was done"))
    shells = commands.add_parser("completion", help="print what makes a shell complete fivetabs")
    shells.add_argument("shell", choices=("bash", "zsh", "fish"))
    shells.set_defaults(run=_later("completion", "run"))


def _answer_the_shell(parser: argparse.ArgumentParser) -> NoReturn:
    """A shell asks what could come next: tell it, and end."""
    from fivetabs.cli.completion import complete  # noqa: PLC0415

    complete(parser)
    sys.exit(0)


def _add_setup(setup: argparse.ArgumentParser) -> None:
    setup.description = _SETUP
    setup.formatter_class = argparse.RawDescriptionHelpFormatter
    setup.add_argument(
        "--client",
        action="append",
        choices=(*_CLIENTS, "other"),
        help="only this one (may be repeated); other: with --print, for clients not listed",
    )
    setup.add_argument("--print", action="store_true", help="print the block, change nothing")
    setup.add_argument("--remove", action="store_true", help="take fivetabs out again")
    setup.add_argument("--project", action="store_true", help="the file of the project here")
    setup.add_argument("--yes", action="store_true", help="write without asking")
    setup.add_argument("--dry-run", action="store_true", help="show the change, write nothing")
    _shared(setup, again=True)
    setup.set_defaults(run=_later("setup", "run"))


def _add_approve(approve: argparse.ArgumentParser) -> None:
    approve.description = _APPROVE
    approve.formatter_class = argparse.RawDescriptionHelpFormatter
    approve.add_argument("what", nargs="?", default="", metavar="ID | list | show | deny | watch")
    approve.add_argument("id", nargs="?", default="", metavar="ID")
    _shared(approve, again=True)
    approve.set_defaults(run=_later("approve", "run"))


def _add_audit(audit: argparse.ArgumentParser) -> None:
    ways = audit.add_subparsers(title="commands", metavar="COMMAND", required=True)
    verify = ways.add_parser("verify", help="say whether anything was changed, cut off or put in")
    verify.add_argument("--head", default="", help="a head that you noted elsewhere")
    show = ways.add_parser("show", help="list calls and decisions, the newest last")
    show.add_argument("--tool", default="", help="only this tool")
    show.add_argument("--event", default="", help="only this event: call, asked, agreed, step ...")
    show.add_argument(
        "--change", default="", metavar="ID", help="one change, and what became of it"
    )
    show.add_argument("--last", type=int, default=100, metavar="N", help="at most so many; 0: all")
    export = ways.add_parser("export", help="print an incident timeline in Markdown")
    for each in (show, export):
        each.add_argument("--since", default="", metavar="TIME", help="2h, 3d, or a UTC time")
        each.add_argument("--until", default="", metavar="TIME", help="the same")
    for each in (verify, show):
        each.add_argument("--json", action="store_true", help="print JSON")
    for name, each in (("verify", verify), ("show", show), ("export", export)):
        _shared(each, again=True)
        each.set_defaults(run=_later("audit", name))


def _add_call(call: argparse.ArgumentParser) -> None:
    _completed(call.add_argument("tool", metavar="TOOL"), "tools")
    _completed(call.add_argument("arguments", nargs="*", metavar="key=value"), "fields")
    call.add_argument("--json", action="store_true", help="print the structured form")
    _shared(call, again=True)
    call.set_defaults(run=_later("call", "run"))


def flags(options: argparse.Namespace) -> dict[str, Any]:
    """The settings that were given as flags."""
    values: dict[str, Any] = {}
    if options.demo:
        values["demo"] = True
    if options.changes:
        values["changes"] = options.changes
    for pair in options.set or ():
        name, _, value = pair.partition("=")
        house, _, field = name.partition(".")
        if field:
            values.setdefault(house, {})[field] = value
        else:
            values[house] = value
    return values


def _shared(parser: argparse.ArgumentParser, *, again: bool = False) -> None:
    unset = argparse.SUPPRESS if again else None
    parser.add_argument(
        "--demo",
        action="store_true",
        default=argparse.SUPPRESS if again else False,
        help="answer from the demo world, marked as such",
    )
    parser.add_argument("--config", default=unset, metavar="FILE", help="settings file (TOML)")
    parser.add_argument(
        "--changes",
        default=unset,
        choices=[each.value for each in Changes],
        help="who must agree before a change",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=unset,
        metavar="NAME=VALUE",
        help="one setting, e.g. kubernetes.read_seconds=20",
    )


def _completed(action: argparse.Action, function: str) -> None:
    """Have the words of an argument completed by a function of the completion room."""

    def words(**asked: Any) -> list[str]:
        from fivetabs.cli import completion  # noqa: PLC0415

        return getattr(completion, function)(asked["prefix"], asked["parsed_args"])

    vars(action)["completer"] = words


def _later(module: str, function: str) -> Callable[[argparse.Namespace], int]:
    """Import a command's module only when it runs: starting the server imports nothing else."""

    def run(options: argparse.Namespace) -> int:
        from importlib import import_module  # noqa: PLC0415

        return getattr(import_module(f"fivetabs.cli.{module}"), function)(options)

    return run
