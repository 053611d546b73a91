"""The parts of the demo cluster that are well and must not be accused."""

from fivetabs.providers.kubernetes.demo.objects import (
    condition,
    container,
    deployment,
    ended,
    member,
    meta,
    owned,
    pod,
    running,
    status_of,
)
from fivetabs.providers.kubernetes.port import Json


def healthy() -> list[Json]:
    """Storefront, canary (scaled to 0), the nightly invoice (done) and the cluster's DNS."""
    web = container(
        "storefront",
        "registry.example/shop/storefront:5.2.1",
        ports=[{"containerPort": 8080}],
        envFrom=[{"configMapRef": {"name": "storefront"}}],
        readinessProbe={"httpGet": {"path": "/healthz", "port": 8080}},
    )
    found = deployment("storefront", "shop", {"containers": [web]}, "7d5b9c64f8", wanted=3, ready=3)
    last = ended(137, "Error", "2026-02-27T08:00:05Z", "2026-03-03T09:31:07Z")
    places = (
        ("4hq2n", "worker-a", 0, "10.42.1.11"),
        ("b8m5d", "worker-b", 1, "10.42.2.12"),
        ("z6r3v", "worker-a", 0, "10.42.1.13"),
    )
    for suffix, place, restarts, address in places:
        head = member("storefront", "shop", "7d5b9c64f8", suffix, "2026-02-27T08:00:00Z")
        since = "2026-03-03T09:31:08Z" if restarts else "2026-02-27T08:00:05Z"
        status = status_of(web, running(since), last=last if restarts else None, restarts=restarts)
        found.append(pod(head, {"nodeName": place, "containers": [web]}, [status]))
        found[-1]["status"]["podIP"] = address
    canary = container("canary", "registry.example/shop/storefront:5.3.0-beta")
    found += deployment("canary", "shop", {"containers": [canary]}, "6f7c8d9b4", wanted=0, ready=0)
    return [*found, *_invoice(), *_dns()]


def _invoice() -> list[Json]:
    spec = container("invoice", "registry.example/shop/invoice:3.0.4")
    done = ended(0, "Completed", "02:00:04", "02:01:37")
    head = meta("nightly-invoice-9p4ks", "shop", created="02:00", **owned("Job", "nightly-invoice"))
    inner = {"nodeName": "worker-b", "containers": [spec], "restartPolicy": "Never"}
    ran = pod(head, inner, [status_of(spec, done)], phase="Succeeded", since="02:01:37")
    job = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": meta("nightly-invoice", "shop", created="02:00"),
        "spec": {"completions": 1, "parallelism": 1, "template": {"spec": inner}},
        "status": {"succeeded": 1, "conditions": [condition("Complete", "True", "02:01:39")]},
    }
    return [ran, job]


def _dns() -> list[Json]:
    spec = container("coredns", "registry.k8s.io/coredns/coredns:v1.11.3")
    found = deployment(
        "coredns", "kube-system", {"containers": [spec]}, "5f7d8b9c6", wanted=2, ready=2
    )
    places = (("h5d8w", "worker-a", "10.42.1.2"), ("q9x2c", "worker-b", "10.42.2.2"))
    for suffix, place, address in places:
        head = member("coredns", "kube-system", "5f7d8b9c6", suffix, "2026-02-27T08:00:00Z")
        status = status_of(spec, running("2026-02-27T08:00:04Z"))
        found.append(pod(head, {"nodeName": place, "containers": [spec]}, [status]))
        found[-1]["status"]["podIP"] = address
    return found
