"""What is stored and what was last heard, rendered once for the API, the live connection and the pages."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from hub.adapters.web.shapes import (
    CodeShape,
    FindingShape,
    GuessingShape,
    LogShape,
    MaintenanceShape,
    PostShape,
    RetentionShape,
    SelfTestShape,
    SessionShape,
    SettingsShape,
    TicketShape,
    UserShape,
)
from hub.domain.guessing import Guessing
from hub.domain.lease import Lease
from hub.domain.post import SelfTest
from hub.domain.records import LogEntry
from hub.domain.session import OVER, Session
from hub.domain.throttle import locked_for_s
from hub.usecases.ports import Mint
from hub.usecases.presence import Presence
from hub.usecases.ticket import Ticket
from hub.usecases.views import HouseView, PostView, SessionView, UserView
from hub.wire.messages import PostReport
from hub.wire.terms import SessionStatus


def post_shape(view: PostView, presence: Presence, now: datetime) -> PostShape:
    """A post as it now is."""
    post, plan = view.post, view.post.maintenance
    online = presence.online(post.id, now)
    seen = presence.last(post.id)
    report = seen.report if seen is not None and online else None
    return PostShape(
        id=post.id,
        name=post.name,
        zone=post.zone,
        status=view.status(online=online),
        maintenance=MaintenanceShape(reason=plan.reason, since=plan.since, until=plan.until) if plan else None,
        ip_address=post.ip_address,
        mac_address=post.mac_address,
        client_version=post.client_version,
        last_seen_at=seen.at if seen is not None and seen.report.online else post.last_seen_at,
        session_id=view.lease.session_id if view.lease else None,
        phase=report.phase if report else None,
        remaining_s=report.remaining_s if report and report.lease_id else None,
        as_of=seen.at if seen and report else None,
        faults=list(report.faults) if report else [],
        calling_since=presence.calling_since(post.id),
        locked_for_s=locked_for_s(post.throttle, now),
        self_test=_self_test(post.self_test),
        retired=post.retired,
        notes=post.notes,
        created_at=post.created_at,
        updated_at=view.updated_at,
    )


def _self_test(test: SelfTest | None) -> SelfTestShape | None:
    if test is None:
        return None
    findings = [FindingShape(**asdict(finding)) for finding in test.findings]
    return SelfTestShape(asked_at=test.asked_at, done_at=test.done_at, findings=findings)


def session_shape(view: SessionView, presence: Presence, now: datetime, mint: Mint, *, with_code: bool) -> SessionShape:
    """A session as it now is; `with_code` for those who may see it."""
    session = view.session
    lease = view.lease if view.lease is not None and view.lease.open else None
    remaining_s, as_of = _remaining(session, lease, presence, now)
    return SessionShape(
        id=session.id,
        code=_code(session, mint) if with_code else None,
        status=session.status,
        pending_action=lease.intent if lease else None,
        post_id=view.lease.post_id if view.lease else None,
        bound_post_id=session.bound_post_id,
        user_id=session.user_id,
        user_name=view.user_name,
        category=session.category,
        initial_s=session.initial_s,
        added_s=session.added_s,
        consumed_s=session.budget_s - remaining_s if lease else session.consumed_s,
        remaining_s=remaining_s,
        as_of=as_of,
        on_end=session.on_end,
        valid_from=session.valid_from,
        valid_until=session.valid_until,
        started_at=session.started_at,
        ended_at=session.ended_at,
        end_reason=session.end_reason,
        flag=session.flag,
        operator=session.operator,
        notes=session.notes,
        created_at=session.created_at,
        updated_at=view.updated_at,
    )


def user_shape(view: UserView) -> UserShape:
    """A patron's record."""
    user = view.user
    return UserShape(
        id=user.id,
        display_name=user.display_name,
        card_number=user.card_number,
        contact=user.contact,
        category=user.category,
        notes=user.notes,
        blocked=user.blocked,
        quota_day_s=user.quota_day_s,
        quota_week_s=user.quota_week_s,
        anonymised_at=user.anonymised_at,
        created_at=user.created_at,
        updated_at=view.updated_at,
    )


def ticket_shape(ticket: Ticket) -> TicketShape:
    """All that is printed of a code."""
    session, post, house = ticket.session, ticket.post, ticket.house
    return TicketShape(
        session_id=session.id,
        code=ticket.code,
        duration_s=session.budget_s - session.consumed_s,
        valid_from=session.valid_from,
        valid_until=session.valid_until,
        post_id=session.bound_post_id,
        post_name=post.name if post else None,
        text=house.ticket_text,
        language=house.language,
        time_zone=house.time_zone,
    )


def log_shape(entry: LogEntry) -> LogShape:
    """An entry of the journal."""
    return LogShape(
        id=entry.id,
        at=entry.at,
        action=entry.action,
        session_id=entry.session_id,
        post_id=entry.post_id,
        user_id=entry.user_id,
        operator=entry.operator,
        details=dict(entry.details),
        ip_address=entry.ip_address,
    )


def settings_shape(view: HouseView, chance: Guessing) -> SettingsShape:
    """The house's settings, and how likely it is that a code is guessed under them."""
    house = view.house
    return SettingsShape(
        language=house.language,
        time_zone=house.time_zone,
        presets_s=list(house.presets_s),
        validity_s=house.validity_s,
        code=CodeShape(length=house.code.length, alphabet=house.code.alphabet),
        warn_at_s=list(house.warn_at_s),
        grace_s=house.grace_s,
        idle_text=house.idle_text,
        ticket_text=house.ticket_text,
        confirm_keys=house.confirm_keys,
        on_power_return=house.on_power_return,
        on_end=house.on_end,
        open_hours_a_week=house.open_hours_a_week,
        retention=RetentionShape(**asdict(house.retention)),
        guessing=GuessingShape(**asdict(chance), worrying=chance.worrying),
        updated_at=view.updated_at,
    )


def _code(session: Session, mint: Mint) -> str | None:
    """The code, while it can still be typed; None too when it was sealed with a key that this hub does not have."""
    if session.code_sealed is None or session.status in OVER:
        return None
    try:
        return mint.open_code(session.code_sealed)
    except ValueError:
        return None


def _remaining(session: Session, lease: Lease | None, presence: Presence, now: datetime) -> tuple[int, datetime]:
    """What is left, and when that was true: by the post's own word where it has given it."""
    left_s = max(0, session.budget_s - session.consumed_s)
    if session.status is not SessionStatus.ACTIVE or lease is None:
        return left_s, now
    seen = presence.last(lease.post_id)
    if seen is not None and seen.report.lease_id == lease.id:
        return seen.report.remaining_s + _untold_s(seen.report, lease) + session.unallocated_s, seen.at
    if lease.debited_s == 0:
        return left_s, lease.granted_at
    return max(0, left_s - lease.debited_s), now


def _untold_s(report: PostReport, lease: Lease) -> int:
    """Time added that the post did not know of when it reported."""
    return max(0, lease.total_s - report.total_s) if report.total_s and report.rev < lease.rev else 0
