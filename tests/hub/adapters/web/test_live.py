"""The live connection: the room as it is, what changes, and when it ends."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, DummyCookieJar, WSMsgType, WSServerHandshakeError
from aiohttp.test_utils import TestClient, TestServer

from hub.adapters.web.app import make_api
from hub.adapters.web.context import WebSettings
from hub.adapters.web.live import SOCKETS
from hub.domain.accounts import Role, TokenKind
from hub.domain.records import LogEntry
from hub.usecases.accounts.operators import OperatorChange, change_operator
from hub.usecases.accounts.sign_in import token_hash
from hub.usecases.accounts.tokens import end_all_sign_ins
from hub.usecases.posts import PostChange, edit_post, remove_post
from hub.wire.terms import Action, SettleReason
from tests.hub.adapters.web.desk import TestDesk
from tests.support.room import DESK, Node

PATIENCE_S = 10


class Listening:
    """An open live connection."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket

    async def frame(self) -> dict[str, Any]:
        got: dict[str, Any] = await self.socket.receive_json(timeout=PATIENCE_S)
        return got

    async def until(self, kind: str, **facts: Any) -> dict[str, Any]:
        """The data of the next frame of that type with those facts."""
        while True:
            frame = await self.frame()
            if frame["type"] == kind and facts.items() <= frame["data"].items():
                data: dict[str, Any] = frame["data"]
                return data

    async def burst(self, last: str) -> list[dict[str, Any]]:
        """Frames up to and with the first of that type."""
        frames = [await self.frame()]
        while frames[-1]["type"] != last:
            frames.append(await self.frame())
        return frames


@pytest.fixture
async def live(desk: TestDesk) -> AsyncIterator[Listening]:
    async with await listen(desk) as socket:
        yield Listening(socket)


async def listen(
    desk: TestDesk, query: str = "", role: Role = Role.OPERATOR, **headers: str
) -> ClientWebSocketResponse:
    sent = {"Authorization": f"Bearer {desk.tokens[role]}"} | headers
    return await desk.client.ws_connect(f"/api/v1/live{query}", headers=sent)


async def ended(socket: ClientWebSocketResponse) -> int | None:
    """The code with which the hub closes the connection."""
    while True:
        message = await socket.receive(timeout=PATIENCE_S)
        if message.type in (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.ERROR):
            return socket.close_code


async def test_the_snapshot_has_posts_and_the_sessions_that_are_not_over(desk: TestDesk, node: Node) -> None:
    session, _ = await desk.running(node)
    pending, over = await desk.issue(), await desk.issue()
    await desk.post(f"/sessions/{over['id']}/end")
    last = (await desk.get("/logs")).body["items"][0]["id"]
    async with await listen(desk) as socket:
        frame = await Listening(socket).frame()
    assert (frame["type"], frame["seq"]) == ("snapshot", last)
    assert frame["data"]["at"] == "2026-11-23T09:00:00Z"
    assert frame["data"]["posts"] == (await desk.get("/posts")).body["items"]
    assert {one["id"] for one in frame["data"]["sessions"]} == {session["id"], pending["id"]}
    assert {one["code"] for one in frame["data"]["sessions"]} == {session["code"], pending["code"]}


async def test_an_empty_house_has_an_empty_snapshot(live: Listening) -> None:
    frame = await live.frame()
    assert (frame["seq"], frame["data"]["posts"], frame["data"]["sessions"]) == (0, [], [])


async def test_a_viewers_frames_have_no_codes(desk: TestDesk, node: Node) -> None:
    await desk.issue()
    async with await listen(desk, role=Role.VIEWER) as socket:
        live = Listening(socket)
        assert [one["code"] for one in (await live.frame())["data"]["sessions"]] == [None]
        made = await desk.issue()
        assert (await live.until("session", id=made["id"]))["code"] is None


