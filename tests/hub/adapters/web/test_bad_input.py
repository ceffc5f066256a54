"""Whatever is sent, the answer is a clear problem, nothing changes, and the hub goes on."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.hub.adapters.web.desk import JSON, Answer, TestDesk

BODIES: dict[str, tuple[Any, int]] = {
    "not JSON": (b"hello", 400),
    "half of it": (b'{"duration_s":', 400),
    "not UTF-8": (b'{"notes": "\xff\xfe", "duration_s": 60}', 400),
    "UTF-16": ('{"duration_s": 60}'.encode("utf-16"), 400),
    "a key twice": (b'{"duration_s": 60, "duration_s": 61}', 400),
    "NaN": (b'{"duration_s": NaN}', 400),
    "Infinity": (b'{"duration_s": -Infinity}', 400),
    "a float that is infinite": (b'{"duration_s": 1e999}', 400),
    "a lone surrogate": (b'{"duration_s": 60, "notes": "\\ud800"}', 400),
    "a lone surrogate as a name": (b'{"duration_s": 60, "\\udfff": 1}', 400),
    "deep lists": (b"[" * 30_000 + b"]" * 30_000, 400),
    "deep objects": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, 400),
    "a number of 5,000 digits": (b'{"duration_s": ' + b"9" * 5000 + b"}", 400),
    "a list": (b"[]", 422),
    "null": (b"null", 422),
    "a text": (b'"60"', 422),
    "nothing of what is needed": (b"{}", 422),
    "an unknown field": ({"duration_s": 60, "colour": "red"}, 422),
    "text for a number": ({"duration_s": "60"}, 422),
    "true for a number": ({"duration_s": True}, 422),
    "a broken number": ({"duration_s": 60.5}, 422),
    "a whole float": ({"duration_s": 60.0}, 422),
    "null for a number": ({"duration_s": None}, 422),
    "zero": ({"duration_s": 0}, 422),
    "less than zero": ({"duration_s": -60}, 422),
    "more than a day": ({"duration_s": 86_401}, 422),
    "2^63": ({"duration_s": 2**63}, 422),
    "2^64": ({"duration_s": 60, "count": 2**64}, 422),
    "a null byte": ({"duration_s": 60, "notes": "a\x00b"}, 422),
    "an escape sequence": ({"duration_s": 60, "notes": "\x1b[2J"}, 422),
    "an escape sequence of one sign": ({"duration_s": 60, "notes": "\x9b2J"}, 422),
    "a line feed in a word": ({"duration_s": 60, "category": "a\nb"}, 422),
    "a null byte in an id": ({"duration_s": 60, "post_id": "p01\x00"}, 422),
    "a line feed after an id": ({"duration_s": 60, "post_id": "p01\n"}, 422),
    "an id of another kind": ({"duration_s": 60, "user_id": "marie"}, 422),
    "long notes": ({"duration_s": 60, "notes": "x" * 1001}, 422),
    "too many": ({"duration_s": 60, "count": 201}, 422),
    "a number for text": ({"duration_s": 60, "notes": 1}, 422),
    "an unknown word": ({"duration_s": 60, "on_end": "keep"}, 422),
    "an object for a word": ({"duration_s": 60, "on_end": {}}, 422),
    "an instant without an offset": ({"duration_s": 60, "valid_until": "2026-12-01T00:00:00"}, 422),
    "a number for an instant": ({"duration_s": 60, "valid_until": 1764547200}, 422),
    "the thirtieth of February": ({"duration_s": 60, "valid_until": "2027-02-30T00:00:00Z"}, 422),
    "the year 9999": ({"duration_s": 60, "valid_from": "9999-12-31T23:59:59Z"}, 422),
    "the year 1": ({"duration_s": 60, "valid_from": "0001-01-01T00:00:00+23:59"}, 422),
}


async def refused(desk: TestDesk, answer: Answer, status: int) -> None:
    """A problem with that status, and nothing in the house has changed."""
    assert answer.status == status, answer.body
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.body["status"] == status
    assert {"type", "title", "status", "detail"} <= answer.body.keys()
    assert desk.room.sessions() == []


async def send(desk: TestDesk, data: Any, content_type: str = JSON, **headers: str) -> Answer:
    return await desk.ask("POST", "/sessions", data=data, headers={"Content-Type": content_type} | headers)


@pytest.mark.parametrize("name", BODIES)
async def test_a_bad_body(desk: TestDesk, name: str) -> None:
    said, status = BODIES[name]
    await refused(desk, await send(desk, said if isinstance(said, bytes) else json.dumps(said).encode()), status)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1", "rubbish"]
)
async def test_a_wrong_content_type(desk: TestDesk, content_type: str) -> None:
    await refused(desk, await send(desk, b'{"duration_s": 60}', content_type), 415)


async def test_a_body_of_more_than_64_kib(desk: TestDesk) -> None:
    await refused(desk, await send(desk, b" " * 65_537), 413)


async def test_a_small_body_that_unpacks_to_a_large_one(desk: TestDesk) -> None:
    packed = gzip.compress(b'{"duration_s": 60, "notes": "' + b"x" * 5_000_000 + b'"}')
    assert len(packed) < 65_536
    answer = await desk.ask(
        "POST", "/sessions", data=packed, headers={"Content-Type": JSON, "Content-Encoding": "gzip"}, compress=False
    )
    assert answer.status in (400, 413)
    assert desk.room.sessions() == []


async def test_a_body_that_does_not_come(desk: TestDesk) -> None:
    never = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield b'{"duration_s"'
        await never.wait()

    await refused(desk, await send(desk, slowly()), 408)


async def test_a_body_where_none_belongs_must_be_empty(desk: TestDesk) -> None:
    session = await desk.issue()
    refusal = await desk.post(f"/sessions/{session['id']}/end", {"force": True})
    assert (refusal.status, refusal.fields) == (422, ["force"])
    assert (await desk.get(f"/sessions/{session['id']}")).body["status"] == "pending"


async def test_every_field_that_is_wrong_is_named(desk: TestDesk) -> None:
    answer = await desk.post("/sessions", {"duration_s": 0, "count": 0, "colour": "red"})
    assert sorted(answer.fields) == ["colour", "count", "duration_s"]


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=-1",
        "page=x",
        "page=1_0",
        "page=9999999999",
        "page_size=0",
        "page_size=201",
        "page_size=%00",
        "page=1&page=2",
        "status=sleeping",
        "colour=red",
        "post=P01",
        "user=marie",
        "q=",
        "q=a%00b",
        "q=" + "x" * 65,
        "created_after=yesterday",
        "created_after=2026-11-23",
        "ordering=-",
        "ordering=--created_at",
        "ordering=id%3B%20DROP%20TABLE%20session",
    ],
)
async def test_a_bad_query(desk: TestDesk, query: str) -> None:
    await refused(desk, await desk.get(f"/sessions?{query}"), 422)


@pytest.mark.parametrize("text", ["%25", "_", "'; DROP TABLE session; --", "\\", "%F0%9F%98%80"])
async def test_a_search_is_for_text_and_nothing_else(desk: TestDesk, text: str) -> None:
    await desk.issue(notes="plain")
    answer = await desk.get(f"/sessions?q={text}")
    assert (answer.status, answer.body["total"]) == (200, 0)


async def test_a_query_where_none_belongs(desk: TestDesk) -> None:
    assert (await desk.get("/posts/p01?verbose=1")).fields == ["verbose"]


async def test_a_path_that_there_is_not(desk: TestDesk) -> None:
    await refused(desk, await desk.get("/nowhere"), 404)
    await refused(desk, await desk.get("/nowhere", role=None), 404)


@pytest.mark.parametrize("name", ["x" * 32, "x" * 7000, "%00", "%FF%FE", "%ED%A0%80", "p01%0A", "..%2f..%2fetc", "'--"])
async def test_an_id_that_cannot_be(desk: TestDesk, name: str) -> None:
    for method, path in (("GET", "/sessions/"), ("PATCH", "/sessions/"), ("GET", "/posts/")):
        answer = await desk.ask(method, path + name, {} if method == "PATCH" else None)
        await refused(desk, answer, 404)
        assert len(answer.body["detail"]) < 300


async def test_a_method_that_there_is_not(desk: TestDesk) -> None:
    answer = await desk.ask("PUT", "/sessions", {})
    await refused(desk, answer, 405)
    assert sorted(answer.headers["Allow"].split(",")) == ["GET", "HEAD", "POST"]


async def test_a_locked_database_is_told_as_passing_and_does_no_lasting_harm(desk: TestDesk, path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = await desk.post("/sessions", {"duration_s": 60})
        assert (answer.status, answer.reason, answer.headers["Retry-After"]) == (503, "unavailable", "3")
        assert (await desk.get("/sessions")).body["total"] == 0
        desk.room.clock.advance(3600)  # so long that the use of a token would be noted
        assert (await desk.get("/sessions")).status == 200
        other.execute("ROLLBACK")
    await desk.issue()


async def test_a_failure_of_our_own_is_logged_and_told_without_details(
    desk: TestDesk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.room.place.run("DROP TABLE start_order")
    await desk.room.node("p01")
    answer = await desk.post("/posts/p01/start", {"duration_s": 60})
    await refused(desk, answer, 500)
    assert "start_order" not in str(answer.body)
    assert "start_order" in caplog.text
    (entry,) = (await desk.get("/logs?action=error")).body["items"]
    assert entry["details"] == {"where": "POST /api/v1/posts/{id}/start", "kind": "OperationalError"}


async def test_a_failure_that_the_journal_cannot_take_is_still_answered(
    desk: TestDesk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.room.place.run("ALTER TABLE log_entry RENAME TO elsewhere")
    await refused(desk, await desk.post("/sessions", {"duration_s": 60}), 500)
    assert "the journal does not take that POST /api/v1/sessions failed" in caplog.text
