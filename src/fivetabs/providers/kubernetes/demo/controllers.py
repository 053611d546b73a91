"""What the controllers of the demo cluster make of a change: ReplicaSets, pods and endpoints."""

from copy import deepcopy
from typing import Any

from fivetabs.core import stamp
from fivetabs.providers.kubernetes.demo.fates import AGE, born, revived
from fivetabs.providers.kubernetes.demo.stage import Stage, code, is_ready, owner_of
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.edits import written
from fivetabs.providers.kubernetes.shapes.fields import part, parts
from fivetabs.providers.kubernetes.shapes.revisions import NUMBER, current_of, parse_revisions

_ROLLED = frozenset({"Deployment", "StatefulSet"})
_HASH = "pod-template-hash"


def settle(stage: Stage, before: Json, after: Json) -> None:
    """Write the object, and let all that follows from it have happened."""
    stage.put(after)
    namespace = after["metadata"].get("namespace", "")
    kind = after["kind"]
    if kind in _ROLLED and not after["spec"].get("paused"):
        rolled = _template(before) != _template(after)
        _deployment(stage, after) if kind == "Deployment" else _set(stage, after, rolled=rolled)
    for raw in list(stage.all("Pod", namespace)):
        if (well := revived(stage, raw)) is not None:
            stage.put(well)
    for kind_ in sorted(_ROLLED):
        for each in list(stage.all(kind_, namespace)):
            _count(stage, each)
    _reslice(stage, namespace)


def _template(raw: Json) -> str:
    return written(part(raw, "spec", "template"))


def _deployment(stage: Stage, made: Json) -> None:
    """One ReplicaSet has the template and all the pods, the others have none."""
    sets = stage.owned("ReplicaSet", made)
    known = parse_revisions("Deployment", made["metadata"]["uid"], sets)
    current = current_of(part(made, "spec", "template"), known)
    newest = max((each.number for each in known), default=0)
    own = _new_set(stage, made) if current is None else _named(sets, current.source)
    number = newest if current is not None and current.number == newest else newest + 1
    for each in (*(s for s in sets if s is not own), own):
        wanted = made["spec"]["replicas"] if each is own else 0
        each["spec"]["replicas"] = wanted
        pods = stage.owned("Pod", each)
        for surplus in pods[wanted:]:
            stage.drop(surplus)
        for index in range(len(pods), wanted):
            _add_pod(stage, each, f"{each['metadata']['name']}-", index)
        ready = sum(map(is_ready, stage.owned("Pod", each)))
        each["status"] = {"replicas": wanted, "readyReplicas": ready, "availableReplicas": ready}
    for each in (own, made):
        each["metadata"].setdefault("annotations", {})[NUMBER] = str(number)


def _named(sets: list[Json], source: str) -> Json:
    return next(each for each in sets if source.endswith(each["metadata"]["name"]))


def _new_set(stage: Stage, made: Json) -> Json:
    meta, text = made["metadata"], _template(made)
    hashed = code(f"{meta['uid']}{text}", 9)
    template = deepcopy(made["spec"]["template"])
    template["metadata"]["labels"] = {**template["metadata"]["labels"], _HASH: hashed}
    raw: Json = {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {
            "name": f"{meta['name']}-{hashed}",
            "namespace": meta["namespace"],
            "uid": f"uid-{hashed}",
            "creationTimestamp": stamp(stage.now - AGE),
            "resourceVersion": "1",
            "generation": 1,
            "labels": template["metadata"]["labels"],
            "ownerReferences": owner_of(made),
        },
        "spec": {
            "replicas": 0,
            "selector": {"matchLabels": template["metadata"]["labels"]},
            "template": template,
        },
        "status": {"replicas": 0},
    }
    stage.put(raw)
    return raw


def _set(stage: Stage, made: Json, *, rolled: bool) -> None:
    """A StatefulSet's pods keep their names; a new template has a new revision and new pods."""
    revision = _revision(stage, made)
    wanted = made["spec"]["replicas"]
    for each in stage.owned("Pod", made):
        number = int(each["metadata"]["name"].rpartition("-")[2])
        if number >= wanted or rolled:
            stage.drop(each)
    have = {each["metadata"]["name"] for each in stage.owned("Pod", made)}
    for number in range(wanted):
        if f"{made['metadata']['name']}-{number}" not in have:
            _add_pod(stage, made, f"{made['metadata']['name']}-", number, revision=revision)
    made["status"] |= {"updateRevision": revision, "currentRevision": revision}


