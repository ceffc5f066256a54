"""Reading ahead: what a post's message is about, in one statement, whatever the use case will ask for one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient

from hub.adapters.db import mapping
from hub.adapters.db.mapping import SINGLE_ROW, Kept
from hub.adapters.db.sql import VALID, places, plain_rows
from hub.wire.terms import SessionStatus

OPEN_AT = "post_id = ? AND closed_at IS NULL"
OPEN_OF_EITHER = "closed_at IS NULL AND (session_id = ? OR post_id = ?)"
BY_CODE = "code_hash = ?"
BOUND = f"bound_post_id = ? AND status = ? AND {VALID} ORDER BY created_at, id LIMIT 1"

Row = dict[str, Any]
Answers = dict[tuple[Kept[Any], str, tuple[object, ...]], list[Row]]
"""Rows by the question that they answer: the kind of record, the condition, and its values."""

_HERE = "LEFT JOIN lease AS here ON here.post_id = post.id AND here.closed_at IS NULL"


class _Joined:
    """Rows of several tables as one row of a statement; `also`: one more column."""

    def __init__(self, joins: str, also: str = "NULL", **kinds: Kept[Any]) -> None:
        self._parts: list[tuple[str, list[str], slice]] = []
        columns = [f"{also} AS also"]
        for name, kept in kinds.items():
            own = list(dict.fromkeys([kept.key, *kept.names]))
            self._parts.append((name, own, slice(len(columns), len(columns) + len(own))))
            columns += [f"{name}.{column}" for column in own]
        self._sql = f"SELECT {', '.join(columns)} FROM post {joins} WHERE post.id IN "  # noqa: S608 - our names

    async def read(
        self, client: BaseDBAsyncClient, values: Sequence[object], *post_ids: str
    ) -> tuple[dict[str, list[Row]], Any]:
        """By the names of their tables there, one row or none for each post; and what is `also` there.

        `values`: those of the joins.
        """
        found: dict[str, list[Row]] = {name: [] for name, _, _ in self._parts}
        also = None
        for row in await plain_rows(client, self._sql + places(post_ids), *values, *post_ids):
            also = row[0]
            for name, columns, part in self._parts:
                if row[part.start] is not None:
                    found[name].append(dict(zip(columns, row[part], strict=True)))
        return found, also


_STATUS = _Joined(_HERE, post=mapping.POSTS, here=mapping.LEASES)
_SETTLEMENT = _Joined(
    "LEFT JOIN lease ON lease.id = ? LEFT JOIN session ON session.id = lease.session_id",
    post=mapping.POSTS,
    lease=mapping.LEASES,
    session=mapping.SESSIONS,
)
_REQUEST = _Joined(
    f"""{_HERE}
    LEFT JOIN request AS answer ON answer.req_id = ?
    LEFT JOIN session AS coded ON coded.code_hash = ?
    LEFT JOIN lease AS there ON there.session_id = coded.id AND there.closed_at IS NULL
    LEFT JOIN hub_state AS memory ON memory.id = {SINGLE_ROW}""",
    f"(SELECT id FROM session WHERE {BOUND.replace('?', 'post.id', 1)})",  # noqa: S608 - our names
    post=mapping.POSTS,
    here=mapping.LEASES,
    answer=mapping.ANSWERS,
    coded=mapping.SESSIONS,
    there=mapping.LEASES,
    memory=mapping.LEARNING,
)


async def for_statuses(client: BaseDBAsyncClient, post_ids: Sequence[str]) -> Answers:
    """The posts and their open leases."""
    found, _ = await _STATUS.read(client, (), *_filled(post_ids))
    posts = {post["id"]: post for post in found["post"]}
    leases = {lease["post_id"]: lease for lease in found["here"]}
    known: Answers = {}
    for post_id in post_ids:
        known[mapping.POSTS, "id = ?", (post_id,)] = [posts[post_id]] if post_id in posts else []
        known[mapping.LEASES, OPEN_AT, (post_id,)] = [leases[post_id]] if post_id in leases else []
    return known


def _filled(post_ids: Sequence[str]) -> list[str]:
    """With the last one again, up to a power of two: a few statements, whose plans are kept, do for any number."""
    many = 1 << (len(post_ids) - 1).bit_length()
    return [*post_ids, *[post_ids[-1]] * (many - len(post_ids))]


async def for_settlement(client: BaseDBAsyncClient, post_id: str, lease_id: str) -> Answers:
    """The post, the lease and its session."""
    found, _ = await _SETTLEMENT.read(client, (lease_id,), post_id)
    known: Answers = {
        (mapping.LEASES, "id = ?", (lease_id,)): found["lease"],
        **{(mapping.SESSIONS, "id = ?", (session["id"],)): [session] for session in found["session"]},
    }
    return _with_post(post_id, found, known)


async def for_request(
    client: BaseDBAsyncClient, post_id: str, now: datetime, req_id: str, code_hash: str | None
) -> Answers:
    """The post, the request's answer, the code's session, open leases of both, and that it is reserved for no other."""
    values = (SessionStatus.PENDING, now, now, req_id, code_hash)
    found, reserved_for = await _REQUEST.read(client, values, post_id)
    leases = list({lease["id"]: lease for lease in found["there"] + found["here"]}.values())
    known: Answers = {
        (mapping.LEARNING, "id = ?", (SINGLE_ROW,)): found["memory"],
        (mapping.ANSWERS, "req_id = ?", (req_id,)): found["answer"],
        (mapping.SESSIONS, BY_CODE, (code_hash,)): found["coded"],
        **{(mapping.LEASES, OPEN_OF_EITHER, (session["id"], post_id)): leases for session in found["coded"]},
    }
    reservation = [session for session in found["coded"] if session["id"] == reserved_for]
    if reserved_for is None or reservation:  # else somebody else's, which is asked for when it matters
        known[mapping.SESSIONS, BOUND, (post_id, SessionStatus.PENDING, now, now)] = reservation
    return _with_post(post_id, found, known)


def _with_post(post_id: str, found: dict[str, list[Row]], known: Answers) -> Answers:
    """Where there is no such post, that is all that is known."""
    of_post: Answers = {(mapping.POSTS, "id = ?", (post_id,)): found["post"]}
    return of_post | known if found["post"] else of_post
