"""Labels: the list of tools is told without the houses, and calls find them all the same."""

import subprocess
import sys
from dataclasses import replace

import pytest

from fivetabs.app.arguments import Offer, offers_of
from fivetabs.app.labels import label_of, labels_of, read_labels, written
from fivetabs.cli.houses import PROVIDERS, every_offer, known_labels
from fivetabs.core import NotFound, Provider, door
from fivetabs.providers.docker import PROVIDER

LISTING = """
import asyncio, sys
from fivetabs.app.calls import open_app
from fivetabs.app.settings import AppSettings
from fivetabs.cli.houses import PROVIDERS, SPANNING, known_labels
from fivetabs.server import describe

async def main():
    given = (PROVIDERS, AppSettings(demo=True), {}, lambda: "mark", SPANNING)
    async with open_app(*given, labels=known_labels()) as app:
        print(len([describe(offer) for offer in app.listed()]))
        heavy = (".tools.", ".rules.", ".shapes.", ".live", ".demo")
        print([m for m in sys.modules if "providers" in m and any(h in m for h in heavy)])
        await app.call("list_containers", {})
        print("fivetabs.providers.docker.tools.containers" in sys.modules)
        print([m for m in sys.modules if "providers.aws.tools." in m])

asyncio.run(main())
"""


def test_labels_come_back_from_the_file_as_they_were_made() -> None:
    labels = tuple(offer.label for offer in every_offer())
    assert read_labels(written(labels)) == labels


def test_what_is_listed_is_what_the_tools_say() -> None:
    assert sorted(each.name for each in known_labels()) == sorted(
        offer.label.name for offer in every_offer()
    )
    for each in PROVIDERS:
        assert list(labels_of(each, known_labels())) == [label_of(each, t) for t in each.tools]


def test_the_list_imports_no_house_and_a_call_only_its_own() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LISTING], capture_output=True, text=True, check=True
    )
    assert done.stdout.split("\n")[:4] == [str(len(every_offer())), "[]", "True", "[]"]


def test_a_label_without_its_tool_is_a_plain_refusal() -> None:
    (label, *_) = labels_of(PROVIDER, ())
    with pytest.raises(NotFound, match="Docker has no tool 'gone' any more"):
        _ = Offer(PROVIDER, replace(label, name="gone")).tool


def test_a_house_without_labels_is_asked_for_its_tools() -> None:
    other = Provider(
        name="other",
        title="Other",
        tools=PROVIDER.tools,
        rules=(),
        settings=PROVIDER.settings,
        live=door("nowhere"),
        demo=door("nowhere"),
    )
    offers = offers_of(other, known=known_labels())
    assert offers.keys() == {tool.name for tool in PROVIDER.tools}
    assert offers["list_containers"].tool in PROVIDER.tools
