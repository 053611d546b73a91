"""Stories beside the first ones: the same kinds of trouble in another guise or another place."""

from dataclasses import replace
from typing import Any

from tests.rig.kubernetes import catalogue
from tests.rig.kubernetes.api import Manifest
from tests.rig.kubernetes.incident import WEB_SCRIPT
from tests.rig.kubernetes.objects import (
    SLEEP,
    container,
    deployment,
    job,
    named,
    spec,
    stateful_set,
    variable,
)
from tests.stories.network import READY, calling, ingress, selecting, web
from tests.stories.programs import CONFIG, LOOP, PULL, one
from tests.stories.story import SOON, Steps, Story, checking, mounted
from tests.stories.workings import FAILED, UNPLACED

_DENIED = (
    'Error from server (Forbidden): pods is forbidden: User "system:serviceaccount:glen-25:warden" '
    'cannot list resource "pods" in API group "" in the namespace "glen-25"'
)


def ending() -> list[Story]:
    """Programs and hooks that end in other ways."""
    hook = {"postStart": {"exec": {"command": ["sh", "-c", "echo 'no lease' >&2; exit 3"]}}}
    probed = {"tcpSocket": {"port": 8081}, "periodSeconds": 2, "failureThreshold": 2}
    sidecar = container("courier", "echo 'FATAL no spool' >&2; exit 9", restartPolicy="Always")
    migrate = container("migrate", "echo 'FATAL schema 7 is not known' >&2; exit 4")
    readable: Manifest = {"name": "kept", "emptyDir": {}}
    closed = [{"name": "kept", "mountPath": "/kept", "readOnly": True}]
    writes = container(script="touch /kept/index && sleep 9999", volumeMounts=closed)
    return [
        one("glen-1", "acacia", (LOOP, "exit:126"), ("K8S107",), "not executable",
            script="/etc/passwd"),
        one("glen-2", "bramble", ("PostStartHookError|FailedPostStartHook", "restarts:1"),
            ("K8S109",), "postStart", lifecycle=hook),
        one("glen-3", "larch", ("Killing", "restarts:2"), ("K8S108",), "8081",
            about="larch keeps restarting", body=spec(container("web", WEB_SCRIPT,
            ports=[{"name": "http", "containerPort": 8080}], livenessProbe=probed))),
        one("glen-4", "cherry", ("ContainersNotReady", "running"), ("K8S501",), "web", after=75,
            body=spec(container("web", WEB_SCRIPT, ports=[{"name": "http", "containerPort": 8080}],
            readinessProbe={"httpGet": {"path": "/", "port": "web"}, "periodSeconds": 2}))),
        one("glen-16", "dogwood", ("exit:4", "restarts:2"), ("K8S110", "K8S102"), "schema 7",
            body=spec(initContainers=[migrate])),
        one("glen-17", "ebony", ("exit:9", "restarts:2"), ("K8S102",), "courier",
            body=spec(initContainers=[sidecar])),
        one("glen-21", "fig", (LOOP, "exit:1"), ("K8S116",), "/kept",
            body=spec(writes, volumes=[readable])),
        one("glen-22", "ginkgo", CONFIG, ("K8S306", "K8S302"), "root",
            securityContext={"runAsNonRoot": True, "runAsUser": 0}),
        one("glen-33", "holly", (LOOP, "exit:1"), ("K8S114",), "bogus", script="exec ls --bogus"),
    ]  # fmt: skip


