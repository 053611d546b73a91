"""Calling the house's tools by name, as the pipeline does."""

from typing import Any, TypeVar

from fivetabs.core import Answer, Call, Plan, Verdict
from fivetabs.providers.kubernetes import PROVIDER
from fivetabs.providers.kubernetes.port import Cluster, Step

A = TypeVar("A", bound=Answer)


async def ask(cluster: Cluster, name: str, kind: type[A], /, **arguments: Any) -> A:
    """What a tool says; `kind` is the answer it declares."""
    said = await _run(cluster, name, arguments)
    assert isinstance(said, kind)
    return said


async def plan(
    cluster: Cluster, tool: str = "restart_deployment", /, **arguments: Any
) -> Plan[Step]:
    """What a change would do; a restart where no other tool is named."""
    said = await _run(cluster, tool, arguments)
    assert isinstance(said, Plan)
    return said


async def look(cluster: Cluster, tool: str, planned: Plan[Step]) -> Verdict:
    """How a change that was carried out turned out."""
    verify = next(each for each in PROVIDER.tools if each.name == tool).verify
    assert verify is not None
    return await verify(cluster, planned, cluster.now())


async def call(cluster: Cluster, planned: Call) -> Plan[Step]:
    """The plan that an undo, or a next step, leads to."""
    return await plan(cluster, planned.tool, **planned.arguments)


async def _run(cluster: Cluster, name: str, arguments: dict[str, Any]) -> Answer | Plan[Any]:
    tool = next(each for each in PROVIDER.tools if each.name == name)
    return await tool.run(cluster, **tool.parse(arguments))
