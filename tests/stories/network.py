"""Stories between workloads: Services, Ingresses, policies, and what configuration names."""

from typing import Any

from tests.rig.kubernetes.api import Manifest
from tests.rig.kubernetes.incident import READY_WEB, WEB_SCRIPT
from tests.rig.kubernetes.objects import container, deployment, named, service, spec
from tests.stories.story import SOON, Story, checking

READY, LOOP = ("Ready",), ("CrashLoopBackOff",)


def web(name: str, space: str, **fields: Any) -> Manifest:
    """A Deployment whose one pod serves on 8080, a port called http."""
    ports = [{"name": "http", "containerPort": 8080}]
    body = container("web", WEB_SCRIPT, ports=ports, readinessProbe=READY_WEB)
    return deployment(name, space, spec({**body, **fields}))


def selecting(name: str, space: str, target: int | str, **labels: str) -> Manifest:
    """A Service of port 80 in front of the pods with these labels."""
    made = service(name, space, 80)
    made["spec"] = {"selector": labels, "ports": [{"port": 80, "targetPort": target}]}
    return made


def ingress(space: str, to: str, port: int) -> Manifest:
    """An Ingress of one path."""
    backend = {"service": {"name": to, "port": {"number": port}}}
    paths = [{"path": "/", "pathType": "Prefix", "backend": backend}]
    rules = [{"host": f"{space}.example", "http": {"paths": paths}}]
    return named("Ingress", "networking.k8s.io/v1", "gate", space, spec={"rules": rules})


def calling(name: str, space: str, variable: str, value: str, last: str) -> Manifest:
    """A Deployment that is told of a host, and ends because it does not get there."""
    env = [{"name": variable, "value": value}]
    return deployment(name, space, spec(container(name, f"echo '{last}' >&2; exit 1", env=env)))


def _story(space: str, about: str, *setup: Manifest, **fields: Any) -> Story:
    return Story(name=space, setup=setup, about=about, **fields)


def services() -> list[Story]:
    """Services that lead nowhere."""
    sick = container("web", WEB_SCRIPT, readinessProbe=checking("echo 'disk is full' >&2; exit 1"))
    return [
        _story(
            "dune-1", "alder", web("alder", "dune-1"),
            selecting("alder", "dune-1", 8080, app="aldr"),
            signs={"alder": READY}, after=SOON, subjects=("/Service/alder",), codes=("K8S661",),
            words=("app=aldr",),
        ),
        _story(
            "dune-2", "birch", web("birch", "dune-2"),
            selecting("birch", "dune-2", "web", app="birch"),
            signs={"birch": READY}, subjects=("/Service/birch",), codes=("K8S666",), words=("web",),
        ),
        _story(
            "dune-3", "cedar", web("cedar", "dune-3"),
            selecting("cedar", "dune-3", 9090, app="cedar"),
            calling("cypress", "dune-3", "CEDAR_URL", "http://cedar:80",
                "FATAL dial tcp cedar:80: connect: connection refused"),
            signs={"cedar": READY, "cypress": LOOP}, subjects=("/Service/cedar",),
            codes=("K8S667",), words=("9090",),
        ),
        _story(
            "dune-4", "is the service elm down?", deployment("elm", "dune-4", spec(sick)),
            selecting("elm", "dune-4", 8080, app="elm"), ingress("dune-4", "elm", 80),
            signs={"elm": ("ContainersNotReady", "running")}, after=75,
            subjects=("/Pod/elm-", "/Deployment/elm", "/Service/elm"),
            codes=("K8S501", "K8S663"), words=("probe",),
        ),
        _story(
            "dune-5", "gate", web("hornbeam", "dune-5"),
            selecting("hornbeam", "dune-5", 8080, app="hornbeam"),
            ingress("dune-5", "hornbeams", 80),
            signs={"hornbeam": READY}, subjects=("/Ingress/gate",), codes=("K8S671",),
            words=("hornbeams",),
        ),
    ]  # fmt: skip


def _closed(space: str, name: str) -> Manifest:
    rest = {"podSelector": {"matchLabels": {"app": name}}, "policyTypes": ["Ingress"]}
    return named("NetworkPolicy", "networking.k8s.io/v1", "fence", space, spec=rest)


def _routes() -> str:
    return "server {\n  listen 8080;\n  location / { proxy_pass http://maples:80; }\n}\n"


def _gateway(space: str) -> tuple[Manifest, ...]:
    """A proxy whose configuration text names a Service that is not there."""
    lines = named("ConfigMap", "v1", "linden-conf", space, data={"default.conf": _routes()})
    last = 'host not found in upstream "maples" in /etc/conf/default.conf:3'
    body = container(
        "proxy", f"echo 'nginx: [emerg] {last}' >&2; exit 1",
        volumeMounts=[{"name": "conf", "mountPath": "/etc/conf"}],
    )  # fmt: skip
    volume = {"name": "conf", "configMap": {"name": "linden-conf"}}
    return lines, deployment("linden", space, spec(body, volumes=[volume]))


def configured() -> list[Story]:
    """What configuration says against what exists."""
    refused = "FATAL dial tcp pine:8088: connect: connection refused"
    return [
        _story(
            "dune-6", "oak", web("pear", "dune-6"), selecting("pear", "dune-6", "http", app="pear"),
            calling("oak", "dune-6", "PEAR_HOST", "paer", "FATAL lookup paer: no such host"),
            signs={"pear": READY, "oak": LOOP},
            subjects=("/Deployment/oak", "/Pod/oak-"), codes=("K8S701",), words=("paer", "pear"),
        ),
        _story(
            "dune-7", "why does quince crash", web("pine", "dune-7"),
            selecting("pine", "dune-7", "http", app="pine"),
            calling("quince", "dune-7", "PINE_URL", "http://pine:8088", refused),
            signs={"pine": READY, "quince": LOOP},
            subjects=("/Deployment/quince", "/Pod/quince-"), codes=("K8S703",),
            words=("8088", "pine"),
        ),
        _story(
            "dune-8", "linden", *_gateway("dune-8"), web("maple", "dune-8"),
            selecting("maple", "dune-8", "http", app="maple"),
            signs={"maple": READY, "linden": LOOP},
            subjects=("/ConfigMap/linden-conf", "/Deployment/linden", "/Pod/linden-"),
            codes=("K8S701",), words=("maples",),
        ),
        _story(
            "dune-9", "spruce", web("yew", "dune-9"), selecting("yew", "dune-9", "http", app="yew"),
            _closed("dune-9", "yew"),
            calling("spruce", "dune-9", "YEW_URL", "http://yew:80", "ERROR yew: i/o timeout"),
            signs={"yew": READY, "spruce": LOOP},
            subjects=("/NetworkPolicy/fence",), codes=("K8S681", "K8S682"), words=("yew",),
        ),
    ]  # fmt: skip


def stories() -> list[Story]:
    """All of them."""
    return [*services(), *configured()]
