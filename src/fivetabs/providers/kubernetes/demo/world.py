"""A cluster in memory: objects in the API's own form, asked by the API's own paths."""

from collections.abc import AsyncIterator, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from types import MappingProxyType

from fivetabs.core import Conflict, NotFound, stamp
from fivetabs.core.secrecy import Seen
from fivetabs.providers.kubernetes.demo.printing import print_table
from fivetabs.providers.kubernetes.demo.speech import spoken
from fivetabs.providers.kubernetes.port import (
    READS,
    RESTARTABLE,
    Json,
    Objects,
    Resource,
    Restart,
    check_path,
    path_to,
)
from fivetabs.providers.kubernetes.shapes.fields import part
from fivetabs.providers.kubernetes.shapes.owners import parse_controller
from fivetabs.providers.kubernetes.shapes.secrets import secrets_in
from fivetabs.providers.kubernetes.shapes.workloads import RESTARTED_AT, parse_workload

_CODE = str.maketrans("01aeiou3", "bcdfghjk")  # generated names have no vowels and no 0, 1, 3
_GRACE = timedelta(seconds=60)
_PAGES = MappingProxyType({each.kind: each for each in READS if not each.subresource})


@dataclass(slots=True)
class World:
    """Objects by path, and logs by pod, container and whether of the run before."""

    context: str
    clock: datetime
    objects: dict[str, Json]
    logs: Mapping[tuple[str, str, bool], str]
    namespace: str = "default"
    grace: timedelta = field(default=_GRACE)
    seen: Seen = field(default_factory=Seen, compare=False, kw_only=True)

    @classmethod
    def of(
        cls,
        context: str,
        clock: datetime,
        objects: Iterable[Json],
        logs: Mapping[tuple[str, str, bool], str],
    ) -> "World":
        """A world that holds these objects."""
        return cls(context, clock, {_path(each): deepcopy(each) for each in objects}, logs)

    def now(self) -> datetime:
        """The clock stands still."""
        return self.clock

    async def get(self, path: str, /, **query: str) -> Json:
        """An object, or a List of those a path holds, chosen by `fieldSelector`."""
        check_path(path)
        if path in self.objects:
            self.seen.note(secrets_in(self.objects[path]))
            return deepcopy(self.objects[path])
        resource = self._resource(path)
        items = [deepcopy(each) for each in self._items(path, resource, query)]
        made: Json = {
            "kind": f"{resource.kind}List",
            "apiVersion": "v1",
            "metadata": {},
            "items": items,
        }
        self.seen.note(secrets_in(made))
        return made

    async def table(self, path: str, /, *, objects: Objects, **query: str) -> Json:
        """The same, printed."""
        check_path(path)
        resource = self._resource(path)
        here = self.objects.get(path)
        items = [here] if here else self._items(path, resource, query)
        return deepcopy(print_table(resource.kind, items, objects, self.clock))

    async def stream(self, path: str, /, **query: str) -> AsyncIterator[bytes]:
        """A log's last `tailLines` lines."""
        check_path(path)
        name = path.rsplit("/", 2)[1]
        pod = await self.get(path.removesuffix("/log"))
        previous = query.get("previous") == "true"
        text = self.logs.get((name, query.get("container", ""), previous), "")
        for line in spoken(text, pod, query, self.clock):
            yield line

    async def preview(self, step: Restart, /) -> Json:
        """The workload as it would be; nothing is changed."""
        return self._stamped(step)

    async def commit(self, step: Restart) -> str:
        """Restart: the template is stamped, and the pods are new ones that have yet to start.

        Raises:
            Conflict: If the workload is not the one that was planned for.
        """
        path = _where(step)
        raw = await self.get(path)
        made = parse_workload(raw, step.kind)
        if (made.uid, made.template) != (step.uid, step.template):
            raise Conflict(f"{step.kind}/{step.name} changed meanwhile; nothing was done")
        self.objects[path] = self._stamped(step)
        self._roll(step)
        return f"{step.kind}/{step.name} in {step.namespace} restarts since {stamp(self.clock)}"

    def _stamped(self, step: Restart) -> Json:
        path = _where(step)
        if path not in self.objects:
            raise NotFound(f"{step.kind}/{step.name} is not there any more")
        raw = deepcopy(self.objects[path])
        head: Json = raw["spec"]["template"].setdefault("metadata", {})
        head.setdefault("annotations", {})[RESTARTED_AT] = stamp(self.clock)
        raw["metadata"]["generation"] = raw["metadata"].get("generation", 1) + 1
        raw["status"]["observedGeneration"] = raw["metadata"]["generation"]
        return raw

    def _roll(self, step: Restart) -> None:
        """All pods of the workload give way to new ones at once."""
        code = _code(f"{step.uid}{stamp(self.clock)}", 9)
        makers = {step.name: step.name}
        if step.kind == "Deployment":
            makers = {self._new_replica_set(old, step, code): old for old in self._made_by(step)}
        for path, raw in tuple(self.objects.items()):
            maker = parse_controller(raw["metadata"])
            new = next((n for n, old in makers.items() if maker and old == maker.name), None)
            if raw["kind"] == "Pod" and new and raw["metadata"]["namespace"] == step.namespace:
                del self.objects[path]
                fresh = self._fresh(raw, new, code)
                self.objects[_path(fresh)] = fresh

    def _made_by(self, step: Restart) -> list[str]:
        """The ReplicaSets of a Deployment that want pods."""
        return [
            raw["metadata"]["name"]
            for raw in self.objects.values()
            if raw["kind"] == "ReplicaSet"
            and raw["metadata"]["namespace"] == step.namespace
            and raw["spec"]["replicas"]
            and str(parse_controller(raw["metadata"])) == f"Deployment/{step.name}"
        ]

    def _new_replica_set(self, old: str, step: Restart, code: str) -> str:
        path = path_to(_PAGES["ReplicaSet"], step.namespace, old)
        new = deepcopy(self.objects[path])
        self.objects[path]["spec"]["replicas"] = 0
        self.objects[path]["status"] = {"replicas": 0}
        new["metadata"] |= {
            "name": f"{step.name}-{code}",
            "uid": f"uid-{code}",
            "creationTimestamp": stamp(self.clock),
        }
        new["spec"]["template"] = deepcopy(self.objects[_where(step)]["spec"]["template"])
        new["status"] = {"replicas": new["spec"]["replicas"], "readyReplicas": 0}
        self.objects[_path(new)] = new
        return new["metadata"]["name"]

    def _fresh(self, raw: Json, maker: str, code: str) -> Json:
        fresh = deepcopy(raw)
        head, when = fresh["metadata"], stamp(self.clock)
        head |= {"uid": f"uid-{_code(head['uid'] + when, 12)}", "creationTimestamp": when}
        if "pod-template-hash" in part(head, "labels"):
            head["name"] = f"{maker}-{_code(head['uid'], 5)}"
            head["labels"] = {**head["labels"], "pod-template-hash": code}
            head["ownerReferences"][0] |= {"name": maker, "uid": f"uid-{code}"}
        status = fresh["status"]
        status["phase"] = "Pending"
        status["containerStatuses"] = (
            [
                {
                    "name": each["name"],
                    "image": each["image"],
                    "ready": False,
                    "started": False,
                    "restartCount": 0,
                    "state": {"waiting": {"reason": "ContainerCreating"}},
                }
                for each in fresh["spec"]["containers"]
            ]
            if fresh["spec"].get("nodeName")
            else []
        )
        return fresh

    def _resource(self, path: str) -> Resource:
        """Which resource a list path names.

        Raises:
            NotFound: If the path names one object, which is not there.
        """
        for resource in _PAGES.values():
            lists = path.startswith(f"{resource.root}/") and path.endswith(f"/{resource.plural}")
            if lists or (path in self.objects and self.objects[path]["kind"] == resource.kind):
                return resource
        *_, plural, name = path.split("/")
        raise NotFound(f'{plural} "{name}" not found')

    def _items(self, path: str, resource: Resource, query: Mapping[str, str]) -> list[Json]:
        scope = path.removesuffix(resource.plural)
        return [
            raw
            for _, raw in sorted(self.objects.items())
            if raw["kind"] == resource.kind
            and (
                scope == f"{resource.root}/" or _path(raw).startswith(f"{scope}{resource.plural}/")
            )
            and selected(raw, query.get("fieldSelector", ""))
            and selected(part(raw, "metadata", "labels"), query.get("labelSelector", ""), "")
        ]


def selected(raw: Json, selector: str, dot: str = ".") -> bool:
    """Whether the fields, or with no dot the labels, are as a selector says."""
    for clause in filter(None, selector.split(",")):
        field_, _, wanted = clause.partition("=")
        found = raw
        for step in field_.split(dot) if dot else (field_,):
            found = found.get(step, {})
        if found != wanted:
            return False
    return True


def _path(raw: Json) -> str:
    head = raw["metadata"]
    return path_to(_PAGES[raw["kind"]], head.get("namespace", ""), head["name"])


def _where(step: Restart) -> str:
    resource = next(each for each in RESTARTABLE if each.kind == step.kind)
    return path_to(resource, step.namespace, step.name)


def _code(text: str, length: int) -> str:
    return sha256(text.encode()).hexdigest()[:length].translate(_CODE)
