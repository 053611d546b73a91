"""Secrets planted in a real engine: variables, labels, commands, logs, health checks."""

from urllib.parse import quote

from tests.planting import Seeds
from tests.rig.docker.seed import AGENT
from tests.rig.ledger import Ledger
from tests.rig.processes import run
from tests.rig.waiting import until

NAME = "wharf"
_WAIT_SECONDS = 60


def plant(ledger: Ledger) -> Seeds:
    """Run a container that crashes again and again, and one that is unwell."""
    seeds = Seeds("Docker")
    password = seeds.password("variable")
    said = (
        f"digest {seeds.harmless_value('digest')}",
        f"request {seeds.harmless_value('uuid')}",
        f"logging in with {password}",
        f"GET /?x={quote(password)}",
        f"token {seeds.token('log')}",
        f"mongodb://app:{seeds.password('log, a URL')}@db/shop refused",
        f"client_secret={seeds.password('log, a setting')}",
        f"X-Api-Key: {seeds.password('log, a header')}",
        f"sshpass -p {seeds.password('log, a command')} ssh anna@host",
    )
    words = "; ".join(f'echo "{line}"' for line in said)
    probe = f"echo 'probe used {seeds.token('health check')}'; exit 1"
    options = (
        f"--env=DB_PASSWORD={password}",
        f"--env=API_TOKEN={seeds.password('variable, a token')}",
        f"--env=CACHE_URL=redis://:{seeds.password('variable, a URL')}@cache:6379",
        f"--label=app.auth-token={seeds.password('label')}",
        f"--label=org.example.note=key {seeds.token('label, by form')}",
        f"--health-cmd={probe}",
        "--health-interval=1s",
        "--health-retries=1",
        "--network=none",
    )
    flags = (f"--api-key={seeds.password('flag')}", "--password", seeds.password("next word"))
    script = f"{words}; trap 'exit 0' TERM; while true; do sleep 1 & wait; done"
    command = ("sh", "-c", script, "serve", *flags)
    own = (f"--name={NAME}", *options, AGENT, *command)
    run("docker", "run", "--detach", *own, env=ledger.environment)
    crash = f"{words}; exit 1"
    variable = f"--env=DB_PASSWORD={password}"
    kept = ("--name=pier", "--network=none", "--restart=always", variable)
    run("docker", "run", "--detach", *kept, AGENT, "sh", "-c", crash, env=ledger.environment)

    def unwell() -> bool:
        look = ("docker", "inspect", "--format", "{{.State.Health.Status}}", NAME)
        return "unhealthy" in run(*look, env=ledger.environment)

    until(unwell, "the unhealthy container", _WAIT_SECONDS)
    return seeds


def clear(ledger: Ledger) -> None:
    """Take both away again."""
    run("docker", "rm", "--force", NAME, "pier", env=ledger.environment)
