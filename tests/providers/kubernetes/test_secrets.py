"""The secrets that objects of a cluster hold, and the credentials in use."""

import base64
import json
from typing import Any

from fivetabs.providers.kubernetes.shapes.secrets import secrets_in

CONTAINER: dict[str, Any] = {
    "name": "main",
    "env": [{"name": "DB_PASSWORD", "value": "env-Xy1"}, {"name": "TIER", "value": "front"}],
    "args": ["--api-key", "arg-Xy2"],
    "livenessProbe": {
        "httpGet": {"httpHeaders": [{"name": "X-Auth-Token", "value": "header-Xy3"}]}
    },
}
APPLIED = {"spec": {"containers": [{"env": [{"name": "API_TOKEN", "value": "applied-Xy4"}]}]}}
ABOUT = {
    "annotations": {
        "kubectl.kubernetes.io/last-applied-configuration": json.dumps(APPLIED),
        "example.com/db-password": "note-Xy5",
    }
}
EXPECTED = {"env-Xy1", "arg-Xy2", "header-Xy3", "applied-Xy4", "note-Xy5"}


def test_of_a_pod_and_of_whatever_makes_pods() -> None:
    spec = {"containers": [CONTAINER]}
    template = {"template": {"spec": spec}}
    for kind, body in (
        ("Pod", spec),
        ("Deployment", template),
        ("CronJob", {"jobTemplate": {"spec": template}}),
    ):
        found = set(secrets_in({"kind": kind, "metadata": ABOUT, "spec": body}))
        assert found >= EXPECTED, kind
        listed = {"kind": f"{kind}List", "items": [{"metadata": ABOUT, "spec": body}]}
        assert set(secrets_in(listed)) >= EXPECTED, kind
        assert "front" not in found


def test_of_a_secret_and_of_settings() -> None:
    data = {"dsn": base64.b64encode(b"inside-Xy6").decode()}
    secret = {"kind": "Secret", "data": data, "stringData": {"note": "plain-Xy7"}}
    assert {"inside-Xy6", "plain-Xy7"} <= set(secrets_in(secret))
    assert {"inside-Xy6", "plain-Xy7"} <= set(secrets_in({"kind": "SecretList", "items": [secret]}))
    settings = {"kind": "ConfigMap", "data": {"app.properties": "db.password=file-Xy8\nport=80"}}
    assert "file-Xy8" in set(secrets_in(settings))


def test_tables_and_events_are_passed_over() -> None:
    for kind in ("Table", "EventList", "Event"):
        assert not list(secrets_in({"kind": kind, "items": [{"password": "x-Xy9"}], "a": "b"}))


def test_an_annotation_that_is_no_object_is_no_trouble() -> None:
    key = "kubectl.kubernetes.io/last-applied-configuration"
    for text in ("{", "[]", "null", "1"):
        assert not list(secrets_in({"kind": "Pod", "metadata": {"annotations": {key: text}}}))
