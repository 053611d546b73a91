"""An HTTP proxy that only knows CONNECT, and only to loopback; it logs each tunnel it opens."""

import asyncio
import sys
from asyncio import StreamReader, StreamWriter
from contextlib import suppress

CHUNK = 65536


async def pump(reader: StreamReader, writer: StreamWriter) -> None:
    """Carry bytes one way until that side ends."""
    with suppress(ConnectionError):
        while chunk := await reader.read(CHUNK):
            writer.write(chunk)
            await writer.drain()
    writer.close()


async def tunnel(reader: StreamReader, writer: StreamWriter) -> None:
    """Serve one client: read its CONNECT, open the other side, carry bytes both ways."""
    head = await reader.readuntil(b"\r\n\r\n")
    method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
    host, _, port = target.rpartition(":")
    if method != "CONNECT" or host not in {"127.0.0.1", "localhost"}:
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        writer.close()
        return
    sys.stderr.write(f"CONNECT {target}\n")
    far_reader, far_writer = await asyncio.open_connection(host, int(port))
    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
    await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))


async def serve(port: int) -> None:
    """Listen until the process is ended."""
    server = await asyncio.start_server(tunnel, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
