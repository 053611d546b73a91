"""A cluster in memory: objects in the API's own form, asked by the API's own paths."""

from collections.abc import AsyncIterator, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fivetabs.core import NotFound, stamp
from fivetabs.core.secrecy import Seen
from fivetabs.providers.kubernetes.demo.controllers import settle
from fivetabs.providers.kubernetes.demo.fates import AGE
from fivetabs.providers.kubernetes.demo.patching import patched
from fivetabs.providers.kubernetes.demo.printing import print_table
from fivetabs.providers.kubernetes.demo.speech import spoken
from fivetabs.providers.kubernetes.demo.stage import PAGES, Stage, place_of
from fivetabs.providers.kubernetes.port import (
    Draft,
    Json,
    Objects,
    Resource,
    Restart,
    Step,
    check_path,
    path_of,
)
from fivetabs.providers.kubernetes.shapes.fields import part, parts
from fivetabs.providers.kubernetes.shapes.identity import check_restart
from fivetabs.providers.kubernetes.shapes.secrets import secrets_in

_GRACE = timedelta(seconds=60)


@dataclass(slots=True)
class World:
    """Objects by path, and logs by pod, container and whether of the run before."""

    context: str
    clock: datetime
    objects: dict[str, Json]
    logs: dict[tuple[str, str, bool], str]
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
        """A world that holds these objects, each owned by the very one that its owner names."""
        made = {place_of(each): deepcopy(each) for each in objects}
        _own(made)
        return cls(context, clock, made, dict(logs))

    def now(self) -> datetime:
        """The clock stands still, but while something is changed."""
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

    async def preview(self, step: Step | Draft, /) -> Json:
        """The object as it would be; nothing is changed."""
        return patched(self._object(path_of(step)), step, self.clock)

    async def commit(self, step: Step) -> str:
        """Write, and let what follows from it happen, for which the clock moves on a little.

        Raises:
            Conflict: If the object is not the one that was planned for.
        """
        path = path_of(step)
        if isinstance(step, Restart):
            check_restart(self._object(path), step)
        self.write(path, patched(self._object(path), step, self.clock))
        if isinstance(step, Restart):
            return f"{step.kind}/{step.name} in {step.namespace} restarts since {stamp(self.clock)}"
        fields = "1 field" if len(step.changes) == 1 else f"{len(step.changes)} fields"
        generation = self.objects[path]["metadata"].get("generation")
        told = f" (generation {generation})" if generation else ""
        return f"{fields} of {step.kind}/{step.name} in {step.namespace} written{told}"

    def write(self, path: str, after: Json) -> None:
        """Put an object into the place of the former one, and see what the controllers do."""
        before = self.objects[path]
        version = int(before["metadata"].get("resourceVersion", "1")) + 1
        after["metadata"]["resourceVersion"] = str(version)
        settle(Stage(self.objects, self.logs, self.clock + AGE), before, after)
        self.clock += AGE

    def _object(self, path: str) -> Json:
        if path not in self.objects:
            *_, plural, name = path.split("/")
            raise NotFound(f'{plural} "{name}" not found')
        return self.objects[path]

    def _resource(self, path: str) -> Resource:
        """Which resource a list path names.

        Raises:
            NotFound: If the path names one object, which is not there.
        """
        for resource in PAGES.values():
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
                scope == f"{resource.root}/"
                or place_of(raw).startswith(f"{scope}{resource.plural}/")
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


def _own(objects: Mapping[str, Json]) -> None:
    """Give the references to owners, which are written by name, the owners' own uid."""
    known = {
        (raw["kind"], raw["metadata"].get("namespace", ""), raw["metadata"]["name"]): raw[
            "metadata"
        ]
        for raw in objects.values()
    }
    for raw in objects.values():
        for each in parts(raw["metadata"], "ownerReferences"):
            owner = known.get((each["kind"], raw["metadata"].get("namespace", ""), each["name"]))
            each["uid"] = owner["uid"] if owner else each["uid"]
