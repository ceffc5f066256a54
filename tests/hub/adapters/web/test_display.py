"""What the public room may see on its wall."""

from __future__ import annotations

from hub.domain.accounts import Role
from tests.hub.adapters.web.desk import TestDesk
from tests.support.room import Node


async def test_a_wall_shows_posts_and_the_time_left_and_nothing_of_anybody(
    desk: TestDesk, node: Node, other: Node
) -> None:
    session, _ = await desk.running(node, notes="Mme Durand, blue coat")
    told = await desk.get("/display", role=Role.DISPLAY)
    assert told.status == 200
    busy, free = told.body["posts"]
    assert busy.keys() == {"id", "name", "zone", "status", "phase", "remaining_s", "as_of"}
    assert (busy["id"], busy["status"], busy["remaining_s"]) == ("p01", "occupied", 3600)
    assert (free["id"], free["status"], free["remaining_s"]) == ("p02", "available", None)
    for secret in (session["id"], session["code"], "Durand", "marie"):
        assert secret not in str(told.body)


async def test_whoever_sees_more_sees_the_wall_too(desk: TestDesk) -> None:
    assert (await desk.get("/display", role=Role.VIEWER)).status == 200
