"""What every text passes before anybody outside sees it: nothing hidden in it, no secret left."""

from fivetabs.app.redact.cleaning import clean
from fivetabs.app.redact.logs import RedactingFormatter
from fivetabs.app.redact.redactor import Redactor

__all__ = ["RedactingFormatter", "Redactor", "clean"]
