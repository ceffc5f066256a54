"""Ticket: all that is printed of a code, again as long as it may be used."""

from __future__ import annotations

from dataclasses import dataclass, field

from hub.domain.errors import Conflict, Gone
from hub.domain.house import House
from hub.domain.post import Post
from hub.domain.session import OVER, Session
from hub.usecases.work import Room, working


@dataclass(frozen=True, slots=True)
class Ticket:
    """A code in the clear, what it is worth and where, and the house's words; `post` is the only one where it works."""

    session: Session
    code: str = field(repr=False)
    post: Post | None
    house: House


async def ticket(room: Room, session_id: str) -> Ticket:
    """The ticket of a stay; Gone when that is over, Conflict when its code was sealed with a key that is not ours."""
    async with working(room) as work:
        session = await work.session(session_id)
        if session.status in OVER or session.code_sealed is None:
            raise Gone("the stay is over, and its code is wiped")
        try:
            code = room.mint.open_code(session.code_sealed)
        except ValueError as error:
            raise Conflict("code_unreadable", "this code was made with another key: issue a new one") from error
        post = await work.post(session.bound_post_id) if session.bound_post_id is not None else None
        return Ticket(session, code, post, await work.tx.house())
