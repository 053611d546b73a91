"""The arguments these tools share, each checked against Kubernetes' own grammar."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from fivetabs.core import parse_span
from fivetabs.core.logs import parse_until
from fivetabs.providers.kubernetes.port import name_problem, namespace_problem

MOST_REPLICAS = 10_000
"""More pods than this of one workload are a slip of the pen."""


def _namespace(value: str) -> str:
    if value and (problem := namespace_problem(value)):
        raise ValueError(problem)
    return value


def _name(value: str) -> str:
    if problem := name_problem(value):
        raise ValueError(problem)
    return value


def _optional_name(value: str) -> str:
    return _name(value) if value else value


def _span(value: str) -> str:
    if value:
        parse_span(value)
    return value


def _until(value: str) -> str:
    parse_until(value)
    return value


Everywhere = Annotated[
    str, Field(description="Namespace; empty: all of them."), AfterValidator(_namespace)
]
Namespace = Annotated[
    str, Field(description="Namespace; empty: the context's own."), AfterValidator(_namespace)
]
PodName = Annotated[str, Field(description="Pod name."), AfterValidator(_name)]
PodOrWorkload = Annotated[
    str, Field(description="Pod, or a workload's name."), AfterValidator(_name)
]
WorkloadName = Annotated[str, Field(description="Deployment name."), AfterValidator(_name)]
SomeName = Annotated[
    str, Field(description="Only this pod or workload."), AfterValidator(_optional_name)
]
ContainerName = Annotated[
    str, Field(description="Container; empty: all of them."), AfterValidator(_optional_name)
]
Since = Annotated[str, Field(description="Only newer lines, e.g. 15m."), AfterValidator(_span)]
Until = Annotated[str, Field(description="A UTC time."), AfterValidator(_until)]
Replicas = Annotated[int, Field(description="Pods to have.", ge=0, le=MOST_REPLICAS)]
Revision = Annotated[int, Field(description="Revision; 0: the one before.", ge=0, le=2**31)]
ChangeableKind = Annotated[
    Literal[
        "Deployment",
        "StatefulSet",
        "DaemonSet",
        "CronJob",
        "Service",
        "ConfigMap",
        "Ingress",
        "HorizontalPodAutoscaler",
        "PodDisruptionBudget",
    ],
    Field(description="Kind."),
]
ObjectName = Annotated[str, Field(description="Its name."), AfterValidator(_name)]
Patch = Annotated[
    dict[str, Any] | list[Any] | str,
    WithJsonSchema(
        {
            "anyOf": [{"type": "object"}, {"type": "array"}, {"type": "string"}],
            "description": "Strategic merge patch (object) or JSON Patch (list).",
        }
    ),
]
