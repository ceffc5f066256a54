"""The second factor, from the offer to the lost telephone."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from hub.domain.accounts import Operator, Role, TokenKind
from hub.domain.errors import Conflict, Invalid
from hub.domain.totp import STEP_S, code_of, step_at
from hub.usecases.accounts import second_factor
from hub.usecases.accounts.confirm import Throttled
from hub.usecases.accounts.operators import OperatorChange, add_operator, change_operator, set_password
from hub.usecases.accounts.ports import Desk
from hub.usecases.accounts.sealed import seal, unseal
from hub.usecases.accounts.sign_in import (
    HALF_WAY_S,
    BadCredentials,
    Door,
    SignedIn,
    TooLate,
    TotpNeeded,
    finish,
    sign_in,
)
from hub.usecases.accounts.throttle import TRIES_OF_A_NAME
from hub.usecases.work import By
from hub.wire.terms import Action
from tests.fakes.mint import FakeMint
from tests.support.room import DESK, TestRoom

PASSWORD = "correct horse"
BY = By("zoé", "10.0.0.7")
DOOR = Door(TokenKind.PANEL, "10.0.0.7", "Firefox")


@pytest.fixture
async def zoe(desk: Desk) -> Operator:
    await desk.accounts.add_operator("ada", Role.ADMIN, "no hash")
    return await add_operator(desk, "zoé", Role.OPERATOR, PASSWORD, DESK)


class Telephone:
    """An authenticator app, and the paper with the recovery codes."""

    def __init__(self, desk: Desk, secret: str) -> None:
        self.desk, self.secret = desk, secret
        self.recovery_codes: list[str] = []

    def code(self) -> str:
        return code_of(self.secret, step_at(self.desk.room.clock.now()))


async def stored(desk: Desk) -> Operator:
    operator = await desk.accounts.operator_named("zoé")
    assert operator is not None
    return operator


@pytest.fixture
async def telephone(room: TestRoom, desk: Desk, zoe: Operator) -> Telephone:
    """With a second factor that counts; the code that proved it is spent and past."""
    made = Telephone(desk, await second_factor.offer(desk, zoe, PASSWORD, BY))
    made.recovery_codes = await second_factor.turn_on(desk, await stored(desk), made.code(), BY)
    room.clock.advance(STEP_S)
    return made


async def comes(desk: Desk, totp: str | None = None) -> SignedIn:
    return await sign_in(desk, "zoé", PASSWORD, DOOR, totp)


async def gets_in(desk: Desk, totp: str | None = None) -> bool:
    return (await comes(desk, totp)).operator.name == "zoé"


async def half_way(desk: Desk) -> str:
    with pytest.raises(TotpNeeded) as caught:
        await comes(desk)
    return caught.value.half_way


async def refused(desk: Desk, totp: str) -> None:
    with pytest.raises(BadCredentials):
        await comes(desk, totp)


async def test_an_offer_alone_asks_for_nothing(desk: Desk, zoe: Operator) -> None:
    await second_factor.offer(desk, zoe, PASSWORD, BY)
    assert await gets_in(desk)


async def test_a_wrong_code_turns_nothing_on(desk: Desk, zoe: Operator) -> None:
    secret = await second_factor.offer(desk, zoe, PASSWORD, BY)
    wrong = code_of(secret, step_at(desk.room.clock.now()) + 5)
    with pytest.raises(Invalid) as caught:
        await second_factor.turn_on(desk, await stored(desk), wrong, BY)
    assert caught.value.field == "code"
    assert not (await stored(desk)).has_totp


async def test_nothing_is_confirmed_that_was_not_offered_nor_twice(desk: Desk, telephone: Telephone) -> None:
    for operator in (await stored(desk), replace(await stored(desk), totp_sealed=None, totp_since=None)):
        with pytest.raises(Conflict) as caught:
            await second_factor.turn_on(desk, operator, telephone.code(), BY)
        assert caught.value.reason == "totp_not_offered"
    with pytest.raises(Conflict) as caught:
        await second_factor.offer(desk, await stored(desk), PASSWORD, BY)
    assert caught.value.reason == "totp_on"


async def test_two_confirmations_at_once_give_one_set_of_recovery_codes(desk: Desk, zoe: Operator) -> None:
    telephone = Telephone(desk, await second_factor.offer(desk, zoe, PASSWORD, BY))
    operator, code = await stored(desk), telephone.code()
    acts = (second_factor.turn_on(desk, operator, code, BY) for _ in range(2))
    outcomes = await asyncio.gather(*acts, return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "list"]


async def test_name_and_password_alone_are_half_the_way(desk: Desk, telephone: Telephone) -> None:
    assert await half_way(desk)
    assert await gets_in(desk, telephone.code())


async def test_people_write_codes_with_spaces(desk: Desk, telephone: Telephone) -> None:
    code = telephone.code()
    assert await gets_in(desk, f" {code[:3]} {code[3:]}\n")


async def test_a_code_works_once(desk: Desk, telephone: Telephone) -> None:
    code = telephone.code()
    outcomes = await asyncio.gather(*(comes(desk, code) for _ in range(3)), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["BadCredentials", "BadCredentials", "SignedIn"]
    await refused(desk, code)


async def test_the_code_that_proved_the_secret_is_spent(room: TestRoom, desk: Desk, telephone: Telephone) -> None:
    spent = code_of(telephone.secret, step_at(room.clock.now()) - 1)
    await refused(desk, spent)


async def test_an_empty_code_is_a_wrong_one(desk: Desk, telephone: Telephone) -> None:
    await refused(desk, "")


async def test_each_recovery_code_works_once(desk: Desk, telephone: Telephone) -> None:
    assert len(set(telephone.recovery_codes)) == second_factor.RECOVERY_CODES
    first, second, *_ = telephone.recovery_codes
    assert await gets_in(desk, first)
    await refused(desk, first)
    assert await gets_in(desk, second.replace("-", "").lower())
    assert await desk.factors.recovery_codes_left((await stored(desk)).id) == 8


async def test_new_recovery_codes_end_the_old(desk: Desk, telephone: Telephone) -> None:
    fresh = await second_factor.renew_recovery_codes(desk, await stored(desk), PASSWORD, BY)
    await refused(desk, telephone.recovery_codes[0])
    assert await gets_in(desk, fresh[0])


async def test_there_are_no_recovery_codes_for_nothing(desk: Desk, zoe: Operator) -> None:
    with pytest.raises(Conflict) as caught:
        await second_factor.renew_recovery_codes(desk, zoe, PASSWORD, BY)
    assert caught.value.reason == "totp_off"


async def test_guesses_at_the_code_are_counted_like_guesses_at_the_password(desk: Desk, telephone: Telephone) -> None:
    for number in range(TRIES_OF_A_NAME):
        await refused(desk, f"WRONG{number}")
    with pytest.raises(Throttled):
        await comes(desk, telephone.code())


async def test_guesses_at_the_second_half_are_counted_too(room: TestRoom, desk: Desk, telephone: Telephone) -> None:
    sealed = await half_way(desk)
    for number in range(TRIES_OF_A_NAME - 1):
        with pytest.raises(BadCredentials):
            await finish(desk, sealed, f"WRONG{number}", DOOR)
    with pytest.raises(Throttled):
        await finish(desk, sealed, telephone.code(), DOOR)
    failures = room.entries(Action.OPERATOR_LOGIN_FAILED)
    assert [entry.operator for entry in failures] == ["zoé"] * (TRIES_OF_A_NAME - 1)


async def test_the_second_half_ends_in_the_same_door(room: TestRoom, desk: Desk, telephone: Telephone) -> None:
    sealed = await half_way(desk)
    assert PASSWORD not in sealed
    room.clock.advance(HALF_WAY_S - 1)
    signed = await finish(desk, sealed, telephone.code(), DOOR)
    assert (signed.operator.name, signed.token.address, signed.token.agent) == ("zoé", "10.0.0.7", "Firefox")


async def test_the_second_half_comes_too_late(room: TestRoom, desk: Desk, telephone: Telephone) -> None:
    sealed = await half_way(desk)
    room.clock.advance(HALF_WAY_S)
    with pytest.raises(TooLate):
        await finish(desk, sealed, telephone.code(), DOOR)


async def test_half_a_way_is_worth_nothing_once_the_account_has_changed(desk: Desk, telephone: Telephone) -> None:
    sealed, zoe = await half_way(desk), await stored(desk)
    await set_password(desk, zoe, "another horse", BY)
    with pytest.raises(TooLate):
        await finish(desk, sealed, telephone.code(), DOOR)
    await set_password(desk, zoe, PASSWORD, BY)
    sealed = await half_way(desk)
    await change_operator(desk, zoe.id, OperatorChange(disabled=True), DESK)
    with pytest.raises(TooLate):
        await finish(desk, sealed, telephone.code(), DOOR)


@pytest.mark.parametrize("text", ["", "nonsense", "é"])
async def test_nobody_makes_up_half_a_way(desk: Desk, telephone: Telephone, text: str) -> None:
    with pytest.raises(TooLate):
        await finish(desk, text, telephone.code(), DOOR)
    with pytest.raises(TooLate):
        await finish(desk, seal(desk.room.mint, "totp", "9999999999 2 x").decode(), telephone.code(), DOOR)


async def test_secret_and_recovery_codes_are_in_no_file_and_no_journal(
    room: TestRoom, desk: Desk, telephone: Telephone
) -> None:
    kept = f"{room.rows('SELECT * FROM operator')} {room.rows('SELECT * FROM log_entry')}"
    kept += str(room.rows("SELECT * FROM recovery_code"))
    for secret in (telephone.secret, *telephone.recovery_codes):
        assert secret not in kept
        assert secret.replace("-", "") not in kept
    changes = [entry.details["change"] for entry in room.entries(Action.OPERATOR_CHANGED)]
    assert changes == ["added", "totp_on"]


async def test_off_again_with_the_password(desk: Desk, telephone: Telephone) -> None:
    with pytest.raises(Invalid):
        await second_factor.turn_off(desk, await stored(desk), "wrong horse", BY)
    assert (await stored(desk)).has_totp
    await second_factor.turn_off(desk, await stored(desk), PASSWORD, BY)
    assert await gets_in(desk)
    assert (await stored(desk)).totp_sealed is None


async def test_the_password_that_is_asked_for_again_is_throttled(desk: Desk, telephone: Telephone) -> None:
    zoe = await stored(desk)
    for _ in range(TRIES_OF_A_NAME):
        with pytest.raises(Invalid):
            await second_factor.turn_off(desk, zoe, "wrong horse", By("zoé"))
    with pytest.raises(Throttled):
        await second_factor.turn_off(desk, zoe, PASSWORD, By("zoé"))


async def test_a_secret_of_another_key_file_is_told_with_its_cure(desk: Desk, telephone: Telephone) -> None:
    class OtherMint(FakeMint):
        def open_code(self, sealed: bytes) -> str:
            raise ValueError("this code was sealed with another key")

    moved = replace(desk, room=replace(desk.room, mint=OtherMint()))
    with pytest.raises(Conflict, match="reset-totp"):
        await comes(moved, telephone.code())
    await second_factor.reset_totp(moved, await stored(desk), DESK)
    assert await gets_in(moved)


def test_what_was_sealed_for_one_purpose_is_not_opened_for_another() -> None:
    mint = FakeMint()
    sealed = seal(mint, "totp", "text\nmore")
    assert unseal(mint, "totp", sealed) == "text\nmore"
    with pytest.raises(ValueError, match="another purpose"):
        unseal(mint, "half-way", sealed)
