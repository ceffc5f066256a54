"""What the lists show: filters, order, pages, and how few statements they take."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.adapters.db.engine import Database
from hub.adapters.db.queries import TortoiseQueries
from hub.adapters.db.store import TortoiseStore
from hub.domain.post import Maintenance
from hub.domain.records import User
from hub.domain.session import Session
from hub.usecases.ports import Record
from hub.usecases.views import LogFilter, Paging, PostFilter, Queries, SessionFilter, SessionSums, UserFilter
from hub.wire.terms import Action, SessionStatus
from tests.fakes.hub_clock import START
from tests.hub.adapters.db.records import LATER, entry, lease, post, session

HOUR = timedelta(hours=1)
ADA = User("ada", "Ada Lovelace", START)
SESSIONS = [
    replace(session("aa-1", START), notes="asked for 100% help", operator="marie"),
    replace(session("bb-2", START + HOUR), status=SessionStatus.ACTIVE, user_id="ada"),
    replace(session("cc-3", START + 2 * HOUR), status=SessionStatus.SUSPENDED, operator="paul"),
    replace(session("dd-4", START + 3 * HOUR), bound_post_id="p02", valid_until=START + 9 * HOUR),
    replace(session("ee-5", START + 4 * HOUR), status=SessionStatus.ENDED, operator="marie"),
]
LEASES = [
    replace(lease("old", "bb-2", "p02"), closed_at=LATER),
    replace(lease("now", "bb-2", "p01"), granted_at=LATER),
    replace(lease("done", "ee-5", "p01"), closed_at=LATER),
]


@pytest.fixture
async def queries(store: TortoiseStore, database: Database) -> Queries:
    async with store.transaction() as tx:
        for one in (
            post("p02"),
            replace(post("p01"), zone="Hall", name="By the window"),
            replace(post("p03"), retired=True),
        ):
            await tx.add(one)
        records: tuple[Record, ...] = (ADA, *SESSIONS, *LEASES)
        for record in records:
            await tx.add(record)
    return TortoiseQueries(database)


async def ids(queries: Queries, wanted: SessionFilter) -> list[str]:
    page = await queries.sessions(wanted, Paging(ordering="created_at"))
    assert page.total == len(page.items)
    return [view.session.id for view in page.items]


async def test_posts_with_their_leases_and_reservations(queries: Queries) -> None:
    first, second = await queries.posts(START)
    assert (first.post.id, first.lease, first.reserved) == ("p01", LEASES[1], False)
    assert (second.post.id, second.lease, second.reserved) == ("p02", None, True)
    assert first.updated_at == START


async def test_a_reservation_ends_with_its_validity(queries: Queries) -> None:
    view = await queries.post(START + 9 * HOUR, "p02")
    assert view is not None
    assert not view.reserved


async def test_posts_filtered(queries: Queries) -> None:
    async def found(wanted: PostFilter) -> list[str]:
        return [view.post.id for view in await queries.posts(START, wanted)]

    assert await found(PostFilter(zone="Hall")) == ["p01"]
    assert await found(PostFilter(zone="")) == ["p02"]
    assert await found(PostFilter(q="WINDOW")) == ["p01"]
    assert await found(PostFilter(q="p0")) == ["p01", "p02"]
    assert await found(PostFilter(retired=True)) == ["p03"]


async def test_facts_are_those_of_the_views(queries: Queries, store: TortoiseStore) -> None:
    async with store.transaction() as tx:
        await tx.add(replace(post("p04"), maintenance=Maintenance("grant", 600, START)))
    for now in (START, START + 9 * HOUR):
        views = await queries.posts(now)
        facts = await queries.post_facts(now)
        assert [one.post_id for one in facts] == [view.post.id for view in views] == ["p01", "p02", "p04"]
        assert [one.status(online=True) for one in facts] == [view.status(online=True) for view in views]
    assert [(one.maintenance, one.occupied) for one in await queries.post_facts(START)] == [
        (False, True),
        (False, False),
        (True, False),
    ]


async def test_secrets_of_posts_that_are_in_use_and_have_one(queries: Queries, store: TortoiseStore) -> None:
    async with store.transaction() as tx:
        await tx.add(replace(post("p04"), secret=""))
        await tx.add(replace(post("p05"), secret="$7$five"))
    told = dict(await queries.post_secrets())
    assert told["p05"] == "$7$five"
    assert not {"p03", "p04"} & told.keys()


async def test_posts_and_sessions_by_name(queries: Queries) -> None:
    assert [view.post.id for view in await queries.posts(START, PostFilter(ids=("p02", "p03", "p09")))] == ["p02"]
    found = await queries.sessions_named(["cc-3", "aa-1", "zz-9"])
    assert {view.session.id for view in found} == {"aa-1", "cc-3"}


async def test_one_post(queries: Queries) -> None:
    retired = await queries.post(START, "p03")
    assert retired is not None
    assert retired.post.retired
    assert await queries.post(START, "p99") is None


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (SessionFilter(), ["aa-1", "bb-2", "cc-3", "dd-4", "ee-5"]),
        (SessionFilter(status=SessionStatus.PENDING), ["aa-1", "dd-4"]),
        (SessionFilter(post="p01"), ["bb-2", "ee-5"]),
        (SessionFilter(post="p02"), ["bb-2", "dd-4"]),
        (SessionFilter(user="ada"), ["bb-2"]),
        (SessionFilter(operator="marie"), ["aa-1", "ee-5"]),
        (SessionFilter(created_after=START + HOUR, created_before=START + 3 * HOUR), ["bb-2", "cc-3"]),
        (SessionFilter(q="HELP"), ["aa-1"]),
        (SessionFilter(q="100%"), ["aa-1"]),
        (SessionFilter(q="%"), ["aa-1"]),
        (SessionFilter(q="lovelace"), ["bb-2"]),
        (SessionFilter(q="CC-"), ["cc-3"]),
        (SessionFilter(q="c-3"), []),
        (SessionFilter(status=SessionStatus.ENDED, operator="marie", post="p01"), ["ee-5"]),
    ],
)
async def test_sessions_filtered(queries: Queries, wanted: SessionFilter, expected: list[str]) -> None:
    assert await ids(queries, wanted) == expected


@pytest.mark.parametrize("q", ["élodie", "ÉLODIE", "Œuvrard", "œUVRARD"])
async def test_letters_with_accents_are_found_whatever_their_case(
    queries: Queries, store: TortoiseStore, q: str
) -> None:
    async with store.transaction() as tx:
        await tx.add(User("elodie", "Élodie Œuvrard", START, notes="à 9 h"))
        await tx.add(replace(session("ff-6"), user_id="elodie", code_hash="six", notes="Dictée d'Élodie Œuvrard"))
    assert await ids(queries, SessionFilter(q=q)) == ["ff-6"]
    assert [view.user.id for view in (await queries.users(UserFilter(q=q))).items] == ["elodie"]


async def test_a_session_shows_its_last_lease_and_its_patron(queries: Queries) -> None:
    view = await queries.session("bb-2")
    assert view is not None
    assert (view.session, view.lease, view.user_name) == (SESSIONS[1], LEASES[1], "Ada Lovelace")
    over = await queries.session("ee-5")
    assert over is not None
    assert (over.lease, over.user_name) == (LEASES[2], None)
    assert await queries.session("nowhere") is None


async def test_sessions_newest_first_unless_said(queries: Queries) -> None:
    page = await queries.sessions()
    assert [view.session.id for view in page.items] == ["ee-5", "dd-4", "cc-3", "bb-2", "aa-1"]
    page = await queries.sessions(paging=Paging(ordering="-status"))
    assert page.items[0].session.status is SessionStatus.SUSPENDED


async def test_pages_cut_the_list_without_overlap(store: TortoiseStore, queries: Queries) -> None:
    """Even where all have the same place in the order."""
    async with store.transaction() as tx:
        for number in range(20):
            await tx.add(Session(f"same-{number:02}", START, 60, notes="alike"))
    seen: list[str] = []
    for number in range(1, 4):
        page = await queries.sessions(SessionFilter(q="alike"), Paging(number, 7, "created_at"))
        assert (page.total, page.page, page.page_size) == (20, number, 7)
        seen += [view.session.id for view in page.items]
    assert seen == [f"same-{number:02}" for number in range(20)]
    beyond = await queries.sessions(SessionFilter(q="alike"), Paging(4, 7))
    assert (beyond.items, beyond.total) == ([], 20)


@pytest.mark.parametrize(
    ("paging", "complaint"),
    [
        (Paging(ordering="code_hash"), "created_at, updated_at"),
        (Paging(ordering="--status"), "ordering must be one of"),
        (Paging(page=0), "page must be"),
        (Paging(page=2**63), "page must be"),
        (Paging(page_size=0), "page_size must be 1 to 200"),
        (Paging(page_size=201), "page_size must be 1 to 200"),
    ],
)
async def test_a_page_that_is_none(queries: Queries, paging: Paging, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        await queries.sessions(paging=paging)


async def test_counts(queries: Queries) -> None:
    counts = await queries.session_counts()
    assert counts == {SessionStatus.PENDING: 2, SessionStatus.ACTIVE: 1, SessionStatus.SUSPENDED: 1}


async def test_counts_name_what_there_is_none_of(database: Database) -> None:
    assert set((await TortoiseQueries(database).session_counts()).values()) == {0}


async def test_the_journal_filtered_and_ordered(store: TortoiseStore, database: Database) -> None:
    queries = TortoiseQueries(database)
    entries = [
        replace(entry(at=START), session_id="s1", operator="marie"),
        replace(entry(Action.TIME_ADDED, START + HOUR), session_id="s1", post_id="p01", user_id="ada"),
        replace(entry(Action.SESSION_ENDED, START + HOUR), session_id="s2", post_id="p01"),
    ]
    async with store.transaction() as tx:
        entries = [await tx.log(one) for one in entries]
    first, second, third = entries
    cases = [
        (LogFilter(), [third, second, first]),
        (LogFilter(action=Action.TIME_ADDED), [second]),
        (LogFilter(session="s1"), [second, first]),
        (LogFilter(post="p01"), [third, second]),
        (LogFilter(user="ada"), [second]),
        (LogFilter(operator="marie"), [first]),
        (LogFilter(after=START + HOUR), [third, second]),
        (LogFilter(before=START + HOUR), [first]),
    ]
    for wanted, expected in cases:
        assert (await queries.logs(wanted)).items == expected, wanted
    assert (await queries.logs(paging=Paging(ordering="at"))).items == entries
    assert (await queries.logs(paging=Paging(2, 1))).items == [second]
    with pytest.raises(ValueError, match="ordering"):
        await queries.logs(paging=Paging(ordering="action"))


async def test_the_journal_since_an_entry(store: TortoiseStore, database: Database) -> None:
    async with store.transaction() as tx:
        entries = [await tx.log(entry(number=number)) for number in range(5)]
    queries = TortoiseQueries(database)
    assert await queries.logs_after(entries[1].id) == entries[2:]
    assert await queries.logs_after(entries[1].id, limit=2) == entries[2:4]
    assert await queries.logs_after(entries[4].id) == []


async def test_the_newest_entry(store: TortoiseStore, database: Database) -> None:
    queries = TortoiseQueries(database)
    before = await queries.newest_entry()
    async with store.transaction() as tx:
        entries = [await tx.log(entry(number=number)) for number in range(2)]
    assert before < await queries.newest_entry() == entries[1].id
    assert await queries.newest_entry(entries[0].action) == entries[1].id
    assert await queries.newest_entry(Action.BACKUP) == 0


async def test_live_sessions_are_those_that_are_not_over_oldest_first(queries: Queries) -> None:
    live = (SessionStatus.PENDING, SessionStatus.ACTIVE, SessionStatus.SUSPENDED)
    found = [view for status in live for view in (await queries.sessions(SessionFilter(status=status))).items]
    assert await queries.live_sessions() == sorted(found, key=lambda view: (view.session.created_at, view.session.id))
    assert {view.session.status for view in found} == set(live)


async def test_a_list_costs_the_same_however_long(
    store: TortoiseStore, queries: Queries, caplog: pytest.LogCaptureFixture
) -> None:
    async def statements() -> int:
        caplog.clear()
        with caplog.at_level("DEBUG", logger="tortoise.db_client"):
            await queries.sessions(paging=Paging(page_size=200))
            await queries.posts(START)
        return sum("SELECT" in record.getMessage() for record in caplog.records)

    few = await statements()
    async with store.transaction() as tx:
        for number in range(50):
            await tx.add(replace(session(f"more-{number}"), user_id="ada"))
            await tx.add(post(f"q{number}"))
            await tx.add(lease(f"more-{number}", f"more-{number}", f"q{number}"))
    assert await statements() == few <= 8


async def test_sums_are_over_the_whole_list_whatever_narrows_it(queries: Queries, store: TortoiseStore) -> None:
    async with store.transaction() as tx:
        await tx.save(replace(SESSIONS[0], initial_s=600, added_s=60, consumed_s=30))
        await tx.save(replace(SESSIONS[1], initial_s=1200, added_s=-100, consumed_s=50))
    every = await queries.session_sums()
    rest_s = sum(one.budget_s for one in SESSIONS[2:])
    assert every == SessionSums(600 + 60 + 1200 - 100 + rest_s, 80 + sum(one.consumed_s for one in SESSIONS[2:]))
    assert await queries.session_sums(SessionFilter(q="a")) == SessionSums(660 + 1100, 80)
    assert await queries.session_sums(SessionFilter(post="p01", q="lovelace")) == SessionSums(1100, 50)
    assert await queries.session_sums(SessionFilter(operator="nobody")) == SessionSums(0, 0)


async def test_the_sum_of_what_was_used_has_what_running_stays_have_used_so_far(
    queries: Queries, store: TortoiseStore
) -> None:
    before = await queries.session_sums()
    async with store.transaction() as tx:
        await tx.add(replace(session("runs"), status=SessionStatus.ACTIVE, allocated_s=600, consumed_s=70))
        await tx.add(post("q1"))
        await tx.add(replace(lease("runs", "runs", "q1"), total_s=600, debited_s=45))
    assert (await queries.session_sums()).used_s == before.used_s + 70 + 45
    assert (await queries.session_sums(SessionFilter(operator="nobody"))).used_s == 0


async def test_users_by_their_ids(queries: Queries) -> None:
    assert [view.user.display_name for view in await queries.users_named(["ada", "nobody"])] == ["Ada Lovelace"]
