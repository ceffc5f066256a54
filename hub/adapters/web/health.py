"""Is the hub alive, and is it ready: for whoever watches over it. Neither needs an account."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from typing import Any

from aiohttp import web

from hub.adapters.web.context import Probe, web_of
from hub.adapters.web.declare import respond
from hub.domain.job import Health, Job

_LOG = logging.getLogger(__name__)


async def healthz(_request: web.Request) -> web.Response:
    """200 as long as the hub can answer at all."""
    return web.json_response({"status": "ok"})


async def readyz(request: web.Request) -> web.StreamResponse:
    """200 when everything that the hub needs is there, else 503; each dependency with its word, each job with its past.

    A job that fails or is late makes the hub unready only when the room needs it.
    """
    context = web_of(request)
    looks = (look(name, probe, context.settings.probe_timeout_s) for name, probe in context.probes.items())
    words = dict(zip(context.probes, await asyncio.gather(*looks), strict=True))
    now, jobs = context.room.clock.now(), context.jobs()
    ready = all(word == "ok" for word in words.values()) and not any(
        job.vital and job.health(now) is not Health.OK for job in jobs
    )
    return respond(words | {"jobs": {job.name: _of_job(job, now) for job in jobs}}, 200 if ready else 503)


def _of_job(job: Job, now: datetime) -> dict[str, Any]:
    return {
        "status": job.health(now),
        "vital": job.vital,
        "period_s": job.period_s,
        "last_run_at": job.last_run_at,
        "last_success_at": job.last_success_at,
        "duration_s": None if job.duration_s is None else round(job.duration_s, 4),
        "next_run_at": job.next_run_at,
        "failures": job.failures,
    }


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
