"""Pods that are to be: who makes them, where they run, and the objects that make them."""

from dataclasses import dataclass
from typing import cast

from fivetabs.providers.kubernetes.demo.objects import (
    container,
    meta,
    owned,
    pod,
    running,
    status_of,
    workload,
)
from fivetabs.providers.kubernetes.port import Json
from tests.large.dice import digits, letters

LONG_AGO = "2026-02-11T07:20:00Z"
_GROUP = 11


@dataclass(frozen=True)
class Seat:
    """One pod's place. `detail` is what tells it from others that fail alike."""

    namespace: str
    app: str
    index: int
    node: str
    kind: str = "Deployment"
    detail: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    created: str = LONG_AGO

    @property
    def code(self) -> str:
        """The hash of its template."""
        return letters(f"{self.namespace}/{self.app}", 9)

    @property
    def maker(self) -> str:
        """The name of what owns it."""
        return f"{self.app}-{self.code}" if self.kind == "Deployment" else self.app

    @property
    def name(self) -> str:
        """Its own name."""
        if self.kind == "StatefulSet":
            return f"{self.app}-{self.index}"
        return f"{self.maker}-{letters(f'{self.namespace}/{self.app}/{self.index}', 5)}"

    @property
    def key(self) -> str:
        """`namespace/name`."""
        return f"{self.namespace}/{self.name}"

    @property
    def image(self) -> str:
        """The image of its container."""
        return f"registry.example/{self.namespace}/{self.app}:4.{len(self.app)}.{self.index % 9}"

    def container(self, **more: object) -> Json:
        """Its container, as its spec has it."""
        asked = {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}}
        return container(self.app, self.image, **{"resources": asked, **more})

    def head(self, **more: object) -> Json:
        """Its metadata."""
        labels = {"app.kubernetes.io/name": self.app, "team": self.namespace.split("-")[0]}
        if self.kind == "Deployment":
            labels["pod-template-hash"] = self.code
        maker = "ReplicaSet" if self.kind == "Deployment" else self.kind
        owner = owned(maker, self.maker) if self.kind else {}
        labels |= dict(self.labels)
        noted = {"config.example/checksum": digits(self.key, 64), "metrics.example/port": "8080"}
        made = {"labels": labels, "annotations": noted, "generateName": f"{self.maker}-"}
        return meta(self.name, self.namespace, created=self.created, **{**made, **owner, **more})

    def pod(self, status: Json | list[Json], **more: object) -> Json:
        """The pod with its containers' statuses; `more` goes into its spec, `head` to its head."""
        head = self.head(**cast("Json", more.pop("head", {})))
        phase, since = str(more.pop("phase", "Running")), str(more.pop("since", self.created))
        statuses = status if isinstance(status, list) else [status]
        spec = {"nodeName": self.node, "containers": [self.container()], **more}
        return pod(head, spec, statuses, phase=phase, since=since)

    def well(self, *, restarts: int = 0, last: Json | None = None) -> Json:
        """The pod as it is when all is well."""
        status = status_of(self.container(), running(LONG_AGO), restarts=restarts, last=last)
        return self.pod(status)


def makers(seat: Seat, wanted: int, ready: int) -> list[Json]:
    """What makes a workload's pods."""
    spec = {"containers": [seat.container()]}
    head = meta(seat.app, seat.namespace, created=LONG_AGO)
    if seat.kind == "Deployment":
        made = meta(seat.maker, seat.namespace, created=LONG_AGO, **owned("Deployment", seat.app))
        return [
            workload("Deployment", head, spec, wanted=wanted, ready=ready),
            workload("ReplicaSet", made, spec, wanted=wanted, ready=ready),
        ]
    if seat.kind == "StatefulSet":
        return [workload("StatefulSet", head, spec, wanted=wanted, ready=ready)]
    if seat.kind == "DaemonSet":
        return [_daemon_set(head, spec, wanted)]
    return [_job(head, spec, ready=ready)]


def _daemon_set(head: Json, spec: Json, wanted: int) -> Json:
    counts = ("desiredNumberScheduled", "currentNumberScheduled", "numberReady")
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": head,
        "spec": {"template": {"spec": spec}},
        "status": dict.fromkeys(counts, wanted),
    }


def _job(head: Json, spec: Json, *, ready: int) -> Json:
    done = {"type": "Complete", "status": "True", "lastTransitionTime": LONG_AGO}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": head,
        "spec": {"completions": 1, "template": {"spec": spec}},
        "status": {"succeeded": 1, "conditions": [done]} if ready else {"failed": 1},
    }
