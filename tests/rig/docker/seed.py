"""The Docker host's share of the incident, made to happen in a real engine."""

import json
from typing import Any

from tests.rig import images
from tests.rig.ledger import Ledger
from tests.rig.processes import run
from tests.rig.waiting import GaveUpError, until

PROXY = "registry.example/edge/proxy:1.27"
CHECKOUT = "registry.example/edge/checkout-worker:5.1"
AGENT = "registry.example/edge/metrics-agent:0.9"
RESIZE = "registry.example/edge/image-resize:2.2"
MIGRATE = "registry.example/edge/migrate:2026-03"
ALL_IMAGES = (PROXY, CHECKOUT, AGENT, RESIZE, MIGRATE, "docker.io/library/busybox:1.36")
NETWORK = "edge_default"
STAY = "trap 'exit 0' TERM; while true; do sleep 1 & wait; done"
CHECKOUT_SCRIPT = """\
echo "checkout-worker 5.1 starting"
echo "fetching open carts from http://orders-api:8080"
echo "FATAL orders-api: 503 service unavailable, giving up" >&2
sleep 1
exit 1
"""
RESIZE_SCRIPT = "echo 'resizing 4096x4096'; tail /dev/zero"
NO_UPSTREAMS = "echo 'no live upstreams: orders-api'; exit 1"
HEALTH = ("--health-interval=2s", "--health-timeout=2s", "--health-retries=2")
WANTED = {
    "edge-proxy": ("Health", "unhealthy"),
    "checkout-worker": ("Restarts", "3"),
    "metrics-agent": ("Health", "healthy"),
    "image-resize": ("Exit", "137"),
    "migrate-2026-03": ("Exit", "0"),
}


def _docker(ledger: Ledger, *words: str) -> str:
    return run("docker", *words, env=ledger.environment)


def _run(ledger: Ledger, name: str, image: str, script: str, *options: str) -> None:
    labels = {
        "com.docker.compose.project": "edge",
        "com.docker.compose.service": name,
        "com.docker.compose.container-number": "1",
        "com.docker.compose.oneoff": "False",
        "com.docker.compose.project.config_files": "/srv/edge/compose.yaml",
        "com.docker.compose.project.working_dir": "/srv/edge",
    }
    pairs = [word for key, value in labels.items() for word in ("--label", f"{key}={value}")]
    script_words = (image, "sh", "-c", script)
    _docker(ledger, "run", "--detach", f"--name={name}", *pairs, *options, *script_words)


def _prepare(ledger: Ledger, bridge: str, subnet: str) -> None:
    """Load the one image under all names, and make the project's network and volume."""
    archive = ledger.part("docker") / "image.tar"
    images.write_archive(archive, ALL_IMAGES)
    _docker(ledger, "load", "--quiet", "--input", str(archive))
    archive.unlink()
    project = ("--label", "com.docker.compose.project=edge")
    naming = ("--opt", f"com.docker.network.bridge.name={bridge}", "--subnet", subnet)
    _docker(ledger, "network", "create", *project, *naming, NETWORK)
    _docker(ledger, "volume", "create", *project, "edge_cache")


def sow(ledger: Ledger, bridge: str, subnet: str) -> None:
    """Start the incident's containers; they reach their state by themselves."""
    _prepare(ledger, bridge, subnet)
    inside = f"--network={NETWORK}"
    sick = (f"--health-cmd={NO_UPSTREAMS}", *HEALTH, inside, "--restart=unless-stopped")
    well = ("--health-cmd=echo ok", *HEALTH, inside, "--memory=64m")
    api_key = "--env=CHECKOUT_API_KEY=not-a-real-secret"
    _run(ledger, "edge-proxy", PROXY, STAY, *sick, "--publish=127.0.0.1::80")
    _run(ledger, "checkout-worker", CHECKOUT, CHECKOUT_SCRIPT, "--restart=always", inside, api_key)
    _run(ledger, "metrics-agent", AGENT, STAY, *well, "--volume=edge_cache:/cache")
    _run(ledger, "image-resize", RESIZE, RESIZE_SCRIPT, "--memory=24m", "--network=none")
    _run(ledger, "migrate-2026-03", MIGRATE, "echo '14 migrations applied'", "--network=none")


def _reached(container: dict[str, Any], what: str, value: str) -> bool:
    state = container["State"]
    if what == "Health":
        return state["Health"]["Status"] == value
    if what == "Restarts":
        return container["RestartCount"] >= int(value)
    return state["Status"] == "exited" and str(state["ExitCode"]) == value


def wait(ledger: Ledger, deadline: float) -> None:
    """Wait until every container is in its state; raise GaveUpError with those that are not."""
    missing: list[str] = []

    def reached() -> bool:
        known = json.loads(_docker(ledger, "inspect", *WANTED))
        by_name = {container["Name"].removeprefix("/"): container for container in known}
        missing[:] = [name for name, want in WANTED.items() if not _reached(by_name[name], *want)]
        return not missing

    try:
        until(reached, "the containers", deadline, step=0.5)
    except GaveUpError as error:
        raise GaveUpError(f"{error}; still missing: {', '.join(missing)}") from None
