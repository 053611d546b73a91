"""The kinds of the API that are read, `READS`, and those of them that may be changed, `CHANGES`.

Both are closed sets of data: paths are built from them, the view refuses whatever does not fit
them, and the least-privilege ClusterRole is generated from them.
"""

from dataclasses import dataclass

_RBAC = "rbac.authorization.k8s.io"
_HOOKS, _HOOK = "admissionregistration.k8s.io", "WebhookConfiguration"


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of object as the API names it; `subresource` is read instead of the object."""

    group: str
    plural: str
    kind: str
    namespaced: bool = True
    subresource: str = ""
    version: str = "v1"

    @property
    def root(self) -> str:
        """The path of the API group."""
        return f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"


PODS = Resource("", "pods", "Pod")
LOGS = Resource("", "pods", "Pod", subresource="log")
EVENTS = Resource("", "events", "Event")
NAMESPACES = Resource("", "namespaces", "Namespace", namespaced=False)
NODES = Resource("", "nodes", "Node", namespaced=False)
DEPLOYMENTS = Resource("apps", "deployments", "Deployment")
REPLICA_SETS = Resource("apps", "replicasets", "ReplicaSet")
STATEFUL_SETS = Resource("apps", "statefulsets", "StatefulSet")
DAEMON_SETS = Resource("apps", "daemonsets", "DaemonSet")
JOBS = Resource("batch", "jobs", "Job")
CRON_JOBS = Resource("batch", "cronjobs", "CronJob")
REVISIONS = Resource("apps", "controllerrevisions", "ControllerRevision")
SERVICES = Resource("", "services", "Service")
SLICES = Resource("discovery.k8s.io", "endpointslices", "EndpointSlice")
INGRESSES = Resource("networking.k8s.io", "ingresses", "Ingress")
INGRESS_CLASSES = Resource("networking.k8s.io", "ingressclasses", "IngressClass", namespaced=False)
POLICIES = Resource("networking.k8s.io", "networkpolicies", "NetworkPolicy")
CONFIG_MAPS = Resource("", "configmaps", "ConfigMap")
ACCOUNTS = Resource("", "serviceaccounts", "ServiceAccount")
CLAIMS = Resource("", "persistentvolumeclaims", "PersistentVolumeClaim")
VOLUMES = Resource("", "persistentvolumes", "PersistentVolume", namespaced=False)
CLASSES = Resource("storage.k8s.io", "storageclasses", "StorageClass", namespaced=False)
_HPA = "HorizontalPodAutoscaler"
AUTOSCALERS = Resource("autoscaling", f"{_HPA.lower()}s", _HPA, version="v2")
BUDGETS = Resource("policy", "poddisruptionbudgets", "PodDisruptionBudget")
QUOTAS = Resource("", "resourcequotas", "ResourceQuota")
RANGES = Resource("", "limitranges", "LimitRange")
PRIORITIES = Resource("scheduling.k8s.io", "priorityclasses", "PriorityClass", namespaced=False)
VALIDATING = Resource(_HOOKS, f"validating{_HOOK.lower()}s", f"Validating{_HOOK}", namespaced=False)
MUTATING = Resource(_HOOKS, f"mutating{_HOOK.lower()}s", f"Mutating{_HOOK}", namespaced=False)
API_SERVICES = Resource("apiregistration.k8s.io", "apiservices", "APIService", namespaced=False)
LEASES = Resource("coordination.k8s.io", "leases", "Lease")
ROLES = Resource(_RBAC, "roles", "Role")
BINDINGS = Resource(_RBAC, "rolebindings", "RoleBinding")
CLUSTER_ROLES = Resource(_RBAC, "clusterroles", "ClusterRole", namespaced=False)
CLUSTER_BINDINGS = Resource(_RBAC, "clusterrolebindings", "ClusterRoleBinding", namespaced=False)
POD_METRICS = Resource("metrics.k8s.io", "pods", "PodMetrics", version="v1beta1")
NODE_METRICS = Resource("metrics.k8s.io", "nodes", "NodeMetrics", False, version="v1beta1")

READS: tuple[Resource, ...] = (
    PODS,
    LOGS,
    EVENTS,
    NAMESPACES,
    NODES,
    SERVICES,
    CONFIG_MAPS,
    ACCOUNTS,
    CLAIMS,
    VOLUMES,
    QUOTAS,
    RANGES,
    DEPLOYMENTS,
    REPLICA_SETS,
    STATEFUL_SETS,
    DAEMON_SETS,
    REVISIONS,
    JOBS,
    CRON_JOBS,
    SLICES,
    INGRESSES,
    INGRESS_CLASSES,
    POLICIES,
    CLASSES,
    AUTOSCALERS,
    BUDGETS,
    PRIORITIES,
    VALIDATING,
    MUTATING,
    API_SERVICES,
    LEASES,
    ROLES,
    BINDINGS,
    CLUSTER_ROLES,
    CLUSTER_BINDINGS,
    POD_METRICS,
    NODE_METRICS,
)
CHANGES: tuple[Resource, ...] = (
    DEPLOYMENTS,
    STATEFUL_SETS,
    DAEMON_SETS,
    CRON_JOBS,
    SERVICES,
    CONFIG_MAPS,
    INGRESSES,
    AUTOSCALERS,
    BUDGETS,
)
"""Each by PATCH of one named object, and of nothing but its `FIELDS`; no subresource."""
RESTARTABLE: tuple[Resource, ...] = (DEPLOYMENTS, STATEFUL_SETS, DAEMON_SETS)
