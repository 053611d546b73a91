"""`fivetabs settings`: what holds, and where each value came from; and the page about them all."""

import argparse
import json
import sys
from collections.abc import Iterator
from enum import Enum
from secrets import token_bytes
from typing import Any, cast

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from fivetabs.app.redact import Redactor
from fivetabs.app.render import table
from fivetabs.app.settings import AppSettings
from fivetabs.cli.arguments import flags
from fivetabs.cli.houses import PROVIDERS
from fivetabs.cli.origins import DEFAULT, Key, variable
from fivetabs.cli.settings import Settings, file_of, load
from fivetabs.core import Fault

Row = tuple[str, str, str]


def run(options: argparse.Namespace) -> int:
    """Print every setting; 1 when they cannot be read, which is told with its place."""
    redactor = Redactor(token_bytes(32))
    try:
        settings = load(PROVIDERS, flags(options), options.config)
    except Fault as fault:
        print(f"fivetabs: {redactor.text(str(fault))}", file=sys.stderr)
        return 1
    rows = [
        (name, redactor.text(value), origin)
        for name, value, origin in rows_of(settings)
        if not options.changed or origin != DEFAULT
    ]
    path, _ = file_of(options.config)
    there = "" if settings.origins.path else " (not there)"
    if options.json:
        told = {name: {"value": value, "from": origin} for name, value, origin in rows}
        print(json.dumps({"file": f"{path}", "settings": told}, indent=2))
        return 0
    print(f"file: {path}{there}")
    if sys.stdout.isatty():
        _show(rows)
    else:
        print(table(("setting", "value", "from"), rows))
    return 0


def _show(rows: list[Row]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    page = Table("setting", "value", "from", box=None, pad_edge=False)
    for name, value, origin in rows:
        style = "dim" if origin == DEFAULT else "bold"
        page.add_row(Text(name, style=style), Text(value, style=style), Text(origin, style=style))
    Console(highlight=False).print(page)


def rows_of(settings: Settings) -> Iterator[Row]:
    """Name, value and origin of every setting, the server's own first."""
    for key, value in _values(settings):
        yield ".".join(map(str, key)), written(value), settings.origins.of(key)


def _values(settings: Settings) -> Iterator[tuple[Key, Any]]:
    for name in AppSettings.model_fields:
        yield (name,), getattr(settings.app, name)
    for house, section in settings.houses.items():
        for name in type(section).model_fields:
            yield (house, name), getattr(section, name)


def written(value: object) -> str:
    """A value as a settings file has it."""
    match value:
        case bool():
            return str(value).lower()
        case Enum():
            return json.dumps(value.value)
        case float():
            return f"{value:g}"
        case BaseModel():
            return json.dumps(value.model_dump(mode="json"))
        case tuple() | list():
            each = (written(one) for one in cast("tuple[object, ...]", value))
            return f"[{', '.join(each)}]"
        case _:
            return json.dumps(value, ensure_ascii=False)


_HEAD = """\
# Settings

Every setting, made from the code by `make docs`. The server reads a TOML file
(`~/.config/fivetabs/settings.toml`; `--config FILE` or `FIVETABS_CONFIG` names another one), over
it the environment, over that the flags (`--set kubernetes.grace=30`, `--demo`, `--changes`).
`fivetabs settings` prints what holds here and where each value came from: file and line, variable
or flag.

An unknown key, an unknown `FIVETABS_` variable or a wrong value is an error that says where it
stands and what was meant; nothing is ignored.
"""


def markdown() -> str:
    """The page: a table for the server's own settings, and one for each house."""
    parts = [_HEAD, *_section("The server", (), AppSettings)]
    for provider in PROVIDERS:
        parts += _section(
            f"{provider.title}: `[{provider.name}]`", (provider.name,), provider.settings
        )
    return "\n".join(parts)


def _section(title: str, above: Key, model: type[BaseModel]) -> Iterator[str]:
    yield f"## {title}\n"
    yield "| setting | unset | variable | what it is |\n|---|---|---|---|"
    others = cast("dict[str, str]", getattr(model, "ENVIRONMENT", {}))
    for name, info in model.model_fields.items():
        shared = [f"`{other}`" for other, field in others.items() if field == name]
        names = ", ".join((f"`{variable((*above, name))}`", *shared))
        yield f"| `{name}` | {_default(info)} | {names} | {_told(info)} |"
    yield ""


def _default(info: FieldInfo) -> str:
    value = info.get_default(call_default_factory=True)
    return f"`{written(value)}`" if value not in ("", ()) else "none"


def _told(info: FieldInfo) -> str:
    return (info.description or "").replace("|", "\\|")
