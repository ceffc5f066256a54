"""What every page does, with sessions and the journal as examples: who may see it, forms, lists, languages."""

from __future__ import annotations

import re

import pytest

from hub.domain.accounts import Role
from tests.hub.adapters.web.desk import TestDesk
from tests.hub.adapters.web.pages.visitor import visiting
from tests.support.room import Node

NOBODY = "0b6a3c1e-5d2f-4f7e-9a53-0d6f2c9f8a11"


async def test_a_stranger_is_asked_to_sign_in_and_comes_back_to_the_page(desk: TestDesk) -> None:
    async with visiting(desk) as marie:
        async with marie.client.get("/sessions?status=active", allow_redirects=False) as response:
            assert (response.status, response.headers["Location"]) == (
                303,
                "/sign-in?next=/sessions?status%3Dactive",
            )
        async with marie.client.post("/sessions/x/end", allow_redirects=False) as response:
            assert (response.status, response.headers["Location"]) == (
                303,
                "/sign-in?expired=1&next=/sessions/x",
            )


async def test_a_viewer_sees_no_code_and_may_not_act(desk: TestDesk) -> None:
    session = await desk.issue()
    async with visiting(desk, Role.VIEWER) as vera:
        listed = await vera.see("/sessions")
        assert session["code"] not in listed.html
        one = await vera.see(f"/sessions/{session['id']}")
        assert session["code"] not in one.html
        refused = await vera.send(f"/sessions/{session['id']}/end")
        assert refused.status == 403
        assert "Your account may not do that." in refused.text


@pytest.mark.parametrize(("role", "told"), [(Role.VIEWER, False), (Role.OPERATOR, True)])
async def test_the_keys_that_are_told_are_those_that_do_something(desk: TestDesk, role: Role, told: bool) -> None:
    async with visiting(desk, role) as somebody:
        board = (await somebody.see("/")).text
    assert "filter the board" in board
    for act in ("new code", "suspend its session", "end its session", "message on its screen", "undo the last end"):
        assert (act in board) == told


async def test_a_form_without_its_token_changes_nothing(desk: TestDesk) -> None:
    session = await desk.issue()
    async with visiting(desk) as marie:
        refused = await marie.send(f"/sessions/{session['id']}/end", csrf="0" * 64)
        assert refused.status == 403
        assert "out of date" in refused.text
    assert (await desk.get(f"/sessions/{session['id']}")).body["status"] == "pending"


@pytest.mark.parametrize("path", [f"/sessions/{NOBODY}", "/sessions/nonsense", "/sessions/%00"])
async def test_what_is_not_there_is_a_page_that_says_so(desk: TestDesk, path: str) -> None:
    async with visiting(desk, language="fr") as marie:
        seen = await marie.see(path)
        assert seen.status == 404
        assert "n’existe pas" in seen.text


async def test_time_is_added_and_the_page_says_that_it_is_done(desk: TestDesk) -> None:
    session = await desk.issue(duration_s=600)
    here = f"/sessions/{session['id']}"
    async with visiting(desk) as marie:
        sent = await marie.fill_in(here, f"{here}/add-time", minutes="15")
        assert (sent.status, sent.location) == (303, f"{here}?said=done")
        seen = await marie.see(f"{here}?said=done")
        assert "Done." in seen.text
        assert "<title>Done. Session of" in seen.html, "what a screen reader says first"
        assert "25 min" in seen.text
    assert "15 min were added." in seen.text


async def test_a_form_for_more_time_that_is_sent_twice_adds_it_once(desk: TestDesk) -> None:
    session = await desk.issue(duration_s=600)
    here = f"/sessions/{session['id']}"
    async with visiting(desk) as marie:
        key = re.search(r'name="key" value="([^"]+)"', (await marie.see(here)).html)
        assert key
        twice = [await marie.send(f"{here}/add-time", minutes="15", key=key[1]) for _ in range(2)]
        assert [sent.location for sent in twice] == [f"{here}?said=done"] * 2
        assert (await desk.get(here)).body["added_s"] == 900
        await marie.fill_in(here, f"{here}/add-time", minutes="15")
    assert (await desk.get(here)).body["added_s"] == 1800, "another look at the page is another wish"


@pytest.mark.parametrize("minutes", ["", "0", "-5", "1441", "abc", "1e3", "٣"])
async def test_minutes_that_make_no_sense_are_refused(desk: TestDesk, minutes: str) -> None:
    session = await desk.issue(duration_s=600)
    here = f"/sessions/{session['id']}"
    async with visiting(desk) as marie:
        assert (await marie.fill_in(here, f"{here}/add-time", minutes=minutes)).status == 422
    assert (await desk.get(f"/sessions/{session['id']}")).body["added_s"] == 0