async def test_what_happens_is_told_as_it_happens(desk: TestDesk, node: Node, live: Listening) -> None:
    await live.until("snapshot")
    session, lease = await desk.running(node)
    assert await live.until("log", action="session_started", session_id=session["id"])
    assert (await live.until("session", id=session["id"], status="active"))["post_id"] == "p01"
    assert (await live.until("post", id="p01", status="occupied"))["session_id"] == session["id"]
    await node.settles(lease, 3600, SettleReason.EXPIRED)
    assert (await live.until("session", status="expired"))["code"] is None
    assert await live.until("post", id="p01", status="available")


async def test_a_post_that_leaves_the_room_is_told(desk: TestDesk, node: Node, other: Node, live: Listening) -> None:
    await live.until("snapshot")
    await edit_post(desk.room.room, "p01", PostChange(retired=True), DESK)
    assert await live.until("post_gone") == {"id": "p01"}
    await remove_post(desk.room.room, "p02", DESK)
    assert await live.until("post_gone") == {"id": "p02"}


async def test_seq_is_the_id_of_the_last_entry(desk: TestDesk, live: Listening) -> None:
    await live.until("snapshot")
    await desk.issue()
    log, session = await live.burst("session")
    assert (log["type"], log["seq"], session["seq"]) == ("log", log["data"]["id"], log["seq"])


async def test_a_burst_of_changes_to_one_post_is_one_frame(desk: TestDesk, node: Node, live: Listening) -> None:
    await live.until("snapshot")
    _, lease = await desk.running(node)
    await live.until("post", status="occupied", phase="running")
    for number in range(50):
        await node.reports(lease, 10 * number)  # no time passes: each of them is news
    frames = [await live.until("post", id="p01")]
    while frames[-1]["remaining_s"] != 3600 - 490:
        frames.append(await live.until("post", id="p01"))
    assert len(frames) < 25


async def test_a_listener_that_comes_back_is_told_what_it_missed(desk: TestDesk) -> None:
    first = await desk.issue()
    seq = (await desk.get("/logs")).body["items"][0]["id"]
    missed = await desk.issue()
    async with await listen(desk, f"?since={seq}") as socket:
        live = Listening(socket)
        snapshot, entry = await live.frame(), await live.frame()
    assert snapshot["data"]["resumed"] is True
    assert {one["id"] for one in snapshot["data"]["sessions"]} == {first["id"], missed["id"]}
    assert (entry["type"], entry["seq"], entry["data"]["session_id"]) == ("log", seq + 1, missed["id"])


async def test_a_listener_that_missed_too_much_is_told_to_ask_the_journal(desk: TestDesk) -> None:
    rows = ", ".join(["('2026-11-23 09:00:00+00:00', 'incident', '{}')"] * 1001)
    desk.room.place.run(f"INSERT INTO log_entry (at, action, details) VALUES {rows}")
    async with await listen(desk, "?since=0") as socket:
        live = Listening(socket)
        assert (await live.until("snapshot"))["resumed"] is False
        made = await desk.issue()
        assert (await live.frame())["data"]["session_id"] == made["id"]
    async with await listen(desk, "?since=2") as socket:
        live = Listening(socket)
        assert (await live.until("snapshot"))["resumed"] is True
        told = [(await live.frame())["seq"] for _ in range(1000)]
        assert told == list(range(3, 1003))


async def test_a_listener_from_before_a_restore_is_told_to_ask_the_journal(desk: TestDesk) -> None:
    await desk.issue()
    async with await listen(desk, "?since=1000") as socket:
        assert (await Listening(socket).until("snapshot"))["resumed"] is False


async def test_an_entry_that_is_told_after_newer_ones_is_told_all_the_same(desk: TestDesk, live: Listening) -> None:
    """As those are that a command writes at the terminal: the hub finds them seconds later."""
    await live.until("snapshot")
    newest = (await desk.get("/logs")).body["items"]
    last = newest[0]["id"] if newest else 0
    for entry_id in (last + 2, last + 1, last + 3):
        desk.context.feed.entry(LogEntry(desk.room.clock.now(), Action.BACKUP, id=entry_id))
    frames = [await live.frame() for _ in range(3)]
    assert [frame["data"]["id"] for frame in frames] == [last + 2, last + 1, last + 3]


