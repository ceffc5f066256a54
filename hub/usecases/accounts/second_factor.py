"""The second factor: a code by the clock from an operator's telephone, or a recovery code from their paper.

It is set up in two steps, so that nobody is locked out by a secret that never reached the telephone: it is offered,
and asked for once a code of it has been shown. Secrets are kept encrypted, recovery codes as keyed hashes; each code is
good once.
"""

from __future__ import annotations

import re

from hub.domain.access_code import CodeFormat
from hub.domain.accounts import Operator
from hub.domain.errors import Conflict, Invalid
from hub.domain.totp import DIGITS, step_of
from hub.usecases.accounts.confirm import confirm_password
from hub.usecases.accounts.operators import log_change
from hub.usecases.accounts.ports import Desk
from hub.usecases.accounts.sealed import seal, unseal
from hub.usecases.work import By

RECOVERY_CODES = 10
RECOVERY_FORMAT = CodeFormat(length=10)
"""50 bits: more than anybody guesses at five tries a quarter of an hour."""
LONGEST_CODE = 32
_SECRET = "totp"


async def offer(desk: Desk, operator: Operator, password: str, by: By) -> str:
    """A new secret, in base32, to be confirmed; Invalid, Throttled, or Conflict when there is a second factor."""
    await confirm_password(desk, operator, password, by)
    if operator.has_totp:
        raise Conflict("totp_on", "there is a second factor already: take it away first")
    secret = desk.passwords.new_totp_secret()
    await desk.factors.offer(operator.id, seal(desk.room.mint, _SECRET, secret))
    return secret


async def turn_on(desk: Desk, operator: Operator, code: str, by: By) -> list[str]:
    """Ask for codes from now on; gives the recovery codes. Invalid for a wrong code, Conflict when out of turn."""
    if operator.has_totp or operator.totp_sealed is None:
        raise Conflict("totp_not_offered", "begin again: there is no new secret to confirm")
    step = step_of(_secret(desk, operator.totp_sealed), _plain(code), desk.room.clock.now(), None)
    if step is None:
        raise Invalid("code", "is not the code of this moment: is the telephone's clock right?")
    codes = _fresh_codes(desk)
    code_hashes = [_code_hash(desk, one) for one in codes]
    if not await desk.factors.turn_on(operator.id, operator.totp_sealed, step, code_hashes):
        raise Conflict("totp_not_offered", "begin again: another secret was offered or confirmed meanwhile")
    await log_change(desk, by, operator, "totp_on")
    return codes


async def turn_off(desk: Desk, operator: Operator, password: str, by: By) -> None:
    """No second factor any more; Invalid or Throttled."""
    await confirm_password(desk, operator, password, by)
    await reset_totp(desk, operator, by)


async def reset_totp(desk: Desk, operator: Operator, by: By) -> None:
    """Take the second factor away from somebody who has lost theirs; nothing else changes."""
    await desk.factors.turn_off(operator.id)
    await log_change(desk, by, operator, "totp_off")


async def renew_recovery_codes(desk: Desk, operator: Operator, password: str, by: By) -> list[str]:
    """Ten new recovery codes, shown once, for all before; Invalid, Throttled, or Conflict without a second factor."""
    await confirm_password(desk, operator, password, by)
    if not operator.has_totp:
        raise Conflict("totp_off", "recovery codes are for a second factor, and there is none")
    codes = _fresh_codes(desk)
    await desk.factors.renew_recovery_codes(operator.id, [_code_hash(desk, one) for one in codes])
    await log_change(desk, by, operator, "recovery_codes")
    return codes


async def is_right(desk: Desk, operator: Operator, code: str) -> bool:
    """Whether this is the operator's code; it is then spent."""
    code = _plain(code)
    if operator.totp_sealed is None or not re.fullmatch(f"[0-9]{{{DIGITS}}}", code):
        return await desk.factors.spend_recovery_code(operator.id, _code_hash(desk, code))
    secret = _secret(desk, operator.totp_sealed)
    step = step_of(secret, code, desk.room.clock.now(), operator.totp_last_step)
    return step is not None and await desk.factors.spend_step(operator.id, step)


def _secret(desk: Desk, sealed: bytes) -> str:
    try:
        return unseal(desk.room.mint, _SECRET, sealed)
    except ValueError as error:
        raise Conflict(
            "totp_unreadable", "the second factor was sealed with another hub.key: poste-hub operator reset-totp"
        ) from error


def _fresh_codes(desk: Desk) -> list[str]:
    codes = [desk.room.mint.new_code(RECOVERY_FORMAT) for _ in range(RECOVERY_CODES)]
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _code_hash(desk: Desk, code: str) -> str:
    return desk.room.mint.hash_code(f"recovery\n{_plain(code)}")


def _plain(code: str) -> str:
    """A code without what people put between its signs."""
    return "".join(code.split()).replace("-", "").upper()
