"""A PostgreSQL of the tests' own: a throw-away cluster on loopback, ended with the process that started it.

Needs Debian's package `postgresql` (its programs only: the cluster that it makes on port 5432 is not touched).
`initdb` refuses to run as root; as root, the account `postgres` of that package is used.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg

PROGRAMS = Path("/usr/lib/postgresql")
ACCOUNT = "postgres"
START_WITHIN_S = 30
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "log_min_messages": "warning",
}
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""Where a test is about rules and not about what survives a crash of the server."""


class PostgresMissing(Exception):
    """There is no PostgreSQL to start; the text says what to install."""


class Cluster:
    """One server in `folder`, stopped until `start`. `durable`: an acknowledged commit is on the disk."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self.folder, self.durable = folder, durable
        self.port = _free_port()
        self._password = secrets.token_hex(8)
        self._process: subprocess.Popen[bytes] | None = None
        self._names = count(1)
        self._reader = _Reader()

    def url(self, database: str = ACCOUNT) -> str:
        """Where a database is, as `poste-hub --database` and asyncpg take it."""
        return f"postgres://{ACCOUNT}:{self._password}@127.0.0.1:{self.port}/{database}"

    @property
    def pid(self) -> int:
        """The server's process; its backends are children of it."""
        assert self._process is not None
        return self._process.pid

    def make(self) -> None:
        """Create the cluster's files."""
        os.chmod(self.folder, 0o755)  # noqa: PTH101 - whose folder it is changes with who runs us
        secret = self.folder / "password"
        secret.write_text(self._password)
        data = self.folder / "data"
        data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            for path in (secret, data):
                shutil.chown(path, ACCOUNT, ACCOUNT)
        secret.chmod(0o600)
        words = (
            "-D",
            str(data),
            "-U",
            ACCOUNT,
            "-A",
            "password",
            f"--pwfile={secret}",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        )
        done = subprocess.run(
            [*_as_account(), program("initdb"), *words, "--no-sync"],
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"initdb failed: {done.stderr}")
        secret.unlink()

    def start(self) -> None:
        """Start, and return when it takes connections."""
        deadline = time.monotonic() + START_WITHIN_S
        while not self._reader.wait(self._launch()):
            # After a kill -9 the old backends take a moment to notice; until then there is no second server.
            if time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()[-2000:]}")

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """End it, with INT (in order, connections are cut) or QUIT (as in a crash)."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(START_WITHIN_S)
            self._process = None

    def kill(self) -> None:
        """kill -9 of the server; its backends notice and end, too."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(START_WITHIN_S)
            self._process = None

    def close(self) -> None:
        """End it whatever state it is in, and let go of connections."""
        self._reader.close()
        self.stop(signal.SIGQUIT)

    def database(self, template: str | None = None) -> str:
        """The URL of a new database: empty, or a copy of another that nobody is connected to."""
        name = f"test_{next(self._names)}"
        copied = f" TEMPLATE {_name(template)}" if template is not None else ""
        self.run(self.url(), f"CREATE DATABASE {name}{copied}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Drop a database, whoever is connected."""
        self._reader.leave(url)
        self.run(self.url(), f"DROP DATABASE {_name(url)} WITH (FORCE)")

    def run(self, url: str, statement: str, *values: object) -> list[asyncpg.Record]:
        """One statement, in a connection that is kept for the next; may be called from a running event loop."""
        return self._reader.rows(url, statement, values)

    def load(self, url: str, script: str) -> None:
        """Many statements, such as a dump."""
        self._reader.script(url, script)

    def leave(self, url: str) -> None:
        """Close the connection that `run` keeps: before a database is copied, or its server ends."""
        self._reader.leave(url)

    def _spawn(self) -> subprocess.Popen[bytes]:
        settings = {**_SETTINGS, "port": str(self.port), **({} if self.durable else _FAST)}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [*_as_account("QUIT"), program("postgres"), "-D", str(self.folder / "data"), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
            )

    async def _launch(self) -> bool:
        """Whether a new server takes connections; False when it has ended instead."""
        self._process = process = self._spawn()
        async with asyncio.timeout(START_WITHIN_S):
            while process.poll() is None:
                try:
                    connection = await asyncpg.connect(self.url())
                except (OSError, asyncpg.PostgresError):
                    await asyncio.sleep(0.02)
                else:
                    await connection.close()
                    return True
        return False


class _Reader:
    """asyncpg on a thread of its own, for callers that cannot await."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._connections: dict[str, Any] = {}

    def wait(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(START_WITHIN_S)

    def rows(self, url: str, statement: str, values: tuple[object, ...]) -> list[asyncpg.Record]:
        async def ask() -> Any:
            return await (await self._connection(url)).fetch(statement, *values)

        found: list[asyncpg.Record] = self.wait(ask())
        return found

    def script(self, url: str, statements: str) -> None:
        async def say() -> None:
            await (await self._connection(url)).execute(statements)

        self.wait(say())

    async def _connection(self, url: str) -> Any:
        connection = self._connections.get(url)
        if connection is None or connection.is_closed():
            connection = self._connections[url] = await asyncpg.connect(url)
        return connection

    def leave(self, url: str) -> None:
        connection = self._connections.pop(url, None)
        if connection is not None:
            self.wait(connection.close())

    def close(self) -> None:
        for url in list(self._connections):
            self.leave(url)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """A running cluster; nothing is left of it after the block."""
    # Not below pytest's folders, which the server's account may not enter.
    folder = Path(tempfile.mkdtemp(prefix="poste-postgres-"))
    try:
        made = Cluster(folder, durable=durable)
        try:
            made.make()
            made.start()
            yield made
        finally:
            made.close()
    finally:
        shutil.rmtree(folder)


def program(name: str) -> str:
    """The newest version's program of that name; PostgresMissing where there is none."""
    versions = [path for path in PROGRAMS.glob(f"*/bin/{name}") if path.parts[-3].isdigit()]
    if versions:
        return str(max(versions, key=lambda path: int(path.parts[-3])))
    found = shutil.which(name)
    if found is None:
        raise PostgresMissing(
            f"no {name}: install PostgreSQL (Debian: apt-get install postgresql), or run `make need-test`"
        )
    return found


def _as_account(death: str | None = None) -> list[str]:
    """What a command is run under: not root, and ended by that signal when we die."""
    words = ["setpriv"]
    if death is not None:
        words += ["--pdeathsig", death]
    if os.geteuid() == 0:
        words += ["--reuid", ACCOUNT, "--regid", ACCOUNT, "--clear-groups"]
    return words if len(words) > 1 else []


def _name(database: str) -> str:
    """A database's name, of its URL or as it is."""
    return database.rpartition("/")[2]


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
