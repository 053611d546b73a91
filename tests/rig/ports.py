"""Ports on loopback that nobody uses."""

import socket
from contextlib import ExitStack


def free_ports(count: int) -> list[int]:
    """So many different ports that were free a moment ago."""
    with ExitStack() as open_sockets:
        listeners = [open_sockets.enter_context(socket.socket()) for _ in range(count)]
        for listener in listeners:
            listener.bind(("127.0.0.1", 0))
        return [listener.getsockname()[1] for listener in listeners]


def listens(port: int) -> bool:
    """Whether somebody accepts connections there."""
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex(("127.0.0.1", port)) == 0
