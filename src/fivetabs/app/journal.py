"""A line in the audit trail for every call: what was asked, and what was answered."""

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any

from fivetabs.app.fence import spoken
from fivetabs.app.records import Ledger
from fivetabs.app.redact import Redactor
from fivetabs.core import Answer, Fault, Finding

_log = logging.getLogger(__name__)
_MOST_FINDINGS, _MOST_EVIDENCE = 10, 3


@dataclass(frozen=True, slots=True)
class Journal:
    """Writes calls down without secrets. One that cannot be written is told on stderr."""

    ledger: Ledger
    redactor: Redactor

    async def answered(
        self, name: str, arguments: Mapping[str, Any], began: float, answer: Answer
    ) -> None:
        """A call that was answered; `answer` is redacted already."""
        found: tuple[Finding, ...] = getattr(answer, "findings", ())
        facts = {
            "ok": True,
            "summary": spoken(answer.summary),
            "target": spoken(answer.target),
            "findings": [_finding(each) for each in found[:_MOST_FINDINGS]],
            "more_findings": max(0, len(found) - _MOST_FINDINGS),
            "not_read": [spoken(each) for each in answer.missing],
        }
        await self._write(name, arguments, began, facts)

    async def failed(
        self, name: str, arguments: Mapping[str, Any], began: float, fault: Fault
    ) -> None:
        """A call that could not be answered; `fault` is redacted already."""
        facts = {"ok": False, "status": fault.status, "summary": spoken(str(fault))}
        await self._write(name, arguments, began, facts)

    async def _write(
        self, name: str, arguments: Mapping[str, Any], began: float, facts: Mapping[str, Any]
    ) -> None:
        asked = self.redactor.text(json.dumps(dict(arguments), default=str))
        took = round((monotonic() - began) * 1000)
        line = {"tool": self.redactor.text(name), "arguments": spoken(asked), "ms": took, **facts}
        try:
            await asyncio.to_thread(self.ledger.add, "call", line)
        except Fault as fault:
            _log.warning("the audit trail could not be written: %s", fault)


def _finding(found: Finding) -> dict[str, Any]:
    seen = (
        {"quote": spoken(each.quote), "source": spoken(each.source), "time": each.time}
        for each in found.evidence[:_MOST_EVIDENCE]
    )
    return {
        "code": found.code,
        "subject": spoken(found.subject),
        "cause": spoken(found.cause),
        "evidence": list(seen),
    }
