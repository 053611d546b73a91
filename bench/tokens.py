"""Tokens of the tool list and of every tool's example answer, beside the tests' estimate."""

import json
import sys
from collections.abc import Mapping
from typing import Any

from bench import o200k
from bench.client import serving
from bench.figures import Figure, Line, Note, at_most
from bench.stand import Stand
from tests.tokens import estimate

TITLE = "tokens of the tool list and of the examples (demo world)"
_READ, _SCHEMAS = "names, descriptions, input schemas", "with output schemas"
_WIRE = "all of tools/list, titles and annotations too"
_LIMITS = {_READ: 6000, _SCHEMAS: 10_000}
_ANSWER = 2000


async def measure(stand: Stand) -> list[Line]:
    """Ask the demo world for its list and for every example."""
    return await lines_of(stand.tokens)


async def lines_of(counter: o200k.Counter) -> list[Line]:
    """What the list and the answers cost, and how far off the estimate is."""
    async with serving({}, "--demo") as client:
        tools = await client.tools()
        texts = dict(_lists(tools))
        for name, example in _examples().items():
            answer = await client.call(name, **example)
            forms = zip(("text", "structured"), answer.forms, strict=True)
            texts |= {f"{name}, {form}": words for form, words in forms if words and words != "{}"}
    counts = dict(zip(texts, counter.count(list(texts.values())), strict=True))
    lines: list[Line] = [Note(f"floor: the estimate of tests/tokens.py; of {len(tools)} tools")]
    for what, words in texts.items():
        lines.append(_line(what, counts[what], counter.unit, estimate(words)))
    off = [abs(estimate(words) / counts[what] - 1) for what, words in texts.items()]
    return [*lines, Figure("largest error of the estimate", 100 * max(off), "%")]


def _line(what: str, count: int, unit: str, guess: int) -> Line:
    if what == _WIRE:
        return Figure(what, count, unit, guess)
    return at_most(what, count, unit, _LIMITS.get(what, _ANSWER), floor=guess)


def _lists(tools: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The list as models read it, and as the wire has it."""
    read = [{key: tool[key] for key in ("name", "description", "inputSchema")} for tool in tools]
    whole = [
        {**part, "outputSchema": tool.get("outputSchema")}
        for part, tool in zip(read, tools, strict=True)
    ]
    return [
        (_READ, _compact(read)),
        (_SCHEMAS, _compact(whole)),
        (_WIRE, _compact(tools)),
    ]


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _examples() -> Mapping[str, Mapping[str, Any]]:
    from fivetabs.cli.houses import PROVIDERS  # noqa: PLC0415  (only this row needs the houses)

    return {tool.name: tool.example for house in PROVIDERS for tool in house.tools}


def main() -> int:
    """Print this row alone."""
    import asyncio  # noqa: PLC0415

    from bench.figures import printed  # noqa: PLC0415

    counter = o200k.Counter()
    try:
        for line in asyncio.run(lines_of(counter)):
            print(printed(line))
    finally:
        counter.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
