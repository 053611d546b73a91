"""Secrets planted in a real cluster: in specs, annotations, labels, logs, events and Secrets."""

import base64
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from tests.planting import Seeds
from tests.rig.kubernetes.api import Api
from tests.rig.kubernetes.objects import container, deployment, named, namespace, spec
from tests.rig.waiting import until

SPACE = "harbour"
NAME = "ledger"
_WAIT_SECONDS = 90
_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def plant(api: Api) -> Seeds:
    """Make a workload that crashes and tells all it knows; returns what was planted."""
    seeds = Seeds("Kubernetes")
    env = _env(seeds)
    script = "\n".join((*_lines(seeds, env), _last_words(seeds), "exit 1"))
    given = (f"--api-key={seeds.password('flag')}", "--password", seeds.password("flag, next word"))
    probe = {
        "httpGet": {
            "port": 80,
            "httpHeaders": [{"name": "X-Auth-Token", "value": seeds.password("header of a probe")}],
        },
        "initialDelaySeconds": 300,
    }
    first = container("prepare", "echo prepared", env=[_variable("SEED_TOKEN", seeds)])
    main = container(script=script, env=env, args=["ignored", *given], readinessProbe=probe)
    body = spec(main, initContainers=[first])
    made = deployment(NAME, SPACE, body)
    made["metadata"] |= {"annotations": _annotations(seeds), "labels": _labels(seeds, "deployment")}
    template = made["spec"]["template"]["metadata"]
    template["annotations"] = _annotations(seeds, "pod's ")
    template["labels"] |= _labels(seeds, "pod")
    for each in (*namespace(SPACE), *_kept(seeds), made):
        api.apply(each)
    _wait_for_a_crash(api)
    _complain(api, seeds)
    return seeds


def _variable(name: str, seeds: Seeds) -> dict[str, str]:
    return {"name": name, "value": seeds.password(f"env {name}")}


def _env(seeds: Seeds) -> list[dict[str, Any]]:
    values = {
        "DB_PASSWORD": seeds.password("env"),
        "API_TOKEN": seeds.password("env, a token"),
        "SESSION_SECRET": seeds.password("env, a secret"),
        "STRIPE_API_KEY": seeds.password("env, a key"),
        "DATABASE_URL": f"postgres://app:{seeds.password('env, in a URL')}@db:5432/shop",
        "SETTINGS": f"Server=db;Password={seeds.password('env, in a list')};Encrypt=True",
        "GREETING": seeds.token("env, by form"),
    }
    return [{"name": name, "value": value} for name, value in values.items()]


def _lines(seeds: Seeds, env: list[dict[str, Any]]) -> list[str]:
    """What the program says: values it was given, in clear and encoded, and other tokens."""
    by_name = {each["name"]: each["value"] for each in env}
    password = by_name["DB_PASSWORD"]
    packed = base64.b64encode(f"app:{by_name['API_TOKEN']}".encode()).decode()
    said = [
        f"image {seeds.harmless_value('digest')}",
        f"commit {seeds.harmless_value('commit')}",
        f"trace {seeds.harmless_value('trace')}",
        f"mounting {seeds.harmless_value('object')}",
        f"logging in with {password}",
        f"GET /?password={quote(password)}&page=2",
        f"sent {packed}",
        f"Authorization: Bearer {seeds.token('log, a header')}",
        f"using {seeds.token('log, a token')} for the upstream",
        f'{{"apiKey": "{seeds.password("log, JSON")}"}}',
        f"redis://:{seeds.password('log, a URL')}@cache:6379/0 is unreachable",
        f"retry with secret_key={seeds.password('log, a setting')}",
        f"Server=db;Uid=app;Pwd={seeds.password('log, a list')};",
        f"Set-Cookie: session={seeds.password('log, a cookie')}; Path=/",
        f"id token {seeds.web_token('log, a web token')}",
        f"mysqldump -uroot -p{seeds.password('log, a command')} shop",
        f"https://files.example.com/a?X-Amz-Signature={seeds.hexadecimal('log, a signature')}",
        *seeds.key("log, a private key").splitlines(),
        "FATAL giving up",
    ]
    return [f"echo '{line}'" for line in said]


def _last_words(seeds: Seeds) -> str:
    said = f"cannot log in as app:{seeds.token('termination message')}"
    return f"echo '{said}' > /dev/termination-log"


def _annotations(seeds: Seeds, whose: str = "") -> dict[str, str]:
    once = [{"name": "OLD_PASSWORD", "value": seeds.password(f"{whose}last applied")}]
    applied = {"kind": "Pod", "spec": {"containers": [{"name": "main", "env": once}]}}
    return {
        _APPLIED: json.dumps(applied),
        "example.com/note": f"ask anna, the key is {seeds.token(f'{whose}annotation')}",
        "example.com/db-password": seeds.password(f"{whose}annotation by name"),
        "kubernetes.io/change-cause": f"rolled out with {seeds.token(f'{whose}cause of a change')}",
    }


def _labels(seeds: Seeds, whose: str) -> dict[str, str]:
    return {"example.com/token": seeds.label(f"label of a {whose}"), "tier": "front"}


def _kept(seeds: Seeds) -> list[dict[str, Any]]:
    """Objects beside the workload: a Secret, and settings that hold what they should not."""
    packed = base64.b64encode(seeds.password("Secret").encode()).decode()
    settings = f"db.password={seeds.password('ConfigMap')}\nport=80\n"
    return [
        named("Secret", "v1", "ledger-db", SPACE, data={"password": packed}),
        named("ConfigMap", "v1", "ledger", SPACE, data={"app.properties": settings}),
    ]


def _pod(api: Api) -> dict[str, Any]:
    pods = api.get(f"/api/v1/namespaces/{SPACE}/pods?labelSelector=app%3D{NAME}")["items"]
    return pods[0] if pods else {}


def _wait_for_a_crash(api: Api) -> None:
    def crashed() -> bool:
        statuses = _pod(api).get("status", {}).get("containerStatuses", [])
        return any(each["restartCount"] for each in statuses)

    until(crashed, "the ledger's first crash", _WAIT_SECONDS)


def _complain(api: Api, seeds: Seeds) -> None:
    """Events about the pod, as a kubelet or a controller would write them."""
    about = _pod(api)["metadata"]
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    messages = {
        "FailedMount": f"MountVolume failed: token={seeds.password('event')}",
        "Unhealthy": f"probe said {seeds.token('event, by form')}",
        "Failed": f"pull https://anna:{seeds.password('event, a URL')}@registry.example.com/ledger",
    }
    for reason, message in messages.items():
        whose = {"kind": "Pod", "name": about["name"], "namespace": SPACE, "uid": about["uid"]}
        times = {"firstTimestamp": now, "lastTimestamp": now, "count": 3}
        told = {"type": "Warning", "reason": reason, "message": message, **times}
        event = named(
            "Event", "v1", f"ledger.{reason.lower()}", SPACE, involvedObject=whose, **told
        )
        api.apply(event)
