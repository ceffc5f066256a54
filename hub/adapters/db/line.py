"""One commit for all who wait: pieces of work that stand in line at the same moment share a transaction.

A durable commit waits for the disk, however little it holds. So the pieces that came while the one before was at work
go into the same transaction, one after the other. Each sees what those before it have written, is undone alone when it
fails, and is told that it is done when the commit is on the disk. Whoever comes alone has a transaction alone. Where
none can begin, all who wait are told.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

from tortoise.backends.base.client import TransactionalDBClient

from hub.adapters.db.errors import DatabaseBusy

AT_MOST = 64
"""Pieces of one transaction: the first of them waits for the last."""

Begin = Callable[[], AbstractAsyncContextManager[TransactionalDBClient]]
"""A transaction, which commits at the end of the block and rolls back on an exception."""


class Line:
    """Pieces of work, first come, first served, in transactions that `begin` makes."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin
        self._waiting: deque[_Piece] = deque()
        self._serving: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def piece(self) -> AsyncIterator[TransactionalDBClient]:
        """The block is one piece, kept when it ends well; on the way out it waits for the commit.

        Raises what the transaction raised, when that could not begin, was broken off or could not be committed.
        """
        piece = _Piece()
        self._waiting.append(piece)
        if self._serving is None or self._serving.done():
            self._serving = asyncio.create_task(self._serve())
        well = False
        try:
            yield await piece.turn
            well = True
        finally:
            piece.well.set_result(well)
        await piece.committed

    async def _serve(self) -> None:
        while self._waiting:
            pieces, begun = [self._waiting.popleft()], False
            try:
                with suppress(_Undone):
                    async with self._begin() as client:
                        begun = True
                        await self._together(client, pieces)
            except BaseException as error:
                if not begun:  # nor could the next: each would wait as long again, behind ever more of them
                    pieces.extend(self._waiting)
                    self._waiting.clear()
                for piece in pieces:
                    piece.end(error)
                if not isinstance(error, Exception):
                    raise
            else:
                for piece in pieces:
                    piece.end()

    async def _together(self, client: TransactionalDBClient, pieces: list[_Piece]) -> None:
        """The first piece needs no savepoint: where it fails there is nothing to keep."""
        if not await pieces[0].done_with(client):
            raise _Undone
        while self._waiting and len(pieces) < AT_MOST:
            pieces.append(self._waiting.popleft())
            await client.execute_query("SAVEPOINT piece")  # above the last one: the commit releases them
            if not await pieces[-1].done_with(client):
                pieces.pop()
                await _undo(client)


class _Piece:
    """Its turn comes with the client to speak through, its end with whether it went well, and then the commit."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.turn: asyncio.Future[TransactionalDBClient] = loop.create_future()
        self.well: asyncio.Future[bool] = loop.create_future()
        self.committed: asyncio.Future[None] = loop.create_future()

    async def done_with(self, client: TransactionalDBClient) -> bool:
        """Have it work, unless nobody waits for it any more; whether it went well."""
        if not self.turn.done():
            self.turn.set_result(client)
        return await self.well

    def end(self, error: BaseException | None = None) -> None:
        """Tell it how the transaction ended, unless it has failed by itself or nobody waits for it any more."""
        if self.well.done() and not self.well.result():
            return
        waited = self.committed if self.turn.done() else self.turn
        if waited.done():
            return
        if error is None:
            self.committed.set_result(None)
        else:
            waited.set_exception(error)


class _Undone(Exception):
    """The first piece of a transaction failed; it has its own error to tell."""


async def _undo(client: TransactionalDBClient) -> None:
    try:
        await client.execute_query("ROLLBACK TO SAVEPOINT piece")
    except Exception as error:
        # SQLite has rolled all of it back by itself, as on a full disk; or the server is gone.
        raise DatabaseBusy("the transaction was broken off with one piece of it") from error
