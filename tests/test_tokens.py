"""The token estimate that the budgets are held with is itself held to the real table's counts."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.tokens import estimate

FOLDER = Path(__file__).parent
SAMPLES = json.loads((FOLDER / "token_samples.json").read_text("utf-8"))
KINDS = json.loads((FOLDER / "token_kinds.json").read_text("utf-8"))


def _name(sample: dict[str, Any]) -> str:
    return sample["name"]


@pytest.mark.parametrize("sample", SAMPLES, ids=_name)
def test_the_estimate_is_within_an_eighth_of_o200k(sample: dict[str, Any]) -> None:
    real = int(sample["o200k"])
    assert abs(estimate(sample["text"]) - real) <= real / 8


@pytest.mark.parametrize("kind", KINDS, ids=_name)
def test_no_kind_of_text_is_taken_for_much_less_than_it_is(kind: dict[str, Any]) -> None:
    """Hashes, base64, other scripts, emoji, marks at random: an eighth is missed at most."""
    assert 0.88 * kind["o200k"] <= estimate(kind["text"]) <= 2.1 * kind["o200k"]


@pytest.mark.parametrize("kind", [k for k in KINDS if k["text"].isascii()], ids=_name)
def test_of_plain_ascii_less_than_a_fourteenth_is_missed(kind: dict[str, Any]) -> None:
    assert estimate(kind["text"]) >= 0.93 * kind["o200k"]


def test_of_a_very_long_text_the_beginning_speaks_for_the_rest() -> None:
    line = "10.20.0.14 - - POST /orders HTTP/1.1 502\n"
    assert estimate(line * 100_000) == pytest.approx(estimate(line * 100) * 1000, rel=0.01)


def test_a_mark_counts_as_the_fence_that_it_becomes() -> None:
    fence = estimate("<data-4f1c>refused</data-4f1c>") - estimate("refused")
    assert abs(estimate("\ue000refused\ue001") - estimate("refused") - fence) <= 4
