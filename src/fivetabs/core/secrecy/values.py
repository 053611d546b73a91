"""Values that stand under a telling name and yet give nothing away, or are too ordinary to hide."""

import re
from math import log2

from fivetabs.core.secrecy.words import STATE

_PLACEHOLDER = re.compile(
    r"""(?ix)
    (?: <[^<>]*>? | \[[a-z ._-]*\]? | \((?:sensitive|known|unknown|set|unset|none|hidden)[^()]*\)?
    | \$\{[^{}]*\}? | \$\([^()]*\)? | \$[a-z_][a-z0-9_]* | \{\{.*\}\}?
    | %\([^()]*\)s | %[a-z_]+% | %[sdqv]
    | [*•x.\-_?#]+ | \#[0-9a-f]{3,8} | \.{2,}.* | @[/.~].* | !\w+(?:\s*[|>])? | [|>][-+]?
    | null | none | nil | undefined | true | false | yes | no | on | off | n/a | \(?not\ set\)?
    | (?:\[?\**(?:redacted|masked|hidden|sensitive|filtered|removed|omitted|scrubbed)\**\]?)
    )"""
)
_PATH = re.compile(r"(?:file://|~|\.{1,2})?(?:/[\w.@-]{1,40})+/?")
_BY_REFERENCE = re.compile(
    r"(?i)(?:arn:aws|vault:|ref\+|op://|ssm:|sm://|secretsmanager:|awssm:|gcpsm:|azurekeyvault:|projects/[\w-]+/secrets/|"
    r"@Microsoft\.KeyVault|keyvault:|akv:|\{\{?resolve:|bws:|doppler:|secret://|env:|\$\{)"
)
_DIGEST = re.compile(r"(?i)(?:sha\d{1,3}|md5)[:=~-][0-9a-z+/=]+")
_CODE = re.compile(
    r"(?:[A-Za-z_]\w*\.)+[A-Za-z_]\w*(?:[(\[].*)?|[A-Za-z_][\w.]*[(\[].*|&?(?:self|this|process|os|var|local|data|module|each|config|settings)\..*"
)
_URL = re.compile(r"(?i)[a-z][a-z0-9+.-]*://")
_OBJECT_NAME = re.compile(r"[a-z][a-z0-9]*(?:[-.][a-z0-9]+)*(?:/[a-z][a-z0-9]*(?:[-.][a-z0-9]+)*)?")
_HOST = re.compile(r"(?i)(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z]{2,24}\.?(?::\d{1,5})?")
_ADDRESS = re.compile(r"\[?[0-9a-fA-F]*(?:[:.][0-9a-fA-F]*){2,}\]?(?::\d{1,5})?(?:/\d{1,3})?")
_WORDS = re.compile(r"[A-Za-z]+(?:[ _.,:/-][A-Za-z]+)*")
_NATURAL = re.compile(r"(?:[A-Z]?[a-z]+|[A-Z]+)(?:[ _.,:/-](?:[A-Z]?[a-z]+|[A-Z]+))*")
_FEWEST = 6
_LONG_WORDS = 24
_RANDOM_BITS = 2.6
_SHORT = 3


def is_placeholder(value: str) -> bool:
    """Nothing, a mask, a variable to be filled in, a state: there is no secret here."""
    return not value or _PLACEHOLDER.fullmatch(value) is not None


def is_reference(value: str) -> bool:
    """A place where the secret is kept, or the code that fetches it; not the secret."""
    if _BY_REFERENCE.match(value) or (_PATH.fullmatch(value) and value.count("/") > 1):
        return True
    if _DIGEST.fullmatch(value) and "~" not in value:
        return True
    return _CODE.fullmatch(value) is not None and not any(map(str.isdigit, value))


def is_url(value: str) -> bool:
    """An address: what is secret inside it has a form of its own."""
    return _URL.match(value) is not None


def is_state(value: str) -> bool:
    """A word of English prose that says how things are: `expired`, `required`, `must`."""
    return value.lower().strip(".,:;!") in STATE


def is_object_name(value: str) -> bool:
    """Names as Kubernetes and its kin give them: `db-password`, `app-token-x7k2p`."""
    return _OBJECT_NAME.fullmatch(value) is not None and not _looks_drawn(value)


def _looks_drawn(value: str) -> bool:
    """Some part of the name is longer and more mixed than generated suffixes are."""
    parts = re.split(r"[-./]", value)
    return any(len(p) > 10 and sum(map(str.isdigit, p)) > _SHORT - 1 for p in parts)  # noqa: PLR2004


def is_random(value: str, *, fewest: int = 12) -> bool:
    """Long enough, and digits among letters or both cases in no order of words."""
    if len(value) < fewest or _NATURAL.fullmatch(value):
        return False
    digits = any(map(str.isdigit, value))
    letters = any(map(str.isalpha, value))
    cases = any(map(str.islower, value)) and any(map(str.isupper, value))
    return letters and (digits or cases) and bits(value) > _RANDOM_BITS


def bits(value: str) -> float:
    """Shannon entropy in bits a character."""
    shares = [value.count(each) / len(value) for each in set(value)]
    return -sum(share * log2(share) for share in shares)


def is_ordinary(value: str) -> bool:
    """So short or so common that hiding it everywhere would hide half of an answer.

    Numbers, words, names, hosts, addresses, paths and plain URLs.
    """
    if len(value) < _FEWEST or is_placeholder(value) or is_reference(value):
        return True
    if value.replace(".", "").replace("-", "").isdigit() or _ADDRESS.fullmatch(value):
        return True
    if _WORDS.fullmatch(value) or _OBJECT_NAME.fullmatch(value):
        words = re.split(r"[ _.,:/-]", value)
        mixed = any(any(map(str.isdigit, w)) and any(map(str.isalpha, w)) for w in words)
        return not mixed and len(value) < _LONG_WORDS
    return _HOST.fullmatch(value) is not None or (is_url(value) and "@" not in value)
