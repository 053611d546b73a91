"""As whom an API server knows us, and what it lets us do: asked of the server itself.

Reviews are answers in the form of an object: the API server keeps none of them.
"""

import asyncio
import json
from collections.abc import Sequence
from typing import Any, cast

from fivetabs.core import Denied, NotFound, term
from fivetabs.providers.kubernetes.live.faults import strange
from fivetabs.providers.kubernetes.live.http import Ask, Http
from fivetabs.providers.kubernetes.port import Json, Resource

_WHO = ("/apis/authentication.k8s.io/v1/selfsubjectreviews", "authentication.k8s.io/v1")
_MAY = ("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "authorization.k8s.io/v1")


async def identity_of(http: Http) -> str:
    """As whom the API server knows us; an old one cannot say."""
    try:
        status = await _reviewed(http, _WHO, "SelfSubjectReview", {})
    except (NotFound, Denied):
        return ""
    return term(str(cast("Json", status.get("userInfo") or {}).get("username") or ""))


async def lacking(
    http: Http, resources: Sequence[Resource], *, verb: str = "list"
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which of these are not allowed everywhere; and why that could not be asked, if so.

    A subresource (a pod's log) is got, whatever the verb.
    """
    asked = (_may(http, each, verb) for each in resources)
    allowed = await asyncio.gather(*asked, return_exceptions=True)
    for each in allowed:
        if isinstance(each, NotFound | Denied):
            return (), (f"rights: {each.status}: {each}",)
        if isinstance(each, BaseException):
            raise each
    told = zip(resources, allowed, strict=True)
    return tuple(_named(each, verb) for each, yes in told if not yes), ()


async def _may(http: Http, resource: Resource, verb: str) -> bool:
    wanted: Json = {
        "verb": "get" if resource.subresource else verb,
        "group": resource.group,
        "resource": resource.plural,
        "subresource": resource.subresource,
    }
    asked = {"resourceAttributes": {name: value for name, value in wanted.items() if value}}
    status = await _reviewed(http, _MAY, "SelfSubjectAccessReview", asked)
    return bool(status.get("allowed"))


def _named(resource: Resource, verb: str) -> str:
    below = f"/{resource.subresource}" if resource.subresource else ""
    group = f".{resource.group}" if resource.group else ""
    return f"{'get' if below else verb} {resource.plural}{below}{group}"


async def _reviewed(http: Http, where: tuple[str, str], kind: str, spec: Json) -> Json:
    path, version = where
    body: dict[str, Any] = {"apiVersion": version, "kind": kind, **({"spec": spec} if spec else {})}
    ask_ = Ask(
        "POST",
        path,
        headers={"Content-Type": "application/json"},
        content=json.dumps(body).encode(),
    )
    response = await http.send(ask_)
    try:
        answer: Json = response.json()
        return cast("Json", answer.get("status") or {})
    except (ValueError, AttributeError) as error:
        raise strange(http.context, response.text) from error
