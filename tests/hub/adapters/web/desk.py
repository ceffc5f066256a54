"""A desk for tests: the real application on a real database, with an account of every role."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Any

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from hub.adapters.db.accounts import Accounts
from hub.adapters.db.engine import Database
from hub.adapters.db.queries import TortoiseQueries
from hub.adapters.db.second_factors import SecondFactors
from hub.adapters.db.sign_in_counts import StoredSignInCounts
from hub.adapters.db.store import TortoiseStore
from hub.adapters.feed import LocalFeed
from hub.adapters.passwords import Argon2Passwords
from hub.adapters.web.app import ENDPOINTS, make_api
from hub.adapters.web.context import DESK, Web, WebSettings
from hub.adapters.web.openapi import document
from hub.domain.accounts import Operator, Role, TokenKind
from hub.domain.post import Access
from hub.main.node_file import node_files
from hub.settings import Settings
from hub.usecases.accounts.ports import Desk
from hub.usecases.accounts.sign_in import token_hash
from hub.wire.messages import Lease
from tests.fakes.hub_clock import FakeClock
from tests.support.databases import Place
from tests.support.room import Node, TestRoom, only

NAMES = {Role.ADMIN: "ada", Role.OPERATOR: "marie", Role.VIEWER: "vera", Role.DISPLAY: "wall"}
JSON = "application/json"
PASSWORD = "correct horse"
OF_ANY_REQUEST = {421, 500}
"""Another hub's name, and our own failures: the document's `default`."""


@dataclass
class Answer:
    """What came back."""

    status: int
    body: Any
    headers: Any

    @property
    def reason(self) -> Any:
        return self.body["reason"]

    @property
    def fields(self) -> list[str]:
        """The fields that a problem names."""
        return [error["field"] for error in self.body["errors"]]


@dataclass
class TestDesk:
    """The application, its room, and a client that speaks for any role."""

    __test__ = False

    room: TestRoom
    context: Web
    client: TestClient[Any, Any]
    operators: dict[Role, Operator]
    tokens: dict[Role, str] = field(repr=False)

    @property
    def accounts(self) -> Desk:
        """What the account use cases of this application work with."""
        app = self.client.app
        assert isinstance(app, web.Application)
        return app[DESK]

    async def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        role: Role | None = Role.OPERATOR,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> Answer:
        """One request under /api/v1, as a role or as nobody."""
        sent = dict(headers or {})
        if role is not None:
            sent.setdefault("Authorization", f"Bearer {self.tokens[role]}")
        if body is not None:
            more["json"] = body
        async with self.client.request(method, f"/api/v1{path}", headers=sent, **more) as response:
            assert response.status in documented(method, path), f"{method} {path}: {response.status} is not documented"
            return await answer(response)

    async def get(self, path: str, **more: Any) -> Answer:
        return await self.ask("GET", path, **more)

    async def post(self, path: str, body: Any = None, **more: Any) -> Answer:
        return await self.ask("POST", path, body, **more)

    async def issue(self, **wish: Any) -> dict[str, Any]:
        """A new session."""
        made = await self.post("/sessions", {"duration_s": 3600} | wish)
        assert made.status == 201, made.body
        session: dict[str, Any] = made.body
        return session

    async def running(self, node: Node, **wish: Any) -> tuple[dict[str, Any], Lease]:
        """A stay that runs at a post: as the API shows it, and its lease."""
        session = await self.issue(**wish)
        lease = await node.gets(session["code"])
        await node.reports(lease)
        return (await self.get(f"/sessions/{session['id']}")).body, lease


async def answer(response: ClientResponse) -> Answer:
    is_json = response.content_type in (JSON, "application/problem+json")
    body = await response.json(content_type=None) if is_json else await response.text()
    return Answer(response.status, body, response.headers)


def documented(method: str, path: str) -> Container[int]:
    """The statuses that the API's document tells for a route, and those of any request; any status for what is none."""
    path = f"/api/v1{path.partition('?')[0]}"
    for (its_method, its_path), statuses in _statuses().items():
        if its_method == method and its_path.fullmatch(path):
            return statuses
    return range(600)


@cache
def _statuses() -> dict[tuple[str, re.Pattern[str]], set[int]]:
    return {
        (method.upper(), re.compile(re.sub(r"\{\w+\}", "[^/]+", path))): {
            *OF_ANY_REQUEST,
            *(int(status) for status in operation["responses"] if status != "default"),
        }
        for path, operations in document(ENDPOINTS, "0.1.0")["paths"].items()
        for method, operation in operations.items()
    }


def give_access(post_id: str, *, host: str | None, else_host: str) -> Access:
    """Credentials that tests know."""
    return Access(host or else_host, 8883, post_id, f"password of {post_id}", "$7$fresh", ca=None)


async def open_desk(database: Database, room: TestRoom, clock: FakeClock, settings: WebSettings) -> TestDesk:
    feed, accounts = LocalFeed(), Accounts(database, clock)
    room.room = replace(room.room, feed=feed)
    passwords = Argon2Passwords(memory_kib=8, rounds=1)
    context = Web(
        room=room.room,
        queries=TortoiseQueries(database),
        accounts=accounts,
        factors=SecondFactors(database, clock),
        sign_in_counts=StoredSignInCounts(database, clock),
        passwords=passwords,
        feed=feed,
        version="0.1.0",
        access=give_access,
        node_files=partial(node_files, Settings()),
        settings=settings,
    )
    operators, tokens = {}, {}
    for role, name in NAMES.items():
        operators[role] = await accounts.add_operator(name, role, await passwords.hash(PASSWORD))
        tokens[role] = passwords.new_token()
        await accounts.add_token(operators[role].id, token_hash(tokens[role]), TokenKind.API)
    client = TestClient(TestServer(make_api(context)))
    await client.start_server()
    return TestDesk(room, context, client, operators, tokens)


def make_room(place: Place, database: Database, clock: FakeClock) -> TestRoom:
    return TestRoom(place, TortoiseStore(database, clock), clock)


__all__ = ["JSON", "NAMES", "PASSWORD", "Answer", "TestDesk", "answer", "give_access", "make_room", "only", "open_desk"]
