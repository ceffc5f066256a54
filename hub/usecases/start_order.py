"""Sending a session to a post without a code: the order that a node turns into a request (R20)."""

from __future__ import annotations

from datetime import timedelta

from hub.domain.records import StartOrder
from hub.domain.session import Session
from hub.usecases.work import Work
from hub.wire.messages import Start

START_TTL_S = 30
"""Long enough for a slow network, short enough that nobody is surprised by a post that lights up."""


async def order_start(work: Work, session: Session, post_id: str) -> None:
    """Tell a post to ask for this session."""
    order = StartOrder(work.room.mint.new_id(), session.id, post_id, work.now + timedelta(seconds=START_TTL_S))
    await work.add(order)
    work.send(post_id, Start(order.id, START_TTL_S))
