"""All that a tool may do to a cluster: look."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Literal, Protocol

from fivetabs.providers.kubernetes.port.steps import Draft, Json, Step

Objects = Literal["None", "Metadata", "Object"]


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

    async def preview(self, step: Step | Draft, /) -> Json:
        """The object as `step` would leave it; always a server-side dry run."""
        ...
