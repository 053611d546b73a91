"""An image registry that never has the image, and says so in a different way for each project.

`private/*` needs credentials, `limited/*` is over its quota, `broken/*` fails inside; every other
image is not found.
"""

import json
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ANSWERS = {
    "private": (HTTPStatus.UNAUTHORIZED, "UNAUTHORIZED", "authentication required"),
    "limited": (HTTPStatus.TOO_MANY_REQUESTS, "TOOMANYREQUESTS", "pull rate limit reached"),
    "broken": (HTTPStatus.INTERNAL_SERVER_ERROR, "UNKNOWN", "storage backend is down"),
}
UNKNOWN = (HTTPStatus.NOT_FOUND, "MANIFEST_UNKNOWN", "manifest unknown")


class Registry(BaseHTTPRequestHandler):
    """The read half of the OCI distribution protocol, for images that are not there."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer the ping with yes, and everything else with the project's own no."""
        path = self.path.split("?")[0]
        if path.rstrip("/") == "/v2":
            self._answer(HTTPStatus.OK, {})
            return
        status, code, message = ANSWERS.get(path.split("/")[2], UNKNOWN)
        self._answer(status, {"errors": [{"code": code, "message": message}]})

    do_HEAD = do_GET  # noqa: N815

    def _answer(self, status: HTTPStatus, body: object) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Docker-Distribution-Api-Version", "registry/2.0")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if status is HTTPStatus.UNAUTHORIZED:
            self.send_header("WWW-Authenticate", 'Basic realm="rig"')
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002, ARG002
        sys.stderr.write(f"{self.command} {self.path}\n")


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Registry).serve_forever()
