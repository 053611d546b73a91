"""The API server's authentication webhook: it knows tokens that name their user and their end.

A token is `rig.<user>.<unix time of its end>.<signature>`, so whoever has the key file can make
one, and no list of them is kept.
"""

import hmac
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def sign(key: bytes, user: str, end: int) -> str:
    """A token for this user that is good until this moment (unix time, seconds)."""
    text = f"rig.{user}.{end}"
    return f"{text}.{hmac.digest(key, text.encode(), 'sha256').hex()}"


def user_of(key: bytes, token: str) -> str | None:
    """Whose token this is; nobody's if it is forged or over."""
    kind, _, rest = token.partition(".")
    user, _, rest = rest.partition(".")
    end = rest.partition(".")[0]
    if kind != "rig" or not end.isdecimal() or int(end) <= time.time():
        return None
    return user if hmac.compare_digest(sign(key, user, int(end)), token) else None


class Webhook(BaseHTTPRequestHandler):
    """Answers a TokenReview (authentication.k8s.io/v1)."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep tokens out of the log."""

    def do_POST(self) -> None:
        """Say whose token is under review; `admin` is in system:masters, the rest have nothing."""
        review = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        user = user_of(Path(sys.argv[2]).read_bytes(), review["spec"]["token"])
        groups = ["system:masters"] if user == "admin" else []
        known = {"authenticated": True, "user": {"username": user, "groups": groups}}
        answer = {
            "apiVersion": review["apiVersion"],
            "kind": "TokenReview",
            "status": known if user else {"authenticated": False, "error": "unknown or expired"},
        }
        content = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Webhook).serve_forever()
