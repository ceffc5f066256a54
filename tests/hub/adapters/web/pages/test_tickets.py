"""Tickets: what is printed of a code, in which language, on what, and for how long."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from hub.adapters.web.pages.qr import qr
from hub.usecases.posts import add_post
from tests.hub.adapters.web.desk import TestDesk
from tests.hub.adapters.web.pages.visitor import visiting
from tests.support.room import DESK


async def test_a_ticket_says_all_that_a_patron_needs(desk: TestDesk) -> None:
    await add_post(desk.room.room, "p07", "Post 7", "", "$7$secret", DESK)
    async with desk.room.room.store.transaction() as tx:
        await tx.save(replace(await tx.house(), ticket_text="Bonne visite !\n<b>Wi-Fi</b> : lilas"))
    session = await desk.issue(duration_s=5400, post_id="p07", valid_until="2030-06-01T16:00:00Z")
    async with visiting(desk) as marie:
        seen = await marie.see(f"/sessions/{session['id']}/ticket?lang=fr")
    code = session["code"]
    assert f"{code[:3]}\u00a0{code[3:]}" in seen.html
    assert "1 h 30" in seen.text
    assert "samedi 1 juin 2030, 18:00" in seen.text
    assert "&lt;b&gt;Wi-Fi&lt;/b&gt; : lilas" in seen.html
    assert "Votre code" in seen.text
    assert "Post 7" in seen.text
    assert str(qr(f"{code}\r")) in seen.html


def test_the_qr_code_types_the_code_and_enter() -> None:
    with_enter, without = str(qr("K7M2QX\r")), str(qr("K7M2QX"))
    assert with_enter != without
    assert 'viewBox="0 0 25 25"' in with_enter, "the smallest square there is, and a margin"
    assert "style=" not in with_enter


async def test_the_language_is_the_patrons_and_the_page_stays_the_operators(desk: TestDesk) -> None:
    session = await desk.issue()
    async with visiting(desk) as marie:
        in_french = await marie.see(f"/sessions/{session['id']}/ticket")
        in_english = await marie.see(f"/sessions/{session['id']}/ticket?lang=en")
    assert "Votre code" in in_french.text
    assert "A6 sheet" in in_french.text
    assert "Your code" in in_english.text


async def test_the_size_is_remembered_and_each_has_its_own_page(desk: TestDesk) -> None:
    session = await desk.issue()
    here = f"/sessions/{session['id']}/ticket"
    async with visiting(desk) as marie:
        assert 'href="/static/a6.css' in (await marie.see(here)).html
        headers = {"Cookie": marie.cookie}
        async with marie.client.get(f"{here}?size=80mm", headers=headers) as response:
            assert "/static/80mm.css" in await response.text()
            chosen = response.cookies["ticket"].value
        async with marie.client.get(here, headers={"Cookie": f"{marie.cookie}; ticket={chosen}"}) as response:
            assert "/static/80mm.css" in await response.text()
        odd = await marie.see(f"{here}?size=a4&lang=tlh")
        assert 'href="/static/a6.css' in odd.html


@pytest.mark.parametrize(("size", "page"), [("a6", "105mm 148mm"), ("80mm", "80mm 150mm")])
async def test_a_size_is_a_size_of_paper(desk: TestDesk, size: str, page: str) -> None:
    session = await desk.issue()
    async with visiting(desk) as marie:
        seen = await marie.see(f"/sessions/{session['id']}/ticket?size={size}")
        found = re.search(rf'href="(/static/{size}\.css[^"]+)"', seen.html)
        assert found
        assert f"size: {page};" in (await marie.see(found[1])).html


async def test_a_code_that_is_over_is_printed_no_more(desk: TestDesk) -> None:
    voided, other = await desk.issue(), await desk.issue()
    both = f"/tickets?ids={voided['id']}+{other['id']}"
    async with visiting(desk) as marie:
        assert (await marie.see(both)).html.count('<article class="ticket"') == 2
        sent = await marie.send(f"/sessions/{voided['id']}/void")
        assert (sent.status, sent.location) == (303, f"/sessions/{voided['id']}?said=done")
        gone = await marie.see(f"/sessions/{voided['id']}/ticket")
        assert gone.status == 410
        assert "The session is over" in gone.text
        left = await marie.see(both)
        assert left.html.count('<article class="ticket"') == 1
        assert voided["code"] not in left.html
        assert (await marie.see(f"/tickets?ids={voided['id']}")).status == 410
        assert "withdrawn" in (await marie.see(f"/sessions/{voided['id']}")).text


async def test_only_a_code_that_nobody_used_can_be_made_void(desk: TestDesk) -> None:
    session = await desk.issue()
    async with visiting(desk) as marie:
        assert "Withdraw for good" in (await marie.see(f"/sessions/{session['id']}")).text
        await marie.send(f"/sessions/{session['id']}/end")
        assert (await marie.send(f"/sessions/{session['id']}/void")).status == 409
