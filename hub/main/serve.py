"""The running hub: broker, link, web, jobs; everything that starts is stopped again, in the reverse order."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from aiohttp import web

from hub.adapters.metrics import Metrics
from hub.adapters.mqtt.link import BrokerAccess, Company, HubLinkMqtt
from hub.adapters.mqtt.ports import is_loopback
from hub.adapters.notify import Systemd
from hub.adapters.web.app import make_app, make_runner
from hub.adapters.web.context import Probe, Web, WebSettings
from hub.adapters.web.standby import make_standby
from hub.main.access import give_access
from hub.main.alone import alone
from hub.main.broker import OwnBroker, external
from hub.main.duties import add_jobs
from hub.main.jobs import Jobs
from hub.main.measures import Figures, TimedStore, receive_timed
from hub.main.monitors import JournalTail, count_entries, publish_events
from hub.main.node_file import node_files
from hub.main.patience import Inbox
from hub.main.standby import in_turn
from hub.main.vitals import Vitals
from hub.main.workshop import FOREIGN_KEYS, VERSION, Workshop, keys_fit, workshop
from hub.settings import Address, Settings, SettingsError, written
from hub.usecases.incident import recall_calls
from hub.usecases.observe import is_routine
from hub.usecases.ports import Unavailable
from hub.usecases.work import Room

if TYPE_CHECKING:
    from hub.adapters.db.leadership import Leadership

logger = logging.getLogger(__name__)

STOP_WITHIN_S = 3
_THIS_MACHINE = frozenset({"127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Ready:
    """Where the hub can be reached, now that it can; `posts_broker` is None when the broker runs elsewhere.

    `standby`: another hub leads, and this one only says so.
    """

    panel: Address
    posts_broker: Address | None = None
    broker_pid: int | None = None
    standby: bool = False


async def serve(settings: Settings, stop: asyncio.Event, on_ready: Callable[[Ready], None]) -> None:
    """Run the hub until `stop` is set; raises when it cannot start, or when a part of it dies for good.

    `on_ready` is told at the beginning of each term: with PostgreSQL a hub may lead and stand by in turn.
    """
    systemd = Systemd(os.environ, os.getpid())

    def ready(found: Ready) -> None:
        systemd.tell(READY="1")
        on_ready(found)

    with alone(settings):
        async with workshop(settings) as house:
            if not settings.database:
                await _begin(house)
                await lead(settings, house, systemd, stop, ready)
                return
            from hub.adapters.db.leadership import Leadership  # only who has such a database has its driver

            terms = _Terms(settings, house, systemd, Leadership(settings.database), ready)
            await in_turn(terms.leadership, stop, lead=terms.lead, stand_by=terms.stand_by)


class _Terms:
    """What a hub of several does in turn, always at the same address."""

    def __init__(
        self,
        settings: Settings,
        house: Workshop,
        systemd: Systemd,
        leadership: Leadership,
        on_ready: Callable[[Ready], None],
    ) -> None:
        self.leadership = leadership
        self._settings, self._house, self._systemd, self._on_ready = settings, house, systemd, on_ready

    async def lead(self, over: asyncio.Event) -> None:
        """Be the room's hub until then."""
        term = self._house.term()
        try:
            await self.leadership.claim(self._house.database, term.room.hub_epoch)
            await _begin(term)
        except Unavailable as error:  # it has gone again since the lock was won: there is no term
            logger.warning("this hub cannot lead: %s", error)
            return
        await lead(self._settings, term, self._systemd, over, self._begun)

    async def stand_by(self, over: asyncio.Event) -> None:
        """Say so until then; SettingsError for one that could not take over, but only refuse every code."""
        if not await self._would_do():
            raise SettingsError(FOREIGN_KEYS)
        async with (
            _together([Vitals(self._systemd, self._house, None).watch()]) as tasks,
            _listening(self._settings, make_standby(_database_probe(self._house))) as panel,
        ):
            self._begun(Ready(panel, standby=True))
            await _until(over, tasks)

    async def _would_do(self) -> bool:
        try:
            return await keys_fit(self._house.queries, self._house.room.mint)
        except Unavailable as error:
            logger.warning("whether this hub has the right keys is not known: %s", error)
            return True

    def _begun(self, ready: Ready) -> None:
        self._settings = replace(self._settings, listen=ready.panel)
        self._on_ready(ready)


async def _begin(house: Workshop) -> None:
    """What a hub knows of the room before it leads it."""
    if not await keys_fit(house.queries, house.room.mint):
        logger.error(FOREIGN_KEYS)
    await recall_calls(house.room, house.queries)


