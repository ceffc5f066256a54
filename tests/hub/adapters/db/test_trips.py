"""What a post's message is about is read at once and written at once, and is the same as asked for one by one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from hub.adapters.db.store import TortoiseStore, TortoiseTransaction
from hub.domain.records import Answer, Learning
from hub.usecases.inbox import receive
from hub.usecases.ports import Changes, Collision
from hub.wire.messages import PostReport, Redeem, Settle
from hub.wire.terms import Phase, SettleReason
from tests.fakes.hub_clock import START
from tests.hub.adapters.db.records import entry, furnish, lease, post, session
from tests.support.databases import Place
from tests.support.room import TestRoom, new_id, open_room

Ask = Callable[[TortoiseTransaction], Awaitable[object]]
ASKED: list[Ask] = [
    lambda tx: tx.answer("r1"),
    lambda tx: tx.answer("r2"),
    lambda tx: tx.learning(),
    lambda tx: tx.session_by_code("coded"),
    lambda tx: tx.session_by_code("nobody's"),
    lambda tx: tx.session("s2"),
    lambda tx: tx.lease("l1"),
    lambda tx: tx.lease("l2"),
    *(
        ask
        for post_id in ("p01", "p02", "nowhere")
        for ask in (
            lambda tx, at=post_id: tx.post(at),
            lambda tx, at=post_id: tx.open_lease_at(at),
            lambda tx, at=post_id: tx.open_leases("s1", at),
            lambda tx, at=post_id: tx.open_leases("s2", at),
            lambda tx, at=post_id: tx.reservation(at, START),
        )
    ),
]


@pytest.fixture
async def furnished(store: TortoiseStore) -> None:
    """s1 runs at p01; s2, whose code is known, did so before; p02 is bound to s3, or p01 to s2."""
    await furnish(store, lease("l1"), replace(lease("l2", "s2", "p01"), closed_at=START))
    async with store.transaction() as tx:
        await tx.save(replace(session("s2"), code_hash="coded", bound_post_id="p01"))
        await tx.add(replace(session("s3"), bound_post_id="p02"))
        await tx.add(Answer("r1", "p01", START, lease_id="l1"))
        await tx.save(Learning(START))


@pytest.mark.usefixtures("furnished")
@pytest.mark.parametrize("post_id", ["p01", "p02", "nowhere"])
@pytest.mark.parametrize(
    "about",
    [
        {},
        {"lease_id": "l1"},
        {"lease_id": "l2"},
        {"lease_id": "unknown"},
        {"req_id": "r1", "code_hash": "coded"},
        {"req_id": "r2", "code_hash": "nobody's"},
        {"req_id": "r2"},
    ],
)
async def test_what_is_read_ahead_is_what_would_be_found(
    store: TortoiseStore, post_id: str, about: dict[str, str]
) -> None:
    async with store.transaction() as tx:
        one_by_one = [await ask(tx) for ask in ASKED]
    async with store.transaction() as tx:
        await tx.read_ahead(post_id, START, **about)
        assert [await ask(tx) for ask in ASKED] == one_by_one


@pytest.mark.usefixtures("furnished")
async def test_what_was_read_ahead_is_forgotten_with_the_first_change(store: TortoiseStore) -> None:
    async with store.transaction() as tx:
        await tx.read_ahead("p01", START)
        await tx.save(replace(lease("l1"), closed_at=START))
        assert await tx.open_lease_at("p01") is None
        await tx.read_ahead("p03", START)
        await tx.add(post("p03"))
        assert await tx.post("p03") == post("p03")


@pytest.mark.usefixtures("furnished")
@pytest.mark.parametrize("post_ids", [["p01"], ["p02", "p01", "nowhere"], ["p01", "p02"]])
async def test_several_posts_are_read_ahead_as_they_would_be_found(store: TortoiseStore, post_ids: list[str]) -> None:
    async with store.transaction() as tx:
        one_by_one = [await ask(tx) for ask in ASKED]
    async with store.transaction() as tx:
        await tx.read_ahead_all(post_ids)
        assert [await ask(tx) for ask in ASKED] == one_by_one


@pytest.mark.usefixtures("furnished")
async def test_several_records_are_saved_at_once(store: TortoiseStore) -> None:
    async with store.transaction() as tx:
        leases = [lease for lease in (await tx.lease("l1"), await tx.lease("l2")) if lease is not None]
        await tx.save_all([])
        await tx.save_all([replace(lease, debited_s=7 + number) for number, lease in enumerate(leases)])
        assert await tx.open_lease_at("p01") == replace(leases[0], debited_s=7)
    async with store.transaction() as tx:
        assert [getattr(await tx.lease(lease_id), "debited_s", None) for lease_id in ("l1", "l2")] == [7, 8]
        with pytest.raises(LookupError, match="no session 's1'"):
            await tx.save_all([session("s1")])


async def test_changes_are_written_together(store: TortoiseStore) -> None:
    await furnish(store)
    begun, later = replace(session("s1"), started_at=START), START + timedelta(minutes=1)
    answer = Answer("r1", "p01", START, lease_id="l1")
    async with store.transaction() as tx:
        written = await tx.write(Changes(added=(lease("l1"), answer), saved=(begun,), entry=entry(at=later)))
    assert written == replace(entry(at=later), id=1)
    async with store.transaction() as tx:
        assert (await tx.session("s1"), await tx.lease("l1"), await tx.answer("r1")) == (begun, lease("l1"), answer)


@pytest.mark.usefixtures("furnished")
async def test_changes_of_which_one_is_refused_are_undone_with_their_piece(store: TortoiseStore, place: Place) -> None:
    taken = Changes(saved=(replace(session("s2"), notes="new"),), added=(lease("l3", "s2", "p01"),), entry=entry())
    with pytest.raises(Collision):
        async with store.transaction() as tx:
            await tx.write(taken)
    missing = Changes(saved=(replace(session("s2"), notes="new"), lease("unknown")), entry=entry())
    with pytest.raises(LookupError, match="no lease 'unknown'"):
        async with store.transaction() as tx:
            await tx.write(missing)
    assert place.rows("SELECT id FROM log_entry") == []
    assert place.rows("SELECT notes FROM session WHERE id = 's2'") == [("",)]


@pytest.mark.usefixtures("path")
async def test_a_message_asks_the_database_once(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    async with open_room(place) as room:
        node, issued = await room.node("p01"), await room.issued()
        asked = _Asked(room, caplog)
        assert await asked(Redeem(new_id(), node.epoch, code=issued.code)) == 1
        (held,) = room.rows("SELECT id FROM lease")
        report = PostReport(
            online=True, state_epoch=node.epoch, phase=Phase.RUNNING, lease_id=held[0], rev=1, debited_s=10
        )
        assert await asked(report) == 1
        assert await asked(Settle(held[0], 1, 3600, 10, node.epoch, SettleReason.PAUSED_HERE)) == 1


class _Asked:
    """How many times a message from p01 has the database read."""

    def __init__(self, room: TestRoom, caplog: pytest.LogCaptureFixture) -> None:
        self._room, self._caplog = room, caplog

    async def __call__(self, message: Redeem | PostReport | Settle) -> int:
        self._caplog.clear()
        with self._caplog.at_level("DEBUG", logger="tortoise.db_client"):
            await receive(self._room.room, "p01", message)
        told = [record.args[0] for record in self._caplog.records if isinstance(record.args, tuple) and record.args]
        return sum(str(sql).lstrip().startswith("SELECT") for sql in told)