def pulling() -> list[Story]:
    """Images, keys and claims that are not there."""
    shown = {"imagePullSecrets": [{"name": "regcred"}]}
    settings = named("ConfigMap", "v1", "ivy-settings", "glen-18", data={"mode.yaml": "fast"})
    item = [{"key": "modus.yaml", "path": "mode.yaml"}]
    volume = {"name": "settings", "configMap": {"name": "ivy-settings", "items": item}}
    keys = named("Secret", "v1", "jade-keys", "glen-32", stringData={"tokens": "not-a-secret"})
    absent = {"name": "data", "persistentVolumeClaim": {"claimName": "kiwi-data"}}
    wanted = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "1Gi"}},
        "storageClassName": "fsat",
    }
    claim = named("PersistentVolumeClaim", "v1", "lime-data", "glen-35", spec=wanted)
    data = {"name": "data", "persistentVolumeClaim": {"claimName": "lime-data"}}
    classless = one(
        "glen-35",
        "lime",
        UNPLACED,
        ("K8S421",),
        "fsat",
        after=SOON,
        beside=(claim,),
        body=mounted(data, "/data", container()),
    )
    return [
        one("glen-18", "ivy", ("FailedMount",), ("K8S301", "K8S303"), "modus.yaml",
            beside=(settings,), body=mounted(volume, "/settings", container())),
        one("glen-19", "juniper", PULL, ("K8S202",), "regcred",
            body=spec(container(image=catalogue.PRIVATE), **shown)),
        one("glen-20", "kale", PULL, ("K8S203", "K8S206"), catalogue.BROKEN,
            image=catalogue.BROKEN),
        one("glen-30", "kiwi", UNPLACED, ("K8S401",), "kiwi-data",
            body=mounted(absent, "/data", container())),
        one("glen-32", "jade", CONFIG, ("K8S301",), "token", beside=(keys,),
            env=[variable("TOKEN", "secret", "jade-keys", "token")]),
        Story(
            name="glen-15",
            setup=(stateful_set("mango", "glen-15", spec(container(image=catalogue.UNKNOWN)),
                replicas=3),),
            about="mango",
            signs={"mango": (PULL,)},
            subjects=("/Pod/mango-0", "/StatefulSet/mango"),
            codes=("K8S201",),
            words=(catalogue.UNKNOWN,),
        ),
        replace(classless, subjects=("/PersistentVolumeClaim/lime-data",)),
    ]  # fmt: skip


def refused() -> list[Story]:
    """Pods that may not be made, where a Job, a StatefulSet or a namespace alone knows of it."""
    quota = {"hard": {"requests.memory": "256Mi"}}
    share = named("ResourceQuota", "v1", "share", "glen-8", spec=quota)
    least = {"limits": [{"type": "Container", "min": {"memory": "64Mi"}}]}
    sizes = named("LimitRange", "v1", "sizes", "glen-9", spec=least)
    strict = named("Namespace", "v1", "glen-10")
    strict["metadata"]["labels"] = {"pod-security.kubernetes.io/enforce": "baseline"}
    hosted: Manifest = {"name": "logs", "hostPath": {"path": "/var/log"}}
    rule = {
        "apiGroups": [""],
        "apiVersions": ["v1"],
        "operations": ["CREATE"],
        "resources": ["pods"],
    }
    hook = {
        "name": "guard.glen.example",
        "rules": [rule],
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "glen-13"}},
        "clientConfig": {"service": {"namespace": "glen-13", "name": "guard", "path": "/"}},
        "admissionReviewVersions": ["v1"],
        "sideEffects": "None",
        "failurePolicy": "Fail",
    }
    guard = named(
        "ValidatingWebhookConfiguration",
        "admissionregistration.k8s.io/v1",
        "glen-guard",
        webhooks=[hook],
    )
    return [
        one("glen-8", "nutmeg", FAILED, ("K8S601",), "requests.memory", beside=(share,),
            resources={"requests": {"cpu": "5m"}}),
        Story(
            name="glen-9", setup=(sizes, job("olive", "glen-9", spec())), about="the job olive",
            signs={"olive": FAILED}, subjects=("/Job/olive",), codes=("K8S602",), words=("64Mi",),
        ),
        Story(
            name="glen-10",
            setup=(strict, stateful_set("papaya", "glen-10",
                mounted(hosted, "/logs", container()))),
            about="papaya", signs={"papaya": FAILED}, subjects=("/StatefulSet/papaya",),
            codes=("K8S603",), words=("hostPath",),
        ),
        Story(
            name="glen-11",
            setup=(stateful_set("quassia", "glen-11", spec(serviceAccountName="quassia-runner")),),
            about="quassia", signs={"quassia": FAILED}, subjects=("/StatefulSet/quassia",),
            codes=("K8S604",), words=("quassia-runner",),
        ),
        one("glen-12", "raffia", FAILED, ("K8S607",), "urgent",
            body=spec(priorityClassName="urgent")),
        Story(
            name="glen-13", setup=(guard, deployment("sumac", "glen-13", spec())), about="sumac",
            signs={"sumac": FAILED},
            subjects=("/ReplicaSet/sumac-", "/Deployment/sumac", "/glen-guard"),
            codes=("K8S608", "K8S841"), words=("guard",),
        ),
    ]  # fmt: skip


