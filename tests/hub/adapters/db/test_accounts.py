"""Operators, tokens and idempotency keys on disk."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.adapters.db.accounts import Accounts
from hub.adapters.db.engine import Database
from hub.adapters.db.second_factors import SecondFactors
from hub.adapters.db.store import TortoiseStore
from hub.domain.accounts import PANEL_IDLE_S, SIGN_INS, Operator, Role, TokenKind, panel_expiry
from hub.domain.records import LogEntry
from hub.domain.session import Session
from hub.usecases.ports import Collision
from hub.wire.terms import Action
from tests.fakes.hub_clock import START, FakeClock


@pytest.fixture
def accounts(database: Database, clock: FakeClock) -> Accounts:
    return Accounts(database, clock)


@pytest.fixture
async def marie(accounts: Accounts) -> Operator:
    return await accounts.add_operator("marie", Role.OPERATOR, "$argon2$hash")


async def test_operators_are_added_and_found(accounts: Accounts, marie: Operator) -> None:
    admin = await accounts.add_operator("ann", Role.ADMIN, "$argon2$other")
    assert await accounts.operators() == [admin, marie]
    assert await accounts.operator(marie.id) == marie
    assert await accounts.operator_named("marie") == marie
    assert (marie.role, marie.created_at, marie.disabled) == (Role.OPERATOR, START, False)
    assert await accounts.operator(99) is None
    assert await accounts.operator_named("nobody") is None


async def test_a_name_is_taken_once(accounts: Accounts, marie: Operator) -> None:
    with pytest.raises(Collision, match="marie"):
        await accounts.add_operator(marie.name, Role.VIEWER, "x")


async def test_an_operator_changes(accounts: Accounts, marie: Operator, clock: FakeClock) -> None:
    now = clock.advance(5)
    await accounts.touch_login(marie.id)
    changed = await accounts.operator(marie.id)
    assert changed is not None
    assert changed.last_login_at == now
    assert (changed.created_at, changed.updated_at) == (START, now)
    with pytest.raises(LookupError):
        await accounts.touch_login(99)


async def test_a_hash_is_renewed_unless_the_password_has_changed(accounts: Accounts, marie: Operator) -> None:
    await accounts.renew_password_hash(marie.id, marie.password_hash, "stronger")
    await accounts.renew_password_hash(marie.id, marie.password_hash, "late")
    kept = await accounts.operator(marie.id)
    assert kept is not None
    assert kept.password_hash == "stronger"


async def test_an_operator_is_saved_whole(store: TortoiseStore, accounts: Accounts, marie: Operator) -> None:
    changed = replace(marie, role=Role.ADMIN, disabled=True, totp_sealed=b"sealed", totp_since=START, totp_last_step=7)
    async with store.transaction() as tx:
        assert await tx.operators() == [marie]
        await tx.save(changed)
    assert await accounts.operator(marie.id) == changed


async def test_an_operator_who_has_acted_is_told_by_journal_and_stays(store: TortoiseStore, marie: Operator) -> None:
    async with store.transaction() as tx:
        assert not await tx.has_acted("marie")
        await tx.log(LogEntry(START, Action.CODE_ISSUED, operator="marie"))
        assert await tx.has_acted("marie")
        assert not await tx.has_acted("mari")
        await tx.add(Session("s1", START, 60, operator="ann"))
        assert await tx.has_acted("ann")


async def test_with_an_operator_goes_what_hangs_from_them(
    database: Database, store: TortoiseStore, accounts: Accounts, clock: FakeClock, marie: Operator
) -> None:
    kept = await accounts.add_operator("ann", Role.ADMIN, "x")
    await accounts.add_token(kept.id, "kept", TokenKind.API)
    await accounts.add_token(marie.id, "hash", TokenKind.API)
    await accounts.keep_result("key", marie.id, "POST /sessions", "s1")
    await SecondFactors(database, clock).renew_recovery_codes(marie.id, ["one"])
    async with store.transaction() as tx:
        await tx.forget_operator(marie.id)
    assert await accounts.operators() == [kept]
    assert len(await accounts.tokens(list(TokenKind))) == 1


async def test_a_token_speaks_for_its_operator(accounts: Accounts, marie: Operator, clock: FakeClock) -> None:
    token = await accounts.add_token(
        marie.id, "hash", TokenKind.API, name="script", expires_at=START + timedelta(days=1)
    )
    assert await accounts.bearer("hash") == (marie, token)
    assert await accounts.bearer("other") is None
    clock.advance(86_400)
    assert await accounts.bearer("hash") is None


async def test_a_panels_token_lives_by_its_use(accounts: Accounts, marie: Operator, clock: FakeClock) -> None:
    token = await accounts.add_token(marie.id, "hash", TokenKind.PANEL, expires_at=panel_expiry(START))
    clock.advance(PANEL_IDLE_S - 1)
    await accounts.touch_token(token.id)
    clock.advance(PANEL_IDLE_S - 1)
    assert await accounts.bearer("hash") is not None
    clock.advance(1)
    assert await accounts.bearer("hash") is None


async def test_a_disabled_operators_tokens_are_worth_nothing(
    store: TortoiseStore, accounts: Accounts, marie: Operator
) -> None:
    await accounts.add_token(marie.id, "hash", TokenKind.API)
    async with store.transaction() as tx:
        await tx.save(replace(marie, disabled=True))
    assert await accounts.bearer("hash") is None


async def test_tokens_are_revoked_one_or_all(accounts: Accounts, store: TortoiseStore, marie: Operator) -> None:
    other = await accounts.add_operator("ann", Role.ADMIN, "x")
    first, second, third = [await accounts.add_token(marie.id, f"hash{n}", TokenKind.API) for n in range(3)]
    kept = await accounts.add_token(other.id, "hash9", TokenKind.API)
    assert await accounts.revoke(first.id)
    assert not await accounts.revoke(first.id)
    assert await accounts.bearer("hash0") is None
    assert await accounts.tokens(SIGN_INS, marie.id) == [second, third]
    async with store.transaction() as tx:
        await tx.revoke_tokens(marie.id, SIGN_INS, but=third.id)
    assert await accounts.tokens(SIGN_INS) == [third, kept]
    async with store.transaction() as tx:
        await tx.revoke_tokens(marie.id, SIGN_INS)
    assert await accounts.tokens(SIGN_INS) == [kept]


async def test_tokens_are_told_and_revoked_by_their_kind(
    accounts: Accounts, store: TortoiseStore, marie: Operator
) -> None:
    named = await accounts.add_token(marie.id, "hash1", TokenKind.NAMED, name="script", role=Role.VIEWER)
    panel = await accounts.add_token(marie.id, "hash2", TokenKind.PANEL, address="10.0.0.5", agent="Firefox")
    assert (named.role, panel.address, panel.agent) == (Role.VIEWER, "10.0.0.5", "Firefox")
    assert await accounts.tokens((TokenKind.NAMED,)) == [named]
    assert await accounts.tokens(SIGN_INS) == [panel]
    async with store.transaction() as tx:
        await tx.revoke_tokens(marie.id, SIGN_INS)
    assert await accounts.tokens(list(TokenKind)) == [named]


async def test_a_tokens_hash_is_taken_once(accounts: Accounts, marie: Operator) -> None:
    await accounts.add_token(marie.id, "hash", TokenKind.API)
    with pytest.raises(Collision):
        await accounts.add_token(marie.id, "hash", TokenKind.PANEL)


async def test_an_idempotency_key_is_kept_per_operator_and_route(
    accounts: Accounts, marie: Operator, clock: FakeClock
) -> None:
    await accounts.keep_result("key", marie.id, "POST /sessions", "s1")
    assert await accounts.result_of("key", marie.id, "POST /sessions", START) == "s1"
    assert await accounts.result_of("key", marie.id, "POST /posts", START) is None
    assert await accounts.result_of("other", marie.id, "POST /sessions", START) is None
    later = clock.advance(1)
    assert await accounts.result_of("key", marie.id, "POST /sessions", later) is None
    with pytest.raises(Collision):
        await accounts.keep_result("key", marie.id, "POST /sessions", "s2")
    assert await accounts.forget_results(START) == 0
    assert await accounts.forget_results(later) == 1
    await accounts.keep_result("key", marie.id, "POST /sessions", "s2")
