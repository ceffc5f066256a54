"""Argon2id for real, with small figures where only the behaviour matters."""

from __future__ import annotations

import asyncio
import base64

import pytest
from argon2 import extract_parameters
from argon2.exceptions import VerifyMismatchError

from hub.adapters.passwords import AT_ONCE, Argon2Passwords


@pytest.fixture
def passwords() -> Argon2Passwords:
    return Argon2Passwords(memory_kib=8, rounds=1)


async def test_a_password_matches_its_own_hash_alone(passwords: Argon2Passwords) -> None:
    kept = await passwords.hash("correct horse")
    assert await passwords.matches(kept, "correct horse")
    assert not await passwords.matches(kept, "Correct horse")
    assert not await passwords.matches(kept, "")


async def test_without_a_hash_nothing_matches(passwords: Argon2Passwords) -> None:
    assert not await passwords.matches(None, "correct horse")


async def test_a_name_that_nobody_has_takes_as_long(passwords: Argon2Passwords) -> None:
    nobodys, somebodys = passwords._nobodys, await passwords.hash("correct horse")
    assert extract_parameters(nobodys) == extract_parameters(somebodys)
    with pytest.raises(VerifyMismatchError):  # and not refused at a look
        passwords._hasher.verify(nobodys, "correct horse")


async def test_a_hash_that_is_none_matches_nothing(passwords: Argon2Passwords) -> None:
    assert not await passwords.matches("!", "!")


async def test_text_that_no_browser_sends_is_no_password(passwords: Argon2Passwords) -> None:
    assert not await passwords.matches(await passwords.hash("correct horse"), "correct \ud800")


async def test_hashes_are_salted_and_as_strong_as_owasp_asks() -> None:
    strong = Argon2Passwords()
    first, second = await asyncio.gather(strong.hash("correct horse"), strong.hash("correct horse"))
    assert first != second
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_a_hash_of_other_figures_is_outdated(passwords: Argon2Passwords) -> None:
    kept = await passwords.hash("correct horse")
    assert not passwords.outdated(kept)
    assert Argon2Passwords().outdated(kept)


def test_secrets_of_second_factors_are_long_and_never_the_same(passwords: Argon2Passwords) -> None:
    secrets = {passwords.new_totp_secret() for _ in range(100)}
    assert len(secrets) == 100
    assert all(len(base64.b32decode(secret)) == 20 for secret in secrets)


@pytest.mark.parametrize("password", ["password", "PASSWORD", "qwertyuiop", "azertyuiop", "letmein1"])
def test_the_most_common_are_known_whatever_their_case(passwords: Argon2Passwords, password: str) -> None:
    assert passwords.common(password)
    assert not passwords.common(f"{password} of mine")


async def test_many_at_once_wait_in_line(passwords: Argon2Passwords) -> None:
    kept = await passwords.hash("correct horse")
    assert AT_ONCE == 2
    assert await asyncio.gather(*(passwords.matches(kept, "correct horse") for _ in range(20))) == [True] * 20


def test_tokens_are_long_and_never_the_same(passwords: Argon2Passwords) -> None:
    tokens = {passwords.new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) == 43 for token in tokens)