async def test_what_happens_while_a_listener_is_told_what_it_missed_is_told_once(desk: TestDesk) -> None:
    assert (await desk.post("/sessions", {"duration_s": 60, "count": 50})).status == 201
    async with await listen(desk, "?since=0") as socket:
        live = Listening(socket)
        assert (await desk.post("/sessions", {"duration_s": 60, "count": 50})).status == 201
        last = (await desk.get("/logs")).body["items"][0]["id"]
        seqs: list[int] = []
        while not seqs or seqs[-1] < last:
            frame = await live.frame()
            if frame["type"] == "log":
                seqs.append(frame["seq"])
    assert seqs == list(range(1, last + 1))


@pytest.mark.parametrize("since", ["x", "-1", "1.5", "9" * 19, "%00"])
async def test_a_bad_since_is_refused(desk: TestDesk, since: str) -> None:
    assert (await desk.get(f"/live?since={since}")).fields == ["since"]


async def test_a_request_that_is_no_websocket_is_refused(desk: TestDesk) -> None:
    assert (await desk.get("/live")).status == 400


async def test_a_revoked_token_ends_the_connection(desk: TestDesk, live: Listening) -> None:
    await live.until("snapshot")
    await end_all_sign_ins(desk.accounts, desk.operators[Role.OPERATOR], DESK)
    assert await ended(live.socket) == 1008


async def test_an_operator_who_is_disabled_hears_no_more(desk: TestDesk, live: Listening) -> None:
    await live.until("snapshot")
    await change_operator(desk.accounts, desk.operators[Role.OPERATOR].id, OperatorChange(disabled=True), DESK)
    assert await ended(live.socket) == 1008


class TestBetweenTwoLooks:
    @pytest.fixture
    def settings(self) -> WebSettings:
        return WebSettings(live_check_s=3600)

    async def test_nothing_is_told_after_a_sign_out(self, desk: TestDesk, live: Listening) -> None:
        await live.until("snapshot")
        assert (await desk.ask("DELETE", "/auth/token")).status == 204
        await desk.post("/sessions", {"duration_s": 60}, role=Role.ADMIN)
        with pytest.raises(TypeError):
            await live.frame()
        assert live.socket.close_code == 1008


async def test_listening_keeps_no_token_alive(desk: TestDesk, live: Listening) -> None:
    await live.until("snapshot")
    used = desk.room.rows("SELECT last_used_at FROM token")
    desk.room.clock.advance(600)
    await desk.room.node("p01")
    await live.until("post", id="p01")
    assert desk.room.rows("SELECT last_used_at FROM token") == used


async def test_a_failure_of_our_own_ends_the_connection_and_is_logged(
    desk: TestDesk, live: Listening, caplog: pytest.LogCaptureFixture
) -> None:
    await live.until("snapshot")
    desk.room.place.run("ALTER TABLE lease RENAME TO lost")
    await desk.room.node("p01", online=False)
    assert await ended(live.socket) == 1011
    assert "a live connection failed" in caplog.text


async def test_a_large_message_ends_the_connection(live: Listening) -> None:
    await live.until("snapshot")
    await live.socket.send_str("x" * 2000)
    assert await ended(live.socket) == 1009


async def test_what_a_listener_says_is_ignored(desk: TestDesk, live: Listening) -> None:
    await live.socket.send_str('{"give": "codes"}')
    await live.socket.send_bytes(b"\x00")
    await live.until("snapshot")
    await desk.issue()
    assert await live.until("log", action="code_issued")


async def test_a_hub_that_stops_says_so(desk: TestDesk) -> None:
    client: TestClient[Any, Any] = TestClient(TestServer(make_api(desk.context)))
    async with client:
        headers = {"Authorization": f"Bearer {desk.tokens[Role.VIEWER]}"}
        live = await client.ws_connect("/api/v1/live", headers=headers)
        await Listening(live).until("snapshot")
        closing = asyncio.create_task(ended(live))
        await client.server.close()
        assert await closing == 1001


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1", "http://[", ""]
)
async def test_another_sites_page_may_not_listen(desk: TestDesk, origin: str) -> None:
    with pytest.raises(WSServerHandshakeError) as refused:
        await listen(desk, Origin=origin)
    assert refused.value.status == 403


