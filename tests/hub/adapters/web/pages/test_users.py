"""The pages of users: the list, one with quota and history, the form, and what the desk does to them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from hub.domain.accounts import Role
from tests.hub.adapters.web.desk import TestDesk
from tests.hub.adapters.web.pages.visitor import Seen, Visitor, visiting

NASTY = "<img src=x onerror=alert(1)>"
ADA = {"display_name": "Ada Lovelace", "card_number": "C-1", "contact": "ada@example.org", "category": "student"}
FIELDS = ADA | {"notes": "kind", "quota_day_min": "120", "quota_week_min": ""}


async def made(desk: TestDesk, **facts: Any) -> dict[str, Any]:
    answer = await desk.post("/users", ADA | facts)
    assert answer.status == 201, answer.body
    user: dict[str, Any] = answer.body
    return user


async def of(desk: TestDesk, user: dict[str, Any]) -> dict[str, Any]:
    """The record as it is now."""
    body: dict[str, Any] = (await desk.get(f"/users/{user['id']}")).body
    return body


async def edited(marie: Visitor, user: dict[str, Any], **fields: str) -> Seen:
    return await marie.fill_in(f"/users/{user['id']}/edit", **(FIELDS | fields))


async def test_a_user_is_registered_with_quotas_in_minutes(desk: TestDesk) -> None:
    async with visiting(desk) as marie:
        sent = await marie.fill_in("/users/new", **FIELDS)
        assert sent.status == 303
        (user,) = (await desk.get("/users")).body["items"]
        assert sent.location == f"/users/{user['id']}?said=saved"
        assert user.items() >= (ADA | {"notes": "kind", "quota_day_s": 7200, "quota_week_s": None}).items()
        seen = await marie.see(sent.location)
        assert "Saved." in seen.text
        assert "0 s of 2 h used" in seen.text


async def test_a_form_that_is_sent_twice_registers_one_user(desk: TestDesk) -> None:
    async with visiting(desk) as marie:
        page = await marie.see("/users/new")
        key = re.findall(r'name="key" value="([^"]+)"', page.html)[0]
        first, second = [await marie.send("/users/new", key=key, **FIELDS) for _ in range(2)]
        assert first.location == second.location
        other = await marie.send("/users/new", key=key, **(FIELDS | {"display_name": "Grace"}))
        assert other.status == 422
    assert (await desk.get("/users")).body["total"] == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("display_name", ""),
        ("display_name", "x" * 65),
        ("card_number", "a\x07b"),
        ("contact", "x" * 201),
        ("notes", "x" * 1001),
        ("quota_day_min", "0"),
        ("quota_day_min", "1441"),
        ("quota_week_min", "١"),
        ("quota_week_min", "1e3"),
        ("blocked", "perhaps"),
        ("surprise", "x"),
    ],
)
async def test_bad_input_is_told_and_makes_nobody(desk: TestDesk, field: str, value: str) -> None:
    async with visiting(desk) as marie:
        seen = await marie.fill_in("/users/new", **(FIELDS | {field: value}))
        assert seen.status == 422
        assert "Some fields are not right." in seen.text
        assert 'value="ada@example.org"' in seen.html or field == "contact"
    assert (await desk.get("/users")).body["total"] == 0


async def test_a_card_that_another_has_is_told(desk: TestDesk) -> None:
    await made(desk)
    async with visiting(desk, language="fr") as marie:
        seen = await marie.fill_in("/users/new", **(FIELDS | {"display_name": "Grace"}))
        assert seen.status == 422
        assert "carte" in seen.text
        assert 'value="Grace"' in seen.html


async def test_of_two_who_edit_the_second_is_told_and_nothing_is_lost(desk: TestDesk) -> None:
    user = await made(desk)
    here = f"/users/{user['id']}/edit"
    async with visiting(desk) as marie:
        page = await marie.see(here)
        old = re.findall(r'name="version" value="(\w+)"', page.html)[0]
        await desk.ask("PATCH", f"/users/{user['id']}", {"contact": "new@example.org", "blocked": True})
        late = await marie.send(here, version=old, **(FIELDS | {"notes": "mine"}))
        assert late.status == 422
        assert "Somebody else has changed this meanwhile" in late.text
        assert re.findall(r"<q>(.*?)</q>", late.html) == ["new@example.org", "nothing", "nothing", "yes"]
        assert ">mine</textarea>" in late.html
        assert (await of(desk, user))["contact"] == "new@example.org"
        newest = re.findall(r'name="version" value="(\w+)"', late.html)[0]
        assert (await marie.send(here, version=newest, **(FIELDS | {"notes": "mine"}))).status == 303
    assert (await of(desk, user)).items() >= {"notes": "mine", "contact": "ada@example.org", "blocked": False}.items()


async def test_a_mistake_in_a_form_that_is_old_does_not_make_it_new(desk: TestDesk) -> None:
    user = await made(desk)
    here = f"/users/{user['id']}/edit"
    async with visiting(desk) as marie:
        old = re.findall(r'name="version" value="(\w+)"', (await marie.see(here)).html)[0]
        await desk.ask("PATCH", f"/users/{user['id']}", {"contact": "new@example.org"})
        wrong = await marie.send(here, version=old, **(FIELDS | {"display_name": ""}))
        assert f'name="version" value="{old}"' in wrong.html
        assert "changed this meanwhile" in (await marie.send(here, version=old, **FIELDS)).text


async def test_a_quota_that_nobody_touches_stays_to_the_second(desk: TestDesk) -> None:
    user = await made(desk, quota_day_s=100, quota_week_s=3600)
    async with visiting(desk) as marie:
        assert (await edited(marie, user, quota_day_min="2", quota_week_min="90")).status == 303
        assert (await of(desk, user)).items() >= {"quota_day_s": 100, "quota_week_s": 5400}.items()
        assert (await edited(marie, user, quota_day_min="", quota_week_min="")).status == 303
    assert (await of(desk, user)).items() >= {"quota_day_s": None, "quota_week_s": None}.items()


async def test_lines_that_a_browser_sends_are_the_lines_that_were_there(desk: TestDesk) -> None:
    user = await made(desk)
    async with visiting(desk) as marie:
        await edited(marie, user, notes="one\r\ntwo")
    assert (await of(desk, user))["notes"] == "one\ntwo"


async def test_the_list_is_searched_by_name_and_card_and_narrowed(desk: TestDesk) -> None:
    await made(desk)
    grace = await made(desk, display_name="Grace Hopper", card_number="C-2", category="adult", blocked=True)
    async with visiting(desk, Role.VIEWER) as vera:
        for query in ("q=hopper", "q=C-2", "category=adult", "blocked=true"):
            seen = await vera.see(f"/users?{query}")
            assert grace["id"] in seen.html, query
            assert "Lovelace" not in seen.html, query
        blocked = await vera.see("/users?blocked=true")
        assert 'data-status="blocked"' in blocked.html
        assert "New user" not in blocked.text
        assert "No user matches" in (await vera.see("/users?q=nobody")).text
        assert "makes no sense" in (await vera.see("/users?blocked=perhaps")).text
        down = await vera.see("/users?ordering=-display_name&page_size=1")
        assert "Lovelace" not in down.html


async def test_the_file_has_the_lists_filters_and_runs_no_formula(desk: TestDesk) -> None:
    await made(desk, display_name="=1+1")
    await made(desk, display_name="Grace", card_number="C-2")
    async with visiting(desk, Role.VIEWER) as vera:
        listed = await vera.see("/users?q=C-1")
        assert 'href="/users.csv?q=C-1"' in listed.html
        file = await vera.see("/users.csv?q=C-1")
        assert "'=1+1" in file.html
        assert "Grace" not in file.html
        assert (await vera.see("/users.csv?blocked=perhaps")).status == 422


async def test_a_user_is_blocked_and_unblocked(desk: TestDesk) -> None:
    user = await made(desk)
    here = f"/users/{user['id']}"
    async with visiting(desk) as marie:
        assert f'href="/codes/new?user={user["id"]}"' in (await marie.see(here)).html
        assert (await marie.send(f"{here}/block")).location == f"{here}?said=blocked"
        assert (await of(desk, user))["blocked"] is True
        seen = await marie.see(f"{here}?said=blocked")
        assert "codes are no longer issued" in seen.text
        assert "/codes/new?user" not in seen.html
        await marie.send(f"{here}/unblock")
    assert (await of(desk, user))["blocked"] is False


async def test_the_page_shows_history_and_what_is_used_and_held(desk: TestDesk) -> None:
    user = await made(desk, quota_day_s=7200)
    session = await desk.issue(user_id=user["id"], duration_s=1800)
    async with visiting(desk) as marie:
        seen = await marie.see(f"/users/{user['id']}")
        assert f"/sessions/{session['id']}" in seen.html
        assert "Left for a new code: 1 h 30. Open codes still hold 30 min." in seen.text
        assert f"/users/{user['id']}/delete" not in seen.html
        refused = await marie.send(f"/users/{user['id']}/delete")
        assert (refused.status, "anonymise instead" in refused.text) == (409, True)


async def test_forgetting_says_what_will_be_gone_and_then_it_is(desk: TestDesk) -> None:
    user = await made(desk, notes="secret")
    await desk.issue(user_id=user["id"], notes="hers")
    here = f"/users/{user['id']}"
    async with visiting(desk) as marie:
        asked = await marie.see(here)
        for gone in ("the name: Ada Lovelace", "the card number: C-1", "the contact: ada@example.org"):
            assert gone in asked.text
        assert (await marie.send(f"{here}/anonymise")).location == f"{here}?said=anonymised"
        seen = await marie.see(here)
        assert "nobody knows any more who this was" in seen.text
        for gone in ("Ada", "C-1", "ada@example.org", "secret", "hers", "/anonymise", "/codes/new?user"):
            assert gone not in seen.html
        assert "(anonymised)" in (await marie.see("/sessions")).text
        assert "register a new user" in (await edited(marie, user)).text


async def test_who_has_no_history_can_be_deleted(desk: TestDesk) -> None:
    user = await made(desk)
    async with visiting(desk) as marie:
        assert (await marie.send(f"/users/{user['id']}/delete")).location == "/users?said=deleted"
        assert (await marie.see(f"/users/{user['id']}")).status == 404
        assert "The user was deleted." in (await marie.see("/journal")).text


@pytest.mark.parametrize("act", ["edit", "block", "unblock", "anonymise", "delete"])
async def test_a_viewer_and_a_forged_form_change_nobody(desk: TestDesk, act: str) -> None:
    user = await made(desk)
    async with visiting(desk, Role.VIEWER) as vera:
        assert (await vera.send(f"/users/{user['id']}/{act}")).status == 403
        assert "What the desk can do" not in (await vera.see(f"/users/{user['id']}")).text
    async with visiting(desk) as marie:
        assert (await marie.send(f"/users/{user['id']}/{act}", csrf="0" * 64)).status == 403
    assert await of(desk, user) == user


async def test_what_people_write_is_text_in_every_field(desk: TestDesk) -> None:
    user = await made(desk, **dict.fromkeys((*ADA, "notes"), NASTY))
    await desk.issue(user_id=user["id"], notes=NASTY, category=NASTY)
    here = f"/users/{user['id']}"
    async with visiting(desk) as marie:
        for path in ("/users", here, f"{here}/edit", "/sessions", f"/sessions?user={user['id']}", f"/users?q={NASTY}"):
            seen = await marie.see(path)
            assert seen.status == 200
            assert "<img" not in seen.html, path
        wrong = await edited(marie, user, display_name="", contact=NASTY, notes=NASTY)
        stale = await marie.send(f"{here}/edit", version="old", **FIELDS)
        assert "<img" not in wrong.html + stale.html
        assert "&lt;img" in stale.html
