"""`python -m tests.bench.furnish`: make a house for a hub to be measured in; the order is read, the keys are printed.

A process of its own: Tortoise keeps what it knows of a table once for all dialects, and a bench has both.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from hub.domain.accounts import Role, TokenKind
from hub.main import workshop
from hub.main.broker import Credentials
from hub.main.workshop import Workshop
from hub.settings import Settings
from hub.usecases.accounts.operators import add_operator
from hub.usecases.accounts.sign_in import token_hash
from hub.usecases.issue import MAX_BATCH, IssueOrder, issue
from hub.usecases.posts import add_post
from hub.usecases.work import By
from tests.bench.databases import Statement, bare
from tests.bench.processes import say
from tests.bench.records import load_past

BY = By("bench")
DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted: `posts` with one code each, and `past` stays. `database` as the hub's setting."""

    data: str
    database: str
    posts: int
    past: int = 0


@dataclass(frozen=True, slots=True)
class Keys:
    """An admin's token and password, the password of every post, and a code of a day for each, by post."""

    token: str
    username: str
    password: str
    post_password: str
    codes: dict[str, str]


async def furnish(order: Order) -> Keys:
    """Make the house."""
    settings = Settings(data=Path(order.data), database=order.database)
    credentials = Credentials.fresh("bench")
    async with workshop(settings) as house:
        token, password = await _admin(house)
        line = credentials.line()
        names = [f"p{number:04}" for number in range(1, order.posts + 1)]
        for name in names:
            await add_post(house.room, name, f"Post {name}", "Hall", line, BY)
        codes: list[str] = []
        while len(codes) < len(names):
            batch = IssueOrder(DAY_S, count=min(MAX_BATCH, len(names) - len(codes)))
            codes += [issued.code for issued in await issue(house.room, batch, BY)]
    if order.past:
        await _past(order, names)
    return Keys(token, "admin", password, credentials.password, dict(zip(names, codes, strict=True)))


async def _admin(house: Workshop) -> tuple[str, str]:
    token, password = secrets.token_urlsafe(32), secrets.token_urlsafe(12)
    operator = await add_operator(house.desk, "admin", Role.ADMIN, password, BY)
    await house.accounts.add_token(operator.id, token_hash(token), TokenKind.API, name="bench")
    return token, password


async def _past(order: Order, posts: list[str]) -> None:
    async with bare(order.database, Path(order.data)) as driver:
        await load_past(driver, order.past, posts)
        if order.database:
            await driver.commit([Statement("ANALYZE")])  # as PostgreSQL does by itself, a minute later


if __name__ == "__main__":
    say(json.dumps(asdict(asyncio.run(furnish(Order(**json.load(sys.stdin)))))))
