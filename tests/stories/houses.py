"""Stories across houses: Docker containers, AWS things and nodes, and what needs them."""

from tests.rig.kubernetes import catalogue
from tests.rig.kubernetes.api import Manifest
from tests.rig.kubernetes.objects import container, deployment, service, spec, variable
from tests.stories.network import calling, selecting, web
from tests.stories.programs import LOOP, PULL
from tests.stories.story import SOON, Box, Steps, Story

K8S_DOCKER = ("Docker", "Kubernetes")
K8S_AWS = ("AWS", "Kubernetes")
READY = ("Ready",)


def _caller(name: str, service_name: str, space: str) -> Box:
    """A container that asks a Service of the cluster, gets nothing, and is started again."""
    host = f"{service_name}.{space}.svc.cluster.local"
    script = f"echo 'FATAL http://{host}: 503 service unavailable' >&2; sleep 1; exit 1"
    options = ("--restart=always", "--network=none", f"--env=UPSTREAM_URL=http://{host}:80")
    return Box(name, script, options, ("Restarts", "2"))


def _outside(
    space: str, asks: str, asked: str, manifests: tuple[Manifest, ...], right: Story
) -> Story:
    """The story of a container outside the cluster that fails for what is wrong inside."""
    return Story(
        name=space,
        setup=manifests,
        about=asks,
        signs=right.signs,
        subjects=right.subjects,
        codes=right.codes,
        words=right.words,
        after=right.after,
        steps=Steps(docker=(_caller(asks, asked, space),)),
        houses=K8S_DOCKER,
    )


def _right(
    *subjects: str, codes: tuple[str, ...], words: str, after: int = 0, **signs: tuple[str, ...]
) -> Story:
    return Story("", (), subjects=subjects, codes=codes, words=(words,), signs=signs, after=after)


def from_docker() -> list[Story]:
    """Containers of the Docker host that need something of the cluster."""
    absent = [variable("MODE", "configMap", "rush-settings", "mode")]
    nowhere = spec(container(image=catalogue.UNKNOWN))
    return [
        _outside(
            "shore-1", "heath", "reed",
            (web("reed", "shore-1"), selecting("reed", "shore-1", 8080, app="reeds")),
            _right("/Service/reed", codes=("K8S661",), words="app=reeds", after=SOON, reed=READY),
        ),
        _outside(
            "shore-2", "sedge", "moss",
            (deployment("moss", "shore-2", nowhere), selecting("moss", "shore-2", 80, app="moss")),
            _right("/Pod/moss-", "/Deployment/moss", codes=("K8S201",), words=catalogue.UNKNOWN,
                moss=(PULL,)),
        ),
        _outside(
            "shore-3", "tansy", "rush",
            (deployment("rush", "shore-3", spec(container(env=absent))),
                service("rush", "shore-3", 80)),
            _right("/Pod/rush-", "/Deployment/rush", codes=("K8S301",), words="rush-settings",
                rush=("CreateContainerConfigError",)),
        ),
        _outside(
            "shore-4", "vetch", "kale",
            (web("kale", "shore-4"), selecting("kale", "shore-4", "web", app="kale")),
            _right("/Service/kale", codes=("K8S666",), words="web", kale=READY),
        ),
        _outside(
            "shore-5", "yarrow", "leek",
            (deployment("leek", "shore-5", spec(nodeSelector={"rack": "9"})),
                service("leek", "shore-5", 80)),
            _right("/Pod/leek-", "/Deployment/leek", codes=("K8S401",), words="rack",
                leek=("Unschedulable",)),
        ),
        _outside(
            "shore-6", "sage", "chive",
            (deployment("chive", "shore-6", spec(container(
                script="echo 'FATAL journal is corrupt at 0x77' >&2; exit 7"))),
                service("chive", "shore-6", 80)),
            _right("/Pod/chive-", "/Deployment/chive", codes=("K8S102",), words="7", chive=(LOOP,)),
        ),
        Story(
            name="calm-10",
            setup=(web("basil", "calm-10"), selecting("basil", "calm-10", "http", app="basil")),
            about="thistle",
            signs={"basil": READY},
            steps=Steps(docker=(Box(
                "thistle", "echo started; while true; do sleep 1; done",
                ("--network=none", "--env=UPSTREAM_URL=http://basil.calm-10.svc.cluster.local:80"),
                ("Status", "running"),
            ),)),
            houses=K8S_DOCKER,
        ),
    ]  # fmt: skip


def to_aws() -> list[Story]:
    """Workloads of the cluster that need something of the account."""
    refused = "FATAL connect to {made}: connection timed out"
    return [
        Story(
            name="cliff-1",
            setup=(calling("borage", "cliff-1", "PEER_HOST", "{made}", refused),),
            about="borage",
            signs={"borage": (LOOP,)},
            subjects=("cliff-db",),
            codes=("AWS802", "AWS801"),
            words=("stopped",),
            steps=Steps(aws="database"),
            houses=K8S_AWS,
        ),
        Story(
            name="cliff-2",
            setup=(calling("comfrey", "cliff-2", "PEER_HOST", "{made}", refused),),
            about="comfrey",
            signs={"comfrey": (LOOP,)},
            subjects=("cliff-lb", "cliff-targets"),
            codes=("AWS503", "AWS501"),
            words=("cliff",),
            steps=Steps(aws="balancer"),
            houses=K8S_AWS,
        ),
        Story(
            name="cliff-3",
            setup=(calling("hops", "cliff-3", "PEER_HOST", "{made}", refused),),
            about="hops",
            signs={"hops": (LOOP,)},
            subjects=("cliff-disk", "/instance/", "i-"),
            codes=("AWS201",),
            words=("cliff-disk|alarm",),
            steps=Steps(aws="machine"),
            houses=K8S_AWS,
        ),
        Story(
            name="cliff-4",
            setup=(calling("anise", "cliff-4", "PEER_HOST", "{made}", refused),),
            about="cliff-box",
            signs={"anise": (LOOP,)},
            subjects=("cliff-heat", "/ec2/i-"),
            codes=("AWS201",),
            words=("cliff-heat|alarm",),
            steps=Steps(aws="named"),
            houses=K8S_AWS,
        ),
        Story(
            name="cliff-5",
            setup=(calling("cumin", "cliff-5", "PEER_HOST", "{made}", refused),),
            about="why does cumin crash",
            signs={"cumin": (LOOP,)},
            subjects=("/ec2/i-",),
            codes=("AWS109", "AWS108"),
            words=("stopped",),
            steps=Steps(aws="stopped"),
            houses=K8S_AWS,
        ),
    ]


def seeded() -> list[Story]:
    """The incident of docs/demo-incident.md, asked about from three sides."""
    asked = ("why is orders-api crash-looping", "edge-proxy", "checkout-worker")
    return [
        Story(
            name=f"shop-{number}",
            setup=(),
            about=about,
            subjects=("/Node/worker-c", "/Pod/orders-db-0", "worker-c-status-check"),
            codes=("K8S431", "K8S401", "K8S402", "AWS201", "AWS101"),
            words=("worker-c",),
            seeded="shop",
            houses=("AWS", "Docker", "Kubernetes", "Terraform"),
        )
        for number, about in enumerate(asked, 1)
    ]


def stories() -> list[Story]:
    """All of them."""
    return [*from_docker(), *to_aws(), *seeded()]
