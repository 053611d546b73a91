"""The fields that the API knows, as far as the demo world minds: an unknown one is refused.

A real API server does the same under `fieldValidation=Strict`, over the whole of its schema.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from fivetabs.core import Invalid, quoted
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.fields import part, parts

_WORKLOAD = "replicas selector template minReadySeconds revisionHistoryLimit "
_SPECS: Mapping[str, str] = MappingProxyType(
    {
        "Deployment": f"{_WORKLOAD} strategy paused progressDeadlineSeconds",
        "StatefulSet": f"{_WORKLOAD} updateStrategy serviceName volumeClaimTemplates ordinals "
        "podManagementPolicy persistentVolumeClaimRetentionPolicy",
        "DaemonSet": "selector template minReadySeconds revisionHistoryLimit updateStrategy",
        "CronJob": "schedule timeZone startingDeadlineSeconds concurrencyPolicy suspend "
        "jobTemplate successfulJobsHistoryLimit failedJobsHistoryLimit",
        "Service": "type selector ports clusterIP clusterIPs externalIPs externalName ipFamilies "
        "ipFamilyPolicy sessionAffinity sessionAffinityConfig loadBalancerIP loadBalancerClass "
        "loadBalancerSourceRanges externalTrafficPolicy internalTrafficPolicy healthCheckNodePort "
        "publishNotReadyAddresses allocateLoadBalancerNodePorts trafficDistribution",
        "Ingress": "ingressClassName rules tls defaultBackend",
        "HorizontalPodAutoscaler": "scaleTargetRef minReplicas maxReplicas metrics behavior",
        "PodDisruptionBudget": "selector minAvailable maxUnavailable unhealthyPodEvictionPolicy",
    }
)
_CONTAINER = frozenset(
    [
        "name",
        "image",
        "command",
        "args",
        "workingDir",
        "ports",
        "env",
        "envFrom",
        "resources",
        "resizePolicy",
        "restartPolicy",
        "restartPolicyRules",
        "volumeMounts",
        "volumeDevices",
        "livenessProbe",
        "readinessProbe",
        "startupProbe",
        "lifecycle",
        "terminationMessagePath",
        "terminationMessagePolicy",
        "imagePullPolicy",
        "securityContext",
        "stdin",
        "stdinOnce",
        "tty",
    ]
)


def check_fields(kind: str, raw: Json) -> None:
    """Refuse a spec with a field that its kind does not have.

    Raises:
        Invalid: In the API server's words.
    """
    unknown = ", ".join(f'unknown field "{each}"' for each in _unknown(kind, raw))
    if unknown:
        raise Invalid(quoted(f"strict decoding error: {unknown}"))


def _unknown(kind: str, raw: Json) -> Iterator[str]:
    known = _SPECS.get(kind)
    if known is not None:
        for name in part(raw, "spec").keys() - frozenset(known.split()):
            yield f"spec.{name}"
    for number, each in enumerate(parts(raw, "spec", "template", "spec", "containers")):
        for name in each.keys() - _CONTAINER:
            yield f"spec.template.spec.containers[{number}].{name}"
