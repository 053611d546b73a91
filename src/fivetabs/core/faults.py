"""Every way a call can fail, as the model will read it.

* Fault            something went wrong; the message says what, the hint says what to try next
  x Invalid        the arguments make no sense
  x NotFound       the thing named does not exist
  x Denied         the backend or our own policy said no
  x Conflict       the world moved between looking and acting
  x Unavailable    the backend could not be asked at all; `status` says in which way
    x NotConfigured  there is no configuration, credential, socket or binary to use
      x Misconfigured  there is one, and it cannot be used as it is
    x Unreachable    nothing answers at the address
    x TimedOut       something accepted the connection and did not answer in time
    x Unauthorised   the backend does not accept who we are
    x Expired        it did once, but the credential has run out
"""

from typing import ClassVar


class Fault(Exception):  # noqa: N818  (a Fault is an answer as much as an error)
    """A failure the model can read and act on: `message` is what happened, `hint` what mends it."""

    status: ClassVar[str] = "failed"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class Invalid(Fault):
    """The arguments make no sense."""

    status = "invalid"


class NotFound(Fault):
    """The thing named does not exist."""

    status = "not found"


class Denied(Fault):
    """The backend knows us and refused this one thing, or our own policy did."""

    status = "denied"


class Conflict(Fault):
    """The world moved between looking and acting."""

    status = "changed meanwhile"


class Unavailable(Fault):
    """The backend could not be asked at all."""

    status = "unavailable"


class NotConfigured(Unavailable):
    """There is no configuration, credential, socket or binary to use."""

    status = "not configured"


class Misconfigured(NotConfigured):
    """Somebody set it up, and it cannot be used as it is: other than nothing, that is a failure."""

    status = "misconfigured"


class Unreachable(Unavailable):
    """Nothing answers at the address."""

    status = "unreachable"


class TimedOut(Unavailable):
    """Something is there and does not answer in time."""

    status = "timed out"


class Unauthorised(Unavailable):
    """The backend does not accept who we are."""

    status = "unauthorised"


class Expired(Unavailable):
    """The credential was good once and has run out."""

    status = "expired"


STATUSES = frozenset(
    each.status
    for each in (
        *(Fault, Invalid, NotFound, Denied, Conflict, Unavailable),
        *(NotConfigured, Misconfigured, Unreachable, TimedOut, Unauthorised, Expired),
    )
)
