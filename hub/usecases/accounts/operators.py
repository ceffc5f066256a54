"""Operators: make an account, change it, shut it, give it another password, take it away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from hub.domain.accounts import SIGN_INS, Operator, Role, TokenKind, leaves_an_admin
from hub.domain.errors import Conflict, Invalid, NotFound
from hub.domain.version import ANY, Expected
from hub.usecases.accounts.ports import Desk
from hub.usecases.ports import Collision
from hub.usecases.work import By, Work, working
from hub.wire.terms import Action

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 256
LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class OperatorChange:
    """What is to be different; None stays as it is."""

    role: Role | None = None
    disabled: bool | None = None
    password: str | None = field(default=None, repr=False)


async def add_operator(desk: Desk, name: str, role: Role, password: str, by: By) -> Operator:
    """A new account; Invalid for a bad name or password, Conflict for a taken name."""
    if not is_name(name):
        raise Invalid("name", f"must be 1 to {LONGEST_NAME} characters, without spaces around them")
    check_password(desk, password)
    try:
        operator = await desk.accounts.add_operator(name, role, await desk.passwords.hash(password))
    except Collision as taken:
        raise Conflict("operator_exists", f"there is already an operator {name!r}") from taken
    await log_change(desk, by, operator, "added")
    return operator


async def change_operator(
    desk: Desk,
    operator_id: int,
    change: OperatorChange,
    by: By,
    expected: Expected = ANY,
    *,
    keep_token: int | None = None,
) -> Operator:
    """Another role, shut or open, or another password, all at once.

    Who is shut is signed out everywhere; a new password ends every sign-in of the account but `keep_token`, and named
    tokens go on. NotFound, Invalid, Conflict for the last admin, or Stale when the account is not as it was `expected`.
    """
    password_hash = None
    if change.password is not None:
        check_password(desk, change.password)
        password_hash = await desk.passwords.hash(change.password)
    async with working(desk.room) as work:
        operators = await work.tx.operators()
        operator = expected.of(_among(operators, operator_id))
        changed = replace(
            operator,
            role=operator.role if change.role is None else change.role,
            disabled=operator.disabled if change.disabled is None else change.disabled,
            password_hash=operator.password_hash if password_hash is None else password_hash,
        )
        if (changed.role, changed.disabled) != (operator.role, operator.disabled):
            _refuse_the_last(changed if one.id == operator_id else one for one in operators)
        if changed != operator:
            await work.save(changed)
        if changed.role is not operator.role:
            await note_change(work, by, changed, "role")
        if changed.disabled is not operator.disabled:
            await note_change(work, by, changed, "disabled" if changed.disabled else "enabled")
        if password_hash is not None:
            await note_change(work, by, changed, "password")
            await work.tx.revoke_tokens(operator_id, SIGN_INS, but=keep_token)
        if changed.disabled:
            await work.tx.revoke_tokens(operator_id, list(TokenKind))
    return changed


async def delete_operator(desk: Desk, operator_id: int, by: By) -> None:
    """Take an account away that has done nothing; NotFound, or Conflict for the last admin or one with a history.

    The journal and the stays know operators by name: a name that they tell of must stay the same person's.
    """
    async with working(desk.room) as work:
        operators = await work.tx.operators()
        operator = _among(operators, operator_id)
        _refuse_the_last(one for one in operators if one.id != operator_id)
        if await work.tx.has_acted(operator.name):
            raise Conflict("operator_has_history", f"{operator.name!r} is in the journal: disable the account instead")
        await work.tx.forget_operator(operator_id)
        await note_change(work, by, operator, "deleted")


async def set_password(desk: Desk, operator: Operator, password: str, by: By, *, keep_token: int | None = None) -> None:
    """A new password, and nothing else: see `change_operator`."""
    await change_operator(desk, operator.id, OperatorChange(password=password), by, keep_token=keep_token)


def is_name(name: str) -> bool:
    """Whether an account can be called so."""
    return 1 <= len(name) <= LONGEST_NAME and name == name.strip() and name.isprintable()


def check_password(desk: Desk, password: str) -> None:
    """Long enough and not everybody's, or Invalid; no rules about signs, which only make people write it down."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Invalid("password", f"must be {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    if desk.passwords.common(password):
        raise Invalid("password", "is one of the most common ones, which are guessed first")


async def operator_named(desk: Desk, name: str) -> Operator:
    """The account of that name; NotFound."""
    operator = await desk.accounts.operator_named(name)
    if operator is None:
        raise NotFound("operator", name)
    return operator


async def operator_of(desk: Desk, operator_id: int) -> Operator:
    """The account with that id; NotFound."""
    operator = await desk.accounts.operator(operator_id)
    if operator is None:
        raise NotFound("operator", str(operator_id))
    return operator


async def log_change(desk: Desk, by: By, operator: Operator, change: str, **details: Any) -> None:
    """Tell the journal what has become of an account, when it is done."""
    async with working(desk.room) as work:
        await note_change(work, by, operator, change, **details)


async def note_change(work: Work, by: By, operator: Operator, change: str, **details: Any) -> None:
    """Tell the journal what has become of an account, along with what was done to it."""
    await work.log(Action.OPERATOR_CHANGED, by, name=operator.name, role=operator.role, change=change, **details)


def _among(operators: Iterable[Operator], operator_id: int) -> Operator:
    for operator in operators:
        if operator.id == operator_id:
            return operator
    raise NotFound("operator", str(operator_id))


def _refuse_the_last(left: Iterable[Operator]) -> None:
    if not leaves_an_admin(left):
        raise Conflict("last_admin", "nobody would be left who can let others in: make another admin first")
