"""The doctor on the rig's real backends: as whom, which version, and nothing is broken."""

import json
import os
from typing import Any

import pytest

from tests.commands import ran
from tests.rig import Rig

pytestmark = pytest.mark.live


def doctor(rig: Rig, **more: str) -> dict[str, Any]:
    done = ran("doctor", "--json", environment={**os.environ, **rig.environment, **more})
    assert done.stdout, done.stderr
    return {**json.loads(done.stdout), "status": done.returncode}


def rows(answer: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The connections by house."""
    (table,) = answer["tables"]
    told = [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
    return {row["house"]: row for row in told}


def test_all_four_houses_are_ready_and_say_as_whom(on_rig: Rig) -> None:
    answer = doctor(on_rig)
    assert answer["status"] == 0, answer
    told = rows(answer)
    assert {row["status"] for row in told.values()} == {"ready"}
    assert told["Kubernetes"]["version"].startswith("v1.")
    assert told["Kubernetes"]["as"]
    assert told["AWS"]["as"].startswith("arn:aws:")
    assert "API 1." in told["Docker"]["version"]
    assert told["Terraform"]["version"].startswith(("terraform 1.", "tofu 1."))


def test_one_broken_house_does_not_hurt_the_others(on_rig: Rig) -> None:
    answer = doctor(on_rig, KUBECONFIG="/nowhere/config")
    assert answer["status"] == 1
    told = rows(answer)
    assert told["Kubernetes"]["status"] == "misconfigured"
    assert {row["status"] for name, row in told.items() if name != "Kubernetes"} == {"ready"}
