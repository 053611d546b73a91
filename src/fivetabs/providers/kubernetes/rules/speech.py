"""What a crashing program's last words say of the database or service it talks to."""

import re
from collections.abc import Iterator

from fivetabs.core import Found, Severity, rule
from fivetabs.core.patterns import Pattern
from fivetabs.core.quoting import quoted
from fivetabs.providers.kubernetes.rules.saying import accuse, quote, read_logs, seen, where
from fivetabs.providers.kubernetes.shapes.addresses import Address
from fivetabs.providers.kubernetes.shapes.cases import PodCase
from fivetabs.providers.kubernetes.shapes.containers import Container
from fivetabs.providers.kubernetes.shapes.spoken import hosts_in

# As the servers and their clients write it: PostgreSQL, MySQL, MongoDB, Redis, RabbitMQ, Kafka.
_CREDENTIALS = Pattern(
    r"password authentication failed|role \"[^\"]*\" does not exist|Access denied for user"
    r"|WRONGPASS|NOAUTH|AuthenticationFailed|Authentication failed|SASL\w*Authentication"
    r"|ACCESS_REFUSED|invalid username or password|auth(?:entication)? error"
    r"|no password supplied|fe_sendauth",
    re.IGNORECASE,
)
_ABSENT = Pattern(
    r"database \"?[^\" ]+\"? does not exist|Unknown database|relation \"[^\"]+\" does not exist"
    r"|Table '[^']+' doesn't exist|no such table|UNKNOWN_TOPIC_OR_PARTITION|NOT_FOUND - no queue",
    re.IGNORECASE,
)
_EXHAUSTED = Pattern(
    r"too many clients already|remaining connection slots|Too many connections"
    r"|max number of clients reached|max_user_connections|connection pool (?:is )?exhausted"
    r"|QueuePool limit|pool timeout|too many open connections",
    re.IGNORECASE,
)
_READ_ONLY = Pattern(
    r"in a read-only transaction|--(?:super-)?read-only|READONLY You can't write|NotWritablePrimary"
    r"|not master|read.only replica|is read only",
    re.IGNORECASE,
)
_TLS = Pattern(
    r"no pg_hba.conf entry|SSL is not enabled|does not support SSL|require_secure_transport"
    r"|first record does not look like a TLS|HTTP response to HTTPS client|WRONG_VERSION_NUMBER"
    r"|wrong version number|signed by unknown authority|certificate (?:has expired|verify failed)"
    r"|HTTP request to an HTTPS server|self[- ]signed certificate|tls: handshake failure",
    re.IGNORECASE,
)


@rule("K8S711", Severity.CRITICAL)
def credentials_wrong(case: PodCase) -> Iterator[Found]:
    """A program is not let in: its user name or password is wrong.

    Give the workload the credentials that its server knows; compare the Secret on both sides.
    """
    yield from _said(case, _CREDENTIALS, "is refused for its credentials")


@rule("K8S712", Severity.CRITICAL)
def database_absent(case: PodCase) -> Iterator[Found]:
    """A server is reached, but the database, table or topic asked for is not there.

    Create it (was a migration left out?), or correct its name in the configuration.
    """
    yield from _said(case, _ABSENT, "asks for a database, table or topic that is not there")


@rule("K8S713", Severity.CRITICAL)
def connections_exhausted(case: PodCase) -> Iterator[Found]:
    """A server has no connection left to give.

    See which clients hold them; lower their pools, or raise the server's limit.
    """
    yield from _said(case, _EXHAUSTED, "finds no free connection")


@rule("K8S714", Severity.CRITICAL)
def server_read_only(case: PodCase) -> Iterator[Found]:
    """A program writes to a server that only lets it read.

    Point it at the primary, or see why this server is a replica now.
    """
    yield from _said(case, _READ_ONLY, "writes to a server that is read-only")


@rule("K8S715", Severity.CRITICAL)
def encryption_disagrees(case: PodCase) -> Iterator[Found]:
    """A program and its server do not agree on encryption or on a certificate.

    Use the scheme, TLS mode and certificate authority that the server asks for.
    """
    yield from _said(case, _TLS, "and its server do not agree on TLS")


def _said(case: PodCase, words: Pattern, what: str) -> Iterator[Found]:
    for container in case.pod.containers:
        lines = case.words.get(container.name, ())
        line = next((each for each in reversed(lines) if words.search(each)), "")
        if line:
            yield accuse(
                case,
                f"{where(case, container)} {what}{_at(case, container, lines)}: "
                f"{quoted(quote(line))}",
                seen(line, f"log of {case.pod.name}/{container.name}", None),
                fold=f"{container.name}|{what}",
                **read_logs(case, container),
            )


def _at(case: PodCase, container: Container, lines: tuple[str, ...]) -> str:
    """The server, as the log or the configuration names it."""
    named = [address for address, _ in hosts_in(lines)]
    if not named:
        spec = next((c for c in case.pod.spec.containers if c.name == container.name), None)
        named = [Address(each.value) for each in spec.env if _names_host(each.name)] if spec else []
    return f" by {named[-1]}" if named and named[-1].host else ""


def _names_host(name: str) -> bool:
    return name.upper().endswith(("_HOST", "_HOSTNAME", "_ADDR", "_SERVER"))
