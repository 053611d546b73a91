"""A stream carried by one task, so that its many small pieces are not waited for one by one.

An engine sends a log in a piece for each line: a million of them in a long one.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field

_FULL = 256 * 1024
_TURN = 50
"""Pieces carried before whoever else waits for the loop has a turn: about half a millisecond."""

_SLOW, _REST = 0.002, 0.004
"""Seconds. Where pieces come singly it is better to let some gather than to wake for each."""


@dataclass(slots=True)
class Pump:
    """What has arrived and was not taken yet; carrying pauses while that is much.

    Not `rests`: the chunks have gathered before they come here.
    """

    chunks: AsyncIterator[bytes]
    rests: bool = True
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    room: asyncio.Event = field(default_factory=asyncio.Event)
    held: list[bytes] = field(default_factory=list[bytes])
    task: "asyncio.Task[None] | None" = None

    def start(self) -> None:
        """Begin to carry."""
        self.task = asyncio.ensure_future(self._carry())

    async def take(self) -> bytes:
        """All that has arrived since it was last asked for; nothing at the end.

        Raises:
            Exception: Whatever the stream raised, after all that came before it was taken.
        """
        while not self.held:
            if self.task is None or self.task.done():
                await (self.task or asyncio.sleep(0))
                return b""
            self.arrived.clear()
            await self.arrived.wait()
        piece = b"".join(self.held)
        self.held.clear()
        self.room.set()
        return piece

    async def aclose(self) -> None:
        """Stop carrying."""
        if self.task is not None:
            self.task.cancel()
            with suppress(Exception, asyncio.CancelledError):
                await self.task

    async def _carry(self) -> None:
        clock = asyncio.get_running_loop().time
        size = number = 0
        begun = clock()
        try:
            async for chunk in self.chunks:
                self.held.append(chunk)
                size, number = size + len(chunk), number + 1
                self.arrived.set()
                if size >= _FULL:
                    self.room.clear()
                    await self.room.wait()
                    size = 0
                elif number >= _TURN:
                    await asyncio.sleep(0)
                elif self.rests and clock() - begun > _SLOW:
                    await asyncio.sleep(_REST)
                else:
                    continue
                number, begun = 0, clock()
        finally:
            self.arrived.set()
