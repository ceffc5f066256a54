"""A new post in three steps, new credentials, and the files: shown once, and kept nowhere."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest

from firmware_config.boot import boot_config
from firmware_config.profiles import known_profiles, load_profile
from hub.adapters.web.pages.node_files import USUAL, proposed, untypable
from hub.domain.access_code import Alphabet, CodeFormat
from hub.domain.accounts import Role
from hub.domain.house import House
from node.settings import load_settings
from tests.hub.adapters.web.desk import TestDesk
from tests.hub.adapters.web.pages.visitor import visiting
from tests.support.room import Node

PASSWORD = "password of p09"


def files_of(page: str) -> dict[str, str]:
    """The files that a page shows, by name."""
    found = re.findall(r'name="name" value="([^"]+)">.*?<textarea[^>]*>(.*?)</textarea>', page, re.DOTALL)
    return {name: html.unescape(text) for name, text in found}


async def test_a_post_in_three_steps(desk: TestDesk, tmp_path: Path) -> None:
    async with visiting(desk, Role.ADMIN) as ada:
        assert 'name="id"' in (await ada.see("/new-post")).html
        second = await ada.see("/new-post/hardware?id=p09&name=Post+9&zone=Hall&profile=pi3_matrix")
        assert "GPIO 17" in second.text
        assert 'src="/new-post/wiring/pi3_matrix.en"' in second.html
        assert (await desk.get("/posts/p09")).status == 404
        third = await ada.send("/new-post", id="p09", name="Post 9", zone="Hall", profile="pi3_matrix", host="10.0.0.2")
        assert third.status == 200
        assert "Files for the Pi of Post 9 " in third.text
        assert (await desk.get("/posts/p09")).body["zone"] == "Hall"
        files = files_of(third.html)
        assert list(files) == ["node.toml", "poste-config.txt", "99-poste-node.rules", "poste-keypad.dts"]
        sent = await ada.send("/new-post/file", name="node.toml", text=files["node.toml"].replace("\n", "\r\n"))
        assert (sent.status, "\r" in sent.html) == (200, False)
    path = tmp_path / "node.toml"
    path.write_text(sent.html)
    read = load_settings(path, {})
    assert (read.post.id, read.hub.host, read.hub.password) == ("p09", "10.0.0.2", PASSWORD)
    assert read.keypad.rows == (12, 16, 20, 21)
    assert files["poste-config.txt"] == boot_config(load_profile("pi3_matrix").hardware)


async def test_the_password_is_shown_once_and_in_no_address(desk: TestDesk) -> None:
    async with visiting(desk, Role.ADMIN) as ada:
        third = await ada.send("/new-post", id="p09", name="Post 9")
        assert third.html.count(PASSWORD) == 1
        assert not [link for link in re.findall(r'(?:href|action|src)="([^"]*)"', third.html) if "password" in link]
        again = await ada.send("/new-post", id="p09", name="Post 9")
        assert (again.status, PASSWORD in again.html) == (422, False)
        assert "There is already a post with this id." in again.text
        for path in ("/posts/p09", "/journal?post=p09", "/posts"):
            assert PASSWORD not in (await ada.see(path)).html
        async with ada.client.post(
            "/new-post/file",
            data={"csrf_token": ada.csrf, "name": "node.toml", "text": "x"},
            headers={"Cookie": ada.cookie},
        ) as answer:
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Content-Disposition"] == 'attachment; filename="node.toml"'
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_new_credentials_put_the_old_ones_out_of_use(desk: TestDesk, node: Node) -> None:
    before = (await desk.room.post("p01")).secret
    async with visiting(desk, Role.ADMIN, "fr") as ada:
        seen = await ada.send("/posts/p01/credentials", profile="pi5_full")
        assert seen.status == 200
        assert 'profile = "pi5_full"' in files_of(seen.html)["node.toml"]
        assert list(files_of(seen.html)) == ["node.toml"]
        assert "affiché qu’une seule fois" in seen.text
    assert (await desk.room.post("p01")).secret == "$7$fresh" != before


@pytest.mark.parametrize(
    "query",
    [
        "",
        "id=p09",
        "id=P09&name=x",
        "id=p01&name=x",
        "id=p09&name=" + "x" * 65,
        "id=p09&name=x&profile=pi9",
        "id=p09&name=x&profile=../x.toml",
        "id=%00&name=x",
    ],
)
async def test_a_first_step_that_makes_no_sense_is_shown_again(desk: TestDesk, node: Node, query: str) -> None:
    async with visiting(desk, Role.ADMIN) as ada:
        seen = await ada.see(f"/new-post/hardware?{query}")
        assert (seen.status, 'role="alert"' in seen.html) == (422, True)
        assert 'aria-current="step"><span class="badge">1' in seen.html


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"id": "p 9", "name": "x"},
        {"id": "hub", "name": "x"},
        {"id": "p09", "name": "x", "host": "<b>"},
        {"id": "p09", "name": "x", "profile": "x"},
    ],
)
async def test_a_post_that_makes_no_sense_is_not_made(desk: TestDesk, fields: dict[str, str]) -> None:
    async with visiting(desk, Role.ADMIN) as ada:
        assert (await ada.send("/new-post", **fields)).status == 422
    assert (await desk.get("/posts")).body["items"] == []


@pytest.mark.parametrize("name", ["", "../x", 'x"', "x\r\ny", ".hidden", "x" * 65])
async def test_a_file_has_a_plain_name(desk: TestDesk, name: str) -> None:
    async with visiting(desk, Role.ADMIN) as ada:
        assert (await ada.send("/new-post/file", name=name, text="x")).status == 422


async def test_drawings_are_of_known_hardware_in_known_languages(desk: TestDesk) -> None:
    async with visiting(desk, Role.ADMIN) as ada:
        for name in known_profiles():
            assert (await ada.see(f"/new-post/wiring/{name}.fr")).html.startswith("<svg")
        for odd in ("pi9.fr", "pi5_full.de", "pi5_full", "..%2Fx.fr"):
            assert (await ada.see(f"/new-post/wiring/{odd}")).status == 404


def test_codes_that_a_keypad_cannot_type_are_told() -> None:
    house = House()
    assert untypable(house, load_profile("pi4_relay_high"))
    assert not untypable(house, load_profile("pi5_full"))
    assert not untypable(replace(house, code=CodeFormat(9, Alphabet.DIGITS)), load_profile("pi4_relay_high"))


async def test_hardware_that_can_type_the_houses_codes_is_proposed(desk: TestDesk) -> None:
    async with visiting(desk, Role.ADMIN) as ada:
        step = "/new-post/hardware?id=p09&name=Post+9"
        assert "cannot type" not in (await ada.see(step)).text
        assert "cannot type" in (await ada.see(f"{step}&profile={USUAL}")).text
    digits = replace(House(), code=CodeFormat(9, Alphabet.DIGITS))
    assert proposed(digits) == USUAL
