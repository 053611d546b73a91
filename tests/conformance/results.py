"""What the conformance suite wrote of a run: each scenario it scores, and what is wrong with it."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_FOLDER = re.compile(r"server-(?P<scenario>.+)-\d{4}-\d\d-\d\dT[\d-]+Z")


def scored(suite: Path, revision: str) -> frozenset[str]:
    """The server scenarios that a revision requires, as the suite's own package lists them."""
    import yaml

    listed = yaml.safe_load((suite / "requirements" / f"{revision}.yaml").read_text("utf-8"))
    return frozenset(listed["server"])


def wrong(results: Path, scenarios: frozenset[str]) -> list[str]:
    """One line for each check that failed or warned, and for each scenario without a result."""
    checks = {
        match["scenario"]: json.loads((folder / "checks.json").read_text("utf-8"))
        for folder in results.iterdir()
        if (match := _FOLDER.fullmatch(folder.name))
    }
    lines = [f"{name}: did not run" for name in sorted(scenarios) if not _ran(checks.get(name))]
    lines += [
        f"{name}: {check['status']} {check['id']}: {check.get('errorMessage')}"
        for name in sorted(scenarios & checks.keys())
        for check in checks[name]
        if check["status"] in {"FAILURE", "WARNING"}
    ]
    return lines


def _ran(checks: list[Mapping[str, Any]] | None) -> bool:
    return any(check["status"] == "SUCCESS" for check in checks or ())
