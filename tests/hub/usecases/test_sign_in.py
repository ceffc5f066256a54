"""Sign in: who gets a token, for how long, and what a guesser learns."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from hub.adapters.passwords import Argon2Passwords
from hub.domain.accounts import Operator, Role, TokenKind
from hub.usecases.accounts.confirm import Throttled
from hub.usecases.accounts.operators import OperatorChange, add_operator, change_operator, operator_named, set_password
from hub.usecases.accounts.ports import Desk
from hub.usecases.accounts.sign_in import BadCredentials, Door, SignedIn, sign_in, token_hash
from hub.usecases.accounts.throttle import TRIES_OF_A_NAME, TRIES_OF_AN_ADDRESS
from hub.wire.terms import Action
from tests.support.room import DESK, TestRoom

PASSWORD = "correct horse"
HERE, ELSEWHERE = "10.0.0.7", "10.9.9.9"


@pytest.fixture
async def zoe(desk: Desk) -> Operator:
    await add_operator(desk, "ada", Role.ADMIN, PASSWORD, DESK)
    return await add_operator(desk, "zoé", Role.OPERATOR, PASSWORD, DESK)


async def tries(
    desk: Desk, password: str = PASSWORD, *, name: str = "zoé", address: str = HERE, kind: TokenKind = TokenKind.PANEL
) -> SignedIn:
    return await sign_in(desk, name, password, Door(kind, address))


async def guesses(desk: Desk, count: int, **how: str) -> None:
    for _ in range(count):
        with pytest.raises(BadCredentials):
            await tries(desk, "wrong horse", name=how.get("name", "zoé"), address=how.get("address", HERE))


async def test_name_and_password_become_a_token_that_speaks_for_the_operator(desk: Desk, zoe: Operator) -> None:
    signed = await tries(desk)
    assert signed.operator == zoe
    bearer = await desk.accounts.bearer(token_hash(signed.secret))
    assert bearer is not None
    operator, token = bearer
    assert (operator.id, token) == (zoe.id, signed.token)
    assert operator.last_login_at == desk.room.clock.now()


@pytest.mark.parametrize("change", ["password", "disabled"])
async def test_an_account_that_is_changed_while_its_password_is_looked_at_lets_nobody_in(
    room: TestRoom, desk: Desk, zoe: Operator, change: str
) -> None:
    """The change has ended all sign-ins by then, and would not end this one."""

    class Slow(Argon2Passwords):
        async def matches(self, password_hash: str | None, password: str) -> bool:
            right = await super().matches(password_hash, password)
            if change == "password":
                await set_password(desk, zoe, "another horse", DESK)
            else:
                await change_operator(desk, zoe.id, OperatorChange(disabled=True), DESK)
            return right

    with pytest.raises(BadCredentials):
        await tries(replace(desk, passwords=Slow(memory_kib=8, rounds=1)))
    assert room.rows("SELECT count(*) FROM token WHERE revoked_at IS NULL") == [(0,)]
    assert room.entries(Action.OPERATOR_LOGIN) == []


async def test_each_sign_in_has_a_token_of_its_own(desk: Desk, zoe: Operator) -> None:
    assert (await tries(desk)).secret != (await tries(desk)).secret


@pytest.mark.parametrize(("kind", "life"), [(TokenKind.PANEL, timedelta(hours=8)), (TokenKind.API, timedelta(days=30))])
async def test_a_panels_token_lasts_a_shift_and_a_programs_a_month(
    desk: Desk, zoe: Operator, kind: TokenKind, life: timedelta
) -> None:
    signed = await tries(desk, kind=kind)
    assert signed.expires_at == signed.token.expires_at == desk.room.clock.now() + life
    assert signed.token.kind is kind


async def test_the_token_is_in_no_file_no_journal_and_no_repr(room: TestRoom, desk: Desk, zoe: Operator) -> None:
    signed = await tries(desk)
    kept = f"{room.rows('SELECT * FROM token')} {room.rows('SELECT * FROM log_entry')} {signed}"
    assert signed.secret not in kept
    assert token_hash(signed.secret) not in repr(signed)


async def test_the_journal_says_who_signed_in_from_where(room: TestRoom, desk: Desk, zoe: Operator) -> None:
    await tries(desk)
    (entry,) = room.entries(Action.OPERATOR_LOGIN)
    assert (entry.operator, entry.ip_address, entry.details) == ("zoé", HERE, {"kind": "panel"})


async def test_all_failures_look_alike(desk: Desk, zoe: Operator) -> None:
    shut = await add_operator(desk, "shut", Role.VIEWER, PASSWORD, DESK)
    await change_operator(desk, shut.id, OperatorChange(disabled=True), DESK)
    texts = set()
    for name, password in (("zoé", "wrong horse"), ("nobody", PASSWORD), ("shut", PASSWORD), (" zoé", PASSWORD)):
        with pytest.raises(BadCredentials) as caught:
            await tries(desk, password, name=name)
        texts.add((str(caught.value), caught.value.reason))
    assert texts == {("the name, the password or the code is wrong", "bad_credentials")}


async def test_a_password_is_hashed_even_for_a_name_that_nobody_has(desk: Desk, zoe: Operator) -> None:
    class Watched(Argon2Passwords):
        def __init__(self) -> None:
            super().__init__(memory_kib=8, rounds=1)
            self.asked: list[str | None] = []

        async def matches(self, password_hash: str | None, password: str) -> bool:
            self.asked.append(password_hash)
            return await super().matches(password_hash, password)

    passwords = Watched()
    watched = replace(desk, passwords=passwords)
    for name in ("zoé", "nobody", "no\nname"):
        await guesses(watched, 1, name=name)
    assert passwords.asked == [zoe.password_hash, None, None]


async def test_a_password_is_hashed_anew_when_the_figures_have_changed(desk: Desk, zoe: Operator) -> None:
    await tries(desk)
    assert (await operator_named(desk, "zoé")).password_hash == zoe.password_hash
    stronger = replace(desk, passwords=Argon2Passwords(memory_kib=16, rounds=1))
    await guesses(stronger, 1)
    assert (await operator_named(desk, "zoé")).password_hash == zoe.password_hash
    await tries(stronger)
    renewed = (await operator_named(desk, "zoé")).password_hash
    assert "m=16," in renewed
    assert not stronger.passwords.outdated(renewed)
    assert await stronger.passwords.matches(renewed, PASSWORD)


async def test_a_failure_is_journalled_but_not_a_name_that_does_not_exist(
    room: TestRoom, desk: Desk, zoe: Operator
) -> None:
    await guesses(desk, 1)
    await guesses(desk, 1, name="hunter2 typed into the wrong field")
    known, unknown = room.entries(Action.OPERATOR_LOGIN_FAILED)
    assert (known.operator, known.ip_address, known.details) == ("zoé", HERE, {"known": True})
    assert (unknown.operator, unknown.ip_address, unknown.details) == (None, HERE, {"known": False})
    assert "hunter2" not in str(room.rows("SELECT * FROM log_entry"))


async def test_after_five_guesses_even_the_right_password_waits(room: TestRoom, desk: Desk, zoe: Operator) -> None:
    await guesses(desk, TRIES_OF_A_NAME)
    for _ in range(3):
        with pytest.raises(Throttled, match="wait 30 s") as caught:
            await tries(desk)
        assert (caught.value.retry_after_s, caught.value.reason) == (30, "throttled")
    assert len(room.entries(Action.OPERATOR_LOGIN_FAILED)) == TRIES_OF_A_NAME
    room.clock.advance(30)
    assert (await tries(desk)).operator.name == "zoé"


async def test_guesses_made_at_once_count_as_many(desk: Desk, zoe: Operator) -> None:
    made = await asyncio.gather(*(tries(desk, f"wrong horse {n}") for n in range(20)), return_exceptions=True)
    assert [type(one) for one in made] == [BadCredentials] * 5 + [Throttled] * 15


async def test_the_right_password_forgives_the_wrong_ones_before(desk: Desk, zoe: Operator) -> None:
    for _ in range(3):
        await guesses(desk, TRIES_OF_A_NAME - 1)
        assert (await tries(desk)).operator.id == zoe.id


async def test_an_address_that_tries_many_names_waits_and_others_do_not(desk: Desk, zoe: Operator) -> None:
    for number in range(TRIES_OF_AN_ADDRESS):
        await guesses(desk, 1, name=f"name{number}", address=ELSEWHERE)
    with pytest.raises(Throttled):
        await tries(desk, address=ELSEWHERE)
    assert (await tries(desk)).operator == zoe


async def test_a_stranger_cannot_lock_an_operator_out_of_their_own_desk(desk: Desk, zoe: Operator) -> None:
    await tries(desk)
    await guesses(desk, TRIES_OF_A_NAME, address=ELSEWHERE)
    with pytest.raises(Throttled):
        await tries(desk, address=ELSEWHERE)
    assert (await tries(desk)).operator.id == zoe.id


def test_any_text_that_is_sent_as_a_token_has_a_hash() -> None:
    assert len({token_hash(text) for text in ("", "é", "\ud800", "\ud801")}) == 4
