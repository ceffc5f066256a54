"""The page that gives out codes: what it orders, what it refuses, and that a form sent twice is one order."""

from __future__ import annotations

import asyncio
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from hub.domain.accounts import Role
from hub.usecases.posts import add_post
from hub.usecases.views import Paging
from tests.hub.adapters.web.desk import TestDesk
from tests.hub.adapters.web.pages.visitor import Seen, Visitor, visiting
from tests.support.room import DESK

NOBODY = "0b6a3c1e-5d2f-4f7e-9a53-0d6f2c9f8a11"


async def ordered(marie: Visitor, **fields: str) -> Seen:
    """The form of a page that was just opened, filled in and sent."""
    return await marie.send("/codes/new", **({"key": await fresh_key(marie), "count": "1"} | fields))


async def fresh_key(marie: Visitor) -> str:
    found = re.search(r'name="key" value="([\w-]+)"', (await marie.see("/codes/new")).html)
    assert found
    return found[1]


def ids_of(seen: Seen) -> list[str]:
    assert seen.status == 303, seen.text
    assert seen.location
    return parse_qs(urlsplit(seen.location).query)["ids"][0].split()


async def test_a_preset_becomes_a_code_that_is_shown_large_and_spelled(desk: TestDesk) -> None:
    async with visiting(desk) as marie:
        sent = await ordered(marie, duration_s="1800", minutes="")
        (session_id,) = ids_of(sent)
        session = (await desk.get(f"/sessions/{session_id}")).body
        assert (session["initial_s"], session["operator"]) == (1800, "marie")
        assert sent.location
        shown = await marie.see(sent.location)
    code = session["code"]
    assert f"{code[:3]}\u00a0{code[3:]}" in shown.html
    spelled = re.search(r'class="spelled">([^<]+)<', shown.html)
    assert spelled
    assert [word[0] for word in spelled[1].split(" · ")] == list(code)


async def test_minutes_stand_in_for_a_preset(desk: TestDesk) -> None:
    async with visiting(desk) as marie:
        (session_id,) = ids_of(await ordered(marie, duration_s="", minutes="50"))
    assert (await desk.get(f"/sessions/{session_id}")).body["initial_s"] == 3000


async def test_a_code_for_one_post_is_given_out_with_the_posts_name(desk: TestDesk) -> None:
    await add_post(desk.room.room, "p07", "Post 7", "", "$7$secret", DESK)
    session = await desk.issue(post_id="p07")
    async with visiting(desk) as marie:
        assert "only at Post 7 " in (await marie.see(f"/codes/issued?ids={session['id']}")).text


async def test_everything_that_the_form_can_say_reaches_the_session(desk: TestDesk) -> None:
    await add_post(desk.room.room, "p07", "Post 7", "", "$7$secret", DESK)
    user = (await desk.post("/users", {"display_name": "Ada L.", "card_number": "C-1742"})).body
    async with visiting(desk) as marie:
        opened = await marie.see(f"/codes/new?user={user['id']}&post=p07")
        assert f'value="{user["id"]}" checked' in opened.html
        assert '<option value="p07" selected>' in opened.html
        sent = await ordered(
            marie,
            duration_s="900",
            user_id=user["id"],
            post_id="p07",
            category="student",
            valid_from="2030-01-02T09:00",
            valid_until="2030-01-02T12:00",
            on_end="burn",
            notes="<b>for</b> the lady",
        )
        (session_id,) = ids_of(sent)
    session = (await desk.get(f"/sessions/{session_id}")).body
    told = {name: session[name] for name in ("user_id", "bound_post_id", "category", "on_end", "notes")}
    assert told == {
        "user_id": user["id"],
        "bound_post_id": "p07",
        "category": "student",
        "on_end": "burn",
        "notes": "<b>for</b> the lady",
    }
    assert (session["valid_from"], session["valid_until"]) == ("2030-01-02T08:00:00Z", "2030-01-02T11:00:00Z")


