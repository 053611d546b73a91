"""Zoo: programs that end over what they were not given, each alone and beside a healthy one."""

from tests.rig.kubernetes.objects import (
    SLEEP,
    container,
    deployment,
    job,
    spec,
    stateful_set,
    variable,
)
from tests.rig.kubernetes.residents import ZOO, Resident, lone

_SERVE = "mkdir -p /tmp/w; exec httpd -f -p 8080 -h /tmp/w"
_GARBAGE = "printf 'not a program' > /w/app; chmod 755 /w/app"
_NEEDS_URL = ': "${DATABASE_URL:?parameter not set}"'


def _lacking() -> list[Resident]:
    settings = {"name": "settings", "configMap": {"name": "app-settings"}}
    mount = {"name": "settings", "mountPath": "/etc/app"}
    return [
        lone(
            "variable-missing",
            "a variable it needs is not in its env; one of a near name is",
            "exit:2",
            code="K8S112",
            words="it has DATABASE_URI",
            script=_NEEDS_URL,
            env=[{"name": "DATABASE_URI", "value": "postgres://x"}],
        ),
        lone(
            "variable-key-error",
            "a program in Python misses a variable",
            "exit:1",
            code="K8S112",
            words="API_KEY",
            script="echo 'Traceback (most recent call last):' >&2; "
            "echo \"KeyError: 'API_KEY'\" >&2; exit 1",
        ),
        lone(
            "file-missing",
            "the ConfigMap that is mounted has no such key",
            "exit:1",
            code="K8S113",
            words="configMap/app-settings",
            script="cat /etc/app/app.yaml",
            volumeMounts=[mount],
            volumes=[settings],
        ),
        lone(
            "argument-unknown",
            "its program does not know the option",
            "exit:1",
            code="K8S114",
            words="for-ever",
            command=["sleep", "--for-ever"],
        ),
        lone(
            "heap-exhausted",
            "its runtime has no heap left",
            "exit:3",
            code="K8S119",
            script="echo 'java.lang.OutOfMemoryError: Java heap space' >&2; exit 3",
        ),
    ]


def _refused() -> list[Resident]:
    web, again = container("web", _SERVE), container("again", _SERVE)
    scratch: dict[str, object] = {"name": "scratch", "emptyDir": {}}
    held = {"name": "scratch", "mountPath": "/w"}
    write = container("write", _GARBAGE, volumeMounts=[held])
    foreign = container("foreign", command=["/w/app"], volumeMounts=[held])
    return [
        lone(
            "port-clash",
            "two of its containers want one port",
            "exit:1",
            code="K8S115",
            containers=[web, again],
        ),
        lone(
            "root-read-only",
            "it writes to its read-only root",
            "exit:1",
            code="K8S116",
            words="readOnlyRootFilesystem",
            script="mkdir /var/cache-of-app",
            securityContext={"readOnlyRootFilesystem": True},
        ),
        lone(
            "user-unprivileged",
            "its user may not write there",
            "exit:1",
            code="K8S117",
            words="runAsUser 65534",
            script="touch /root/x",
            securityContext={"runAsUser": 65534},
        ),
        lone(
            "foreign-format",
            "its program is none for this machine",
            "init:exit:0",
            code="K8S118",
            initContainers=[write],
            containers=[foreign],
            volumes=[scratch],
        ),
        lone(
            "not-executable",
            "its shell finds a file that is no program",
            "exit:126",
            code="K8S107",
            script="echo x > /tmp/x; /tmp/x",
        ),
    ]


def _neighbours() -> list[Resident]:
    """The same faults in an init container, a sidecar, a Job, one pod of two."""
    wait = container("wait", "until nc -z -w 1 cart-db 5432; do echo waiting; sleep 1; done")
    needs = container("migrate", _NEEDS_URL)
    absent = container("settings", env=[variable("MODE", "configMap", "no-such-map", "mode")])
    sidecar = container("proxy", "cat /etc/proxy.conf", restartPolicy="Always")
    second = container(script=f"case $(hostname) in *-1) exit 5;; esac; {SLEEP}")
    return [
        lone(
            "init-waits",
            "an init container waits for a host",
            "init:running",
            code="K8S111",
            words="cart-db:5432",
            initContainers=[wait],
        ),
        lone(
            "init-variable",
            "an init container misses a variable",
            "init:exit:2",
            code="K8S112",
            initContainers=[needs],
        ),
        lone(
            "init-map-missing",
            "an init container names a ConfigMap that does not exist",
            "CreateContainerConfigError",
            code="K8S301",
            initContainers=[absent],
        ),
        lone(
            "native-sidecar-sick",
            "its native sidecar lacks a file",
            "exit:1",
            code="K8S113",
            initContainers=[sidecar],
        ),
        Resident(
            "job-variable",
            "a Job's pod misses a variable",
            ("exit:2",),
            job("job-variable", ZOO, spec(container(script=_NEEDS_URL))),
            "K8S112",
        ),
        Resident(
            "deployment-file",
            "both pods of a Deployment lack a file",
            ("exit:1",),
            deployment("deployment-file", ZOO, spec(container(script="cat /no/file")), replicas=2),
            "K8S113",
        ),
        Resident(
            "second-of-two",
            "of two pods of a StatefulSet only the second crashes",
            ("exit:5",),
            stateful_set("second-of-two", ZOO, spec(second), replicas=2),
            "K8S102",
        ),
    ]


def residents() -> list[Resident]:
    """All of them."""
    return [*_lacking(), *_refused(), *_neighbours()]
