"""Serving a client over stdin and stdout, from start to a clean end."""

import argparse
import asyncio
import gc
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from secrets import token_bytes, token_hex

from fivetabs.app.calls import open_app
from fivetabs.app.redact import Redactor
from fivetabs.cli.arguments import flags
from fivetabs.cli.houses import PROVIDERS, SPANNING, known_labels
from fivetabs.cli.records import records_or_why
from fivetabs.cli.settings import Settings, load
from fivetabs.cli.stderr import guard
from fivetabs.core import Fault

_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_LOOKUPS = 64  # Threads that look names up: a dead DNS server must not starve the others.
_SWITCH_SECONDS = 0.0005
_ON_A_TERMINAL = """\
fivetabs is an MCP server over Kubernetes, AWS, Docker and Terraform. It talks to a client over
stdin and stdout, and this is a terminal.
  fivetabs setup             attach it to Claude Desktop, Claude Code, Cursor and VS Code
  fivetabs call TOOL k=v     one tool's answer, here and now
  fivetabs demo              the two questions, asked of a demo world
  fivetabs --help            everything else"""


def run(options: argparse.Namespace) -> int:
    """Serve until the client closes stdin or the process is told to end."""
    if sys.stdin.isatty():
        print(_ON_A_TERMINAL)
        return 0
    gc.disable()  # Until all is imported: a tenth of the start is looking for garbage in vain.
    redactor = Redactor(token_bytes(32))
    guard(redactor)
    try:
        settings = load(PROVIDERS, flags(options), options.config)
    except Fault as fault:
        print(f"fivetabs: {redactor.text(str(fault))}", file=sys.stderr)
        return 2
    asyncio.run(_serve(settings, redactor))
    return 0


async def _serve(settings: Settings, redactor: Redactor) -> None:
    from fivetabs.server import build, serve_stdio  # noqa: PLC0415  (half a second of imports)

    loop, told_to_end = asyncio.get_running_loop(), asyncio.Event()
    for number in _SIGNALS:
        with suppress(NotImplementedError):  # Windows has no signal handlers on its loop.
            loop.add_signal_handler(number, told_to_end.set)
    # What start-up made stays for good, and a list of 5,000 pods is no sign of garbage: without
    # this the collector takes a third of a second in the middle of the largest answers.
    gc.freeze()
    gc.enable()
    gc.set_threshold(200_000, 50, 1000)
    # A thread that computes keeps the interpreter for this long while the loop waits for it, and a
    # ping needs some ten turns: with the usual 5 ms it would wait for 50 ms and more.
    sys.setswitchinterval(_SWITCH_SECONDS)
    loop.set_default_executor(ThreadPoolExecutor(_LOOKUPS))
    given = (settings.app, settings.houses, _mark, SPANNING, redactor)
    records = records_or_why(settings.app)
    async with open_app(PROVIDERS, *given, records, known_labels()) as app:
        serving = asyncio.create_task(serve_stdio(build(app)))
        ending = asyncio.create_task(told_to_end.wait())
        await asyncio.wait({serving, ending}, return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
    if serving.done():
        serving.result()
    # Everything of ours is closed. What may be left are threads that nothing can wake: one that
    # reads stdin, and look-ups of names that no DNS server answers. The end must not wait for them.
    sys.stderr.flush()
    os._exit(0)


def _mark() -> str:
    return token_hex(4)
