"""JSON schemas as clients want them: plain, and without a word that says nothing.

No `$ref` (some hosts refuse the whole list over one), no titles, no defaults of null, and one type
at each place: some model providers know no lists of types (the MCP inspector's `--strict` tells).
"""

from typing import Any, cast

from pydantic import BaseModel

Schema = dict[str, Any]
_FOR_INPUT = frozenset({"default", "description", "additionalProperties", "required", "enum"})
_DEEPEST = 2
_SAYS_NOTHING = frozenset({"title", "$defs"})


def input_schema(arguments: type[BaseModel], extra: dict[str, Schema]) -> Schema:
    """A tool's arguments, with those that the pipeline adds."""
    schema = _plain(arguments.model_json_schema())
    schema["properties"] = {**schema.get("properties", {}), **extra}
    return schema


def output_schema(answer: type[BaseModel], *, long: bool) -> Schema:
    """An answer's shape: names and types. `job` is listed only where a job can come."""
    schema = cast("Schema", _bare(_plain(answer.model_json_schema(mode="serialization"))))
    schema.pop("additionalProperties", None)
    schema["properties"].pop("fence", None)  # It explains itself to whoever reads the answer.
    schema["properties"]["more"] = {"type": "object"}
    if not long:
        schema["properties"].pop("job", None)
    schema["required"] = ["summary"]
    return schema


def _plain(schema: Schema) -> Schema:
    definitions = cast("dict[str, Schema]", schema.get("$defs", {}))
    return cast("Schema", _walk(schema, definitions))


def _walk(node: object, definitions: dict[str, Schema]) -> object:
    if isinstance(node, list):
        return [_walk(each, definitions) for each in cast("list[object]", node)]
    if not isinstance(node, dict):
        return node
    raw = cast("Schema", node)
    if "$ref" in raw:
        return _walk(definitions[str(raw["$ref"]).rsplit("/", 1)[-1]], definitions)
    plain: Schema = {}
    for key, value in raw.items():
        if key == "properties":
            plain[key] = {name: _walk(sub, definitions) for name, sub in value.items()}
        elif key not in _SAYS_NOTHING and not (key == "default" and value in ("", None)):
            plain[key] = _walk(value, definitions)
    return _one_type(plain)


def _one_type(schema: Schema) -> Schema:
    """What may be absent is of the one type that it has when it is there; it is never null."""
    choices = cast("list[Schema]", schema.get("anyOf", []))
    real = [each for each in choices if each != {"type": "null"}]
    if len(real) == 1 and len(choices) > 1 and "properties" in real[0]:
        return {**real[0], **{key: value for key, value in schema.items() if key != "anyOf"}}
    return schema


def _bare(node: object, depth: int = 0) -> object:
    """Only what says which name holds which type, to the depth of a finding's own fields."""
    if isinstance(node, list):
        return [_bare(each, depth) for each in cast("list[object]", node)]
    if not isinstance(node, dict):
        return node
    raw = cast("Schema", node)
    items = cast("Schema", raw.get("items", {}))
    if items.keys() in ({"type"}, {"anyOf"}) or (items and depth == _DEEPEST):
        return {"type": "array"}
    bare: Schema = {}
    for key, value in raw.items():
        if key == "properties":
            bare[key] = {name: _bare(sub, depth + 1) for name, sub in value.items()}
        elif key not in _FOR_INPUT or (
            key == "additionalProperties" and not isinstance(value, bool)
        ):
            bare[key] = _bare(value, depth)
    return bare
