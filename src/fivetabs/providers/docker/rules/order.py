"""The order in which the rules explain one container: the more specific cause stands first."""

from fivetabs.core import Severity
from fivetabs.providers.docker.rules import checks, containers, exits, hosts, projects, starts

CONTAINER = (
    containers.dead,
    starts.disk_full,
    starts.port_taken,
    starts.mount_missing,
    starts.network_gone,
    starts.device_missing,
    exits.command_cannot_run,
    containers.never_started,
    containers.out_of_memory,
    exits.crashed,
    exits.killed_from_outside,
    projects.needed_and_stopped,
    exits.killed_by_somebody,
    exits.ends_well_over_and_over,
    containers.restart_loop,
    checks.check_cannot_run,
    checks.check_times_out,
    containers.unhealthy,
    containers.failed,
    projects.waits_for_dependency,
    projects.created_and_left,
    projects.paused_in_use,
    projects.paused,
)
"""Of these the first that fires explains the container alone."""

CAUSES = tuple(each for each in CONTAINER if each.severity is not Severity.INFO)
"""Those of them by which a container counts as sick."""

BESIDE = (projects.dependency_absent, projects.image_gone, projects.volume_gone)
"""These are told beside whatever else is wrong with a container."""

HOST = (hosts.open_to_all, hosts.swarm_broken, hosts.storage_warned_of, hosts.no_forwarding)
