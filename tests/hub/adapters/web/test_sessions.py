"""Sessions over the API: issue, look, and what the desk does to a stay."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta

from hub.adapters.feed import EntryLogged, PostChanged, SessionChanged
from hub.domain.accounts import Role
from hub.domain.house import House
from hub.domain.records import User
from hub.wire.messages import PostReport, Start
from hub.wire.terms import Language, SettleReason
from tests.hub.adapters.web.desk import TestDesk
from tests.support.room import Node, only

NOBODY = "00000000-0000-0000-0000-0000000000ff"


async def test_an_issued_code_is_answered_with_the_whole_session(desk: TestDesk) -> None:
    made = await desk.post("/sessions", {"duration_s": 1800, "notes": "homework", "category": "student"})
    assert made.status == 201
    session = made.body
    assert len(session["code"]) == 6
    assert (session["status"], session["initial_s"], session["remaining_s"]) == ("pending", 1800, 1800)
    assert (session["operator"], session["notes"], session["category"]) == ("marie", "homework", "student")
    assert session["valid_until"] == "2026-11-24T09:00:00Z"
    assert (await desk.get(f"/sessions/{session['id']}")).body == session


async def test_several_codes_come_as_a_list(desk: TestDesk) -> None:
    made = await desk.post("/sessions", {"duration_s": 60, "count": 3})
    assert made.status == 201
    assert len({session["code"] for session in made.body}) == 3


async def test_an_order_that_makes_no_sense_is_refused_field_by_field(desk: TestDesk) -> None:
    past = (desk.room.clock.now() - timedelta(hours=1)).isoformat()
    refused = await desk.post("/sessions", {"duration_s": 60, "valid_until": past})
    assert (refused.status, refused.fields) == (422, ["valid_until"])
    assert (await desk.post("/sessions", {"duration_s": 60, "post_id": "p09"})).status == 404
    assert (await desk.post("/sessions", {"duration_s": 60, "user_id": NOBODY})).status == 404


async def test_a_viewer_sees_sessions_but_no_codes(desk: TestDesk) -> None:
    session = await desk.issue()
    assert (await desk.get(f"/sessions/{session['id']}", role=Role.VIEWER)).body["code"] is None
    assert (await desk.get("/sessions", role=Role.VIEWER)).body["items"][0]["code"] is None


async def test_a_code_is_gone_when_its_stay_is_over(desk: TestDesk) -> None:
    session = await desk.issue()
    ended = await desk.post(f"/sessions/{session['id']}/end")
    assert (ended.status, ended.body["status"], ended.body["code"]) == (200, "ended", None)


async def test_the_list_is_filtered_ordered_and_paged(desk: TestDesk, node: Node) -> None:
    user = User("00000000-0000-0000-0000-00000000000a", "Ada Lovelace", desk.room.clock.now())
    await desk.room.add(user)
    first = await desk.issue(notes="printing", user_id=user.id)
    desk.room.clock.advance(60)
    second, _ = await desk.running(node)
    desk.room.clock.advance(60)
    third = await desk.issue(post_id="p01")

    async def ids(query: str) -> list[str]:
        listed = (await desk.get(f"/sessions?{query}")).body
        assert listed["total"] == len(listed["items"])
        return [session["id"] for session in listed["items"]]

    assert await ids("") == [third["id"], second["id"], first["id"]]
    assert await ids("ordering=created_at") == [first["id"], second["id"], third["id"]]
    assert await ids("status=active") == [second["id"]]
    assert await ids("post=p01") == [third["id"], second["id"]]
    assert await ids("q=PRINT") == [first["id"]]
    assert await ids("q=lovelace") == [first["id"]]
    assert await ids(f"user={user.id}") == [first["id"]]
    assert await ids("operator=nobody") == []
    assert await ids("created_after=2026-11-23T09:00:30Z&created_before=2026-11-23T10:01:30%2B01:00") == [second["id"]]
    page = (await desk.get("/sessions?page=2&page_size=2")).body
    assert (page["total"], page["page"], page["page_size"], len(page["items"])) == (3, 2, 2, 1)


async def test_an_unknown_ordering_names_those_there_are(desk: TestDesk) -> None:
    refused = await desk.get("/sessions?ordering=code")
    assert (refused.status, refused.fields) == (422, ["ordering"])
    assert "created_at" in refused.body["errors"][0]["message"]


async def test_notes_category_and_validity_can_be_changed(desk: TestDesk) -> None:
    session = await desk.issue(notes="a", category="b")
    path = f"/sessions/{session['id']}"
    changed = (await desk.ask("PATCH", path, {"notes": "c", "valid_until": "2026-12-01T00:00:00Z"})).body
    assert (changed["notes"], changed["category"], changed["valid_until"]) == ("c", "b", "2026-12-01T00:00:00Z")
    assert (await desk.ask("PATCH", path, {"category": None})).body["category"] is None
    refused = await desk.ask("PATCH", path, {"valid_until": "2026-11-01T00:00:00Z"})
    assert (refused.status, refused.fields) == (422, ["valid_until"])
    await desk.post(f"{path}/end")
    assert (await desk.ask("PATCH", path, {"notes": "after the end"})).status == 200
    late = await desk.ask("PATCH", path, {"valid_until": "2026-12-02T00:00:00Z"})
    assert (late.status, late.reason) == (409, "already_over")
    entry = (await desk.get("/logs?action=session_changed")).body["items"][-1]
    assert (entry["operator"], entry["session_id"]) == ("marie", session["id"])
    assert entry["details"] == {"changed": ["notes", "valid_until"], "valid_until": "2026-12-01T00:00:00Z"}


async def test_time_left_is_what_the_post_last_told(desk: TestDesk, node: Node) -> None:
    session, lease = await desk.running(node)
    desk.room.clock.advance(20)
    await node.reports(lease, 15)
    told_at = desk.room.clock.now()
    desk.room.clock.advance(5)
    now = (await desk.get(f"/sessions/{session['id']}")).body
    assert (now["consumed_s"], now["remaining_s"]) == (15, 3585)
    assert now["as_of"] == told_at.isoformat().replace("+00:00", "Z")
    assert now["post_id"] == "p01"


async def test_time_added_shows_before_the_post_has_heard_of_it(desk: TestDesk, node: Node) -> None:
    session, lease = await desk.running(node)
    await node.reports(lease, 100)
    added = (await desk.post(f"/sessions/{session['id']}/add-time", {"seconds": 900})).body
    assert (added["added_s"], added["consumed_s"], added["remaining_s"]) == (900, 100, 4400)


async def test_ending_a_running_stay_is_pending_until_the_post_settles_and_can_be_undone(
    desk: TestDesk, node: Node
) -> None:
    session, lease = await desk.running(node)
    path = f"/sessions/{session['id']}"
    asked = (await desk.post(f"{path}/end")).body
    assert (asked["status"], asked["pending_action"]) == ("active", "end")
    await node.settles(lease, 100, SettleReason.REVOKED)
    ended = (await desk.get(path)).body
    assert (ended["status"], ended["pending_action"], ended["consumed_s"]) == ("ended", None, 100)
    undone = (await desk.post(f"{path}/undo")).body
    assert (undone["status"], undone["remaining_s"], undone["code"]) == ("suspended", 3500, session["code"])
    again = await desk.post(f"{path}/undo")
    assert (again.status, again.reason) == (409, "not_ended")


async def test_suspending_banks_the_rest(desk: TestDesk, node: Node) -> None:
    session, lease = await desk.running(node)
    path = f"/sessions/{session['id']}"
    assert (await desk.post(f"{path}/suspend")).body["pending_action"] == "suspend"
    await node.settles(lease, 600, SettleReason.REVOKED)
    assert (await desk.get(path)).body["status"] == "suspended"
    refused = await desk.post(f"{path}/suspend")
    assert (refused.status, refused.reason) == (409, "not_active")


async def test_a_transfer_starts_at_the_other_post_when_the_first_has_settled(
    desk: TestDesk, node: Node, other: Node
) -> None:
    session, lease = await desk.running(node)
    asked = await desk.post(f"/sessions/{session['id']}/transfer", {"post_id": "p02"})
    assert (asked.status, asked.body["pending_action"]) == (200, "transfer")
    await node.settles(lease, 60, SettleReason.REVOKED)
    await other.obeys(only(desk.room.heard("p02"), Start))
    moved = (await desk.get(f"/sessions/{session['id']}")).body
    assert (moved["status"], moved["post_id"]) == ("active", "p02")
    there = await desk.post(f"/sessions/{session['id']}/transfer", {"post_id": "p02"})
    assert (there.status, there.reason) == (409, "already_there")


async def test_acts_on_a_session_that_is_not_there_are_404(desk: TestDesk) -> None:
    for path, body in (
        (f"/sessions/{NOBODY}/add-time", {"seconds": 60}),
        (f"/sessions/{NOBODY}/end", None),
        (f"/sessions/{NOBODY}/suspend", {}),
        (f"/sessions/{NOBODY}/undo", {}),
        ("/sessions/rubbish%00%ff/transfer", {"post_id": "p01"}),
    ):
        refused = await desk.post(path, body)
        assert (refused.status, refused.reason) == (404, "not_found"), path
    assert (await desk.get("/sessions/rubbish")).status == 404


async def test_a_code_that_works_for_longer_or_shorter_changes_its_posts_reservation(
    desk: TestDesk, node: Node
) -> None:
    session = await desk.issue(post_id="p01")
    with desk.context.feed.subscribe() as events:
        await desk.ask("PATCH", f"/sessions/{session['id']}", {"valid_until": "2026-11-23T09:10:00Z"})
        logged, *told = [await anext(events) for _ in range(3)]
    assert isinstance(logged, EntryLogged)
    assert told == [SessionChanged(session["id"]), PostChanged("p01")]
    desk.room.clock.advance(600)
    await node.reports()
    assert (await desk.get("/posts/p01")).body["status"] == "available"


async def test_a_change_of_nothing_changes_nothing(desk: TestDesk) -> None:
    session = await desk.issue()
    desk.room.clock.advance(60)
    unchanged = (await desk.ask("PATCH", f"/sessions/{session['id']}", {})).body
    assert unchanged["updated_at"] == session["updated_at"]


async def test_time_left_at_a_post_that_has_gone_is_what_it_had_not_debited(desk: TestDesk, node: Node) -> None:
    session, lease = await desk.running(node)
    await node.reports(lease, 100)
    await node.says(PostReport(online=False))
    gone = (await desk.get(f"/sessions/{session['id']}")).body
    assert (gone["status"], gone["remaining_s"]) == ("active", 3500)


async def test_a_code_sealed_with_another_key_is_null(desk: TestDesk) -> None:
    session = await desk.issue()
    stored = await desk.room.session(session["id"])
    await desk.room.save(replace(stored, code_sealed=b"another key's"))
    assert (await desk.get(f"/sessions/{session['id']}")).body["code"] is None


async def test_two_hundred_codes_are_one_transaction(desk: TestDesk) -> None:
    made = await desk.post("/sessions", {"duration_s": 60, "count": 200, "category": "class", "on_end": "burn"})
    assert made.status == 201
    assert len({session["code"] for session in made.body}) == 200
    assert {(one["category"], one["on_end"]) for one in made.body} == {("class", "burn")}
    assert (await desk.post("/sessions", {"duration_s": 60, "count": 201})).fields == ["count"]
    desk.room.mint.next_codes.extend(["AAAAAA", "BBBBBB", *["AAAAAA"] * 20])
    failed = await desk.post("/sessions", {"duration_s": 60, "count": 3})
    assert failed.status == 500
    assert (await desk.get("/sessions")).body["total"] == 200, "all of a batch or none"


async def test_a_code_that_is_voided(desk: TestDesk, node: Node) -> None:
    session = await desk.issue()
    voided = await desk.post(f"/sessions/{session['id']}/void")
    assert (voided.status, voided.body["status"], voided.body["end_reason"]) == (200, "ended", "voided")
    again = await desk.post(f"/sessions/{session['id']}/void")
    assert (again.status, again.reason) == (409, "not_pending")
    running, _ = await desk.running(node)
    assert (await desk.post(f"/sessions/{running['id']}/void")).status == 409
    assert (await desk.post(f"/sessions/{session['id']}/void", role=Role.VIEWER)).status == 403
    assert (await desk.post(f"/sessions/{NOBODY}/void")).status == 404


async def test_a_ticket_is_printed_until_the_stay_is_over(desk: TestDesk, node: Node) -> None:
    await desk.room.save(House(ticket_text="Bonne visite", language=Language.EN))
    session = await desk.issue(duration_s=1800, post_id="p01")
    path = f"/sessions/{session['id']}/ticket"
    printed = await desk.get(path)
    assert printed.body == {
        "session_id": session["id"],
        "code": session["code"],
        "duration_s": 1800,
        "valid_from": None,
        "valid_until": "2026-11-24T09:00:00Z",
        "post_id": "p01",
        "post_name": "Post 1",
        "text": "Bonne visite",
        "language": "en",
        "time_zone": "Europe/Paris",
    }
    assert (await desk.get(path, role=Role.VIEWER)).status == 403
    lease = await node.gets(session["code"])
    await node.settles(lease, 600, SettleReason.PAUSED_HERE)
    assert (await desk.get(path)).body["duration_s"] == 1200
    await desk.post(f"/sessions/{session['id']}/end")
    gone = await desk.get(path)
    assert (gone.status, gone.reason) == (410, "gone")
    await desk.post(f"/sessions/{session['id']}/undo")
    assert (await desk.get(path)).body["code"] == session["code"]
    assert (await desk.get(f"/sessions/{NOBODY}/ticket")).status == 404


async def test_csv_has_every_session_none_of_the_codes_and_no_formula(desk: TestDesk) -> None:
    made = await desk.post("/sessions", {"duration_s": 60, "count": 200, "notes": "=1+1", "category": "-1"})
    await desk.post("/sessions", {"duration_s": 60, "count": 3})
    answer = await desk.get("/sessions", headers={"Accept": "text/csv"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="sessions.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.body)))
    assert len({row["id"] for row in rows}) == 203
    assert {row["code"] for row in rows} == {""}
    assert not [session for session in made.body if session["code"] in answer.body]
    assert {(row["notes"], row["category"]) for row in rows} == {("'=1+1", "'-1"), ("", "")}
    chosen = await desk.get("/sessions?category=-1", headers={"Accept": "text/csv"})
    assert len(chosen.body.splitlines()) == 201
