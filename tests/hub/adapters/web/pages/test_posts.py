"""Posts on pages: the list, one with its acts, edits that are stale, and who may do what."""

from __future__ import annotations

import re

import pytest

from hub.domain.accounts import Role
from hub.wire import messages as wire
from hub.wire.terms import IncidentKind, Phase
from tests.hub.adapters.web.desk import TestDesk, only
from tests.hub.adapters.web.pages.visitor import Seen, visiting
from tests.support.room import Node, new_id

MARK = "<script>alert(1)</script>"


def version_of(seen: Seen) -> str:
    found = re.search(r'name="version" value="(\w+)"', seen.html)
    assert found
    return found[1]


async def test_the_list_tells_health_in_words(desk: TestDesk, node: Node, other: Node) -> None:
    await node.reports(faults=("relay:display",), uptime_s=3600)
    async with visiting(desk, Role.VIEWER) as vera:
        seen = await vera.see("/posts")
        assert "Power switch does not follow (display)" in seen.text
        assert "All well" in seen.text
        assert "23 Nov 2026, 09:00" in seen.text  # it has run for an hour; in Paris
        assert "New post" not in seen.text
        assert "Post 2" not in (await vera.see("/posts?q=p01")).text
        assert "No post matches" in (await vera.see("/posts?zone=Attic")).text
        assert (await vera.see("/posts?ordering=secret")).status == 422
        assert "makes no sense" in (await vera.see("/posts?status=nonsense")).text


@pytest.mark.parametrize(
    ("phase", "told"), [(Phase.LOCKED_OUT, "Locked: too many wrong codes"), (Phase.FAULT, "Out of order")]
)
async def test_a_post_that_takes_no_codes_is_not_well(desk: TestDesk, node: Node, phase: Phase, told: str) -> None:
    """As it tells itself, and as its card on the board says."""
    await node.reports(phase=phase)
    async with visiting(desk) as marie:
        listed, seen = await marie.see("/posts"), await marie.see("/posts/p01")
    assert told in listed.text
    assert "All well" not in listed.text
    assert told in seen.text
    assert ("Take codes again" in seen.text) == (phase is Phase.LOCKED_OUT)


async def test_a_house_without_posts_says_what_is_needed(desk: TestDesk) -> None:
    async with visiting(desk, Role.ADMIN, "fr") as ada:
        seen = await ada.see("/posts")
        assert "Il n’y a pas encore de poste" in seen.text
        assert 'href="/new-post"' in seen.html


async def test_a_post_shows_what_happened_to_it(desk: TestDesk, node: Node) -> None:
    session, _ = await desk.running(node)
    await node.says(wire.Incident(new_id(), IncidentKind.KEYPAD_LOST))
    async with visiting(desk, Role.VIEWER) as vera:
        seen = await vera.see("/posts/p01")
        assert "Keypad unplugged" in seen.text
        assert f'href="/sessions/{session["id"]}"' in seen.html
        assert "1 session ·" in seen.text
        assert session["code"] not in seen.html
        assert "<form" not in seen.html.split("<main")[1]
        assert (await vera.see("/posts/p99")).status == 404


async def test_the_desk_tests_finds_and_tells_a_post(desk: TestDesk, node: Node) -> None:
    async with visiting(desk) as marie:
        assert (await marie.send("/posts/p01/identify")).location == "/posts/p01?said=blinking"
        assert (await marie.send("/posts/p01/notice", text="We close at six.", ttl_s="60")).status == 303
        assert (await marie.send("/posts/p01/self-test")).location == "/posts/p01?said=self_test_asked"
        heard = desk.room.heard("p01")
        assert only([one for one in heard if isinstance(one, wire.Notice)], wire.Notice).text == "We close at six."
        assert "has not answered yet" in (await marie.see("/posts/p01")).text
        test = only([one for one in heard if isinstance(one, wire.SelfTest)], wire.SelfTest)
        findings = (
            wire.Finding("keypad", False, "none found", "Plug it in."),
            wire.Finding("clock", True, "right", ""),
        )
        await node.says(wire.Findings(test.test_id, findings))
        seen = await marie.see("/posts/p01")
        assert "keypad : not well (none found) Plug it in." in re.sub(r"\s*:", " :", seen.text)
        assert '<span lang="en">(none found)' in seen.html, "the post's own words"
        assert "1 part is not well" in (await marie.see("/posts")).text


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("notice", {"text": "", "ttl_s": "60"}),
        ("notice", {"text": "x" * 201, "ttl_s": "60"}),
        ("notice", {"text": "x", "ttl_s": "0"}),
        ("notice", {"text": "x", "ttl_s": "٣"}),
        ("notice", {"text": "x", "ttl_s": "60", "colour": "red"}),
        ("maintenance", {"until": "never"}),
        ("maintenance", {"until": "2020-01-01T10:00"}),
        ("maintenance", {"reason": "x" * 201}),
        ("release", {"reason": ""}),
        ("credentials", {"profile": "pi9"}),
        ("credentials", {"profile": "../../etc/passwd"}),
        ("credentials", {"profile": "pi5_full", "host": "a b"}),
    ],
)
async def test_forms_that_make_no_sense_change_nothing(
    act: str, fields: dict[str, str], desk: TestDesk, node: Node
) -> None:
    before = await desk.room.post("p01")
    async with visiting(desk, Role.ADMIN) as ada:
        assert (await ada.send(f"/posts/p01/{act}", **fields)).status == 422
    assert await desk.room.post("p01") == before


