"""The hub's database, keys and accounts, opened for one command or for the whole life of the hub."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version

from hub.adapters.clock import SystemClock
from hub.adapters.db.accounts import Accounts
from hub.adapters.db.engine import Database, open_database
from hub.adapters.db.migrate import migrate
from hub.adapters.db.queries import TortoiseQueries
from hub.adapters.db.second_factors import SecondFactors
from hub.adapters.db.sign_in_counts import StoredSignInCounts
from hub.adapters.db.store import TortoiseStore
from hub.adapters.feed import LocalFeed
from hub.adapters.mint import KEY_FILE, KeyedMint, load_keys
from hub.adapters.passwords import Argon2Passwords
from hub.settings import Settings
from hub.usecases.accounts.ports import Desk
from hub.usecases.accounts.throttle import SignInThrottle
from hub.usecases.ports import Mint, PostLink
from hub.usecases.presence import Presence
from hub.usecases.work import Room
from hub.wire.messages import Down

VERSION = version("poste-public")


FOREIGN_KEYS = (
    f"{KEY_FILE} is not the one with which the codes in the database were made, and none of them works with it: "
    "put that one in its place, of the hub that leads or of a backup"
)


class NoLink:
    """A PostLink that leads nowhere: a command's changes are on disk, and the running hub tells the posts (R11)."""

    async def send(self, post_id: str, message: Down) -> None:
        """Drop it."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """An open house. `room` has no link to the posts until `linked`."""

    database: Database
    room: Room
    queries: TortoiseQueries
    accounts: Accounts
    factors: SecondFactors
    sign_in_counts: StoredSignInCounts
    passwords: Argon2Passwords
    feed: LocalFeed

    @property
    def desk(self) -> Desk:
        """What the account use cases need."""
        throttle = SignInThrottle(self.sign_in_counts, self.room.mint)
        return Desk(self.room, self.accounts, self.factors, self.passwords, throttle)

    def term(self) -> Workshop:
        """The same house for another term: with a new epoch, and of no post is it known that it is there."""
        return replace(self, room=replace(self.room, hub_epoch=self.room.mint.new_id(), presence=Presence()))

    def linked(self, link: PostLink) -> Room:
        """The room with a way to its posts."""
        return replace(self.room, link=link)


async def keys_fit(queries: TortoiseQueries, mint: Mint) -> bool:
    """Whether one of the newest live codes was made with these keys, if there is any."""
    codes = await queries.newest_codes()
    return not codes or any(_opens(mint, code) for code in codes)


def _opens(mint: Mint, sealed: bytes) -> bool:
    try:
        return bool(mint.open_code(sealed))
    except ValueError:
        return False


@asynccontextmanager
async def workshop(settings: Settings) -> AsyncIterator[Workshop]:
    """Make the data folder, bring the schema up to date, open everything; close it at the end of the block."""
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = load_keys(settings.data)
    await migrate(settings.database_at)
    database = await open_database(settings.database_at)
    try:
        clock, mint, feed = SystemClock(), KeyedMint(keys), LocalFeed()
        room = Room(
            store=TortoiseStore(database, clock),
            link=NoLink(),
            clock=clock,
            mint=mint,
            feed=feed,
            presence=Presence(),
            hub_epoch=mint.new_id(),
        )
        yield Workshop(
            database,
            room,
            TortoiseQueries(database),
            Accounts(database, clock),
            SecondFactors(database, clock),
            StoredSignInCounts(database, clock),
            Argon2Passwords(),
            feed,
        )
    finally:
        await database.close()
