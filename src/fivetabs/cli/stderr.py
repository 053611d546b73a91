"""Everything this process prints to stderr, without secrets: log lines, warnings, tracebacks."""

import logging
import sys
import threading
from types import TracebackType

from fivetabs.app.redact import RedactingFormatter, Redactor

log = logging.getLogger(__name__)


def guard(redactor: Redactor) -> None:
    """Send log lines, warnings and whatever nobody caught to stderr through the redactor."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter(redactor))
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    logging.captureWarnings(capture=True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    log.critical("fivetabs stops", exc_info=(kind, error, trace))


def _uncaught_in_thread(given: threading.ExceptHookArgs) -> None:
    error = given.exc_value
    if error is not None:
        log.error("a thread ended", exc_info=(given.exc_type, error, given.exc_traceback))
