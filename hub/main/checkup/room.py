"""What is in the database: is it whole and of this version, who may sign in, and which posts are silent."""

from __future__ import annotations

import asyncio
import pkgutil
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hub.adapters.clock import SystemClock
from hub.adapters.db import migrations
from hub.adapters.db.accounts import Accounts
from hub.adapters.db.compare import schema_faults
from hub.adapters.db.engine import Database, open_database
from hub.adapters.db.errors import DatabaseUnusable
from hub.adapters.db.queries import TortoiseQueries
from hub.adapters.db.server import is_address
from hub.adapters.db.snapshot import faults_of
from hub.adapters.db.store import TortoiseStore
from hub.adapters.mint import KEY_FILE, KeyedMint, KeyFileError, load_keys
from hub.domain.accounts import Role
from hub.main.checkup.finding import Finding, fail, ok, warning
from hub.main.workshop import FOREIGN_KEYS, keys_fit
from hub.settings import Settings
from hub.usecases.ports import Unavailable
from hub.usecases.views import LogFilter, Paging
from hub.wire.terms import Action

_MOST_FAULTS = 5
_MIGRATED = {
    True: "SELECT to_regclass('tortoise_migrations') IS NOT NULL AS there",
    False: "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'tortoise_migrations') AS there",
}
"""Whether a database on a server, or in a file, has ever been a hub's."""


async def look(settings: Settings, *, runs: bool) -> list[Finding]:
    """All of it; nothing more where the database cannot be opened, or is of another version."""
    where = settings.database_at
    if isinstance(where, Path):
        if not where.exists():
            return [
                warning("database", "there is none yet", "the first `poste-hub run` or `poste-hub migrate` makes it")
            ]
        faults = await asyncio.to_thread(faults_of, where)
        if faults:
            return [fail("database", f"{where}: {'; '.join(faults)}", "stop the hub, and restore a backup")]
    try:
        database = await open_database(where)
        try:
            return await _within(database, settings, runs=runs)
        finally:
            await database.close()
    except (Unavailable, DatabaseUnusable, OSError) as error:
        return [fail("database", str(error), "does its server run, and may this user open it?")]


async def _within(database: Database, settings: Settings, *, runs: bool) -> list[Finding]:
    schema = await _schema(database, settings.database_at)
    if schema.advice:
        return [schema]
    people, posts = await _people(database), await _posts(database, runs=runs)
    return [schema, *await _codes(database, settings.data), *people, *posts]


async def _schema(database: Database, where: str | Path) -> Finding:
    known = {module.name for module in pkgutil.iter_modules(migrations.__path__)}
    if not await _was_migrated(database, where):
        return warning("database", "has no tables yet", "the first `poste-hub run` or `poste-hub migrate` makes them")
    rows = await database.client.execute_query_dict("SELECT name FROM tortoise_migrations WHERE app = 'hub'")
    applied = {str(row["name"]) for row in rows}
    if applied - known:
        told = f"changed by a newer version of poste-hub (it has {', '.join(sorted(applied - known))})"
        return fail("database", told, "update this one")
    if known - applied:
        return warning("database", f"lacks {', '.join(sorted(known - applied))}", "poste-hub migrate, or start the hub")
    if faults := await schema_faults(where):
        told = "; ".join(faults[:_MOST_FAULTS]) + ("; …" if len(faults) > _MOST_FAULTS else "")
        return fail("database", told, "somebody has changed its tables: restore a backup")
    return ok("database", "whole, and of this version")


async def _was_migrated(database: Database, where: str | Path) -> bool:
    """False for an empty file, and for a database that somebody has just made on a server."""
    (row,) = await database.client.execute_query_dict(_MIGRATED[is_address(where)])
    return bool(row["there"])


async def _codes(database: Database, data: Path) -> list[Finding]:
    """Whether they can be read; a key file that is missing, or is none, is told of by itself."""
    try:
        mint = KeyedMint(load_keys(data)) if (data / KEY_FILE).exists() else None
    except (KeyFileError, OSError):
        return []
    if mint is None or await keys_fit(TortoiseQueries(database), mint):
        return []
    return [fail("codes", FOREIGN_KEYS, "those on paper are lost with that file: void them, and hand out new ones")]


async def _people(database: Database) -> list[Finding]:
    admins = [one for one in await Accounts(database, SystemClock()).operators() if one.role is Role.ADMIN]
    if any(not one.disabled for one in admins):
        accounts = ok("accounts", "there is an admin")
    else:
        told = "no admin can sign in" if admins else "no admin yet"
        accounts = fail("accounts", told, "poste-hub operator add NAME --role admin --password-stdin")
    async with TortoiseStore(database, SystemClock()).transaction() as tx:
        house = await tx.house()
    try:
        ZoneInfo(house.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        advice = "pip install tzdata, or choose another time zone in the settings"
        return [accounts, fail("time zone", f"this machine does not know {house.time_zone}", advice)]
    return [accounts, ok("time zone", house.time_zone)]


async def _posts(database: Database, *, runs: bool) -> list[Finding]:
    queries = TortoiseQueries(database)
    views = await queries.posts(SystemClock().now())
    if not views:
        return [warning("posts", "there is none yet", 'poste-hub post add p01 --name "Post 1" --out node.toml')]
    never = [view.post.id for view in views if view.post.greeted_at is None]
    silent = [view.post.id for view in views if view.post.id not in never and not await _there(queries, view.post.id)]
    told = [f"{', '.join(ids)} {what}" for ids, what in ((never, "never came"), (silent, "silent")) if ids]
    if told:
        advice = "is the Pi on, and does it find the broker? On it: poste-node check; journalctl -u poste-node"
        return [warning("posts", "; ".join(told), advice)]
    return [ok("posts", f"all {len(views)} {'are there' if runs else 'were there when the hub last ran'}")]


async def _there(queries: TortoiseQueries, post_id: str) -> bool:
    """By the journal, since only the hub's own process knows who is there now."""
    newest = [
        page.items[0].id if page.items else 0
        for action in (Action.POST_CONNECTED, Action.POST_DISCONNECTED)
        for page in [await queries.logs(LogFilter(action=action, post=post_id), Paging(page_size=1))]
    ]
    return newest[0] > newest[1]
