"""Workloads with what they ask for: Deployments, StatefulSets, DaemonSets, Jobs and CronJobs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, TypeVar

from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.fields import part
from fivetabs.providers.kubernetes.shapes.selectors import Selector, parse_selector
from fivetabs.providers.kubernetes.shapes.specs import PodSpec, parse_template
from fivetabs.providers.kubernetes.shapes.things import Thing, head_of
from fivetabs.providers.kubernetes.shapes.times import parse_when
from fivetabs.providers.kubernetes.shapes.workloads import Workload, parse_workload


@dataclass(frozen=True, slots=True, kw_only=True)
class Controller(Thing):
    """A workload: `state` is how far it has come, `pods` what its pods are made like.

    `spec` and `status` are the API's own, without the template: rules about rollouts read them.
    """

    state: Workload
    selector: Selector
    pods: PodSpec
    suspended: bool
    spec: Json
    status: Json
    generation: int

    @property
    def idle(self) -> bool:
        """Whether it is meant to have no pods now."""
        return self.suspended or (self.state.wanted == 0 and self.KIND != "CronJob")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment(Controller):
    """An apps/v1 Deployment."""

    KIND: ClassVar[str] = "Deployment"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatefulSet(Controller):
    """An apps/v1 StatefulSet."""

    KIND: ClassVar[str] = "StatefulSet"


@dataclass(frozen=True, slots=True, kw_only=True)
class DaemonSet(Controller):
    """An apps/v1 DaemonSet."""

    KIND: ClassVar[str] = "DaemonSet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Controller):
    """A batch/v1 Job."""

    KIND: ClassVar[str] = "Job"


@dataclass(frozen=True, slots=True, kw_only=True)
class CronJob(Controller):
    """A batch/v1 CronJob; `scheduled` and `succeeded` are the last times of each."""

    KIND: ClassVar[str] = "CronJob"

    schedule: str
    zone: str
    scheduled: datetime | None
    succeeded: datetime | None


CONTROLLERS: tuple[type[Controller], ...] = (Deployment, StatefulSet, DaemonSet, Job, CronJob)

C = TypeVar("C", bound=Controller)


def parse_controller_as(shape: type[C]) -> Callable[[Json], C]:
    """How a Deployment, StatefulSet, DaemonSet or Job is read."""

    def parse(raw: Json) -> C:
        spec = part(raw, "spec")
        return shape(
            **head_of(raw),
            state=parse_workload(raw, shape.KIND),
            selector=parse_selector(spec.get("selector")),
            pods=parse_template(part(spec, "template")),
            suspended=bool(spec.get("suspend")),
            spec={k: v for k, v in spec.items() if k != "template"},
            status=part(raw, "status"),
            generation=raw["metadata"].get("generation") or 0,
        )

    return parse


def parse_cron_job(raw: Json) -> CronJob:
    """Read a batch/v1 CronJob."""
    spec, status = part(raw, "spec"), part(raw, "status")
    return CronJob(
        **head_of(raw),
        state=parse_workload(raw, "CronJob"),
        selector=Selector(),
        pods=parse_template(part(spec, "jobTemplate", "spec", "template")),
        suspended=bool(spec.get("suspend")),
        spec={k: v for k, v in spec.items() if k != "jobTemplate"},
        status=status,
        generation=raw["metadata"].get("generation") or 0,
        schedule=spec.get("schedule") or "",
        zone=spec.get("timeZone") or "",
        scheduled=parse_when(status.get("lastScheduleTime")),
        succeeded=parse_when(status.get("lastSuccessfulTime")),
    )
