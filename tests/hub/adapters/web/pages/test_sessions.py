"""The pages of sessions: names, days, files, the life of one, its edits and what can be done to it."""

from __future__ import annotations

import re
from dataclasses import replace

from hub.domain.accounts import Role
from hub.wire.terms import SettleReason
from tests.hub.adapters.web.desk import TestDesk
from tests.hub.adapters.web.pages.visitor import visiting
from tests.support.room import Node


def version_in(html: str) -> str:
    return str(re.findall(r'name="version" value="(\w+)"', html)[0])


async def test_the_list_shows_names_and_leads_a_running_one_to_the_board(
    desk: TestDesk, node: Node, other: Node
) -> None:
    running, _ = await desk.running(node)
    waiting = await desk.issue(post_id=other.post_id)
    async with visiting(desk) as marie:
        seen = await marie.see("/sessions")
        rows = {
            found: row for row in seen.html.split("<tr>") for found in re.findall(r"/sessions/([0-9a-f-]{36})", row)
        }
        assert 'href="/?q=Post+1"' in rows[running["id"]]
        assert "Post 2" in rows[waiting["id"]]
        assert "/?q=" not in rows[waiting["id"]]
        assert "together given 2 h, used 0 s" in seen.text


async def test_a_colon_has_its_space_in_french(desk: TestDesk, other: Node) -> None:
    over = await desk.issue()
    await desk.post(f"/sessions/{over['id']}/end")
    await desk.post(f"/posts/{other.post_id}/maintenance", {"on": True, "reason": "clavier"})
    async with visiting(desk, language="fr") as marie:
        for path, told in ((f"/sessions/{over['id']}", "terminée à l’accueil"), (f"/posts/{other.post_id}", "clavier")):
            seen = await marie.see(path)
            assert f"\u00a0: {told}" in seen.html
            assert not re.search(r"[^\s\u00a0]:\s", seen.text)


async def test_days_are_those_of_the_house(desk: TestDesk) -> None:
    """The clock stands at 09:00 UTC; from 23:00 UTC on, it is the next day in Paris."""
    before = await desk.issue()
    desk.room.clock.advance(14.5 * 3600)
    after = await desk.issue()
    async with visiting(desk) as marie:
        first = await marie.see("/sessions?since=2026-11-23&until=2026-11-23")
        assert before["id"] in first.html
        assert after["id"] not in first.html
        second = await marie.see("/sessions?since=2026-11-24")
        assert before["id"] not in second.html
        assert after["id"] in second.html
        file = await marie.see("/sessions.csv?since=2026-11-24")
        assert after["id"] in file.html
        assert before["id"] not in file.html


async def test_the_sums_are_those_of_the_filters(desk: TestDesk) -> None:
    await desk.issue(duration_s=600, notes="one", category="student")
    await desk.issue(duration_s=1200, notes="one more")
    await desk.issue(duration_s=60, notes="two")
    async with visiting(desk) as marie:
        assert "together given 30 min, used" in (await marie.see("/sessions?q=one")).text
        assert "together given 10 min, used" in (await marie.see("/sessions?category=student")).text


async def test_the_file_has_no_codes_and_is_refused_for_a_filter_that_makes_no_sense(desk: TestDesk) -> None:
    session = await desk.issue(notes="=cmd()")
    async with visiting(desk) as marie:
        file = await marie.see("/sessions.csv")
        assert session["id"] in file.html
        assert session["code"] not in file.html
        assert "'=cmd()" in file.html
        odd = await marie.see("/sessions.csv?status=nonsense")
        assert odd.status == 422
        assert "Some fields are not right." in odd.text


async def test_a_flagged_session_is_marked_and_says_why(desk: TestDesk) -> None:
    session = await desk.issue()
    async with desk.room.room.store.transaction() as tx:
        kept = await tx.session(session["id"])
        assert kept is not None
        await tx.save(replace(kept, flag="surplus"))
    async with visiting(desk) as marie:
        assert "To be looked at" in (await marie.see("/sessions")).text
        assert "charged more than it was given" in (await marie.see(f"/sessions/{session['id']}")).text


