"""The application on a port of its own, in a thread: for clients that wait for their answers."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from hub.adapters.db.engine import open_database
from hub.adapters.web.context import WebSettings
from hub.domain.accounts import Role, TokenKind
from hub.usecases.accounts.sign_in import token_hash
from tests.fakes.hub_clock import FakeClock
from tests.hub.adapters.web.desk import TestDesk, make_room, open_desk

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
def served(migrated: Path, folder: Path) -> Iterator[Served]:
    """A desk on a copy of a migrated database."""
    path, clock = Path(shutil.copy(migrated, folder / "hub.db")), FakeClock()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def do(work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, loop).result(PATIENCE_S)

    try:
        database = do(open_database(path))
        try:
            desk = do(open_desk(database, make_room(path, database, clock), clock, WebSettings(body_timeout_s=1)))
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
