"""Writing the world into the API server: objects first, then each one's status subresource."""

import json
import ssl
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPSConnection
from typing import Any, TypeVar
from urllib.parse import urlsplit

from bench.world import makers, pods, troubles
from bench.world.plan import NODES, Slot, Workload, namespaces, workloads
from tests.rig.kubernetes.auth import ADMIN, Access

Json = dict[str, Any]
T = TypeVar("T")
_AT_ONCE = 8
_OK = 300


class LoadError(Exception):
    """The API server did not take something."""


@dataclass
class Writer:
    """A kept connection for each thread."""

    access: Access
    kept: threading.local = field(default_factory=threading.local)

    def call(self, method: str, path: str, body: Json, kind: str = "json") -> Json:
        """One request; its answer."""
        connection = self._connection()
        headers = {"Authorization": f"Bearer {ADMIN}", "Content-Type": f"application/{kind}"}
        connection.request(method, path, json.dumps(body), headers)
        with connection.getresponse() as answer:
            content = answer.read()
        if answer.status >= _OK:
            raise LoadError(f"{method} {path}: {answer.status} {content[-400:].decode()}")
        return json.loads(content)

    def put(self, path: str, made: Json, status: Json) -> Json:
        """Create an object and write its status; what was created."""
        created = self.call("POST", path, made)
        place = f"{path}/{made['metadata']['name']}/status"
        self.call("PATCH", place, {"status": status}, "merge-patch+json")
        return created

    def _connection(self) -> HTTPSConnection:
        if not hasattr(self.kept, "connection"):
            trust = ssl.create_default_context(cafile=str(self.access.authority.certificate))
            address = urlsplit(self.access.server).netloc
            self.kept.connection = HTTPSConnection(address, context=trust, timeout=60)
        return self.kept.connection


def load(access: Access, kubelet_port: int) -> None:
    """Write everything: the sick pods first, so that they are the oldest."""
    writer = Writer(access)
    all_works = workloads()
    _each(_place(writer), namespaces())
    _each(_node(writer, kubelet_port), range(NODES))
    owners: dict[tuple[str, str], Json] = {}
    _each(
        lambda work: owners.update({(work.namespace, work.name): _maker(writer, work)}), all_works
    )
    slots = [slot for work in all_works for slot in work.pods()]
    slots.sort(key=lambda slot: not slot.trouble)
    _each(lambda slot: _pod(writer, slot, owners), slots)


def _each(do: Callable[[T], None], things: Iterable[T]) -> None:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for _ in pool.map(do, things):
            pass


def _place(writer: Writer) -> Callable[[str], None]:
    def make(name: str) -> None:
        writer.call("POST", "/api/v1/namespaces", {"metadata": {"name": name}})
        account = {"metadata": {"name": "default"}}
        writer.call("POST", f"/api/v1/namespaces/{name}/serviceaccounts", account)

    return make


def _node(writer: Writer, kubelet_port: int) -> Callable[[int], None]:
    def make(number: int) -> None:
        name = f"node-{number:02}"
        ready = {"type": "Ready", "status": "True", "reason": "KubeletReady"}
        status = {
            "conditions": [{**ready, "lastHeartbeatTime": pods.ago(seconds=5)}],
            "addresses": [{"type": "InternalIP", "address": "127.0.0.1"}],
            "daemonEndpoints": {"kubeletEndpoint": {"Port": kubelet_port}},
        }
        writer.put("/api/v1/nodes", {"metadata": {"name": name}}, status)
        kind = "merge-patch+json"
        writer.call("PATCH", f"/api/v1/nodes/{name}", {"spec": {"taints": None}}, kind)

    return make


def _maker(writer: Writer, work: Workload) -> Json:
    """Create what owns the workload's pods; the reference to it."""
    if work.kind != "Deployment":
        made, status = makers.other(work)
        return _reference(writer.put(makers.path_of(made), made, status))
    made, status = makers.deployment(work)
    above = _reference(writer.put(makers.path_of(made), made, status))
    before, status = makers.replica_set(work, above, old=True)
    writer.put(makers.path_of(before), before, status)
    made, status = makers.replica_set(work, above)
    return _reference(writer.put(makers.path_of(made), made, status))


def _reference(created: Json) -> Json:
    about = created["metadata"]
    kept = {"apiVersion": created["apiVersion"], "kind": created["kind"]}
    return {**kept, "name": about["name"], "uid": about["uid"]}


def _pod(writer: Writer, slot: Slot, owners: dict[tuple[str, str], Json]) -> None:
    work = slot.workload
    status, told = troubles.case_of(slot)
    made = pods.manifest(slot, owners[work.namespace, work.name])
    path = f"/api/v1/namespaces/{work.namespace}/pods"
    created = writer.put(path, made, status)
    # Without the notes of who wrote which field a pod is 4.5 kB, as in the table of bars.
    bare: Json = {"metadata": {"managedFields": [{}]}}
    writer.call("PATCH", f"{path}/{slot.name}", bare, "merge-patch+json")
    for number, event in enumerate(told):
        writer.call(
            "POST", f"/api/v1/namespaces/{work.namespace}/events", _event(created, event, number)
        )


def _event(pod: Json, told: troubles.Told, number: int) -> Json:
    about = pod["metadata"]
    place = {"namespace": about["namespace"], "name": about["name"]}
    return {
        "metadata": {**place, "name": f"{about['name']}.{number}"},
        "involvedObject": {"apiVersion": "v1", "kind": "Pod", **place, "uid": about["uid"]},
        "type": "Warning",
        "reason": told.reason,
        "message": told.message,
        "count": told.count,
        "firstTimestamp": pods.ago(minutes=told.minutes + told.count),
        "lastTimestamp": pods.ago(minutes=told.minutes),
        "source": {"component": "kubelet", "host": "node-00"},
    }
