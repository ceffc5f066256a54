"""A new post in three steps, new credentials for one, and the files that its Pi then needs.

The files are shown once, in the answer to the form that made the password. The button beside each sends its text back
and gets it as a file: so nothing of it is kept on the hub, stands in an address, or needs a script.
"""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from aiohttp import web
from pydantic import AfterValidator, Field, ValidationError

from firmware_config.boot import boot_config
from firmware_config.drawing import wiring_svg
from firmware_config.keymaps import load_keymap
from firmware_config.modules import LANGUAGES, modules
from firmware_config.overlay import keypad_overlay
from firmware_config.profiles import Profile, known_profiles, load_profile
from firmware_config.udev import RULES_FILE, udev_rules
from firmware_config.wiring import signal_name
from hub.adapters.web.api.posts import Host, NewPostBody, access_for
from hub.adapters.web.declare import path_id
from hub.adapters.web.fields import Body
from hub.adapters.web.pages.forms import EMPTY, Filled, read, wrongs
from hub.adapters.web.pages.names import names
from hub.adapters.web.pages.visit import NOT_FOUND, Visit, page
from hub.domain.accounts import Role
from hub.domain.errors import Conflict, HubError
from hub.domain.house import House
from hub.domain.post import Access
from hub.usecases.posts import add_post, rotate_secret
from hub.wire.terms import POST_ID_PATTERN

USUAL = "pi4_relay_high"
BOOT_FILE = "poste-config.txt"
OVERLAY_FILE = "poste-keypad.dts"
_LONGEST_FILE = 32_000


def _known(name: str) -> str:
    if name not in known_profiles():
        raise ValueError("must be one of the profiles")
    return name


ProfileName = Annotated[str, AfterValidator(_known)]


class NewPost(NewPostBody):
    """A post to be, and its hardware."""

    profile: ProfileName = USUAL


class Rotate(Body):
    """For what hardware the new file is, and where its node finds the broker."""

    profile: ProfileName
    host: Host | None = None


class Download(Body):
    """A file that the page before has shown."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    text: Annotated[str, Field(max_length=_LONGEST_FILE)]


def profiles() -> list[Profile]:
    """All hardware that is known to go together."""
    return [load_profile(name) for name in known_profiles()]


@page(Role.ADMIN)
async def ask_name(visit: Visit) -> web.StreamResponse:
    """Step one: what the post is called."""
    return _first(visit, EMPTY)


@page(Role.ADMIN)
async def ask_hardware(visit: Visit) -> web.StreamResponse:
    """Step two: its hardware, with the wiring of what is chosen."""
    given = {name: text.strip() for name, text in visit.request.query.items() if name in NewPost.model_fields}
    try:
        wish = NewPost.model_validate({name: text for name, text in given.items() if text})
    except ValidationError as error:
        return _first(visit, Filled(given, None, wrongs(error)))
    if "profile" not in wish.model_fields_set:
        wish = wish.model_copy(update={"profile": proposed(visit.house)})
    form: Filled[Any] = Filled(given, wish)
    if await visit.hub.queries.post(visit.room.clock.now(), wish.id) is not None:
        return _first(visit, form.refused(Conflict("post_exists", f"there is already a post {wish.id}")))
    return _second(visit, form, wish)


@page(Role.ADMIN)
async def add(visit: Visit) -> web.StreamResponse:
    """Step three: the post is made, and its files are shown."""
    form = await read(visit, NewPost)
    if form.body is None:
        return _first(visit, form)
    wish = form.body
    access = access_for(visit.request, wish.id, wish.host)
    try:
        await add_post(visit.room, wish.id, wish.name, wish.zone, access.secret, visit.by, notes=wish.notes)
    except HubError as error:
        return _first(visit, form.refused(error))
    return await _hand_out(visit, wish.id, access, wish.profile, new=True)


@page(Role.ADMIN)
async def rotate(visit: Visit) -> web.StreamResponse:
    """New credentials; the old ones work no more."""
    post_id = path_id(visit.request, "post", POST_ID_PATTERN)
    wish = (await read(visit, Rotate)).sound()
    access = access_for(visit.request, post_id, wish.host)
    await rotate_secret(visit.room, post_id, access.secret, visit.by)
    return await _hand_out(visit, post_id, access, wish.profile, new=False)


@page(Role.ADMIN)
async def download(visit: Visit) -> web.StreamResponse:
    """A text that a page has shown, as a file."""
    file = (await read(visit, Download)).sound()
    text = "\n".join(file.text.splitlines()) + "\n"  # forms send lines with both signs
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return web.Response(text=text, content_type="text/plain", charset="utf-8", headers=headers)


@page(Role.ADMIN)
async def draw_wiring(visit: Visit) -> web.StreamResponse:
    """The drawing of a profile's wires, as an image in one language: `pi4_relay_high.fr`."""
    name, _, told_in = visit.request.match_info["id"].rpartition(".")
    if name not in known_profiles() or told_in not in LANGUAGES:
        raise NOT_FOUND
    language = told_in
    profile = load_profile(name)
    title = profile.title_fr if language == "fr" else profile.title_en
    return web.Response(text=wiring_svg(profile.hardware, title, language), content_type="image/svg+xml")


def _first(visit: Visit, form: Filled[Any]) -> web.StreamResponse:
    return visit.show("new_post.html", form=form, status=422 if form.errors else 200)


def _second(visit: Visit, form: Filled[Any], wish: NewPost) -> web.StreamResponse:
    chosen = load_profile(wish.profile)
    return visit.show(
        "new_post_hardware.html",
        form=form,
        wish=wish,
        profiles=profiles(),
        chosen=chosen,
        modules=modules(chosen.hardware),
        signal_name=signal_name,
        untypable=untypable(visit.house, chosen),
        address=lambda name: f"/new-post/hardware?{urlencode({**form.values, 'profile': name})}",
    )


def proposed(house: House) -> str:
    """The most usual profile that the house's codes can be typed at."""
    return next((name for name in (USUAL, *known_profiles()) if not untypable(house, load_profile(name))), USUAL)


def untypable(house: House, profile: Profile) -> bool:
    """Whether the house's codes have signs that the profile's keypad has no key for."""
    return not set(house.code.signs) <= set(load_keymap(profile.hardware.keypad.keymap).keys.values())


async def _hand_out(visit: Visit, post_id: str, access: Access, profile: str, *, new: bool) -> web.StreamResponse:
    hardware = load_profile(profile).hardware
    files = visit.hub.node_files(access, profile=profile)
    boot = {BOOT_FILE: boot_config(hardware), RULES_FILE: udev_rules(hardware)}
    if hardware.keypad.is_matrix:
        boot[OVERLAY_FILE] = keypad_overlay(hardware)
    name = (await names(visit)).post(post_id)
    return visit.show("node_files.html", post_id=post_id, name=name, files=files, boot=boot if new else {}, new=new)
