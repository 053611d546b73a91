"""The token estimate that the budgets are held with is itself held to the real table's counts."""

import json
from pathlib import Path

import pytest

from tests.tokens import estimate

SAMPLES = json.loads((Path(__file__).parent / "token_samples.json").read_text("utf-8"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s["name"])
def test_the_estimate_is_within_an_eighth_of_o200k(sample: dict[str, str]) -> None:
    real = int(sample["o200k"])
    assert abs(estimate(sample["text"]) - real) <= real / 8
