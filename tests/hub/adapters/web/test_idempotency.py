"""A request that is repeated with the same key does nothing twice."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from pathlib import Path

import pytest

from hub.domain.accounts import Role
from hub.wire.messages import Start
from tests.hub.adapters.web.desk import TestDesk
from tests.support.room import Node

KEY = {"Idempotency-Key": "7f3c"}
DAY_S = 86_400


async def test_a_repeated_order_makes_one_session(desk: TestDesk) -> None:
    first = await desk.post("/sessions", {"duration_s": 60}, headers=KEY)
    again = await desk.post("/sessions", {"duration_s": 60}, headers=KEY)
    assert (again.status, again.body) == (201, first.body)
    assert len(desk.room.sessions()) == 1


async def test_a_repeated_batch_is_the_same_batch(desk: TestDesk) -> None:
    first = await desk.post("/sessions", {"duration_s": 60, "count": 3}, headers=KEY)
    again = await desk.post("/sessions", {"duration_s": 60, "count": 3}, headers=KEY)
    assert again.body == first.body
    assert len(again.body) == 3


async def test_the_answer_is_rendered_anew(desk: TestDesk) -> None:
    session = await desk.issue()
    path = f"/sessions/{session['id']}/add-time"
    await desk.post(path, {"seconds": 60}, headers=KEY)
    await desk.post(path, {"seconds": 60})
    again = await desk.post(path, {"seconds": 60}, headers=KEY)
    assert again.body["added_s"] == 120


async def test_a_repeated_start_tells_the_post_once(desk: TestDesk, node: Node) -> None:
    for _ in range(2):
        assert (await desk.post("/posts/p01/start", {"duration_s": 60}, headers=KEY)).status == 201
    assert len(desk.room.link.to("p01", Start)) == 1


async def test_two_at_once_do_it_once(desk: TestDesk) -> None:
    answers = await asyncio.gather(*(desk.post("/sessions", {"duration_s": 60}, headers=KEY) for _ in range(4)))
    assert {answer.status for answer in answers} <= {201, 409}
    assert {answer.reason for answer in answers if answer.status == 409} <= {"request_underway"}
    assert len(desk.room.sessions()) == 1


async def test_what_is_done_is_answered_though_its_key_cannot_be_kept(
    desk: TestDesk, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Another program locks the database between the two: an error here would make the client ask again."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:

        async def lock_when_it_is_done() -> None:
            with desk.context.feed.subscribe() as events:
                await anext(aiter(events))
                other.execute("BEGIN IMMEDIATE")

        locking = asyncio.create_task(lock_when_it_is_done())
        await asyncio.sleep(0)
        answer = await desk.post("/sessions", {"duration_s": 60}, headers=KEY)
        await locking
        other.execute("ROLLBACK")
    assert answer.status == 201
    assert "Idempotency-Key cannot be kept: another program keeps the database locked" in caplog.text
    assert len(desk.room.sessions()) == 1


async def test_the_same_key_for_another_wish_is_refused(desk: TestDesk) -> None:
    session = await desk.issue()
    await desk.post("/sessions", {"duration_s": 60}, headers=KEY)
    refused = await desk.post("/sessions", {"duration_s": 61}, headers=KEY)
    assert (refused.status, refused.reason) == (422, "idempotency_key_reused")
    other = await desk.issue()
    await desk.post(f"/sessions/{session['id']}/add-time", {"seconds": 60}, headers=KEY)
    refused = await desk.post(f"/sessions/{other['id']}/add-time", {"seconds": 60}, headers=KEY)
    assert (refused.status, refused.reason) == (422, "idempotency_key_reused")


async def test_keys_are_each_operators_own(desk: TestDesk) -> None:
    first = await desk.post("/sessions", {"duration_s": 60}, headers=KEY)
    second = await desk.post("/sessions", {"duration_s": 60}, headers=KEY, role=Role.ADMIN)
    assert first.body["id"] != second.body["id"]


async def test_a_refusal_is_not_remembered(desk: TestDesk, node: Node) -> None:
    _, lease = await desk.running(node)
    assert (await desk.post("/posts/p01/start", {"duration_s": 60}, headers=KEY)).status == 409
    await node.settles(lease, 1)
    assert (await desk.post("/posts/p01/start", {"duration_s": 60}, headers=KEY)).status == 201


async def test_a_key_is_good_for_a_day(desk: TestDesk) -> None:
    first = await desk.post("/sessions", {"duration_s": 60}, headers=KEY)
    desk.room.clock.advance(DAY_S)
    assert (await desk.post("/sessions", {"duration_s": 60}, headers=KEY)).body["id"] == first.body["id"]
    desk.room.clock.advance(1)
    assert (await desk.post("/sessions", {"duration_s": 60}, headers=KEY)).body["id"] != first.body["id"]


async def test_no_code_is_kept_with_a_key(desk: TestDesk) -> None:
    made = await desk.post("/sessions", {"duration_s": 60}, headers=KEY)
    assert made.body["code"] not in str(desk.room.rows("SELECT * FROM idempotency"))


@pytest.mark.parametrize("key", ["", "x" * 129, "two words", "caf\u00e9"])
async def test_a_bad_key_is_refused(desk: TestDesk, key: str) -> None:
    refused = await desk.post("/sessions", {"duration_s": 60}, headers={"Idempotency-Key": key})
    assert (refused.status, refused.reason) == (422, "bad_idempotency_key")
    assert desk.room.sessions() == []
