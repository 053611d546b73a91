"""The credential of a context, got when it is needed and got again when it has run out."""

import asyncio
import base64
import json
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from fivetabs.core import Misconfigured
from fivetabs.providers.kubernetes.auth.kubeconfig import Context
from fivetabs.providers.kubernetes.auth.plugins import Issued, run_plugin
from fivetabs.providers.kubernetes.auth.tls import make_tls
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.fields import words

_REMEMBERED = 10
_EARLY = timedelta(seconds=1)


@dataclass(slots=True)
class Identity:
    """Who a context makes us. `plugin_seconds` bounds one run of an exec plugin."""

    context: Context
    plugin_seconds: float
    issued: Issued | None = None
    running: asyncio.Lock = field(default_factory=asyncio.Lock)
    sent: dict[str, None] = field(default_factory=dict[str, None])

    async def headers(self) -> list[tuple[str, str]]:
        """What to send with a request; runs the exec plugin when its credential has run out.

        Raises:
            Unavailable: If there is no credential to be had.
        """
        user = self.context.user
        sent = _impersonation(user.values)
        if "auth-provider" in user.values or user.text("username"):
            raise Misconfigured(
                f"the user of context {self.context.name} uses an auth-provider or a password, "
                "which Kubernetes no longer knows",
                hint="configure an exec plugin, a token or a client certificate for it",
            )
        token = await self._token()
        if token:
            self.sent[token] = None
            while len(self.sent) > _REMEMBERED:
                del self.sent[next(iter(self.sent))]
        return [*sent, ("Authorization", f"Bearer {token}")] if token else sent

    def secrets(self) -> Iterator[str]:
        """The credentials in use: tokens, passwords and private keys, as they are written."""
        yield from self.sent
        user = self.context.user
        yield from filter(None, map(user.text, ("token", "password", "client-key-data")))
        if key := user.text("client-key-data"):
            yield base64.b64decode(key).decode("ascii", "replace")
        if self.issued is not None:
            yield from filter(None, (self.issued.token, self.issued.key))

    def forget(self) -> None:
        """Whatever was issued is not good any more."""
        self.issued = None

    def tls(self) -> ssl.SSLContext:
        """The TLS settings that go with the present credential."""
        return make_tls(self.context, self.issued)

    async def _token(self) -> str:
        user = self.context.user
        if path := user.path("tokenFile"):
            try:
                return path.read_text("utf-8").strip()
            except OSError as error:
                message = f"the token file {path} of context {self.context.name} cannot be read"
                raise Misconfigured(message, hint=str(error)) from error
        if token := user.text("token"):
            return token
        spec = user.values.get("exec")
        if not spec:
            return ""
        async with self.running:
            if self.issued is None or _run_out(self.issued):
                self.issued = await run_plugin(self.context, spec, seconds=self.plugin_seconds)
            return self.issued.token


def token_end(token: str) -> datetime | None:
    """When a bearer token runs out, if it says so itself (a JWT's `exp`)."""
    parts = token.split(".")
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        return datetime.fromtimestamp(float(claims["exp"]), UTC)
    except (IndexError, ValueError, KeyError, TypeError, OverflowError, OSError):
        return None


def token_expired(authorization: str) -> datetime | None:
    """When the bearer token that was sent ran out; None where it has not, or does not say."""
    until = token_end(authorization.removeprefix("Bearer "))
    return until if until is not None and until <= datetime.now(UTC) else None


def _run_out(issued: Issued) -> bool:
    return issued.until is not None and datetime.now(UTC) + _EARLY >= issued.until


def _impersonation(user: Json) -> list[tuple[str, str]]:
    groups = [("Impersonate-Group", str(each)) for each in words(user, "as-groups")]
    names = (("as", "Impersonate-User"), ("as-uid", "Impersonate-Uid"))
    return [(header, str(user[key])) for key, header in names if user.get(key)] + groups
