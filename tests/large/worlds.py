"""Every large world by its house, and what the arguments of tools can be in it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Any

from fivetabs.app.connections import AnyConnection, AnyProvider
from fivetabs.cli.houses import PROVIDERS
from tests.large import aws, docker, terraform
from tests.large.kubernetes import Crowd, everyday, extremes
from tests.large.kubernetes import opened as cluster

ALL, NONE = ".*", "no-such-thing"
Given = Mapping[str, tuple[Any, ...]]
_SEARCH: Given = MappingProxyType(
    {
        "grep": (ALL, NONE, "ERROR|CRIT"),
        "exclude": (NONE, ALL),
        "since": ("24h",),
        "until": ("2026-03-12T10:00:00Z",),
    }
)


@dataclass(frozen=True)
class World:
    """A world of one house.

    `make` builds it, when it is first needed and once. `given` tells, from what was built, values
    for arguments by their names: the usual one first.
    """

    house: str
    name: str
    make: Callable[[], Any]
    open: Callable[[Any], AbstractAsyncContextManager[AnyConnection]]
    given: Callable[[Any], Given]

    def __str__(self) -> str:
        return f"{self.house}: {self.name}"

    @property
    def parts(self) -> "tuple[World, ...]":
        """The worlds of single houses that it consists of."""
        return (self,)

    @property
    def view(self) -> Any:
        """What tools are handed, with the truth about it."""
        return _made(self)

    @property
    def values(self) -> Given:
        """What arguments can be here."""
        return self.given(self.view)

    def provider(self) -> AnyProvider:
        """The house's nameplate, leading here."""
        house = next(each for each in PROVIDERS if each.name == self.house)
        return replace(house, live=self._live)

    def _live(self, *_: object) -> AbstractAsyncContextManager[AnyConnection]:
        return self.open(self.view)


@dataclass(frozen=True)
class Together(World):
    """The worlds of several houses, for the tools that span them."""

    of: tuple[World, ...] = ()

    @property
    def parts(self) -> tuple[World, ...]:
        """Those that it consists of."""
        return self.of


@cache
def _made(world: World) -> Any:
    return world.make()


def _in_cluster(crowd: Crowd) -> Given:
    """A pod to look at closely, a failing one where one fails, and its workload's name."""
    namespace, _, pod = sorted(crowd.truth.failing or crowd.truth.pods)[0].partition("/")
    made = next(n for k, n in _workloads(crowd, namespace) if k in {"Deployment", "Pod"})
    return {
        **_SEARCH,
        "pod_name": (pod,),
        "namespace": (namespace, ""),
        "name": (made, NONE),
        "container": ("",),
        "kind": ("Deployment", "Service"),
        "patch": ({"spec": {"replicas": 3}}, {"spec": {"note": NONE}}),
        "replicas": (3, 0),
        "revision": (0, 1),
    }


def _workloads(crowd: Crowd, namespace: str) -> Iterator[tuple[str, str]]:
    for kind in ("Deployment", "Pod"):
        for each in crowd.homes.get((kind, namespace), ()):
            yield kind, each["metadata"]["name"]


def _in_account(account: aws.Wide) -> Given:
    return {
        **_SEARCH,
        "state": ("ALARM", "OK", "running", "stopped"),
        "name": ("a", NONE),
        "tag": ("Name", NONE),
        "log_group": (aws.CHATTY,),
        "log_groups": (aws.CHATTY, "/large/*"),
        "query": ("fields @timestamp, @message | limit 1000",),
        "stream": ("one", NONE),
        "instance_id": (aws.instance_id(0), NONE),
    }


def _on_host(host: docker.Host) -> Given:
    names = sorted(host.sick) or [docker.CHATTY]
    running = [n for n in names if host.sick.get(n) == "DKR103"] or names
    chatty = [docker.CHATTY] if host.has(docker.CHATTY) else running[:1]
    return {
        **_SEARCH,
        "container_name": (*chatty, running[0]),
        "name": (names[0], "a", NONE),
        "state": ("sick", "running", "dead"),
    }


def _in_room(room: terraform.Room) -> Given:
    first = min(room.truth.changes)
    return {
        "directory": (terraform.DIRECTORY,),
        "address": (first, "aws", NONE),
        "plan": (terraform.SAVED,),
    }


_CLUSTERS = {
    "5,000 pods": everyday,
    "every pod failing": extremes.all_failing,
    "10,000 pods without owners": extremes.lonely,
    "one pod with everything": extremes.fat_pod,
    "3,000 long events": extremes.noisy,
    "long names": extremes.long_names,
}
_ACCOUNTS = {
    "400 instances": aws.Wide,
    "every alarm firing": lambda: aws.Wide(all_firing=True),
    "long tags": lambda: aws.Wide(long_tags=True),
    "17 regions": lambda: aws.Wide(covers=aws.REGIONS),
}
_HOSTS = {
    "300 containers": docker.everyday,
    "3,000 containers": lambda: docker.everyday(3000),
    "every container sick": docker.all_sick,
    "labels and checks in excess": docker.loud,
}
_ROOMS = {"2,000 resources": terraform.everyday, "endless addresses": terraform.endless}

SINGLE: tuple[World, ...] = (
    *(World("kubernetes", name, make, cluster, _in_cluster) for name, make in _CLUSTERS.items()),
    *(World("aws", name, make, aws.opened, _in_account) for name, make in _ACCOUNTS.items()),
    *(World("docker", name, make, docker.opened, _on_host) for name, make in _HOSTS.items()),
    *(World("terraform", name, make, terraform.opened, _in_room) for name, make in _ROOMS.items()),
)
"""The ordinary large world of a house first, then what is extreme in one way."""


def usual(house: str) -> World:
    """The ordinary large world of a house."""
    return next(each for each in SINGLE if each.house == house)


def worst(house: str) -> World:
    """The world of a house in which most is wrong."""
    return [each for each in SINGLE if each.house == house][1]


def _together(name: str, choose: Callable[[str], World]) -> Together:
    parts = tuple(choose(house.name) for house in PROVIDERS)
    return Together("estate", name, tuple, aws.opened, lambda _: _in_estate(parts), parts)


def _in_estate(parts: tuple[World, ...]) -> Given:
    """What a person would ask about: a pod by name, something in plain words, nothing that is."""
    cluster = next(each for each in parts if each.house == "kubernetes").values
    return {
        "about": (*cluster["pod_name"], "why are orders slow", NONE),
        "namespace": cluster["namespace"],
        "house": ("kubernetes", "docker", NONE),
    }


WORLDS: tuple[World, ...] = (
    *SINGLE,
    _together("everything at once", usual),
    _together("everything wrong at once", worst),
)
"""Every world: of single houses, and of all together."""


def world_of(house: str, name: str) -> World:
    """The world of this name."""
    return next(each for each in WORLDS if (each.house, each.name) == (house, name))
