"""For every rule one case that fires and one that stays quiet."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from fivetabs.providers.kubernetes.demo.objects import condition, ended, running
from tests.providers.kubernetes.casting import (
    DONE,
    IMAGE,
    PROBE,
    RECOVERED,
    WELL,
    cart,
    case,
    crashed,
    gate,
    pending,
    pull,
    short,
    terminating,
    told,
    unlooked,
    unready,
    waits,
    with_status,
)
from tests.providers.kubernetes.cluster_cases import CLUSTER
from tests.providers.kubernetes.complaint_cases import COMPLAINTS
from tests.providers.kubernetes.naming_cases import NAMED
from tests.providers.kubernetes.network_cases import NETWORK
from tests.providers.kubernetes.storage_cases import STORAGE
from tests.providers.kubernetes.working_cases import WORKING

ALIVE: dict[str, Any] = {"spec": {"livenessProbe": PROBE}}
ONE_EXIT = case(crashed(1), words={"cart": ("loading", "FATAL no licence key")})
EXEC_ERROR = (
    "failed to create containerd task: failed to create shim task: OCI runtime create failed: "
    'exec: "/app/cart": stat /app/cart: no such file or directory: unknown'
)
NO_MAP = 'configmap "cart-settings" not found'
NO_VOLUME = 'MountVolume.SetUp failed for volume "settings" : configmap "cart" not found'
MULTI_ATTACH = (
    'Multi-Attach error for volume "pvc-7" Volume is already exclusively attached to one node and '
    "can't be attached to another"
)
CREATING = waits("ContainerCreating")
YOUNG = waits("ContainerCreating", created="10:13:30")
NO_NODES = "0/3 nodes are available: 3 Insufficient cpu."
NO_SANDBOX = "Failed to create pod sandbox: rpc error: network plugin is not ready"

CASES: Mapping[str, tuple[object, object]] = MappingProxyType(
    {
        "K8S101": (case(crashed(0, "Completed")), DONE),
        "K8S102": (ONE_EXIT, RECOVERED),
        "K8S103": (
            case(crashed(137, "OOMKilled", spec={"resources": {"limits": {"memory": "64Mi"}}})),
            case(crashed(137)),
        ),
        "K8S104": (case(crashed(137)), case(crashed(137, "OOMKilled"))),
        "K8S105": (case(crashed(139)), case(crashed(1))),
        "K8S106": (case(crashed(143)), case(crashed(1))),
        "K8S107": (
            case(waits("RunContainerError", EXEC_ERROR, spec={"command": ["/app/cart"]})),
            case(crashed(1)),
        ),
        "K8S108": (
            told(crashed(137, **ALIVE), "Unhealthy", "Liveness probe failed: HTTP 500"),
            case(crashed(137, **ALIVE)),
        ),
        "K8S109": (
            told(crashed(137), "FailedPostStartHook", "PostStartHook failed"),
            case(crashed(137)),
        ),
        "K8S110": (case(crashed(2, role="init", phase="Pending")), case(crashed(2))),
        "K8S111": (
            case(cart(running("10:00"), role="init", phase="Pending")),
            case(cart(running("10:13:30"), role="init", phase="Pending")),
        ),
        "K8S201": (pull(f"{IMAGE}: not found"), pull("unauthorized")),
        "K8S202": (pull("authorization failed: no basic auth credentials"), pull("not found")),
        "K8S203": (pull("dial tcp: lookup registry.example: no such host"), pull("not found")),
        "K8S204": (case(waits("InvalidImageName")), WELL),
        "K8S205": (case(waits("ErrImageNeverPull")), WELL),
        "K8S206": (pull("toomanyrequests: slow down"), WELL),
        "K8S301": (case(waits("CreateContainerConfigError", NO_MAP)), WELL),
        "K8S302": (case(waits("CreateContainerError", "no command specified")), WELL),
        "K8S303": (
            told(waits("ContainerCreating"), "FailedMount", NO_VOLUME),
            replace(  # It has come meanwhile; the kubelet will see it at its next try.
                told(waits("ContainerCreating", created="10:13:30"), "FailedMount", NO_VOLUME),
                maps={"cart": ("mode",)},
            ),
        ),
        "K8S304": (
            told(waits("ContainerCreating"), "FailedCreatePodSandBox", NO_SANDBOX),
            told(cart(running("09:00")), "FailedCreatePodSandBox", NO_SANDBOX),
        ),
        "K8S305": (
            case(waits("ContainerCreating")),
            case(waits("ContainerCreating", created="10:12")),
        ),
        "K8S306": (
            case(
                waits(
                    "CreateContainerConfigError",
                    "container has runAsNonRoot and image will run as root",
                )
            ),
            WELL,
        ),
        "K8S401": (pending(NO_NODES), pending("waiting", "SchedulingGated")),
        "K8S402": (
            case(
                cart(running("09:00")),
                node_lost="not heard of: Kubelet stopped posting node status.",
            ),
            WELL,
        ),
        "K8S403": (
            case(
                with_status(
                    cart(ended(137, "Error", "09:00", "09:30")),
                    phase="Failed",
                    reason="Evicted",
                    message="The node was low on resource: memory.",
                )
            ),
            WELL,
        ),
        "K8S404": (
            terminating("10:00", finalizers=["example.com/hold"]),
            terminating("10:14"),
        ),
        "K8S405": (
            case(
                with_status(
                    cart(ended(137, "Error", "09:00", "09:30")),
                    phase="Failed",
                    reason="DeadlineExceeded",
                    message="Pod was active longer than allowed",
                )
            ),
            DONE,
        ),
        "K8S501": (
            told(
                unready("09:00:00", readinessProbe=PROBE, ports=[{"containerPort": 8080}]),
                "Unhealthy",
                "Readiness probe failed: connection refused",
            ),
            case(unready("10:13:40", readinessProbe=PROBE)),
        ),
        "K8S502": (
            gate("09:00", "ReadinessGatesNotReady"),
            gate("10:13:30", "ReadinessGatesNotReady"),
        ),
        "K8S599": (case(waits("SomethingNew", "a word nobody knows yet")), WELL),
        "K8S601": (
            short("exceeded quota: team, requested: pods=1, used: pods=1, limited: pods=1"),
            short("maximum memory usage per Container is 64Mi"),
        ),
        "K8S602": (
            short("maximum memory usage per Container is 64Mi, but limit is 1Gi"),
            short(""),
        ),
        "K8S603": (short('violates PodSecurity "restricted:latest": privileged'), short("")),
        "K8S604": (
            short("error looking up service account shop/cart: serviceaccount not found"),
            short(""),
        ),
        "K8S605": (short("something new"), short("")),
        "K8S606": (
            short(
                "",
                "Job",
                conditions=[
                    condition(
                        "Failed",
                        "True",
                        "10:00",
                        "BackoffLimitExceeded",
                        "Job has reached the specified backoff limit",
                    )
                ],
            ),
            short("", "Job", conditions=[condition("Complete", "True", "10:00")]),
        ),
        "K8S307": (
            told(waits("ContainerCreating"), "FailedAttachVolume", MULTI_ATTACH),
            told(
                waits("ContainerCreating", created="10:13:30"), "FailedAttachVolume", MULTI_ATTACH
            ),
        ),
        "K8S406": (unlooked("09:00"), unlooked("10:13:50")),
        "K8S607": (short("no PriorityClass with name urgent was found"), short("")),
        "K8S608": (
            short(
                'Internal error occurred: failed calling webhook "guard.example": failed to call '
                'webhook: Post "https://guard.shop.svc:443/?timeout=2s": service "guard" not found'
            ),
            short('admission webhook "guard.example" denied the request: no team label'),
        ),
        **COMPLAINTS,
        **STORAGE,
        **WORKING,
        **CLUSTER,
        **NETWORK,
        **NAMED,
    }
)
