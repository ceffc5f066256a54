"""Tokens under a name, for programs; and who is signed in where."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from hub.domain.accounts import SIGN_INS, Operator, Role, Token, TokenKind, allows, usable
from hub.domain.errors import Invalid, NotFound
from hub.usecases.accounts.operators import log_change, note_change
from hub.usecases.accounts.ports import Desk
from hub.usecases.accounts.sign_in import token_hash
from hub.usecases.work import By, working


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token that was just made, and the token in the clear: it is shown once and never kept."""

    token: Token
    secret: str = field(repr=False)


async def add_named_token(
    desk: Desk, owner: Operator, name: str, role: Role, expires_at: datetime | None, by: By
) -> NewToken:
    """A token that may do no more than `role`; Invalid for more than its owner may, or for an end in the past."""
    if not allows(owner.role, role):
        raise Invalid("role", f"must be at most the owner's own: {owner.role}")
    if expires_at is not None and expires_at <= desk.room.clock.now():
        raise Invalid("expires_at", "must be in the future, or null for a token without an end")
    secret = desk.passwords.new_token()
    token = await desk.accounts.add_token(
        owner.id, token_hash(secret), TokenKind.NAMED, name=name, expires_at=expires_at, role=role
    )
    await log_change(desk, by, owner, "token_added", token=name)
    return NewToken(token, secret)


async def named_tokens(desk: Desk) -> list[tuple[Token, Operator]]:
    """All that are not revoked, with whose they are; expired ones too, until the purge takes them away."""
    owners = {one.id: one for one in await desk.accounts.operators()}
    return [(token, owners[token.operator_id]) for token in await desk.accounts.tokens((TokenKind.NAMED,))]


async def named_token(desk: Desk, token_id: int) -> tuple[Token, Operator]:
    """One of them; NotFound."""
    for token, owner in await named_tokens(desk):
        if token.id == token_id:
            return token, owner
    raise NotFound("token", str(token_id))


async def revoke_named_token(desk: Desk, token_id: int, by: By) -> None:
    """It is good no longer; NotFound."""
    token, owner = await named_token(desk, token_id)
    await desk.accounts.revoke(token.id)
    await log_change(desk, by, owner, "token_revoked", token=token.name)


async def sign_ins(desk: Desk, operator: Operator) -> list[Token]:
    """Where an operator is signed in, the oldest first."""
    now = desk.room.clock.now()
    return [token for token in await desk.accounts.tokens(SIGN_INS, operator.id) if usable(token, now)]


async def end_sign_in(desk: Desk, operator: Operator, token_id: int, by: By) -> None:
    """End one of an operator's own sign-ins; NotFound."""
    if token_id not in {token.id for token in await sign_ins(desk, operator)}:
        raise NotFound("sign-in", str(token_id))
    await desk.accounts.revoke(token_id)
    await log_change(desk, by, operator, "signed_out")


async def end_all_sign_ins(desk: Desk, operator: Operator, by: By) -> None:
    """Sign an operator out everywhere; named tokens go on."""
    async with working(desk.room) as work:
        await work.tx.revoke_tokens(operator.id, SIGN_INS)
        await note_change(work, by, operator, "signed_out_everywhere")
