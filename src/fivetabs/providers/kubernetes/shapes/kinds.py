"""Which kinds are listed whole for the diagnosis, and how an object of each is read."""

from typing import Any

from fivetabs.providers.kubernetes import port
from fivetabs.providers.kubernetes.shapes import (
    access,
    admission,
    configs,
    controllers,
    ingresses,
    limits,
    machines,
    policies,
    services,
    storage,
)
from fivetabs.providers.kubernetes.shapes.things import Kind, Thing

# Listed as Tables with their objects, because their printed lines are needed as well.
ROWS: tuple[Kind[Any], ...] = (
    Kind(
        port.STATEFUL_SETS,
        controllers.StatefulSet,
        controllers.parse_controller_as(controllers.StatefulSet),
    ),
    Kind(
        port.DAEMON_SETS,
        controllers.DaemonSet,
        controllers.parse_controller_as(controllers.DaemonSet),
    ),
    Kind(port.JOBS, controllers.Job, controllers.parse_controller_as(controllers.Job)),
)

KINDS: tuple[Kind[Any], ...] = (
    Kind(port.NAMESPACES, machines.Namespace, machines.parse_namespace),
    Kind(port.NODES, machines.Node, machines.parse_node),
    Kind(port.LEASES, machines.Lease, machines.parse_lease),
    Kind(
        port.DEPLOYMENTS,
        controllers.Deployment,
        controllers.parse_controller_as(controllers.Deployment),
    ),
    Kind(port.CRON_JOBS, controllers.CronJob, controllers.parse_cron_job),
    Kind(port.SERVICES, services.Service, services.parse_service),
    Kind(port.SLICES, services.EndpointSlice, services.parse_slice),
    Kind(port.INGRESSES, ingresses.Ingress, ingresses.parse_ingress),
    Kind(port.INGRESS_CLASSES, ingresses.IngressClass, ingresses.parse_ingress_class),
    Kind(port.POLICIES, policies.NetworkPolicy, policies.parse_policy),
    Kind(port.CONFIG_MAPS, configs.ConfigMap, configs.parse_config_map),
    Kind(port.CLAIMS, storage.Claim, storage.parse_claim),
    Kind(port.VOLUMES, storage.Volume, storage.parse_volume),
    Kind(port.CLASSES, storage.StorageClass, storage.parse_storage_class),
    Kind(port.AUTOSCALERS, limits.Autoscaler, limits.parse_autoscaler),
    Kind(port.BUDGETS, limits.Budget, limits.parse_budget),
    Kind(port.QUOTAS, limits.Quota, limits.parse_quota),
    Kind(port.RANGES, limits.LimitRange, limits.parse_range),
    Kind(port.PRIORITIES, limits.PriorityClass, limits.parse_priority),
    Kind(port.ACCOUNTS, access.Account, access.parse_account),
    Kind(port.VALIDATING, admission.Validating, admission.parse_validating),
    Kind(port.MUTATING, admission.Mutating, admission.parse_mutating),
    Kind(port.API_SERVICES, admission.ApiService, admission.parse_api_service),
    Kind(port.POD_METRICS, configs.PodMetrics, configs.parse_pod_metrics),
    Kind(port.NODE_METRICS, configs.NodeMetrics, configs.parse_node_metrics),
)

# Read only when something was refused for lack of a right.
RIGHTS: tuple[Kind[Any], ...] = (
    Kind(port.ROLES, access.Role, access.parse_role),
    Kind(port.BINDINGS, access.Binding, access.parse_binding),
    Kind(port.CLUSTER_ROLES, access.ClusterRole, access.parse_cluster_role),
    Kind(port.CLUSTER_BINDINGS, access.ClusterBinding, access.parse_cluster_binding),
)

# Read of all namespaces even when one is asked about: pods name what lies in others.
WIDE: frozenset[type[Thing]] = frozenset((services.Service, services.EndpointSlice, machines.Lease))

# Served by an extension that a cluster may well lack, so its absence is no gap.
OPTIONAL: frozenset[type[Thing]] = frozenset((configs.PodMetrics, configs.NodeMetrics))
