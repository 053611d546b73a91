"""One account as it was read once, in the regions of its target."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from fivetabs.providers.aws.shapes.alarms import Alarm
from fivetabs.providers.aws.shapes.balancing import Balancer, TargetGroup
from fivetabs.providers.aws.shapes.buckets import Exposure
from fivetabs.providers.aws.shapes.databases import Database, Queue
from fivetabs.providers.aws.shapes.guarding import SecurityGroup
from fivetabs.providers.aws.shapes.instances import Instance
from fivetabs.providers.aws.shapes.placing import Placing, Volume
from fivetabs.providers.aws.shapes.scaling import ScalingGroup


@dataclass(frozen=True, slots=True)
class Place:
    """What was read in one region. What could not be read is empty, and `missing` says why."""

    region: str
    instances: tuple[Instance, ...] = ()
    placings: Mapping[str, Placing] | None = None
    alarms: tuple[Alarm, ...] = ()
    volumes: tuple[Volume, ...] = ()
    balancers: tuple[Balancer, ...] = ()
    target_groups: tuple[TargetGroup, ...] = ()
    scaling_groups: tuple[ScalingGroup, ...] = ()
    security_groups: tuple[SecurityGroup, ...] = ()
    databases: tuple[Database, ...] = ()
    queues: tuple[Queue, ...] = ()
    missing: tuple[str, ...] = ()

    def placing(self, instance: str) -> Placing | None:
        """The ties of an instance, where instances were read."""
        return (self.placings or {}).get(instance)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The account, region by region; buckets belong to no region of the target."""

    account: str
    now: datetime
    places: tuple[Place, ...]
    buckets: tuple[Exposure, ...]
    missing: tuple[str, ...]
