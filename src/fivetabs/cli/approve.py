"""`fivetabs approve`: a person sees the whole plan and says yes or no to exactly that."""

import argparse
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from getpass import getuser
from secrets import token_bytes
from time import sleep
from types import MappingProxyType

from fivetabs.app.records import Records
from fivetabs.app.seals import approver, seal
from fivetabs.app.store.rows import Request, State
from fivetabs.cli.arguments import flags
from fivetabs.cli.houses import PROVIDERS
from fivetabs.cli.records import records_of
from fivetabs.cli.settings import load
from fivetabs.cli.terminals import Terminal
from fivetabs.core import Fault, Invalid

_LOOK_SECONDS = 0.5
_SALT_BYTES = 16
_SHORTEST = 12


@dataclass(frozen=True, slots=True)
class Desk:
    """The requests, and the terminal to talk about them on."""

    records: Records
    terminal: Terminal

    def list(self, _: str) -> int:
        """Every request, newest first."""
        self.terminal.requests(self.records.approvals.all(), self.records.approvals.now())
        return 0

    def show(self, key: str) -> int:
        """One request, whole."""
        self.terminal.request(self._one(key), self.records.approvals.now())
        return 0

    def deny(self, key: str) -> int:
        """Say no to one request."""
        self._decide(self._one(key), agreed=False)
        return 0

    def watch(self, _: str) -> int:
        """Ask about each request as it comes, until interrupted."""
        self.terminal.person()
        self.terminal.say("Waiting for plans to agree to; Ctrl-C ends this.")
        seen: set[str] = set()
        while True:
            for request in reversed(self.records.approvals.waiting()):
                if request.id not in seen:
                    seen.add(request.id)
                    self._ask(request)
            sleep(_LOOK_SECONDS)

    def passphrase(self, _: str) -> int:
        """Make the key of a passphrase and say where to put it."""
        self.terminal.person()
        words = self.terminal.secret("New passphrase: ")
        if len(words) < _SHORTEST:
            raise Invalid(f"a passphrase has at least {_SHORTEST} characters; nothing was set")
        if self.terminal.secret("Once more: ") != words:
            raise Invalid("the two are not the same; nothing was set")
        self.terminal.say("Set this where the server is started (its env block, or settings.toml):")
        self.terminal.say(f"FIVETABS_APPROVER={approver(words, token_bytes(_SALT_BYTES))}")
        return 0

    def ask(self, key: str) -> int:
        """Ask about one request, or about the only one that waits."""
        self.terminal.person()
        waiting = self.records.approvals.waiting()
        if not key and len(waiting) != 1:
            self.terminal.requests(waiting, self.records.approvals.now())
            return 0
        return self._ask(self._one(key) if key else waiting[0])

    def _ask(self, request: Request) -> int:
        now = self.records.approvals.now()
        self.terminal.request(request, now)
        if request.word(now) != State.WAITING.value:
            return 1
        agreed = self.terminal.yes("Carry out exactly this, once?")
        self._decide(request, agreed=agreed)
        return 0

    def _decide(self, request: Request, *, agreed: bool) -> None:
        self.terminal.person()
        given = ""
        if agreed and request.approver:
            words = self.terminal.secret("Passphrase: ")
            given = seal(words, request.approver, request.sealed())
        who = f"{getuser()} on a terminal"
        self._note("agreed" if agreed else "declined", request, who)
        self.records.approvals.decide(request.id, agreed=agreed, who=who, seal=given)
        self.terminal.say(
            "Agreed. The assistant's call goes on, or its next one does."
            if agreed
            else "Declined. Nothing is changed."
        )

    def _note(self, event: str, request: Request, who: str) -> None:
        facts = {"id": request.id, "digest": request.digest, "tool": request.tool}
        told = {**facts, "target": request.target, "who": who, "way": "terminal"}
        self.records.ledger.add(event, told, durable=True)

    def _one(self, key: str) -> Request:
        if not key:
            raise Invalid("which one?", hint="fivetabs approve list names them")
        return self.records.approvals.get(key)


def run(options: argparse.Namespace) -> int:
    """Do what was asked; 1 when that was not possible, 2 without a terminal."""
    try:
        settings = load(PROVIDERS, flags(options), options.config)
        desk = Desk(records_of(settings.app), Terminal())
        commands = _commands(desk)
        if options.what in commands:
            return commands[options.what](options.id)
        return desk.ask(options.what)
    except KeyboardInterrupt:
        return 0
    except Fault as fault:
        print(f"fivetabs approve: {fault}", fault.hint, sep="\n", file=sys.stderr)
        return 1


def _commands(desk: Desk) -> Mapping[str, Callable[[str], int]]:
    named = (desk.list, desk.show, desk.deny, desk.watch, desk.passphrase)
    return MappingProxyType({each.__name__: each for each in named})
