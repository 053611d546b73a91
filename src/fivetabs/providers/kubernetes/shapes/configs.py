"""ConfigMaps, and what the metrics API tells of usage."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.fields import pairs, part, parts
from fivetabs.providers.kubernetes.shapes.things import Thing, head_of

LONGEST_TEXT = 64_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigMap(Thing):
    """A core/v1 ConfigMap: text by key, each at most 64,000 characters; binary keys have none."""

    KIND: ClassVar[str] = "ConfigMap"

    data: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PodMetrics(Thing):
    """What a pod's containers use now (metrics.k8s.io/v1beta1): quantities by container."""

    KIND: ClassVar[str] = "PodMetrics"

    usage: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeMetrics(Thing):
    """What a node uses now (metrics.k8s.io/v1beta1)."""

    KIND: ClassVar[str] = "NodeMetrics"

    usage: Mapping[str, str]


def parse_config_map(raw: Json) -> ConfigMap:
    """Read a core/v1 ConfigMap."""
    data = {key: text[:LONGEST_TEXT] for key, text in pairs(raw, "data")}
    binary = dict.fromkeys(part(raw, "binaryData"), "")
    return ConfigMap(**head_of(raw), data={**data, **binary})


def parse_pod_metrics(raw: Json) -> PodMetrics:
    """Read a metrics.k8s.io PodMetrics."""
    usage = {each["name"]: dict(pairs(each, "usage")) for each in parts(raw, "containers")}
    return PodMetrics(**head_of(raw), usage=usage)


def parse_node_metrics(raw: Json) -> NodeMetrics:
    """Read a metrics.k8s.io NodeMetrics."""
    return NodeMetrics(**head_of(raw), usage=dict(pairs(raw, "usage")))