async def test_a_batch_is_a_list_and_each_code_is_another(desk: TestDesk) -> None:
    async with visiting(desk) as marie:
        sent = await ordered(marie, duration_s="900", count="200")
        ids = ids_of(sent)
        assert len(set(ids)) == 200
        assert sent.location
        shown = await marie.see(sent.location)
        assert shown.html.count('<th scope="row" class="code">') == 200
        tickets = await marie.see(f"/tickets?{urlsplit(sent.location).query}&size=80mm")
        assert tickets.html.count('<article class="ticket"') == 200


async def test_a_form_that_is_sent_twice_is_one_order(desk: TestDesk) -> None:
    async with visiting(desk) as marie:
        key = await fresh_key(marie)
        both = await asyncio.gather(*(ordered(marie, key=key, duration_s="900", count="3") for _ in range(2)))
        again = await ordered(marie, key=key, duration_s="900", count="3")
    assert ids_of(both[0]) == ids_of(both[1]) == ids_of(again)
    assert (await desk.context.queries.sessions(paging=Paging())).total == 3


async def test_a_form_that_was_changed_after_it_was_sent_asks_and_then_works(desk: TestDesk) -> None:
    async with visiting(desk) as marie:
        key = await fresh_key(marie)
        first = ids_of(await ordered(marie, key=key, duration_s="900"))
        asked = await ordered(marie, key=key, duration_s="1800", notes="kept")
        assert asked.status == 422
        assert "sent already" in asked.text
        assert ">kept</textarea>" in asked.html
        found = re.search(r'name="key" value="([\w-]+)"', asked.html)
        assert found
        assert ids_of(await ordered(marie, key=found[1], duration_s="1800", notes="kept")) != first


@pytest.mark.parametrize(
    "wrong",
    [
        {"duration_s": "", "minutes": ""},
        {"duration_s": "", "minutes": "0"},
        {"duration_s": "", "minutes": "1441"},
        {"duration_s": "", "minutes": "five"},
        {"duration_s": "900", "count": "201"},
        {"duration_s": "900", "count": "0"},
        {"duration_s": "900", "post_id": "nowhere"},
        {"duration_s": "900", "user_id": NOBODY},
        {"duration_s": "900", "user_id": "nonsense"},
        {"duration_s": "900", "valid_until": "2020-01-01T10:00"},
        {"duration_s": "900", "category": "x" * 65},
        {"duration_s": "900", "key": "mine"},
    ],
)
async def test_an_order_that_makes_no_sense_keeps_the_form_and_makes_no_code(
    desk: TestDesk, wrong: dict[str, str]
) -> None:
    async with visiting(desk) as marie:
        seen = await ordered(marie, notes="kept", **wrong)
        assert seen.status == 422
        assert 'role="alert"' in seen.html
        assert ">kept</textarea>" in seen.html
    assert (await desk.context.queries.sessions(paging=Paging())).total == 0


@pytest.mark.parametrize("ids", ["", "nonsense", NOBODY, " ".join([NOBODY] * 201)])
async def test_codes_that_there_are_none_of_are_not_shown(desk: TestDesk, ids: str) -> None:
    async with visiting(desk) as marie:
        for path in ("/codes/issued", "/tickets"):
            assert (await marie.see(f"{path}?ids={ids.replace(' ', '+')}")).status in (404, 400)


async def test_a_viewer_gives_out_nothing(desk: TestDesk) -> None:
    session = await desk.issue()
    async with visiting(desk, Role.VIEWER) as vera:
        for path in ("/codes/new", f"/codes/issued?ids={session['id']}", f"/sessions/{session['id']}/ticket"):
            assert (await vera.see(path)).status == 403
        assert (await vera.send("/codes/new", key=NOBODY, duration_s="900")).status == 403
        assert 'href="/codes/new"' not in (await vera.see("/sessions")).html