def placed() -> list[Story]:
    """Pods that stand in each other's way."""
    apart = {
        "podAntiAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": [
                {
                    "topologyKey": "kubernetes.io/hostname",
                    "labelSelector": {"matchLabels": {"app": "teak"}},
                }
            ]
        }
    }
    taken = [{"containerPort": 8080, "hostPort": 18231}]
    return [
        Story(
            name="glen-28",
            setup=(deployment("umbra", "glen-28", spec(container(ports=taken)), replicas=2),),
            about="umbra", signs={"umbra": (*UNPLACED, "Ready")}, subjects=("/Pod/umbra-",),
            codes=("K8S401",), words=("18231",),
        ),
        Story(
            name="glen-29",
            setup=(deployment("teak", "glen-29", spec(affinity=apart), replicas=2),),
            about="teak", signs={"teak": (*UNPLACED, "Ready")}, subjects=("/Pod/teak-",),
            codes=("K8S401",), words=("app=teak",),
        ),
    ]  # fmt: skip


def reached() -> list[Story]:
    """What cannot be reached, and what is not allowed."""
    two = web("viola", "glen-5")
    two["spec"]["template"]["metadata"]["labels"] |= {"tier": "frontend"}
    silent: Manifest = {
        "podSelector": {"matchLabels": {"app": "wisteria"}},
        "policyTypes": ["Egress"],
    }
    policy = named("NetworkPolicy", "networking.k8s.io/v1", "hush", "glen-6", spec=silent)
    env = [{"name": "DB_HOST", "value": "plum"}, {"name": "DB_PORT", "value": "5433"}]
    database = selecting("plum", "glen-26", 8080, app="plum")
    database["spec"]["ports"] = [{"port": 5432, "targetPort": 8080}]
    shut = ingress("glen-36", "yarrow", 80)
    shut["spec"]["ingressClassName"] = "inner-gate"
    no_port = "FATAL could not connect to server plum: Connection refused"
    warden = named("ServiceAccount", "v1", "warden", "glen-25")
    peers = named(
        "ConfigMap", "v1", "zinnia-env", "glen-41", data={"CACHE_URL": "redis://cahce:6379"}
    )
    lookup = "FATAL lookup cahce on 10.0.0.10:53: no such host"
    cached = container(
        "zinnia", f"echo '{lookup}' >&2; exit 1", envFrom=[{"configMapRef": {"name": "zinnia-env"}}]
    )
    return [
        Story(
            name="glen-5",
            setup=(two, selecting("viola", "glen-5", "http", app="viola", tier="front-end")),
            about="viola", signs={"viola": READY}, after=SOON, subjects=("/Service/viola",),
            codes=("K8S661",), words=("front-end",),
        ),
        Story(
            name="glen-6",
            setup=(web("pear", "glen-6"), selecting("pear", "glen-6", "http", app="pear"), policy,
                calling("wisteria", "glen-6", "PEAR_URL", "http://pear:80",
                    "FATAL getaddrinfo EAI_AGAIN pear")),
            about="wisteria", signs={"pear": READY, "wisteria": (LOOP,)},
            subjects=("/NetworkPolicy/hush",), codes=("K8S681",), words=("DNS",),
        ),
        replace(
            one("glen-25", "walnut", (LOOP, "exit:1"), ("K8S721",), "list pods", beside=(warden,),
                body=spec(container(script=f"echo '{_DENIED}' >&2; exit 1"),
                    serviceAccountName="warden")),
            subjects=("/ServiceAccount/warden",),
        ),
        Story(
            name="glen-26",
            setup=(web("plum", "glen-26"), database, deployment("xeris", "glen-26", spec(
                container(script=f"echo '{no_port}' >&2; exit 1", env=env)))),
            about="xeris", signs={"plum": READY, "xeris": (LOOP,)},
            subjects=("/Deployment/xeris", "/Pod/xeris-"), codes=("K8S703",),
            words=("5433", "5432"),
        ),
        one("glen-27", "yucca", (LOOP, "exit:1"), ("K8S713",), "clients",
            script="echo 'FATAL: sorry, too many clients already' >&2; exit 1"),
        Story(
            name="glen-31",
            setup=(deployment("aspen", "glen-31", spec(container("web", WEB_SCRIPT)), replicas=0),
                selecting("aspen", "glen-31", 8080, app="aspen"), ingress("glen-31", "aspen", 80)),
            about="aspen", subjects=("/Deployment/aspen", "/Service/aspen"), codes=("K8S665",),
            words=("scaled to 0",),
        ),
        Story(
            name="glen-34",
            setup=(web("balsa", "glen-34"), selecting("balsa", "glen-34", "http", app="balsa"),
                ingress("glen-34", "balsa", 8080)),
            about="is the gate broken?", signs={"balsa": READY}, subjects=("/Ingress/gate",),
            codes=("K8S672",), words=("8080",),
        ),
        Story(
            name="glen-36",
            setup=(web("yarrow", "glen-36"), selecting("yarrow", "glen-36", "http", app="yarrow"),
                shut),
            about="gate", signs={"yarrow": READY}, subjects=("/Ingress/gate",), codes=("K8S673",),
            words=("inner-gate",),
        ),
        Story(
            name="glen-41",
            setup=(web("cache", "glen-41"), selecting("cache", "glen-41", "http", app="cache"),
                peers, deployment("zinnia", "glen-41", spec(cached))),
            about="zinnia", signs={"cache": READY, "zinnia": (LOOP,)},
            subjects=("/ConfigMap/zinnia-env", "/Deployment/zinnia", "/Pod/zinnia-"),
            codes=("K8S701",), words=("cahce",),
        ),
    ]  # fmt: skip


