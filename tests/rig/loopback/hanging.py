"""A backend that hangs: it accepts every connection and never answers."""

import asyncio
import sys
from asyncio import StreamReader, StreamWriter


async def listen_only(reader: StreamReader, writer: StreamWriter) -> None:
    """Read whatever comes, and say nothing."""
    while await reader.read(65536):
        pass
    writer.close()


async def serve(port: int) -> None:
    """Listen until the process is ended."""
    server = await asyncio.start_server(listen_only, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
