"""Everything that a transaction loads, and how it stores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tortoise.exceptions import IntegrityError

from hub.adapters.db.engine import Database
from hub.adapters.db.models import LogEntryRow, SessionRow
from hub.adapters.db.store import TortoiseStore, TortoiseTransaction
from hub.domain.access_code import Alphabet, CodeFormat
from hub.domain.house import House
from hub.domain.records import Learning, User
from hub.domain.retention import Kind
from hub.usecases.ports import Collision, Record
from hub.wire.terms import Action, DenyReason, Intent, Language, SessionStatus
from tests.fakes.hub_clock import START, FakeClock
from tests.hub.adapters.db import records
from tests.hub.adapters.db.records import LATER, entry, furnish, lease, post, session

RECORDS: dict[str, tuple[Record, Callable[[TortoiseTransaction], object]]] = {
    "post": (records.FULL_POST, lambda tx: tx.post("full")),
    "user": (records.FULL_USER, lambda tx: tx.user("u1")),
    "session": (records.FULL_SESSION, lambda tx: tx.session("full")),
    "lease": (records.FULL_LEASE, lambda tx: tx.lease("full")),
    "answer": (records.FULL_ANSWER, lambda tx: tx.answer("r1")),
    "start_order": (records.FULL_START, lambda tx: tx.start_order("o1")),
}
"""In an order in which each may refer to those before it."""


async def test_every_record_comes_back_as_it_was_added(store: TortoiseStore) -> None:
    await furnish(store)
    async with store.transaction() as tx:
        for record, _ in RECORDS.values():
            await tx.add(record)
    async with store.transaction() as tx:
        for record, load in RECORDS.values():
            assert await load(tx) == record  # type: ignore[misc]


async def test_nothing_is_found_where_nothing_is(store: TortoiseStore) -> None:
    async with store.transaction() as tx:
        for name, (_, load) in RECORDS.items():
            assert await load(tx) is None, name  # type: ignore[misc]
        assert await tx.session_by_code("none") is None
        assert await tx.open_lease_at("p01") is None
        assert await tx.open_lease_of("s1") is None
        assert await tx.reservation("p01", START) is None


async def test_instants_come_back_aware_and_in_utc(store: TortoiseStore) -> None:
    paris = datetime.fromisoformat("2026-07-01T12:00:00.000001+02:00")
    async with store.transaction() as tx:
        await tx.add(session("s9", at=paris))
    async with store.transaction() as tx:
        found = await tx.session("s9")
    assert found is not None
    assert found.created_at.isoformat() == "2026-07-01T10:00:00.000001+00:00"


async def test_an_instant_without_a_time_zone_is_refused(store: TortoiseStore) -> None:
    async with store.transaction() as tx:
        with pytest.raises(ValueError, match="time zone"):
            await tx.add(session("s9", at=datetime(2026, 1, 1)))  # noqa: DTZ001 - that is the mistake


async def test_save_changes_every_field_and_stamps_the_row(
    store: TortoiseStore, database: Database, clock: FakeClock
) -> None:
    await furnish(store)
    async with store.transaction() as tx:
        await tx.add(records.FULL_POST)
        await tx.add(records.FULL_USER)
        await tx.add(session("full"))
    clock.advance(60)
    async with store.transaction() as tx:
        await tx.save(records.FULL_SESSION)
    async with store.transaction() as tx:
        assert await tx.session("full") == records.FULL_SESSION
    row = await SessionRow.get(id="full")
    assert (row.created_at, row.updated_at) == (START, START + timedelta(seconds=60))


async def test_what_is_made_has_not_changed_before(store: TortoiseStore) -> None:
    moment_later = START + timedelta(microseconds=5)
    async with store.transaction() as tx:
        await tx.add(session("new", at=moment_later))
    row = await SessionRow.get(id="new")
    assert (row.created_at, row.updated_at) == (moment_later, moment_later)


async def test_save_of_what_is_not_there(store: TortoiseStore) -> None:
    async with store.transaction() as tx:
        with pytest.raises(LookupError, match="no session 'nowhere'"):
            await tx.save(session("nowhere"))


@pytest.mark.parametrize("name", RECORDS)
async def test_a_taken_id_is_a_collision(store: TortoiseStore, name: str) -> None:
    await furnish(store)
    async with store.transaction() as tx:
        for record, _ in RECORDS.values():
            await tx.add(record)
    async with store.transaction() as tx:
        with pytest.raises(Collision):
            await tx.add(RECORDS[name][0])


async def test_a_taken_code_is_a_collision(store: TortoiseStore) -> None:
    async with store.transaction() as tx:
        await tx.add(replace(session("a"), code_hash="same"))
        await tx.add(session("b"))
        await tx.add(session("c"))
        with pytest.raises(Collision):
            await tx.add(replace(session("d"), code_hash="same"))


async def test_one_open_lease_a_session(store: TortoiseStore) -> None:
    await furnish(store, lease("l1", "s1", "p01"))
    async with store.transaction() as tx:
        with pytest.raises(Collision):
            await tx.add(lease("l2", "s1", "p02"))


async def test_one_open_lease_a_post(store: TortoiseStore) -> None:
    await furnish(store, lease("l1", "s1", "p01"))
    async with store.transaction() as tx:
        with pytest.raises(Collision):
            await tx.add(lease("l2", "s2", "p01"))


async def test_closed_leases_take_no_place(store: TortoiseStore) -> None:
    await furnish(store, replace(lease("l1"), closed_at=LATER), replace(lease("l2"), closed_at=LATER), lease("l3"))
    async with store.transaction() as tx:
        at, of = await tx.open_lease_at("p01"), await tx.open_lease_of("s1")
    assert at == of == lease("l3")


async def test_a_reference_to_nothing_is_our_mistake_not_a_collision(store: TortoiseStore) -> None:
    async with store.transaction() as tx:
        with pytest.raises(Exception, match=r"(?i)foreign key"):
            await tx.add(lease("l1", "nowhere", "p01"))


async def test_session_by_code(store: TortoiseStore) -> None:
    coded = replace(session("s9"), code_hash="abc")
    async with store.transaction() as tx:
        await tx.add(coded)
    async with store.transaction() as tx:
        assert await tx.session_by_code("abc") == coded


async def test_posts_are_those_in_service_by_id(store: TortoiseStore) -> None:
    async with store.transaction() as tx:
        for one in (post("p02"), post("p01"), replace(post("p03"), retired=True)):
            await tx.add(one)
    async with store.transaction() as tx:
        assert [one.id for one in await tx.posts()] == ["p01", "p02"]


async def test_reservation_is_the_oldest_pending_one_that_is_valid_now(store: TortoiseStore) -> None:
    await furnish(store)
    bound = replace(session("x"), bound_post_id="p01")
    second = timedelta(seconds=1)
    candidates = [
        replace(bound, id="gone", created_at=START - 9 * second, valid_until=START),
        replace(bound, id="later", created_at=START - 8 * second, valid_from=START + second),
        replace(bound, id="begun", created_at=START - 7 * second, status=SessionStatus.SUSPENDED),
        replace(bound, id="elsewhere", created_at=START - 6 * second, bound_post_id="p02"),
        replace(bound, id="younger", created_at=START - second),
        replace(bound, id="oldest", created_at=START - 2 * second, valid_from=START, valid_until=START + second),
    ]
    async with store.transaction() as tx:
        for candidate in candidates:
            await tx.add(candidate)
    async with store.transaction() as tx:
        found = await tx.reservation("p01", START)
    assert found is not None
    assert found.id == "oldest"


async def test_lapsed_are_pending_and_suspended_past_their_validity_oldest_first(store: TortoiseStore) -> None:
    minute = timedelta(minutes=1)
    past = replace(session("x"), valid_until=START)
    async with store.transaction() as tx:
        await tx.add(replace(past, id="now"))
        await tx.add(replace(past, id="before", valid_until=START - minute, status=SessionStatus.SUSPENDED))
        await tx.add(replace(past, id="active", status=SessionStatus.ACTIVE))
        await tx.add(replace(past, id="over", status=SessionStatus.EXPIRED))
        await tx.add(replace(past, id="still", valid_until=START + minute))
        await tx.add(replace(past, id="ever", valid_until=None))
    async with store.transaction() as tx:
        assert [one.id for one in await tx.lapsed(START)] == ["before", "now"]


async def test_sealed_codes_of_stays_that_are_over(store: TortoiseStore) -> None:
    second = timedelta(seconds=1)
    over = replace(session("x"), status=SessionStatus.ENDED, ended_at=START, code_sealed=b"sealed")
    async with store.transaction() as tx:
        await tx.add(replace(over, id="ended"))
        await tx.add(replace(over, id="expired", status=SessionStatus.EXPIRED, ended_at=START - second))
        await tx.add(replace(over, id="recent", ended_at=START + second))
        await tx.add(replace(over, id="wiped", code_sealed=None))
        await tx.add(replace(over, id="reopened", status=SessionStatus.SUSPENDED))
    async with store.transaction() as tx:
        assert [one.id for one in await tx.sealed_over(START + second)] == ["expired", "ended"]


async def test_recalled_are_open_leases_with_an_intent(store: TortoiseStore) -> None:
    wanted = replace(lease("wanted", "s1", "p01"), intent=Intent.END)
    settled = replace(lease("settled", "s1", "p01"), intent=Intent.END, closed_at=LATER)
    await furnish(store, wanted, settled, lease("running", "s2", "p02"))
    async with store.transaction() as tx:
        assert await tx.recalled() == [wanted]


async def test_house_and_learning_have_defaults_and_are_kept(store: TortoiseStore) -> None:
    house = House(Language.EN, "UTC", (60,), 60, CodeFormat(8, Alphabet.DIGITS), (30, 10), 0, "Bonjour")
    async with store.transaction() as tx:
        assert (await tx.house(), await tx.learning()) == (House(), Learning())
        await tx.save(house)
        await tx.save(Learning(LATER))
        assert (await tx.house(), await tx.learning()) == (house, Learning(LATER))
    async with store.transaction() as tx:
        assert (await tx.house(), await tx.learning()) == (house, Learning(LATER))
        await tx.save(Learning())
    async with store.transaction() as tx:
        assert await tx.learning() == Learning()


@pytest.mark.parametrize("once", [House(), Learning()])
async def test_there_is_one_house_and_one_memory(store: TortoiseStore, once: Record) -> None:
    async with store.transaction() as tx:
        with pytest.raises(Collision):
            await tx.add(once)


async def test_the_journal_numbers_its_entries(store: TortoiseStore) -> None:
    async with store.transaction() as tx:
        first, second = await tx.log(entry()), await tx.log(records.FULL_ENTRY)
    assert second == replace(records.FULL_ENTRY, id=first.id + 1)


async def test_the_journal_is_append_only(store: TortoiseStore, database: Database) -> None:
    async with store.transaction() as tx:
        kept = await tx.log(entry())
    for change in (
        LogEntryRow.filter(id=kept.id).update(operator="somebody else"),
        LogEntryRow.filter(id=kept.id).delete(),
    ):
        with pytest.raises(Exception, match="append-only"):
            await change
    assert await LogEntryRow.filter(id=kept.id).count() == 1


async def test_the_purge_deletes_what_is_older_from_the_journal_and_leaves_it_locked(
    store: TortoiseStore, database: Database
) -> None:
    async with store.transaction() as tx:
        await tx.log(entry(at=START))
        newer = await tx.log(entry(at=LATER))
    async with store.transaction() as tx:
        assert await tx.purge(Kind.JOURNAL, LATER) == 1
    with pytest.raises(Exception, match="append-only"):
        await LogEntryRow.all().delete()
    assert [row.id for row in await LogEntryRow.all()] == [newer.id]


async def test_users_are_never_purged(store: TortoiseStore) -> None:
    async with store.transaction() as tx:
        with pytest.raises(ValueError, match="users"):
            await tx.purge(Kind.USERS, START)


async def test_what_is_removed_is_gone_and_what_is_spoken_of_stays(store: TortoiseStore) -> None:
    user = User("u1", "Ada", START)
    async with store.transaction() as tx:
        await tx.add(user)
        await tx.remove(user)
        assert await tx.user("u1") is None
        with pytest.raises(LookupError):
            await tx.remove(user)
        await tx.add(user)
        await tx.add(replace(session(), user_id="u1"))
    with pytest.raises(IntegrityError):
        async with store.transaction() as tx:
            await tx.remove(user)


async def test_refusals_and_alarms_are_counted_from_the_journal(store: TortoiseStore) -> None:
    before, since = START - timedelta(seconds=1), START
    async with store.transaction() as tx:
        await tx.log(entry(Action.CODE_REFUSED, before, reason=DenyReason.UNKNOWN_CODE))
        await tx.log(entry(Action.INCIDENT, before, kind="guessing"))
        await tx.log(entry(Action.INCIDENT, since, kind="help"))
        await tx.log(entry(Action.CODE_REFUSED, since, reason=DenyReason.USED_UP))
        await tx.log(entry(Action.CODE_REFUSED, since, reason=DenyReason.UNKNOWN_CODE))
        await tx.log(entry(Action.CODE_REFUSED, LATER, reason=DenyReason.UNKNOWN_CODE))
        assert await tx.refusals_since(since) == 2
        assert not await tx.alarm_since(since)
        assert await tx.alarm_since(before)
