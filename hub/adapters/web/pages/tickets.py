"""Tickets: codes on paper, in the patron's language, each with a QR code that a scanner at the post types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from aiohttp import web

from hub.adapters.web.context import web_of
from hub.adapters.web.declare import path_id
from hub.adapters.web.fields import UUID_PATTERN
from hub.adapters.web.pages.codes import asked_ids
from hub.adapters.web.pages.format import formats
from hub.adapters.web.pages.page import A_YEAR_S, PAGES
from hub.adapters.web.pages.qr import qr
from hub.adapters.web.pages.visit import Visit, page
from hub.adapters.web.shapes import TicketShape
from hub.adapters.web.views import ticket_shape
from hub.domain.accounts import Role
from hub.domain.errors import Gone
from hub.usecases.ticket import ticket
from hub.wire.terms import Language

ENTER = "\r"
"""What a keyboard-wedge scanner types as the key Enter."""
SIZE_COOKIE = "ticket"


class Size(StrEnum):
    """What the house prints on."""

    A6 = "a6"
    ROLL = "80mm"


@dataclass(frozen=True, slots=True)
class Paper:
    """How tickets are wanted: as the address says, else as the last time, else in the house's language on A6."""

    size: Size
    language: Language


@page(Role.OPERATOR)
async def show_one(visit: Visit) -> web.StreamResponse:
    """The ticket of one code, which is gone when its session is over."""
    session_id = path_id(visit.request, "session", UUID_PATTERN)
    return _print(visit, [ticket_shape(await ticket(visit.room, session_id))])


@page(Role.OPERATOR)
async def show_many(visit: Visit) -> web.StreamResponse:
    """The tickets of several codes, one on each sheet; those that are over meanwhile are left out."""
    found: list[TicketShape] = []
    for session_id in asked_ids(visit):
        try:
            found.append(ticket_shape(await ticket(visit.room, session_id)))
        except Gone:
            continue
    if not found:
        raise Gone("all these sessions are over")
    return _print(visit, found)


def _print(visit: Visit, tickets: Sequence[TicketShape]) -> web.StreamResponse:
    paper = _paper(visit)
    texts = visit.request.config_dict[PAGES].texts[paper.language].translations
    response = visit.show(
        "tickets.html",
        tickets=tickets,
        paper=paper,
        sizes=list(Size),
        ids=visit.request.query.get("ids"),
        patron={"_": texts.gettext, **formats(paper.language, visit.house.time_zone)},
        qr=lambda code: qr(code + ENTER),
    )
    response.set_cookie(
        SIZE_COOKIE,
        paper.size,
        max_age=A_YEAR_S,
        path="/",
        secure=web_of(visit.request).settings.tls,
        httponly=True,
        samesite="Strict",
    )
    return response


def _paper(visit: Visit) -> Paper:
    asked, before = visit.request.query, visit.request.cookies.get(SIZE_COOKIE)
    size = next((Size(one) for one in (asked.get("size"), before) if one in set(Size)), Size.A6)
    wanted = asked.get("lang")
    return Paper(size, Language(wanted) if wanted in set(Language) else visit.house.language)
