"""Sign out: a token is good no longer."""

from __future__ import annotations

from hub.usecases.accounts.ports import Desk


async def sign_out(desk: Desk, token_id: int) -> None:
    """Revoke a token; nothing happens when it is revoked already."""
    await desk.accounts.revoke(token_id)
