"""The call that failed, and what was said of it, for the words of its Fault."""

from dataclasses import dataclass

from fivetabs.core import quoted

_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Asked:
    """The call that failed, for the words of its Fault."""

    profile: str
    service: str = "sts"
    operation: str = ""
    region: str = ""

    def __str__(self) -> str:
        return f"{self.service}:{self.operation}" if self.operation else "the AWS sign-in"


def clip(text: str, longest: int = _LONGEST) -> str:
    """What was said, marked. Denials carry a long encoded message that says nothing to a reader."""
    text = " ".join(text.partition("Encoded authorization failure message")[0].split())
    return quoted(text if len(text) <= longest else f"{text[: longest - 1]}…")
