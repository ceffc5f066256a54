"""Where a PostgreSQL server is and how we want to be served there, of an address as libpq writes it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from hub.adapters.db.errors import DatabaseUnusable

SCHEMES = ("postgres", "postgresql", "asyncpg")
CONNECT_WITHIN_S = 5
LOCK_WITHIN_MS = 5000
STATEMENT_WITHIN_MS = 10_000
ANSWER_WITHIN_S = 15
"""The server breaks a statement off before we give it up: this is for a server, or a network, that is gone."""
IDLE_WITHIN_MS = 30_000
CONNECTIONS = 10
MOST_CONNECTIONS = 100
_OPTIONS = ("host", "sslmode", "connections")
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_KEEPALIVE = {"tcp_keepalives_idle": "3", "tcp_keepalives_interval": "1", "tcp_keepalives_count": "3"}
"""So that the server notices within 6 s that the machine of a connection is gone, and lets go of its locks."""


def is_address(where: str | Path) -> bool:
    """Whether this names a database server, not a file."""
    return "://" in str(where)


def access(where: str) -> dict[str, Any]:
    """What `asyncpg.connect` needs to reach the server; DatabaseUnusable, with no password in its text.

    `postgres://USER:PASSWORD@HOST:PORT/NAME?sslmode=verify-full`; what is left out comes from libpq's environment and
    password file. `?host=/run/postgresql` names a socket's folder.
    """
    parts, port = _split(where)
    if parts.scheme not in SCHEMES:
        raise DatabaseUnusable("the database is a file, or an address that begins with postgres://")
    options = dict(parse_qsl(parts.query))
    for name in options:
        if name not in _OPTIONS:
            raise DatabaseUnusable(f"the database's address knows no {name!r}: it takes {', '.join(_OPTIONS)}")
    if options.get("sslmode", _SSL_MODES[0]) not in _SSL_MODES:
        raise DatabaseUnusable(f"the database's address: sslmode is one of {', '.join(_SSL_MODES)}")
    found = {
        "host": options.get("host", parts.hostname),
        "port": port,
        "user": unquote(parts.username) if parts.username else None,
        "password": unquote(parts.password) if parts.password else None,
        "database": unquote(parts.path.lstrip("/")) or None,
        "ssl": options.get("sslmode"),
    }
    return {name: value for name, value in found.items() if value is not None}


def pool(where: str, *, patient: bool = False) -> dict[str, Any]:
    """What Tortoise needs for its pool of connections; a `patient` one waits as long as a migration takes."""
    reach = access(where)
    connections = dict(parse_qsl(urlsplit(where).query)).get("connections", str(CONNECTIONS))
    if not re.fullmatch("[0-9]{1,3}", connections) or not 1 <= int(connections) <= MOST_CONNECTIONS:
        raise DatabaseUnusable(f"the database's address: connections is 1 to {MOST_CONNECTIONS}")
    limits = {
        "lock_timeout": str(LOCK_WITHIN_MS),
        "statement_timeout": str(STATEMENT_WITHIN_MS),
        "idle_in_transaction_session_timeout": str(IDLE_WITHIN_MS),
    }
    return {
        "minsize": 1,
        "maxsize": int(connections),
        "timeout": CONNECT_WITHIN_S,
        "command_timeout": None if patient else ANSWER_WITHIN_S,
        "reset": _clean,
        "server_settings": session("poste-hub") | ({} if patient else limits),
        "host": None,
        "user": None,
        "password": None,
        "database": None,
        **reach,
    }


def _split(where: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(where)
        (parts.hostname or "").encode("idna")  # as the resolver will: it breaks off over a label that none may have
        return parts, parts.port
    except ValueError:  # its own text may quote a part of the password
        raise DatabaseUnusable("the database's address has a host or a port that cannot be read") from None


async def _clean(_connection: object) -> None:
    """Nothing to tidy up after a piece of work, beyond its transaction: what we ask of a session ends with that."""


def session(name: str) -> dict[str, str]:
    """What every connection of ours asks of the server. A commit that was acknowledged is on its disk, as on SQLite."""
    return {"application_name": name, "synchronous_commit": "on", "TimeZone": "UTC", **_KEEPALIVE}
