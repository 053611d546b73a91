"""Which rule explains a case: the first that fires, so the more specific cause stands first."""

from fivetabs.core import Rule
from fivetabs.providers.kubernetes.rules import (
    addresses,
    complaints,
    configuration,
    containers,
    images,
    ingresses,
    inits,
    placement,
    ports,
    probes,
    readiness,
    refusals,
    services,
    speech,
    starts,
    workloads,
)
from fivetabs.providers.kubernetes.rules.workings import WORKINGS
from fivetabs.providers.kubernetes.shapes.cases import PodCase, WorkloadCase
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot

POD_RULES: tuple[Rule[PodCase], ...] = (
    placement.evicted,
    placement.failed,
    placement.node_lost,
    placement.stuck_terminating,
    placement.unschedulable,
    placement.unseen,
    images.image_name_invalid,
    images.image_never_pulled,
    images.image_refused,
    images.image_not_found,
    images.registry_unreachable,
    images.image_not_pulled,
    configuration.configuration_missing,
    configuration.configuration_impossible,
    probes.hook_fails,
    configuration.container_not_created,
    configuration.sandbox_not_created,
    configuration.volume_attached_elsewhere,
    configuration.volume_not_mounted,
    containers.out_of_memory,
    probes.killed_by_probe,
    starts.wrong_architecture,
    starts.command_cannot_run,
    speech.credentials_wrong,
    speech.database_absent,
    speech.connections_exhausted,
    speech.server_read_only,
    speech.encryption_disagrees,
    complaints.memory_exhausted,
    complaints.port_taken,
    complaints.file_system_read_only,
    complaints.not_permitted,
    complaints.variable_missing,
    complaints.file_missing,
    complaints.argument_wrong,
    containers.no_long_running_process,
    inits.init_fails,
    containers.killed,
    containers.segmentation_fault,
    containers.asked_to_stop,
    containers.application_error,
    inits.init_hangs,
    readiness.never_ready,
    readiness.gate_closed,
    configuration.never_created,
    readiness.failing_otherwise,
)

WORKLOAD_RULES: tuple[Rule[WorkloadCase], ...] = (
    workloads.over_quota,
    workloads.webhook_silent,
    workloads.priority_missing,
    workloads.refused_by_admission,
    workloads.service_account_missing,
    workloads.outside_limits,
    workloads.job_failed,
    workloads.not_created,
)

# Of these a closer look asks again, with more of the log.
SPOKEN_RULES: tuple[Rule[Snapshot], ...] = (refusals.right_missing,)

# These look at the whole snapshot, each for itself: all that fire are told.
ESTATE_RULES: tuple[Rule[Snapshot], ...] = (
    services.selector_misses,
    services.nothing_selected,
    services.no_ready_endpoint,
    services.nothing_outside,
    ports.target_name_unknown,
    ports.target_not_open,
    ports.target_doubtful,
    ingresses.backend_missing,
    ingresses.backend_port_missing,
    ingresses.class_missing,
    ingresses.refused_by_controller,
    addresses.host_unknown,
    addresses.host_doubtful,
    addresses.port_unknown,
    addresses.port_doubtful,
    addresses.protocol_wrong,
    *SPOKEN_RULES,
    *WORKINGS,
)
