"""The demo account served in AWS's own wire formats (query, EC2, REST-XML, JSON) over real HTTP.

It answers as an HTTP proxy too, so that hosts with the account or the bucket in front reach it.
"""

import asyncio
import json
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from fivetabs.core import Invalid, NotFound
from fivetabs.providers.aws.auth.targets import Target
from fivetabs.providers.aws.demo import World
from fivetabs.providers.aws.port import Account

HOST = "aws.test"
_PROTOCOLS = {
    "ec2": "ec2",
    **dict.fromkeys(("sts", "elbv2", "autoscaling", "rds"), "query"),
    **dict.fromkeys(("cloudwatch", "ce", "logs", "sqs", "cloudtrail"), "json"),
}
_SIGNED_AS = {"monitoring": "cloudwatch", "elasticloadbalancing": "elbv2"}
_BUCKET_READS = {
    "publicAccessBlock": "GetPublicAccessBlock",
    "policyStatus": "GetBucketPolicyStatus",
    "acl": "GetBucketAcl",
    "location": "GetBucketLocation",
}


@dataclass(frozen=True)
class Request:
    """One request as AWS would understand it."""

    service: str
    operation: str
    region: str
    params: dict[str, Any] = field(default_factory=dict[str, Any])
    path: str = "/"


@dataclass
class Behaviour:
    """What the server does instead of answering, what it was asked, and how its clock goes.

    `ahead` is how many seconds its clock is before this machine's.
    """

    errors: dict[str, tuple[int, str, str]] = field(default_factory=dict[str, tuple[int, str, str]])
    once: dict[str, tuple[int, str, str]] = field(default_factory=dict[str, tuple[int, str, str]])
    details: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    garbage: set[str] = field(default_factory=set[str])
    held: dict[str, threading.Event] = field(default_factory=dict[str, threading.Event])
    asked: list[Request] = field(default_factory=list[Request])
    knocks: int = 0
    ahead: float = 0.0

    def operations(self) -> list[str]:
        return [f"{each.service}:{each.operation}" for each in self.asked]


class _Account(ThreadingHTTPServer):
    """The server, with the world it tells and how it behaves."""

    daemon_threads = True

    def __init__(self, behaviour: Behaviour, world: Account, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.behaviour = behaviour
        self.world = world
        self.telling = threading.Lock()

    def ask(self, request: Request) -> dict[str, Any]:
        with self.telling:
            if request.operation == "RebootInstances":
                if isinstance(self.world, World):
                    self.world.life.rebooted.append(request.params["InstanceId.1"])
                return {}
            return asyncio.run(
                self.world.read(
                    request.service, request.operation, request.region, **request.params
                )
            )


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._reply()

    def do_POST(self) -> None:
        self._reply()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

    def date_time_string(self, timestamp: float | None = None) -> str:
        now = time.time() if timestamp is None else timestamp
        return super().date_time_string(now + cast("_Account", self.server).behaviour.ahead)

    def _reply(self) -> None:
        server = cast("_Account", self.server)
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if "Authorization" not in self.headers:
            server.behaviour.knocks += 1
            self._send(404, b"<UnknownOperationException/>", "text/xml")
            return
        request = replace(understand(self.path, dict(self.headers), text), path=self.path)
        server.behaviour.asked.append(request)
        with suppress(ConnectionError):
            self._send(*_told(server, request))

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _told(server: _Account, request: Request) -> tuple[int, bytes, str]:
    behaviour, operation = server.behaviour, request.operation
    if operation in behaviour.held:
        behaviour.held[operation].wait(60)
    if operation in behaviour.garbage:
        return 200, b"<html>hotel wifi", "text/html"
    error = behaviour.once.pop(operation, None) or behaviour.errors.get(operation)
    if operation == "RebootInstances" and request.params.get("DryRun") == "true":
        error = error or (412, "DryRunOperation", "Request would have succeeded")
    if error is not None:
        return error[0], *_error(request, *error[1:], **behaviour.details.get(operation, {}))
    try:
        answer = server.ask(request)
    except NotFound as fault:
        if request.service == "logs":
            return 400, *_error(request, "ResourceNotFoundException", str(fault))
        return 404, *_error(request, "NoSuchThing", str(fault))
    except Invalid as fault:
        return 400, *_error(request, "MalformedQueryException", str(fault))
    return 200, *_serialised(request, answer)


@contextmanager
def serve(behaviour: Behaviour, world: Account | None = None, port: int = 0) -> Generator[int]:
    """Serve an account, that of the demo by default, on loopback until the caller leaves."""
    server = _Account(behaviour, world or World(Target()), port)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        for event in behaviour.held.values():
            event.set()
        server.shutdown()
        server.server_close()


def understand(path: str, headers: dict[str, str], text: str) -> Request:
    """Which operation of which service a signed request is."""
    scope = headers["Authorization"].partition("Credential=")[2].split(",")[0].split("/")
    region, service = scope[2], _SIGNED_AS.get(scope[3], scope[3])
    if _PROTOCOLS.get(service) in {"ec2", "query"}:
        form = dict(parse_qsl(text))
        return Request(service, form.pop("Action"), region, form)
    if _PROTOCOLS.get(service) == "json":
        operation = headers["X-Amz-Target"].rpartition(".")[2]
        return Request(service, operation, region, json.loads(text or "{}"))
    return _s3(path, region)


def _s3(path: str, region: str) -> Request:
    parts = urlsplit(path)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    bucket = (parts.hostname or "").removesuffix(HOST).rstrip(".")
    bucket = bucket or parts.path.strip("/")
    if parts.path.startswith("/v20180820/"):
        return Request("s3control", "GetPublicAccessBlock", region, {"AccountId": bucket})
    for key, operation in _BUCKET_READS.items():
        if key in query:
            return Request("s3", operation, region, {"Bucket": bucket})
    return Request("s3", "ListBuckets", region)


def _serialised(request: Request, answer: dict[str, Any]) -> tuple[bytes, str]:
    protocol = _PROTOCOLS.get(request.service, "rest-xml")
    serialize: Any = import_module("moto.core.serialize")
    models: Any = import_module("moto.core.utils")
    model = models.get_service_model(request.service).operation_model(request.operation)
    made = serialize.get_serializer_class(request.service, protocol)(model).serialize(answer)
    body = made["body"]
    body = body.encode() if isinstance(body, str) else body
    return body, "application/x-amz-json-1.1" if protocol == "json" else "text/xml"


def _error(request: Request, code: str, message: str, **details: Any) -> tuple[bytes, str]:
    told = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    match _PROTOCOLS.get(request.service, "rest-xml"):
        case "json":
            told = {"__type": code, "message": message, **details}
            return json.dumps(told).encode(), "application/json"
        case "ec2":
            return f"<Response><Errors>{told}</Errors></Response>".encode(), "text/xml"
        case "query":
            return f"<ErrorResponse>{told}</ErrorResponse>".encode(), "text/xml"
        case _:
            return told.encode(), "application/xml"
