"""A state, in version 4 of its file format."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from fivetabs.core import Invalid, term
from fivetabs.providers.terraform.port import StateRaw
from fivetabs.providers.terraform.shapes.checks import Check, parse_state_checks
from fivetabs.providers.terraform.shapes.fields import Sides, differences, parse_field
from fivetabs.providers.terraform.shapes.locks import Lock, parse_lock
from fivetabs.providers.terraform.shapes.masks import hidden, marked
from fivetabs.providers.terraform.shapes.raw import items, mapping
from fivetabs.providers.terraform.shapes.values import SENSITIVE, WHOLE, show, without_keys

FORMAT = 4
_LONGEST_ID = 128
_IDENTITIES = ("id", "name", "arn", "self_link", "filename", "bucket")


@dataclass(frozen=True, slots=True)
class Resource:
    """One instance. `status` is empty, `tainted` or `deposed`."""

    address: str
    type: str
    mode: str
    provider: str
    identity: str
    status: str

    @property
    def pattern(self) -> str:
        """The address without its keys, under which instances of one block are alike."""
        return without_keys(self.address)


@dataclass(frozen=True, slots=True)
class Output:
    """One output; a sensitive value is masked."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class State:
    """What Terraform remembers. `serial` is None when nothing was ever applied."""

    directory: str
    workspace: str
    backend: str
    serial: int | None = None
    lineage: str = ""
    version: str = ""
    resources: tuple[Resource, ...] = ()
    outputs: tuple[Output, ...] = ()
    checks: tuple[Check, ...] = ()
    modified: datetime | None = None
    lock: Lock | None = None

    @property
    def where(self) -> str:
        """The directory in a sentence: whoever wrote the repository chose its name."""
        return term(self.directory)


def parse_state(raw: StateRaw) -> State:
    """Read the state; sensitive values do not survive this.

    Raises:
        Invalid: If the state is of a format this server does not know.
    """
    state = raw.state
    if state is None:
        place = raw.directory, term(raw.workspace), term(raw.backend)
        return State(*place, lock=parse_lock(raw.lock))
    if state.get("version") != FORMAT:
        raise Invalid(
            f"the state of {term(raw.directory)} has format {term(str(state.get('version')))}, "
            f"not {FORMAT}",
            hint=f"it was written by Terraform {term(str(state.get('terraform_version', '')))}",
        )
    secrets = frozenset(secrets_of_state(state))
    return State(
        directory=raw.directory,
        workspace=term(raw.workspace),
        backend=term(raw.backend),
        serial=int(state.get("serial", 0)),
        lineage=term(str(state.get("lineage", ""))),
        version=term(raw.written_by or str(state.get("terraform_version", ""))),
        resources=tuple(_resources(state, secrets)),
        outputs=tuple(_outputs(state, secrets)),
        checks=parse_state_checks(state.get("check_results")),
        modified=raw.modified,
        lock=parse_lock(raw.lock),
    )


def parse_attributes(raw: StateRaw, address: str) -> tuple[tuple[str, str], ...]:
    """The attributes of one resource, flat and masked; empty when there is no such resource."""
    state = raw.state or {}
    secrets = frozenset(secrets_of_state(state))
    for block, each in instances_of(state):
        if address_of(block, each) == address:
            sides = Sides(None, mapping(each, "attributes"), marks=(None, _mask(each)))
            found = (
                parse_field(path, each, secrets, longest=WHOLE) for path, each in differences(sides)
            )
            return tuple((field.path, field.after) for field in found)
    return ()


def _resources(state: Mapping[str, Any], secrets: frozenset[str]) -> Iterator[Resource]:
    for block, each in instances_of(state):
        yield Resource(
            address=address_of(block, each),
            type=str(block["type"]),
            mode=str(block.get("mode", "managed")),
            provider=_provider(str(block.get("provider", ""))),
            identity=_identity(mapping(each, "attributes"), _mask(each), secrets),
            status="deposed" if each.get("deposed") else term(str(each.get("status") or "")),
        )


def instances_of(state: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Every instance with the block of its resource."""
    for block in items(state, "resources"):
        for each in items(block, "instances"):
            yield block, each


def address_of(block: Mapping[str, Any], instance: Mapping[str, Any]) -> str:
    """The address of an instance as Terraform writes it."""
    module = f"{block['module']}." if block.get("module") else ""
    data = "data." if block.get("mode") == "data" else ""
    base = f"{module}{data}{block['type']}.{block['name']}"
    return base + _key(instance.get("index_key"))


def _identity(
    attributes: Mapping[str, Any], mask: Mapping[str, Any], secrets: frozenset[str]
) -> str:
    for name in _IDENTITIES:
        value = attributes.get(name)
        if isinstance(value, str) and value:
            masked = mask.get(name) is True or hidden(name, value, secrets)
            return SENSITIVE if masked else show(value, _LONGEST_ID)
    return ""


def _outputs(state: Mapping[str, Any], secrets: frozenset[str]) -> Iterator[Output]:
    for name, each in mapping(state, "outputs").items():
        value = each.get("value")
        sides = Sides(None, value, marks=(None, True if each.get("sensitive") else None))
        masked = parse_field((name,), sides, secrets).after == SENSITIVE
        yield Output(name, SENSITIVE if masked else show(value, WHOLE))


def secrets_of_state(state: Mapping[str, Any]) -> Iterator[str]:
    """Everything that the state marks as sensitive."""
    for each in mapping(state, "outputs").values():
        yield from marked(each.get("value"), each.get("sensitive"))
    for _, instance in instances_of(state):
        yield from marked(instance.get("attributes"), _mask(instance))


def _mask(instance: Mapping[str, Any]) -> Mapping[str, Any]:
    """`sensitive_attributes` marks paths; everything below the first step is masked."""
    paths = cast("list[list[Mapping[str, Any]]]", instance.get("sensitive_attributes") or [])
    return {str(path[0].get("value")): True for path in paths if path}


def _key(key: object) -> str:
    if key is None:
        return ""
    return f"[{key}]" if isinstance(key, int) else f'["{key}"]'


def _provider(text: str) -> str:
    """`hashicorp/aws` of `provider["registry.terraform.io/hashicorp/aws"].alias`."""
    address = text.split('"')[1] if '"' in text else text
    return "/".join(address.split("/")[-2:])