async def test_what_is_not_there_cannot_be_told_anything(desk: TestDesk) -> None:
    await desk.room.node("p03", online=False)
    async with visiting(desk) as marie:
        seen = await marie.see("/posts/p03")
        assert "neither tested nor found" in seen.text
        assert "/identify" not in seen.html
        for act in ("identify", "self-test"):
            refused = await marie.send(f"/posts/p03/{act}")
            assert (refused.status, "That post is offline." in refused.text) == (409, True)
        assert (await marie.send("/posts/p99/identify")).status == 404


async def test_maintenance_with_an_end_in_the_houses_time(desk: TestDesk, node: Node) -> None:
    async with visiting(desk) as marie:
        sent = await marie.send("/posts/p01/maintenance", reason="new mouse", until="2026-11-23T11:00")
        assert sent.status == 303
        closed = (await desk.get("/posts/p01")).body["maintenance"]
        assert (closed["reason"], closed["until"]) == ("new mouse", "2026-11-23T10:00:00Z")
        seen = await marie.see("/posts/p01")
        assert "until 23 Nov 2026, 11:00" in seen.text
        assert (await marie.send("/posts/p01/open")).status == 303
    assert (await desk.get("/posts/p01")).body["maintenance"] is None


async def test_an_edit_of_what_somebody_else_has_changed_is_told(desk: TestDesk, node: Node) -> None:
    async with visiting(desk, Role.ADMIN) as ada:
        shown = version_of(await ada.see("/posts/p01"))
        assert (await ada.send("/posts/p01", name="Post one", zone="", notes="", version=shown)).status == 303
        stale = await ada.send("/posts/p01", name="Mine", zone="Hall", notes="kept", version=shown)
        assert stale.status == 422
        assert "Somebody else has changed this meanwhile." in stale.text
        assert 'value="Mine"' in stale.html
        assert (await desk.get("/posts/p01")).body["name"] == "Post one"
        again = await ada.send("/posts/p01", name="Mine", notes="kept", version=version_of(stale))
        assert again.location == "/posts/p01?said=saved"
    changed = (await desk.get("/posts/p01")).body
    assert (changed["name"], changed["zone"], changed["notes"]) == ("Mine", "", "kept")


async def test_an_edit_that_makes_no_sense_is_shown_again(desk: TestDesk, node: Node) -> None:
    async with visiting(desk, Role.ADMIN) as ada:
        shown = version_of(await ada.see("/posts/p01"))
        for fields in ({"name": ""}, {"name": "x" * 65}, {"name": "x", "zone": "z" * 65}, {"name": "x\x00"}):
            seen = await ada.send("/posts/p01", version=shown, **fields)
            assert (seen.status, 'aria-invalid="true"' in seen.html) == (422, True), fields


async def test_an_admin_releases_retires_and_brings_back(desk: TestDesk, node: Node) -> None:
    await desk.running(node)
    async with visiting(desk, Role.ADMIN) as ada:
        refused = await ada.send("/posts/p01/retire")
        assert (refused.status, "That post is in use." in refused.text) == (409, True)
        assert "Release by force" in (await ada.see("/posts/p01")).text
        assert (await ada.send("/posts/p01/release", reason="burnt out")).status == 303
        assert (await ada.send("/posts/p01/release", reason="burnt out")).status == 409
        assert (await ada.send("/posts/p01/retire")).status == 303
        assert "p01" not in (await ada.see("/posts")).text
        assert "p01" in (await ada.see("/posts?retired=true")).text
        assert "Bring it back" in (await ada.see("/posts/p01")).text
        assert (await ada.send("/posts/p01/bring-back")).status == 303
    assert (await desk.get("/posts/p01")).body["retired"] is False


async def test_a_lock_out_is_shown_and_cleared(desk: TestDesk, node: Node) -> None:
    for _ in range(5):
        await node.asks("NOSUCH")
    async with visiting(desk) as marie:
        assert "Locked: too many wrong codes" in (await marie.see("/posts")).text
        assert "Take codes again" in (await marie.see("/posts/p01")).text
        assert (await marie.send("/posts/p01/unlock")).status == 303
        assert "Locked" not in (await marie.see("/posts/p01")).text


async def test_a_form_without_its_token_changes_nothing(desk: TestDesk, node: Node) -> None:
    before = await desk.room.post("p01")
    async with visiting(desk, Role.ADMIN) as ada:
        for act in ("retire", "identify", "credentials", "maintenance"):
            assert (await ada.send(f"/posts/p01/{act}", csrf="0" * 64)).status == 403
        assert (await ada.send("/new-post", csrf="0" * 64, id="p09", name="Nine")).status == 403
    assert await desk.room.post("p01") == before
    assert (await desk.get("/posts/p09")).status == 404


async def test_what_people_write_is_text(desk: TestDesk, node: Node) -> None:
    async with visiting(desk, Role.ADMIN) as ada:
        shown = version_of(await ada.see("/posts/p01"))
        assert (await ada.send("/posts/p01", name=MARK, zone=MARK, notes=MARK, version=shown)).status == 303
        assert (await ada.send("/posts/p01/maintenance", reason=MARK)).status == 303
        await ada.send("/posts/p01/self-test")
        test = only([one for one in desk.room.heard("p01") if isinstance(one, wire.SelfTest)], wire.SelfTest)
        await node.says(wire.Findings(test.test_id, (wire.Finding("keypad", False, MARK, MARK),)))
        await node.reports(faults=("<b>x",))
        for path in (
            "/posts",
            "/posts/p01",
            f"/posts?q={MARK}",
            f"/new-post/hardware?id={MARK}&name={MARK}&zone={MARK}",
        ):
            seen = await ada.see(path)
            assert "<script>alert" not in seen.html, path
            assert "<b>x" not in seen.html
            assert "&lt;script&gt;" in seen.html, path
