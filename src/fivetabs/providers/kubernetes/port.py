"""What can be asked of a cluster, and what can be done to it.

The reads are a closed set of data, `READS`: paths are built from it, the live view refuses whatever
does not fit it, and the least-privilege ClusterRole is generated from it.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from fivetabs.core import Denied, Invalid

Json = dict[str, Any]
Objects = Literal["None", "Metadata", "Object"]

_LONGEST_NAME = 253
_LONGEST_LABEL = 63
_OBJECT_PARTS = 2
_LOG_PARTS = 3
_RBAC = "rbac.authorization.k8s.io"
_HOOKS, _HOOK = "admissionregistration.k8s.io", "WebhookConfiguration"
_NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-.")


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
RESTARTABLE: tuple[Resource, ...] = (DEPLOYMENTS, STATEFUL_SETS, DAEMON_SETS)


@dataclass(frozen=True, slots=True)
class Restart:
    """Roll the pods of one workload, as `kubectl rollout restart` does.

    `uid` and `template` (a digest of the pod template) say which workload, in which form, was
    looked at. What moves by itself (resourceVersion, the time) is read when it is carried out.
    """

    kind: str
    namespace: str
    name: str
    uid: str
    template: str


class Cluster(Protocol):
    """All a tool may do to a cluster: look.

    `context` names it as the kubeconfig does, `namespace` is the context's own, `grace` is how long
    a pod may take to start. Every method raises a `Fault` when the cluster cannot be asked.
    """

    @property
    def context(self) -> str:
        """The kubeconfig context."""
        ...

    @property
    def namespace(self) -> str:
        """The context's own namespace."""
        ...

    @property
    def grace(self) -> timedelta:
        """How long a pod may take to start."""
        ...

    def now(self) -> datetime:
        """The cluster's idea of the time, in UTC."""
        ...

    async def get(self, path: str, /, **query: str) -> Json:
        """An object or a list, as the API server has it."""
        ...

    async def table(self, path: str, /, *, objects: Objects, **query: str) -> Json:
        """The same as `kubectl get` would print it (meta.k8s.io/v1 Table)."""
        ...

    def stream(self, path: str, /, **query: str) -> AsyncIterator[bytes]:
        """A container's log, in pieces as they come."""
        ...

    async def preview(self, step: Restart, /) -> Json:
        """The object as `step` would leave it; always a server-side dry run."""
        ...


def path_to(resource: Resource, namespace: str = "", name: str = "") -> str:
    """The path of an object, or of a list when no name is given.

    Raises:
        Invalid: If a name is not one Kubernetes could have given.
    """
    parts = [resource.root]
    if resource.namespaced and namespace:
        parts += ["namespaces", _checked(namespace)]
    parts.append(resource.plural)
    if name:
        parts.append(_checked(name))
    if resource.subresource:
        parts.append(resource.subresource)
    return "/".join(parts)


def check_path(path: str) -> None:
    """Refuse whatever is not one of `READS`.

    Raises:
        Denied: If the path reads something else, or a subresource other than a log.
    """
    if not any(_fits(each, path) for each in READS):
        raise Denied(f"{path} is not among the reads this server makes")


def name_problem(name: str) -> str:
    """Why this is not a DNS-1123 subdomain, as every name here must be; empty when it is one."""
    if not name or len(name) > _LONGEST_NAME:
        return f"a name has 1 to {_LONGEST_NAME} characters"
    if not _NAME_CHARACTERS.issuperset(name):
        return "a name has only lower-case letters, digits, '-' and '.'"
    if any(not part or part[0] == "-" or part[-1] == "-" for part in name.split(".")):
        return "a name, and each part between its dots, begins and ends with a letter or digit"
    return ""


def namespace_problem(name: str) -> str:
    """Why this is not a DNS-1123 label, as a namespace must be; empty when it is one."""
    if "." in name or len(name) > _LONGEST_LABEL:
        return f"a namespace has at most {_LONGEST_LABEL} characters and no '.'"
    return name_problem(name)


def _checked(name: str) -> str:
    if problem := name_problem(name):
        raise Invalid(f"{name!r} is not a Kubernetes name: {problem}")
    return name


def _fits(resource: Resource, path: str) -> bool:
    rest = path.removeprefix(f"{resource.root}/")
    if rest == path:
        return False
    parts = rest.split("/")
    if resource.namespaced and parts[0] == "namespaces" and len(parts) > 1:
        namespace, parts = parts[1], parts[2:]
        if name_problem(namespace):
            return False
    if parts[:1] != [resource.plural]:
        return False
    if resource.subresource:
        return len(parts) == _LOG_PARTS and parts[2] == resource.subresource and _named(parts[1])
    return len(parts) == 1 or (len(parts) == _OBJECT_PARTS and _named(parts[1]))


def _named(name: str) -> bool:
    return not name_problem(name)