async def test_what_the_state_forbids_is_told_in_words(desk: TestDesk, node: Node) -> None:
    session, _ = await desk.running(node)
    async with visiting(desk) as marie:
        refused = await marie.send(f"/sessions/{session['id']}/undo")
        assert refused.status == 409


@pytest.mark.parametrize(
    ("sent_to", "page"),
    [
        ("/users/new", "/users/new"),
        ("/me/sign-ins/7/end", "/me"),
        (f"/sessions/{NOBODY}", f"/sessions/{NOBODY}"),
        (f"/sessions/{NOBODY}/add-time", f"/sessions/{NOBODY}"),
    ],
)
async def test_a_form_of_a_stale_tab_leads_back_to_its_page(desk: TestDesk, sent_to: str, page: str) -> None:
    async with visiting(desk) as marie:
        refused = await marie.send(sent_to, csrf="of another sign-in")
        assert refused.status == 403
        content = refused.html.partition("<main")[2]
        assert re.findall(r'href="(/[^"]*)"', content) == [page, "/"]
        await marie.send("/sign-out")
        late = await marie.send(sent_to)
    assert (late.status, late.location) == (303, f"/sign-in?expired=1&next={page}")


async def test_a_form_keeps_what_was_written_and_says_what_is_wrong(desk: TestDesk) -> None:
    session = await desk.issue()
    async with visiting(desk) as marie:
        seen = await marie.fill_in(f"/sessions/{session['id']}", notes="kept", valid_until="2020-01-01T10:00")
        assert seen.status == 422
        assert ">kept</textarea>" in seen.html
        assert 'aria-invalid="true"' in seen.html


async def test_an_instant_is_read_in_the_time_zone_of_the_house(desk: TestDesk) -> None:
    session = await desk.issue()
    until = session["valid_until"]
    day = until[:10]
    async with visiting(desk) as marie:
        sent = await marie.fill_in(f"/sessions/{session['id']}", notes="", valid_until=f"{day}T00:30")
        assert sent.status == 303, sent.text
    changed = (await desk.get(f"/sessions/{session['id']}")).body["valid_until"]
    assert changed != until
    assert changed.endswith(("22:30:00Z", "23:30:00Z"))  # Europe/Paris


async def test_filters_live_in_the_address_and_nonsense_is_told(desk: TestDesk, node: Node) -> None:
    running, _ = await desk.running(node)
    waiting = await desk.issue()
    async with visiting(desk) as marie:
        seen = await marie.see("/sessions?status=active")
        assert running["id"] in seen.html
        assert waiting["id"] not in seen.html
        odd = await marie.see("/sessions?status=nonsense&page=0")
        assert waiting["id"] in odd.html
        assert "makes no sense and was left out: Page, Status" in odd.text
        none = await marie.see("/sessions?q=nobody")
        assert "No session matches these filters." in none.text


async def test_a_list_is_sorted_and_paged_by_its_address(desk: TestDesk) -> None:
    for number in range(3):
        await desk.issue(notes=f"note-{number}")
    async with visiting(desk) as marie:
        first = await marie.see("/sessions?ordering=created_at&page_size=2")
        assert "note-0" in first.html
        assert "note-2" not in first.html
        assert 'href="/sessions?ordering=created_at&amp;page_size=2&amp;page=2"' in first.html
        assert 'href="/sessions?ordering=-created_at&amp;page_size=2"' in first.html
        assert "page 1 of 2" in first.text
        odd = await marie.see("/sessions?ordering=secret")
        assert odd.status == 422


async def test_what_people_write_is_shown_as_text(desk: TestDesk) -> None:
    session = await desk.issue(notes="<script>alert(1)</script>")
    async with visiting(desk) as marie:
        for path in ("/sessions", f"/sessions/{session['id']}", "/journal", "/sessions?q=<script>"):
            assert "<script>alert" not in (await marie.see(path)).html


async def test_another_language_keeps_the_address(desk: TestDesk) -> None:
    async with visiting(desk) as marie:
        seen = await marie.see("/sessions?status=active&language=fr")
        assert (seen.status, seen.location) == (303, "/sessions?status=active")


async def test_the_journal_tells_who_did_what(desk: TestDesk) -> None:
    session = await desk.issue()
    async with visiting(desk, language="fr") as marie:
        seen = await marie.see("/journal?action=code_issued")
        assert "Un code de 1 h a été émis." in seen.text
        assert f"/sessions/{session['id']}" in seen.html
        assert session["code"] not in seen.html
        assert "Rien dans le journal" in (await marie.see("/journal?operator=nobody")).text
