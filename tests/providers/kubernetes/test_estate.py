"""How the cluster tells its part of the estate: loaded once, linked, found, looked at, changed."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from fivetabs.core import Denied, Link, Scope, Subject, quoted, secret
from fivetabs.providers.kubernetes import PROVIDER
from fivetabs.providers.kubernetes.demo import CLOCK, CONTEXT, incident, make_world
from fivetabs.providers.kubernetes.demo.network import network
from fivetabs.providers.kubernetes.demo.objects import deployment, meta
from fivetabs.providers.kubernetes.demo.world import World
from fivetabs.providers.kubernetes.port import Json, Objects
from fivetabs.providers.kubernetes.shapes.configs import ConfigMap
from fivetabs.providers.kubernetes.shapes.services import Service
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot
from fivetabs.providers.kubernetes.shapes.spoken import names_host

pytestmark = pytest.mark.anyio
assert PROVIDER.chart is not None
CHART = PROVIDER.chart


def thing(*parts: str) -> Subject:
    return Subject("k8s", CONTEXT, parts)


def world_with(*more: Json) -> World:
    return World.of(CONTEXT, CLOCK, [*incident.objects(), *more], incident.logs())


async def demo(namespace: str = "") -> Snapshot:
    return await CHART.load(make_world(), Scope(namespace))


def chain(links: tuple[Link, ...], *steps: Subject | str) -> bool:
    """Whether each step needs the next one."""
    pairs = {(link.source, link.target) for link in links}
    return all(pair in pairs for pair in pairwise(steps))


class Counting(World):
    """A world that counts what is asked of it, and refuses what it is told to refuse."""

    asked: list[str]
    denies: tuple[str, ...]

    async def get(self, path: str, /, **query: str) -> Json:
        self._note(path)
        return await super().get(path, **query)

    async def table(self, path: str, /, *, objects: Objects, **query: str) -> Json:
        self._note(path)
        return await super().table(path, objects=objects, **query)

    def _note(self, path: str) -> None:
        self.asked.append(path)
        if any(path.endswith(each) for each in self.denies):
            raise Denied(f"{path} is not for you")


def counting(*denies: str) -> Counting:
    world = Counting.of(CONTEXT, CLOCK, incident.objects(), incident.logs())
    assert isinstance(world, Counting)
    world.asked, world.denies = [], denies
    return world


async def test_each_kind_is_listed_once_and_only_suspects_are_read_whole() -> None:
    world = counting()
    await CHART.load(world, Scope())
    lists = [path for path in world.asked if path.rsplit("/", 1)[-1].isalpha()]
    pods = [path for path in world.asked if "/pods/" in path]
    assert len(lists) == len(set(lists))
    assert len(pods) <= 5
    assert not any("storefront" in path for path in pods)


async def test_the_chain_from_the_ingress_to_the_machine_is_linked() -> None:
    links = CHART.links(await demo())
    assert chain(
        links,
        thing("shop", "Ingress", "shop"),
        thing("shop", "Service", "orders-api"),
        thing("shop", "Deployment", "orders-api"),
        thing("shop", "ReplicaSet", "orders-api-6c9d8f7b5"),
        thing("shop", "Pod", "orders-api-6c9d8f7b5-x2k4p"),
        thing("shop", "Service", "orders-db"),
        thing("shop", "StatefulSet", "orders-db"),
        thing("shop", "Pod", "orders-db-0"),
        thing("Node", "worker-c"),
        "i-0c3a5f7e9b1d20003",
    )
    assert chain(
        links,
        thing("shop", "Pod", "orders-db-0"),
        thing("shop", "PersistentVolumeClaim", "data-orders-db-0"),
        thing("PersistentVolume", "pvc-7f3c1b52"),
        "vol-0f4e3d2c1b0a90005",
    )


async def test_a_link_says_where_it_was_seen() -> None:
    links = CHART.links(await demo())
    wire = next(
        link
        for link in links
        if link.source == thing("shop", "Deployment", "orders-api")
        and link.target == thing("shop", "Service", "orders-db")
    )
    assert wire.via == "env DB_HOST of container orders-api"


async def test_names_of_other_houses_become_links() -> None:
    env = [
        {"name": "ASSETS_BUCKET", "value": "shop-assets-123456789012"},
        {"name": "QUEUE", "value": "https://sqs.eu-west-1.amazonaws.com/123456789012/orders"},
        {"name": "DB_URL", "value": "postgres://u:p@orders.abc.eu-west-1.rds.amazonaws.com/x"},
        {"name": "ROLE", "value": "arn:aws:iam::123456789012:role/exporter"},
    ]
    spec = {"containers": [{"name": "export", "image": "e:1", "env": env}]}
    made = deployment("export", "shop", spec, "5c6d7e8f9", wanted=1, ready=1)
    links = CHART.links(await CHART.load(world_with(*made), Scope()))
    mine = {link.target for link in links if link.source == thing("shop", "Deployment", "export")}
    assert mine >= {
        "shop-assets-123456789012",
        "https://sqs.eu-west-1.amazonaws.com/123456789012/orders",
        "orders",
        "orders.abc.eu-west-1.rds.amazonaws.com",
        "arn:aws:iam::123456789012:role/exporter",
    }
    assert not any("u:p" in f"{link.target} {link.via}" for link in links)


async def test_a_namespace_is_read_alone_but_services_everywhere() -> None:
    snapshot = await demo("default")
    assert {row.namespace for row in snapshot.pods} == {"default"}
    assert snapshot.find(Service, "shop", "orders-db")
    assert snapshot.knows(Service, "shop")
    assert not snapshot.knows(ConfigMap, "shop")


async def test_a_kind_that_is_denied_is_missing_and_accuses_nobody() -> None:
    world = counting("/services", "/ingresses")
    snapshot = await CHART.load(world, Scope())
    told = CHART.survey(snapshot)
    assert [each.partition(":")[0] for each in told.missing] == ["ingresses", "services"]
    assert not [f.code for f in told.findings if f.code.startswith(("K8S66", "K8S67", "K8S70"))]
    assert any(f.code == "K8S401" for f in told.findings)


async def test_where_all_pods_may_not_be_listed_the_own_namespace_is_read() -> None:
    snapshot = await CHART.load(counting("/api/v1/pods"), Scope())
    assert snapshot.namespace == "default"
    assert [row.name for row in snapshot.pods] == ["broken-app-5d4f8c7b9-k7x2m"]
    assert snapshot.missing[0].startswith("all namespaces but default: pods: ")


async def test_the_same_world_gives_the_same_findings_links_and_aliases() -> None:
    one, other = await demo(), await demo()
    assert CHART.survey(one) == CHART.survey(other)
    assert CHART.links(one) == CHART.links(other)
    assert list(CHART.aliases(one).items()) == list(CHART.aliases(other).items())


async def test_services_are_known_by_every_form_of_their_dns_name() -> None:
    known = CHART.aliases(await demo())
    forms = ("orders-db", "orders-db.shop", "orders-db.shop.svc.cluster.local")
    assert {known[form] for form in forms} == {thing("shop", "Service", "orders-db")}
    assert known["shop.example"] == thing("shop", "Ingress", "shop")
    assert "i-0c3a5f7e9b1d20003" not in known  # That is the machine, not the node on it.


@pytest.mark.parametrize(
    ("words", "best", "score"),
    [
        ("orders-api", ("shop", "Deployment", "orders-api"), 1.0),
        ("statefulset/orders-db", ("shop", "StatefulSet", "orders-db"), 1.0),
        ("shop/storefront", ("shop", "Deployment", "storefront"), 1.0),
        ("why is the orders api failing?", ("shop", "Deployment", "orders-api"), 0.9),
        ("orders-appi", ("shop", "Deployment", "orders-api"), 0.85),
    ],
)
async def test_names_and_words_find_what_they_mean(
    words: str, best: tuple[str, ...], score: float
) -> None:
    found = CHART.find(await demo(), words)
    assert found[0].subject == thing(*best)
    assert found[0].score == pytest.approx(score, abs=0.05)


async def test_nonsense_finds_nothing() -> None:
    snapshot = await demo()
    assert CHART.find(snapshot, "xyzzy plugh") == ()
    assert CHART.find(snapshot, "why is it not working") == ()


async def test_a_closer_look_at_a_workload_brings_the_log_of_its_sickest_pod() -> None:
    snapshot, world = await demo(), make_world()
    told = await CHART.look(world, snapshot, thing("shop", "Deployment", "orders-api"))
    assert any("could not connect to orders-db" in each.quote for each in told.evidence)
    assert any(link.target == thing("shop", "Service", "orders-db") for link in told.links)
    assert told.findings
    assert not told.missing


async def test_a_closer_look_at_what_is_gone_says_so_or_nothing() -> None:
    told = await CHART.look(make_world(), await demo(), thing("shop", "Pod", "gone"))
    assert (told.evidence, told.findings) == ((), ())


async def test_a_rollout_is_told_with_what_differs_and_who_did_it() -> None:
    told = await CHART.changes(rolled(), CLOCK - timedelta(hours=1), Scope("shop"))
    mine = {c.what: c for c in told.changes if c.subject.name == "pricing"}
    image = mine["revision 4: image of container pricing changed"]
    assert (image.before, image.after, image.who) == ("p:1", "p:2", "kubectl-set")
    host = mine["revision 4: env DB_HOST of container pricing changed"]
    assert (host.before, host.after) == (quoted("orders-db"), quoted("orders-dbb"))
    word = mine["revision 4: env DB_PASSWORD of container pricing changed"]
    assert (word.before, word.after) == (secret("old-word"), secret("new-word"))


async def test_an_updated_config_map_is_told_with_its_writer() -> None:
    config: Json = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta("prices", "shop")}
    config["metadata"]["managedFields"] = [touch("kubectl-edit", "10:01", {"f:data": KEY})]
    told = await CHART.changes(world_with(config), CLOCK - timedelta(hours=1), Scope())
    change = next(c for c in told.changes if c.subject.name == "prices")
    assert change.what == "updated (keys among app.conf)"
    assert change.who == "kubectl-edit"
    assert change.when == datetime(2026, 3, 12, 10, 1, tzinfo=UTC)


async def test_events_are_folded_and_old_ones_left_out() -> None:
    told = await CHART.changes(make_world(), CLOCK - timedelta(minutes=12), Scope())
    backs = [c for c in told.changes if "BackOff" in c.what and "orders-api" in str(c.subject)]
    assert [(each.count, "(2 pods)" in each.what) for each in backs] == [(76, True)]
    assert any(c.subject == thing("Node", "worker-c") for c in told.changes)
    late = await CHART.changes(make_world(), CLOCK - timedelta(minutes=5), Scope())
    assert not any(c.subject == thing("Node", "worker-c") for c in late.changes)


async def test_services_that_never_had_pods_are_not_accused() -> None:
    left = deepcopy(next(each for each in network() if each["metadata"]["name"] == "storefront"))
    left["metadata"]["name"] = "billing"
    left["spec"]["selector"] = {"app": "billing"}
    told = CHART.survey(await CHART.load(world_with(left), Scope()))
    assert not [each for each in told.findings if "billing" in each.subject]


KEY: Mapping[str, Any] = {"f:app.conf": {}}


def touch(manager: str, time: str, fields: Json) -> Json:
    when = f"2026-03-12T{time}:00Z"
    return {"manager": manager, "operation": "Update", "time": when, "fieldsV1": fields}


def rolled() -> World:
    """A Deployment whose image and environment were changed at ten o'clock."""
    old, new = revision("p:1", "orders-db", "old-word"), revision("p:2", "orders-dbb", "new-word")
    made, now = deployment("pricing", "shop", new, "bbbbbbbbb", wanted=1, ready=1)
    _, before = deployment("pricing", "shop", old, "aaaaaaaaa", wanted=0, ready=0)
    for each, number in ((before, "3"), (now, "4")):
        each["metadata"]["annotations"] = {"deployment.kubernetes.io/revision": number}
    now["metadata"]["creationTimestamp"] = "2026-03-12T10:00:00Z"
    made["metadata"]["managedFields"] = [touch("kubectl-set", "10:00", {"f:spec": {}})]
    return world_with(made, before, now)


def revision(image: str, host: str, word: str) -> Json:
    env = [{"name": "DB_HOST", "value": host}, {"name": "DB_PASSWORD", "value": word}]
    return {"containers": [{"name": "pricing", "image": image, "env": env}]}


def test_a_variable_of_nearly_its_name_does_not_name_a_host() -> None:
    assert names_host("lookup ledger: no such host", "ledger")
    assert names_host("dial tcp ledger.shop:80: refused", "ledger")
    assert not names_host("environment variable LEDGER_URL is not set", "ledger")
