"""Stories of programs, their probes, their images and what they are given."""

from collections.abc import Sequence
from typing import Any

from tests.rig.kubernetes import catalogue
from tests.rig.kubernetes.objects import SLEEP, container, deployment, named, spec, variable
from tests.stories.story import Story, checking, mounted

LOOP = "CrashLoopBackOff"
PULL = "ErrImagePull|ImagePullBackOff"
CONFIG = "CreateContainerConfigError"


def one(
    space: str, name: str, sign: str | Sequence[str], codes: tuple[str, ...], *words: str, **f: Any
) -> Story:
    """A Deployment with the trouble in it, asked for by its name.

    `body` is its pod's spec, `beside` other objects, `after`, `report` and `about` the story's own;
    every other field is one of the only container's.
    """
    body, beside, about = f.pop("body", None), f.pop("beside", ()), f.pop("about", name)
    after, report = f.pop("after", 0), f.pop("report", False)
    return Story(
        name=space,
        setup=(*beside, deployment(name, space, body or spec(container(**f)))),
        about=about,
        signs={name: (sign,) if isinstance(sign, str) else tuple(sign)},
        subjects=(f"/Pod/{name}-", f"/Deployment/{name}", f"/ReplicaSet/{name}-"),
        codes=codes,
        words=words,
        after=after,
        report=report,
    )


def exits() -> list[Story]:
    """Programs that end."""
    greedy = "echo 'reading the atlas'; tail /dev/zero"
    little = {"limits": {"memory": "24Mi"}, "requests": {"cpu": "5m", "memory": "8Mi"}}
    again = container("again", "mkdir -p /tmp/w; exec httpd -f -p 8080 -h /tmp/w")
    return [
        one(
            "north-1", "aster", (LOOP, "exit:3"), ("K8S102",), "3", "ledger 14 is closed",
            script="echo 'starting'; echo 'FATAL ledger 14 is closed' >&2; exit 3",
        ),
        one("north-2", "briar", (LOOP, "exit:127"), ("K8S107",), "serve-all",
            script="serve-all --port 80"),
        one("north-3", "clover", "StartError", ("K8S107",), "/srv/clover", command=["/srv/clover"]),
        one("north-4", "dahlia", (LOOP, "exit:0"), ("K8S101",), script="echo ready"),
        one(
            "north-5", "elder", (LOOP, "exit:1"), ("K8S112",), "LEDGER_URL",
            script="echo 'panic: environment variable LEDGER_URL is not set' >&2; exit 1",
            env=[{"name": "LEDGER_URI", "value": "http://ledger"}],
        ),
        one("north-6", "fern", "OOMKilled", ("K8S103",), "24Mi", script=greedy, resources=little,
            report=True),
        one(
            "north-7", "gorse", (LOOP, "exit:1"), ("K8S115",), "8080",
            body=spec(container("web", "mkdir -p /tmp/w; exec httpd -f -p 8080 -h /tmp/w"), again),
        ),
        one(
            "north-8", "hazel", (LOOP, "exit:1"), ("K8S116",), "readOnlyRootFilesystem",
            script="touch /var/spool.db && sleep 9999",
            securityContext={"readOnlyRootFilesystem": True},
        ),
        one("north-9", "iris", (LOOP, "exit:139"), ("K8S105",),
            script="sh -c 'kill -SEGV $$$$'; exit $?"),
        one(
            "north-10", "juniper", (LOOP, "exit:1"), ("K8S711",), "ledger_app",
            script="""echo 'FATAL:  password authentication failed for user "ledger_app"' >&2; """
            "exit 1",
        ),
    ]  # fmt: skip


def probes() -> list[Story]:
    """Containers that their own probes end or hold back, and a sidecar that is sick."""
    late = f"sleep 60; touch /tmp/up; {SLEEP}"
    alive = {"httpGet": {"path": "/healthz", "port": 9090}, "periodSeconds": 2}
    sick = container("shipper", "echo 'no route to collector' >&2; exit 1")
    wait = container("wait", "until nc -z -w 1 quince 5432; do echo waiting; sleep 1; done")
    return [
        one("east-1", "kelp", ("Killing", "restarts:2"), ("K8S108",), "9090", livenessProbe=alive),
        one(
            "east-2", "lilac", ("Killing", "restarts:2"), ("K8S108",), "startup",
            script=late, startupProbe=checking("test -e /tmp/up", failureThreshold=4),
        ),
        one("east-3", "mallow", ("ContainersNotReady", "running"), ("K8S501",), after=75,
            readinessProbe=checking("echo 'index is empty' >&2; exit 1")),
        one("east-4", "nettle", ("exit:1", "running"), ("K8S102",), "shipper",
            body=spec(container(), sick)),
        one("east-5", "oxlip", ("init:running",), ("K8S111", "K8S701"), "quince", after=75,
            body=spec(initContainers=[wait])),
    ]  # fmt: skip


def images() -> list[Story]:
    """Images that do not come."""
    never = {"image": catalogue.UNKNOWN, "imagePullPolicy": "Never"}
    return [
        one("south-1", "poppy", PULL, ("K8S201",), catalogue.UNKNOWN, image=catalogue.UNKNOWN,
            about="poppy is not starting"),
        one("south-2", "quill", PULL, ("K8S202",), catalogue.PRIVATE, image=catalogue.PRIVATE),
        one("south-3", "rowan", "ErrImageNeverPull", ("K8S205",), "Never", **never),
    ]  # fmt: skip


def given() -> list[Story]:
    """What a pod is given, and is not there."""
    settings = named("ConfigMap", "v1", "sorrel-settings", "west-2", data={"mode": "fast"})
    volume = {"name": "keys", "secret": {"secretName": "thyme-keys"}}
    absent = [variable("MODE", "configMap", "rue-settings", "mode")]
    return [
        one("west-1", "rue", CONFIG, ("K8S301",), "rue-settings", env=absent),
        one("west-2", "sorrel", CONFIG, ("K8S301",), "modus", beside=(settings,),
            env=[variable("MODE", "configMap", "sorrel-settings", "modus")]),
        one("west-3", "thyme", ("FailedMount",), ("K8S301", "K8S303"), "thyme-keys",
            body=mounted(volume, "/keys", container())),
        one("west-4", "umbel", CONFIG, ("K8S306", "K8S302"), "runAsNonRoot|non-root",
            securityContext={"runAsNonRoot": True}),
    ]  # fmt: skip


def stories() -> list[Story]:
    """All of them."""
    return [*exits(), *probes(), *images(), *given()]
