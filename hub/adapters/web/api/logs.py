"""The audit journal, as JSON or CSV."""

from __future__ import annotations

from typing import Any

from hub.adapters.web.csv_export import send_csv, wants_csv
from hub.adapters.web.declare import Call, endpoint
from hub.adapters.web.fields import Instant, Paged, PostId, SessionId, UserId, Word
from hub.adapters.web.lists import every, listed
from hub.adapters.web.shapes import Listed, LogShape
from hub.adapters.web.views import log_shape
from hub.domain.accounts import Role
from hub.usecases.views import LogFilter
from hub.wire.terms import Action


class LogQuery(Paged):
    """Which entries: `after` is included, `before` is not."""

    action: Action | None = None
    session: SessionId | None = None
    post: PostId | None = None
    user: UserId | None = None
    operator: Word | None = None
    after: Instant | None = None
    before: Instant | None = None


@endpoint("GET", "/logs", Role.VIEWER, Listed[LogShape], csv=True, summary="The audit journal")
async def list_logs(call: Call, query: LogQuery) -> Any:
    wanted = LogFilter(
        action=query.action,
        session=query.session,
        post=query.post,
        user=query.user,
        operator=query.operator,
        after=query.after,
        before=query.before,
    )
    if wants_csv(call.request):
        return await export_logs(call, wanted)
    return await listed(query, lambda paging: call.web.queries.logs(wanted, paging), log_shape)


async def export_logs(call: Call, wanted: LogFilter) -> Any:
    """All of them as a file."""
    rows = every(lambda last: call.web.queries.entries_after(last, wanted), log_shape)
    return await send_csv(call.request, "journal", LogShape, rows)


ENDPOINTS = (list_logs,)
