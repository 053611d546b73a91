"""The ways to the Docker engines of this machine's contexts, and what the current one answers."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from fivetabs.core import Ending, Fault, Flaw, Way, parse_time, term
from fivetabs.core.clocks import lag_behind
from fivetabs.providers.docker.auth import DEFAULT_CONTEXT, Docker, Endpoint
from fivetabs.providers.docker.live.engine import LiveEngine, ping
from fivetabs.providers.docker.settings import Settings

_OLDEST = (1, 41)
"""Engines that speak less got their last fix in 2021 (19.03); nobody tries this house on them."""


def found(settings: Settings) -> tuple[Way, ...]:
    """The current engine, then the other contexts."""
    docker = Docker.of(os.environ)
    try:
        source = docker.origin()
        endpoint = docker.endpoint(None, settings.hosts)
    except Fault as fault:
        return (Way(target="docker", source=_named(docker), fault=fault), *_others(docker, ""))
    first = Way(
        target=f"docker:{endpoint.label}",
        source=source,
        address=str(endpoint),
        ends=tuple(_ends(endpoint)),
    )
    return (first, *_others(docker, endpoint.label))


def _named(docker: Docker) -> str:
    try:
        return docker.origin()
    except Fault:
        return str(docker.folder / "config.json")


def _others(docker: Docker, current: str) -> Iterator[Way]:
    """Every other context; `default` only where a variable does not stand in its place."""
    try:
        names = docker.contexts()
    except Fault:
        return  # The first way tells of it.
    for name in names:
        if name != current and not (
            name == DEFAULT_CONTEXT and docker.environment.get("DOCKER_HOST")
        ):
            yield _other(docker, name)


def _other(docker: Docker, name: str) -> Way:
    way = Way(target=f"docker:{name}", name=name, default=False, source=f"context {name}")
    try:
        endpoint = docker.endpoint(name, ())
    except Fault as fault:
        return replace(way, fault=fault)
    return replace(way, address=str(endpoint), ends=tuple(_ends(endpoint)))


def _ends(endpoint: Endpoint) -> Iterator[Ending]:
    """When the client certificate runs out."""
    if endpoint.keys and (end := endpoint.keys.end):
        mend = f"renew {endpoint.keys.cert} and its key.pem with your authority"
        yield Ending("the client certificate", end, mend)


async def ask(view: LiveEngine, way: Way) -> Way:
    """Version, name and clock, as the engine tells them.

    Raises:
        Fault: If it cannot be asked.
    """
    version: dict[str, Any] = await view.get("/version")
    info: dict[str, Any] = await view.get("/info")
    api = view.version
    flaws = way.flaws
    if tuple(map(int, api.split("."))) < _OLDEST:
        oldest = ".".join(map(str, _OLDEST))
        words = (
            f"the API spoken with the engine is {api}, older than {oldest}: answers may lack facts"
        )
        flaws += (
            Flaw(words, "upgrade Docker on that host (https://docs.docker.com/engine/install/)"),
        )
    return replace(
        way,
        target=f"docker:{view.target}",
        version=f"{term(str(version.get('Version', '')))} (API {term(api)})",
        identity=_identity(view),
        behind=_behind(str(info.get("SystemTime", ""))),
        ends=(*way.ends, *await _shown(view)),
        flaws=flaws,
    )


async def _shown(view: LiveEngine) -> tuple[Ending, ...]:
    """The certificate that the engine showed."""
    endpoint = view.line.endpoint
    if endpoint.keys is None:
        return ()
    from cryptography import x509

    stream: Any = (await ping(view.line)).extensions["network_stream"]
    shown = stream.get_extra_info("ssl_object").getpeercert(binary_form=True)
    end = x509.load_der_x509_certificate(shown).not_valid_after_utc
    mend = f"renew the engine's certificate on {endpoint.host} with your authority"
    return (Ending("the engine's certificate", end, mend),)


def _identity(view: LiveEngine) -> str:
    """Whoever reaches an engine may do everything; the way in is all there is to tell."""
    endpoint = view.line.endpoint
    if endpoint.kind == "ssh":
        return f"{endpoint.user or 'this user'} over ssh"
    if endpoint.keys and endpoint.keys.cert:
        return f"the certificate {endpoint.keys.cert}"
    return f"uid {os.getuid()}" if endpoint.kind == "unix" else "nobody (no certificate)"


def _behind(told: str) -> timedelta:
    """How far this machine's clock is behind the host's, where that says what time it is."""
    try:
        return lag_behind(parse_time(told), datetime.now(UTC))
    except ValueError:
        return timedelta()