def _revision(stage: Stage, made: Json) -> str:
    meta = made["metadata"]
    kept = stage.owned("ControllerRevision", made)
    known = parse_revisions("StatefulSet", meta["uid"], kept)
    current = current_of(made["spec"]["template"], known)
    newest = max((each.number for each in known), default=0)
    if current is not None:
        own = _named(kept, current.source)
        own["revision"] = newest if current.number == newest else newest + 1
        return own["metadata"]["name"]
    raw = controller_revision(made, newest + 1, stamp(stage.now - AGE))
    stage.put(raw)
    return raw["metadata"]["name"]


def controller_revision(made: Json, number: int, created: str) -> Json:
    """The apps/v1 ControllerRevision of a workload's template."""
    meta = made["metadata"]
    hashed = code(f"{meta['uid']}{_template(made)}", 10)
    template = {**deepcopy(made["spec"]["template"]), "$patch": "replace"}
    return {
        "apiVersion": "apps/v1",
        "kind": "ControllerRevision",
        "metadata": {
            "name": f"{meta['name']}-{hashed}",
            "namespace": meta["namespace"],
            "uid": f"uid-{hashed}",
            "creationTimestamp": created,
            "resourceVersion": "1",
            "labels": {
                **made["spec"]["template"]["metadata"]["labels"],
                "controller.kubernetes.io/hash": hashed,
            },
            "ownerReferences": owner_of(made),
        },
        "revision": number,
        "data": {"spec": {"template": template}},
    }


def _add_pod(stage: Stage, maker: Json, stem: str, number: int, *, revision: str = "") -> None:
    meta, template = maker["metadata"], maker["spec"]["template"]
    drawn = code(f"{meta['uid']}{number}{stamp(stage.now)}", 5)
    name = f"{stem}{number}" if revision else f"{stem}{drawn}"
    labels = dict(part(template, "metadata", "labels"))
    if revision:
        labels["controller-revision-hash"] = revision
    head = {
        "name": name,
        "namespace": meta["namespace"],
        "uid": f"uid-{code(name + stamp(stage.now), 12)}",
        "creationTimestamp": stamp(stage.now - AGE),
        "resourceVersion": "1",
        "labels": labels,
        "ownerReferences": owner_of(maker),
    }
    spec: Json = deepcopy(part(template, "spec"))
    made, events = born(stage, head, spec, f"10.42.1.{40 + sum(map(ord, name)) % 200}")
    for each in (made, *events):
        stage.put(each)
    _speak(stage, made)


def _speak(stage: Stage, made: Json) -> None:
    """A new pod of a program writes what its siblings write."""
    for container in parts(made, "spec", "containers"):
        for previous in (False, True):
            of = (k for k in stage.logs if k[1:] == (container["name"], previous))
            if (sibling := next(of, None)) is not None:
                stage.logs[made["metadata"]["name"], container["name"], previous] = stage.logs[
                    sibling
                ]


def _count(stage: Stage, made: Json) -> None:
    """The status of a workload, as its controller would write it."""
    sets = stage.owned("ReplicaSet", made) if made["kind"] == "Deployment" else [made]
    pods = [p for each in sets for p in stage.owned("Pod", each)]
    ready = sum(map(is_ready, pods))
    counts: dict[str, Any] = {
        "observedGeneration": made["metadata"].get("generation", 1),
        "replicas": len(pods),
        "updatedReplicas": len(pods),
        "readyReplicas": ready,
        "availableReplicas": ready,
    }
    made["status"] = {**part(made, "status"), **counts}


def _reslice(stage: Stage, namespace: str) -> None:
    """The endpoints of each Service that chooses pods."""
    for service in list(stage.all("Service", namespace)):
        selector = part(service, "spec", "selector")
        name = service["metadata"]["name"]
        slices = (
            each
            for each in stage.all("EndpointSlice", namespace)
            if part(each["metadata"], "labels").get("kubernetes.io/service-name") == name
        )
        found = next(slices, None)
        if not selector or found is None:
            continue
        chosen = [
            each
            for each in stage.all("Pod", namespace)
            if selector.items() <= part(each["metadata"], "labels").items()
            and part(each, "status").get("podIP")
        ]
        ports = [
            {"name": p.get("name", ""), "port": p.get("targetPort"), "protocol": "TCP"}
            for p in parts(service, "spec", "ports")
        ]
        found["endpoints"] = [_endpoint(each) for each in chosen] or None
        found["ports"] = ports if chosen else None


def _endpoint(raw: Json) -> Json:
    ready = is_ready(raw)
    return {
        "addresses": [raw["status"]["podIP"]],
        "conditions": {"ready": ready, "serving": ready, "terminating": False},
        "nodeName": raw["spec"].get("nodeName", ""),
        "targetRef": {"kind": "Pod", "name": raw["metadata"]["name"]},
    }
