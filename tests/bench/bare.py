"""Bare programs, each a process beside the real one: `python -m tests.bench.bare http|mqtt`."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from aiohttp import WSMsgType, web
from aiomqtt import Will

from hub.adapters.mqtt.connection import BrokerAccess, new_client
from hub.wire.messages import HubReport, Lease, Redeem
from hub.wire.topics import parse, pattern, topic
from tests.bench.processes import say


async def http() -> None:
    """POST /echo gives the JSON back; what is POSTed to /say goes to everyone at WS /live; / is an empty page."""
    sockets: set[web.WebSocketResponse] = set()

    async def echo(request: web.Request) -> web.Response:
        return web.json_response(await request.json())

    async def live(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        sockets.add(socket)
        async for message in socket:
            assert message.type is not WSMsgType.ERROR
        sockets.discard(socket)
        return socket

    async def tell_all(request: web.Request) -> web.Response:
        text = await request.text()
        for socket in sockets:
            await socket.send_str(text)
        return web.Response()

    async def page(_request: web.Request) -> web.Response:
        return web.Response(text="<!doctype html><title>bare</title>", content_type="text/html")

    app = web.Application()
    app.add_routes([web.get("/", page), web.post("/echo", echo), web.get("/live", live), web.post("/say", tell_all)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    say(str(runner.addresses[0][1]))
    await asyncio.Event().wait()


async def mqtt() -> None:
    """Answer each redeem with the same lease; the broker's address and the answer come in on standard input."""
    told = json.loads(sys.stdin.readline())
    answer = told["answer"].encode()
    access = BrokerAccess(told["host"], told["port"], "hub", told["password"], Path(told["ca"]) if told["ca"] else None)
    async with new_client(access, access.tls(), Will(topic(HubReport), b"{}")) as client:
        await client.subscribe(pattern(Redeem), qos=1)
        say("ready")
        sending = set()
        async for message in client.messages:
            address = parse(message.topic.value)
            assert address is not None
            task = asyncio.create_task(client.publish(topic(Lease, address.post_id), answer, 1))
            sending.add(task)
            task.add_done_callback(sending.discard)


if __name__ == "__main__":
    asyncio.run({"http": http, "mqtt": mqtt}[sys.argv[1]]())
