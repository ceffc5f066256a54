"""The count of tries on disk: one at a time, and never too much of it."""

from __future__ import annotations

import asyncio

import pytest

from hub.adapters.db.engine import Database
from hub.adapters.db.models import SignInCountRow
from hub.adapters.db.sign_in_counts import StoredSignInCounts
from hub.usecases.accounts.throttle import FORGET_S, KNOWN_S, LONGEST_LOCKOUT_S, Counts, SignInCount
from tests.fakes.hub_clock import START, FakeClock

MOST = 5


@pytest.fixture
def counts(database: Database, clock: FakeClock) -> StoredSignInCounts:
    return StoredSignInCounts(database, clock, most_kept=MOST)


async def keep(counts: StoredSignInCounts, **kept: SignInCount) -> None:
    told = {key.replace("_", ":", 1): count for key, count in kept.items()}
    await counts.change(list(told), lambda _: told)


async def keys(database: Database) -> set[str]:
    return {row.key for row in await SignInCountRow.all().using_db(database.client)}


async def test_what_is_kept_comes_back_whole(counts: StoredSignInCounts) -> None:
    count = SignInCount(3, 2, START, START)
    await keep(counts, name_a=count)
    found: list[Counts] = []

    def look(kept: Counts) -> Counts:
        found.append(kept)
        return {}

    await counts.change(["name:a", "name:b"], look)
    assert found == [{"name:a": count}]


async def test_counts_made_at_once_are_all_counted(counts: StoredSignInCounts) -> None:
    seen: list[int] = []

    def one_more(kept: Counts) -> Counts:
        tries = kept.get("name:a", SignInCount()).tries + 1
        seen.append(tries)
        return {"name:a": SignInCount(tries)}

    await asyncio.gather(*(counts.change(["name:a"], one_more) for _ in range(10)))
    assert seen == list(range(1, 11))


async def test_what_no_longer_matters_is_forgotten(
    database: Database, counts: StoredSignInCounts, clock: FakeClock
) -> None:
    await keep(counts, name_a=SignInCount(1), known_a=SignInCount())
    clock.advance(FORGET_S + LONGEST_LOCKOUT_S + 1)
    await keep(counts, name_b=SignInCount(1))
    assert await keys(database) == {"known:a", "name:b"}
    clock.advance(KNOWN_S)
    await keep(counts, name_c=SignInCount(1))
    assert await keys(database) == {"name:c"}


async def test_a_flood_of_names_does_not_fill_the_disk_nor_forget_a_desk(
    database: Database, counts: StoredSignInCounts, clock: FakeClock
) -> None:
    await keep(counts, known_a=SignInCount())
    for number in range(2 * MOST):
        clock.advance(1)
        await keep(counts, **{f"name_{number}": SignInCount(1)})
    assert await keys(database) == {"known:a", *(f"name:{number}" for number in range(MOST, 2 * MOST))}
