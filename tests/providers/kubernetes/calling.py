"""Calling the house's tools by name, as the pipeline does."""

from typing import Any, TypeVar

from fivetabs.core import Answer, Plan
from fivetabs.providers.kubernetes import PROVIDER
from fivetabs.providers.kubernetes.port import Cluster, Restart

A = TypeVar("A", bound=Answer)


async def ask(cluster: Cluster, name: str, kind: type[A], /, **arguments: Any) -> A:
    """What a tool says; `kind` is the answer it declares."""
    said = await _run(cluster, name, arguments)
    assert isinstance(said, kind)
    return said


async def plan(cluster: Cluster, /, **arguments: Any) -> Plan[Restart]:
    """What a restart would do."""
    said = await _run(cluster, "restart_deployment", arguments)
    assert isinstance(said, Plan)
    return said


async def _run(cluster: Cluster, name: str, arguments: dict[str, Any]) -> Answer | Plan[Any]:
    tool = next(each for each in PROVIDER.tools if each.name == name)
    return await tool.run(cluster, **tool.parse(arguments))
