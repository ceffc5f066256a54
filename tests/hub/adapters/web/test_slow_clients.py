"""Clients that take for ever, by accident or on purpose: each is let go, and nobody waits for them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from hub.adapters.web.app import IDLE_S, make_app, make_runner
from tests.hub.adapters.web.desk import TestDesk

SHORT_S = 0.3
PATIENCE_S = 10


@pytest.fixture
async def port(desk: TestDesk) -> AsyncIterator[int]:
    """The real server, only less patient."""
    runner = make_runner(make_app(desk.context), stop_within_s=1, idle_s=SHORT_S)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


async def until_let_go(port: int, *parts: bytes) -> bytes:
    """What comes back for what is sent bit by bit, for ever."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for part in parts:
        writer.write(part)
    told = asyncio.create_task(_all_of(reader))
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not told.done():
                await asyncio.wait([told], timeout=0.05)
                writer.write(b"x")
        return await told
    finally:
        writer.transport.abort()


async def _all_of(reader: asyncio.StreamReader) -> bytes:
    """Until the other side closes, which resets the connection when we are still sending."""
    told = b""
    try:
        while part := await reader.read(65536):
            told += part
    except ConnectionResetError:
        return told
    return told


@pytest.mark.parametrize(
    "beginning", [b"", b"GET", b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: "], ids=["x", "line", "header"]
)
async def test_headers_that_never_end_are_not_waited_for(port: int, beginning: bytes) -> None:
    assert b"200" not in await until_let_go(port, beginning)


async def test_neither_after_a_request_that_was_answered(port: int) -> None:
    whole = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    assert (await until_let_go(port, whole, b"GET /healthz HTTP/1.1\r\nX-Slow: ")).count(b"HTTP/1.1 200") == 1


async def test_a_body_that_never_ends_is_answered_with_408(port: int) -> None:
    head = b"POST /api/v1/auth/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    told = await until_let_go(port, head + b"Content-Length: 60000\r\n\r\n{")
    assert told.startswith(b"HTTP/1.1 408 ")


async def test_the_real_server_waits_longer_than_a_proxy_keeps_a_connection() -> None:
    assert 60 < IDLE_S <= 120
