"""Tortoise's PostgreSQL engine, whose server may go away at any moment and come back.

Tortoise's own loses a connection of the pool for good when a transaction cannot begin, and tells a lost server in a
dozen ways; here there is one, DatabaseAway, and DatabaseBusy for a lock that we did not get.

The module's name must contain "asyncpg": Tortoise's migrations know the dialect by it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import NestedTransactionContext, TransactionalDBClient, TransactionContextPooled
from tortoise.connection import get_connections
from tortoise.exceptions import DBConnectionError, OperationalError

from hub.adapters.db.errors import DatabaseAway, DatabaseBusy, DatabaseFull, DatabaseUnusable
from hub.usecases.ports import Unavailable

# It would print a traceback at each attempt to reach a server that is away; DatabaseAway says so in one line.
logging.getLogger("asyncpg").setLevel(logging.ERROR)
_BUSY = (
    asyncpg.LockNotAvailableError,  # lock_timeout
    asyncpg.QueryCanceledError,  # statement_timeout, or somebody's pg_cancel_backend
    asyncpg.TransactionRollbackError,  # a deadlock with another program
    asyncpg.TooManyConnectionsError,
)
_FULL = (asyncpg.DiskFullError,)
_AWAY = (
    OSError,  # with TimeoutError
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # it is shutting down, or starting
    asyncpg.ReadOnlySQLTransactionError,  # it is a copy now, and another server the one to write to
    asyncpg.InsufficientResourcesError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InternalClientError,  # a connection that was cut between two words
)
_UNUSABLE = (
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InsufficientPrivilegeError,
    DBConnectionError,  # Tortoise's word for a database that there is not; it is an OSError, too
)


@contextmanager
def told(who: str = "the database") -> Iterator[None]:
    """Tell what the driver raises by the hub's own errors, where it is about the server and not about us."""
    try:
        yield
    except OperationalError as error:  # Tortoise's word for what is wrong with a statement, which may be whose it is
        if not isinstance(error.__cause__, asyncpg.InsufficientPrivilegeError):
            raise
        raise DatabaseUnusable(f"the database refuses us: {error}: this account has to own what is in it") from error
    except _UNUSABLE as error:
        raise DatabaseUnusable(f"the database refuses us: {error.__cause__ or error}") from error
    except _BUSY as error:
        raise DatabaseBusy(f"the database is busy: {error}") from error
    except _FULL as error:
        raise DatabaseFull("the disk of the database is full") from error
    except _AWAY as error:
        raise DatabaseAway(f"{who} does not answer: {error or type(error).__name__}") from error
    except asyncpg.InterfaceError as error:
        if "clos" not in str(error):  # anything but a closed connection is our mistake
            raise
        raise DatabaseAway(f"{who} does not answer: {error}") from error


class _Transaction(TransactionWrapper):
    async def _translate_exceptions(self, func: Any, *args: Any, **kwargs: Any) -> Any:
        with told():
            return await super()._translate_exceptions(func, *args, **kwargs)

    def _in_transaction(self) -> NestedTransactionContext:
        return NestedTransactionContext(_Transaction(self))


class _TransactionContext(TransactionContextPooled):
    client: _Transaction

    async def __aenter__(self) -> TransactionalDBClient:
        with told():
            await self.ensure_connection()
            pool = self.client._parent._pool  # noqa: SLF001 - as Tortoise's own context does
            assert pool is not None
            self.client._connection = await pool.acquire()  # noqa: SLF001
            try:
                await self.client.begin()
            except BaseException:
                await pool.release(self.client._connection)  # noqa: SLF001
                raise
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                with told():
                    await self.client.commit()
            else:
                # Where the rollback fails with its connection, what made it necessary is the thing to tell.
                with suppress(Unavailable), told():
                    await self.client.rollback()
        finally:
            get_connections().reset(self.token)
            pool = self.client._parent._pool  # noqa: SLF001
            # The pool throws a connection away that it cannot make clean; its work is done or undone all the same.
            with suppress(Unavailable), told():
                await pool.release(self.client._connection)  # type: ignore[union-attr]  # noqa: SLF001


class ServerPostgres(AsyncpgDBClient):
    """A pool of connections to a PostgreSQL server."""

    async def create_connection(self, with_db: bool) -> None:
        """Connect; DatabaseAway when nobody answers, DatabaseUnusable when we are refused."""
        with told(f"the database at {self.host}:{self.port}" if self.host else "the database"):
            await super().create_connection(with_db)

    async def _translate_exceptions(self, func: Any, *args: Any, **kwargs: Any) -> Any:
        with told():
            return await super()._translate_exceptions(func, *args, **kwargs)

    def _in_transaction(self) -> _TransactionContext:
        return _TransactionContext(_Transaction(self), self._pool_init_lock)

    async def _close(self) -> None:
        with suppress(OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError):  # gone is closed, too
            await super()._close()


def get_client_class(_info: dict[str, Any]) -> type[AsyncpgDBClient]:
    """What Tortoise asks of an engine module."""
    return ServerPostgres
