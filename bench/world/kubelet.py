"""The one thing the API server asks of a kubelet here: a container's log, over HTTPS on loopback.

Arguments: port, certificate, key. Every container says the same: some hundred lines of work and,
in a crash loop, an error at the end.
"""

import ssl
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

_LINES = 400
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


class Kubelet(BaseHTTPRequestHandler):
    """Answers GET /containerLogs/<namespace>/<pod>/<container>."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        where = urlsplit(self.path)
        known = where.path.startswith("/containerLogs/")
        content = asked(dict(parse_qsl(where.query))) if known else b""
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


def main(port: str, certificate: str, key: str) -> None:
    """Serve until the process is ended."""
    server = ThreadingHTTPServer(("127.0.0.1", int(port)), Kubelet)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
