"""Hosts that the last words of a program complain about."""

import re
from collections.abc import Iterable, Iterator

from fivetabs.core.patterns import Pattern
from fivetabs.providers.kubernetes.shapes.addresses import Address, addresses_in

_COMPLAINT = Pattern(
    r"fail|error|refused|time[d]?.?out|unreachable|could not|couldn't|cannot|can't|unable"
    r"|no such host"
    r"|not known|enotfound|eai_again|unknown ?host|reset|panic|fatal|exception|lookup|no route"
    r"|not resolve|name resolution|unavailable",
    re.IGNORECASE,
)
_NAMED = Pattern(
    r"(?:\blookup |ENOTFOUND |EAI_AGAIN |UnknownHostException: |resolve host(?:name)?:? "
    r"|host(?:name)? |server (?:at |on )?|resolve |connect to |connecting to |upstream )"
    r"[\"'(]?([A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?)[\"')]?",
)
_NETWORK = Pattern(
    r"refused|time[d]?.?out|no such host|resol|getaddrinfo|enotfound|eai_again|econn|unknown ?host"
    r"|unreachable|connect|dial|lookup|not known|no route|upstream|bad gateway|unavailable",
    re.IGNORECASE,
)
_WORDS = frozenset(
    {"the", "to", "a", "an", "is", "not", "for", "on", "at", "name", "host", "server"}
)


def hosts_in(lines: Iterable[str]) -> Iterator[tuple[Address, str]]:
    """Each host that a complaint names, once, with the line."""
    seen: set[str] = set()
    for line in lines:
        if not _COMPLAINT.search(line):
            continue
        named = (Address(found[1].lower()) for found in _NAMED.finditer(line))
        for each in (*addresses_in(line), *named):
            if each.host not in seen and each.host not in _WORDS:
                seen.add(each.host)
                yield each, line


def about_network(lines: Iterable[str]) -> bool:
    """Whether any line speaks of connections or names of hosts."""
    return any(_NETWORK.search(line) for line in lines)


def names_host(line: str, host: str) -> bool:
    """Whether a line names a host as a word of its own: `LEDGER_URL` does not name `ledger`."""
    return bool(re.search(rf"(?<![\w-]){re.escape(host)}(?![\w-])", line, re.IGNORECASE))