def misdirected() -> list[Story]:
    """Names, ports and resolvers that lead past what is there."""
    unheard = calling(
        "okra", "glen-42", "PEAR_URL", "http://pear:80", "FATAL getaddrinfo ENOTFOUND pear"
    )
    unheard["spec"]["template"]["spec"]["dnsPolicy"] = "Default"
    calm = calling("pecan", "glen-43", "CASHEW_URL", "http://cashew:8080", "")
    calm["spec"]["template"]["spec"]["containers"][0]["command"] = ["sh", "-c", SLEEP]
    off = selecting("quince", "glen-44", 9999, app="quince")
    off["spec"]["ports"] = [{"port": 8080, "targetPort": 9999}]
    asleep = deployment("radish", "glen-45", spec(container("web", WEB_SCRIPT)), replicas=0)
    return [
        Story(
            name="glen-42",
            setup=(web("pear", "glen-42"), selecting("pear", "glen-42", "http", app="pear"),
                unheard),
            about="okra", signs={"pear": READY, "okra": (LOOP,)},
            subjects=("/Deployment/okra", "/Pod/okra-"), codes=("K8S706",), words=("dnsPolicy",),
        ),
        Story(
            name="glen-43", setup=(web("cashew", "glen-43"), calm), about="pecan",
            signs={"cashew": READY, "pecan": READY}, subjects=("/Deployment/pecan",),
            codes=("K8S702",), words=("cashew",),
        ),
        Story(
            name="glen-44", setup=(web("quince", "glen-44"), off), about="quince",
            signs={"quince": READY}, subjects=("/Service/quince",), codes=("K8S667",),
            words=("9999",),
        ),
        Story(
            name="glen-45",
            setup=(asleep, selecting("radish", "glen-45", 8080, app="radish"),
                calling("sorghum", "glen-45", "RADISH_URL", "http://radish:80",
                    "FATAL dial tcp radish:80: connect: connection refused")),
            about="why does sorghum crash", signs={"sorghum": (LOOP,)},
            subjects=("/Deployment/radish",), codes=("K8S665",), words=("scaled to 0",),
        ),
        one("glen-46", "taro", UNPLACED, ("K8S401",), "invalid-node",
            body=spec(nodeSelector={"kubernetes.io/hostname": "invalid-node-7"})),
    ]  # fmt: skip


def rolled() -> list[Story]:
    """Rollouts that are held, or that fail while the old pods go on."""

    def release(space: str, name: str, script: str, **more: Any) -> Manifest:
        body = spec(container(script=script, readinessProbe=checking("true")))
        return deployment(name, space, body, **more)

    bad = "echo 'FATAL licence has ended' >&2; exit 5"
    late = f"echo second; {SLEEP}"
    return [
        Story(
            name="glen-38", setup=(release("glen-38", "cedrela", SLEEP),), about="cedrela",
            signs={"cedrela": (LOOP, "exit:5")}, subjects=("/Pod/cedrela-", "/Deployment/cedrela"),
            codes=("K8S102",), words=("licence",),
            steps=Steps(first={"cedrela": ("Available",)},
                later=(release("glen-38", "cedrela", bad),)),
        ),
        Story(
            name="glen-39", setup=(release("glen-39", "durian", SLEEP),), about="durian",
            signs={"durian": ("DeploymentPaused",)}, after=75, subjects=("/Deployment/durian",),
            codes=("K8S812",), words=("paused",),
            steps=Steps(first={"durian": ("Available",)},
                later=(release("glen-39", "durian", late, paused=True),)),
        ),
    ]  # fmt: skip


def stories() -> list[Story]:
    """All of them."""
    return [
        *ending(),
        *pulling(),
        *refused(),
        *placed(),
        *reached(),
        *misdirected(),
        *rolled(),
    ]
