"""Keeps what Home Assistant is told in step with the posts, and takes it back when the setting is off."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from typing import Protocol

from hub.adapters.mqtt.home_assistant import hub_device, post_device
from hub.main.private import write_private
from hub.main.workshop import VERSION
from hub.settings import Settings
from hub.usecases.ports import Clock
from hub.usecases.views import Queries

TOLD_FILE = "home-assistant.json"
"""The topics that hold a description, so that a later start can clear them."""


class Outlet(Protocol):
    """The broker, as descriptions go there."""

    connected: asyncio.Event
    connections: int

    async def publish_discovery(self, topic: str, config: bytes) -> None: ...


class Announcer:
    """Publishes descriptions when they have changed, and when the link is new: the broker may have lost its store."""

    def __init__(self, settings: Settings, queries: Queries, clock: Clock, link: Outlet) -> None:
        self._wanted, self._file = settings.home_assistant, settings.data / TOLD_FILE
        self._queries, self._clock, self._link = queries, clock, link
        self._told: dict[str, bytes] = {}
        self._connection = 0

    async def announce(self) -> None:
        """One look."""
        if not self._link.connected.is_set() or not (self._wanted or self._file.exists()):
            return
        if self._connection != self._link.connections:
            self._told, self._connection = dict.fromkeys(self._remembered(), b""), self._link.connections
        devices = await self._devices() if self._wanted else {}
        if devices == self._told:
            return
        if devices:
            self._remember(devices.keys() | self._told.keys())  # first: what is told can then always be taken back
        for topic, config in devices.items():
            if self._told.get(topic) != config:
                await self._link.publish_discovery(topic, config)
        for topic in self._told.keys() - devices.keys():
            await self._link.publish_discovery(topic, b"")
        self._told = devices
        if devices:
            self._remember(devices.keys())
        else:
            self._file.unlink()

    async def _devices(self) -> dict[str, bytes]:
        views = await self._queries.posts(self._clock.now())
        return dict([hub_device(VERSION), *(post_device(view.post, VERSION) for view in views)])

    def _remembered(self) -> list[str]:
        try:
            return [str(topic) for topic in json.loads(self._file.read_text())]
        except (FileNotFoundError, ValueError):  # a torn one: what is told now is remembered anew
            return []

    def _remember(self, topics: Iterable[str]) -> None:
        write_private(self._file, json.dumps(sorted(topics)) + "\n")
