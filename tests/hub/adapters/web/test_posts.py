"""Posts over the API: what they are, and starting a stay at one."""

from __future__ import annotations

from hub.domain.accounts import Role
from hub.usecases.maintenance import maintenance_on
from hub.usecases.start_here import start_here
from hub.wire.messages import Lease, Start
from hub.wire.terms import SILENT_AFTER_S, SettleReason
from tests.hub.adapters.web.desk import TestDesk
from tests.support.room import DESK, Node, only


async def test_a_post_that_is_free(desk: TestDesk, node: Node) -> None:
    post = (await desk.get("/posts/p01")).body
    assert (post["name"], post["zone"], post["status"]) == ("Post 1", "Hall", "available")
    assert (post["phase"], post["session_id"], post["remaining_s"], post["faults"]) == ("idle", None, None, [])
    assert (post["ip_address"], post["client_version"]) == ("10.0.0.11", "0.1.0")
    assert (post["last_seen_at"], post["as_of"]) == ("2026-11-23T09:00:00Z", "2026-11-23T09:00:00Z")


async def test_a_post_in_use_tells_whose_stay_and_how_long_still(desk: TestDesk, node: Node) -> None:
    session, lease = await desk.running(node)
    await node.reports(lease, 40, faults=("display",))
    post = (await desk.get("/posts/p01")).body
    assert (post["status"], post["session_id"], post["phase"]) == ("occupied", session["id"], "running")
    assert (post["remaining_s"], post["faults"]) == (3560, ["display"])


async def test_reserved_maintenance_and_offline_posts(desk: TestDesk, node: Node, other: Node) -> None:
    await desk.issue(post_id="p01")
    await maintenance_on(desk.room.room, "p02", DESK, reason="new mouse")
    posts = {post["id"]: post for post in (await desk.get("/posts")).body["items"]}
    assert posts["p01"]["status"] == "reserved"
    assert posts["p02"]["status"] == "maintenance"
    assert posts["p02"]["maintenance"] == {"reason": "new mouse", "since": "2026-11-23T09:00:00Z", "until": None}
    desk.room.clock.advance(SILENT_AFTER_S + 1)
    silent = (await desk.get("/posts/p01")).body
    assert (silent["status"], silent["phase"], silent["as_of"]) == ("offline", None, None)


async def test_posts_are_filtered_ordered_and_paged(desk: TestDesk, node: Node, other: Node) -> None:
    await desk.running(node)

    async def ids(query: str) -> list[str]:
        return [post["id"] for post in (await desk.get(f"/posts?{query}")).body["items"]]

    assert await ids("") == ["p01", "p02"]
    assert await ids("ordering=-name") == ["p02", "p01"]
    assert await ids("status=occupied") == ["p01"]
    assert await ids("q=post%202") == ["p02"]
    assert await ids("zone=Hall&page_size=1&page=2") == ["p02"]
    assert await ids("zone=Attic") == []
    assert (await desk.get("/posts?page_size=1")).body["total"] == 2
    assert (await desk.get("/posts?ordering=secret")).fields == ["ordering"]


async def test_a_post_that_is_not_there_is_404(desk: TestDesk) -> None:
    refused = await desk.get("/posts/p09")
    assert (refused.status, refused.reason) == (404, "not_found")
    assert refused.headers["Content-Type"] == "application/problem+json"


async def test_a_stay_starts_without_a_code(desk: TestDesk, node: Node) -> None:
    made = await desk.post("/posts/p01/start", {"duration_s": 900, "notes": "course"})
    assert made.status == 201
    assert (made.body["status"], made.body["initial_s"], made.body["notes"]) == ("pending", 900, "course")
    lease = await node.obeys(only(desk.room.heard("p01"), Start))
    assert isinstance(lease, Lease)
    assert (await desk.get(f"/sessions/{made.body['id']}")).body["status"] == "active"
    busy = await desk.post("/posts/p01/start", {"duration_s": 900})
    assert (busy.status, busy.reason, busy.body["title"]) == (409, "post_busy", "Conflict")
    await node.settles(lease, 900, SettleReason.EXPIRED)
    assert (await desk.get("/posts/p01")).body["status"] == "available"


async def test_a_start_at_a_post_that_is_away_is_refused(desk: TestDesk) -> None:
    await desk.room.node("p01", online=False)
    refused = await desk.post("/posts/p01/start", {"duration_s": 900})
    assert (refused.status, refused.reason) == (409, "post_offline")
    assert (await desk.post("/posts/p01/start", {"duration_s": 900}, role=Role.VIEWER)).status == 403


async def test_what_else_the_hub_starts_shows_too(desk: TestDesk, node: Node) -> None:
    issued = await start_here(desk.room.room, "p01", 60, DESK)
    assert (await desk.get(f"/sessions/{issued.session.id}")).body["operator"] == "marie"
