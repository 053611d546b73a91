"""Who may do what: service accounts, roles and the bindings between them."""

from dataclasses import dataclass
from typing import ClassVar

from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.fields import part, parts, words
from fivetabs.providers.kubernetes.shapes.things import Thing, head_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(Thing):
    """A core/v1 ServiceAccount and the Secrets by which its pods pull images."""

    KIND: ClassVar[str] = "ServiceAccount"

    pull_secrets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """One rule of a role: these verbs on these resources; `*` is all of them."""

    verbs: tuple[str, ...]
    groups: tuple[str, ...]
    resources: tuple[str, ...]
    names: tuple[str, ...]

    def allows(self, verb: str, group: str, resource: str) -> bool:
        """Whether it allows a verb on any object of a resource."""
        pairs = ((self.verbs, verb), (self.groups, group), (self.resources, resource))
        return not self.names and all("*" in have or want in have for have, want in pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Role(Thing):
    """An rbac.authorization.k8s.io/v1 Role."""

    KIND: ClassVar[str] = "Role"

    grants: tuple[Grant, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRole(Role):
    """A ClusterRole, or a cluster-wide role."""

    KIND: ClassVar[str] = "ClusterRole"


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding(Thing):
    """An rbac.authorization.k8s.io/v1 RoleBinding; `subjects` are `Kind/namespace/name`."""

    KIND: ClassVar[str] = "RoleBinding"

    role_kind: str
    role: str
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterBinding(Binding):
    """A ClusterRoleBinding."""

    KIND: ClassVar[str] = "ClusterRoleBinding"


def parse_account(raw: Json) -> Account:
    """Read a core/v1 ServiceAccount."""
    names = tuple(each.get("name") or "" for each in parts(raw, "imagePullSecrets"))
    return Account(**head_of(raw), pull_secrets=names)


def parse_role(raw: Json) -> Role:
    """Read a Role."""
    return Role(**head_of(raw), grants=_grants(raw))


def parse_cluster_role(raw: Json) -> ClusterRole:
    """Read a ClusterRole."""
    return ClusterRole(**head_of(raw), grants=_grants(raw))


def parse_binding(raw: Json) -> Binding:
    """Read a RoleBinding."""
    return Binding(**head_of(raw), **_bound(raw))


def parse_cluster_binding(raw: Json) -> ClusterBinding:
    """Read a ClusterRoleBinding."""
    return ClusterBinding(**head_of(raw), **_bound(raw))


def _grants(raw: Json) -> tuple[Grant, ...]:
    return tuple(
        Grant(
            words(each, "verbs"),
            words(each, "apiGroups"),
            words(each, "resources"),
            words(each, "resourceNames"),
        )
        for each in parts(raw, "rules")
    )


def _bound(raw: Json) -> Json:
    role = part(raw, "roleRef")
    subjects = (
        f"{s.get('kind', '')}/{s.get('namespace', '')}/{s.get('name', '')}"
        for s in parts(raw, "subjects")
    )
    return {
        "role_kind": role.get("kind") or "",
        "role": role.get("name") or "",
        "subjects": tuple(subjects),
    }
