"""The inbox: which use case a message from a post belongs to."""

from __future__ import annotations

from typing import assert_never

from hub.usecases.greet import greet
from hub.usecases.incident import take_incident
from hub.usecases.observe import observe
from hub.usecases.post_wishes import take_findings
from hub.usecases.redeem import redeem
from hub.usecases.settle import settle
from hub.usecases.work import Room
from hub.wire.messages import Findings, Hello, Incident, PostReport, Redeem, Settle, Up


async def receive(room: Room, post_id: str, message: Up | PostReport) -> None:
    """Handle one message; Nonsense when no node of this house would have sent it."""
    match message:
        case Redeem():
            await redeem(room, post_id, message)
        case Settle():
            await settle(room, post_id, message)
        case Hello():
            await greet(room, post_id, message)
        case PostReport():
            await observe(room, {post_id: message})
        case Incident():
            await take_incident(room, post_id, message)
        case Findings():
            await take_findings(room, post_id, message)
        case _:
            assert_never(message)
