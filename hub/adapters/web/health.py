"""Is the hub alive, and is it ready: for whoever watches over it. Neither needs an account."""

from __future__ import annotations

import asyncio
import logging

from aiohttp import web

from hub.adapters.web.context import Probe, web_of

_LOG = logging.getLogger(__name__)


async def healthz(_request: web.Request) -> web.Response:
    """200 as long as the hub can answer at all."""
    return web.json_response({"status": "ok"})


async def readyz(request: web.Request) -> web.Response:
    """200 when everything that the hub needs is there, else 503; each with its word."""
    context = web_of(request)
    looks = (look(name, probe, context.settings.probe_timeout_s) for name, probe in context.probes.items())
    words = dict(zip(context.probes, await asyncio.gather(*looks), strict=True))
    ready = all(word == "ok" for word in words.values())
    return web.json_response(words, status=200 if ready else 503)


async def look(name: str, probe: Probe, timeout_s: float) -> str:
    """How a dependency is: `ok`, or what is wrong."""
    try:
        async with asyncio.timeout(timeout_s):
            return await probe() or "ok"
    except TimeoutError:
        return f"no answer within {timeout_s:g} s"
    except Exception:  # noqa: BLE001 - whatever is wrong with a dependency is the answer; its details go to the log
        _LOG.exception("the probe of the %s failed", name)
        return "failed"
