"""The tool list: what it costs a model, and that the right tool is chosen.

`tests/surface/` holds what a model sees of each tool, one JSON a tool, so that a change of it is a
diff. `make docs` writes them anew.
"""

import json
import math
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from fivetabs.app.arguments import Offer
from fivetabs.cli.houses import every_offer
from fivetabs.server import INSTRUCTIONS, describe
from tests.tokens import estimate

FOLDER = Path(__file__).parent / "surface"
OFFERS = every_offer()
PROMISED = {
    "get_pod_status": {"namespace"},
    "get_failing_pods": {"namespace"},
    "get_pod_logs": {"pod_name", "namespace", "lines"},
    "describe_pod": {"pod_name", "namespace"},
    "restart_deployment": {"name", "namespace"},
    "get_aws_cost": {"days"},
    "list_ec2_instances": set[str](),
    "get_cloudwatch_alarms": set[str](),
    "list_s3_buckets": set[str](),
    "list_containers": set[str](),
    "get_container_logs": {"container_name", "lines"},
    "restart_container": {"container_name"},
    "run_terraform_plan": {"directory"},
    "check_terraform_state": {"directory"},
}


def seen(offer: Offer) -> dict[str, Any]:
    """What a client is told of one tool."""
    return describe(offer).model_dump(mode="json", by_alias=True, exclude_none=True)


def cost(*parts: str) -> int:
    """Tokens of these parts of the whole list, written as clients send it."""
    told = [{part: seen(offer)[part] for part in parts} for offer in OFFERS]
    return estimate(json.dumps(told, separators=(",", ":")))


def test_the_fourteen_are_there_with_their_arguments() -> None:
    names = {offer.tool.name: set(offer.tool.arguments.model_fields) for offer in OFFERS}
    assert PROMISED.keys() <= names.keys()
    for name, arguments in PROMISED.items():
        assert arguments <= names[name], name


def test_the_list_costs_6000_tokens_at_most_and_10000_with_output_schemas() -> None:
    assert cost("name", "description", "inputSchema") <= min(6000, 200 * len(OFFERS))
    assert cost("name", "description", "inputSchema", "outputSchema") <= 10_000


def test_the_instructions_fit_what_clients_keep() -> None:
    assert len(INSTRUCTIONS) <= 2048


@pytest.mark.parametrize("offer", OFFERS, ids=lambda o: o.tool.name)
def test_what_the_model_sees_is_what_is_recorded(offer: Offer) -> None:
    recorded = json.loads((FOLDER / f"{offer.tool.name}.json").read_text("utf-8"))
    assert seen(offer) == recorded, "run `make docs` and look at the diff"


def test_nothing_is_recorded_that_is_not_offered() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == {o.tool.name for o in OFFERS}


def test_a_lexical_ranking_puts_the_right_tool_first_for_nine_questions_in_ten() -> None:
    asked = [(q, offer.tool.name) for offer in OFFERS for q in offer.tool.questions]
    missed = [(q, name, rank(q)[:2]) for q, name in asked if rank(q)[0] != name]
    assert len(asked) == 3 * len(OFFERS)
    assert len(missed) <= len(asked) // 10, missed


def test_siblings_name_each_other() -> None:
    names = {offer.tool.name for offer in OFFERS}
    for offer in OFFERS:
        assert names & set(re.findall(r"[a-z_0-9]+", offer.tool.description)) - {offer.tool.name}, (
            f"{offer.tool.name} names no sibling"
        )


def rank(question: str) -> list[str]:
    """Tools by BM25 over name, title and description (k1 = 1.2, b = 0.75)."""
    documents = {
        o.tool.name: words(f"{o.tool.name} {o.tool.name} {o.tool.title} {o.tool.description}")
        for o in OFFERS
    }
    average = sum(map(len, documents.values())) / len(documents)
    having = Counter(word for document in documents.values() for word in set(document))

    def score(document: list[str]) -> float:
        counts, total = Counter(document), 0.0
        for word in set(words(question)):
            rarity = math.log(1 + (len(documents) - having[word] + 0.5) / (having[word] + 0.5))
            length = 1 - 0.75 + 0.75 * len(document) / average
            total += rarity * counts[word] * 2.2 / (counts[word] + 1.2 * length)
        return total

    return sorted(documents, key=lambda name: -score(documents[name]))


def words(text: str) -> list[str]:
    """Lower-case words without plural and verb endings."""
    found = re.findall(r"[a-z0-9]+", text.lower().replace("'s", ""))
    return [re.sub(r"(?<=..)(?:ing|ed|es|s)$", "", word) for word in found]
