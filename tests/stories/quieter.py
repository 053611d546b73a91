"""More stories in which nothing is wrong: declared or not, asked for or not, on purpose."""

from tests.rig.kubernetes.api import Manifest
from tests.rig.kubernetes.incident import WEB_SCRIPT
from tests.rig.kubernetes.objects import SLEEP, container, deployment, job, named, spec
from tests.stories.network import READY, calling, selecting, web
from tests.stories.story import Steps, Story, checking

_NOISY = (
    "echo 'ERROR connect to broker: connection refused, try 1 of 5';"
    f" echo 'WARN retrying'; echo 'INFO connected to broker'; {SLEEP}"
)


def _hidden() -> Manifest:
    """A program that listens where nothing declares it."""
    script = "mkdir -p /tmp/w; trap 'exit 0' TERM; httpd -f -p $((9000 + 90)) -h /tmp/w & wait"
    ports = [{"name": "http", "containerPort": 8080}]
    return deployment(
        "alpine",
        "calm-11",
        spec(container(script=script, ports=ports, readinessProbe=checking("pidof httpd"))),
    )


def stories() -> list[Story]:
    """All of them."""
    optional = {"configMapRef": {"name": "perhaps", "optional": True}}
    maybe: Manifest = {"name": "k", "secret": {"secretName": "perhaps-keys", "optional": True}}
    mounts = [{"name": "k", "mountPath": "/k"}]
    open_ = {
        "podSelector": {"matchLabels": {"app": "myrtle"}},
        "policyTypes": ["Ingress"],
        "ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "neem"}}}]}],
    }
    policy = named("NetworkPolicy", "networking.k8s.io/v1", "fence", "calm-15", spec=open_)
    asks = calling("neem", "calm-15", "MYRTLE_URL", "http://myrtle:80", "")
    asks["spec"]["template"]["spec"]["containers"][0]["command"] = ["sh", "-c", SLEEP]
    budget = {"minAvailable": 1, "selector": {"matchLabels": {"app": "poplar"}}}
    second = "test -e /kept/seen || { touch /kept/seen; echo 'FATAL lock is held' >&2; exit 1; }"
    kept: Manifest = {"name": "kept", "emptyDir": {}}
    tries = container(script=second, volumeMounts=[{"name": "kept", "mountPath": "/kept"}])
    tried = job("rowanberry", "calm-17", spec(tries, volumes=[kept]), 3)
    tried["spec"]["template"]["spec"]["restartPolicy"] = "OnFailure"
    return [
        Story("calm-11", (_hidden(), selecting("alpine", "calm-11", 9090, app="alpine")),
            about="alpine", signs={"alpine": READY}),
        Story("calm-12", (
            deployment("kapok", "calm-12", spec(container("web", WEB_SCRIPT)), replicas=0),
            selecting("kapok", "calm-12", 8080, app="kapok")), about="kapok", report=True),
        Story("calm-13", (deployment("laurel", "calm-13", spec(container(script=_NOISY))),),
            about="are there errors in laurel?", signs={"laurel": READY}),
        Story("calm-14", (deployment("mimosa", "calm-14", spec(
            container(envFrom=[optional], volumeMounts=mounts), volumes=[maybe])),),
            about="mimosa", signs={"mimosa": READY}),
        Story("calm-15", (web("myrtle", "calm-15"),
            selecting("myrtle", "calm-15", "http", app="myrtle"), policy, asks),
            about="neem", signs={"myrtle": READY, "neem": READY}),
        Story("calm-16", (deployment("poplar", "calm-16", spec()),
            named("PodDisruptionBudget", "policy/v1", "poplar", "calm-16", spec=budget)),
            about="poplar", signs={"poplar": READY}),
        Story("calm-17", (tried,), about="rowanberry",
            signs={"rowanberry": ("Complete", "exit:1")}),
        Story("calm-18", (deployment("sassafras", "calm-18", spec()),), about="sassafras",
            signs={"sassafras": ("Available", "DeploymentPaused")}, after=75,
            steps=Steps(first={"sassafras": ("Available",)},
                later=(deployment("sassafras", "calm-18", spec(), paused=True),))),
    ]  # fmt: skip
