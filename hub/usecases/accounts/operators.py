"""Operators: make an account, shut it, give it another password."""

from __future__ import annotations

from hub.domain.accounts import Operator, Role
from hub.domain.errors import Conflict, Invalid, NotFound
from hub.usecases.accounts.ports import Desk
from hub.usecases.ports import Collision
from hub.usecases.work import By, working
from hub.wire.terms import Action

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 256
LONGEST_NAME = 64


async def add_operator(desk: Desk, name: str, role: Role, password: str, by: By) -> Operator:
    """A new account; Invalid for a bad name or password, Conflict for a taken name."""
    if not is_name(name):
        raise Invalid("name", f"must be 1 to {LONGEST_NAME} characters, without spaces around them")
    check_password(password)
    try:
        operator = await desk.accounts.add_operator(name, role, await desk.passwords.hash(password))
    except Collision as taken:
        raise Conflict("operator_exists", f"there is already an operator {name!r}") from taken
    await _log(desk, by, operator, "added")
    return operator


async def disable_operator(desk: Desk, name: str, by: By) -> None:
    """Shut an account and sign it out everywhere; NotFound when there is none."""
    operator = await _named(desk, name)
    await desk.accounts.set_disabled(operator.id, True)
    await desk.accounts.revoke_all(operator.id)
    await _log(desk, by, operator, "disabled")


async def set_password(desk: Desk, name: str, password: str, by: By, *, keep_token: int | None = None) -> None:
    """A new password; every token of the account but `keep_token` is revoked. NotFound or Invalid."""
    check_password(password)
    operator = await _named(desk, name)
    await desk.accounts.set_password_hash(operator.id, await desk.passwords.hash(password))
    await desk.accounts.revoke_all(operator.id, but=keep_token)
    await _log(desk, by, operator, "password")


def is_name(name: str) -> bool:
    """Whether an account can be called so."""
    return 1 <= len(name) <= LONGEST_NAME and name == name.strip() and name.isprintable()


def check_password(password: str) -> None:
    """Long enough, or Invalid; no rules about signs, which only make people write it down."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Invalid("password", f"must be {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")


async def _named(desk: Desk, name: str) -> Operator:
    operator = await desk.accounts.operator_named(name)
    if operator is None:
        raise NotFound("operator", name)
    return operator


async def _log(desk: Desk, by: By, operator: Operator, change: str) -> None:
    async with working(desk.room) as work:
        await work.log(Action.OPERATOR_CHANGED, by, name=operator.name, role=operator.role, change=change)
