"""The Mosquitto that the hub runs itself: two listeners, its accounts, and never a stray one left behind."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import resource
import shutil
import signal
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from hub.adapters.mqtt import leftover
from hub.adapters.mqtt.accounts import Account
from hub.adapters.mqtt.files import HUB, POSTS, BrokerFiles
from hub.adapters.mqtt.ports import Address, BrokerError, accepts, is_loopback, pick, reachable

__all__ = ["Address", "BrokerError", "ManagedBroker"]

logger = logging.getLogger(__name__)

READY_WITHIN_S = 10.0
STOP_WITHIN_S = 5.0
MAX_FILES = 65_536
SBIN = ("/usr/sbin", "/usr/local/sbin")
_CHOOSE = {
    POSTS: "choose another with --mqtt-listen",
    HUB: "the hub and monitors use it, the one after the posts': choose another with --mqtt-listen",
}


class ManagedBroker:
    """One Mosquitto in `folder`, stopped until `start`; a started one lives no longer than this process.

    `posts_listen` is for posts (monitors may use it too, but only one connection an account: there the account's
    name is the client id); `hub_listen` is for the hub and for any number of monitors' connections. Port 0 means
    any free one, kept over restarts. Beyond loopback, and for posts where `posts_tls` asks for it, a listener
    speaks TLS, with a certificate signed by `folder`/ca.pem, which is made at the first start.
    """

    def __init__(
        self, folder: Path, *, posts_listen: Address, hub_listen: Address = ("127.0.0.1", 0), posts_tls: bool = False
    ) -> None:
        self._files = BrokerFiles(folder)
        self._asked = {POSTS: posts_listen, HUB: hub_listen}
        self._tls = frozenset(name for name, (host, _) in self._asked.items() if not is_loopback(host))
        if posts_tls:
            self._tls |= {POSTS}
        self._addresses: dict[str, Address] = {}
        self._accounts: tuple[Account, ...] = ()
        self._process: asyncio.subprocess.Process | None = None
        self._serving = False
        self._log_task: asyncio.Task[None] | None = None
        self._last_error = ""
        self._lock: IO[str] | None = None

    @property
    def posts_address(self) -> Address:
        """Where posts connect, as this machine reaches it; known after the first start."""
        return reachable(self._addresses[POSTS])

    @property
    def hub_address(self) -> Address:
        """Where the hub and monitors connect, as this machine reaches it; known after the first start."""
        return reachable(self._addresses[HUB])

    @property
    def posts_ca(self) -> Path | None:
        """The authority's certificate that each node needs; None where the posts' listener speaks no TLS."""
        return self._files.ca if POSTS in self._tls else None

    @property
    def hub_ca(self) -> Path | None:
        """The same for the listener of the hub and monitors."""
        return self._files.ca if HUB in self._tls else None

    @property
    def pid(self) -> int | None:
        """The broker's process id while it runs."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    def apply(self, accounts: Iterable[Account]) -> None:
        """Let these be the accounts from now on: a running broker reads them within a second.

        Connections of accounts that did not change stay; a rotated or removed account's are dropped.
        """
        self._accounts = tuple(accounts)
        if self._serving and self._process is not None and self._process.returncode is None:
            self._files.write_accounts(self._accounts)
            self._process.send_signal(signal.SIGHUP)

    async def start(self) -> None:
        """Start and return when it accepts connections; BrokerError, in one clear line, when it cannot."""
        if self.pid is not None:
            raise RuntimeError("the broker is running already")
        await self.stop()
        command = (
            find_program("setpriv"),
            "--pdeathsig",
            "TERM",
            find_program("mosquitto"),
            "-c",
            str(self._files.conf),
        )
        self._lock = await asyncio.to_thread(self._files.lock)
        try:
            await leftover.end(self._files.pid, self._files.conf, within_s=STOP_WITHIN_S)
            self._addresses = self._pick_addresses()
            accounts = self._accounts
            await asyncio.to_thread(self._files.write, self._addresses, self._tls, accounts)
            await self._launch(command)
            self._serving = True
            if self._accounts is not accounts:
                self.apply(self._accounts)  # they changed meanwhile, when a SIGHUP could still have killed it
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """End it: TERM, and KILL after 5 s. Nothing happens where none runs."""
        self._serving = False
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), STOP_WITHIN_S)
            except TimeoutError:
                logger.warning("the broker did not end within %.0f s: killing it", STOP_WITHIN_S)
                self._process.kill()
                await self._process.wait()
            await asyncio.to_thread(self._files.pid.unlink, missing_ok=True)
        if self._log_task is not None:
            await self._log_task
        self._process = self._log_task = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    async def wait(self) -> int:
        """Return its exit status when it has ended, whoever ended it; `start` brings it back on the same ports."""
        if self._process is None:
            raise RuntimeError("the broker was not started")
        return await self._process.wait()

    def _pick_addresses(self) -> dict[str, Address]:
        found: dict[str, Address] = {}
        for name, asked in self._asked.items():
            host, port = self._addresses.get(name, asked)
            taken = {port for _, port in found.values()}
            found[name] = (host, pick(host, port, advice=_CHOOSE[name], but=taken))
        return found

    async def _launch(self, command: tuple[str, ...]) -> None:
        await self._spawn(command)
        try:
            await self._ready()
        except BrokerError:
            if "database" not in self._last_error:
                raise
            # It only held what everyone publishes again: a torn file must not keep the room closed.
            aside = await asyncio.to_thread(self._files.put_store_aside)
            logger.warning("the broker's store could not be read: put aside as %s", aside)
            await self._spawn(command)
            await self._ready()

    async def _spawn(self, command: tuple[str, ...]) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,  # a Ctrl-C for the hub must not end the broker before the hub said goodbye
        )
        self._last_error = ""
        assert self._process.stderr is not None
        self._log_task = asyncio.create_task(self._log(self._process.stderr))
        await asyncio.to_thread(self._files.write_pid, self._process.pid)
        with contextlib.suppress(ProcessLookupError):  # it has ended already: _ready tells why
            hard = resource.prlimit(self._process.pid, resource.RLIMIT_NOFILE)[1]
            most = MAX_FILES if hard == resource.RLIM_INFINITY else min(hard, MAX_FILES)
            resource.prlimit(self._process.pid, resource.RLIMIT_NOFILE, (most, hard))

    async def _log(self, lines: asyncio.StreamReader) -> None:
        async for line in lines:
            text = line.decode(errors="replace").strip()
            if text.startswith(("Error", "Warning")):
                self._last_error = text if text.startswith("Error") else self._last_error
                logger.warning("mosquitto: %s", text)
            else:
                logger.debug("mosquitto: %s", text)

    async def _ready(self) -> None:
        assert self._process is not None
        assert self._log_task is not None
        deadline = asyncio.get_running_loop().time() + READY_WITHIN_S
        while not all([await accepts(reachable(address)) for address in self._addresses.values()]):
            if self._process.returncode is not None:
                await self._log_task
                raise BrokerError(f"mosquitto did not start: {self._last_error or 'it ended without a word'}")
            if asyncio.get_running_loop().time() > deadline:
                raise BrokerError(f"mosquitto does not answer within {READY_WITHIN_S:.0f} s")
            await asyncio.sleep(0.02)


def find_program(program: str) -> str:
    """The program's path; an ordinary user's PATH lacks sbin."""
    found = shutil.which(program, path=os.pathsep.join((os.environ.get("PATH", os.defpath), *SBIN)))
    if found is None:
        package = {"setpriv": "util-linux"}.get(program, program)
        raise BrokerError(f"{program} is not installed: sudo apt install {package}")
    return found