async def test_our_own_page_listens_with_its_cookie_and_needs_its_origin(desk: TestDesk) -> None:
    operator = desk.operators[Role.OPERATOR]
    await desk.context.accounts.add_token(operator.id, token_hash("panel"), TokenKind.PANEL)
    cookie = {"Cookie": "poste=panel"}
    client: TestClient[Any, Any] = TestClient(desk.client.server, cookie_jar=DummyCookieJar())
    async with client:
        own = f"http://127.0.0.1:{client.port}"
        async with client.ws_connect("/api/v1/live", headers=cookie | {"Origin": own}) as live:
            await Listening(live).until("snapshot")
        with pytest.raises(WSServerHandshakeError):
            await client.ws_connect("/api/v1/live", headers=cookie)


async def test_a_listener_that_does_not_read_is_dropped_and_the_rest_go_on(desk: TestDesk, live: Listening) -> None:
    await live.until("snapshot")
    sockets = desk.client.app[SOCKETS]
    async with raw_listener(desk):
        await until(lambda: len(sockets) == 2)
        details = {"detail": "x" * 100_000}
        for number in range(1, 2000):
            desk.context.feed.entry(LogEntry(desk.room.clock.now(), Action.INCIDENT, details=details, id=number))
            if number % 100 == 0:
                await live.until("log", id=number)
            if len(sockets) == 1:
                break
        await until(lambda: len(sockets) == 1)
    await desk.issue()
    assert await live.until("session")


class TestImpatient:
    @pytest.fixture
    def settings(self) -> WebSettings:
        return WebSettings(live_send_s=0.3)

    async def test_many_slow_listeners_are_dropped_and_nobody_waits_for_them(
        self, desk: TestDesk, live: Listening
    ) -> None:
        await live.until("snapshot")
        sockets = desk.client.app[SOCKETS]
        details = {"detail": "x" * 200_000}
        async with contextlib.AsyncExitStack() as stack:
            for number in range(10):
                await stack.enter_async_context(raw_listener(desk, trickles=number % 2 == 0))
            await until(lambda: len(sockets) == 11)
            number, slowest = 0, 0.0
            while len(sockets) > 1:
                number += 1
                began = time.monotonic()
                desk.context.feed.entry(LogEntry(desk.room.clock.now(), Action.INCIDENT, details=details, id=number))
                await live.until("log", id=number)
                assert (await desk.get("/posts")).status == 200
                slowest = max(slowest, time.monotonic() - began)
                assert number < 500
        assert slowest < 2


async def until(check: Callable[[], bool]) -> None:
    """Return when the check holds."""
    async with asyncio.timeout(PATIENCE_S):
        while not check():  # noqa: ASYNC110 - nobody tells a test when a socket has gone
            await asyncio.sleep(0.005)


@asynccontextmanager
async def raw_listener(desk: TestDesk, *, trickles: bool = False) -> AsyncIterator[None]:
    """A connection whose owner has asked to listen and then reads nothing, or next to nothing."""
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.setblocking(False)
    port = desk.client.port
    await asyncio.get_running_loop().sock_connect(slow, ("127.0.0.1", port))
    request = (
        f"GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {base64.b64encode(bytes(16)).decode()}\r\nSec-WebSocket-Version: 13\r\n"
        f"Authorization: Bearer {desk.tokens[Role.VIEWER]}\r\n\r\n"
    )
    with slow:
        await asyncio.get_running_loop().sock_sendall(slow, request.encode())
        reading = asyncio.create_task(_trickle(slow)) if trickles else None
        try:
            yield
        finally:
            if reading is not None:
                reading.cancel()
                await asyncio.wait([reading])


async def _trickle(slow: socket.socket) -> None:
    """A hundred bytes now and then, until the hub has had enough."""
    with contextlib.suppress(OSError):
        while await asyncio.get_running_loop().sock_recv(slow, 100):  # noqa: ASYNC110 - it is slow, that is all
            await asyncio.sleep(0.05)