async def test_of_two_who_edit_the_second_is_told_and_nothing_is_lost(desk: TestDesk) -> None:
    session = await desk.issue(notes="first")
    here = f"/sessions/{session['id']}"
    async with visiting(desk) as marie:
        old = version_in((await marie.see(here)).html)
        await desk.ask("PATCH", here, {"notes": "hers <b>", "category": "student"})
        late = await marie.send(here, version=old, notes="mine", category="")
        assert late.status == 422
        assert "Somebody else has changed this meanwhile" in late.text
        assert ">mine</textarea>" in late.html
        assert "<q>hers &lt;b&gt;</q>" in late.html
        assert "<q>student</q>" in late.html
        assert (await desk.get(here)).body["notes"] == "hers <b>"
        saved = await marie.send(here, version=version_in(late.html), notes="mine", category="student")
        assert saved.status == 303
    assert (await desk.get(here)).body.items() >= {"notes": "mine", "category": "student"}.items()


async def test_a_form_that_does_not_say_what_it_has_seen_changes_nothing(desk: TestDesk) -> None:
    session = await desk.issue(notes="kept")
    async with visiting(desk) as marie:
        assert (await marie.send(f"/sessions/{session['id']}", notes="forged")).status == 422
    assert (await desk.get(f"/sessions/{session['id']}")).body["notes"] == "kept"


async def test_what_a_running_session_has_used_goes_with_what_is_left(desk: TestDesk, node: Node) -> None:
    session, lease = await desk.running(node)
    await node.reports(lease, 600)
    async with visiting(desk) as marie:
        for page in ("/sessions", f"/sessions/{session['id']}"):
            told = (await marie.see(page)).text
            assert "10 min" in told, page
            assert "50 min" in told, page


async def test_notes_can_be_saved_when_the_validity_is_past_and_that_stays(desk: TestDesk, node: Node) -> None:
    session, _ = await desk.running(node, valid_until="2026-11-23T09:30:30Z")
    desk.room.clock.advance(3600)
    here = f"/sessions/{session['id']}"
    async with visiting(desk) as marie:
        shown = re.findall(r'name="valid_until"[^>]*value="([^"]+)"', (await marie.see(here)).html)[0]
        assert shown == "2026-11-23T10:30"
        assert (await marie.fill_in(here, notes="late", valid_until=shown)).status == 303
    assert (await desk.get(here)).body.items() >= {"notes": "late", "valid_until": "2026-11-23T09:30:30Z"}.items()
    (entry,) = (await desk.get("/logs?action=session_changed")).body["items"]
    assert entry["details"] == {"changed": ["notes"]}


async def test_a_session_is_moved_to_a_post_that_is_free(desk: TestDesk, node: Node, other: Node) -> None:
    session, lease = await desk.running(node)
    await other.reports()
    here = f"/sessions/{session['id']}"
    async with visiting(desk) as marie:
        page = await marie.see(here)
        assert re.findall(r'<option value="(\w+)">', page.html) == ["p02"]
        assert (await marie.send(f"{here}/transfer", post_id="p02")).location == f"{here}?said=moved"
        waiting = await marie.see(here)
        assert "has still to answer" in waiting.text
        assert f"{here}/transfer" not in waiting.html
        await node.settles(lease, 60, SettleReason.REVOKED)
        told = (await marie.see(here)).text
        assert "The session was sent to Post 2." in told
        assert "The session left Post 1 to go on elsewhere; 1 min of it were used there." in told
        refused = await marie.send(f"{here}/transfer", post_id="nowhere")
        assert refused.status == 404


async def test_an_end_can_be_undone_for_a_minute_and_only_then_offers_it(desk: TestDesk) -> None:
    session = await desk.issue()
    here = f"/sessions/{session['id']}"
    async with visiting(desk) as marie:
        assert f"{here}/undo" not in (await marie.see(here)).html
        assert (await marie.send(f"{here}/end")).location == f"{here}?said=ended"
        ended = await marie.see(f"{here}?said=ended")
        assert "For a minute this can be undone." in ended.text
        assert f"{here}/undo" in ended.html
        assert (await marie.send(f"{here}/undo")).location == f"{here}?said=undone"
        await marie.send(f"{here}/end")
        desk.room.clock.advance(61)
        late = await marie.see(here)
        assert f"{here}/undo" not in late.html
        assert "nothing more can be done" in late.text
        assert "Too late" in (await marie.send(f"{here}/undo")).text


async def test_a_viewer_reads_a_life_and_has_no_buttons(desk: TestDesk, node: Node) -> None:
    session, _ = await desk.running(node)
    async with visiting(desk, Role.VIEWER, language="fr") as vera:
        seen = await vera.see(f"/sessions/{session['id']}")
        assert "La session a commencé sur Post 1, avec 1 h." in seen.text
        assert "<form" not in seen.html.partition("<main")[2]
