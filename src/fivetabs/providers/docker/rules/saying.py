"""How the rules of this house put what they found: one sentence, the engine's words, the call."""

from datetime import datetime

from fivetabs.core import Evidence, Found, quoted, stamp
from fivetabs.providers.docker.rules.containers import Case

LONGEST_QUOTE = 300


def one_line(text: str) -> str:
    """A text without its line breaks, cut where it is endless."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_QUOTE else f"{line[:LONGEST_QUOTE]}..."


def words_of(text: str) -> str:
    """The engine's or a program's own words inside one of our sentences."""
    return quoted(one_line(text))


def told(  # noqa: PLR0913  (all but three are named)
    case: Case,
    cause: str,
    quote: str,
    *,
    when: datetime | None = None,
    words: str = "",
    look: bool = True,
    fold: str = "",
) -> Found:
    """What a rule says of a container. `look`: its log would tell more."""
    name = case.container.name
    time = stamp(when) if when else ""
    evidence = Evidence(quote=one_line(quote), source=f"docker inspect {name}", time=time)
    return Found(
        subject=case.subject,
        cause=cause,
        evidence=(evidence,),
        words=words,
        tool="get_container_logs" if look else "",
        arguments={"container_name": name} if look else {},
        fold=fold,
        since=case.around.began or when,
    )
