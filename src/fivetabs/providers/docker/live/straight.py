"""A long answer straight from a unix socket, for bodies that come in a million tiny chunks.

The engine sends a log in a chunk for each line, and an HTTP library spends 10 µs on each: twice of
what all else costs that is done to a line. Here it is one. Source: RFC 9112, sections 2 to 7.
"""

import asyncio
import socket
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field

_AT_ONCE = 256 * 1024
_LONGEST_HEAD = 64 * 1024
_MOST_SPARED = 64 * 1024
_LITTLE, _REST = 16 * 1024, 0.003
"""Less than so many bytes came at once, of a long answer: let some gather for so many seconds."""

_REQUEST = b" HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n"
_END, _TURN = b"\r\n", b"\r\n\r\n"


@dataclass(slots=True)
class Chunks:
    """Takes a chunked body's data out of its chunks, wherever the pieces are cut.

    `over` once the last chunk has come; what follows it is dropped.
    """

    over: bool = False
    _rest: bytes = b""
    _left: int = 0

    def feed(self, piece: bytes) -> bytes:
        """The data in this piece.

        Raises:
            ConnectionError: If it is no chunked body.
        """
        body = self._rest + piece if self._rest else piece
        start, whole, data = 0, len(body), list[bytes]()
        left, find = self._left, body.find
        while start < whole and not self.over:
            if left:  # The data of a chunk and the line end after it, which is not data.
                data.append(body[start : start + max(0, left - 2)])
                start, left = start + left, max(0, start + left - whole)
                continue
            end = find(_END, start)
            if end < 0:
                break
            left = _size(body[start:end])
            self.over = left == 0
            left, start = left + 2, end + 2
        self._left = left
        self._rest = body[start:] if not self.over else b""
        if len(self._rest) > _LONGEST_HEAD:
            raise ConnectionError("a chunk without its size")
        return b"".join(data)


def _size(line: bytes) -> int:
    try:
        size = int(line.partition(b";")[0], 16)
    except ValueError:
        size = -1
    if size < 0:
        raise ConnectionError("a chunk without its size")
    return size


@dataclass(slots=True)
class Straight:
    """An answer whose head has come: its status, and its body in pieces."""

    connection: socket.socket
    status: int
    headers: Mapping[str, str]
    _begun: bytes = b""
    _chunks: Chunks = field(default_factory=Chunks)

    async def pieces(self) -> AsyncGenerator[bytes]:
        """The body as it comes.

        Raises:
            ConnectionError: If it is cut off.
        """
        chunked = "chunked" in self.headers.get("transfer-encoding", "").lower()
        length = self.headers.get("content-length", "")
        expected = int(length) if length.isdecimal() else -1
        receive, seen = asyncio.get_running_loop().sock_recv, 0
        piece = self._begun
        while True:
            data = self._chunks.feed(piece) if chunked else piece
            seen += len(data)
            if data:
                yield data
            if self._chunks.over or seen == expected:
                return
            if seen > _MOST_SPARED and len(piece) < _LITTLE:
                await asyncio.sleep(_REST)
            piece = await receive(self.connection, _AT_ONCE)
            if not piece:
                break
        if chunked or expected >= 0:
            raise ConnectionError("the connection was closed before the answer was whole")

    async def whole(self) -> bytes:
        """The body, or its first 64 kB."""
        held = b""
        async for piece in self.pieces():
            held += piece
            if len(held) > _LONGEST_HEAD:
                break
        return held

    async def aclose(self) -> None:
        """Hang up."""
        self.connection.close()


async def asked(path: str, target: bytes) -> Straight:
    """Ask for `target`, as it is sent, over the unix socket at `path`, on an own connection.

    Raises:
        OSError: If there is no answer, or none in HTTP.
    """
    loop = asyncio.get_running_loop()
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.setblocking(False)
        await loop.sock_connect(connection, path)
        await loop.sock_sendall(connection, b"GET " + target + _REQUEST)
        held, piece = b"", b"\0"
        while _TURN not in held and piece and len(held) < _LONGEST_HEAD:
            piece = await loop.sock_recv(connection, _AT_ONCE)
            held += piece
        return _begun(connection, held)
    except BaseException:
        connection.close()
        raise


def _begun(connection: socket.socket, held: bytes) -> Straight:
    head, whole, body = held.partition(_TURN)
    first, *lines = head.decode("latin-1").split("\r\n")
    version, status = f"{first}  ".split(" ")[:2]
    if not whole or not version.startswith("HTTP/1.") or not status.isdecimal():
        raise ConnectionError("what answers does not speak HTTP")
    fields = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in fields}
    return Straight(connection, int(status), headers, body)
