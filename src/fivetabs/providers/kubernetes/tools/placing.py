"""What lies around suspect pods: the nodes that none takes them, the ConfigMaps they may mean."""

from collections.abc import Sequence
from dataclasses import replace

from fivetabs.providers.kubernetes.port import NODES, Cluster, path_to
from fivetabs.providers.kubernetes.shapes.cases import PodCase
from fivetabs.providers.kubernetes.shapes.configs import ConfigMap
from fivetabs.providers.kubernetes.shapes.fields import parts
from fivetabs.providers.kubernetes.shapes.machines import Node, parse_node
from fivetabs.providers.kubernetes.tools.reading import Gaps


async def with_nodes(cluster: Cluster, cases: Sequence[PodCase], gaps: Gaps) -> tuple[PodCase, ...]:
    """The cases, those that no node takes with the cluster's nodes; these in one read."""
    denied = any(each.startswith("nodes:") for each in gaps.told)
    if denied or not any(map(_homeless, cases)):
        return tuple(cases)
    return among(cases, await gaps.allow("nodes", _nodes(cluster), ()))


def among(cases: Sequence[PodCase], nodes: Sequence[Node]) -> tuple[PodCase, ...]:
    """The cases, those that no node takes with these nodes."""
    known = tuple(nodes)
    return tuple(replace(case, nodes=known) if _homeless(case) else case for case in cases)


def beside(cases: Sequence[PodCase], maps: Sequence[ConfigMap]) -> tuple[PodCase, ...]:
    """The cases with the ConfigMaps of their namespaces and the keys of each."""
    spaces: dict[str, dict[str, tuple[str, ...]]] = {}
    for each in maps:
        spaces.setdefault(each.namespace, {})[each.name] = tuple(sorted(each.data))
    return tuple(replace(case, maps=spaces.get(case.pod.namespace, {})) for case in cases)


def _homeless(case: PodCase) -> bool:
    placed = case.pod.condition("PodScheduled")
    return placed is not None and placed.status == "False"


async def _nodes(cluster: Cluster) -> tuple[Node, ...]:
    listed = await cluster.get(path_to(NODES))
    found = map(parse_node, parts(listed, "items"))
    return tuple(sorted(found, key=lambda node: node.name))
