"""House settings over the API."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from hub.domain.accounts import Role
from hub.domain.house import House
from hub.wire.messages import Sync
from tests.hub.adapters.web.desk import Answer, TestDesk
from tests.support.room import Node


async def change(desk: TestDesk, said: Any, role: Role | None = Role.ADMIN, **headers: str) -> Answer:
    return await desk.ask("PATCH", "/settings", said, role=role, headers=headers)


async def test_a_new_houses_settings(desk: TestDesk, node: Node) -> None:
    found = await desk.get("/settings", role=Role.VIEWER)
    assert found.status == 200
    guessing, at = found.body.pop("guessing"), found.body.pop("updated_at")
    assert found.body == {
        "language": "fr",
        "time_zone": "Europe/Paris",
        "presets_s": [900, 1800, 3600, 7200],
        "validity_s": 86_400,
        "code": {"length": 6, "alphabet": "letters_and_digits"},
        "warn_at_s": [300, 60],
        "grace_s": 60,
        "idle_text": "",
        "ticket_text": "",
        "confirm_keys": False,
        "on_power_return": "resume",
        "on_end": "bank",
        "open_hours_a_week": 40,
        "retention": {"log_days": 365, "session_days": 365, "user_days": 730},
    }
    assert (guessing["live_codes"], guessing["possible_codes"], guessing["worrying"]) == (1, 32**6, False)
    assert at.endswith("Z")


EVERYTHING = {
    "language": "en",
    "time_zone": "Europe/London",
    "presets_s": [60],
    "validity_s": 3600,
    "code": {"length": 10, "alphabet": "digits"},
    "warn_at_s": [],
    "grace_s": 0,
    "idle_text": "Hello",
    "ticket_text": "One\nTwo",
    "confirm_keys": True,
    "on_power_return": "pause",
    "on_end": "burn",
    "open_hours_a_week": 60,
    "retention": {"log_days": 30, "session_days": 60, "user_days": 90},
}


async def test_everything_can_be_changed(desk: TestDesk, node: Node) -> None:
    changed = await change(desk, EVERYTHING)
    assert changed.status == 200, changed.body
    assert {name: changed.body[name] for name in EVERYTHING} == EVERYTHING
    assert EVERYTHING.keys() == changed.body.keys() - {"guessing", "updated_at"}
    code = (await desk.issue())["code"]
    assert (len(code), code.isdigit()) == (10, True)
    told = desk.room.link.to("p01", Sync)[-1].settings
    assert (told.language, told.code_signs, told.idle_text) == ("en", "0123456789", "Hello")


async def test_what_is_left_out_stays(desk: TestDesk) -> None:
    await change(desk, {"code": {"length": 8}, "retention": {"log_days": 30}})
    found = (await change(desk, {"grace_s": 5})).body
    assert (found["grace_s"], found["code"]) == (5, {"length": 8, "alphabet": "letters_and_digits"})
    assert found["retention"] == {"log_days": 30, "session_days": 365, "user_days": 730}


async def test_many_live_codes_worry(desk: TestDesk, node: Node) -> None:
    await desk.issue(count=200)
    await desk.issue(count=200)
    guessing = (await desk.get("/settings")).body["guessing"]
    assert (guessing["live_codes"], guessing["worrying"]) == (400, True)
    assert 0.012 < guessing["chance_a_year"] < 0.013
    assert not (await change(desk, {"code": {"length": 7}})).body["guessing"]["worrying"]


@pytest.mark.parametrize(("role", "status"), [(None, 401), (Role.VIEWER, 403), (Role.OPERATOR, 403)])
async def test_only_admins_change_them(desk: TestDesk, role: Role | None, status: int) -> None:
    assert (await change(desk, {"grace_s": 1}, role)).status == status
    assert (await desk.get("/settings")).body["grace_s"] == 60


async def test_two_admins_at_once_do_not_undo_each_other(desk: TestDesk) -> None:
    tag = (await desk.get("/settings")).headers["ETag"]
    wishes = [{"grace_s": 10}, {"idle_text": "Hello"}, {"validity_s": 60}]
    answers = await asyncio.gather(*(change(desk, wish, **{"If-Match": tag}) for wish in wishes))
    assert sorted(answer.status for answer in answers) == [200, 412, 412]
    await asyncio.gather(*(change(desk, wish) for wish in wishes))
    found = (await desk.get("/settings")).body
    assert (found["grace_s"], found["idle_text"], found["validity_s"]) == (10, "Hello", 60)


BAD: list[tuple[Any, list[str]]] = [
    ({"colour": "red"}, ["colour"]),
    ({"language": None}, ["language"]),
    ({"language": "de"}, ["language"]),
    ({"time_zone": "Mars/Olympus"}, ["time_zone"]),
    ({"time_zone": "../../etc/passwd"}, ["time_zone"]),
    ({"time_zone": "x" * 65}, ["time_zone"]),
    ({"time_zone": "\x00"}, ["time_zone"]),
    ({"presets_s": []}, ["presets_s"]),
    ({"presets_s": [0]}, ["presets_s"]),
    ({"presets_s": ["900"]}, ["presets_s.0"]),
    ({"presets_s": [True]}, ["presets_s.0"]),
    ({"presets_s": 900}, ["presets_s"]),
    ({"presets_s": None}, ["presets_s"]),
    ({"presets_s": {"900": 1}}, ["presets_s"]),
    ({"validity_s": 2**63}, ["validity_s"]),
    ({"validity_s": "3600"}, ["validity_s"]),
    ({"validity_s": 60.5}, ["validity_s"]),
    ({"grace_s": -1}, ["grace_s"]),
    ({"warn_at_s": [10, 10]}, ["warn_at_s"]),
    ({"idle_text": "a\x00b"}, ["idle_text"]),
    ({"idle_text": "\x1b[2J"}, ["idle_text"]),
    ({"idle_text": "x" * 201}, ["idle_text"]),
    ({"ticket_text": "x" * 501}, ["ticket_text"]),
    ({"confirm_keys": "yes"}, ["confirm_keys"]),
    ({"confirm_keys": 1}, ["confirm_keys"]),
    ({"on_end": "keep"}, ["on_end"]),
    ({"on_power_return": []}, ["on_power_return"]),
    ({"code": {}}, []),
    ({"code": None}, ["code"]),
    ({"code": {"length": 5}}, ["code.length"]),
    ({"code": {"length": None}}, ["code.length"]),
    ({"code": {"alphabet": "digits"}}, ["code.length"]),
    ({"code": {"alphabet": "emoji"}}, ["code.alphabet"]),
    ({"code": {"signs": "AB"}}, ["code.signs"]),
    ({"retention": {"log_days": 0}}, ["retention.log_days"]),
    ({"retention": {"log_years": 1}}, ["retention.log_years"]),
    ({"retention": {"log_days": 0, "user_days": 99_999}, "grace_s": 700}, ["grace_s", "retention"]),
    ({"open_hours_a_week": 169}, ["open_hours_a_week"]),
    ({"guessing": {"chance_a_year": 0}}, ["guessing"]),
]


@pytest.mark.parametrize(("said", "fields"), BAD, ids=str)
async def test_bad_settings_are_named_and_change_nothing(desk: TestDesk, said: Any, fields: list[str]) -> None:
    answer = await change(desk, said)
    assert answer.status == (422 if fields else 200), answer.body
    told = answer.fields if fields else []
    assert len(told) >= len(fields)
    assert all(any(field.startswith(name) for field in told) for name in fields), told
    async with desk.room.room.store.transaction() as tx:
        assert await tx.house() == House()
