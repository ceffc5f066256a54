"""What the web side is given, and the keys under which a request finds it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from aiohttp import web

from hub.adapters.feed import LocalFeed
from hub.domain.job import Job
from hub.domain.post import Access
from hub.usecases.accounts.ports import Accounts, Desk, Passwords, SecondFactors
from hub.usecases.accounts.throttle import SignInCounts
from hub.usecases.views import Queries
from hub.usecases.work import Room

Probe = Callable[[], Awaitable[str | None]]
"""Looks at one dependency: None when it is well, else one line that says what is wrong."""

Measured = Callable[[str, str, int, float], None]
"""Is told of each request: its method, the template of its route, the status of the answer, and seconds."""
Figures = Callable[[], Awaitable[tuple[bytes, str]]]
"""All figures as text for a scraper, and the type of that text."""


class GiveAccess(Protocol):
    """Makes a password for a post's node and says where that finds the broker."""

    def __call__(self, post_id: str, *, host: str | None, else_host: str) -> Access:
        """`host`: as the asker says; `else_host`: by which they reached the hub."""


class NodeFiles(Protocol):
    """Writes what a post's node starts from."""

    def __call__(self, access: Access, *, profile: str) -> Mapping[str, str | None]:
        """The texts by the names of their files, `node.toml` first, for hardware of a profile.

        None for a file that the node needs beside it and the hub does not have, such as an authority of the system's.
        """


class Results(Protocol):
    """What requests with an idempotency key have made."""

    async def result_of(self, key: str, operator_id: int, route: str, since: datetime) -> str | None:
        """What an earlier request with this key made, at `since` or later."""

    async def keep_result(self, key: str, operator_id: int, route: str, result_id: str) -> None:
        """Remember what a request made; Collision when the key was used before."""

    async def forget_results(self, before: datetime) -> int:
        """Drop the keys that are older; how many."""


class DeskAccounts(Accounts, Results, Protocol):
    """Accounts and idempotency keys, kept."""


@dataclass(frozen=True, slots=True)
class WebSettings:
    """How the hub is reached. `hosts`: names beside localhost and plain addresses that a Host header may carry."""

    hosts: frozenset[str] = frozenset()
    tls: bool = False
    """Whether browsers reach the hub by https, of its own or of a proxy that stands before it."""
    proxies: frozenset[str] = frozenset()
    """Addresses of proxies whose word (X-Forwarded-For) for where a request came from is taken; nobody else's is."""
    origins: frozenset[str] = frozenset()
    """Other sites, as https://kiosk.example, whose pages may use the API with a token, and never with our cookie."""
    live_check_s: float = 15
    """How often a quiet live connection asks whether its token is still good; before it tells anything it asks too."""
    live_send_s: float = 10
    """How long a listener may take to take one frame, before it is dropped."""
    body_timeout_s: float = 10
    """How long a request may take to say what it wants."""
    probe_timeout_s: float = 3
    """How long a dependency may take to say how it is."""


@dataclass(frozen=True, slots=True)
class Web:
    """All that the web side works with."""

    room: Room
    queries: Queries
    accounts: DeskAccounts
    factors: SecondFactors
    sign_in_counts: SignInCounts
    passwords: Passwords
    feed: LocalFeed
    version: str
    access: GiveAccess
    node_files: NodeFiles
    probes: Mapping[str, Probe] = field(default_factory=dict)
    settings: WebSettings = WebSettings()
    jobs: Callable[[], Sequence[Job]] = tuple
    measured: Measured = lambda *_: None
    figures: Figures | None = None


WEB: web.AppKey[Web] = web.AppKey("web", Web)
DESK: web.AppKey[Desk] = web.AppKey("desk", Desk)


def web_of(request: web.Request) -> Web:
    """What this request's application was given."""
    return request.config_dict[WEB]


def desk_of(request: web.Request) -> Desk:
    """What the account use cases need."""
    return request.config_dict[DESK]
