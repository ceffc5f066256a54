"""What the desk does to a post over the API."""

from __future__ import annotations

from hub.domain.accounts import Role
from hub.wire import messages as wire
from hub.wire.terms import SILENT_AFTER_S
from tests.hub.adapters.web.desk import TestDesk
from tests.support.room import Node

KEY = {"Idempotency-Key": "one"}


async def test_maintenance_with_and_without_power_for_staff(desk: TestDesk, node: Node) -> None:
    wish = {"on": True, "reason": "new mouse", "until": "2026-11-23T10:00:00Z"}
    closed = await desk.post("/posts/p01/maintenance", wish)
    assert closed.status == 200
    assert (closed.body["status"], closed.body["maintenance"]["until"]) == ("maintenance", "2026-11-23T10:00:00Z")
    told = desk.room.link.to("p01", wire.Sync)[-1].maintenance
    assert told is not None
    assert told.total_s == 3600
    dark = (await desk.post("/posts/p01/maintenance", {"on": True})).body
    assert (dark["maintenance"]["reason"], dark["maintenance"]["until"]) == ("", None)
    opened = (await desk.post("/posts/p01/maintenance", {"on": False})).body
    assert (opened["status"], opened["maintenance"]) == ("available", None)
    assert (await desk.post("/posts/p01/maintenance", {"on": False})).status == 200
    assert (await desk.get("/logs?action=maintenance_off")).body["total"] == 1


async def test_maintenance_of_a_post_in_use_is_refused(desk: TestDesk, node: Node) -> None:
    await desk.running(node)
    refused = await desk.post("/posts/p01/maintenance", {"on": True})
    assert (refused.status, refused.reason) == (409, "post_busy")


async def test_a_notice_is_told_once_however_often_it_is_sent(desk: TestDesk, node: Node) -> None:
    for _ in range(2):
        told = await desk.post("/posts/p01/notice", {"text": "We close at six.", "ttl_s": 60}, headers=KEY)
        assert (told.status, told.body["id"]) == (200, "p01")
    (notice,) = desk.room.link.to("p01", wire.Notice)
    assert (notice.text, notice.ttl_s) == ("We close at six.", 60)


async def test_a_post_blinks(desk: TestDesk, node: Node) -> None:
    assert (await desk.post("/posts/p01/identify")).status == 200
    assert len(desk.room.link.to("p01", wire.Identify)) == 1


async def test_what_a_self_test_found_is_shown_with_the_post(desk: TestDesk, node: Node) -> None:
    assert (await desk.get("/posts/p01")).body["self_test"] is None
    asked = (await desk.post("/posts/p01/self-test")).body["self_test"]
    assert asked == {"asked_at": "2026-11-23T09:00:00Z", "done_at": None, "findings": []}
    (test,) = desk.room.link.to("p01", wire.SelfTest)
    desk.room.clock.advance(1)
    found = (wire.Finding("keypad", True, "there"), wire.Finding("screen", False, "does not answer", "see its wires"))
    await node.says(wire.Findings(test.test_id, found))
    shown = (await desk.get("/posts/p01")).body["self_test"]
    assert shown["done_at"] == "2026-11-23T09:00:01Z"
    assert shown["findings"] == [
        {"what": "keypad", "ok": True, "told": "there", "advice": ""},
        {"what": "screen", "ok": False, "told": "does not answer", "advice": "see its wires"},
    ]


async def test_who_is_away_is_a_conflict(desk: TestDesk, node: Node) -> None:
    desk.room.clock.advance(SILENT_AFTER_S + 1)
    for act, said in (("notice", {"text": "x", "ttl_s": 1}), ("identify", None), ("self-test", None)):
        refused = await desk.post(f"/posts/p01/{act}", said)
        assert (refused.status, refused.reason) == (409, "post_offline"), act
        assert (await desk.post(f"/posts/p77/{act}", said)).status == 404
    assert (await desk.post("/posts/p01/unlock")).status == 200


async def test_a_lock_out_shows_and_is_cleared_at_hub_and_node(desk: TestDesk, node: Node) -> None:
    for _ in range(5):
        await node.asks("WRONGX")
    assert (await desk.get("/posts/p01")).body["locked_for_s"] == 30
    cleared = await desk.post("/posts/p01/unlock")
    assert (cleared.status, cleared.body["locked_for_s"]) == (200, 0)
    assert desk.room.link.to("p01", wire.Sync)[-1].locked_for_s == 0
    await node.gets((await desk.issue())["code"])


async def test_a_dead_post_is_released_by_an_admin(desk: TestDesk, node: Node) -> None:
    session, _ = await desk.running(node)
    desk.room.clock.advance(600)
    released = await desk.post("/posts/p01/release", {"reason": "node burnt out"}, role=Role.ADMIN, headers=KEY)
    assert (released.status, released.body["session_id"]) == (200, None)
    after = (await desk.get(f"/sessions/{session['id']}")).body
    assert (after["status"], after["consumed_s"]) == ("suspended", 600)
    (entry,) = (await desk.get("/logs?action=lease_released")).body["items"]
    assert (entry["operator"], entry["details"]["reason"]) == ("ada", "node burnt out")
    again = await desk.post("/posts/p01/release", {"reason": "node burnt out"}, role=Role.ADMIN, headers=KEY)
    assert again.status == 200
    free = await desk.post("/posts/p01/release", {"reason": "again"}, role=Role.ADMIN)
    assert (free.status, free.reason) == (409, "post_free")
