"""A cluster in memory that answers for tens of thousands of objects as fast as a large one may.

It prints as the demo world does; what that looks up by going over everything is indexed here, and
objects of rows are JSON text, as the live view leaves them.
"""

import json
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fivetabs.core import Connection, NotFound
from fivetabs.providers.kubernetes.demo import CLOCK
from fivetabs.providers.kubernetes.demo.printing import print_table
from fivetabs.providers.kubernetes.demo.world import selected
from fivetabs.providers.kubernetes.port import (
    READS,
    Cluster,
    Draft,
    Json,
    Objects,
    Resource,
    Step,
    check_path,
    path_to,
)
from tests.large.closed import refuse

CONTEXT = "large-eu"
Logs = Mapping[tuple[str, str, bool], str]
_BY_KIND = {each.kind: each for each in READS if not each.subresource}


@dataclass(frozen=True)
class Truth:
    """What there is to be found: every pod, and the code of the rule for each that fails.

    Names are `namespace/name`. `lacking` are workloads that cannot get their pods.
    """

    pods: frozenset[str]
    failing: Mapping[str, str]
    lacking: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass
class Crowd:
    """Objects by kind, by namespace and by path; `asked` counts the reads of each kind, and
    `heard` are the pods whose logs were read.
    """

    objects: dict[str, Json]
    logs: Logs
    truth: Truth
    context: str = CONTEXT
    namespace: str = "default"
    grace: timedelta = timedelta(seconds=60)
    homes: dict[tuple[str, str], list[Json]] = field(
        default_factory=dict[tuple[str, str], list[Json]]
    )
    texts: dict[str, str] = field(default_factory=dict[str, str])
    asked: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    heard: set[str] = field(default_factory=set[str])

    @classmethod
    def of(
        cls,
        objects: Iterable[Json],
        logs: Logs,
        failing: Mapping[str, str],
        lacking: Mapping[str, str] | None = None,
    ) -> "Crowd":
        """A cluster that holds these objects."""
        made = {_path(each): each for each in objects}
        pods = frozenset(_name(each) for each in made.values() if each["kind"] == "Pod")
        crowd = cls(made, logs, Truth(pods, failing, lacking or {}))
        for _, each in sorted(made.items()):
            for home in {"", each["metadata"].get("namespace", "")}:
                crowd.homes.setdefault((each["kind"], home), []).append(each)
        return crowd

    def now(self) -> datetime:
        """The clock stands still."""
        return CLOCK

    async def get(self, path: str, /, **query: str) -> Json:
        """An object, or a List."""
        check_path(path)
        if path in self.objects:
            self.asked["get"] += 1
            return self.objects[path]
        resource, namespace = _list_of(path)
        self.asked[f"list {resource.plural}"] += 1
        return {"items": list(self._chosen(resource, namespace, query))}

    async def table(self, path: str, /, *, objects: Objects, **query: str) -> Json:
        """The same, printed."""
        check_path(path)
        here = self.objects.get(path)
        resource, namespace = _list_of(path) if here is None else (_BY_KIND[here["kind"]], "")
        self.asked[f"table {resource.plural}"] += 1
        items = [here] if here is not None else list(self._chosen(resource, namespace, query))
        table = print_table(resource.kind, items, objects, CLOCK)
        if here is None and objects == "Metadata":
            for row, item in zip(table["rows"], items, strict=True):
                row["object"] = self._text(item)
        return table

    async def stream(self, path: str, /, **query: str) -> AsyncIterator[bytes]:
        """A log's last lines."""
        check_path(path)
        *_, namespace, _, name, _ = path.split("/")
        assert f"{namespace}/{name}" in self.truth.pods
        self.heard.add(f"{namespace}/{name}")
        previous = query.get("previous") == "true"
        text = self.logs.get((name, query.get("container", ""), previous), "")
        lines = text.splitlines()
        for line in lines[-int(query.get("tailLines", len(lines) or 1)) :]:
            yield f"{line}\n".encode()

    async def preview(self, step: Step | Draft, /) -> Json:
        """As it is: nothing here is ever changed."""
        return self.objects[path_to(_BY_KIND[step.kind], step.namespace, step.name)]

    def _chosen(
        self, resource: Resource, namespace: str, query: Mapping[str, str]
    ) -> Iterator[Json]:
        fields, labels = query.get("fieldSelector", ""), query.get("labelSelector", "")
        for each in self.homes.get((resource.kind, namespace), ()):
            if selected(each, fields) and selected(each["metadata"].get("labels", {}), labels, ""):
                yield each

    def _text(self, item: Json) -> str:
        uid = item["metadata"]["uid"]
        if uid not in self.texts:
            kind = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"}
            whole = {**kind, "metadata": item["metadata"]}
            self.texts[uid] = json.dumps(whole, separators=(",", ":"))
        return self.texts[uid]


@asynccontextmanager
async def opened(crowd: Crowd) -> AsyncGenerator[Connection[Cluster, Step]]:
    """The cluster as the house opens one."""

    yield Connection(crowd, refuse, f"k8s:{crowd.context}", crowd.now)


def _list_of(path: str) -> tuple[Resource, str]:
    """The resource and the namespace of a path of a list.

    Raises:
        NotFound: If it is the path of an object, which is not there.
    """
    for resource in _BY_KIND.values():
        if not path.startswith(f"{resource.root}/") or not path.endswith(f"/{resource.plural}"):
            continue
        between = path.removeprefix(f"{resource.root}/").removesuffix(resource.plural)
        return resource, between.removeprefix("namespaces/").strip("/")
    *_, plural, name = path.split("/")
    raise NotFound(f'{plural} "{name}" not found')


def _path(raw: Json) -> str:
    head = raw["metadata"]
    return path_to(_BY_KIND[raw["kind"]], head.get("namespace", ""), head["name"])


def _name(raw: Json) -> str:
    return f"{raw['metadata']['namespace']}/{raw['metadata']['name']}"
