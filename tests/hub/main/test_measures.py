"""What is measured around use cases and store."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hub.adapters.db.errors import DatabaseFull
from hub.adapters.metrics import Metrics
from hub.adapters.mqtt.link import BrokerAccess, HubLinkMqtt
from hub.main import Workshop
from hub.main.measures import Figures, TimedStore


class Full:
    """A database whose disk has no room."""

    async def look(self) -> None:
        raise DatabaseFull("the disk of the database is full")


class Broken:
    """A database that is away."""

    async def posts(self, _now: object) -> Any:
        raise OSError("no route to host")


def figures(house: Workshop, metrics: Metrics) -> Figures:
    link = HubLinkMqtt(BrokerAccess("127.0.0.1", 1, "hub", "x"), hub_epoch=house.room.hub_epoch, version="0.1.0")
    return Figures(metrics, house, link, list)


async def test_transactions_are_told_by_their_end(house: Workshop) -> None:
    metrics = Metrics("0.1.0")
    store = TimedStore(house.room.store, metrics)
    async with store.transaction() as tx:
        assert await tx.posts() == []
    with pytest.raises(RuntimeError, match="undone"):
        async with store.transaction():
            raise RuntimeError("undone")
    text, _ = await figures(house, metrics)()
    assert b'poste_db_transaction_seconds_count{end="commit"} 1.0' in text
    assert b'poste_db_transaction_seconds_count{end="rollback"} 1.0' in text


async def test_a_database_that_is_away_is_a_figure(house: Workshop, caplog: pytest.LogCaptureFixture) -> None:
    away = replace(house, queries=Broken())  # type: ignore[arg-type]
    text, _ = await figures(away, Metrics("0.1.0"))()
    assert b"poste_database_up 0.0" in text
    assert b"poste_posts{" not in text
    assert "the database cannot be counted" in caplog.text


async def test_a_database_without_room_is_counted_and_is_not_up(house: Workshop) -> None:
    full = replace(house, database=Full())  # type: ignore[arg-type]
    text, _ = await figures(full, Metrics("0.1.0"))()
    assert b"poste_database_up 0.0" in text
    assert b'poste_posts{status="available"} 0.0' in text
    up, _ = await figures(house, Metrics("0.1.0"))()
    assert b"poste_database_up 1.0" in up