async def lead(
    settings: Settings, house: Workshop, systemd: Systemd, stop: asyncio.Event, on_ready: Callable[[Ready], None]
) -> None:
    """Run the room until `stop` is set."""
    async with AsyncExitStack() as stack:
        own = OwnBroker(settings, house) if settings.managed else None
        if own is not None:
            stack.push_async_callback(own.broker.stop)
        access = await own.start() if own is not None else external(settings)
        link = HubLinkMqtt(access, hub_epoch=house.room.hub_epoch, version=VERSION)
        metrics = Metrics(VERSION)
        linked = house.linked(link)
        room = replace(linked, store=TimedStore(linked.store, metrics))
        inbox = Inbox()
        jobs, tail = Jobs(room.clock), JournalTail(room, house.queries, house.feed)
        add_jobs(jobs, settings, room, house, link, tail, own)
        duties = [
            link.run(
                partial(receive_timed, inbox.receive, room, metrics),
                Company(partial(is_routine, room), partial(inbox.receive_routine, room)),
            ),
            publish_events(house.feed, link),
            count_entries(house.feed, metrics),
            tail.listen(),
            Vitals(systemd, house, link).watch(),
            *jobs.duties(),
            *([own.keep()] if own is not None else []),
        ]
        tasks = await stack.enter_async_context(_together(duties))
        stack.push_async_callback(link.close)
        served = replace(_web(settings, room, house, own), probes=_probes(house, link, own), jobs=jobs.states)
        served = replace(served, measured=metrics.request, figures=Figures(metrics, house, link, jobs.states))
        panel = await stack.enter_async_context(_listening(settings, make_app(served)))
        await _first_contact(link, access, stop)
        posts = own.broker.posts_address if own is not None else None
        on_ready(Ready(panel, posts, own.broker.pid if own is not None else None))
        stack.callback(systemd.tell, STOPPING="1")
        await _until(stop, tasks)


@asynccontextmanager
async def _together(duties: list[Coroutine[Any, Any, None]]) -> AsyncIterator[list[asyncio.Task[None]]]:
    tasks = [asyncio.create_task(duty) for duty in duties]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


async def _until(stop: asyncio.Event, tasks: list[asyncio.Task[None]]) -> None:
    """Wait for the end; a duty that ends before it takes the hub down, for a supervisor to start it again whole."""
    stopped = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([stopped, *tasks], return_when=asyncio.FIRST_COMPLETED)
    if stopped in done:
        return
    stopped.cancel()
    for task in done:
        task.result()
    raise RuntimeError("a part of the hub ended by itself")


async def _first_contact(link: HubLinkMqtt, access: BrokerAccess, stop: asyncio.Event) -> None:
    """Give the link a moment, so that "ready" is true; without a broker the hub still serves its pages."""
    waits = [asyncio.create_task(link.connected.wait()), asyncio.create_task(stop.wait())]
    done, pending = await asyncio.wait(waits, timeout=5, return_when=asyncio.FIRST_COMPLETED)
    for wait in pending:
        wait.cancel()
    if not done:
        logger.warning("no broker at %s:%d yet: posts cannot be reached until it is there", access.host, access.port)


def _web(settings: Settings, room: Room, house: Workshop, own: OwnBroker | None) -> Web:
    return Web(
        room=room,
        queries=house.queries,
        accounts=house.accounts,
        factors=house.factors,
        sign_in_counts=house.sign_in_counts,
        passwords=house.passwords,
        feed=house.feed,
        version=VERSION,
        access=partial(give_access, settings, port=own.broker.posts_address[1] if own is not None else None),
        node_files=partial(node_files, settings),
        settings=_web_settings(settings),
    )


@asynccontextmanager
async def _listening(settings: Settings, app: web.Application) -> AsyncIterator[Address]:
    """Serve panel and API; yields the address that it has."""
    runner = make_runner(app, stop_within_s=STOP_WITHIN_S)
    await runner.setup()
    host, port = settings.listen
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise SettingsError(
                    f"port {port} on {host} is taken: choose another with --listen HOST:PORT"
                ) from error
            raise SettingsError(
                f"cannot listen on {host}:{port} ({error.strerror}): choose --listen HOST:PORT"
            ) from error
        yield host, runner.addresses[0][1]
    finally:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(runner.cleanup(), STOP_WITHIN_S)


def _web_settings(settings: Settings) -> WebSettings:
    if not settings.behind_tls and not is_loopback(settings.listen[0]):
        logger.warning(
            "the panel is open to the network in the clear at %s: put a proxy that speaks TLS before it "
            "(see behind_tls in docs/operating.md)",
            written(settings.listen),
        )
    proxies = _THIS_MACHINE if settings.behind_tls else frozenset()
    return WebSettings(
        hosts=frozenset(settings.hosts),
        tls=settings.behind_tls,
        proxies=proxies,
        origins=frozenset(settings.cors),
    )


def _database_probe(house: Workshop) -> Probe:
    async def database() -> str | None:
        try:
            await house.database.look()
        except Unavailable as error:
            return str(error)
        return None

    return database


def _probes(house: Workshop, link: HubLinkMqtt, own: OwnBroker | None) -> dict[str, Probe]:
    async def broker() -> str | None:
        if link.connected.is_set():
            return None
        return (own.trouble if own is not None else None) or "not connected"

    return {"database": _database_probe(house), "broker": broker}
