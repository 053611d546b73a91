"""A Terraform state server (backend "http") that answers as slowly as a file tells it to.

Arguments: the port, and a folder that holds `delay` (seconds, before each GET) and the states.
"""

import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class States(BaseHTTPRequestHandler):
    """Keeps each state in a file named after the last part of its path."""

    @property
    def _file(self) -> Path:
        name = self.path.split("?")[0].rpartition("/")[2]
        return Path(sys.argv[2]) / f"{name}.tfstate"

    def _answer(self, status: int, content: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self) -> None:
        """Answer with the state, late."""
        time.sleep(float((Path(sys.argv[2]) / "delay").read_text()))
        if self._file.exists():
            self._answer(200, self._file.read_bytes())
        else:
            self._answer(404)

    def do_POST(self) -> None:
        """Keep the state that was sent."""
        self._file.write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer(200)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002, ARG002
        sys.stderr.write(f"{self.command} {self.path}\n")


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), States).serve_forever()
