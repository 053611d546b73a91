"""Passwords among the words of a command, where only the command tells what a flag means.

`-p` is a password to `docker login` and a port to `ssh`; so each rule names its commands.
"""

from collections.abc import Iterator

from fivetabs.app.redact.patterns import pattern
from fivetabs.core.secrecy.values import is_placeholder

Span = tuple[int, int]
_WORDS = r"[^\n|;\x1e]{0,300}?"
_GAP = r"[\s\"',]{1,5}"
_VALUE = r"[\"']?([^\s\"',|;\\)\]]+)"
_COMMANDS = (
    # mysql and its kin take the password in the same word.
    (
        rf"\b(?:mysql|mysqldump|mysqladmin|mysqlimport|mysqlcheck|mysqlsh|mariadb[a-z-]*){_WORDS}"
        rf"[\s\"',]-p([^\s\"',|;\\)\]-][^\s\"',|;\\)\]]*)"
    ),
    rf"\b(?:redis-cli|valkey-cli|keydb-cli){_WORDS}[\s\"',]-a{_GAP}{_VALUE}",
    rf"\bsshpass{_WORDS}[\s\"',]-p{_GAP}{_VALUE}",
    r"\bsshpass\s+-p([^\s\"',|;]+)",
    (
        rf"\b(?:docker|podman|nerdctl|buildah|skopeo|crane|oras|helm|az|oc|vault"
        rf"|argocd|rabbitmqadmin|registry){_WORDS}login{_WORDS}[\s\"',]-p{_GAP}{_VALUE}"
    ),
    (
        rf"\b(?:mongo|mongosh|mongodump|mongorestore|mongoexport|mongoimport|rabbitmqadmin){_WORDS}"
        rf"[\s\"',]-p{_GAP}{_VALUE}"
    ),
    rf"\b(?:ldapsearch|ldapmodify|ldapadd|ldapwhoami|ldappasswd){_WORDS}[\s\"',]-w{_GAP}{_VALUE}",
    rf"\b(?:sqlcmd|bcp|tsql|isql){_WORDS}[\s\"',]-P{_GAP}{_VALUE}",
    (
        rf"\b(?:curl|wget|http|https|httpie){_WORDS}[\s\"',](?:-u|--user|--proxy-user"
        rf"|-a|--auth|-U)(?:=|{_GAP})[\"']?[^\s\"':]+:([^\s\"',|;\\)\]]+)"
    ),
    r"\bhtpasswd\s+-[a-zA-Z]*b[a-zA-Z]*\s+[^\s]+\s+[^\s]+\s+([^\s|;]+)",
    (
        r"\bopenssl\b[^\n|;\x1e]{0,300}?[\s\"',]-(?:pass|passin|passout|k)[\s\"',=]{1,4}"
        r"(?:pass:)?([^\s\"',|;]+)"
    ),
    rf"\b(?:smbclient|mount\.cifs|net|rpcclient){_WORDS}[\s\"',]-U{_GAP}[^\s%]+%([^\s\"',|;]+)",
    r"(?i)\bidentified\s+(?:with\s+[^\s]+\s+)?(?:by|as)\s+(?:password\s+)?['\"]([^'\"\n]+)['\"]",
    r"(?i)\bconfig(?:ure)?\s+set\s+[\w.-]*(?:secret|token|password|api_key)[\w.-]*\s+([^\s|;]+)",
    r"(?i)\b(?:rabbitmqctl)\s+(?:add_user|change_password)\s+[^\s]+\s+([^\s|;]+)",
    (
        r"(?i)\becho\s+[\"']?([^\s\"'|]+)[\"']?\s*\|[^\n|;\x1e]{0,80}(?:--password-stdin"
        r"|passwd|chpasswd|sudo\s+-S)"
    ),
)


def commanded(text: str) -> Iterator[Span]:
    """Where passwords stand among the words of commands."""
    for source in _COMMANDS:
        for found in pattern(source).finditer(text):
            value = found[1]
            if not is_placeholder(value) and not value.startswith(
                ("-", "env:", "file:", "fd:", "stdin")
            ):
                yield found.span(1)
