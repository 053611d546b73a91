"""What the demo's containers do when they are started or stopped: what they did the last time.

The demo's clock stands still but for changes: each takes `PASSES`, so that one can look afterwards.
"""

from datetime import datetime, timedelta
from typing import Any

from fivetabs.core import parse_time, stamp

PASSES = timedelta(seconds=15)
_KEEPS_RUNNING = frozenset({"always", "unless-stopped", "on-failure"})

Json = dict[str, Any]


def start(container: Json, now: datetime) -> None:
    """Let it run from now on."""
    inspect, summary = container["inspect"], container["summary"]
    inspect["State"].update(Status="running", Running=True, Restarting=False, OOMKilled=False)
    inspect["State"].update(ExitCode=0, Error="", StartedAt=stamp(now), Pid=4711)
    inspect["RestartCount"] = 0
    summary.update(State="running", Status="Up Less than a second", Ports=_ports(inspect))
    if "Health" in inspect["State"]:
        _checked(container, "starting", [])


def stop(container: Json, now: datetime) -> None:
    """Let it end as it was asked to."""
    _ended(container, "exited", 0, now)
    container["summary"]["Status"] = "Exited (0) 15 seconds ago"


def live_on(container: Json, before: Json, now: datetime) -> None:
    """Let the time pass that a change takes, for a container that was started at its beginning.

    `before` is how it was when the change was planned: what ended by itself within that time ends
    so again, and a health check says what it said.
    """
    state, inspect = before["State"], container["inspect"]
    life = _last_run(state)
    if life is None or life >= PASSES:
        container["summary"]["Status"] = "Up 15 seconds"
        if "Health" in state:
            _checked(container, state["Health"]["Status"], state["Health"]["Log"])
        return
    policy, code = inspect["HostConfig"]["RestartPolicy"]["Name"], state["ExitCode"]
    again = policy in _KEEPS_RUNNING and (code or policy != "on-failure")
    _ended(
        container, "restarting" if again else "exited", code, now if again else now - PASSES + life
    )
    inspect["RestartCount"] = int(PASSES / max(life, timedelta(seconds=1))) if again else 0
    said = "Restarting" if again else "Exited"
    container["summary"]["Status"] = f"{said} ({code}) Less than a second ago"


def _last_run(state: Json) -> timedelta | None:
    """How long it ran before it ended by itself; None where it never did."""
    if state["Status"] not in {"exited", "restarting"}:
        return None
    return parse_time(state["FinishedAt"]) - parse_time(state["StartedAt"])


def _ended(container: Json, status: str, code: int, when: datetime) -> None:
    again = status == "restarting"
    container["inspect"]["State"].update(Status=status, Running=again, Restarting=again, Pid=0)
    container["inspect"]["State"].update(ExitCode=code, FinishedAt=stamp(when))
    container["summary"].update(State=status, Ports=[])


def _ports(inspect: Json) -> list[Json]:
    """Every published port, on all addresses of both families."""
    return [
        {"IP": ip, "PrivatePort": int(port), "PublicPort": int(each["HostPort"]), "Type": kind}
        for inside, bindings in inspect["HostConfig"]["PortBindings"].items()
        for port, _, kind in (inside.partition("/"),)
        for each in bindings
        for ip in ("0.0.0.0", "::")  # noqa: S104
    ]


def _checked(container: Json, status: str, log: list[Json]) -> None:
    streak = len(log) if status == "unhealthy" else 0
    health = {"Status": status, "FailingStreak": streak, "Log": log}
    container["inspect"]["State"]["Health"] = health
    words = "health: starting" if status == "starting" else status
    container["summary"]["Status"] += f" ({words})"
