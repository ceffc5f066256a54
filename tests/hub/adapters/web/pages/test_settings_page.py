"""The page of the house's settings."""

from __future__ import annotations

import re
from html import unescape

import pytest

from hub.domain.accounts import Role
from tests.hub.adapters.web.desk import TestDesk
from tests.hub.adapters.web.pages.visitor import Seen, Visitor, visiting

SCRIPT = "<script>alert(1)</script>"


def form_of(seen: Seen) -> dict[str, str]:
    """The fields of the settings' form as the page has them."""
    lines = r'<input id="[\w.]+" name="([\w.]+)" type="(?:text|number)" value="([^"]*)"'
    chosen = r'(?s)<select id="[\w.]+" name="([\w.]+)"(?:(?!</select>).)*?value="(\w+)" selected'
    hidden, areas = r'name="(version)" value="(\w+)"', r'(?s)<textarea id="\w+" name="(\w+)"[^>]*>(.*?)</textarea>'
    return {
        name: unescape(text) for each in (hidden, lines, chosen, areas) for name, text in re.findall(each, seen.html)
    }


async def opened(visitor: Visitor) -> dict[str, str]:
    return form_of(await visitor.see("/settings"))


async def settings(desk: TestDesk) -> dict[str, object]:
    body: dict[str, object] = (await desk.get("/settings")).body
    return {name: value for name, value in body.items() if name not in ("guessing", "updated_at")}


async def test_saving_the_form_as_it_is_changes_nothing(desk: TestDesk) -> None:
    before = await settings(desk)
    async with visiting(desk, Role.ADMIN) as ada:
        form = await opened(ada)
        assert len(form) == 1 + 16, "the version, and all but the tick that is not set"
        sent = await ada.send("/settings", **form)
        assert (sent.status, sent.location) == (303, "/settings?said=saved")
    assert await settings(desk) == before
    assert (await desk.get("/logs?action=settings_changed")).body["total"] == 0


async def test_every_setting_can_be_changed_in_the_words_of_people(desk: TestDesk) -> None:
    wish = {
        "language": "en", "time_zone": "Europe/London", "presets_s": "10, 45 min; 1h30", "validity_s": "2 j",
        "code.length": "9", "code.alphabet": "digits", "warn_at_s": "", "grace_s": "90 s", "idle_text": "",
        "ticket_text": "À bientôt\r\nLundi fermé", "confirm_keys": "true", "on_power_return": "pause", "on_end": "burn",
        "open_hours_a_week": "30", "retention.log_days": "400", "retention.session_days": "30",
        "retention.user_days": "1",
    }  # fmt: skip
    async with visiting(desk, Role.ADMIN) as ada:
        sent = await ada.send("/settings", **(await opened(ada) | wish))
        assert sent.status == 303, sent.text
        again = await opened(ada)
        assert again["presets_s"] == "10 min, 45 min, 1 h 30"
        assert again["grace_s"] == "1 min 30 s"
        assert (await ada.send("/settings", **again)).status == 303
        unticked = await settings(desk)
    assert unticked["confirm_keys"] is False
    assert unticked | {"confirm_keys": True} == {
        "language": "en", "time_zone": "Europe/London", "presets_s": [600, 2700, 5400], "validity_s": 172_800,
        "code": {"length": 9, "alphabet": "digits"}, "warn_at_s": [], "grace_s": 90, "idle_text": "",
        "ticket_text": "À bientôt\nLundi fermé", "confirm_keys": True, "on_power_return": "pause", "on_end": "burn",
        "open_hours_a_week": 30, "retention": {"log_days": 400, "session_days": 30, "user_days": 1},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("presets_s", "0", "One to 12 durations"),
        ("presets_s", "15, 15", "One to 12 durations"),
        ("presets_s", "", "One to 12 durations"),
        ("presets_s", "soon", "One to 12 durations"),
        ("presets_s", "25 h", "of 24 h at most"),
        ("validity_s", "1 s", "to 366 days"),
        ("warn_at_s", "2 h", "of 1 h at most"),
        ("grace_s", "11 min", "of 10 min at most"),
        ("code.length", "5", "6 to 10"),
        ("code.length", "1e1", "6 to 10"),
        ("code.length", "9" * 5000, "6 to 10"),
        ("code.alphabet", "digits", "at least 9 with digits only"),
        ("code.alphabet", "runes", "One of what is offered."),
        ("time_zone", "Europe/Lutetia", "such as Europe/Paris"),
        ("time_zone", "../../etc/passwd", "such as Europe/Paris"),
        ("idle_text", "x" * 201, "at most 200 characters"),
        ("idle_text", "two\nlines", "at most 200 characters"),
        ("ticket_text", "\x1b[2J", "at most 500 characters together"),
        ("open_hours_a_week", "169", "from 1 to 168"),
        ("retention.log_days", "0", "from 1 to 3,650"),
        ("retention.user_days", "-1", "from 1 to 3,650"),
        ("language", "de", "One of what is offered."),
        ("on_end", "", "One of what is offered."),
    ],
)
async def test_what_makes_no_sense_is_told_beside_its_field_and_nothing_changes(
    desk: TestDesk, name: str, value: str, told: str
) -> None:
    before = await settings(desk)
    async with visiting(desk, Role.ADMIN) as ada:
        seen = await ada.send("/settings", **(await opened(ada) | {"idle_text": "kept", name: value}))
    assert seen.status == 422
    assert told in seen.text
    assert seen.html.count('aria-invalid="true"') == 1
    if name != "idle_text":
        assert 'value="kept"' in seen.html
    assert await settings(desk) == before


