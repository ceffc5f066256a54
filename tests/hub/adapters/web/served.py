"""The application on a port of its own, in a thread: for clients that wait for their answers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from hub.adapters.db.engine import open_database
from hub.adapters.web.context import WebSettings
from hub.domain.accounts import Role, TokenKind
from hub.usecases.accounts.sign_in import token_hash
from tests.fakes.hub_clock import FakeClock
from tests.hub.adapters.web.desk import TestDesk, make_room, open_desk
from tests.support.databases import Place

T = TypeVar("T")
PATIENCE_S = 30


@dataclass(frozen=True, slots=True)
class Served:
    """A running desk; what happens inside it happens in `loop`."""

    url: str
    desk: TestDesk
    loop: asyncio.AbstractEventLoop

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Have the desk's own loop do something, and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE_S)

    def token(self, name: str, role: Role) -> str:
        """A token of a new account."""

        async def make() -> str:
            passwords, accounts = self.desk.context.passwords, self.desk.context.accounts
            operator = await accounts.add_operator(name, role, await passwords.hash("correct horse"))
            token = passwords.new_token()
            await accounts.add_token(operator.id, token_hash(token), TokenKind.API)
            return token

        return self.do(make())


@contextmanager
def served(place: Place) -> Iterator[Served]:
    """A desk on a migrated database."""
    clock = FakeClock()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def do(work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, loop).result(PATIENCE_S)

    try:
        database = do(open_database(place.where))
        try:
            desk = do(open_desk(database, make_room(place, database, clock), clock, WebSettings(body_timeout_s=1)))
            try:
                yield Served(f"http://127.0.0.1:{desk.client.port}", desk, loop)
            finally:
                do(desk.client.close())
        finally:
            do(database.close())
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
