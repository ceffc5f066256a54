"""The audit journal, as JSON or CSV."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from hub.adapters.web.csv_export import send_csv, wants_csv
from hub.adapters.web.declare import Call, endpoint
from hub.adapters.web.fields import Instant, Paged, PostId, SessionId, UserId, Word
from hub.adapters.web.problems import invalid
from hub.adapters.web.shapes import Listed, LogShape
from hub.adapters.web.views import log_shape
from hub.domain.accounts import Role
from hub.usecases.views import MAX_PAGE_SIZE, LogFilter, Paging
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
        return await send_csv(call.request, "journal", LogShape, _all(call, wanted))
    try:
        page = await call.web.queries.logs(wanted, Paging(query.page, query.page_size, query.ordering))
    except ValueError as error:
        raise invalid(("ordering", str(error))) from error
    items = [log_shape(entry) for entry in page.items]
    return Listed[LogShape](items=items, total=page.total, page=page.page, page_size=page.page_size)


async def _all(call: Call, wanted: LogFilter) -> AsyncIterator[LogShape]:
    """Every entry, oldest first: what is logged meanwhile comes at the end and moves no page."""
    number = 1
    while True:
        page = await call.web.queries.logs(wanted, Paging(number, MAX_PAGE_SIZE, "at"))
        for entry in page.items:
            yield log_shape(entry)
        if number * MAX_PAGE_SIZE >= page.total:
            return
        number += 1


ENDPOINTS = (list_logs,)
