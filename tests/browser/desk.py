"""A desk for the browser tests: the real application on a temporary database, with posts that answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

from aiohttp import web

from hub.adapters.clock import SystemClock
from hub.adapters.db.accounts import Accounts
from hub.adapters.db.engine import open_database
from hub.adapters.db.queries import TortoiseQueries
from hub.adapters.db.second_factors import SecondFactors
from hub.adapters.db.sign_in_counts import StoredSignInCounts
from hub.adapters.db.store import TortoiseStore
from hub.adapters.feed import LocalFeed
from hub.adapters.mint import KeyedMint, Keys
from hub.adapters.passwords import Argon2Passwords
from hub.adapters.web.app import make_app
from hub.adapters.web.context import Web
from hub.domain.accounts import Role
from hub.domain.lease import Lease
from hub.domain.session import Session
from hub.main.node_file import node_files
from hub.settings import Settings
from hub.usecases.issue import Issued, IssueOrder, issue
from hub.usecases.posts import add_post
from hub.usecases.presence import Presence
from hub.usecases.work import By, Room
from hub.wire.terms import SessionStatus
from tests.browser.posts import Post, Wire
from tests.hub.adapters.web.desk import give_access

PASSWORD = "correct horse battery"
BY = By("marie", "127.0.0.1")


@dataclass
class Desk:
    """The running hub as a test holds it."""

    context: Web
    wire: Wire
    port: int = 0
    _runner: web.AppRunner | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def room(self) -> Room:
        return self.context.room

    async def open(self) -> None:
        """Listen, on the same port as before where there was one."""
        self._runner = web.AppRunner(make_app(self.context), shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]

    async def close(self) -> None:
        """Stop listening, as a hub that dies."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def operator(self, name: str, role: Role = Role.OPERATOR) -> None:
        """An account with the password PASSWORD."""
        await self.context.accounts.add_operator(name, role, await self.context.passwords.hash(PASSWORD))

    async def post(self, post_id: str, name: str, zone: str = "", *, online: bool = True) -> Post:
        """A new post, which has greeted unless it is offline."""
        await add_post(self.room, post_id, name, zone, "$7$secret", BY)
        post = self.wire.posts[post_id] = Post(post_id, self.room)
        if online:
            await post.greet()
            await self.wire.quiet()
        return post

    async def issued(self, duration_s: int = 3600, post_id: str | None = None, notes: str = "") -> Issued:
        """A new code."""
        (issued,) = await issue(self.room, IssueOrder(duration_s, post_id=post_id, notes=notes), BY)
        return issued

    async def past(self, post_id: str, at: datetime, seconds: int, category: str | None = None) -> None:
        """A stay of the past, which is over."""
        over = at + timedelta(seconds=seconds)
        session = Session(
            str(uuid4()),
            at,
            seconds,
            status=SessionStatus.EXPIRED,
            consumed_s=seconds,
            started_at=at,
            ended_at=over,
            end_reason="used_up",
            category=category,
        )
        lease = Lease(
            str(uuid4()),
            session.id,
            post_id,
            at,
            seconds,
            None,
            str(uuid4()),
            debited_s=seconds,
            closed_at=over,
            charged_s=seconds,
        )
        async with self.room.store.transaction() as tx:
            await tx.add(session)
            await tx.add(lease)

    async def occupied(self, post: Post, total_s: int, debited_s: int = 0) -> Issued:
        """A stay that is running at a post."""
        issued = await self.issued(total_s)
        post.debited_s = debited_s
        await post.type_code(issued.code)
        await self.wire.quiet()
        return issued


@asynccontextmanager
async def open_desk(path: Path) -> AsyncIterator[Desk]:
    """A hub that listens on loopback, on a migrated database with no post and no operator."""
    database = await open_database(path)
    clock, wire, feed = SystemClock(), Wire(), LocalFeed()
    store = TortoiseStore(database, clock)
    room = Room(store, wire, clock, KeyedMint(Keys.fresh()), feed, Presence(), str(uuid4()))
    passwords = Argon2Passwords(memory_kib=64, rounds=1)
    context = Web(
        room=room,
        queries=TortoiseQueries(database),
        accounts=Accounts(database, clock),
        factors=SecondFactors(database, clock),
        sign_in_counts=StoredSignInCounts(database, clock),
        passwords=passwords,
        feed=feed,
        version="0.1.0",
        access=give_access,
        node_files=partial(node_files, Settings()),
    )
    desk = Desk(context, wire)
    delivery = asyncio.create_task(wire.run())
    try:
        await desk.open()
        yield desk
    finally:
        await desk.close()
        delivery.cancel()
        with suppress(asyncio.CancelledError):
            await delivery
        await database.close()
