"""What a client is told of a tool, known without importing the tool's house.

Importing the four houses costs as much as a quarter of the SDK, and a client that asks for the list
of tools waits for it. So the labels are generated from the tools (`make docs`) and kept beside the
code, and a test holds them to it; a house is imported when one of its tools is called.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from fivetabs.app.connections import AnyProvider
from fivetabs.app.schema import Schema, input_schema, output_schema
from fivetabs.core import AnyTool, Effect


@dataclass(frozen=True, slots=True)
class Label:
    """A tool as it describes itself.

    `takes` and `gives` are schemas, without the arguments that the pipeline adds.
    """

    house: str
    name: str
    title: str
    description: str
    effect: Effect
    idempotent: bool
    long: bool
    takes: Schema
    gives: Schema


def label_of(provider: AnyProvider, tool: AnyTool[Any]) -> Label:
    """The label, from the tool itself."""
    return Label(
        house=provider.name,
        name=tool.name,
        title=tool.title,
        description=tool.description,
        effect=tool.effect,
        idempotent=tool.idempotent,
        long=tool.long,
        takes=input_schema(tool.arguments, {}),
        gives=output_schema(tool.answer, long=tool.long),
    )


def labels_of(provider: AnyProvider, known: Sequence[Label]) -> Iterable[Label]:
    """The labels of a house's tools; made from the tools, imported now, where none is known."""
    mine = [label for label in known if label.house == provider.name]
    return mine or [label_of(provider, tool) for tool in provider.tools]


def written(labels: Iterable[Label]) -> str:
    """Labels as a file keeps them."""
    return json.dumps([asdict(label) for label in labels], indent=1) + "\n"


def read_labels(text: str) -> tuple[Label, ...]:
    """The same labels, from the file's text."""
    labels = (Label(**each) for each in json.loads(text))
    return tuple(replace(each, effect=Effect(each.effect)) for each in labels)
