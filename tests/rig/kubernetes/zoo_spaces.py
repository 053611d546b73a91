"""Namespaces beside the zoo: one that is strict, one behind a dead webhook, one that cannot go."""

from tests.rig.kubernetes.api import Manifest
from tests.rig.kubernetes.objects import deployment, job, named, namespace, spec, stateful_set

STRICT, HOOKED, LEAVING = "zoo-strict", "zoo-hooked", "zoo-leaving"


def strict() -> list[Manifest]:
    """A namespace that admits only restricted pods, with limits of its own."""
    space, account = namespace(STRICT)
    space["metadata"]["labels"] = {"pod-security.kubernetes.io/enforce": "restricted"}
    limits = {"limits": [{"type": "Container", "max": {"memory": "64Mi"}}]}
    return [
        space,
        account,
        named("LimitRange", "v1", "little", STRICT, spec=limits),
        deployment("not-restricted", STRICT, spec()),
        stateful_set("not-restricted-set", STRICT, spec()),
        job("not-restricted-job", STRICT, spec()),
    ]


def hooked() -> list[Manifest]:
    """A namespace whose pods must pass a webhook that nobody serves."""
    space, account = namespace(HOOKED)
    space["metadata"]["labels"] = {"rig.example/hooked": "yes"}
    rules = [
        {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}
    ]
    hook = {
        "name": "guard.rig.example",
        "clientConfig": {"service": {"namespace": HOOKED, "name": "guard", "path": "/"}},
        "rules": rules,
        "namespaceSelector": {"matchLabels": {"rig.example/hooked": "yes"}},
        "sideEffects": "None",
        "admissionReviewVersions": ["v1"],
        "timeoutSeconds": 2,
    }
    kind = "ValidatingWebhookConfiguration"
    version = "admissionregistration.k8s.io/v1"
    return [
        space,
        account,
        named(kind, version, "guard", webhooks=[hook]),
        deployment("unguarded", HOOKED, spec()),
    ]


def leaving() -> list[Manifest]:
    """A namespace that cannot go, because of what is left in it; the seed deletes it."""
    left = named("ConfigMap", "v1", "left-behind", LEAVING, data={})
    left["metadata"]["finalizers"] = ["rig.example/hold"]
    return [*namespace(LEAVING), left]


def manifests() -> list[Manifest]:
    """All of them, in the order in which they are to be applied."""
    return [*strict(), *hooked(), *leaving()]
