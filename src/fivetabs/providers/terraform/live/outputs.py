"""What commands leave behind: JSON lines, one JSON value, and the plan file."""

import contextlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from fivetabs.core import Invalid, quoted


def messages(text: str) -> Iterator[Mapping[str, Any]]:
    """The messages of a command that writes one JSON object a line; other lines are skipped."""
    for line in text.splitlines():
        with contextlib.suppress(ValueError):
            found: object = json.loads(line)
            if isinstance(found, dict):
                yield cast("Mapping[str, Any]", found)


def whole(text: str, what: str) -> Mapping[str, Any]:
    """The one JSON object a command wrote.

    Raises:
        Invalid: If it wrote anything else.
    """
    with contextlib.suppress(ValueError):
        found: object = json.loads(text)
        if isinstance(found, dict):
            return cast("Mapping[str, Any]", found)
    raise Invalid(
        f"{what} is not a JSON object: {quoted(repr(text[:60]))}",
        hint="is the binary really terraform or tofu?",
    )


def left(text: str) -> int:
    """How many changes the messages of a plan sum up to."""
    summaries = [m["changes"] for m in messages(text) if m.get("type") == "change_summary"]
    kinds = ("add", "change", "remove", "import")
    return sum(int(summaries[-1].get(kind) or 0) for kind in kinds) if summaries else 0


def prior(plan_file: Path) -> tuple[int | None, str]:
    """Serial and lineage of the state a plan was made from; its file is a zip with that state.

    Source: https://github.com/hashicorp/terraform/tree/main/internal/plans/planfile
    """
    try:
        with zipfile.ZipFile(plan_file) as plan:
            state = json.loads(plan.read("tfstate"))
            return int(state["serial"]), str(state.get("lineage", ""))
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        return None, ""
