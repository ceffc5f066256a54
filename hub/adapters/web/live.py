"""`WS /api/v1/live`: the room as it is, then what changes.

Frames are `{seq, type, data}`; `seq` is the id of the last journal entry that the frame takes account of. The first is
a `snapshot`; with `?since=SEQ`, the entries that a listener has missed follow it, and its `resumed` is true: false when
they are too many, or SEQ is of a journal that was restored since, and the journal has to be asked. Then come `post`,
`session` and `log`, and `post_gone` with the id of a post that was retired or deleted. A status that only runs down
what was told is no change. Many changes to one post or session in a burst make one frame. A listener that cannot keep
up is dropped: it comes back to a fresh snapshot.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any

from aiohttp import WSCloseCode, web
from pydantic import BaseModel, TypeAdapter

from hub.adapters.feed import FellBehind, Subscription
from hub.adapters.web.backlog import Backlog
from hub.adapters.web.context import Web, web_of
from hub.adapters.web.guards import Caller, check_origin, require, still_good
from hub.adapters.web.lookups import SHARED, Shared
from hub.adapters.web.problems import invalid
from hub.adapters.web.views import log_shape, post_shape, session_shape
from hub.domain.accounts import Role
from hub.domain.records import LogEntry
from hub.usecases.ports import Unavailable
from hub.usecases.views import SessionView

_LOG = logging.getLogger(__name__)
SOCKETS: web.AppKey[set[web.WebSocketResponse]] = web.AppKey("sockets", set)
PING_S = 20
LARGEST_MESSAGE = 1024
"""A listener has nothing to say."""
COALESCE_S = 0.05
ROUND_S = 0.25
"""From one round of frames to the next, at least: in a big house something changes all the time."""
MOST_MISSED = 1000
_JSON: TypeAdapter[Any] = TypeAdapter(Any)


async def live(request: web.Request) -> web.StreamResponse:
    """Serve one listener until either side has enough."""
    caller = await require(request, Role.VIEWER)
    check_origin(request, caller)
    since = _since(request)
    socket = web.WebSocketResponse(heartbeat=PING_S, max_msg_size=LARGEST_MESSAGE)
    await socket.prepare(request)
    sockets = request.config_dict[SOCKETS]
    sockets.add(socket)
    try:
        with web_of(request).feed.subscribe() as events:
            await _serve(request, socket, caller, events, since)
    finally:
        sockets.discard(socket)
    return socket


async def close_all(app: web.Application) -> None:
    """The hub goes: tell the listeners, who will look for it again."""
    sockets = app[SOCKETS]
    for socket in sockets.copy():
        await socket.close(code=WSCloseCode.GOING_AWAY, message=b"the hub is stopping")


async def _serve(
    request: web.Request, socket: web.WebSocketResponse, caller: Caller, events: Subscription, since: int | None
) -> None:
    backlog = Backlog()
    listener = Listener(web_of(request), request.config_dict[SHARED], socket, caller)
    tasks = {
        asyncio.create_task(_until_closed(socket)),
        asyncio.create_task(_until_bad_token(request, caller)),
        asyncio.create_task(_collect(events, backlog)),
        asyncio.create_task(listener.run(backlog, since)),
    }
    done, rest = await _first(tasks)
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
    errors = [error for task in done if (error := task.exception()) is not None]
    if any(isinstance(error, (FellBehind, TimeoutError)) for error in errors):
        if request.transport is not None:
            request.transport.abort()  # it does not read: a polite close would wait for it too
    elif any(isinstance(error, Unavailable) for error in errors):
        await socket.close(code=WSCloseCode.TRY_AGAIN_LATER, message=b"the database does not answer")
    elif errors:
        _LOG.error("a live connection failed", exc_info=errors[0])
        await socket.close(code=WSCloseCode.INTERNAL_ERROR, message=b"something went wrong in the hub")
    else:
        await socket.close(code=WSCloseCode.POLICY_VIOLATION, message=b"signed out")


async def _first(tasks: set[asyncio.Task[None]]) -> tuple[set[asyncio.Task[None]], set[asyncio.Task[None]]]:
    try:
        return await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    except asyncio.CancelledError:
        for task in tasks:
            task.cancel()
        raise


async def _until_closed(socket: web.WebSocketResponse) -> None:
    async for _ in socket:
        pass


async def _until_bad_token(request: web.Request, caller: Caller) -> None:
    while True:
        if not await still_good(web_of(request), caller):
            return
        await asyncio.sleep(web_of(request).settings.live_check_s)


async def _collect(events: Subscription, backlog: Backlog) -> None:
    async for event in events:
        backlog.add(event)


class Listener:
    """What one connection is told."""

    def __init__(self, context: Web, shared: Shared, socket: web.WebSocketResponse, caller: Caller) -> None:
        self._web, self._shared, self._socket, self._caller = context, shared, socket, caller
        self._seq = 0
        self._known = 0
        """The newest entry that the snapshot, or what was missed, takes account of."""
        self._next_round_at = 0.0

    async def run(self, backlog: Backlog, since: int | None) -> None:
        """Snapshot, then what changes, as long as the token is good; TimeoutError when the other side does not read."""
        with suppress(ConnectionResetError):  # it left: the reader of the socket ends this connection
            newest = self._known = self._seq = await self._web.queries.newest_entry()  # later ones reach the backlog
            missed = [] if since is None else await self._web.queries.logs_after(since, MOST_MISSED + 1)
            # A journal that ends before `since` is a restored one: nobody knows what the listener was told.
            resumed = None if since is None else since <= newest and len(missed) <= MOST_MISSED
            await self._snapshot(resumed)
            for entry in missed if resumed else ():
                self._known = self._seq = max(self._seq, entry.id)  # one of them may be in the backlog, too
                await self._log(entry)
            while True:
                await backlog.wait()
                await self._pause()
                if not await still_good(self._web, self._caller):
                    return
                await self._tell(backlog)
        await asyncio.Event().wait()

    async def _pause(self) -> None:
        """Let what belongs together come together; nobody is kept waiting who has heard nothing for a while."""
        now = asyncio.get_running_loop().time()
        told_at = max(now + COALESCE_S, self._next_round_at)
        self._next_round_at = told_at + ROUND_S
        await asyncio.sleep(told_at - now)

    async def _tell(self, backlog: Backlog) -> None:
        entries, sessions, posts = backlog.take()
        for entry in entries:
            if entry.id > self._known:
                self._seq = max(self._seq, entry.id)  # another program's is told after newer ones of our own
                await self._log(entry)
        views = await self._shared.sessions.find(sessions) if sessions else {}
        for session_id in sessions:
            if session_id in views:
                await self._send("session", self._session(views[session_id]))
        now = self._web.room.clock.now()
        tiles = await self._shared.posts.find(posts) if posts else {}
        for post_id in posts:
            if post_id in tiles:
                await self._send("post", post_shape(tiles[post_id], self._web.room.presence, now))
            else:
                await self._send("post_gone", {"id": post_id})

    async def _snapshot(self, resumed: bool | None) -> None:
        room, queries = self._web.room, self._web.queries
        now = room.clock.now()
        posts = [post_shape(view, room.presence, now) for view in await queries.posts(now)]
        sessions = [self._session(view) for view in await queries.live_sessions()]
        await self._send("snapshot", {"at": now, "resumed": resumed, "posts": posts, "sessions": sessions})

    async def _log(self, entry: LogEntry) -> None:
        await self._send("log", log_shape(entry), entry.id)

    async def _send(self, kind: str, data: BaseModel | dict[str, Any], seq: int | None = None) -> None:
        frame = {"seq": self._seq if seq is None else seq, "type": kind, "data": data}
        async with asyncio.timeout(self._web.settings.live_send_s):
            await self._socket.send_str(_JSON.dump_json(frame).decode())

    def _session(self, view: SessionView) -> BaseModel:
        room = self._web.room
        return session_shape(view, room.presence, room.clock.now(), room.mint, with_code=self._caller.sees_codes)


def _since(request: web.Request) -> int | None:
    text = request.query.get("since")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise invalid(("since", "must be the seq of a frame"))
    return int(text)
