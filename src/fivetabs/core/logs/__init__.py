"""The one log reader: from streams of bytes to counts, last lines and templates.

found = await digest([Source("api", lambda most: stream(tail=most), parser=...)], Wish())
return found.log(summary=..., source=...)
"""

from fivetabs.core.logs.digests import Digest, Failure, Template
from fivetabs.core.logs.patterns import compile_pattern
from fivetabs.core.logs.reading import digest
from fivetabs.core.logs.sources import Line, Parser, Pieces, Source
from fivetabs.core.logs.splitting import LONGEST_LINE, Splitter, plain, stamped
from fivetabs.core.logs.tails import Tail, tail
from fivetabs.core.logs.wishes import LINES, Bounds, Wish, parse_until

__all__ = [
    "LINES",
    "LONGEST_LINE",
    "Bounds",
    "Digest",
    "Failure",
    "Line",
    "Parser",
    "Pieces",
    "Source",
    "Splitter",
    "Tail",
    "Template",
    "Wish",
    "compile_pattern",
    "digest",
    "parse_until",
    "plain",
    "stamped",
    "tail",
]
