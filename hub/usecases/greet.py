"""Greet: a node tells all it knows; the hub learns from it and answers with the state the post should have."""

from __future__ import annotations

from dataclasses import replace

from hub.domain.lease import Lease, shown
from hub.domain.session import Session
from hub.usecases.settlement import Fact, adopt_total, force, take
from hub.usecases.sync import send_sync
from hub.usecases.work import Room, Work, working
from hub.wire.codec import Nonsense
from hub.wire.messages import Hello, ToldLease
from hub.wire.terms import Action, LeaseState, SessionStatus


async def greet(room: Room, post_id: str, hello: Hello) -> None:
    """Answer a hello with sync."""
    held = [told for told in hello.leases if told.state is LeaseState.OPEN]
    if len(held) > 1:
        raise Nonsense("leases: more than one is open")
    async with working(room) as work:
        post = await work.speaker(post_id)
        known = {told.lease_id for told in hello.leases}
        await _release_lost_card(work, post_id, hello, known)
        settled = [await _closed(work, post_id, told, hello) for told in hello.leases if told not in held]
        revoked = [told.lease_id for told in held if not await _held(work, post_id, told, hello)]
        post = replace(
            post,
            state_epoch=hello.state_epoch,
            boot_id=hello.boot_id,
            client_version=hello.version,
            ip_address=hello.ip,
            mac_address=hello.mac,
            last_seen_at=work.now,
            greeted_at=work.now,
        )
        await work.save(post)
        await send_sync(work, post, held=known, revoked=revoked, settled=settled)


async def _release_lost_card(work: Work, post_id: str, hello: Hello, known: set[str]) -> None:
    """A card that never had the lease cannot settle it (R8)."""
    lease = await work.tx.open_lease_at(post_id)
    if lease is not None and lease.state_epoch != hello.state_epoch and lease.id not in known:
        await work.log(Action.INCIDENT, session_id=lease.session_id, post_id=post_id, kind="new_card", lease=lease.id)
        await force(work, lease, "new_card")


async def _closed(work: Work, post_id: str, told: ToldLease, hello: Hello) -> str:
    if told.reason is None:
        raise Nonsense("leases: closed without a reason")
    fact = Fact(told.lease_id, told.rev, told.total_s, told.debited_s, told.reason, hello.state_epoch)
    await take(work, post_id, fact)
    return told.lease_id


async def _held(work: Work, post_id: str, told: ToldLease, hello: Hello) -> bool:
    """Take note of a lease that the node holds; False when it must let go of it."""
    lease = await work.tx.lease(told.lease_id)
    if lease is None:
        await _adopt(work, post_id, told, hello)
        return True
    if lease.post_id != post_id or not lease.open:
        return False
    if told.total_s > lease.total_s:
        await adopt_total(work, lease, told.total_s)
    after = shown(lease, told.rev, told.total_s, told.debited_s)
    if after != lease:
        await work.save(after)
    return True


async def _adopt(work: Work, post_id: str, told: ToldLease, hello: Hello) -> None:
    """A lease that we do not remember granting: it becomes a flagged stay, in the place of what we believed (R26)."""
    believed = await work.tx.open_lease_at(post_id)
    if believed is not None:
        await force(work, believed, "node_holds_another")
    session = Session(
        id=work.room.mint.new_id(),
        created_at=work.now,
        initial_s=told.total_s,
        status=SessionStatus.ACTIVE,
        allocated_s=told.total_s,
        started_at=work.now,
        flag="unknown_lease",
    )
    await work.add(session)
    lease = Lease(told.lease_id, session.id, post_id, work.now, told.total_s, None, hello.state_epoch)
    await work.add(shown(lease, told.rev, told.total_s, told.debited_s))
    await work.log(Action.INCIDENT, session_id=session.id, post_id=post_id, kind="unknown_lease", lease=told.lease_id)
