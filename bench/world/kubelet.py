"""The one thing the API server asks of a kubelet here: a container's log, over HTTPS on loopback.

Arguments: port, certificate, key, a pod. Every container says the same: some hundred lines of work
and, in a crash loop, an error at the end. Only the pod that is named has a million lines.
"""

import ssl
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

LONG = 1_000_000
NEEDLE = "ledger 4711 differs from the books by 3 cents"
_LINES = 400
_AT_ONCE = 500
_NAMES = ("alice", "bob", "carol", "dave", "erin", "frank", "grace")
_LAST_WORDS = (
    "ERROR pool exhausted after 3 retries",
    "Traceback (most recent call last):",
    '  File "/app/main.py", line 41, in <module>',
    '    orders = connect("orders-db:5432", timeout=5)',
    'ConnectionRefusedError: [Errno 111] connection to "orders-db:5432" refused',
)


def lines() -> list[tuple[datetime, str]]:
    """The whole log, with the time of each line."""
    first = datetime.now(UTC) - timedelta(minutes=3, seconds=_LINES)
    work = [
        f"INFO request id={n * 7919} path=/api/v1/items took={n % 90} ms" for n in range(_LINES)
    ]
    return [(first + timedelta(seconds=n), w) for n, w in enumerate((*work, *_LAST_WORDS))]


def asked(query: Mapping[str, str]) -> bytes:
    """The part of it that the query asks for."""
    found = lines()
    if tail := query.get("tailLines"):
        found = found[-int(tail) :]
    stamped = query.get("timestamps") == "true"
    text = "".join(
        f"{at.strftime('%Y-%m-%dT%H:%M:%S.%f000Z')} {words}\n" if stamped else f"{words}\n"
        for at, words in found
    )
    most = int(query.get("limitBytes") or len(text))
    return text.encode()[:most]


def chatter(count: int) -> Iterator[str]:
    """So many lines of a busy service in ten shapes, one of which occurs once, in the middle."""
    for n in range(count):
        if n == count // 2:
            yield NEEDLE
            continue
        code = f"{n * 2654435761 % 2**32:08x}"
        yield (
            f"INFO request id={n * 7919} path=/api/v1/items took={n % 90} ms",
            f'10.0.{n % 256}.{n % 251} - - "GET /products/{n % 9999} HTTP/1.1" 200 {n % 99999}',
            f"DEBUG [worker-{n % 16}] com.shop.orders.Handler - trace {code} handled",
            f'{{"level":"info","msg":"order accepted","order":"{code}","amount":{n % 999}}}',
            f'ts=2026-11-25T10:00:00Z level=info msg="user logged in" user=u{n % 3000}',
            f"INFO user {_NAMES[n % 7]} from {_NAMES[n % 5]} opened cart {code}",
            f"DEBUG cache hit for key item:{n % 99999}:{_NAMES[n % 6]} ttl={n % 300}s",
            f"WARN slow query took {n % 5000} ms on shard {n % 32}",
            f"INFO request id={n * 7907} path=/api/v1/carts took={n % 70} ms",
            f"ERROR pool exhausted for tenant {_NAMES[n % 7]}"
            if n % 5000 == 9
            else f"INFO tick {n}",
        )[n % 10]


def chattering(count: int) -> Iterator[bytes]:
    """The same as a kubelet sends it, a piece at a time."""
    first = datetime.now(UTC) - timedelta(milliseconds=count)
    piece: list[str] = []
    for n, words in enumerate(chatter(count)):
        at = first + timedelta(milliseconds=n)
        piece.append(f"{at.strftime('%Y-%m-%dT%H:%M:%S.%f')}000Z {words}\n")
        if len(piece) == _AT_ONCE:
            yield "".join(piece).encode()
            piece.clear()
    yield "".join(piece).encode()


class Kubelet(BaseHTTPRequestHandler):
    """Answers GET /containerLogs/<namespace>/<pod>/<container>."""

    protocol_version = "HTTP/1.1"
    long = ""

    def do_GET(self) -> None:
        where = urlsplit(self.path)
        if self.long in where.path.split("/"):
            self._chatter()
            return
        known = where.path.startswith("/containerLogs/")
        content = asked(dict(parse_qsl(where.query))) if known else b""
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _chatter(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Connection", "close")
        self.end_headers()
        for piece in chattering(LONG):
            self.wfile.write(piece)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


def main(port: str, certificate: str, key: str, long: str) -> None:
    """Serve until the process is ended."""
    Kubelet.long = long
    server = ThreadingHTTPServer(("127.0.0.1", int(port)), Kubelet)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
