"""The rules about storage, workloads, nodes and the control plane, in the order they are told."""

from fivetabs.core import Rule
from fivetabs.providers.kubernetes.rules import (
    claims,
    control_plane,
    endings,
    machines,
    rollouts,
    scaling,
    schedules,
)
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot

WORKINGS: tuple[Rule[Snapshot], ...] = (
    machines.node_not_ready,
    machines.node_under_pressure,
    machines.cordoned_with_work,
    machines.versions_apart,
    control_plane.leader_silent,
    control_plane.controllers_silent,
    control_plane.api_unavailable,
    control_plane.dns_down,
    control_plane.webhook_unserved,
    claims.class_missing,
    claims.no_default_class,
    claims.no_volume_fits,
    claims.provisioning_fails,
    claims.provisioner_silent,
    claims.volume_lost,
    claims.volume_failed,
    rollouts.rollout_stuck,
    rollouts.rollout_paused,
    rollouts.ordinal_stuck,
    rollouts.daemons_missing,
    rollouts.template_ignored,
    schedules.job_gave_up,
    schedules.job_suspended,
    schedules.schedule_blocked,
    schedules.schedule_missed,
    schedules.schedule_unusable,
    schedules.runs_refused,
    scaling.scaler_without_target,
    scaling.scaler_blind,
    scaling.scaler_at_maximum,
    scaling.budget_blocks,
    endings.namespace_stuck,
    endings.deletion_stuck,
)
