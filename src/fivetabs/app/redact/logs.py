"""Log lines and tracebacks on their way to stderr, without secrets."""

import logging

from fivetabs.app.redact.redactor import Redactor


class RedactingFormatter(logging.Formatter):
    """Formats as usual, tracebacks too, and hands on only what the redactor lets through."""

    def __init__(self, redactor: Redactor, fmt: str = logging.BASIC_FORMAT) -> None:
        super().__init__(fmt)
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        """The line, or, if it cannot be made safe, that there was one."""
        try:
            return self._redactor.text(super().format(record))
        except Exception:  # noqa: BLE001  (a line that may hold a secret is not printed)
            return f"{record.levelname}:{record.name}:a line that could not be made safe to print"
