"""What a structured line says: the message and the level of JSON lines and of logfmt."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from fivetabs.core.logs.levels import level_named

_MESSAGES = ("msg", "message", "event", "log", "text", "@message", "body", "description")
_LEVELS = ("level", "severity", "lvl", "levelname", "loglevel", "log.level", "@level")
_ERRORS = ("error", "err", "exception", "exc_info", "error.message", "stack", "stack_trace")
_OUTCOMES = ("status", "statusCode", "status_code", "code")
_LEVEL = re.compile(rb"(?:^|\s)(?:level|lvl|severity)=\"?([A-Za-z]+)")
_MESSAGE = re.compile(rb"(?:^|\s)(?:msg|message)=(?:\"((?:[^\"\\]|\\.)*)\"|(\S+))")
_ERROR = re.compile(rb"(?:^|\s)(?:err|error)=(?:\"((?:[^\"\\]|\\.)*)\"|(\S+))")
_RAISED = re.compile(r"[\w.$]*(?:Error|Exception)\b")


@dataclass(frozen=True, slots=True)
class Message:
    """The words of a structured line that say what happened; its level where it has one."""

    text: bytes
    level: str


def message_in(line: bytes) -> Message | None:
    """What a JSON or logfmt line says; None for any other line."""
    if line[:1] == b"{" and line[-1:] == b"}":
        return _of_json(line)
    if b"msg=" in line or b"message=" in line:
        return _of_logfmt(line)
    return None


def _of_json(line: bytes) -> Message | None:
    try:
        raw: Any = json.loads(line)
    except (ValueError, RecursionError):
        return None
    fields = cast("Mapping[str, Any]", raw)
    said = _first(fields, _MESSAGES)
    wrong = _told(_first(fields, _ERRORS))
    if said is None and not wrong:
        return None
    level = _first(fields, _LEVELS)
    outcome = _first(fields, _OUTCOMES)
    words = [_told(said), wrong if wrong != _told(said) else ""]
    words += [f"status={outcome}"] if isinstance(outcome, str | int) else []
    named = level_named(str(level)) if isinstance(level, str | int) else ""
    return Message(" ".join(filter(None, words)).encode("utf-8", "replace"), named)


def _first(fields: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    for name in names:
        value = fields.get(name)
        if value is not None and value not in ("", [], {}):
            return value
    return None


def _told(value: Any) -> str:
    """A field in words: of a stack the line that names the error, of an object its message."""
    if isinstance(value, dict):
        inner = cast("Mapping[str, Any]", value)
        words = [inner.get("type") or inner.get("name"), inner.get("message") or inner.get("msg")]
        return ": ".join(str(word) for word in words if word) or json.dumps(inner)[:200]
    if not isinstance(value, str):
        return "" if value is None or isinstance(value, bool) else str(value)
    lines = [line for line in value.splitlines() if line.strip()]
    if len(lines) > 1:
        raised = [line for line in lines if _RAISED.match(line)]
        return (raised or lines)[-1]
    return value


def _of_logfmt(line: bytes) -> Message | None:
    said = _MESSAGE.search(line)
    if said is None:
        return None
    wrong, level = _ERROR.search(line), _LEVEL.search(line)
    words = [said[1] or said[2] or b"", (wrong[1] or wrong[2] or b"") if wrong else b""]
    named = level_named(level[1].decode()) if level else ""
    return Message(b" ".join(filter(None, words)), named)
