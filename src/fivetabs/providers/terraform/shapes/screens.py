"""What of a configuration would run a program while only a plan is made.

The law is the graph that terraform itself draws: its own parser, all installed modules, nothing
evaluated. The text is looked at as well, so that the refusal can name file and line, and comes
before anything runs even where the directory is not initialised.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from fivetabs.core.patterns import Pattern
from fivetabs.providers.terraform.shapes.raw import items, mapping

# Data sources that run a program of the configuration's choice when they are read.
PROGRAMS = ("external", "local_command", "shell_script", "shell_data", "shell_script_data")
# Data sources that write a file when they are read.
WRITERS = ("archive_file",)

# Every alternative below ends by itself when its closing part is missing, and labels are bounded:
# whatever a file holds, looking at it takes linear time.
_NODE = Pattern(r'"((?:[^"\\]|\\.)*)"?', re.DOTALL)
_READ = Pattern(r"(?:^|[\s.\]])(?:data|ephemeral)\.([\w-]+)\.([\w-]+)")
_SKIP = Pattern(
    r'"(?:[^"\\\n]|\\[^\n]?)*"?|#[^\n]*|//[^\n]*|/\*.*?(?:\*/|\Z)'
    r"|<<-?(?P<mark>[\w-]{1,200})\n(?:.*?^[ \t]*(?P=mark)[ \t]*$|.*)",
    re.DOTALL | re.MULTILINE,
)
_BLOCK = Pattern(
    r'\b(?:data|ephemeral)\s+(?:"((?:[^"\\\n]|\\.){0,200})"|([\w-]{1,200}))'
    r'\s+(?:"([^"\n]{0,200})"|([\w-]{1,200}))\s*\{'
)


@dataclass(frozen=True, slots=True)
class DataSource:
    """A data source (or ephemeral resource) that a configuration declares."""

    type: str
    name: str
    line: int = 0

    @property
    def address(self) -> str:
        """As Terraform writes it."""
        return f"data.{self.type}.{self.name}"


def parse_graph(text: str) -> tuple[DataSource, ...]:
    """Every data source in what `terraform graph` draws."""
    found = (match for node in _NODE.findall(text) for match in _READ.findall(node))
    return tuple(DataSource(kind, name) for kind, name in dict.fromkeys(found))


def parse_text(text: str) -> tuple[DataSource, ...]:
    """The data sources that a `.tf` file seems to declare, with their lines."""
    plain = _SKIP.sub(_blank, text)
    return tuple(
        DataSource(
            _unescape(block[1] or block[2]),
            block[3] or block[4],
            plain.count("\n", 0, block.start()) + 1,
        )
        for block in _BLOCK.finditer(plain)
    )


def parse_json(text: str) -> tuple[DataSource, ...]:
    """The data sources that a `.tf.json` file declares; none when it is not JSON."""
    try:
        whole: object = json.loads(text)
    except ValueError:
        return ()
    return tuple(_declared(whole))


def parse_plan_sources(plan: Mapping[str, Any]) -> Iterator[DataSource]:
    """The data sources that `terraform show -json` tells of a plan's configuration."""
    yield from _in_module(mapping(plan, "configuration", "root_module"))


def _in_module(module: Mapping[str, Any]) -> Iterator[DataSource]:
    for each in items(module, "resources"):
        if each.get("mode") == "data":
            yield DataSource(str(each.get("type", "")), str(each.get("name", "")))
    for call in mapping(module, "module_calls").values():
        yield from _in_module(mapping(call, "module"))


def _declared(value: object) -> Iterator[DataSource]:
    for whole in _objects(value):
        for key, inner in whole.items():
            if key in ("data", "ephemeral"):
                for kinds in _objects(inner):
                    yield from _named(kinds)
            elif key == "check":
                for named in _objects(inner):
                    yield from (each for body in named.values() for each in _declared(body))


def _named(kinds: Mapping[str, Any]) -> Iterator[DataSource]:
    for kind, blocks in kinds.items():
        names = [name for block in _objects(blocks) for name in block]
        yield from (DataSource(kind, name) for name in names or ("",))


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    """JSON configuration has an object, or a list of them, wherever blocks may repeat."""
    if isinstance(value, Mapping):
        yield cast("Mapping[str, Any]", value)
    elif isinstance(value, list):
        for each in cast("list[object]", value):
            yield from _objects(each)


def _blank(match: re.Match[str]) -> str:
    text = match.group()
    return text if text.startswith('"') else "\n" * text.count("\n")


def _unescape(label: str) -> str:
    try:
        return str(json.loads(f'"{label}"'))
    except ValueError:
        return label