async def test_an_unknown_field_changes_nothing(desk: TestDesk) -> None:
    async with visiting(desk, Role.ADMIN) as ada:
        form = await opened(ada)
        for odd in ({"nonsense": "1"}, {"code": "1"}, {"retention.nonsense": "1"}):
            assert (await ada.send("/settings", **(form | odd))).status == 422


async def test_two_admins_lose_nothing(desk: TestDesk) -> None:
    async with visiting(desk, Role.ADMIN) as ada, visiting(desk, Role.ADMIN) as bea:
        first, second = await opened(ada), await opened(bea)
        assert (await ada.send("/settings", **(first | {"grace_s": "2 min"}))).status == 303
        late = await bea.send("/settings", **(second | {"idle_text": "Bienvenue"}))
        assert late.status == 412
        assert "Somebody else has changed this meanwhile" in late.text
        assert "Now: 2 min" in late.text
        assert 'value="Bienvenue"' in late.html
        assert (await settings(desk))["idle_text"] == ""
        sent = await bea.send("/settings", **(form_of(late) | {"grace_s": "2 min"}))
        assert sent.status == 303
    now = await settings(desk)
    assert (now["grace_s"], now["idle_text"]) == (120, "Bienvenue")


async def test_a_mistake_does_not_make_an_old_form_a_new_one(desk: TestDesk) -> None:
    async with visiting(desk, Role.ADMIN) as ada, visiting(desk, Role.ADMIN) as bea:
        form = await opened(bea)
        assert (await ada.send("/settings", **(await opened(ada) | {"grace_s": "2 min"}))).status == 303
        wrong = await bea.send("/settings", **(form | {"code.length": "six"}))
        assert wrong.status == 422
        late = await bea.send("/settings", **(form_of(wrong) | {"code.length": "6"}))
        assert late.status == 412


async def test_without_a_version_nothing_is_saved(desk: TestDesk) -> None:
    async with visiting(desk, Role.ADMIN) as ada:
        form = await opened(ada)
        form.pop("version")
        assert (await ada.send("/settings", **form)).status == 412


async def test_the_chance_of_guessing_follows_the_settings(desk: TestDesk) -> None:
    for number in range(9):
        await desk.room.node(f"p0{number}")
    async with visiting(desk, Role.ADMIN, "fr") as ada:
        seen = await ada.see("/settings")
        assert "C’est trop" not in seen.text
        form = form_of(seen) | {"code.length": "9", "code.alphabet": "digits", "open_hours_a_week": "168"}
        assert (await ada.send("/settings", **form)).status == 303
        digits = await ada.see("/settings")
        assert "1 000 000 000" in re.sub(r"\s", " ", digits.text)
        for _ in range(50):
            await desk.issue()
        assert "C’est trop" in (await ada.see("/settings")).text


async def test_the_page_tells_what_changed_last_and_by_whom(desk: TestDesk) -> None:
    async with visiting(desk, Role.ADMIN) as ada:
        assert "as it was when the hub was set up" in (await ada.see("/settings")).text
        await ada.send(
            "/settings", **(await opened(ada) | {"idle_text": SCRIPT, "grace_s": "2 min", "ticket_text": SCRIPT})
        )
        seen = await ada.see("/settings")
    assert "· ada" in seen.text
    assert "Grace at the end 1 min → 2 min" in seen.text
    assert SCRIPT not in seen.html


async def test_a_viewer_reads_and_cannot_write(desk: TestDesk) -> None:
    async with visiting(desk, Role.VIEWER) as vera:
        seen = await vera.see("/settings")
        assert '<fieldset class="stack" role="presentation" disabled>' in seen.html
        assert "Only admins change it." in seen.text
        assert ">Save<" not in seen.html
        assert (await vera.send("/settings", **form_of(seen))).status == 403


async def test_a_forged_form_changes_nothing(desk: TestDesk) -> None:
    async with visiting(desk, Role.ADMIN) as ada:
        form = await opened(ada) | {"grace_s": "5 min"}
        assert (await ada.send("/settings", csrf="0" * 64, **form)).status == 403
    assert (await settings(desk))["grace_s"] == 60
